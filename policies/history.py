"""The timeline of a policy, in Japanese: who did what when, and in whose place.

Read from the history that every step and every saved edit leaves behind, so it cannot disagree with
what happened. The number of queries does not depend on how much happened.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from policies.consulting import consultation_workflow
from policies.items import SECTIONS
from policies.models import Consultation, OperatingPolicy, PolicyReturn
from policies.reasons import BY_KEY as REASONS
from policies.workflow import policy_workflow
from shinshiro_sns.steps import Step
from staff.models import Absence, User

FOR_HEAD = "_for_head"
PEOPLE = ("users", "administrators", "partners")
# Many-to-many rows are written after the policy itself: the same request, not an edit of its own.
SAME_REQUEST = datetime.timedelta(seconds=1)
ENDINGS = (
    ("する", "しました"), ("なる", "なりました"), ("す", "しました"), ("る", "ました"), ("む", "みました"),
)  # fmt: skip
People = dict[tuple[int, str], frozenset[int]]
SUPERSEDED = "次の版が受理され、旧版になりました"


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `for_whom` names the absent head where someone acted for him."""

    when: datetime.datetime
    who: str
    what: str
    note: str = ""
    for_whom: str = ""


def timeline(policy: OperatingPolicy) -> list[Entry]:
    """Everything that happened to `policy`, the newest first."""
    consultations = list(
        Consultation.history.model.objects.filter(policy_id=policy.pk)
        .select_related("department", "history_user", "absence__person")
        .order_by("history_id")
    )
    entries = [*_of_policy(policy, consultations), *_of_consultations(consultations)]
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def done(label: str) -> str:
    """A button's label as what was done: 受理する becomes 受理しました."""
    for ending, past in ENDINGS:
        if label.endswith(ending):
            return re.sub(f"{ending}$", past, label)
    return label


# --- The policy's own rows ------------------------------------------------------------------


def _of_policy(policy: OperatingPolicy, consultations: Iterable[Any]) -> Iterator[Entry]:
    rows = list(
        OperatingPolicy.history.model.objects.filter(id=policy.pk)
        .select_related("history_user", "created_by", "edited_by", "absence__person")
        .order_by("history_id")
    )
    people = _people([row.history_id for row in rows])
    returns = {sent_back.at: sent_back for sent_back in policy.returns.all()}
    asked = defaultdict(list)
    for row in consultations:
        if row.history_type == "+":
            asked[row.state_since].append(row.department.name)
    before = None
    for together in _runs(rows):
        first, last = together[0], together[-1]
        if last.step:
            yield _step(last, returns.get(last.state_since), asked.get(last.state_since, []))
        elif before is None:
            began = f"第{first.version}版の作成を始めました"
            yield Entry(first.history_date, _editor(first), began)
        else:
            yield from _edit(before, last, people)
        before = last


def _runs(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows of history in turn; what one person edited in a row comes together."""
    run: list[Any] = []
    for row in rows:
        if run and not _same_run(run[0], row):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _same_run(first: Any, row: Any) -> bool:
    if first.step or row.step:
        return False
    if first.history_type == "+":
        return bool(row.history_date - first.history_date < SAME_REQUEST)
    return _editor(first) == _editor(row)


def _people(history_ids: list[int]) -> People:
    """Who and which departments stood behind each many-to-many field, by row of history."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for name in PEOPLE:
        field: Any = OperatingPolicy._meta.get_field(name)
        rows = getattr(OperatingPolicy.history.model, name).filter(history__in=history_ids)
        for history_id, pk in rows.values_list("history_id", field.m2m_reverse_field_name()):
            found[history_id, name].add(pk)
    return {key: frozenset(value) for key, value in found.items()}


def _editor(row: Any) -> str:
    """Whose edit it was; what no request made is on record in the row itself."""
    person: User = row.history_user or row.edited_by or row.created_by
    return person.name


def _edit(before: Any, after: Any, people: People) -> Iterator[Entry]:
    """The edits from `before` to `after` as one; none where all was put back as it had been."""

    def value(row: Any, name: str) -> Any:
        if name in PEOPLE:
            return people.get((row.history_id, name), frozenset())
        return getattr(row, name)

    changed = [
        section.title
        for section in SECTIONS
        if any(value(before, name) != value(after, name) for name in section.fields)
    ]
    if changed:
        where = "".join(f"「{title}」" for title in changed)
        yield Entry(after.history_date, _editor(after), "内容を編集しました", where)


def _step(row: Any, sent_back: PolicyReturn | None, asked: list[str]) -> Entry:
    step = policy_workflow.steps.get(row.step)
    if row.step == "supersede":
        return Entry(row.history_date, _actor(row), SUPERSEDED)
    absence = row.absence if step and step.name.endswith(FOR_HEAD) else None
    lines = [
        *_absence(absence),
        *(_returned(sent_back) if sent_back else _words(step, row.history_change_reason)),
    ]
    if asked:
        lines.append(f"合議する所属:{'、'.join(asked)}")
    return _taken(row, step, "", lines, absence)


def _returned(sent_back: PolicyReturn) -> list[str]:
    """Every reason of a return as its sentence, then its own words."""
    reasons = [REASONS[key].sentence for key in sent_back.reasons if key in REASONS]
    words = [sent_back.words] if sent_back.words else []
    return [*(f"・{sentence}" for sentence in reasons), *words]


# --- Consultations --------------------------------------------------------------------------


def _of_consultations(rows: Iterable[Any]) -> Iterator[Entry]:
    for row in rows:
        if not row.step:
            continue
        step = consultation_workflow.steps.get(row.step)
        absence = row.absence if row.step.endswith(FOR_HEAD) else None
        lines = [*_absence(absence), *_words(step, row.history_change_reason)]
        yield _taken(row, step, f"合議:{row.department}が", lines, absence)


# --- Words ----------------------------------------------------------------------------------


def _actor(row: Any) -> str:
    return row.history_user.name if row.history_user else "システム"


def _absence(absence: Absence | None) -> list[str]:
    if absence is None:
        return []
    first, last = absence.starts_on, absence.ends_on
    days = _day(first) if first == last else f"{_day(first)}から{_day(last)}まで"
    return [f"所属の長({absence.person.name})の不在:{absence.reason}({days})"]


def _day(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _words(step: Step | None, said: str | None) -> list[str]:
    if not said:
        return []
    return [f"{step.note_label}:{said}" if step and step.note_label else said]


def _taken(
    row: Any, step: Step | None, whose: str, lines: list[str], absence: Absence | None
) -> Entry:
    what = whose + (done(step.label) if step else "手続きを行いました")
    for_whom = absence.person.name if absence else ""
    return Entry(row.history_date, _actor(row), what, "\n".join(lines), for_whom)
