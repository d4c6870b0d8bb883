"""Credentials, 3(7): password changes and what guards an account beside them."""

from __future__ import annotations

from django.urls import URLPattern

urls: list[URLPattern] = []
