"""Suspension, resumption and closure, 6, and the account's own announcements."""

from __future__ import annotations

from shinshiro_sns.duties import Duty

DUTIES: tuple[Duty, ...] = ()
