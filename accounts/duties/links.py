"""The link back to the city's page, 3(6)."""

from __future__ import annotations

from shinshiro_sns.duties import Duty

DUTIES: tuple[Duty, ...] = ()
