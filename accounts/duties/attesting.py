"""The quarterly attestation, and accounts without a post."""

from __future__ import annotations

from shinshiro_sns.duties import Duty

DUTIES: tuple[Duty, ...] = ()
