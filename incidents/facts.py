"""What is known of an incident, as one learns more: put right by several people at once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from accounts.models import Account
from incidents import clocks, log, parts
from incidents.models import Incident
from shinshiro_sns import calendar
from shinshiro_sns.history import acting
from staff.models import User

FACTS = (
    "title", "known", "account", "department", "service", "discovered_at", "discovered_how",
    "severity",
)  # fmt: skip
_SALT = "incidents.facts"


@dataclass(frozen=True)
class Clash:
    """A field that someone else changed since the form was opened, and this person too."""

    label: str
    before: str
    after: str


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="minutes")
    return getattr(value, "pk", value)


def seal(incident: Incident) -> str:
    """What the form was filled from, sealed so that it comes back as it went."""
    return signing.dumps(
        {name: _plain(getattr(incident, name)) for name in FACTS}, salt=_SALT, compress=True
    )


def _unseal(text: str) -> dict[str, Any]:
    try:
        return dict(signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def said(incident: Incident, name: str, value: Any) -> str:
    """A fact in words."""
    if isinstance(value, datetime.datetime):
        return f"{calendar.local(value):%Y年%-m月%-d日 %H:%M}"
    field: Any = incident._meta.get_field(name)
    choices = field.choices
    return str(dict(choices).get(value, value) if choices else value or "なし")


@transaction.atomic
def revise(
    incident: Incident, typed: dict[str, Any], by: User, *, seen: str
) -> tuple[list[Clash], str]:
    """Write down what was typed, field by field: what only one changed is merged, what two changed
    differently is a clash, and then nothing is saved. The second result says why it cannot be.
    """
    now: Any = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    was = _unseal(seen)
    clashes, changed = [], []
    for name in FACTS:
        if name not in typed or _plain(typed[name]) == _plain(getattr(now, name)):
            continue
        if _plain(typed[name]) == was.get(name, now):
            continue
        label = str(now._meta.get_field(name).verbose_name)
        clash = Clash(label, said(now, name, getattr(now, name)), said(now, name, typed[name]))
        if name in was and was[name] == _plain(getattr(now, name)):
            changed.append((name, clash))
        else:
            clashes.append(clash)
    if clashes or not changed:
        return clashes, ""
    if refused := _refused(now, typed["discovered_at"]):
        return [], refused
    account = now.account
    for name, _ in changed:
        setattr(now, name, typed[name])
    if now.account != account:
        # In one order, and before the incident names the other one: see `opening`.
        both = Account.objects.filter(pk__in={account and account.pk, now.account_id} - {None})
        list(both.order_by("pk").select_for_update(of=("self",), no_key=True))
    now.revision += 1
    now._history_step = "revise"
    acting(now, by).save()
    names = {name for name, _ in changed}
    if "discovered_at" in names:
        clocks.discovered_anew(now)
    if "service" in names:
        clocks.service_changed(now)
    if "account" in names and now.is_running:
        parts.of_another_account(now, account, by)
    lines = [f"{clash.label}:{clash.before} → {clash.after}" for _, clash in changed]
    log.add(now, log.Kind.FACTS, "内容を直した。\n" + "\n".join(lines)[:4900], by)
    return [], ""


def _refused(incident: Incident, discovered_at: datetime.datetime) -> str:
    """Nothing can have been done before the discovery."""
    if discovered_at > incident.opened_at:
        return "気づいた日時は、事案を開いた日時より後にはできません。"
    settled = incident.steps.exclude(state="open").filter(happened_at__lt=discovered_at)
    if first := settled.order_by("happened_at").first():
        return (
            f"気づいた日時より前に、手順「{first.label}」を行ったことになります"
            f"({said(incident, 'discovered_at', first.happened_at)})。"
        )
    return ""
