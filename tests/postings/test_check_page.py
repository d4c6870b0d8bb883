"""The page of a draft: the answer at once, the findings with their place, saved and gone on without a loss."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from policies.models import OperatingPolicy
from postings.models import Post, WorkingCopy
from postings.workflow import post_workflow
from tests import factories
from tests.postings import making
from tests.postings.conftest import SHUT

LINK = "くわしくは https://example.com/ へ"
HTML = "<script>alert(1)</script><b>太字</b>&amp; </textarea>"


def page_of(account: Account, post: Post | None = None) -> str:
    if post:
        return reverse("postings:edit", args=[account.pk, post.pk])
    return reverse("postings:new", args=[account.pk])


def opened(client, account, post=None, **query):
    """The page, and what its form carries beside what is typed."""
    page = client.get(page_of(account, post), query)
    assert page.status_code == 200
    return page, carried_by(page)


def carried_by(page):
    form = page.context["form"]
    return {name: str(form[name].value()) for name in ("key", "revision", "seal")}


def sent(client, account, carried, text, to="check", post=None, **more):
    given = {**carried, "text": text, "to": to, **more}
    return client.post(page_of(account, post), given)


def keys(answer, level):
    return [row["point"].key for row in answer.context["points"] if row["point"].level == level]


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.officer)
    return client


# --- At once ------------------------------------------------------------------------------------


def test_before_a_word_is_typed_it_says_whether_the_account_may_post_now(account, officer, clock):
    page, _ = opened(officer, account)
    assert "いま発信できます(17:15まで)。" in page.content.decode()
    clock.move_to(SHUT)

    page, _ = opened(officer, account)

    said = page.content.decode()
    assert "いま発信できません。次は11月25日(水)8:30からです。" in said
    assert (
        "運用ポリシーで定めた運用時間「月〜金 8:30〜17:15(祝日・年末年始を除く)」の外です。" in said
    )
    assert '<a href="/guideline/#c4-1">4(1)</a>' in said


def test_a_finding_says_where_why_what_to_do_and_by_which_clause(account, officer):
    _, carried = opened(officer, account)

    answer = sent(officer, account, carried, f"催しの案内です。{LINK}")

    assert answer.status_code == 200
    said = answer.content.decode()
    assert "見直すところ:注意1件" in said
    assert '<mark class="mark mark--warning">https://example.com/<span' in said
    assert "「example.com」のページへのリンクです。" in said
    assert "本文に、だれのページかを書き添えてください。" in said
    assert '<a href="/guideline/#c4-2-u">4(2)ウ</a>' in said
    [row] = answer.context["points"]
    assert (row["place"].before, row["place"].words, row["place"].after) == (
        "…の案内です。くわしくは ", "https://example.com/", " へ",
    )  # fmt: skip
    assert not Post.objects.exists()


def test_each_service_counts_in_its_own_way(account, cast, officer):
    factories.official(cast.tourism, "example_insta", "instagram")
    _, carried = opened(officer, account)

    answer = sent(officer, account, carried, "あ" * 141, services=["instagram"])

    counted = [(name, length.used, length.limit) for name, length in answer.context["lengths"]]
    assert counted == [("X（旧Twitter）", 282, 280), ("Instagram", 141, 2200)]
    assert [row["point"].finding.rule for row in answer.context["points"]] == ["length.too_long"]


def test_what_was_typed_stays_as_it_was_typed(account, officer):
    _, carried = opened(officer, account)
    typed = f"  一行目\r\n\r\n{HTML}\r\n三行目 "

    answer = sent(officer, account, carried, typed)

    inside = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert inside
    assert inside[1].replace("\r\n", "\n") == (
        typed.replace("\r\n", "\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    assert "<script>alert" not in answer.content.decode()


# --- Saved, and gone on -------------------------------------------------------------------------


def test_a_hundred_thousand_signs_are_checked_and_saved_and_one_more_is_told(account, officer):
    _, carried = opened(officer, account)
    longest = "あ" * 100_000

    too_long = sent(officer, account, carried, longest + "い", to="save")
    assert too_long.status_code == 422
    assert "本文が長すぎます(100001字)。" in too_long.content.decode()
    assert too_long.context["form"]["text"].value() == longest + "い"
    assert not Post.objects.exists()

    assert sent(officer, account, carried, longest).status_code == 200
    assert sent(officer, account, carried, longest, to="save").status_code == 302
    assert Post.objects.get().text == longest


def test_a_draft_is_saved_half_done(account, cast, officer):
    _, carried = opened(officer, account)

    answer = sent(officer, account, carried, LINK, "save")

    post = Post.objects.get()
    assert answer["Location"] == post.get_absolute_url()
    assert (post.state, post.text, post.created_by, post.services) == (
        "draft", LINK, cast.officer, ["x"],
    )  # fmt: skip
    assert [row["decision"] for row in post.findings] == [""]


def test_what_is_still_to_be_decided_is_said_with_a_link_to_each(account, officer):
    _, carried = opened(officer, account)

    answer = sent(officer, account, carried, LINK, "go")

    assert answer.status_code == 422
    [key] = keys(answer, "warning")
    assert f'href="#point-{key}"' in answer.content.decode()
    assert f'id="point-{key}"' in answer.content.decode()
    # Nothing is lost: it is a draft now, and the page goes on from there.
    post = Post.objects.get()
    assert (post.state, post.text) == ("draft", LINK)
    assert f'action="{page_of(account, post)}"' in answer.content.decode()

    carried = carried_by(answer)
    again = sent(officer, account, carried, LINK, "go", post, **{f"ok-{key}": "on"})

    assert again["Location"] == post.get_absolute_url()
    post.refresh_from_db()
    assert (post.state, post.findings[0]["decision"]) == ("checked", "on")


def test_an_error_is_kept_on_purpose_with_a_reason(account, officer):
    _, carried = opened(officer, account)
    text = "11月30日(土)に開催します。"
    answer = sent(officer, account, carried, text, "go")
    [key] = keys(answer, "error")
    post = Post.objects.get()
    carried = carried_by(answer)

    sent(officer, account, carried, text, "go", post, **{f"why-{key}": "去年の例を引くため"})

    post.refresh_from_db()
    assert (post.state, post.findings[0]["decision"]) == ("checked", "去年の例を引くため")


def test_images_are_told_by_number_kind_and_description(account, officer):
    _, carried = opened(officer, account)
    images = {
        "image-PHOTO": "5",
        "described-PHOTO": "",
        "image-CHART": "1",
        "described-CHART": "on",
    }

    answer = sent(officer, account, carried, "本日開館", "go", **images, rights="own")

    rules = {row["point"].finding.rule for row in answer.context["points"]}
    assert rules == {"image.rights", "image.consent", "image.undescribed", "image.too_many"}
    assert Post.objects.get().images == [
        {"kind": "photo", "count": 5, "described": False},
        {"kind": "chart", "count": 1, "described": True},
    ]
    said = answer.content.decode()
    assert "写っている人の承諾について選んでください。" in said
    # What is wanted inside is not folded away.
    assert re.search(r'<details class="details" open>\s*<summary>画像や動画を添えるとき', said)


@pytest.mark.parametrize(
    ("record", "approval", "shut", "label"),
    [
        ("outside", False, False, "記録して発信へ進む"),
        ("always", False, False, "確認を終えて発信へ進む"),
        ("outside", False, True, "確認を終えて発信へ進む"),
        ("outside", True, False, "発信の承認を依頼する"),
    ],
)
def test_the_page_says_what_the_policy_asks_of_this_post(
    account, officer, clock, record, approval, shut, label
):
    OperatingPolicy.objects.update(post_record=record, post_approval=approval)
    if shut:
        clock.move_to(SHUT)

    said = opened(officer, account)[0].content.decode()

    assert label in said
    assert ("記録は求められていません。" in said) is (label == "記録して発信へ進む")
    assert ("やむを得ない理由" in said) is shut


def test_an_account_that_is_not_official_can_only_be_drafted_for(cast, officer):
    preparing = factories.account(cast.tourism)

    page, carried = opened(officer, preparing)

    assert 'value="go"' not in page.content.decode()
    assert sent(officer, preparing, carried, "本日開館", "save").status_code == 302
    refused = sent(officer, preparing, {**carried, "key": uuid.uuid4()}, "本日開館", "go")
    assert "準備中のアカウントです。" in refused.content.decode()


# --- Two people, two presses --------------------------------------------------------------------


def test_a_button_pressed_twice_makes_one_post(account, officer):
    _, carried = opened(officer, account)

    answers = [sent(officer, account, carried, "本日開館", "go") for _ in range(2)]

    post = Post.objects.get()
    assert {answer["Location"] for answer in answers} == {post.get_absolute_url()}
    assert (post.state, post.revision) == ("checked", 1)


def test_who_saves_second_sees_both_texts_and_loses_none(account, cast, client):
    client.force_login(cast.officer)
    post = making.post(account, cast.officer, text="はじめの文", ground="", ground_reason="")
    _, mine = opened(client, account, post)
    client.force_login(cast.colleague)
    _, theirs = opened(client, account, post)
    assert sent(client, account, theirs, "同僚の文", "save", post).status_code == 302
    client.force_login(cast.officer)

    answer = sent(client, account, mine, "わたしの文", "save", post)

    said = answer.content.decode()
    assert answer.status_code == 409
    assert f"{cast.colleague.name}さんが" in said
    [row] = answer.context["clash"]["rows"]
    assert (row["before"], row["after"]) == ("同僚の文", "わたしの文")
    assert answer.context["form"]["text"].value() == "わたしの文"
    post.refresh_from_db()
    assert post.text == "同僚の文"
    # Who has read both may save his own over it.
    carried = {**mine, "revision": answer.context["form"]["revision"].value()}
    assert sent(client, account, carried, "合わせた文", "save", post).status_code == 302
    post.refresh_from_db()
    assert (post.text, post.edited_by) == ("合わせた文", cast.officer)


def test_the_same_words_twice_are_no_conflict(account, cast, client):
    client.force_login(cast.officer)
    post = making.post(account, cast.officer, text="はじめの文", ground="", ground_reason="")
    _, carried = opened(client, account, post)

    answers = [sent(client, account, carried, "直した文", "save", post) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    post.refresh_from_db()
    assert post.revision == 1


def test_what_is_typed_after_it_has_gone_on_stays_on_the_page(account, cast, officer):
    post = making.post(account, cast.officer, text="はじめの文", ground="", ground_reason="")
    _, carried = opened(officer, account, post)
    post_workflow.take(post, "ready", by=cast.colleague)

    answer = sent(officer, account, carried, "直した文", "save", post)

    assert answer.status_code == 409
    assert "「発信前(確認済)」になっているため、本文は直せません。" in answer.content.decode()
    assert answer.context["form"]["text"].value() == "直した文"


def test_the_text_goes_out_on_another_account_as_a_record_of_its_own(account, cast, officer):
    source = making.post(account, cast.officer, "checked", text=LINK)
    policy = factories.policy(
        factories.account(cast.tourism, "example_insta", "instagram"), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    other = Account.objects.get(pk=policy.account_id)

    page = officer.get(page_of(other), {"from": source.pk})
    form = page.context["form"]
    assert form["text"].value() == LINK
    carried = {name: form[name].value() or "" for name in ("key", "seal", "copied_from")}
    sent(officer, other, carried, LINK, "save")

    copy = Post.objects.get(account=other)
    assert (copy.copied_from, copy.state, copy.services) == (source, "draft", ["instagram"])


@pytest.mark.parametrize("source", ["0", "999999", "-1", "\0", "１", "x"])
def test_a_source_that_there_is_not_is_none(account, officer, source):
    page, _ = opened(officer, account, **{"from": source})
    assert page.context["form"]["text"].value() in (None, "")


def test_another_departments_post_is_no_source(account, cast, client):
    source = making.post(account, cast.officer, "checked", text="内緒の下書き")
    other = factories.official(cast.safety)
    client.force_login(cast.partner_officer)

    page, _ = opened(client, other, **{"from": source.pk})

    assert "内緒の下書き" not in page.content.decode()


# --- Choosing the account -----------------------------------------------------------------------


def test_with_one_account_the_page_opens_at_once(account, officer):
    assert officer.get("/desk/posts/new/")["Location"] == page_of(account)


def test_with_several_one_chooses_by_the_answer_of_this_moment(account, cast, officer):
    factories.account(cast.tourism)

    page = officer.get("/desk/posts/new/")

    rows = [(row["account"].status, row["answer"].word) for row in page.context["rows"]]
    assert rows == [("official", "発信できます"), ("preparing", "発信できません")]


def test_choosing_takes_as_many_queries_for_three_accounts_more(account, cast, officer):
    asked = []
    for more in (1, 3):
        for _ in range(more):
            factories.official(cast.tourism)
        officer.get("/desk/posts/new/")
        with CaptureQueriesContext(connection) as queries:
            officer.get("/desk/posts/new/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_way_to_it_is_one_click_from_the_desk_and_from_the_accounts_page(account, officer):
    assert 'href="/desk/posts/new/"' in officer.get("/desk/").content.decode()
    of_account = officer.get(f"/desk/accounts/{account.pk}/").content.decode()
    assert f'href="{page_of(account)}"' in of_account


def test_a_working_copy_is_kept_with_every_look(account, cast, officer):
    _, carried = opened(officer, account)
    sent(officer, account, carried, "書きかけ")

    copy = WorkingCopy.objects.get()
    assert (copy.person, copy.account, copy.post, copy.content["text"]) == (
        cast.officer, account, None, ["書きかけ"],
    )  # fmt: skip
