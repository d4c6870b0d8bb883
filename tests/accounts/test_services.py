"""The declared services: clause 2, and what clauses 3(4) and 5(2) need of them."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from accounts.profile_rules import RULES
from accounts.services import SERVICES, Verification, find_service

pytestmark = pytest.mark.once

OFFERED_FIRST = [
    "x", "facebook", "instagram", "youtube", "line", "tiktok", "threads", "bluesky", "mastodon",
    "note", "linkedin", "github", "flickr", "pinterest", "vimeo", "tumblr", "medium",
]  # fmt: skip


def test_services_stand_in_the_order_in_which_they_are_offered() -> None:
    assert list(SERVICES)[:17] == OFFERED_FIRST
    assert list(SERVICES)[-1] == "other"


def test_retired_services_stay_readable_and_say_since_when_they_are_gone() -> None:
    retired = [service for service in SERVICES.values() if service.is_retired]
    assert [service.key for service in retired] == [
        "foursquare", "google_plus", "ustream", "vine", "periscope", "storify",
    ]  # fmt: skip
    assert [service.key for service in retired if not service.retired_note] == []
    assert [s.key for s in SERVICES.values() if s.retired_note and not s.is_retired] == []


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("x", "x"), ("X", "x"), ("Ｘ", "x"), ("Twitter", "x"), ("twitter", "x"),
        ("旧Twitter", "x"), ("ツイッター", "x"), ("ﾂｲｯﾀｰ", "x"), ("X（旧Twitter）", "x"),
        ("FACEBOOK", "facebook"), ("フェイスブック", "facebook"), ("インスタ", "instagram"),
        ("YouTube チャンネル", "youtube"), ("LINE", "line"), ("ＬＩＮＥ公式アカウント", "line"),
        ("google_plus", "google_plus"), ("Google+", "google_plus"), ("google-plus", "google_plus"),
        ("swarm", "foursquare"), (" note ", "note"), ("その他", "other"),
    ],
)  # fmt: skip
def test_a_service_is_found_by_key_name_or_old_name_in_any_width_and_case(
    word: str, key: str
) -> None:
    assert find_service(word) is SERVICES[key]


@pytest.mark.parametrize(
    "word", ["", " ", "mixi2", "http://x.com", "\x00", "\ud800", "あ" * 100_000]
)
def test_an_unknown_word_finds_no_service(word: str) -> None:
    assert find_service(word) is None


def test_no_two_services_share_a_word_or_a_host() -> None:
    words = [
        (word, service.key)
        for service in SERVICES.values()
        for word in (service.key, service.name, *service.aliases)
    ]
    assert [pair for pair in words if find_service(pair[0]) is not SERVICES[pair[1]]] == []
    hosts = [host for service in SERVICES.values() for host in service.hosts]
    assert len(hosts) == len(set(hosts))


def test_every_living_service_says_where_an_impersonation_is_reported() -> None:
    missing = [
        service.key
        for service in SERVICES.values()
        if not service.is_retired
        and service.key != "other"
        and urlsplit(service.report_url).scheme != "https"
    ]
    assert missing == []


def test_every_service_says_in_japanese_whether_it_verifies() -> None:
    unsaid = [s.key for s in SERVICES.values() if not s.verification_note.endswith("。")]
    assert unsaid == []


def test_a_bought_badge_is_no_verification() -> None:
    assert {kind for kind in Verification if not kind.is_possible} == {
        Verification.PAID_BADGE,
        Verification.NONE,
    }
    assert SERVICES["tumblr"].verification is Verification.PAID_BADGE
    assert SERVICES["line"].verification.is_possible


def test_a_character_limit_is_explained_where_there_is_one() -> None:
    assert [
        s.key for s in SERVICES.values() if bool(s.character_limit) != bool(s.character_note)
    ] == []
    assert (SERVICES["x"].character_limit, SERVICES["note"].character_limit) == (280, None)


def test_every_service_is_read_by_rules_or_takes_any_address() -> None:
    assert {key for key, service in SERVICES.items() if not service.takes_any_url} == set(RULES)


def test_keys_fit_the_register_and_are_plain_words() -> None:
    assert [key for key in SERVICES if len(key) > 20 or not key.isascii()] == []
