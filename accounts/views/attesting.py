"""The quarterly attestation, and accounts without a post."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
