"""Fills an empty database with the demonstration, and empties it again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.evidence import HELD
from accounts.importing import Options, import_accounts
from accounts.models import Account
from accounts.profiles import read_profile
from policies import drafting
from policies.consulting import consultation_workflow
from policies.demonstration import ledgers, tables
from policies.demonstration.chapters import CHAPTERS
from policies.demonstration.clock import standing_at, working_day
from policies.models import Consultation, GuidelineVersion, InternalNote, OperatingPolicy
from policies.workflow import policy_workflow
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.tables import Row, Table
from staff.demonstration import DOMAIN, PASSWORD, logins
from staff.models import Absence, Department, Membership, User

SET_UP_ON = datetime.date(2024, 4, 1)
TITLE = "ソーシャルメディア運用ガイドライン(デモンストレーション用)"
EFFECTIVE_FROM = datetime.date(2013, 4, 17)
# No telephone of anybody's: all departments have it.
TELEPHONE = "0536-23-0000"
# Django's own lists of models and permissions are made by `migrate`, not by the demonstration.
KEPT_APPS = frozenset({"contenttypes", "auth"})
_PEOPLE_FIELDS = ("users", "administrators")


def is_there() -> bool:
    """Whether the database holds the demonstration."""
    return User.objects.filter(email=logins()[0].email).exists()


def holds_others() -> bool:
    """Whether the database holds people who are none of the demonstration's."""
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").exists()


def holds_anything() -> bool:
    """Whether anybody has worked with the database yet."""
    models = (User, Department, Account, OperatingPolicy, GuidelineVersion)
    return any(model.objects.exists() for model in models)


@transaction.atomic
def seed() -> None:
    """Makes the demonstration, as of today, in an empty database. All of it or nothing."""
    city = _City(timezone.localdate())
    departments = tables.departments()
    with standing_at(_at_office(SET_UP_ON)):
        GuidelineVersion.objects.create(
            title=TITLE, text=tables.guideline(), effective_from=EFFECTIVE_FROM
        )
        for order, table in enumerate(departments, start=1):
            city.found(table, order)
    for table in departments:
        for absence in table.absences:
            city.record_absence(table, absence)
    for table in departments:
        for account in table.accounts:
            story = _Story(city, table, account)
            story.tell()
            if official := story.official_account():
                ledgers.keep(official, account.ledger, city.day)
    for chapter in CHAPTERS:
        chapter(city.today)
    # These steps are of the past, and nobody is to be told of them today.
    OutgoingMail.objects.all().delete()


@transaction.atomic
def empty() -> None:
    """Deletes every row of the portal, histories and log-ins included, and the files of evidence."""
    for held, files in HELD.items():
        for row in held._default_manager.filter(erased_at__isnull=True):
            for file, _, _ in files(row):
                file.storage.delete(str(file.name))
    with connection.cursor() as cursor:
        # The order is of no account: the database asks for the references when all is done.
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in KEPT_APPS:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608


@transaction.atomic
def start_over() -> None:
    """Empties the database and makes the demonstration anew; keeps the old one if that fails."""
    empty()
    seed()


def _at_office(day: datetime.date, time: datetime.time = datetime.time(9)) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


@dataclass
class _City:
    """The departments and people made so far, by the names the tables call them."""

    today: datetime.date
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    # Hashed once: it is the same for all, and made to be slow.
    password: str = field(default_factory=lambda: make_password(PASSWORD))

    def day(self, ago: int) -> datetime.date:
        """The date `ago` working days before today."""
        return working_day(ago, self.today)

    def found(self, table: tables.DepartmentTable, order: int) -> None:
        """A department with its people; who holds a second place in it is registered once."""
        department = Department.objects.create(
            code=table.code, name=table.name, kana=table.kana, telephone=TELEPHONE,
            order=order * 10, is_pr_division=table.is_pr_division,
        )  # fmt: skip
        self.departments[table.key] = department
        for person in table.people:
            user = self.people.get(person.mailbox) or self._register(person)
            if person.role in Membership.Role:
                Membership.objects.create(
                    user=user, department=department, role=person.role, valid_from=SET_UP_ON
                )

    def _register(self, person: tables.Person) -> User:
        user = User(
            email=f"{person.mailbox}@{DOMAIN}", name=person.name, kana=person.kana,
            is_auditor=person.role == "auditor", is_administrator=person.role == "administrator",
        )  # fmt: skip
        if user.email in {login.email for login in logins()}:
            user.password = self.password
        else:
            user.set_unusable_password()
        user.save()
        self.people[person.mailbox] = user
        return user

    def record_absence(self, table: tables.DepartmentTable, absence: tables.AbsenceTable) -> None:
        """An absence of the department's head, recorded the working day before it begins."""
        with standing_at(_at_office(self.day(absence.first + 1))):
            Absence.objects.create(
                department=self.departments[table.key], person=self.people[absence.who],
                starts_on=self.day(absence.first), ends_on=self.day(absence.last),
                reason=absence.reason, recorded_by=self.people[absence.recorded_by],
            )  # fmt: skip


class _Story:
    """What happened to one account, told act by act."""

    def __init__(
        self, city: _City, department: tables.DepartmentTable, table: tables.AccountTable
    ) -> None:
        self.city = city
        self.department = city.departments[department.key]
        self.table = table
        self.changes = iter(table.changes)
        self.policy: Any = None

    def tell(self) -> None:
        """Every act of the story on its own day."""
        own = {
            "import": self._import, "draft": self._draft, "next": self._draft_next,
            "edit": self._edit, "note": self._note,
        }  # fmt: skip
        for act in self.table.story:
            by = self.city.people[act.who]
            with standing_at(_at_office(self.city.day(act.ago), act.time)):
                if act.what in own:
                    own[act.what](act, by)
                elif act.what in consultation_workflow.steps:
                    self._answer(act, by)
                else:
                    self.policy = policy_workflow.take(
                        self.policy, act.what, by=by, note=act.words, reasons=act.reasons
                    )

    def official_account(self) -> Account | None:
        """The account where the story ends with an official one: its ledgers are kept."""
        told = self.policy.account_id if self.policy else 0
        return Account.objects.filter(pk=told, status=Account.Status.OFFICIAL).first()

    def _import(self, act: tables.Act, by: User) -> None:
        profile, told = read_profile(self.table.profile, self.table.service), self.table.fields
        cells = {
            "URL": profile.url, "表示名": self.table.name, "所属コード": self.department.code,
            "分野": told["category"], "備考": told["note"],
            # In the old register's own words; a number is so many working days ago.
            **{
                heading: self.city.day(said).isoformat() if isinstance(said, int) else said
                for heading, said in told["register"].items()
            },
        }  # fmt: skip
        register = Table(tuple(cells), [Row(2, tuple(cells.values()))], name="旧台帳.xlsx")
        report = import_accounts(register, Options(), by=by, write=True)
        if not report.written:
            raise ValueError(f"Not taken in: {report.outcomes[0].sentence}")

    def _draft(self, act: tables.Act, by: User) -> None:
        profile = read_profile(self.table.profile, self.table.service)
        self.policy = drafting.registered(profile, self.department, self.table.name, by)
        self._write(self.table.fields, by)

    def _draft_next(self, act: tables.Act, by: User) -> None:
        self.policy = drafting.begun(self.policy.account, by)

    def _edit(self, act: tables.Act, by: User) -> None:
        self._write(next(self.changes), by)

    def _write(self, fields: dict[str, Any], by: User) -> None:
        """What an officer writes into the form and saves."""
        policy: Any = self.policy
        policy._history_user = by
        for name, value in fields.items():
            if name == "partners":
                policy.partners.set(self.city.departments[key] for key in value)
                policy.is_shared = bool(value)
            elif name in _PEOPLE_FIELDS:
                getattr(policy, name).set(self.city.people[key] for key in value)
            elif name == "registration_email" and "@" not in value:
                policy.registration_email = f"{value}@{settings.CITY_EMAIL_DOMAINS[0]}"
            else:
                setattr(policy, name, value)
        policy.edited_by, policy.edited_at = by, timezone.now()
        policy.revision += 1
        policy.save()
        account = policy.account
        if account.status == Account.Status.PREPARING:
            # As when a section is saved: the register shows what is being prepared.
            account.take_facts_of(policy)
            account._history_user = by
            account.save()
            account.take_partners_of(policy)

    def _note(self, act: tables.Act, by: User) -> None:
        InternalNote.objects.create(policy=self.policy, author=by, text=act.words)

    def _answer(self, act: tables.Act, by: User) -> None:
        held = Membership.objects.current().filter(user=by)
        [asked] = (
            Consultation.objects.unanswered()
            .filter(policy=self.policy, department__in=held.values("department"))
        )  # fmt: skip
        consultation_workflow.take(asked, act.what, by=by, note=act.words)
