"""What holds for every reading of a profile, whatever is given: clause 3(3)イ."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accounts.profile_rules import RULES
from accounts.profiles import Profile, UnreadableProfile, read_profile
from accounts.services import SERVICES

pytestmark = pytest.mark.once

SERVICE_KEYS = st.one_of(st.none(), st.sampled_from(sorted(SERVICES)))
KINDS = [(key, kind) for key, rules in RULES.items() for kind in rules.kinds]
INVISIBLE = ("", "\u200b", "\u200d", "\ufeff", "\u202e", "\u00ad")

ADDRESS_PIECES = st.sampled_from(
    [
        "https://", "http:", "//", "/", ":", "@", "?", "#", "#!/", "%", "%40", "%2F", "%00", "&",
        "=",
        ".", "..", "www.", "m.", "x.com", "twitter.com", "facebook.com", "profile.php", "id",
        "pages",
        "people", "groups", "p", "-123456789012", "youtube.com", "channel", "UC", "line.me", "R",
        "ti",
        "lin.ee", "note.jp", "tumblr.com", "medium.com", "bsky.social", "profile", "did:plc:",
        "mstdn.jp", "linkedin.com", "pub", "showcase", "plus.google.com", "example.jp", "photos",
        "tags",
        "users", "web", "foo", "新城市", "ｘ．ｃｏｍ", "＠", "。", "\u200b", " ", "\x00", "\ud800",
        "[", "]",
        "\\", "0", "²", "İ", "ß", "ﬀ", ":80", ":0", ":99999999999", "utm_source", "gid",
        "accountId",
    ]
)  # fmt: skip
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(), max_size=60),
    st.lists(ADDRESS_PIECES, max_size=14).map("".join),
    st.lists(st.one_of(ADDRESS_PIECES, st.text(max_size=3)), max_size=10).map("".join),
)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """A profile of any service with fixed forms, from a name its rules allow."""
    key, kind = draw(st.sampled_from(KINDS))
    name = draw(st.from_regex(kind.names.pattern, fullmatch=True))
    assume(len(name) <= 60)
    try:
        return read_profile(kind.write(name), key)
    except UnreadableProfile:
        # A name may still be one of the service's own pages, or another's server.
        assume(False)
        raise


def read_or_none(text: str, service: str | None) -> Profile | None:
    try:
        return read_profile(text, service)
    except UnreadableProfile as refused:
        sentence = str(refused)
        assert sentence.endswith("。")
        assert sentence.count("。") == 1
        assert sentence.isprintable()
        return None


@given(HOSTILE, SERVICE_KEYS)
@settings(max_examples=1500, deadline=None)
def test_hostile_text_is_read_or_refused_in_one_sentence(text: str, service: str | None) -> None:
    profile = read_or_none(text, service)
    if profile is not None:
        assert read_profile(profile.url, profile.service) == profile
        address = urlsplit(profile.url)
        assert address.scheme in ("http", "https")
        assert (address.username, address.fragment) == (None, "")
        assert profile.url.isascii()
        assert len(profile.url) <= 500
        assert len(profile.identity) <= 600
        assert len(profile.handle) <= 200
        assert len(profile.permanent_id) <= 100


@given(HOSTILE)
@settings(max_examples=500, deadline=None)
def test_the_canonical_address_is_a_fixed_point_without_naming_the_service(text: str) -> None:
    profile = read_or_none(text, None)
    if profile is not None and profile.service != "mastodon":
        assert read_profile(profile.url) == profile


@given(profiles())
@settings(max_examples=600, deadline=None)
def test_url_and_handle_both_lead_back_to_the_account(profile: Profile) -> None:
    assert read_profile(profile.url, profile.service) == profile
    assert read_profile(profile.handle, profile.service).identity == profile.identity
    assert read_profile(profile.display_handle, profile.service).identity == profile.identity


@given(
    profiles(),
    st.sampled_from(["https://", "http://", "HTTPS://", "https:", "//", "", "ｈｔｔｐｓ：／／"]),
    st.sampled_from(["", "?lang=ja", "?utm_source=a&b=%E3%81%82", "#top", "?#"]),
    st.sampled_from(["", "/", "//"]),
    st.sampled_from(["", " ", "\u3000", "\t\n", "\ufeff"]),
    st.sampled_from(INVISIBLE),
    st.integers(min_value=0, max_value=200),
)
@settings(max_examples=600, deadline=None)
def test_every_spelling_of_an_address_agrees(
    profile: Profile, scheme: str, query: str, slash: str, blank: str, invisible: str, at: int
) -> None:
    rest = profile.url.removeprefix("https://").rstrip("/")
    host, _, path = rest.partition("/")
    spelled = f"{scheme}{host.upper()}/{path}{slash}{query}"
    # Inside a percent-escape even an invisible character changes what is written.
    at = len(scheme) if "%" in spelled else min(at, len(spelled))
    spelled = f"{blank}{spelled[:at]}{invisible}{spelled[at:]}{blank}"
    assert read_profile(spelled, profile.service).identity == profile.identity


@given(
    st.from_regex(r"[A-Za-z0-9_]{3,15}", fullmatch=True),
    st.sampled_from(["x", "instagram", "tiktok"]),
)
def test_a_handle_is_one_account_in_any_width_and_case(name: str, service: str) -> None:
    wide = "".join(chr(ord(ch) + 0xFEE0) for ch in name)
    first = read_or_none(name, service)
    assume(first is not None)
    variants = [
        f"@{name}",
        f"＠{wide}",
        wide,
        name.upper(),
        name.lower(),
        f" @{name.swapcase()}\u3000",
    ]
    assert {read_profile(text, service).identity for text in variants} == {first.identity}


@given(st.from_regex(r"[a-z]{5,12}", fullmatch=True), st.data())
def test_facebook_holds_names_with_and_without_dots_equal(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(min_value=1, max_value=len(name) - 1))
    dotted = f"{name[:at]}.{name[at:]}"
    first = read_or_none(name, "facebook")
    assume(first is not None)
    assert read_profile(dotted, "facebook").identity == first.identity


@given(st.from_regex(r"[a-z0-9_]{1,15}", fullmatch=True))
def test_an_account_is_never_taken_for_one_of_a_service_that_was_not_chosen(name: str) -> None:
    for key in ("facebook", "instagram", "other", "google_plus", "mastodon"):
        with pytest.raises(UnreadableProfile):
            read_profile(f"https://twitter.com/{name}", key)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        ".",
        "a.",
        "@",
        "@a",
        "/",
        "%",
        "%41",
        "-1",
        "a-",
        "&a=1",
        "/..",
        "あ",
        "\u200b",
        "x.com/",
    ],
)
@pytest.mark.parametrize(
    "start", ["", "https://x.com/", "https://www.facebook.com/", "https://a.jp/"]
)
def test_long_text_takes_time_in_proportion_to_its_length(start: str, piece: str) -> None:
    # Quadratic reading of a million characters would take minutes; refusing them takes a moment.
    long = start + piece * (1_000_000 // len(piece))
    begun = time.perf_counter()
    for service in (None, "facebook", "instagram", "mastodon"):
        read_or_none(long, service)
        read_or_none((start + piece * 2000)[:2000], service)
    assert time.perf_counter() - begun < 2
