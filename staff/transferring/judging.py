"""What each line of a transfer's file means against the city as it is, or why it cannot be.

A handful of queries, however many lines: the city's people fit into memory.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db.models import Q

from shinshiro_sns.tables import Table, fold_heading
from staff.models import Department, Membership, User
from staff.transferring.consequences import CONSEQUENCES
from staff.transferring.lines import Kind, Line, read_lines
from staff.transferring.plan import (
    AccountLine,
    Beginning,
    City,
    Closing,
    Ending,
    Group,
    Plan,
    holds,
)


def judge(table: Table, effective_on: datetime.date) -> Plan:
    """The plan for `table`, with its faults, or with everything that follows from it."""
    lines, faults = read_lines(table)
    plan = Plan(effective_on, len(table.rows), _city(effective_on), faults=faults)
    plan.remarks = table.remarks
    _Judge(plan, lines).run()
    for consequence in CONSEQUENCES:
        consequence.judge(plan)
    if not plan.faults:
        plan.groups = [Group(c.name, c.title, c.foreseen(plan)) for c in CONSEQUENCES]
    return plan


def _city(effective_on: datetime.date) -> City:
    departments = {row.pk: row for row in Department.objects.all()}
    people = {row.pk: row for row in User.objects.defer("password").order_by("pk")}
    day_before = effective_on - datetime.timedelta(days=1)
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=day_before)
    memberships = list(Membership.objects.filter(lasting).order_by("pk"))
    for row in memberships:
        row.user, row.department = people[row.user_id], departments[row.department_id]
    return City(
        {row.code: row for row in departments.values()},
        {row.email: row for row in people.values()},
        memberships,
    )


class _Judge:
    """Goes through the lines: first what ends, then what begins, which may need the room."""

    def __init__(self, plan: Plan, lines: list[Line]) -> None:
        self.plan = plan
        self.lines = lines
        self.places: dict[tuple[int, int], list[Membership]] = defaultdict(list)
        for row in plan.city.memberships:
            self.places[row.user_id, row.department_id].append(row)
        self.ended: set[int] = set()
        # What was said already: who left where, which department ended, which account moved.
        self.seen: dict[tuple[object, ...], int] = {}
        self.begun: dict[tuple[int, int, str], int] = {}
        self.closing = {line.source: line.number for line in lines if line.kind is Kind.DEPARTMENT}

    def run(self) -> None:
        for line in self.lines:
            if line.kind is Kind.DEPARTMENT:
                self._close(line)
            elif line.kind is Kind.ACCOUNT:
                self._account(line)
        joining = []
        for line in self.lines:
            if line.kind is Kind.PERSON and (person := self._person(line)):
                # The target is looked at even then, so that all that is wrong is said at once.
                target = self._target(line) if line.target else None
                if self._leaves(line, person) and target is not None:
                    joining.append((line, person, target))
        for line, person, target in joining:
            self._begin(line.number, person, target, line.role or Membership.Role.OFFICER)
        for closing in self.plan.closed:
            self._take_along(closing)

    def _close(self, line: Line) -> None:
        source, target = self._source(line), self._target(line)
        if self._repeats(line, ("department", line.source)) or source is None:
            return
        if source.is_pr_division:
            self._wrong(
                line, "広報主管課は廃止できません。先に別の所属を広報主管課にしてください。"
            )
        elif source.valid_until is not None and source.valid_until < self.plan.effective_on:
            self._wrong(line, f"「{source}」は、異動日の前日で終わることになっています。")
        elif target is not None:
            self.plan.closed.append(Closing(line.number, source, target))

    def _account(self, line: Line) -> None:
        source, target = self._source(line), self._target(line)
        if self._repeats(line, ("account", line.account)) or target is None:
            return
        if line.source and source is None:
            return
        self.plan.accounts.append(AccountLine(line.number, line.account or 0, source, target))

    def _person(self, line: Line) -> User | None:
        """Whom the line names, unless something is wrong with that."""
        person = self.plan.city.people.get(line.email)
        if person is None:
            self._wrong(line, f"「{line.email[:60]}」の職員は登録されていません。")
        elif line.name and fold_heading(line.name) != fold_heading(person.name):
            self._wrong(
                line,
                f"氏名「{line.name[:40]}」が、このメールアドレスの職員「{person.name}」と違います。",
            )
        elif line.target and not person.is_active:
            self._wrong(line, f"{person.name}さんは、在職中ではありません。")
        elif not self._repeats(
            line, (person.pk, line.source or None, not line.source and line.target)
        ):
            return person
        return None

    def _leaves(self, line: Line, person: User) -> bool:
        """Ends what the line ends; False where it names a place that is not the person's."""
        if not line.source:
            return True
        source = self._source(line)
        if source is None:
            return False
        there = [m for m in self.places[person.pk, source.pk] if m.valid_from <= self.plan.last_day]
        if not there:
            said = f"{person.name}さんは、異動日の前日に「{source}」に所属していません。"
            self._wrong(line, said)
            return False
        if line.source == line.target and not self._differs(line, there):
            return False
        for membership in there:
            if holds(membership, self.plan.effective_on) and membership.pk not in self.ended:
                self._end(line.number, membership)
        return True

    def _differs(self, line: Line, there: list[Membership]) -> bool:
        """Within a department only another role is a change."""
        if line.role is None:
            self._wrong(line, "異動元と異動先が同じときは、新しい「役割」を書いてください。")
        elif any(membership.role == line.role for membership in there):
            self._wrong(line, f"すでに「{there[0].department}」の{line.role.label}です。")
        else:
            return True
        return False

    def _take_along(self, closing: Closing) -> None:
        """Whoever is left in a department that ends goes on, as the same, in the one after it."""
        for membership in self.plan.city.memberships:
            if membership.department_id != closing.department.pk or membership.pk in self.ended:
                continue
            if membership.valid_from > self.plan.last_day:
                said = f"{membership.user.name}さんの所属の記録が、廃止より後に始まります。"
                self.plan.fault(closing.line, said)
            elif holds(membership, self.plan.effective_on):
                self._end(closing.line, membership)
                role = Membership.Role(membership.role)
                user, successor = membership.user, closing.successor
                if user.is_active and not self._overlaps(user, successor, role):
                    self._begin(closing.line, user, successor, role)

    def _end(self, line: int, membership: Membership) -> None:
        self.ended.add(membership.pk)
        self.plan.ended.append(Ending(line, membership))

    def _begin(self, line: int, user: User, target: Department, role: Membership.Role) -> None:
        if overlap := self._overlaps(user, target, role):
            self.plan.fault(line, overlap)
            return
        self.begun[user.pk, target.pk, role.value] = line
        self.plan.begun.append(Beginning(line, user, target, role))

    def _overlaps(self, user: User, target: Department, role: Membership.Role) -> str:
        """Why the person cannot begin there as this: he is it already, or will be."""
        if line := self.begun.get((user.pk, target.pk, role.value)):
            return f"{line}行目でも、{user.name}さんが「{target}」の{role.label}になります。"
        for membership in self.places[user.pk, target.pk]:
            lasts = membership.valid_until is None or (
                membership.valid_until >= self.plan.effective_on
            )
            if membership.role == role and membership.pk not in self.ended and lasts:
                since = membership.valid_from
                return (
                    f"{user.name}さんは、{since.year}年{since.month}月{since.day}日から"
                    f"「{target}」の{role.label}として登録されていて、期間が重なります。"
                )
        return ""

    def _source(self, line: Line) -> Department | None:
        if not line.source:
            return None
        found = self._known(line, line.source)
        if found is not None and not holds(found, self.plan.last_day):
            self._wrong(line, f"異動元の「{found}」は、異動日の前日には存在しません。")
            return None
        return found

    def _target(self, line: Line) -> Department | None:
        found = self._known(line, line.target)
        if found is None:
            return None
        if line.target in self.closing:
            there = self.closing[line.target]
            self._wrong(line, f"異動先の「{found}」は、{there}行目で廃止されます。")
            return None
        if not holds(found, self.plan.effective_on):
            self._wrong(line, f"異動先の「{found}」は、異動日には存在しません。")
            return None
        return found

    def _known(self, line: Line, code: str) -> Department | None:
        found = self.plan.city.departments.get(code)
        if found is None:
            self._wrong(line, f"所属コード「{code[:40]}」の所属は登録されていません。")
        return found

    def _repeats(self, line: Line, said: tuple[object, ...]) -> bool:
        if (first := self.seen.setdefault(said, line.number)) == line.number:
            return False
        if line.kind is Kind.PERSON and line.source:
            self._wrong(
                line,
                f"{first}行目と同じ職員が、同じ所属から異動しています。"
                "2つ目の異動先は、異動元を空欄にして書いてください。",
            )
        else:
            self._wrong(line, f"{first}行目と同じ{line.kind.value}が書かれています。")
        return True

    def _wrong(self, line: Line, sentence: str) -> None:
        self.plan.fault(line.number, sentence)
