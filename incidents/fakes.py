"""Which account poses as the city, 5(2): read from its address, kept once, compared with ours.

That it is called a fake in public is `accusing`'s to decide; nothing here tells the public anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import city_names
from accounts.known_fakes import KnownFake
from accounts.likeness import Near, compare_handles, compare_names
from accounts.likeness.differences import Difference
from accounts.models import Account, HandleFate
from accounts.profiles import Profile
from incidents import clocks, log
from incidents.models import Fake, Incident
from shinshiro_sns.history import acting
from shinshiro_sns.steps import CHANGED, StepNotMet, StepOvertaken, Unmet
from staff.models import User

CLAUSE, IDENTIFY = "5(2)", "incidents.change_incident"
KIND = "impersonation"
ELSEWHERE = Unmet(
    "同じ偽のアカウントの事案が、今、ほかにも開かれました。事案の一覧を確かめてください。", CLAUSE
)


# --- Whose it is ---------------------------------------------------------------------------------


def ours(profile: Profile) -> Account | None:
    """The city's own account that `profile` names; a closed one whose handle was given up is nobody's
    any more, and somebody else may have taken it."""
    same = Account.objects.filter(identity=profile.identity)
    if profile.permanent_id:
        same |= Account.objects.filter(
            service=profile.service, service_account_id=profile.permanent_id
        )
    given_up = same.filter(status=Account.Status.CLOSED, handle_fate=HandleFate.DELETED)
    return same.exclude(pk__in=given_up.values("pk")).order_by("pk").first()


def why_ours(account: Account) -> str:
    """Why an account of the city cannot be called a fake, in a sentence that names it."""
    return (
        f"これは、市の{account.service_info.name}のアカウント「{account.title}」"
        f"({account.department}、{account.get_status_display()})のURLです。"
        "このアカウントが他人に使われているときは、種類「乗っ取り」の事案を開いてください。"
    )


def dealt_with(profile: Profile, besides: Incident | None = None) -> Fake | None:
    """The fake that `profile` names, where somebody deals with it already or it is public."""
    found = Fake.objects.open().of(profile).select_related("incident__department")
    if besides is not None:
        found = found.exclude(incident=besides)
    return found.first()


def why_dealt_with(fake: Fake, by: User) -> str:
    """That somebody deals with it already, and where; what that case says only to whom it may."""
    incident = fake.incident
    where = f"この偽のアカウントには、{incident.department}の事案"
    if not by.has_perm("incidents.view_incident", incident):
        return (
            f"{where}(番号{incident.pk})で対応しています。"
            "気づいたことは、広報主管課に知らせてください。"
        )
    return (
        f"{where}「{incident.title}」(番号{incident.pk})で対応しています。"
        "気づいたことは、その事案の経過に書くか、広報主管課に知らせてください。"
    )


# --- Which account it is -------------------------------------------------------------------------


def too_late(incident: Incident, row: Fake | None) -> list[Unmet]:
    """Why it is not to be said any more which account `incident` is about."""
    if incident.is_running and (row is None or row.is_suspected):
        return []
    sentence = "公表した後、または事案が終わった後は、偽のアカウントを変えられません。"
    return [Unmet(sentence, CLAUSE)]


@transaction.atomic
def identify(
    incident: Incident, by: User, profile: Profile, *, name: str = "", permanent_id: str = "",
    seen: int | None = None,
) -> Fake:  # fmt: skip
    """Say of which account the incident is, or put it right while nobody has been accused.

    `seen` is the revision that the person looked at, None where there was none yet. What was confirmed
    before of another address or number counts no more: see `accusing`. Raises PermissionDenied,
    StepOvertaken, and StepNotMet for an account of the city or one that another incident is about.
    """
    if permanent_id:
        profile = replace(profile, permanent_id=permanent_id)
    locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not by.has_perm(IDENTIFY, locked):
        raise PermissionDenied
    row = Fake.objects.select_for_update(of=("self",)).filter(incident=locked).first()
    if unmet := too_late(locked, row):
        raise StepOvertaken(unmet, row)
    if row is not None and _is_said(row, profile, name):
        return row
    if row is not None and seen != row.revision:
        raise StepOvertaken([CHANGED], row)
    if account := ours(profile):
        raise StepNotMet([Unmet(why_ours(account), CLAUSE, "url")], row)
    if other := dealt_with(profile, besides=locked):
        raise StepNotMet([Unmet(why_dealt_with(other, by), CLAUSE, "url")], row)
    return _kept(locked, row, by, profile, name)


def _is_said(row: Fake, profile: Profile, name: str) -> bool:
    said = (profile.identity, profile.permanent_id, name)
    return (row.identity, row.permanent_id, row.name) == said


def _kept(incident: Incident, row: Fake | None, by: User, profile: Profile, name: str) -> Fake:
    made: Any = row or Fake(incident=incident)
    if (made.identity, made.permanent_id) != (profile.identity, profile.permanent_id):
        made.identified_at, made.identified_by = timezone.now(), by
    made.service, made.handle, made.url = profile.service, profile.handle, profile.url
    made.identity, made.permanent_id, made.name = profile.identity, profile.permanent_id, name
    made.incident = incident
    if row is not None:
        made.revision += 1
    try:
        with transaction.atomic():
            acting(made, by).save()
    except IntegrityError as error:
        # Two incidents of the same fake, opened in the same moment.
        raise StepOvertaken([ELSEWHERE], row) from error
    shown = f"、表示名「{name}」" if name else ""
    log.add(
        incident, log.Kind.FACTS, f"偽のアカウントを登録した:{made}{shown}({made.url})", by,
    )  # fmt: skip
    if incident.service != made.service:
        incident.service = made.service
        incident.revision += 1
        acting(incident, by).save()
        clocks.service_changed(incident)
    return made  # type: ignore[no-any-return]


# --- How near it comes to ours -------------------------------------------------------------------


@dataclass(frozen=True)
class Closeness:
    """How near one thing of the fake comes to the same thing of ours, in sentences."""

    what: str
    theirs: str
    ours: str
    says: str
    differences: tuple[str, ...] = ()


NEAR = {
    Near.SAME: "まったく同じです。",
    Near.LOOKS_SAME: "見分けにくい文字や区切りの違いだけです。",
    Near.SAME_CORE: "同じ言葉に、付け足しや並べ替えをしたものです。",
    Near.ONE_EDIT: "1文字違いです。",
    Near.BEGINS_SO: "同じ言葉で始まります。",
    Near.TWO_EDITS: "2文字違いです。",
}
NOT_NEAR = "似ていません。"


def closeness(fake: Fake, account: Account | None) -> list[Closeness]:
    """The fake's handle and shown name beside those of the account that it imitates."""
    if account is None:
        return []
    found = []
    if fake.handle and account.handle:
        likeness = compare_handles(fake.handle, account.handle)
        found.append(_line("アカウント名", fake.called, account.display_handle, likeness))
    if fake.name and account.name:
        named = compare_names(fake.name, account.name, city_names.of_settings())
        found.append(_line("表示名", fake.name, account.name, named))
    return found


def _line(what: str, theirs: str, ours: str, likeness: Any) -> Closeness:
    says = NOT_NEAR if likeness.near is None else NEAR[likeness.near]
    apart = tuple(_difference(each) for each in likeness.differences)
    return Closeness(what, theirs, ours, says, apart)


def _difference(each: Difference) -> str:
    if not each.ours:
        return f"「{each.theirs}」が余分にあります。"
    if not each.theirs:
        return f"「{each.ours}」がありません。"
    return f"「{each.ours}」の代わりに「{each.theirs}」があります。"


# --- What the check is told ----------------------------------------------------------------------


def known() -> Iterable[KnownFake]:
    """The fakes that are public, for `accounts.known_fakes`."""
    for fake in Fake.objects.public().select_related("notice"):
        assert fake.notice is not None  # noqa: S101  (a constraint)
        yield KnownFake(
            service=fake.service, handle=fake.handle, url=fake.url, identity=fake.identity,
            page=fake.notice.get_absolute_url(),
            announced_on=timezone.localdate(fake.notice.published_at),
            permanent_id=fake.permanent_id, name=fake.name,
        )  # fmt: skip
