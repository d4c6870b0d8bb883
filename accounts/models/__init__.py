"""The register, and beside each account the ledgers of its duties."""

from accounts.models.account import Account, AccountFacts, AccountQuerySet, Category, HandleFate
from accounts.models.certification import Certification
from accounts.models.credentials import (
    Access,
    ConnectedApp,
    CredentialChange,
    Credentials,
    Device,
)
from accounts.models.evidence import Evidence
from accounts.models.handover import AccountMove, Handover
from accounts.models.intake import Intake, Origin
from accounts.models.links import LinkCheck
from accounts.models.standing import (
    Announcement,
    Attestation,
    Notice,
    NoticeWording,
    StandingChange,
)

__all__ = [
    "Access",
    "Account",
    "AccountFacts",
    "AccountMove",
    "AccountQuerySet",
    "Announcement",
    "Attestation",
    "Category",
    "Certification",
    "ConnectedApp",
    "CredentialChange",
    "Credentials",
    "Device",
    "Evidence",
    "HandleFate",
    "Handover",
    "Intake",
    "LinkCheck",
    "Notice",
    "NoticeWording",
    "Origin",
    "StandingChange",
]
