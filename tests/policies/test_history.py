"""The timeline of a policy: every deed with its true actor, its words and its reasons."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from policies.consulting import CONSULTATION_STEPS, consultation_workflow
from policies.history import done, timeline
from policies.models import Consultation, InternalNote, OperatingPolicy
from policies.workflow import STEPS, policy_workflow
from tests import factories

TOKYO = ZoneInfo("Asia/Tokyo")
take = policy_workflow.take


def on(day, hour=9):
    return time_machine.travel(datetime.datetime(2026, 11, day, hour, tzinfo=TOKYO), tick=True)


def edit(policy, by, **values):
    for name, value in values.items():
        setattr(policy, name, value)
    policy._history_user = policy.edited_by = by
    policy.edited_at = datetime.datetime.now(TOKYO)
    policy.save()
    return policy


def deeds(policy):
    return [(entry.who, entry.what) for entry in timeline(policy)]


@pytest.fixture
def draft(cast):
    with on(2):
        return factories.draft(factories.account(cast.tourism), cast.officer)


@pytest.mark.parametrize("step", [*STEPS, *CONSULTATION_STEPS], ids=lambda step: step.name)
def test_every_step_reads_as_something_done(step):
    assert done(step.label).endswith("ました")
    assert not done(step.label).endswith(("るました", "すました"))


def test_the_whole_way_is_told_newest_first_each_deed_with_its_actor(cast, draft):
    with on(3):
        policy = take(draft, "submit", by=cast.officer)
    with on(4):
        policy = take(policy, "set", by=cast.head)
    with on(5):
        policy = take(policy, "assign", by=cast.pr_officer)
    with on(6):
        policy = take(policy, "receive", by=cast.pr_second)
    assert deeds(policy) == [
        ("広報 同僚", "受理しました"),
        ("広報 担当", "担当になりました"),
        ("観光 課長", "決定して広報主管課に報告しました"),
        ("観光 担当", "所属長に提出しました"),
        ("観光 担当", "第1版の作成を始めました"),
    ]
    assert [entry.when.astimezone(TOKYO).day for entry in timeline(policy)] == [6, 5, 4, 3, 2]


def test_what_one_person_edits_in_a_row_is_one_entry_that_names_the_sections(cast, draft):
    with on(3, 9):
        edit(draft, cast.officer, purpose="観光の案内")
    with on(3, 10):
        edit(draft, cast.officer, content="催し")
    with on(3, 11):
        draft.users.add(cast.colleague)
    newest = timeline(draft)[0]
    assert (newest.who, newest.what) == ("観光 担当", "内容を編集しました")
    assert newest.note == "「アカウント利用者と管理者」「目的と内容」"
    assert newest.when.astimezone(TOKYO).hour == 11
    assert len(timeline(draft)) == 2


def test_edits_of_two_people_in_turn_stay_apart(cast, draft):
    with on(3):
        edit(draft, cast.officer, purpose="一")
    with on(4):
        edit(draft, cast.colleague, purpose="二")
    with on(5):
        edit(draft, cast.officer, content="三")
    assert deeds(draft)[:3] == [
        ("観光 担当", "内容を編集しました"),
        ("観光 同僚", "内容を編集しました"),
        ("観光 担当", "内容を編集しました"),
    ]


def test_an_edit_that_was_put_back_is_not_told(cast, draft):
    before = draft.purpose
    with on(3):
        edit(draft, cast.officer, purpose="別の目的")
        edit(draft, cast.officer, purpose=before)
    assert deeds(draft) == [("観光 担当", "第1版の作成を始めました")]


def test_a_return_gives_every_reason_as_a_sentence_and_its_own_words(cast, draft):
    with on(3):
        policy = take(draft, "submit", by=cast.officer)
        policy = take(policy, "set", by=cast.head)
    with on(4):
        policy = take(
            policy, "return", by=cast.pr_officer, note="直してください。", reasons=["name", "reply"]
        )
    newest = timeline(policy)[0]
    assert (newest.who, newest.what) == ("広報 担当", "所属に差し戻しました")
    assert newest.note.splitlines() == [
        "・表示名から、市のアカウントであることが分かりません。",
        "・意見や質問への対応方法が具体的ではありません。",
        "直してください。",
    ]


def test_acting_for_the_head_shows_the_deputy_the_head_and_why_he_was_absent(cast, draft):
    with on(10):
        factories.absence(cast.tourism, cast.head, days=2, reason="出張")
        policy = take(draft, "submit", by=cast.officer)
        policy = take(policy, "set_for_head", by=cast.deputy, note="急ぐため")
    with on(11):
        policy = take(policy, "review", by=cast.head, note="確かめた")
    review, acted = timeline(policy)[:2]
    assert (acted.who, acted.for_whom) == ("観光 補佐", "観光 課長")
    assert acted.what == "代決して広報主管課に報告しました"
    assert acted.note.splitlines() == [
        "所属の長(観光 課長)の不在:出張(2026年11月10日から2026年11月12日まで)",
        "代決する理由:急ぐため",
    ]
    assert (review.who, review.what, review.note) == ("観光 課長", "後閲しました", "所見:確かめた")


def test_consultations_tell_who_was_asked_and_what_each_answered(cast, draft):
    draft.is_shared, draft.shared_theme, draft.shared_reason = True, "催し", "探しやすい"
    with on(3):
        edit(draft, cast.officer)
        draft.partners.set([cast.safety])
    with on(4):
        policy = take(draft, "submit", by=cast.officer, note="お願いします")
    with on(5):
        asked = Consultation.objects.get(policy=policy)
        consultation_workflow.take(asked, "object", by=cast.partner_head, note="時期が早い")
    answer, submitted = timeline(policy)[:2]
    assert (answer.who, answer.what) == ("防災 課長", "合議:防災課が異議を述べました")
    assert answer.note == "意見:時期が早い"
    assert submitted.note == "所属の長への連絡:お願いします\n合議する所属:防災課"


def test_an_answer_for_an_absent_head_rests_on_the_absence_that_held_that_day(cast, draft):
    deputy = factories.member(cast.safety, "deputy", "防災 補佐")
    draft.is_shared, draft.shared_theme, draft.shared_reason = True, "催し", "探しやすい"
    with on(3):
        edit(draft, cast.officer)
        draft.partners.set([cast.safety])
        factories.absence(cast.safety, cast.partner_head, reason="研修")
    with on(5):
        factories.absence(cast.safety, cast.partner_head, reason="休暇")
        policy = take(draft, "submit", by=cast.officer)
        asked = Consultation.objects.get(policy=policy)
        consultation_workflow.take(asked, "agree_for_head", by=deputy, note="異議なし")
    newest = timeline(policy)[0]
    assert (newest.who, newest.for_whom) == ("防災 補佐", "防災 課長")
    assert newest.what == "合議:防災課が代決して同意しました"
    assert newest.note == ("所属の長(防災 課長)の不在:休暇(2026年11月5日)\n意見:異議なし")


def test_a_version_says_when_the_next_took_its_place(cast):
    account = factories.account(cast.tourism)
    people = {"head": cast.head, "receiver": cast.pr_officer}
    first = factories.policy(account, cast.officer, "in_force", **people)
    factories.policy(account, cast.officer, "in_force", **people)
    assert deeds(first)[0] == ("広報 担当", "次の版が受理され、旧版になりました")


def test_internal_notes_never_stand_in_the_timeline(cast, draft):
    InternalNote.objects.create(policy=draft, author=cast.pr_officer, text="庁内限り")
    assert "庁内限り" not in str(timeline(draft))


def test_a_long_history_takes_no_more_queries_than_a_short_one(cast, draft):
    def count():
        with CaptureQueriesContext(connection) as queries:
            timeline(draft)
        return len(queries)

    edit(draft, cast.officer, purpose="一")
    few = count()
    for number, person in enumerate([cast.colleague, cast.officer] * 3):
        edit(draft, person, purpose=f"目的{number}")
        draft.users.set([person])
    assert count() == few


# What tells one of two policies made alike from the other.
OWN = {
    "id", "account_id", "operatingpolicy_id", "history_id", "m2m_history_id", "handle", "url",
    "identity", "search_text",
}  # fmt: skip


@pytest.mark.parametrize("state", ["with_head", "reported", "in_force"])
def test_what_the_factory_lays_down_is_what_the_steps_leave(cast, state):
    def rows(build):
        with time_machine.travel(datetime.datetime(2026, 11, 3, 9, tzinfo=TOKYO), tick=False):
            policy = build(
                factories.account(cast.tourism), cast.officer, state,
                head=cast.head, receiver=cast.pr_officer,
            )  # fmt: skip
        records = policy.history.order_by("history_id")
        found = [
            *OperatingPolicy.objects.filter(pk=policy.pk).values(),
            *Account.objects.filter(pk=policy.account_id).values(),
            *Account.history.filter(id=policy.account_id).order_by("-history_id").values()[:1],
            *records.values(),
        ]
        for name in ("partners", "users", "administrators"):
            linked = getattr(OperatingPolicy, name).through.objects.filter(operatingpolicy=policy)
            found += linked.values()
            for record in records:
                found += [{"kept with": record.step}, *getattr(record, name).values()]
        return [{name: row[name] for name in row.keys() - OWN} for row in found]

    laid_down, walked = rows(factories.policy), rows(factories.walked)
    assert len(laid_down) > 6
    assert laid_down == walked
