"""削除依頼書, 5(2): the letter to the operator, in Japanese and in English, ready to be sent.

Its words are a text that the PR division keeps; the facts beside them come from the records.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.services import ENGLISH_NAMES, SERVICES
from incidents import accusing, fakes, takedowns, texts
from incidents.models import Incident, TakedownRequest
from shinshiro_sns import pdf

KEYS = {"ja": "impersonation.takedown", "en": "impersonation.takedown_english"}


def written(incident: Incident, language: str) -> bytes:
    """The letter as a PDF. Raises StepNotMet where nobody has said yet which account it is about."""
    fake = accusing.of_incident(incident)
    found = texts.of_key(KEYS[language], incident)
    last = incident.takedowns.last()
    context: dict[str, Any] = {
        "incident": incident,
        "fake": fake,
        "service": SERVICES[fake.service],
        "operator": takedowns.operator_of(incident),
        "account": incident.account,
        "closeness": fakes.closeness(fake, incident.account),
        "body": texts.without_gaps(found[0].body) if found else "",
        "right": last.get_right_display() if last else "",
        "right_english": str(RIGHTS_IN_ENGLISH[TakedownRequest.Right(last.right)]) if last else "",
        "last": last,
        "evidence": incident.evidence.filter(erased_at__isnull=True),
        "public_page": _public_page(incident),
        "city_name_english": settings.CITY_NAME_ENGLISH,
        "city_url": settings.CITY_URL,
        "contact": settings.CITY_CONTACT,
        "telephone": _from_abroad(incident.department.telephone or settings.CITY_TELEPHONE),
        "service_english": ENGLISH_NAMES.get(fake.service, SERVICES[fake.service].name),
        "today": timezone.localdate(),
    }
    return pdf.made(f"print/incidents/letter_{language}.html", context)


RIGHTS_IN_ENGLISH = {
    TakedownRequest.Right.NAME: "The name and reputation of the city (impersonation)",
    TakedownRequest.Right.COPYRIGHT: "Copyright of the city (logo, photographs, texts)",
    TakedownRequest.Right.PERSON: "Rights of persons (names, portraits, personal information)",
    TakedownRequest.Right.FRAUD: "The property of citizens (attempted fraud)",
}


def _public_page(incident: Incident) -> str:
    account = incident.account
    if account is not None and account.is_public:
        return f"{settings.PORTAL_URL}{account.get_absolute_url()}"
    return f"{settings.PORTAL_URL}/"


def _from_abroad(telephone: str) -> str:
    return f"+81-{telephone[1:]}" if telephone.startswith("0") else telephone
