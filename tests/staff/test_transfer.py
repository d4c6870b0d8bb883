"""人事異動: what ends, what begins, what is kept of it, and how it is taken back as one."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.models import Department, Membership, Transfer
from staff.transferring.applying import TransferRefused, apply
from staff.transferring.undoing import obstacles, undo
from tests import factories
from tests.staff.transfer_helpers import (
    DAY,
    LAST_DAY,
    faults_of,
    file_of,
    places,
    plan_of,
    row,
    said,
    transferred,
)

SINCE = factories.SINCE


def everything():
    """Every membership and department, whatever its key."""
    members = Membership.objects.order_by("user", "department", "role", "valid_from")
    return (
        list(members.values_list("user", "department", "role", "valid_from", "valid_until")),
        list(Department.objects.order_by("pk").values_list("pk", "valid_until")),
    )


def test_who_moves_is_in_the_old_place_until_the_day_before_and_then_in_the_new(cast):
    transfer = transferred(
        row(cast.officer, "kanko", "bosai", "代決者", name="観光担当"), by=cast.administrator
    )
    assert places(cast.officer) == [
        ("kanko", "officer", SINCE, LAST_DAY), ("bosai", "deputy", DAY, None),
    ]  # fmt: skip
    assert (transfer.lines, transfer.made_by, transfer.effective_on) == (
        1, cast.administrator, DAY,
    )  # fmt: skip
    rows = transfer.memberships.order_by("begun")
    assert list(rows.values_list("department__code", "begun", "until_before")) == [
        ("kanko", False, None), ("bosai", True, None),
    ]  # fmt: skip


def test_joining_leaving_and_rising_are_lines_of_the_same_file(cast):
    plan_rows = [
        row(cast.stranger, "", "kanko"),
        row(cast.colleague, "kanko", ""),
        row(cast.deputy, "kanko", "kanko", "所属の長"),
        row(cast.head, "kanko", "bosai", "所属の長"),
        row(cast.partner_head, "bosai", ""),
    ]
    transferred(*plan_rows)
    assert places(cast.stranger) == [("kanko", "officer", DAY, None)]
    assert places(cast.colleague) == [("kanko", "officer", SINCE, LAST_DAY)]
    assert places(cast.deputy) == [
        ("kanko", "deputy", SINCE, LAST_DAY), ("kanko", "head", DAY, None),
    ]  # fmt: skip
    assert places(cast.head) == [("kanko", "head", SINCE, LAST_DAY), ("bosai", "head", DAY, None)]


def test_every_role_in_the_place_left_ends_and_other_places_stay(cast):
    for department, role in ((cast.tourism, "deputy"), (cast.safety, "officer")):
        Membership.objects.create(
            user=cast.officer, department=department, role=role, valid_from=SINCE
        )
    transferred(row(cast.officer, "kanko", ""))
    assert places(cast.officer) == [
        ("bosai", "officer", SINCE, None),
        ("kanko", "officer", SINCE, LAST_DAY),
        ("kanko", "deputy", SINCE, LAST_DAY),
    ]


def test_an_end_written_down_before_is_brought_forward_and_given_back(cast):
    later = DAY + datetime.timedelta(days=60)
    Membership.objects.filter(user=cast.officer).update(valid_until=later)
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    assert places(cast.officer)[0] == ("kanko", "officer", SINCE, LAST_DAY)
    undo(transfer.pk, by=None)
    assert places(cast.officer) == [("kanko", "officer", SINCE, later)]


def test_who_leaves_on_that_very_day_anyway_needs_no_end(cast):
    Membership.objects.filter(user=cast.officer).update(valid_until=LAST_DAY)
    transfer = transferred(row(cast.officer, "kanko", "bosai"))
    assert list(transfer.memberships.values_list("begun", flat=True)) == [True]


def test_two_people_change_places(cast):
    transferred(
        row(cast.head, "kanko", "bosai", "所属の長"),
        row(cast.partner_head, "bosai", "kanko", "所属の長"),
    )
    assert places(cast.partner_head)[1] == ("kanko", "head", DAY, None)


def test_a_department_that_ends_gives_its_people_to_the_one_after_it(cast):
    transfer = transferred(
        row(cast.colleague, "kanko", "hisho"),
        row(kind="所属", source="kanko", target="bosai"),
    )
    cast.tourism.refresh_from_db()
    assert cast.tourism.valid_until == LAST_DAY
    assert places(cast.officer)[1] == ("bosai", "officer", DAY, None)
    assert places(cast.head)[1] == ("bosai", "head", DAY, None)
    assert places(cast.colleague)[1] == ("hisho", "officer", DAY, None)
    [closed] = transfer.departments.all()
    assert (closed.department, closed.successor, closed.until_before) == (
        cast.tourism, cast.safety, None,
    )  # fmt: skip


def test_who_is_in_the_department_after_it_already_is_not_there_twice(cast):
    Membership.objects.create(
        user=cast.officer, department=cast.safety, role="officer", valid_from=SINCE
    )
    transferred(row(kind="所属", source="kanko", target="bosai"))
    assert [place for place in places(cast.officer) if place[0] == "bosai"] == [
        ("bosai", "officer", SINCE, None)
    ]


def test_the_history_says_which_transfer_changed_a_row_and_who_made_it(cast):
    transfer = transferred(row(cast.officer, "kanko", "bosai"), by=cast.administrator)
    because = f"{DAY.year}年{DAY.month}月{DAY.day}日付けの人事異動({transfer.pk}番)"
    history = Membership.history.filter(user=cast.officer).order_by("history_id")
    told = list(history.values_list("history_type", "history_user", "history_change_reason"))
    admin = cast.administrator.pk
    assert told[1:] == [("~", admin, because), ("+", admin, because)]
    undo(transfer.pk, by=cast.administrator)
    told = list(history.values_list("history_type", "history_user", "history_change_reason"))
    assert told[3:] == [("-", admin, f"{because}の取消し"), ("~", admin, f"{because}の取消し")]


def test_the_same_file_for_the_same_day_is_applied_once(cast):
    rows = [row(cast.officer, "kanko", "bosai")]
    transfer = transferred(*rows)
    for way in (lambda: plan_of(*rows), lambda: apply(file_of(*rows), DAY, by=None)):
        with pytest.raises(TransferRefused, match=f"に反映されています\\({transfer.pk}番\\)"):
            way()
    undo(transfer.pk, by=None)
    assert transferred(*rows).pk != transfer.pk


def test_what_was_confirmed_is_what_is_applied_or_nothing_is(cast):
    rows = [row(cast.officer, "kanko", "bosai"), row(kind="所属", source="kanko", target="bosai")]
    seen = plan_of(*rows).fingerprint()
    factories.member(cast.tourism, name="新しい 職員")
    before = everything()
    plan, transfer = apply(file_of(*rows), DAY, by=None, expected=seen)
    assert (transfer, plan.changed_meanwhile) == (None, True)
    assert everything() == before
    plan, transfer = apply(file_of(*rows), DAY, by=None, expected=plan.fingerprint())
    assert transfer is not None


def test_an_undo_leaves_everything_as_it_was(cast):
    before = everything()
    transfer = transferred(
        row(cast.officer, "kanko", "hisho"),
        row(cast.partner_officer, "bosai", ""),
        row(cast.stranger, "", "hisho"),
        row(kind="所属", source="kanko", target="bosai"),
    )
    assert everything() != before
    undone = undo(transfer.pk, by=cast.administrator)
    assert everything() == before
    assert (undone.undone_by, undone.undone_at is not None) == (cast.administrator, True)
    with pytest.raises(TransferRefused, match="すでに取り消されています"):
        undo(transfer.pk, by=None)
    assert set(transfer.memberships.filter(begun=True).values_list("membership", flat=True)) == {
        None
    }


def begun_ended(cast):
    Membership.objects.filter(user=cast.officer, department=cast.safety).update(valid_until=DAY)


def ended_changed(cast):
    Membership.objects.filter(user=cast.officer, department=cast.tourism).update(valid_until=DAY)


def begun_deleted(cast):
    Membership.objects.get(user=cast.officer, department=cast.safety).delete()


def begun_again(cast):
    Membership.objects.create(
        user=cast.officer, department=cast.tourism, role="officer", valid_from=DAY
    )


CHANGED = "観光 担当さんの「{}」の担当者の記録が、反映した後に変わっています。"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (begun_ended, CHANGED.format("防災課")),
        (ended_changed, CHANGED.format("観光課")),
        (begun_deleted, CHANGED.format("防災課")),
        (
            begun_again,
            "観光 担当さんの「観光課」の担当者の記録と同じ記録が、反映した後に始まっています。",
        ),
    ],
)
def test_what_was_changed_since_is_named_and_nothing_is_undone(cast, change, sentence):
    transfer = transferred(row(cast.officer, "kanko", "bosai"), row(cast.colleague, "kanko", ""))
    change(cast)
    before = everything()
    assert obstacles(transfer) == [sentence]
    with pytest.raises(TransferRefused, match="反映した後に"):
        undo(transfer.pk, by=None)
    assert everything() == before


def test_a_department_given_another_end_since_is_named(cast):
    transfer = transferred(row(kind="所属", source="kanko", target="bosai"))
    Department.objects.filter(code="kanko").update(valid_until=None)
    assert obstacles(transfer) == ["所属「観光課」の廃止日が、反映した後に変わっています。"]


def test_a_transfer_that_never_was_cannot_be_undone(db):
    with pytest.raises(TransferRefused, match="7番の人事異動はありません"):
        undo(7, by=None)


def test_the_preview_says_what_follows_for_people_and_departments(cast):
    plan = plan_of(
        row(cast.head, "kanko", ""),
        row(cast.deputy, "kanko", "bosai"),
        row(cast.stranger, "", "hisho"),
    )
    assert said(plan, "ended") == [
        "2行目:観光 課長さん 「観光課」の所属の長を終える",
        "3行目:観光 補佐さん 「観光課」の代決者を終える",
    ]
    assert said(plan, "begun") == [
        "3行目:観光 補佐さん 「防災課」の担当者になる",
        "4行目:所属 なしさん 「秘書人事課」の担当者になる",
    ]
    assert said(plan, "headless") == ["2行目:「観光課」に所属の長がいなくなる"]
    assert said(plan, "without_deputy") == ["3行目:「観光課」に代決者がいなくなる"]
    assert said(plan, "nowhere") == [
        "2行目:観光 課長さんは、どの所属にも属さなくなる"
        "(退職する人は、退職した後に、職員の画面で「在職中」を外してください)"
    ]
    assert plan.count() == "ended 2, begun 2, moved 0, failed 0"
    assert not Transfer.objects.exists()


def test_an_inactive_head_left_over_leads_nobody(cast):
    other = factories.member(cast.tourism, "head", name="二人目 課長")
    assert said(plan_of(row(cast.head, "kanko", "")), "headless") == []
    other.is_active = False
    other.save()
    assert said(plan_of(row(cast.head, "kanko", "")), "headless") == [
        "2行目:「観光課」に所属の長がいなくなる"
    ]


def test_the_judgement_takes_as_many_queries_for_thirty_lines_as_for_one(cast):
    people = [factories.user(f"新人 {number}") for number in range(30)]
    for count in (1, 30):
        with CaptureQueriesContext(connection) as captured:
            assert faults_of(*(row(person, "", "kanko") for person in people[:count])) == {}
        if count == 1:
            first = len(captured)
    assert len(captured) == first


def test_a_transfer_of_today_holds_today(cast):
    today = timezone.localdate()
    transferred(row(cast.officer, "kanko", "bosai"), day=today)
    current = Membership.objects.current().filter(user=cast.officer)
    assert list(current.values_list("department__code", flat=True)) == ["bosai"]
