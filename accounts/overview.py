"""The state of the whole city: what is open and late duty by duty, and account by account by clause."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from accounts.conformity import EXCEPTED, LACKING, MET, NONE
from accounts.models import Account, Certification
from shinshiro_sns.duties import DUTIES, Duty
from shinshiro_sns.questions import QUESTIONS, Question
from staff import authority
from staff.models import Department, User

Status = Account.Status
PASSWORDS, PASSWORDS_READ = "3(7)", "accounts.view_credentials"
CLAUSES = (
    "3(1)", "3(2)", "3(3)", "3(4)", "3(5)", "3(6)", PASSWORDS, "4(1)", "4(2)", "4(4)",
)  # fmt: skip
# Where the operator certifies nobody, or refused it, there is nothing more to be done, 3(4).
NOT_TO_BE_HAD = frozenset({Certification.State.NOT_OFFERED, Certification.State.REFUSED})


@dataclass(frozen=True)
class DutyLine:
    """One duty over the city: how much is open, how much of it late, and what is late the longest."""

    duty: Duty
    open: int
    late: int
    latest: datetime.date | None
    latest_department: Department | None


@dataclass(frozen=True)
class Answer:
    """A question, and of how many accounts it is true."""

    question: Question
    count: int


@dataclass(frozen=True)
class Cell:
    """How an account stands by one clause: in a word, and its colour."""

    clause: str
    word: str
    kind: str


def duty_lines(
    day: datetime.date, department: Department | None = None, without: Collection[str] = ()
) -> list[DutyLine]:
    """Every duty but those named, by clause; three queries each, however much is open."""
    lines = []
    for duty in sorted(DUTIES, key=lambda duty: duty.clause):
        if duty.name in without:
            continue
        rows = duty.of_department(department.pk, day) if department else duty.open(day)
        first = rows.first()
        late = duty.count_overdue(rows, day)
        latest = duty.deadline(first) if first is not None and late else None
        where = duty.department_of(first) if latest else None
        lines.append(DutyLine(duty, rows.count(), late, latest, where))
    return lines


def questions_for(user: User) -> list[Question]:
    """What an audit asks and `user` may read the answer to, in the order of the clauses."""
    return [
        question
        for question in sorted(QUESTIONS, key=lambda question: question.clause)
        if not question.permission or authority.reach(user, question.permission).everywhere
    ]


def answers(
    day: datetime.date, questions: Iterable[Question], department: Department | None = None
) -> list[Answer]:
    """Each of `questions` with its number."""
    found = []
    for question in questions:
        rows = question.rows(day)
        if department:
            rows = rows.filter(department=department)
        found.append(Answer(question, rows.count()))
    return found


def clauses_for(user: User) -> tuple[str, ...]:
    """The clauses by which `user` may see how accounts stand."""
    may_read = authority.reach(user, PASSWORDS_READ).everywhere
    return tuple(clause for clause in CLAUSES if may_read or clause != PASSWORDS)


def by_clause(
    accounts: Sequence[Account], day: datetime.date, clauses: Sequence[str] = CLAUSES
) -> Iterable[tuple[Account, list[Cell]]]:
    """How each of `accounts` stands by each clause; as many queries for all of them as for one."""
    keys = [account.pk for account in accounts]
    wanting = _wanting(keys, day)
    certified = dict(
        Certification.objects.filter(account__in=keys).values_list("account_id", "state")
    )
    guarded = set(Account.objects.to_guard().filter(pk__in=keys).values_list("pk", flat=True))
    for account in accounts:
        state = certified.get(account.pk, "")
        yield (
            account,
            [
                Cell(
                    clause,
                    *LACKING
                    if account.pk in wanting[clause]
                    else _stands(account, clause, state, is_guarded=account.pk in guarded),
                )
                for clause in clauses
            ],
        )


def _wanting(keys: list[int], day: datetime.date) -> dict[str, set[int]]:
    """By clause the accounts for which something is late, or of which an audit would speak.

    What is open but not late yet is no fault: the account stands by the clause meanwhile.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for duty in DUTIES:
        if clause := _column(duty.clause):
            rows = duty.of_accounts(keys, day)
            found[clause].update(filter(None, map(duty.account_id, duty.late(rows, day))))
    for question in QUESTIONS:
        if clause := _column(question.clause):
            rows = question.rows(day).filter(pk__in=keys).order_by()
            found[clause].update(rows.values_list("pk", flat=True))
    return found


def _column(clause: str) -> str:
    """The column that a clause belongs to: 3(3)イ stands under 3(3)."""
    return next((column for column in CLAUSES if clause.startswith(column)), "")


def _stands(account: Account, clause: str, certified: str, *, is_guarded: bool) -> tuple[str, str]:
    is_living = account.status in (Status.OFFICIAL, Status.SUSPENDED)
    if not is_living:
        return MET if is_guarded and clause == "3(7)" else NONE
    if clause == "3(4)":
        possible = account.service_info.verification.is_possible
        nowhere = certified in NOT_TO_BE_HAD or not (certified or possible)
        return NONE if nowhere else MET
    if clause == "3(5)" and not account.uses_city_domain:
        return EXCEPTED if account.registration_email_reason else LACKING
    return MET
