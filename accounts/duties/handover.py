"""Handovers after a transfer of staff (人事異動)."""

from __future__ import annotations

from shinshiro_sns.duties import Duty

DUTIES: tuple[Duty, ...] = ()
