"""Incidents, 5: the case, its steps, its log and files, whom to call; and what single kinds add."""

from incidents.models.contacts import Contact, DutyRoster
from incidents.models.errors import Correction
from incidents.models.fakes import Fake, FakeQuerySet, TakedownRequest
from incidents.models.flaming import Reply, ReplyQuerySet, Spread
from incidents.models.incident import MEANINGS, Incident, IncidentQuerySet, Severity
from incidents.models.records import Escalation, IncidentEntry, IncidentEvidence
from incidents.models.reports import FakeReport, ReportedAccount, ReportedAccountQuerySet
from incidents.models.steps import IncidentStep
from incidents.models.texts import IncidentText, IncidentTextQuerySet

__all__ = [
    "MEANINGS",
    "Contact",
    "Correction",
    "DutyRoster",
    "Escalation",
    "Fake",
    "FakeQuerySet",
    "FakeReport",
    "Incident",
    "IncidentEntry",
    "IncidentEvidence",
    "IncidentQuerySet",
    "IncidentStep",
    "IncidentText",
    "IncidentTextQuerySet",
    "Reply",
    "ReplyQuerySet",
    "ReportedAccount",
    "ReportedAccountQuerySet",
    "Severity",
    "Spread",
    "TakedownRequest",
]
