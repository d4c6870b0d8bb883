"""What a reader takes for one name comes near, what he doesn't stays apart: clauses 3(6), 5(2)."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import known_fakes
from accounts.known_fakes import KnownFake
from accounts.likeness import City, Known, Near, Nearby, compare_handles, compare_names, folding
from accounts.likeness.near import SHOWN, Found, nearness
from accounts.services import SERVICES

pytestmark = pytest.mark.once

CITY = City(("新城",), ("しんしろ",), ("shinshiro",), "愛知")


@pytest.mark.parametrize(
    ("theirs", "ours", "near"),
    [
        ("Shinshiro_City", "shinshiro_city", Near.SAME),
        ("@shinshiro_city", "shinshiro_city", Near.SAME),
        ("shinshiro\uff3fcity", "shinshiro_city", Near.SAME),
        ("shin\u200bshiro_city", "shinshiro_city", Near.SAME),
        ("sh1nsh1ro_c1ty", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshlro_city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshir0_city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshiiro_city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshiiro\uff3fcity", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshiro.city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshiro__city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshirocity", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshir\u043e_city", "shinshiro_city", Near.LOOKS_SAME),
        ("shinshir\u03bf_city", "shinshiro_city", Near.LOOKS_SAME),
        ("sh\u00ednshiro_city", "shinshiro_city", Near.LOOKS_SAME),
        ("tornita_kogen", "tomita_kogen", Near.LOOKS_SAME),
        ("vvakaba_park", "wakaba_park", Near.LOOKS_SAME),
        ("shinshiro_city_official", "shinshiro_city", Near.SAME_CORE),
        ("official_shinshiro_city", "shinshiro_city", Near.SAME_CORE),
        ("shinshirocityofficial", "shinshiro_city", Near.SAME_CORE),
        ("jp_shinshiro_city", "shinshiro_city", Near.SAME_CORE),
        ("shinshiro_city_pr", "shinshiro_city", Near.SAME_CORE),
        ("shinshiro_city_2", "shinshiro_city", Near.SAME_CORE),
        ("shinshiro_city", "shinshiro_city_koho", Near.SAME_CORE),
        ("city_shinshiro", "shinshiro_city", Near.SAME_CORE),
        ("sinsiro_city", "shinshiro_city", Near.SAME_CORE),
        ("shinshro_city", "shinshiro_city", Near.ONE_EDIT),
        ("shinhsiro_city", "shinshiro_city", Near.ONE_EDIT),
        ("shinshiko_city", "shinshiro_city", Near.ONE_EDIT),
        ("shinshiro_cityy_a", "shinshiro_city", Near.ONE_EDIT),
        ("shimshiro_citu", "shinshiro_city", Near.TWO_EDITS),
        ("horai_libary", "horai_library", Near.ONE_EDIT),
        ("toyohashi_city", "shinshiro_city", None),
        ("shinjo_city", "shinshiro_city", None),
        ("shinagawa_city", "shinshiro_city", None),
        ("horailibary", "horai_library", Near.ONE_EDIT),
        ("horai_librry", "horai_library", Near.ONE_EDIT),
        ("tsukude_kogen_present", "tsukude_kogen", Near.BEGINS_SO),
        # From eight letters on a beginning is a name, from six one letter may be wrong.
        ("horaijiyama_walk", "horaijiy", Near.BEGINS_SO),
        ("horaijiyama_walk", "horaiji", None),
        ("kankx_s", "kanko_s", Near.ONE_EDIT),
        ("koho_kosai", "bosai", None),
        ("kankx", "kanko", None),
        ("kanpo", "kenko", None),
        ("kenk", "kank", None),
        ("___", "...", None),
        ("", "shinshiro_city", None),
    ],
)  # fmt: skip
def test_a_handle_comes_as_near_as_a_reader_would_say(
    theirs: str, ours: str, near: Near | None
) -> None:
    assert compare_handles(theirs, ours).near == near


@pytest.mark.parametrize(
    ("theirs", "ours", "near"),
    [
        ("新城市観光課", "新城市観光課", Near.SAME),
        ("新城市\u3000観光課", "新城市観光課", Near.SAME),
        ("新城市ｶﾝｺｳ", "新城市カンコウ", Near.SAME),
        ("新城市観光課【公式】", "新城市観光課", Near.SAME_CORE),
        ("しんしろ市観光課", "新城市観光課", Near.SAME_CORE),
        ("しんしろ観光課", "新城市観光課", Near.SAME_CORE),
        ("シンシロ観光課", "新城市観光課", Near.SAME_CORE),
        ("Shinshiro City 観光課", "新城市観光課", Near.SAME_CORE),
        ("愛知県新城市", "愛知県しんしろし", Near.SAME_CORE),
        ("新域市観光課", "新城市観光課", Near.SAME_CORE),
        ("親城市観光課", "新城市観光課", Near.SAME_CORE),
        ("しんしろ夕方便り", "しんしろタ方便り", Near.SAME_CORE),
        ("しんしろおーぷん", "しんしろお一ぷん", Near.SAME_CORE),
        ("新城市観光家だより", "新城市観光課だより", Near.ONE_EDIT),
        ("作手髙原", "作手高原", Near.SAME_CORE),
        ("作手高原観光", "作手高原", Near.BEGINS_SO),
        ("安城市防災情報", "新城市防災情報", None),
        ("豊橋市観光課", "新城市観光課", None),
        ("武蔵新城観光課", "新城市観光課", None),
    ],
)
def test_a_shown_name_comes_as_near_as_a_reader_would_say(
    theirs: str, ours: str, near: Near | None
) -> None:
    assert compare_names(theirs, ours, CITY).near == near


@pytest.mark.parametrize(
    "handle",
    [
        "shinshiro_nandemo", "x_sh1nsh1r0_x", "SHINSHIRO2026", "sinsiro_info", "shinshirо",
        "shimshiro_bosai", "shinshro_jp", "新城市の人", "しんしろだより", "visit-shin-shiro",
    ],
)  # fmt: skip
def test_a_handle_that_bears_the_citys_name_is_seen_to(handle: str) -> None:
    assert folding.bears_the_city(handle, CITY)


@pytest.mark.parametrize(
    "handle",
    ["shinjiro_koizumi", "shinshu_univ", "shinjo_city", "kinshiro", "shinichiro_w", "toyokawa"],
)
def test_a_handle_of_another_place_or_person_does_not_bear_it(handle: str) -> None:
    assert not folding.bears_the_city(handle, CITY)


def test_the_letters_that_tell_two_handles_apart_are_named() -> None:
    likeness = compare_handles("@shinshiiro_c1ty_official", "shinshiro_city")

    assert [(each.theirs, each.ours) for each in likeness.differences] == [
        ("i", ""), ("1", "i"), ("_official", ""),
    ]  # fmt: skip
    assert compare_handles("completely_other", "shinshiro_city").differences == ()
    assert compare_handles("a" * 5000, "b" * 5000).differences == ()


# --- Among many --------------------------------------------------------------------------------

HANDLES = st.text("abimnorstuvw01_.", min_size=1, max_size=16)
# Near to one another, so that every kind of nearness occurs.
REGISTER = [
    "shinshiro_kanko", "shinshiro_kanko_jp", "shinshiro_bosai", "mihon_kanko", "mihon.kanko",
    "tsukude_kogen", "tsukude_kougen", "horai_toshokan", "toshokan_horai", "abcdefghijklmn",
    "rnihon_kanko", "a", "__", "nagashino_castle", "nagashino_castle_guide_of_the_old_town_x",
]  # fmt: skip
NEARBY = Nearby.of([Known(at, handle) for at, handle in enumerate(REGISTER)], CITY)


def by_looking_at_each(handle: str) -> list[Found]:
    theirs = folding.Forms.of(handle)
    all_of_them = [
        Found(at, near)
        for at, ours in enumerate(REGISTER)
        if (near := nearness(theirs, folding.Forms.of(ours))) is not None
    ]
    nearest = min((each.near for each in all_of_them), default=None)
    return [each for each in all_of_them if each.near == nearest][:SHOWN]


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A handle of the register with up to three letters put in, taken out or replaced."""
    handle = draw(st.sampled_from(REGISTER))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(handle)))
        handle = (
            handle[:at]
            + draw(st.text("abkno1_7", max_size=1))
            + handle[at + draw(st.integers(0, 1)) :]
        )
    return handle


@given(st.one_of(HANDLES, changed()))
@settings(max_examples=1500, deadline=None)
def test_the_index_finds_what_looking_at_each_account_would(handle: str) -> None:
    assert NEARBY.handles_near(handle) == by_looking_at_each(handle)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_whatever_is_typed_is_folded_and_compared(text: str) -> None:
    NEARBY.handles_near(text)
    NEARBY.names_near(text)
    compare_names(text, "新城市観光課", CITY)
    assert folding.tidy(folding.tidy(text)) == folding.tidy(text)


def test_the_work_does_not_grow_with_how_many_are_known() -> None:
    few, many = (
        Nearby.of([Known(n, f"example{n:06}x", f"見本{n:06}番") for n in range(size)], CITY)
        for size in (20, 2000)
    )

    for nearby in (few, many):
        nearby.handles_near("exanqle000007x")
        nearby.names_near("みほん000007番です")
    assert few.looked_up == many.looked_up
    assert few.looked_up < 10_000


def test_no_name_makes_the_work_long() -> None:
    for text in ("a" * 100_000, "ab" * 15, "_" * 100_000, "新城市" * 30_000, "\u0301" * 10_000):
        nearby = Nearby.of([Known(1, "shinshiro_city", "新城市")], CITY)
        nearby.handles_near(text[:200])
        nearby.names_near(text[:200])
        assert nearby.looked_up < 20_000


# --- Known fakes -------------------------------------------------------------------------------


def test_fakes_are_told_by_whoever_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_fakes, "SOURCES", [])
    day = datetime.date(2026, 4, 1)
    fakes = [
        KnownFake("x", name, f"https://x.com/{name}", f"x:{name}", f"/notices/{at}/", day)
        for at, name in enumerate(("zzz_fake", "aaa_fake"))
    ]

    def source() -> list[KnownFake]:
        return fakes

    assert known_fakes.known_fakes() == []
    known_fakes.declare(source)
    known_fakes.declare(source)
    assert known_fakes.known_fakes() == fakes[::-1]
    assert {fake.service for fake in fakes} <= set(SERVICES)
