"""The link back to the city's page, 3(6)."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
