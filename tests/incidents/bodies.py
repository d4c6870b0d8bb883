"""What a POST to each address of the incidents carries, so that nothing but the role is in its way."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from incidents import facts, reporting
from tests import factories

if TYPE_CHECKING:
    from tests.knocking import City, Line

INCIDENT_STEPS = "/desk/incidents/<int:pk>/act/<slug:name>/"
STEP_ACTS = "/desk/incidents/<int:pk>/steps/<int:step>/<slug:act>/"


def now() -> str:
    """This minute, as a browser's field sends it."""
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")


def _opened(city: City, line: Line) -> dict[str, Any]:
    anywhere = line.parts[0] in ("impersonation", "leak", "other")
    return {
        "account": "" if anywhere else city.things["official"].pk,
        "department": city.things["tourism"].pk, "known": "新しいこと", "discovered_at": now(),
        "severity": "minor",
    }  # fmt: skip


def _taken(city: City, line: Line) -> dict[str, Any]:
    incident = city.things[line.parts[0]]
    return {"revision": incident.revision, "note": "理由", "learnt": "学んだこと"}


def _acted(city: City, line: Line) -> dict[str, Any]:
    step = city.things[line.parts[1]]
    return {"revision": step.revision, "note": "理由", "happened_at": now(), "words": "したこと"}


def _revised(city: City, line: Line) -> dict[str, Any]:
    incident = city.things["incident"]
    found = timezone.localtime(incident.discovered_at).strftime("%Y-%m-%dT%H:%M")
    return {
        "title": "新しい件名", "known": incident.known, "severity": incident.severity,
        "account": incident.account_id, "service": incident.service, "discovered_at": found,
        "seen": facts.seal(incident),
    }  # fmt: skip


def _duty(city: City, line: Line) -> dict[str, Any]:
    begins = timezone.localtime() + datetime.timedelta(days=9)
    ends = begins + datetime.timedelta(hours=8)
    return {
        "department": city.things["tourism"].pk, "person": city.people["officer"].pk,
        "telephone": "090-0000-0000", "begins_at": begins.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": ends.strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip


def _contact(city: City, line: Line) -> dict[str, Any]:
    return {"name": "新しい連絡先", "telephone": "0536-23-1111", "order": 3, "is_active": "on"}


def _text(city: City, line: Line) -> dict[str, Any]:
    return {
        "key": "error.correction",
        "title": "新しい文例",
        "body": "{所属}です。",
        "order": 3,
        "is_active": "on",
    }


def _said(city: City, line: Line) -> dict[str, Any]:
    reply = city.things[line.parts[1]] if len(line.parts) > 1 else None
    return {
        "answers": "批判", "text": "新しい文", "revision": reply.revision if reply else "",
        "note": "理由", "posted_at": now(), "url": "https://x.com/example/status/1",
    }  # fmt: skip


def _fake(city: City, line: Line) -> dict[str, Any]:
    fake = city.things[line.parts[0]].fake
    return {
        "revision": fake.revision, "note": "理由", "outcome": "there", "title": "訂正",
        "body": "誤りでした。",
    }  # fmt: skip


def _asked(city: City, line: Line) -> dict[str, Any]:
    return {
        "asked_at": now(), "way": "form", "right": "name", "demanded": "もう一度", "revision": 1,
        "answered_at": now(), "answer": "refused", "answer_words": "断られた",
    }  # fmt: skip


def _settled(city: City, line: Line) -> dict[str, Any]:
    return {
        "revision": city.things[line.parts[0]].revision, "note": "理由", "known": "通報があった",
        "account": city.things["official"].pk, "severity": "minor",
    }  # fmt: skip


def _reported(city: City, line: Line) -> dict[str, Any]:
    with time_machine.travel(timezone.now() - datetime.timedelta(minutes=5)):
        form = reporting.new_form()
    return {"url": "https://x.com/reported_3", "why": "あやしい", "form": form}


BODIES: dict[str, Any] = {
    "/desk/incidents/new/<slug:kind>/": _opened,
    INCIDENT_STEPS: _taken,
    STEP_ACTS: _acted,
    "/desk/incidents/<int:pk>/facts/": _revised,
    "/desk/incidents/<int:pk>/kind/": lambda city, line: {
        "kind": "hijack", "note": "理由", "revision": city.things["incident"].revision,
    },
    "/desk/incidents/<int:pk>/entries/add/": lambda city, line: {
        "kind": "note", "happened_at": now(), "text": "新しいメモ",
    },
    "/desk/incidents/<int:pk>/entries/<int:entry>/correct/": lambda city, line: {"text": "訂正"},
    "/desk/incidents/<int:pk>/evidence/add/": lambda city, line: {
        "shows": "別の画面", "file": SimpleUploadedFile("a.png", factories.PNG + b""),
    },
    "/desk/incidents/<int:pk>/fake/identify/": lambda city, line: {
        "url": "https://x.com/another_fake", "revision": 0,
    },
    "/desk/incidents/<int:pk>/fake/<slug:name>/": _fake,
    "/desk/incidents/<int:pk>/takedowns/add/": _asked,
    "/desk/incidents/<int:pk>/takedowns/<int:number>/answer/": _asked,
    "/desk/reports/<int:pk>/<slug:name>/": _settled,
    "/report/": _reported,
    "/desk/incidents/<int:pk>/package/": lambda city, line: {"what": "press", "to": "新聞社"},
    "/desk/incidents/<int:pk>/replies/add/": _said,
    "/desk/incidents/<int:pk>/replies/<int:reply>/edit/": _said,
    "/desk/incidents/<int:pk>/replies/<int:reply>/<slug:name>/": _said,
    "/desk/incidents/<int:pk>/spread/": lambda city, line: {"seen_at": now(), "what": "新しい批判"},
    "/admin/incidents/incidenttext/add/": _text,
    "/admin/incidents/incidenttext/<path:object_id>/change/": _text,
    "/desk/incidents/contacts/": _duty,
    "/admin/incidents/contact/add/": _contact,
    "/admin/incidents/contact/<path:object_id>/change/": _contact,
}  # fmt: skip
