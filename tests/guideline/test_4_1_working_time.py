"""Clause 4(1): only official accounts post, in working time and within their policy's hours.

The cases are a table that opens in a spreadsheet, `tests/postings/may_post_cases.csv`: a row more is
a case more. Without a day and time in いつまで・次はいつ there is none.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Account
from policies.hours import WEEKDAYS, Span, read_clock, read_spans
from policies.models import OperatingPolicy
from postings.models import Emergency
from postings.openings import AHEAD
from postings.permission import CLAUSE, judged, may_post, may_post_many
from shinshiro_sns.calendar import Calendar
from shinshiro_sns.days import read_day
from shinshiro_sns.models import Closure
from shinshiro_sns.tables import read_table
from tests import factories

TOKYO = ZoneInfo("Asia/Tokyo")
TABLE = Path(__file__).parent.parent / "postings" / "may_post_cases.csv"
WORKDAYS = [{"days": [0, 1, 2, 3, 4], "from": "08:30", "to": "17:15"}]


def moment(text: str) -> datetime.datetime:
    """2026-11-24 8:30, or with slashes and seconds as a spreadsheet may write it, in Tokyo."""
    day, clock = text.split()
    hour, minute, second = (*map(int, clock.split(":")), 0)[:3]
    time = datetime.time(hour, minute, second)
    return datetime.datetime.combine(read_day(day), time, TOKYO)


def spans(text: str) -> list[Span]:
    """月〜金 8:30〜12:00、金 22:00〜翌2:00, read and said again to be sure that it was read right."""
    found = []
    for part in text.split("、"):
        days, start, end = re.fullmatch(r"(\S+) ([\d:]+)〜翌?([\d:]+)", part).groups()
        found.append(Span(week(days), read_clock(start), read_clock(end, closing=True)))
    assert "、".join(map(str, found)) == text
    return found


def week(text: str) -> tuple[int, ...]:
    if text == "毎日":
        return tuple(range(7))
    days: list[int] = []
    for part in text.split("・"):
        first, last = WEEKDAYS.index(part[0]), WEEKDAYS.index(part[-1])
        days += range(first, last + 1)
    return tuple(days)


def closures(text: str) -> list[Closure]:
    """取消 2026-11-25〜2026-11-27 庁舎の移転."""
    if not text:
        return []
    cancelled, first, last, name = re.fullmatch(
        r"(取消 )?([\d/-]+)(?:〜([\d/-]+))? (.+)", text
    ).groups()
    return [
        Closure(
            name=name, starts_on=read_day(first), ends_on=read_day(last or first),
            is_cancelled=bool(cancelled),
        )
    ]  # fmt: skip


def cases() -> list[dict[str, str]]:
    table = read_table(TABLE.read_bytes())
    rows = [dict(zip(table.headings, row.cells, strict=True)) for row in table.rows]
    for row in rows:
        day = read_day(row["日付"])
        assert WEEKDAYS[day.weekday()] == row["曜日"], f"{row['場合']}:曜日が日付と合いません"
    return rows


CASES = cases()
STATUS = {label: value for value, label in Account.Status.choices}


def in_force(account: Account, hours: list[dict[str, object]], **fields: object) -> OperatingPolicy:
    """A policy in force, laid down without its way."""
    officer, head = factories.user(), factories.user()
    now = timezone.now()
    decided = {"set_by": head, "set_at": now, "received_by": officer, "received_at": now}
    return OperatingPolicy.objects.create(
        **{"account": account, "hours": hours, "state": "in_force", "created_by": officer,
           **decided, **fields}
    )  # fmt: skip


def declare_as_said(account: Account, said: str) -> None:
    """2026-11-24 22:00〜2026-11-25 6:00, for this account."""
    if said:
        begins, ends = map(moment, said.split("〜"))
        emergency = Emergency.objects.create(
            department=account.department, declared_by=factories.user(), declared_at=begins,
            begins_at=begins, ends_at=ends, reason="台風のため",
        )  # fmt: skip
        emergency.accounts.add(account)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=[case["場合"] for case in CASES])
def test_the_answer_is_the_one_in_the_table(case: dict[str, str]) -> None:
    account = factories.official(factories.department(), status=STATUS[case["アカウント"]])
    Closure.objects.bulk_create(closures(case["市の休業日"]))
    if case["運用時間"] != "運用ポリシーなし":
        said = case["運用時間"]
        hours = [] if said == "定めなし" else [span.as_json() for span in spans(said)]
        in_force(
            account, hours, closed_on_holidays={"休む": True, "運用する": False}[case["祝日"]],
            closed_at_year_end={"休む": True, "運用する": False}[case["年末年始"]],
        )  # fmt: skip
    declare_as_said(account, case["緊急時の宣言"])
    answer = may_post(account, moment(f"{case['日付']} {case['時刻']}"))

    expected = moment(then) if (then := case["いつまで・次はいつ"]) else None
    allowed = {"できる": True, "できない": False}[case["答え"]]
    told = (answer.until, None) if allowed else (None, answer.next_opening)
    assert (answer.allowed, answer.clause, *told) == (
        allowed, CLAUSE, *((expected, None) if allowed else (None, expected)),
    )  # fmt: skip
    assert case["理由に含まれる言葉"] in answer.reason


# --- Whatever the hours ----------------------------------------------------------------------


def is_open(policy: OperatingPolicy, city: Closure, at: datetime.datetime) -> bool:
    """The rule again, minute by minute and by another way than the one it is held to."""
    for back in (0, 1):
        day = at.date() - datetime.timedelta(days=back)
        minutes = (at.hour * 60 + at.minute) + back * 24 * 60
        if policy.closed_at_year_end and (
            (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
        ):
            continue
        if policy.closed_on_holidays and (
            Calendar().why_closed(day).startswith("祝日") or city.starts_on <= day <= city.ends_on
        ):
            continue
        for row in policy.hours:
            start = int(row["from"][:2]) * 60 + int(row["from"][3:])
            end = int(row["to"][:2]) * 60 + int(row["to"][3:])
            end += 24 * 60 if end <= start else 0
            if day.weekday() in row["days"] and start <= minutes < end:
                return True
    return False


ROW = st.builds(
    lambda days, start, end: Span(tuple(sorted(days)), start * 15, end * 15).as_json(),
    st.sets(st.integers(0, 6), min_size=1), st.integers(0, 95), st.integers(0, 96),
)  # fmt: skip
AROUND_A_YEAR = st.datetimes(
    datetime.datetime(2026, 4, 25), datetime.datetime(2028, 3, 2), timezones=st.just(TOKYO)
)


def is_readable(rows: list[dict[str, object]]) -> bool:
    try:
        read_spans(rows)
    except ValueError:
        return False
    return True


@pytest.mark.once
@hypothesis_settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=3).filter(is_readable),
    holidays=st.booleans(), year_end=st.booleans(), at=AROUND_A_YEAR, lasts=st.integers(0, 30),
    samples=st.lists(st.floats(0, 1), min_size=20, max_size=20),
)  # fmt: skip
@example(
    rows=[{"days": [4], "from": "22:00", "to": "02:00"}], holidays=True, year_end=True,
    at=moment("2027-01-02 0:30"), lasts=0, samples=[0.5],
)  # fmt: skip
def test_the_next_opening_is_open_and_nothing_before_it_is(
    rows, holidays, year_end, at, lasts, samples
) -> None:
    policy = OperatingPolicy(hours=rows, closed_on_holidays=holidays, closed_at_year_end=year_end)
    first = at.date() + datetime.timedelta(days=2)
    city = Closure(
        name="移転", starts_on=first, ends_on=first + datetime.timedelta(days=lasts)
    )  # fmt: skip
    answer = judged(Account(status="official"), policy, Calendar((city,)), at)

    assert answer.allowed is is_open(policy, city, at)
    turns = answer.until if answer.allowed else answer.next_opening
    if turns is None:
        # Open for as long as anyone looks: no week has a gap, and no day of the year is left out.
        assert answer.allowed
        turns = at + AHEAD
    else:
        assert is_open(policy, city, turns) is not answer.allowed
    last = turns - datetime.datetime.resolution
    between = [min(at + (turns - at) * part, last) for part in samples] + [last]
    assert {is_open(policy, city, each) for each in between} == {answer.allowed}


# --- Where it is asked from ------------------------------------------------------------------


@pytest.fixture
def account(db: None) -> Account:
    return factories.official(factories.department())


def test_the_moment_may_come_from_any_time_zone_but_must_have_one(account: Account) -> None:
    in_force(account, WORKDAYS)
    elsewhere = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC)
    answer = may_post(account, elsewhere)
    assert (answer.allowed, answer.at) == (True, moment("2026-11-24 8:30"))
    with timezone.override("America/New_York"):
        assert may_post(account, elsewhere) == answer
    with pytest.raises(ValueError, match="naive"):
        may_post(account, datetime.datetime(2026, 11, 24, 10))


def test_without_a_moment_it_is_asked_for_now(account: Account) -> None:
    in_force(account, WORKDAYS)
    with time_machine.travel("2026-11-24T17:14:59+09:00", tick=False):
        assert may_post(account).allowed is True
    with time_machine.travel("2026-11-24T17:15:00+09:00", tick=False):
        assert may_post(account).allowed is False


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_accounts_asks_three_times_however_long_it_is(
    db, django_assert_num_queries, count
) -> None:
    department = factories.department()
    accounts = [factories.official(department) for _ in range(count)]
    in_force(accounts[-1], WORKDAYS)
    at = moment("2026-11-24 10:00")
    with django_assert_num_queries(4):
        answers = may_post_many(accounts, at)
    assert [answers[row.pk].allowed for row in accounts] == [False] * (count - 1) + [True]
    assert answers == {row.pk: may_post(row, at) for row in accounts}


# --- Which policy holds ----------------------------------------------------------------------


def test_a_draft_of_the_next_version_opens_nothing(account: Account) -> None:
    held = in_force(account, WORKDAYS)
    all_day = [{"days": [1], "from": "00:00", "to": "24:00"}]
    OperatingPolicy.objects.create(
        account=account, version=2, hours=all_day, created_by=held.created_by
    )
    assert may_post(account, moment("2026-11-24 20:00")).allowed is False


@pytest.mark.parametrize(("before_receipt", "allowed"), [(True, True), (False, False)])
def test_a_reported_policy_holds_where_the_setting_makes_its_account_official(
    account: Account, settings, before_receipt, allowed
) -> None:
    settings.OFFICIAL_BEFORE_RECEIPT = before_receipt
    in_force(account, WORKDAYS, state="reported", received_by=None, received_at=None)
    assert may_post(account, moment("2026-11-24 10:00")).allowed is allowed


def test_a_suspended_account_posts_again_once_it_is_resumed(cast) -> None:
    account = factories.official(cast.tourism)
    in_force(account, WORKDAYS)
    at = moment("2026-11-24 10:00")
    asked = []
    for step in ("suspend", "resume", "close"):
        account = factories.stood(account, step, cast.head)
        asked.append(may_post(account, at).allowed)
    assert asked == [False, True, False]


# --- The narrow reading of 4(1) --------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "at", "allowed", "then", "reason"),
    [
        ("毎日 6:00〜22:00", "2026-11-24 8:30", True, "2026-11-24 17:15", "運用時間の中"),
        ("毎日 6:00〜22:00", "2026-11-24 8:29", False, "2026-11-24 8:30", "市の執務時間"),
        ("毎日 6:00〜22:00", "2026-11-28 10:00", False, "2026-11-30 8:30", "11月28日は土曜日"),
        ("毎日 6:00〜22:00", "2026-11-24 23:00", False, "2026-11-25 8:30", "運用時間「毎日"),
        ("火 13:00〜20:00", "2026-11-24 18:00", False, "2026-12-01 13:00", "市の執務時間"),
        ("月 22:00〜翌10:00", "2026-12-01 9:00", True, "2026-12-01 10:00", "運用時間の中"),
        ("月 22:00〜翌10:00", "2026-12-01 7:00", False, "2026-12-01 8:30", "市の執務時間"),
        ("土 9:00〜17:00", "2026-11-28 10:00", False, None, "発信できる時間はありません"),
    ],
)
def test_a_city_may_hold_every_post_to_its_office_hours(
    account, settings, hours, at, allowed, then, reason
) -> None:
    settings.POST_IN_OFFICE_HOURS_ONLY = True
    in_force(account, [span.as_json() for span in spans(hours)])
    answer = may_post(account, moment(at))
    expected = moment(then) if then else None
    assert (answer.allowed, answer.until or answer.next_opening) == (allowed, expected)
    assert reason in answer.reason


def test_the_office_hours_are_the_citys_own(account: Account, settings) -> None:
    settings.OFFICE_HOURS = [9 * 60, 17 * 60]
    in_force(account, [])
    assert may_post(account, moment("2026-11-24 8:45")).next_opening == moment("2026-11-24 9:00")


# --- In words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "at", "said"),
    [
        ("月〜金 8:30〜17:15", "2026-11-24 9:00", "発信できます(17:15まで)。"),
        ("月〜金 8:30〜17:15", "2026-11-24 18:00", "発信できません。次は11月25日(水)8:30からです。"),
        (
            "月〜金 8:30〜17:15", "2026-12-28 18:00",
            "発信できません。次は2027年1月4日(月)8:30からです。",
        ),
        ("火 18:00〜24:00", "2026-11-24 20:00", "発信できます(24:00まで)。"),
        ("火 18:00〜翌2:00", "2026-11-24 20:00", "発信できます(11月25日(水)2:00まで)。"),
    ],
)  # fmt: skip
def test_the_answer_is_said_in_one_sentence(account: Account, hours, at, said) -> None:
    in_force(account, [span.as_json() for span in spans(hours)])
    assert str(may_post(account, moment(at))) == said


def test_an_answer_without_an_end_or_a_next_time_promises_none(account: Account) -> None:
    assert str(may_post(account)) == "発信できません。"
    in_force(
        account, [{"days": list(range(7)), "from": "00:00", "to": "24:00"}],
        closed_on_holidays=False, closed_at_year_end=False,
    )  # fmt: skip
    assert str(may_post(account)) == "発信できます(終わりの時刻はありません)。"


def test_the_accounts_page_says_whether_it_may_post_now(cast, client) -> None:
    account = factories.official(cast.tourism)
    in_force(account, WORKDAYS)
    client.force_login(cast.officer)
    with time_machine.travel("2026-11-23T10:00:00+09:00", tick=False):
        page = client.get(f"/desk/accounts/{account.pk}/")
    [line] = [line for line in page.context["areas"] if line.area.title == "発信"]
    assert ([fact.text for fact in line.says], line.url) == (
        [
            "いま発信できません。次は11月24日(火)8:30からです。",
            "11月23日は祝日「勤労感謝の日」のため、運用しない日です。",
        ],
        f"/desk/accounts/{account.pk}/posts/",
    )
    assert "いま発信できません。次は11月24日(火)8:30からです。" in page.content.decode()
