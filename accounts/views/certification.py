"""Certification by the operator, 3(4)."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
