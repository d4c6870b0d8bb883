"""Made-up registers of any size, written in bulk: no step is taken and no history kept for them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account, Category
from accounts.services import SERVICES
from policies.models import Consultation, GuidelineVersion, OperatingPolicy
from staff.models import Department, Membership, User

State = OperatingPolicy.State
Status = Account.Status
DEPARTMENTS = 40
# Twenty accounts in a row belong to one department, and stand like this.
MIX: tuple[State | None, ...] = (
    *[State.IN_FORCE] * 13, State.REPORTED, State.REPORTED, State.WITH_HEAD, State.RETURNED,
    State.DRAFT, State.WITHDRAWN, None,
)  # fmt: skip
SET = (State.REPORTED, State.IN_FORCE)
SUBMITTED = (State.WITH_HEAD, State.RETURNED, *SET)
SERVICE_KEYS = [key for key, service in SERVICES.items() if "{handle}" in service.profile_url]
CATEGORIES = Category.values
BATCH = 1000


@dataclass
class City:
    """Who the pages are opened as."""

    head: User
    receiver: User
    departments: list[Department]
    heads: list[User]
    officers: list[User]


def found_city() -> City:
    """Forty departments with a head and an officer each; the last one is the PR division."""
    departments, heads, officers = [], [], []
    since = datetime.date(2020, 4, 1)
    for number in range(DEPARTMENTS):
        department = Department.objects.create(
            code=f"{number:04}", name=f"第{number}課", kana=f"だい{number}か", order=number,
            is_pr_division=number == DEPARTMENTS - 1,
        )  # fmt: skip
        departments.append(department)
        for role, people in (("head", heads), ("officer", officers)):
            user = User.objects.create(
                email=f"{role}{number}@city.example", name=f"見本 {number}", kana=f"みほん {number}"
            )
            Membership.objects.create(user=user, department=department, role=role, valid_from=since)
            people.append(user)
    GuidelineVersion.objects.create(
        title="ガイドライン", text="1.目的\n見本です。", effective_from=datetime.date(2013, 4, 17)
    )
    return City(heads[0], officers[-1], departments, heads, officers)


def needed_for(public: int) -> int:
    """How many accounts to grow so that the public list names so many."""
    number = 0
    while public > 0:
        public -= MIX[number % len(MIX)] == State.IN_FORCE
        number += 1
    return number


@transaction.atomic
def grow(city: City, first: int, last: int) -> None:
    """Accounts number `first` to `last` (not included), 95 of 100 with a policy."""
    numbers = range(first, last)
    Account.objects.bulk_create((account(city, n) for n in numbers), batch_size=BATCH)
    keys = dict(Account.objects.filter(identity__gt="").values_list("identity", "pk"))
    account_of = {n: keys[_identity(n)] for n in numbers}
    with_policy = [n for n in numbers if MIX[n % 20] is not None]
    policies = OperatingPolicy.objects.bulk_create(
        (_policy(city, n, account_of[n]) for n in with_policy), batch_size=BATCH
    )
    for field, people in (("users", city.officers), ("administrators", city.heads)):
        through = getattr(OperatingPolicy, field).through
        through.objects.bulk_create(
            (
                through(operatingpolicy_id=policy.pk, user_id=people[_department(n)].pk)
                for n, policy in zip(with_policy, policies, strict=True)
            ),
            batch_size=BATCH,
        )
    shared = [(n, p) for n, p in zip(with_policy, policies, strict=True) if p.is_shared]
    for model, name in ((Account, "account"), (OperatingPolicy, "operatingpolicy")):
        through = model.partners.through
        through.objects.bulk_create(
            through(**{
                f"{name}_id": account_of[n] if model is Account else policy.pk,
                "department_id": city.departments[_partner(n)].pk,
            })
            for n, policy in shared
        )  # fmt: skip
    Consultation.objects.bulk_create(
        Consultation(policy=policy, department=city.departments[_partner(n)], round=1)
        for n, policy in shared
        if policy.state == State.WITH_HEAD
    )
    if connection.vendor == "postgresql":
        # What its autovacuum does by itself within a minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _department(number: int) -> int:
    return number // 20 % DEPARTMENTS


def _partner(number: int) -> int:
    return (_department(number) + 1) % DEPARTMENTS


def _handle(number: int) -> str:
    return f"example{number}"


def _service(number: int) -> str:
    return SERVICE_KEYS[number % len(SERVICE_KEYS)]


def _identity(number: int) -> str:
    return f"{_service(number)}:{_handle(number)}"


def _is_shared(number: int) -> bool:
    # Spread over all states: 20 and 7 have no common divisor.
    return number % 7 == 0


def _facts(number: int) -> dict[str, object]:
    shared = _is_shared(number) and MIX[number % 20] is not None
    service = SERVICES[_service(number)]
    return {
        "name": f"見本{number}番の公式アカウント",
        "handle": _handle(number),
        "url": service.profile_url.format(handle=_handle(number)),
        "identity": _identity(number),
        "category": CATEGORIES[number % len(CATEGORIES)],
        "registration_email": f"sns{number}@city.shinshiro.lg.jp",
        "is_shared": shared,
        "shared_theme": "催しの案内" if shared else "",
        "shared_reason": "発信元を一つにすると探しやすいため。" if shared else "",
    }


def account(city: City, number: int) -> Account:
    """Account number `number`, not saved."""
    status = Status.PREPARING
    if MIX[number % 20] == State.IN_FORCE:
        status = Status.CLOSED if number % 20 == 12 else Status.OFFICIAL
    made = Account(
        service=_service(number), department=city.departments[_department(number)], status=status,
        official_since=None if status == Status.PREPARING else datetime.date(2024, 4, 1),
        **_facts(number),
    )  # fmt: skip
    made.search_text = made.folded()
    return made


def _policy(city: City, number: int, account_id: int) -> OperatingPolicy:
    state = MIX[number % 20]
    assert state is not None
    since = timezone.now() - datetime.timedelta(hours=number % 8760, seconds=number % 3600)
    policy = OperatingPolicy(
        account_id=account_id, state=state, state_since=since, created_at=since, edited_at=since,
        created_by=city.officers[_department(number)],
        edited_by=city.officers[_department(number)],
        purpose="市内の催しと四季の風景を伝え、市を訪れる方を増やすため。" * 2,
        content="・催しの案内と交通規制\n・開花の状況\n・施設の休館日" * 2,
        hours=[{"days": [0, 1, 2, 3, 4], "from": "08:30", "to": "17:15"}],
        reply="none", reply_handling="返信は行いません。お問い合わせは電話で受け付けます。",
        personal_information="個人情報は投稿しません。届いたものは、回答の後に消去します。",
        **_facts(number),
    )  # fmt: skip
    if state in SUBMITTED:
        policy.round = 1
        policy.submitted_by, policy.submitted_at = policy.created_by, since
    if state in SET:
        policy.set_by, policy.set_at = city.heads[_department(number)], since
    if state == State.IN_FORCE:
        policy.received_by, policy.received_at = city.officers[-1], since
    return policy
