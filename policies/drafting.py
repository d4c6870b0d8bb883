"""Writing on a draft: beginning one, saving a section, and two people on one form at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Access, Account
from accounts.presence import present
from accounts.profiles import Profile
from policies.forms import SectionForm
from policies.models import OperatingPolicy, next_version
from policies.summary import LABELS, said
from shinshiro_sns.history import acting
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import Department, User

_SALT = "policies.section"
_UNSEEN = object()


def registered(
    profile: Profile, department: Department, name: str, by: User
) -> OperatingPolicy | None:
    """A new account in preparation with the first draft of its policy; None if someone else, by a
    hair's breadth, registered the same account first."""
    account = Account(
        department=department, service=profile.service, name=name, handle=profile.handle,
        url=profile.url, identity=profile.identity, service_account_id=profile.permanent_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            acting(account, by).save()
            return begun(account, by)
    except IntegrityError:
        return None


@transaction.atomic
def begun(account: Account, by: User) -> OperatingPolicy:
    """The draft of the account's next version: the one there is, or a new one that begins as a copy
    of the version in force (of the one withdrawn last where none ever was). What is in force stays
    so, and public, meanwhile. Raises StepOvertaken where the account is closed."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if locked.status == Account.Status.CLOSED:
        sentence = "廃止したアカウントの運用ポリシーは作成できません。"
        raise StepOvertaken([Unmet(sentence, "6(1)")], locked)
    existing = locked.policies.open().first()
    if existing is not None:
        return existing
    source = copied_from(locked)
    policy = OperatingPolicy(
        account=locked, version=next_version(locked), created_by=by, edited_by=by,
        edited_at=timezone.now(),
    )  # fmt: skip
    policy.take_facts_of(source or locked)
    if source is not None:
        for field in _COPIED:
            setattr(policy, field, getattr(source, field))
    acting(policy, by).save()
    policy.take_partners_of(source or locked)
    if source is not None:
        policy.users.set(source.users.all())
        policy.administrators.set(source.administrators.all())
    else:
        _propose_people(policy, locked)
    return policy


def _propose_people(policy: OperatingPolicy, account: Account) -> None:
    """Begin with whom the register named that the account was taken over from, if they are there."""
    named = present(Access.objects.filter(account=account).current(), timezone.localdate())
    for access in named.select_related("person"):
        is_user = access.kind == Access.Kind.USER
        (policy.users if is_user else policy.administrators).add(access.person)


def copied_from(account: Account) -> OperatingPolicy | None:
    """The version that the account's next one begins as a copy of; None for its first."""
    in_force: OperatingPolicy | None = account.policies.in_force().first()
    withdrawn = account.policies.filter(state=OperatingPolicy.State.WITHDRAWN)
    return in_force or withdrawn.order_by("-version").first()


_COPIED = (
    "purpose", "content", "hours", "closed_on_holidays", "closed_at_year_end", "reply",
    "reply_handling", "post_record", "post_approval", "personal_information",
)  # fmt: skip


# --- Two people on one form ------------------------------------------------------------------


def stored(policy: OperatingPolicy, fields: Any) -> dict[str, Any]:
    """What is stored in `fields`, in a form that can be carried in a page and compared."""
    return {name: _plain(policy, name) for name in fields}


def _plain(policy: OperatingPolicy, name: str) -> Any:
    if policy._meta.get_field(name).many_to_many:
        return sorted(getattr(policy, name).values_list("pk", flat=True))
    return getattr(policy, name)


def seal(policy: OperatingPolicy, form: SectionForm) -> str:
    """What the form was filled from, sealed so that it comes back as it went."""
    return signing.dumps(stored(policy, form.fields), salt=_SALT, compress=True)


def unseal(text: str) -> dict[str, Any] | None:
    """What `seal` sealed; None where it is not ours."""
    try:
        return dict(signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


@dataclass(frozen=True)
class Clash:
    """A field that someone else changed since the form was opened, and this person too."""

    label: str
    stored: str
    mine: str


def merge(
    policy: OperatingPolicy, form: SectionForm, seen: dict[str, Any] | None
) -> tuple[list[Clash], list[str]]:
    """Put together what is stored in `policy` now and what was typed into `form`.

    A field only someone else changed keeps the stored value (second result: their labels); one both
    changed, differently, is a clash. Without `seen` everything that differs is one. Where a kept
    value contradicts what was typed in another field, the kept ones are clashes too.
    """
    now = stored(policy, form.fields)
    there, here = said(policy), said(form.instance)
    clashes, kept = [], []
    for name in form.fields:
        typed: Any = form.cleaned_data.get(name)
        many = policy._meta.get_field(name).many_to_many
        mine = sorted(thing.pk for thing in typed) if many else typed
        was = (seen or {}).get(name, _UNSEEN)
        if now[name] in (mine, was):
            continue
        label = LABELS.get(name) or str(form.fields[name].label)
        said_here = "、".join(map(str, typed)) if many else here.get(name, _in_words(mine))
        clash = Clash(label, there.get(name, _in_words(now[name])), said_here)
        if mine == was:
            kept.append(clash)
            form.cleaned_data[name] = getattr(policy, name).all() if many else now[name]
            if not many:
                setattr(form.instance, name, now[name])
        else:
            clashes.append(clash)
    if form.contradicts(form.cleaned_data):
        return [*kept, *clashes], []
    return clashes, [clash.label for clash in kept]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return str(value)


def refuse_unless_editable(policy: OperatingPolicy) -> None:
    """Raises StepOvertaken where the policy has gone on since the form was opened."""
    if not policy.is_editable:
        sentence = (
            f"この運用ポリシーは「{policy.get_state_display()}」になったため、今は編集できません。"
        )
        raise StepOvertaken([Unmet(sentence)], policy)


def save(policy: OperatingPolicy, form: SectionForm, by: User) -> OperatingPolicy:
    """Save the section's fields and leave every other field of the locked row as it is.

    While the account is being prepared its own row follows, so that nobody else can register it.
    Raises IntegrityError where someone just did.
    """
    section: OperatingPolicy = form.instance
    section.edited_by, section.edited_at = by, timezone.now()
    section.revision = policy.revision + 1
    acting(section, by)
    form.save()
    account = section.account
    if account.status == Account.Status.PREPARING and section.identity:
        account.take_facts_of(section)
        acting(account, by).save()
        account.take_partners_of(section)
    return section
