"""Credentials, 3(7): password changes and what guards an account beside them."""

from __future__ import annotations

from shinshiro_sns.duties import Duty

DUTIES: tuple[Duty, ...] = ()
