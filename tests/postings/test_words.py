"""The list of words: kept by the PR division, found in whatever spelling."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from postings.checking import Draft, Level, check
from postings.models import ListedWord

LIST = "/admin/postings/listedword/"
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def word(db):
    ListedWord.objects.all().delete()
    return ListedWord.objects.create(
        word="ワンストップ",
        reading="わんすとっぷ",
        alternative="一か所で済む",
        reason="分かりにくい言葉です。",
    )


def found(text):
    return [
        (one.rule, one.words, one.level)
        for one in check(Draft(text), ["facebook"], today=TODAY)
        if one.rule.startswith("words.")
    ]


@pytest.mark.parametrize(
    "spelling", ["ワンストップ", "ﾜﾝｽﾄｯﾌﾟ", "わんすとっぷ", "ワン\u200bストップ"]
)
def test_a_word_is_found_in_every_width_and_kana(word, spelling):
    assert found(f"窓口は{spelling}です") == [("words.listed", spelling, Level.WARNING)]


def test_what_is_found_says_what_to_write_instead_and_why(word):
    (one,) = check(Draft("ワンストップ"), ["facebook"], today=TODAY)
    assert one.why == "市の「言い換える言葉」にある「ワンストップ」です。分かりにくい言葉です。"
    assert one.do == "「一か所で済む」への言い換えを検討してください。"


def test_a_reading_is_not_found_within_other_kana(db):
    ListedWord.objects.create(word="某語", reading="ていねい", reason="例です。")
    assert found("ていねいに") == [("words.listed", "ていねい", Level.WARNING)]
    assert found("していねいか") == []


def test_the_longer_of_two_words_is_named(word):
    ListedWord.objects.create(word="ワンストップサービス", reason="例です。", level="hint")
    assert found("ワンストップサービス") == [("words.listed", "ワンストップサービス", Level.HINT)]


def test_a_word_that_must_not_go_out_is_an_error_of_its_own_clause(word):
    ListedWord.objects.filter(pk=word.pk).update(level="error")
    (one,) = check(Draft("ワンストップ"), ["facebook"], today=TODAY)
    assert (one.rule, one.clause, one.level) == ("words.forbidden", "4(2)エ", Level.ERROR)


def test_a_word_no_longer_looked_for_is_not_found(word):
    ListedWord.objects.filter(pk=word.pk).update(is_active=False)
    assert found("ワンストップ") == []


def test_a_word_in_the_address_of_a_page_is_nobodys_choice(db):
    ListedWord.objects.create(word="onestop", reason="例です。")
    assert found("https://www.city.shinshiro.lg.jp/onestop/") == []


def test_one_word_is_listed_once_in_whatever_spelling(word):
    second = ListedWord(word="ﾜﾝｽﾄｯﾌﾟ", reason="例です。")
    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert "もう一覧にあります" in refused.value.message_dict["word"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"word": ""}, "word"), ({"word": "語"}, "word"), ({"word": "語\u200b句"}, "word"),
        ({"reason": ""}, "reason"), ({"reading": "カタカナ"}, "reading"),
        ({"reading": "かな"}, "reading"), ({"level": "fatal"}, "level"),
    ],
)  # fmt: skip
def test_an_entry_that_a_check_could_not_use_is_refused(db, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        ListedWord(**{"word": "語句", "reason": "例です。", **fields}).full_clean()
    assert wrong in refused.value.message_dict


@pytest.mark.parametrize("fields", [{"word": ""}, {"reason": ""}, {"level": "fatal"}])
def test_the_database_refuses_it_too(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        ListedWord.objects.create(**{"word": "語句", "reason": "例です。", **fields})


def test_the_pr_division_adds_and_changes_a_word_with_its_history(cast, client, word):
    client.force_login(cast.pr_officer)
    sent = {
        "word": "語句",
        "reading": "",
        "alternative": "言葉",
        "reason": "例です。",
        "level": "hint",
    }
    assert client.post(f"{LIST}add/", {**sent, "is_active": "on"}).status_code == 302
    added = ListedWord.objects.get(word="語句")
    assert client.post(f"{LIST}{added.pk}/change/", sent).status_code == 302
    added.refresh_from_db()
    assert added.is_active is False
    assert [row.history_user for row in added.history.all()] == [cast.pr_officer] * 2
    assert "言い換える言葉" in client.get(f"{LIST}{added.pk}/history/").content.decode()


def test_the_list_is_searched_in_any_width(cast, client, word):
    client.force_login(cast.auditor)
    page = client.get(LIST, {"q": "ﾜﾝｽﾄｯﾌﾟ"})
    assert [row.word for row in page.context["cl"].result_list] == ["ワンストップ"]


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [("pr_officer", 200, 200), ("auditor", 200, 403), ("administrator", 403, 403)],
)
def test_auditors_read_the_list_and_change_nothing(cast, client, word, who, reads, writes):
    client.force_login(getattr(cast, who))
    assert client.get(LIST).status_code == reads
    assert client.get(f"{LIST}{word.pk}/change/").status_code == reads
    assert client.get(f"{LIST}add/").status_code == writes
    assert client.post(f"{LIST}{word.pk}/change/", {}).status_code == writes
