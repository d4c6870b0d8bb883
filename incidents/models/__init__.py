"""Incidents, 5: the case, its steps, its log and files, whom to call; and what single kinds add."""

from incidents.models.contacts import Contact, DutyRoster
from incidents.models.errors import Correction
from incidents.models.flaming import Reply, ReplyQuerySet, Spread
from incidents.models.incident import MEANINGS, Incident, IncidentQuerySet, Severity
from incidents.models.records import Escalation, IncidentEntry, IncidentEvidence
from incidents.models.steps import IncidentStep
from incidents.models.texts import IncidentText, IncidentTextQuerySet

__all__ = [
    "MEANINGS",
    "Contact",
    "Correction",
    "DutyRoster",
    "Escalation",
    "Incident",
    "IncidentEntry",
    "IncidentEvidence",
    "IncidentQuerySet",
    "IncidentStep",
    "IncidentText",
    "IncidentTextQuerySet",
    "Reply",
    "ReplyQuerySet",
    "Severity",
    "Spread",
]
