"""What the check answers to programs, and its index, as JSON Schema for `openapi`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.services import SERVICES
from publication.checking.findings import VERDICTS
from publication.checking.register import FORMAT

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
NUMBER = {"type": "integer", "minimum": 1}
SERVICE = {"type": "string", "enum": list(SERVICES)}
STATUS = {"type": "string", "enum": ["official", "suspended", "closed"]}
VERDICT = {"type": "string", "enum": list(VERDICTS)}


def _object(needed: Mapping[str, Any], **may: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(needed), "properties": {**needed, **may}}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_ACCOUNT = {
    "id": NUMBER,
    "name": TEXT,
    "service": SERVICE,
    "handle": TEXT,
    "url": TEXT,
    "status": STATUS,
}
_FAKE = {"service": SERVICE, "handle": TEXT, "url": TEXT, "page": TEXT}

SCHEMAS: Mapping[str, dict[str, Any]] = {
    "answer": _object(
        {
            "verdict": VERDICT,
            "accounts": _list(
                _object({**_ACCOUNT, "service_name": TEXT, "overdue": {"type": "boolean"}, "page": TEXT})
            ),
            "fakes": _list(_object({**_FAKE, "name": TEXT, "announced_on": DAY})),
            "findings": _list(
                _object(
                    {
                        "text": TEXT, "verdict": VERDICT, "accounts": _list(NUMBER),
                        "said": _list(TEXT), "said_english": _list(TEXT), "codes": _list(TEXT),
                    }
                )
            ),
            "generated_at": MOMENT,
            "expires_at": MOMENT,
        }
    ),
    "index": _object(
        {
            "format": {"type": "integer", "const": FORMAT},
            "generated_at": MOMENT,
            "expires_at": MOMENT,
            "city": {"type": "object"},
            "accounts": _list(
                _object(
                    {**_ACCOUNT, "identity": TEXT},
                    permanent_id=TEXT, overdue={"type": "boolean"}, since=DAY, successor=NUMBER,
                    doubted={"type": "boolean"},
                )
            ),
            "fakes": _list(_object({**_FAKE, "identity": TEXT, "since": DAY}, name=TEXT, permanent_id=TEXT)),
        }
    ),
}  # fmt: skip
"""The schemas by name. What they do not name may be added one day."""
