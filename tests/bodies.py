"""What a POST to each address of the portal carries, so that nothing but the role stands in its way."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import guarding
from accounts.certification import standing
from accounts.standing_forms import seal
from policies import drafting
from policies.forms import FORMS
from policies.reasons import REASONS
from tests import factories
from tests.incidents import bodies as incidents
from tests.postings import bodies as postings
from tests.staff.transfer_helpers import bytes_of, row

if TYPE_CHECKING:
    from tests.knocking import City, Line

POLICY_STEPS = "/desk/policies/<int:pk>/steps/<slug:name>/"
ANSWERS = "/desk/consultations/<int:pk>/steps/<slug:name>/"
STANDING_STEPS = "/desk/accounts/<int:pk>/standing/<slug:step>/"
ACTS = "/admin/policies/operatingpolicy/acts/<slug:name>/"


def _step(city: City, line: Line) -> dict[str, Any]:
    thing = city.things[line.parts[0]]
    return {"revision": thing.revision, "note": "理由", "reasons": [REASONS[0].key]}


def _standing(city: City, line: Line) -> dict[str, Any]:
    if line.parts[1] in guarding.STEPS:
        account = city.things[line.parts[0]]
        people = guarding.able_to_guard(account).values_list("pk", flat=True)
        return {"administrators": list(people), "note": "理由", "revision": account.revision}
    answers = factories.answers(line.parts[1].removesuffix("_for_head"))
    return {
        **answers,
        "credentials_settled": "on",
        "effective_on": timezone.localdate().isoformat(),
        "public_reason": "業務が終わったため",
        "revision": city.things[line.parts[0]].revision,
        "shown": seal(answers["title"], answers["body"]),
        "to": "take",
    }


def _attested(city: City, line: Line) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    row = f"account-{city.things['official'].pk}-"
    alone = {"last_post_on": day, "confirmed": "on"}
    return alone if line.parts else {row + name: value for name, value in alone.items()}


def _section(city: City, line: Line) -> dict[str, Any]:
    policy, key = city.things[line.parts[0]], line.parts[1]
    seen = drafting.seal(policy, FORMS[key](instance=policy))
    return {"purpose": "新しい目的", "content": "新しい内容", "seen": seen}


def _absence(city: City, line: Line) -> dict[str, Any]:
    day = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    return {"department": city.things["tourism"].pk, "person": city.people["head"].pk,
            "starts_on": day, "ends_on": day, "reason": "出張"}  # fmt: skip


def _act(city: City, line: Line) -> dict[str, Any]:
    policy = city.things["assigned" if line.parts == ["unassign"] else "reported"]
    return {"row": [f"{policy.pk}:{policy.revision}"], "reasons": [REASONS[0].key], "note": "理由"}


def _user(city: City, line: Line) -> dict[str, Any]:
    forms = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    return {"email": "new@city.example", "name": "新しい名前", "is_active": "on", **forms}


def _membership(city: City, line: Line) -> dict[str, Any]:
    return {"user": city.people["stranger"].pk, "department": city.things["tourism"].pk,
            "role": "officer", "valid_from": "2026-04-01"}  # fmt: skip


def _department(city: City, line: Line) -> dict[str, Any]:
    return {"code": "new", "name": "新しい課", "order": 9, "valid_from": "2026-04-01"}


def _listed_word(city: City, line: Line) -> dict[str, Any]:
    return {"word": "別の語句", "reason": "新しい例です。", "level": "hint", "is_active": "on"}


def _emergency(city: City, line: Line) -> dict[str, Any]:
    now = timezone.localtime()
    until = now + datetime.timedelta(hours=1)
    return {
        "scope": "some", "accounts": [city.things["official"].pk], "reason": "洪水のため",
        "begins_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{until:%Y-%m-%dT%H:%M}",
    }  # fmt: skip


def _shutdown(city: City, line: Line) -> dict[str, Any]:
    return {"name": "移転", "starts_on": "2027-05-10", "ends_on": "2027-05-11"}


def _password_change(city: City, line: Line) -> dict[str, Any]:
    return {"changed_on": timezone.localdate().isoformat(), "reason": "suspicion",
            "changed_by": city.people["officer"].pk, "is_hard_to_guess": "on",
            "is_kept_secret": "on"}  # fmt: skip


def _holding(city: City, line: Line) -> dict[str, Any]:
    day = timezone.localdate().isoformat()
    return {"name": "新しいもの", "kind": "tablet", "purpose": "投稿の予約", "added_on": day}


def _chosen(action: str, thing: str) -> Any:
    return lambda city, line: {"action": action, "_selected_action": [city.things[thing].pk]}


def _certification(city: City, line: Line) -> dict[str, Any]:
    account = city.things[line.parts[0]]
    return {
        "revision": standing(account).revision, "dated_on": timezone.localdate().isoformat(),
        "kind": "domain", "evidence": city.things["evidence"].pk if "official" in line.parts else "",
        "note": "理由",
    }  # fmt: skip


def _transfer(city: City, line: Line) -> dict[str, Any]:
    file = bytes_of(row(city.people["officer"], "kanko", "bosai"))
    day = timezone.localdate().isoformat()
    return {"file": SimpleUploadedFile("a.csv", file), "effective_on": day}


BODIES: dict[str, Any] = {
    "/admin/staff/transfer/add/": _transfer,
    "/admin/staff/transfer/<path:object_id>/undo/": lambda city, line: {"count": "1"},
    "/desk/handovers/<int:pk>/": lambda city, line: {"read": "on"},
    POLICY_STEPS: _step,
    ANSWERS: _step,
    STANDING_STEPS: _standing,
    "/desk/accounts/<int:pk>/standing/deletion/": lambda city, line: {
        "seen_on": timezone.localdate().isoformat(),
    },
    "/desk/accounts/<int:pk>/standing/notices/<int:notice>/correction/": lambda city, line: {
        "title": "正しい題名", "body": "正しい本文", "reason": "年の誤り", "seen": "0",
    },
    "/desk/accounts/<int:pk>/standing/notices/<int:notice>/announcement/": lambda city, line: {
        "why_not": "ログインできないため", "announced_on": timezone.localdate().isoformat(),
    },
    "/desk/accounts/<int:pk>/attestation/": _attested,
    "/desk/attestations/": _attested,
    ACTS: _act,
    "/login/": lambda city, line: {"login": city.people["officer"].email, "password": "falsch"},
    "/password/reset/": lambda city, line: {"email": city.people["officer"].email},
    "/email/": lambda city, line: {"email": "mine@elsewhere.example", "action_add": ""},
    "/desk/absences/": _absence,
    "/desk/accounts/new/": lambda city, line: {
        "department": city.things["tourism"].pk, "service": "x", "url": "@brand_new", "name": "新",
    },
    "/desk/accounts/<int:pk>/evidence/": lambda city, line: {
        "shows": "新しい画面", "file": SimpleUploadedFile("a.png", factories.PNG),
    },
    "/desk/accounts/<int:pk>/certification/<slug:name>/": _certification,
    "/desk/accounts/<int:pk>/links/": lambda city, line: {
        "checked_on": timezone.localdate().isoformat(), "outcome": "missing",
    },
    "/desk/accounts/<int:pk>/credentials/changes/add/": _password_change,
    "/desk/accounts/<int:pk>/credentials/means/": lambda city, line: {
        "two_factor": "app", "seen": 0,
    },
    "/desk/accounts/<int:pk>/credentials/devices/add/": _holding,
    "/desk/accounts/<int:pk>/credentials/apps/add/": _holding,
    "/desk/emergencies/new/": _emergency,
    "/desk/emergencies/<int:pk>/end/": lambda city, line: {"reason": "台風が過ぎたため"},
    "/admin/staff/erasure/<int:pk>/acts/<slug:act>/": lambda city, line: {"total": 1},
    "/desk/policies/<int:pk>/edit/<slug:key>/": _section,
    "/admin/policies/operatingpolicy/<int:pk>/notes/": lambda city, line: {"text": "メモ"},
    "/admin/staff/user/": _chosen("send_reset_link", "user"),
    "/admin/staff/user/add/": _user,
    "/admin/staff/user/<path:object_id>/change/": _user,
    "/admin/staff/membership/": _chosen("end_today", "membership"),
    "/admin/staff/membership/add/": _membership,
    "/admin/staff/membership/<path:object_id>/change/": _membership,
    "/admin/staff/department/": _chosen("make_pr_division", "tourism"),
    "/admin/staff/department/add/": _department,
    "/admin/staff/department/<path:object_id>/change/": _department,
    "/admin/postings/listedword/add/": _listed_word,
    "/admin/postings/listedword/<path:object_id>/change/": _listed_word,
    "/admin/shinshiro_sns/closure/add/": _shutdown,
    "/admin/shinshiro_sns/closure/<path:object_id>/change/": _shutdown,
    "/admin/shinshiro_sns/outgoingmail/": _chosen("resend", "mail"),
    **incidents.BODIES,
    **postings.BODIES,
}  # fmt: skip
