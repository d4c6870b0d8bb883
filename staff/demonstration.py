"""The log-ins of a demonstration: one person per role, none of them real.

What these people have done so far stands in `policies.demonstration`. Addresses below `.example`
can never belong to anyone (RFC 2606), so nobody is written to by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

DOMAIN = "city.shinshiro.example"
# One for all, and no secret: it stands on the log-in page of every demonstration.
PASSWORD = "mihon-no-portal"  # noqa: S105


@dataclass(frozen=True)
class DemoLogin:
    """A person to try the portal as: what he is there for, and how to log in as him."""

    role: str
    email: str
    password: str


def logins() -> list[DemoLogin]:
    """The people of the demonstration who can log in, in the order of a report's way."""
    return [DemoLogin(role, f"{mailbox}@{DOMAIN}", PASSWORD) for role, mailbox in _PEOPLE]


_PEOPLE = (
    ("担当者(観光課)", "tanto"),
    ("所属の長(観光課)", "kacho"),
    ("代決者(観光課)", "hosa"),
    ("合議先の所属の長(防災対策課)", "bosai-kacho"),
    ("広報主管課(秘書人事課)", "koho"),
    ("広報主管課・2人目(秘書人事課)", "koho2"),
    ("監査", "kansa"),
    ("システム管理者", "system"),
)
