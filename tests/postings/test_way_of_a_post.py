"""A post on its way out: what each step waits for, what it brings about, and who may take it."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Account
from policies.models import OperatingPolicy
from postings import drafting
from postings.checking import Image, ImageKind
from postings.models import Post
from postings.workflow import post_workflow
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests.postings import making
from tests.postings.conftest import OPEN, SHUT

HOUR = datetime.timedelta(hours=1)
BARE = {"ground": "", "ground_reason": ""}


def take(post, step, by, **more):
    return post_workflow.take(post, step, by=by, **more)


def refused(post, step, by, **more):
    """The sentences and places with which the step is refused; nothing is changed by it."""
    before = Post.objects.filter(pk=post.pk).values().get()
    with pytest.raises(StepNotMet) as caught:
        take(post, step, by, **more)
    assert Post.objects.filter(pk=post.pk).values().get() == before
    return [(unmet.sentence, unmet.clause, unmet.place) for unmet in caught.value.reasons]


# --- Checked ------------------------------------------------------------------------------------


def test_who_decided_and_what_4_1_answered_are_kept_with_the_text(account, cast):
    post = making.post(account, cast.officer, **BARE, text="くわしくは https://example.com/ へ")

    checked = take(post, "ready", cast.colleague)

    assert (checked.state, checked.checked_by, checked.checked_at) == (
        "checked", cast.colleague, OPEN,
    )  # fmt: skip
    assert (checked.allowed, checked.answered_for, checked.answer) == (
        True, OPEN, "発信できます(17:15まで)。公式アカウントで、運用時間の中です。",
    )  # fmt: skip
    [row] = checked.findings
    assert (row["rule"], row["level"], row["decision"]) == (
        "link.third_party", "warning", "確かめました",
    )  # fmt: skip
    assert post.text[row["start"] : row["end"]] == "https://example.com/"


def test_a_warning_nobody_confirmed_and_an_error_nobody_gave_a_reason_for_wait(account, cast):
    text = "11月30日(土)に開催します。くわしくは https://example.com/ へ"
    post = making.post(account, cast.officer, text=text, decisions={})
    [error, warning] = [row["key"] for row in post.findings]

    assert refused(post, "ready", cast.officer) == [
        ("「曜日の誤り」を直すか、そのまま発信する理由を入力してください。", "4(2)ア", f"point-{error}"),
        ("「市のものではないリンク」を確かめて、印を付けてください。", "4(2)ウ", f"point-{warning}"),
    ]  # fmt: skip


def test_what_was_decided_holds_while_the_text_around_it_changes(account, cast):
    post = making.post(account, cast.officer, text="くわしくは https://example.com/ へ")
    decided = {row["key"]: row["decision"] for row in post.findings}
    again = making.written(account, "本日です。https://example.com/ です。", decisions=decided)

    changed = drafting.changed(post, again, cast.officer, seen=post.revision)

    assert take(changed, "ready", cast.officer).state == "checked"


def test_another_link_is_another_thing_to_confirm(account, cast):
    post = making.post(account, cast.officer, text="くわしくは https://example.com/ へ")
    decided = {row["key"]: row["decision"] for row in post.findings}
    again = making.written(account, "くわしくは https://example.org/ へ", decisions=decided)

    changed = drafting.changed(post, again, cast.officer, seen=post.revision)

    [(sentence, _, _)] = refused(changed, "ready", cast.officer)
    assert sentence == "「市のものではないリンク」を確かめて、印を付けてください。"


def test_what_is_wrong_only_since_midnight_waits_too(account, cast, clock):
    text = "11月24日まで受け付けます。"
    post = making.post(account, cast.officer, text=text, **BARE)
    assert post.findings == []
    clock.move_to(OPEN + datetime.timedelta(days=1))

    [(sentence, clause, _)] = refused(post, "ready", cast.officer)

    assert (sentence, clause) == ("「過ぎた日付」を確かめて、印を付けてください。", "4(2)ア")


@pytest.mark.parametrize(
    ("images", "said", "lacking"),
    [
        ((Image(ImageKind.CHART, 1, True),), {}, ["rights"]),
        ((Image(ImageKind.CHART, 1, True),), {"rights": "own"}, []),
        ((Image(ImageKind.PHOTO, 2, True),), {"rights": "own"}, ["portrait"]),
        ((Image(ImageKind.VIDEO, 1, True),), {"rights": "own", "portrait": "consented"}, []),
        ((Image(ImageKind.CHART, 1, True),), {"rights": "permitted"}, ["rights_note"]),
        ((Image(ImageKind.CHART, 1, True),), {"rights": "free", "rights_note": "CC BY"}, []),
        ((), {}, []),
    ],
)
def test_images_want_a_word_about_rights_and_about_who_is_seen(
    account, cast, images, said, lacking
):
    post = making.post(account, cast.officer, images=images, **said)
    if lacking:
        told = refused(post, "ready", cast.officer)
        assert [(clause, place) for _, clause, place in told] == [("4(3)", lacking[0])]
    else:
        assert take(post, "ready", cast.officer).state == "checked"


# --- 4(1): within the hours, or with a ground ---------------------------------------------------


def test_outside_the_hours_it_goes_on_with_a_ground_and_a_reason_alone(account, cast, clock):
    post = making.post(account, cast.officer, **BARE)
    clock.move_to(SHUT)
    sentence = "運用時間の外ですので、発信する事由を選び、やむを得ない理由を入力してください。"
    assert refused(post, "ready", cast.officer) == [(sentence, "4(1)", "ground")]

    grounded = making.written(account, ground="harm", ground_reason="断水のため")
    changed = drafting.changed(post, grounded, cast.officer, seen=post.revision)
    checked = take(changed, "ready", cast.officer)

    assert (checked.allowed, checked.ground, checked.ground_reason) == (False, "harm", "断水のため")
    assert checked.answer.startswith("発信できません。次は11月25日(水)8:30からです。")


@pytest.mark.parametrize("status", ["preparing", "suspended", "closed"])
def test_no_ground_opens_an_account_that_is_not_official(account, cast, status):
    post = making.post(account, cast.officer)
    ready = making.post(account, cast.officer, "checked")
    Account.objects.filter(pk=account.pk).update(status=status)

    for pk, step, more in (
        (post.pk, "ready", {}), (ready.pk, "post", making.sent(account)),
    ):  # fmt: skip
        row = Post.objects.get(pk=pk)
        [(sentence, clause, place)] = refused(row, step, cast.officer, **more)
        assert (clause, place) == ("4(1)", "account")
        assert sentence.startswith(
            {"preparing": "準備中の", "suspended": "運用を停止している", "closed": "廃止した"}[
                status
            ]
        )


def test_no_ground_opens_an_account_without_a_policy(account, cast):
    post = making.post(account, cast.officer)
    OperatingPolicy.objects.update(state="superseded")

    [(sentence, clause, _)] = refused(post, "ready", cast.officer)

    assert (clause, sentence[:9]) == ("4(1)", "施行中の運用ポリシ")


# --- The second pair of eyes --------------------------------------------------------------------


def test_where_the_policy_wants_another_to_look_nobody_goes_on_alone(approving, cast):
    post = making.post(approving, cast.officer)
    with pytest.raises(StepOvertaken):
        take(post, "ready", cast.officer)

    asked = take(post, "ask", cast.officer)

    assert (asked.state, asked.asked_by, asked.needs_approval) == ("awaiting", cast.officer, True)
    for step in ("post", "ready", "ask"):
        with pytest.raises(StepOvertaken):
            take(asked, step, cast.officer, **making.sent(approving))


def test_where_the_policy_wants_nobody_nobody_is_asked(account, cast):
    with pytest.raises(StepOvertaken):
        take(making.post(account, cast.officer), "ask", cast.officer)


def test_another_of_the_department_approves_it(approving, cast):
    for approver in (cast.colleague, cast.head, cast.deputy):
        asked = making.post(approving, cast.officer, "awaiting")

        approved = take(asked, "approve", approver)

        assert (approved.state, approved.approved_by, approved.approved_at) == (
            "approved", approver, OPEN,
        )  # fmt: skip
        assert take(approved, "post", cast.officer, **making.sent(approving)).state == "posted"


def test_nobody_approves_or_sends_back_what_he_wrote_himself(approving, cast):
    begun = making.post(approving, cast.officer)
    again = making.written(approving, "本日、図書館は休館します。")
    changed = drafting.changed(begun, again, cast.colleague, seen=begun.revision)
    asked = take(changed, "ask", cast.head)
    sentence = "ご自身が書いたものは承認できません。ほかの職員が確かめます。"

    for author in (cast.officer, cast.colleague, cast.head):
        for step in ("approve", "return"):
            assert refused(asked, step, author, note="直す") == [(sentence, "4(2)", "")]
    assert take(asked, "approve", cast.deputy).approved_by == cast.deputy


def test_nobody_else_approves_it(approving, cast):
    asked = making.post(approving, cast.officer, "awaiting")
    for stranger in (cast.partner_head, cast.pr_officer, cast.auditor, cast.administrator):
        with pytest.raises(PermissionDenied):
            take(asked, "approve", stranger)


def test_it_is_not_asked_for_where_nobody_could_look(approving, cast):
    for person in (cast.colleague, cast.head, cast.deputy):
        person.memberships.update(valid_until=OPEN.date() - datetime.timedelta(days=1))
    post = making.post(approving, cast.officer)

    [(sentence, _, place)] = refused(post, "ask", cast.officer)

    assert (sentence[:27], place) == (
        "この所属に、承認できるほかの職員がいません。システム管",
        "approvers",
    )


def test_sent_back_with_words_it_is_mended_and_asked_for_again(approving, cast):
    asked = making.post(approving, cast.officer, "awaiting")
    assert refused(asked, "return", cast.head) == [
        ("「直してほしいところ」を入力してください。", "", "note")
    ]

    returned = take(asked, "return", cast.head, note="場所を書いてください")
    assert (returned.state, returned.asked_by, returned.is_editable) == ("returned", None, True)

    mended = making.written(approving, "本日、図書館は開館します。場所は石名号です。")
    changed = drafting.changed(returned, mended, cast.officer, seen=returned.revision)
    assert take(changed, "ask", cast.officer).state == "awaiting"


def test_its_author_recalls_it_until_the_other_has_acted(approving, cast):
    asked = making.post(approving, cast.officer, "awaiting")
    with pytest.raises(StepOvertaken):
        take(asked, "recall", cast.colleague)

    recalled = take(asked, "recall", cast.officer)

    assert (recalled.state, recalled.asked_by) == ("draft", None)
    approved = take(take(recalled, "ask", cast.officer), "approve", cast.head)
    with pytest.raises(StepOvertaken):
        take(approved, "recall", cast.officer)


def test_a_text_is_changed_only_after_its_approval_is_given_up(approving, cast):
    approved = making.post(approving, cast.officer, "approved", approver=cast.head)
    other = making.written(approving, "本日、図書館は休館します。")
    with pytest.raises(StepOvertaken):
        drafting.changed(approved, other, cast.officer, seen=approved.revision)

    again = take(approved, "rewrite", cast.officer)

    assert (again.state, again.approved_by, again.approved_at, again.asked_by) == (
        "draft", None, None, None,
    )  # fmt: skip
    changed = drafting.changed(again, other, cast.officer, seen=again.revision)
    with pytest.raises(StepOvertaken):
        take(changed, "post", cast.officer, **making.sent(approving))


def test_the_rule_that_held_when_it_was_checked_holds_to_its_end(account, cast):
    checked = making.post(account, cast.officer, "checked")
    OperatingPolicy.objects.update(post_approval=True)

    assert take(checked, "post", cast.officer, **making.sent(account)).state == "posted"
