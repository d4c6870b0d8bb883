"""A post that has gone out, or will not: what is recorded of it, and what the record waits for."""

from __future__ import annotations

import datetime

import pytest

from policies.models import OperatingPolicy
from postings import drafting
from postings.history import timeline
from postings.models import Post
from shinshiro_sns.steps import StepOvertaken
from tests import factories
from tests.postings import making
from tests.postings.conftest import OPEN, SHUT
from tests.postings.test_way_of_a_post import BARE, refused, take

HOUR = datetime.timedelta(hours=1)


def test_that_it_went_out_is_recorded_with_time_and_address(account, cast, clock):
    checked = making.post(account, cast.officer, "checked", **BARE)
    clock.move_to(SHUT)
    urls = f"{account.url}/status/1\n{account.url}/status/2\n{account.url}/status/1"

    posted = take(checked, "post", cast.colleague, posted_at=OPEN + HOUR, urls=urls)

    assert (posted.posted_by, posted.posted_at, posted.recorded_at) == (
        cast.colleague, OPEN + HOUR, SHUT,
    )  # fmt: skip
    assert posted.addresses == [f"{account.url}/status/1", f"{account.url}/status/2"]
    # The answer is about the moment it went out, not about when that was written down.
    assert (posted.allowed, posted.answered_for) == (True, OPEN + HOUR)
    account.refresh_from_db()
    assert account.last_post_on == OPEN.date()


def test_what_went_out_beside_its_hours_is_recorded_with_its_ground(account, cast, clock):
    checked = making.post(account, cast.officer, "checked", **BARE)
    clock.move_to(SHUT)
    went = making.sent(account)
    assert [place for _, _, place in refused(checked, "post", cast.officer, **went)] == ["ground"]

    posted = take(
        checked, "post", cast.officer, **went, ground="correction", ground_reason="日付の誤り"
    )

    assert (posted.allowed, posted.ground, posted.ground_reason) == (
        False, "correction", "日付の誤り",
    )  # fmt: skip
    assert list(Post.objects.excepted()) == [posted]


def test_what_went_out_before_a_suspension_is_still_recorded(account, cast, clock):
    checked = making.post(account, cast.officer, "checked", **BARE)
    clock.move_to(OPEN + HOUR)
    factories.stood(account, "suspend", cast.head)
    clock.move_to(OPEN + 2 * HOUR)

    late = making.sent(account, posted_at=OPEN + HOUR + HOUR / 2)
    [(sentence, _, place)] = refused(checked, "post", cast.officer, **late)
    assert (sentence[:11], place) == ("運用を停止しているアカ", "account")
    in_time = making.sent(account, posted_at=OPEN + HOUR / 2)
    assert take(checked, "post", cast.officer, **in_time).state == "posted"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"urls": ""}, "どちらか一つを入力してください。"),
        ({"no_url_reason": "一斉配信のため"}, "どちらか一つを入力してください。"),
        ({"urls": "https://www.instagram.com/p/Cxyz/"}, "このアカウントの投稿のURLを入力してください。"),
        ({"urls": "https://x.com.evil.example/a/status/1"}, "このアカウントの投稿のURLを入力してください。"),
        ({"urls": "https://x.com/example_kanko"}, "プロフィールのURLです。"),
        ({"urls": "javascript:alert(1)"}, "URLとして読み取れません。"),
        ({"urls": "投稿しました"}, "URLとして読み取れません。"),
        ({"urls": "\n".join(f"https://x.com/a/status/{n}" for n in range(21))}, "20件までです。"),
        ({"posted_at": OPEN + HOUR}, "これからの時刻は入力できません。"),
    ],
)  # fmt: skip
def test_only_a_post_of_the_accounts_own_service_that_has_gone_out(account, cast, given, sentence):
    checked = making.post(account, cast.officer, "checked")

    told = refused(checked, "post", cast.officer, **making.sent(account, **given))

    assert sentence in "".join(told[0])


def test_a_post_without_an_address_says_why(account, cast):
    checked = making.post(account, cast.officer, "checked")
    given = making.sent(account, urls="", no_url_reason="一斉配信のため")

    assert take(checked, "post", cast.officer, **given).no_url_reason == "一斉配信のため"


def test_an_address_that_was_mistyped_is_mended_and_the_first_one_stays_on_record(account, cast):
    posted = making.post(account, cast.officer, "posted")

    mended = take(posted, "amend", cast.officer, urls="https://x.com/example_kanko/status/99")

    assert (mended.state, mended.addresses) == ("posted", ["https://x.com/example_kanko/status/99"])
    assert timeline(mended)[0].note == "前のURL:https://x.com/example_kanko/status/1"


@pytest.mark.parametrize("state", Post.OPEN_STATES)
def test_what_is_not_to_go_out_is_given_up(approving, cast, state):
    if state == "checked":
        OperatingPolicy.objects.update(post_approval=False)
    post = making.post(approving, cast.officer, state, approver=cast.head)

    assert take(post, "drop", cast.officer, note="中止のため").state == "dropped"


def test_what_has_gone_out_cannot_be_given_up(account, cast):
    with pytest.raises(StepOvertaken):
        take(making.post(account, cast.officer, "posted"), "drop", cast.officer)


def test_the_timeline_tells_it_all_in_words(approving, cast):
    asked = making.post(approving, cast.officer, "awaiting")
    returned = take(asked, "return", cast.head, note="場所を書いてください")
    for text in ("本日、図書館は開館", "本日、図書館は開館します。石名号です。"):
        written = making.written(approving, text)
        returned = drafting.changed(returned, written, cast.officer, seen=returned.revision)
    approved = take(take(returned, "ask", cast.officer), "approve", cast.deputy)
    posted = take(approved, "post", cast.officer, **making.sent(approving))

    answer = "発信できます(17:15まで)。公式アカウントで、運用時間の中です。"
    assert [(entry.who, entry.what, entry.note) for entry in timeline(posted)] == [
        (cast.officer.name, "発信したことを記録しました", ""),
        (cast.deputy.name, "承認しました", ""),
        (cast.officer.name, "発信の承認を依頼しました", answer),
        (cast.officer.name, "下書きを直しました", ""),
        (cast.head.name, "差し戻しました", "直してほしいところ:場所を書いてください"),
        (cast.officer.name, "発信の承認を依頼しました", answer),
        (cast.officer.name, "下書きを作りました", ""),
    ]
