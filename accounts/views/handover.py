"""Handovers after a transfer of staff (人事異動)."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
