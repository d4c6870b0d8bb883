"""Suspension, resumption and closure, 6, and the account's own announcements."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
