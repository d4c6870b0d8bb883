"""What the check says of each kind of thing that is pasted: clauses 3(6), 5(2)."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accounts.profiles import UnreadableProfile, read_profile
from publication.checking import sentences
from publication.checking.findings import Answer
from publication.checking.judging import judge
from publication.checking.reading import LONGEST_TEXT, MOST_ITEMS, TooMuch
from publication.checking.register import Register
from tests.lookalikes.known import CHANNEL, FAKE, document, known

pytestmark = pytest.mark.once

CITY_ACCOUNTS = ["x:shinshiro_city", "facebook:shinshirocity", "instagram:shinshiro_city"]


def said(text: str, language: str = "ja") -> str:
    answer = judge(text, known())
    return "".join(
        sentences.say(each, language, "新城市") for found in answer.findings for each in found.said
    )


def names(answer: Answer) -> list[str]:
    return [known().accounts[pk].identity for pk in answer.accounts]


@pytest.mark.parametrize(
    ("text", "verdict", "accounts"),
    [
        # An address in any spelling.
        ("https://x.com/shinshiro_city", "official", ["x:shinshiro_city"]),
        ("twitter.com/Shinshiro_City?lang=ja", "official", ["x:shinshiro_city"]),
        ("ｈｔｔｐｓ：／／ｘ．ｃｏｍ／ｓｈｉｎｓｈｉｒｏ＿ｃｉｔｙ", "official", ["x:shinshiro_city"]),
        ("https://m.facebook.com/ShinshiroCity/about", "official", ["facebook:shinshirocity"]),
        (f"https://youtube.com/channel/{CHANNEL}", "official", ["youtube:shinshiro_channel"]),
        ("https://community.example/shinshiro/", "official", ["other:community.example/shinshiro"]),
        ("https://www.city.shinshiro.lg.jp/kurashi/", "official", []),
        # A handle, on every service and on one.
        ("@tsukude_kogen", "official", ["instagram:tsukude_kogen"]),
        ("TSUKUDE_KOGEN", "official", ["instagram:tsukude_kogen"]),
        ("Instagram: tsukude_kogen", "official", ["instagram:tsukude_kogen"]),
        ("@bosai@mastodon.example", "official", ["mastodon:bosai@mastodon.example"]),
        ("bosai@mastodon.example", "official", ["mastodon:bosai@mastodon.example"]),
        # A name.
        ("作手高原", "official", ["instagram:tsukude_kogen"]),
        ("新城市 防災", "official", ["x:shinshiro_bosai"]),
        # Closed and suspended ones, with what came after.
        ("https://x.com/shinshiro_iju", "former", ["x:shinshiro_iju", "x:shinshiro_city"]),
        ("@noda_castle", "former", ["instagram:noda_castle", "x:shinshiro_city"]),
        ("野田城だより", "former", ["instagram:noda_castle", "x:shinshiro_city"]),
        # Known fakes, with the one they imitate.
        (FAKE["url"], "fake", CITY_ACCOUNTS),
        ("新城市 公式", "fake", []),
        # What is like an official one.
        ("@shinshiiro＿city", "similar", CITY_ACCOUNTS),
        ("https://www.tiktok.com/@tsukude_kogen", "similar", ["instagram:tsukude_kogen"]),
        ("TikTokの@tsukude_kogen", "similar", ["instagram:tsukude_kogen"]),
        ("https://www.youtube.com/user/shinshiro_channel", "similar", ["youtube:shinshiro_channel"]),
        ("@shinshiro_kyufukin", "similar", []),
        ("しんしろ市給付金係", "similar", []),
        ("https://x.com/tsukude_kogenn/status/1", "similar", ["instagram:tsukude_kogen"]),
        ("https://www.city.shinshiro.lg.jp.example.com/", "similar", []),
        ("https://twltter.com/okumikawa_kanko", "similar", ["x:okumikawa_kanko"]),
        ("https://x.com@example.com/", "similar", []),
        ("info@city-shinshiro.lg.jp.example.com", "similar", []),
        # What nobody can say.
        ("https://x.com/toyohashi_city", "unknown", []),
        ("https://x.com/shinshiro_city/status/1", "unknown", []),
        ("https://youtube.com/channel/UC" + "a" * 21 + "b", "unknown", []),
        ("https://bit.ly/abc", "unknown", []),
        ("https://www.youtube.com/watch?v=abc", "unknown", []),
        ("somebody@example.com", "unknown", []),
        ("mayor@city.shinshiro.lg.jp", "unknown", []),
        ("武蔵新城商店街", "unknown", []),
        ("javascript:alert(1)", "unknown", []),
        ("?", "unknown", []),
    ],
)  # fmt: skip
def test_each_kind_of_thing_gets_its_verdict(text: str, verdict: str, accounts: list[str]) -> None:
    answer = judge(text, known())

    assert (answer.verdict, names(answer)) == (verdict, accounts)


def test_of_several_things_each_is_judged_and_the_worst_leads() -> None:
    answer = judge(
        "新城市です。\n公式は @tsukude_kogen、新しいのは https://x.com/shinshir0_city 、"
        "前のは@noda_castle\nくわしくは https://bit.ly/abc か https://x.com/shinshiro_citty",
        known(),
    )

    assert answer.verdict == "fake"
    assert [found.verdict for found in answer.findings] == [
        "fake", "similar", "former", "unknown", "official",
    ]  # fmt: skip


def test_a_message_is_no_name_and_its_words_are_no_handles() -> None:
    answer = judge("新城市からのお知らせです。\n給付金の申請はLINEで。shinshiro city", known())

    assert answer.verdict == "unknown"
    assert "見つかりませんでした" in said("新城市からのお知らせです。\n給付金の申請を始めます。")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@noda_castle", "2026年4月1日から運用を停止しています。偽物ではありません"),
        ("@yanagi_matsuri", "新城市のアカウントですが、乗っ取られたおそれがあり"),
        ("@shinshiro_iju", "2026年4月1日に廃止されました"),
        ("@shinshiro_iju", "後継は、X（旧Twitter）の「新城市」です"),
        ("@okumikawa_kanko", "確認期限切れ"),
        ("新城市 公式", "市が偽物として注意を呼びかけたアカウントの名前"),
        ("作手高原", "名前はだれでも付けられる"),
        ("@tsukude_kogen", "ほかのサービスにある同じアカウント名は、市のものとは限りません"),
        ("@tsukude_k0gen", "違う文字:「0」(数字) 公式は「o」(英字)"),
        ("@tsukude_kоgen", "違う文字:「о」(キリル文字) 公式は「o」(英字)"),
        ("@tsukude_kogen_jp", "余分な文字:「_jp」"),
        ("@tsukude_kgen", "足りない文字:「o」"),
        ("https://x.com/shinshiro_city/status/1", "投稿した人と違うことがあります"),
        ("https://www.instagram.com/shinshiiro_city/", "Instagramの公式アカウント@shinshiro_city"),
        ("https://x.com/shinshiiro_city", "X（旧Twitter）の公式アカウント@shinshiro_city"),
        ("https://bit.ly/abc", "短縮されたURL"),
        ("a@example.com", "差出人は偽ることができる"),
        ("https://twltter.com/a", "twitter.comではない"),
        ("@toyohashi_city", "公式アカウントとして確認できません"),
    ],
)
def test_it_says_why(text: str, words: str) -> None:
    assert words in said(text)


@pytest.mark.parametrize(
    ("text", "heading", "labels"),
    [
        ("https://x.com/shinshiro_city/status/1", "untold", ["untold"]),
        ("https://bit.ly/abc", "untold", ["untold"]),
        ("https://www.youtube.com/watch?v=abc", "untold", ["untold"]),
        ("somebody@example.com", "untold", ["untold"]),
        ("新城市からのお知らせです。\n給付金の申請を始めます。", "untold", ["untold"]),
        ("@tsukude_kogen https://bit.ly/abc", "untold", ["untold", "official"]),
        # Somebody's account is there, and in no list.
        ("https://x.com/toyohashi_city", "unknown", ["unknown"]),
        ("@toyohashi_city https://bit.ly/abc", "unknown", ["unknown", "untold"]),
        # What is known leads as ever.
        ("@tsukude_k0gen https://bit.ly/abc", "similar", ["similar", "untold"]),
        ("@tsukude_kogen", "official", ["official"]),
        # Anybody can take a name.
        ("作手高原", "named", ["named"]),
        ("新城市 防災", "named", ["named"]),
    ],
)
def test_what_proves_nothing_is_neither_said_to_be_missing_in_the_list_nor_to_be_the_citys(
    text: str, heading: str, labels: list[str]
) -> None:
    answer = judge(text, known())

    assert (answer.heading, [each.label for each in answer.findings]) == (heading, labels)
    assert answer.verdict == {"untold": "unknown", "named": "official"}.get(heading, heading)


def changed(*fakes: dict[str, Any], **accounts: dict[str, Any]) -> Register:
    """The known register with these fakes alone, and accounts changed by their identity."""
    made = document()
    for account in made["accounts"]:
        account.update(accounts.get(account["identity"].replace(":", "_"), {}))
    return Register.of({**made, "fakes": list(fakes)})


def test_a_fake_that_took_the_name_of_a_closed_account_is_called_a_fake() -> None:
    taken = {
        **FAKE, "handle": "shinshiro_iju", "url": "https://x.com/shinshiro_iju",
        "identity": "x:shinshiro_iju", "name": "",
    }  # fmt: skip

    for text in ("https://x.com/shinshiro_iju", "@shinshiro_iju"):
        assert judge(text, known()).verdict == "former"
        assert judge(text, changed(taken)).verdict == "fake"


def test_a_name_that_a_fake_took_from_an_official_account_is_said_to_be_of_both() -> None:
    register = changed({**FAKE, "name": "作手高原"})

    answer = judge("作手高原", register)

    assert (answer.verdict, names(answer)) == ("fake", ["instagram:tsukude_kogen"])
    assert [each.code for each in answer.findings[0].said] == ["fake_name_too"]


def test_a_handle_that_is_official_here_and_suspended_there_is_not_called_official() -> None:
    register = changed(instagram_shinshiro_city={"status": "suspended", "since": "2026-04-01"})

    answer = judge("@shinshiro_city", register)

    assert answer.verdict == "former"
    assert "instagram:shinshiro_city" in names(answer)
    assert "x:shinshiro_city" in names(answer)
    assert judge("https://x.com/shinshiro_city", register).verdict == "official"


def test_an_unchanging_id_is_equal_or_another_accounts() -> None:
    channel = {"handle": CHANNEL, "identity": f"youtube:{CHANNEL}", "permanent_id": CHANNEL}
    register = changed(youtube_shinshiro_channel=channel)

    verdicts = [
        judge(f"https://www.youtube.com/channel/{each}", register).verdict
        for each in (CHANNEL, f"{CHANNEL[:-1]}b", f"{CHANNEL[:-2]}bb")
    ]

    assert verdicts == ["official", "unknown", "unknown"]


def test_every_sentence_stands_in_both_languages() -> None:
    for table in (
        sentences.SENTENCES, sentences.HEADINGS, sentences.ADVICE, sentences.LABELS,
        sentences.LINKS,
    ):  # fmt: skip
        for japanese, english in table.values():
            assert set(re.findall(r"\{\w+\}", english)) - {"{city}"} == (
                set(re.findall(r"\{\w+\}", japanese)) - {"{city}"}
            )
            assert re.search(r"[ぁ-んァ-ヶ一-龯]", japanese)
            assert not re.search(r"[ぁ-んァ-ヶ一-龯]", english)
    assert "formerly Twitter" in said("https://x.com/shinshiro_city", "en")


def test_more_than_is_judged_at_once_is_refused() -> None:
    with pytest.raises(TooMuch, match="too_long"):
        judge("あ" * (LONGEST_TEXT + 1), known())
    with pytest.raises(TooMuch, match="too_many"):
        judge(" ".join(f"@handle_{n}" for n in range(MOST_ITEMS + 1)), known())
    assert judge(" ".join(f"@handle_{n}" for n in range(MOST_ITEMS)), known()).verdict == "unknown"


# --- Whatever is typed -------------------------------------------------------------------------

SPELLINGS = [
    text
    for account in known().accounts.values()
    for text in (account.url, f"@{account.handle}" if "/" not in account.handle else "")
    if text
] + [FAKE["url"], "@shinshiiro_city", "@tsukude_kogen_jp", "https://x.com/toyohashi_city"]
UNSEEN = st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u2066", "\u00ad"])


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(st.sampled_from(SPELLINGS), UNSEEN, st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_what_nobody_sees_changes_no_verdict(text: str, unseen: str, at: int) -> None:
    at = min(at, len(text))
    assert judge(text[:at] + unseen + text[at:], known()) == judge(text, known())


# Of a site without accounts of a known form the case of an address is its own affair.
@given(st.sampled_from([text for text in SPELLINGS if "community.example" not in text]))
@settings(max_examples=150, deadline=None)
def test_neither_case_nor_width_changes_a_verdict(text: str) -> None:
    expected = judge(text, known())
    for spelled in (text.upper(), text.title(), wide(text)):
        found = judge(spelled, known())
        assert (found.verdict, found.accounts) == (expected.verdict, expected.accounts)


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from(["", "市からのお知らせです。", "Hello,\n", "「", "(", "くわしくは "]),
    st.sampled_from(["", "」をご覧ください。", ")", "\nまで", " です!", "、"]),
)
@settings(max_examples=300, deadline=None)
def test_wrapped_in_a_message_it_gets_the_same_verdict(text: str, before: str, after: str) -> None:
    expected, found = judge(text, known()), judge(before + text + after, known())
    assert (found.verdict, found.accounts) == (expected.verdict, expected.accounts)


@given(st.sampled_from(sorted(known().accounts)), st.sampled_from(["", "/", "?lang=ja", "#top"]))
@settings(max_examples=150, deadline=None)
def test_the_address_in_the_register_is_always_official(pk: int, tail: str) -> None:
    account = known().accounts[pk]
    verdict = "official" if account.is_official else "former"
    assume(not (tail == "?lang=ja" and account.service == "other"))
    assert judge(account.url + tail, known()).verdict == verdict


PIECES = st.sampled_from(
    ["https://", "x.com/", "@", "新城市", "shinshiro", "_", ".", "/", "status", "?", "#", "%", "\0",
     "\ud800", "\u202e", "<script>", "'", '"', " OR 1=1 --", "\n", "　", "。", "LINE:", "xn--", "@@",
     "a@b.c", "city.shinshiro.lg.jp", "⌂", "ー", "ﾞ", "\u0301", "İ", "ß", "𠮷", "0", "http:", "//"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=25).map("".join)))
@settings(max_examples=800, deadline=None)
def test_hostile_text_is_judged_and_never_official_by_chance(text: str) -> None:
    answer = judge(text or " ", known())
    for found in answer.findings:
        assert found.said
        assert len(found.text) <= 81
        for each in found.said:
            assert sentences.say(each, "ja", "新城市")
        if found.verdict == "official":
            assert found.accounts or found.said[0].code == "official_site"


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_only_what_the_register_reads_as_its_own_is_an_official_address(text: str) -> None:
    answer = judge(text, known())
    for found in answer.findings:
        if found.said[0].code == "official_address":
            try:
                read_profile(found.text)
            except UnreadableProfile:
                assert "@" in found.text or found.said[0].words["handle"]


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a@", "@", "a_1 ", "新", "/", "https://", "aB1_", "x.com/"]
)
def test_the_work_on_a_long_text_is_bounded(piece: str) -> None:
    nearby = known().nearby
    nearby.looked_up = 0
    with contextlib.suppress(TooMuch):
        judge((piece * LONGEST_TEXT)[:LONGEST_TEXT], known())
    assert nearby.looked_up < MOST_ITEMS * 20_000
