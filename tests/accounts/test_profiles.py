"""Reading profile URLs and handles: clause 3(3)イ, and no account twice in the register."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from accounts.profiles import Profile, UnreadableProfile, display_handle, read_profile

pytestmark = pytest.mark.once

CHANNEL = "UCmrN4GMprqPbwV2wOqc32Bw"
DID = "did:plc:abcdefghijklmnopqrstuvw2"
REGISTER = Path(__file__).parents[2].parent / "shared" / "data" / "us_registry_accounts.csv"


def test_a_reading_has_handle_url_identity_and_permanent_id() -> None:
    assert read_profile("http://www.twitter.com/Shinshiro_City/?lang=ja#top") == Profile(
        service="x",
        handle="Shinshiro_City",
        url="https://x.com/Shinshiro_City",
        identity="x:shinshiro_city",
        permanent_id="",
    )


@pytest.mark.parametrize(
    ("service", "identity", "spellings"),
    [
        ("x", "x:foo_1", [
            "@Foo_1", "foo_1", "＠ｆｏｏ＿１", "　@foo_1　",
            "\ufeff\u2003foo_1", "x.com/foo_1", "X.COM/FOO_1",
            "https://x.com/foo_1/", "http://twitter.com/@Foo_1", "https://mobile.twitter.com/foo_1",
            "https:twitter.com/foo_1", "https://twitter.com//foo_1", "https://twitter.com/#!/foo_1",
            "https://twitter.com/foo_1?ref_src=twsrc%5Egoogle", "//x.com/foo_1",
            "<https://x.com/foo_1>", "「https://x.com/foo_1」、",
            "ｈｔｔｐｓ：／／ｘ．ｃｏｍ／ｆｏｏ＿１", "https://x.com/fo\u200bo_1\ufeff",
            "https://x。com/foo_1",
            "https://x.com/foo%5F1", "https://x.com:443/foo_1", "http://x.com:80/foo_1",
            "https://x.com./foo_1", "https://x.com/foo_1/with_replies", "foo_1?lang=ja",
        ]),
        ("x", "x:i/user/123", ["https://x.com/i/user/123", "https://twitter.com/I/User/123/"]),
        ("facebook", "facebook:foobar", [
            "https://m.facebook.com/Foo.Bar/?ref=x", "fb.com/foobar", "foo.bar", "@FooBar",
            "https://ja-jp.facebook.com/foobar", "https://www.facebook.com/pg/foobar/about/?ref=y",
            "https://business.facebook.com/foobar/",
            "https://www.facebook.com/foobar/photos/albums",
        ]),
        ("facebook", "facebook:100064712345678", [
            "https://www.facebook.com/profile.php?id=100064712345678&ref=br_rs",
            "https://www.facebook.com/people/新城市/100064712345678/",
            "https://www.facebook.com/people/%E6%96%B0%E5%9F%8E%E5%B8%82/100064712345678",
            "https://www.facebook.com/pages/Shinshiro/100064712345678?fref=ts",
            "https://www.facebook.com/pages/category/City-Hall/新城市-100064712345678/",
            "https://www.facebook.com/p/Shinshiro-City-100064712345678/",
            "https://www.facebook.com/Shinshiro-City-100064712345678/info/?tab=page_info",
            "https://facebook.com/100064712345678", "100064712345678",
            "新城市-100064712345678",
        ]),
        ("facebook", "facebook:groups/854767101384651", [
            "https://www.facebook.com/groups/854767101384651/", "groups/854767101384651",
        ]),
        ("instagram", "instagram:foo.bar", [
            "https://www.instagram.com/foo.bar/?hl=ja", "instagr.am/Foo.Bar", "@foo.bar", "foo.bar",
            "foo.bar/", "https://instagram.com/foo.bar#", "https://instagram.com/_u/foo.bar",
        ]),
        ("youtube", "youtube:新城市", [
            "https://www.youtube.com/@新城市", "@新城市", "新城市", "youtube.com/@新城市/videos",
            "https://www.youtube.com/@%E6%96%B0%E5%9F%8E%E5%B8%82/featured",
        ]),
        ("youtube", f"youtube:{CHANNEL}", [
            f"https://www.youtube.com/channel/{CHANNEL}/featured", CHANNEL,
            f"https://m.youtube.com/channel/{CHANNEL}?view_as=subscriber",
            f"https://music.youtube.com/CHANNEL/{CHANNEL}",
        ]),
        ("youtube", "youtube:user/foo", [
            "https://www.youtube.com/user/Foo#p/u", "user/foo", "youtube.com/profile?user=foo",
        ]),
        ("youtube", "youtube:c/foo-bar", ["https://www.youtube.com/c/foo-bar", "c/Foo-Bar"]),
        ("youtube", "youtube:youtube.com/foo", ["http://youtube.com/Foo", "youtube.com/foo/about"]),
        ("line", "line:shinshiro", [
            "https://line.me/R/ti/p/%40shinshiro", "https://line.me/ti/p/@shinshiro", "@Shinshiro",
            "https://page.line.me/shinshiro", "https://page.line.me/?accountId=%40shinshiro",
            "https://line.me/R/oaMessage/@shinshiro/?hi", "http://line.naver.jp/R/ti/p/@shinshiro",
            "https://line.me/R/home/public/main?id=shinshiro", "＠ｓｈｉｎｓｈｉｒｏ",
            "line.me/@shinshiro",
        ]),
        ("line", "line:lin.ee/AbC123", ["https://lin.ee/AbC123", "lin.ee/AbC123/",
        "LIN.EE/AbC123"]),
        ("tiktok", "tiktok:foo.bar", [
            "https://www.tiktok.com/@Foo.Bar?lang=ja-JP", "tiktok.com/foo.bar", "@foo.bar",
            "https://www.tiktok.com/@foo.bar/live",
        ]),
        ("threads", "threads:foo", [
            "https://www.threads.net/@Foo", "https://www.threads.com/@foo?hl=ja", "threads.com/foo",
        ]),
        ("bluesky", "bluesky:foo.bsky.social", [
            "https://bsky.app/profile/Foo.bsky.social", "@foo.bsky.social", "foo", "@foo",
            "https://foo.bsky.social/", "foo.bsky.social", "bsky.app/profile/@foo.bsky.social",
        ]),
        ("bluesky", "bluesky:city.example.lg.jp", [
            "https://bsky.app/profile/city.example.lg.jp/followers", "city.example.lg.jp",
        ]),
        ("bluesky", f"bluesky:{DID}", [f"https://bsky.app/profile/{DID}", DID]),
        ("mastodon", "mastodon:koho@mstdn.jp", [
            "@koho@mstdn.jp", "Koho@MSTDN.JP", "https://mstdn.jp/@koho", "mstdn.jp/users/koho",
            "https://mstdn.jp/web/@koho", "https://mastodon.social/@koho@mstdn.jp",
        ]),
        ("note", "note:foo", ["https://note.com/foo/", "note.mu/Foo", "@foo", "note.com/foo/all"]),
        ("note", "note:foo-city.note.jp", ["https://foo-city.note.jp/", "foo-city.note.jp"]),
        ("linkedin", "linkedin:company/foo", [
            "https://jp.linkedin.com/company/Foo/?trk=x", "company/foo",
            "https://www.linkedin.com/company/foo/about/",
        ]),
        ("linkedin", "linkedin:company/225343", [
            "https://www.linkedin.com/company/225343/admin/updates/",
            "https://www.linkedin.com/company-beta/225343/",
            "https://www.linkedin.com/showcase/225343",
        ]),
        ("linkedin", "linkedin:company/新城市", [
            "https://www.linkedin.com/company/新城市",
            "https://www.linkedin.com/company/%E6%96%B0%E5%9F%8E%E5%B8%82/",
        ]),
        ("linkedin", "linkedin:groups/4688463", [
            "https://www.linkedin.com/groups/4688463/profile",
            "https://www.linkedin.com/grp/home?gid=4688463",
        ]),
        ("linkedin", "linkedin:in/foo-49420027", ["http://www.linkedin.com/pub/foo/27/200/494"]),
        ("github", "github:foo-bar", ["https://github.com/Foo-Bar", "github.com/orgs/foo-bar"]),
        ("flickr", "flickr:132910783@n03", [
            "https://www.flickr.com/photos/132910783@N03/albums", "132910783@N03",
            "https://flickr.com/people/132910783@n03/",
        ]),
        ("flickr", "flickr:foo", [
            "https://www.flickr.com/photos/foo/", "flickr.com/people/foo", "flickr.com/Foo", "foo",
        ]),
        ("pinterest", "pinterest:foo", [
            "https://jp.pinterest.com/foo/", "https://www.pinterest.jp/Foo/_saved",
            "pinterest.com/foo",
        ]),
        ("vimeo", "vimeo:user123", ["https://vimeo.com/user123", "user123"]),
        ("vimeo", "vimeo:channels/foo", ["https://vimeo.com/channels/foo", "channels/foo"]),
        ("tumblr", "tumblr:foo-bar", [
            "http://foo-bar.tumblr.com/", "https://www.tumblr.com/foo-bar", "foo-bar",
            "https://www.tumblr.com/blog/foo-bar", "https://www.tumblr.com/blog/view/foo-bar",
            "https://foo-bar.tumblr.com/archive", "https://www.foo-bar.tumblr.com",
        ]),
        ("medium", "medium:foo", ["https://medium.com/@Foo", "foo.medium.com", "@foo", "foo"]),
        ("medium", "medium:medium.com/foo", ["https://medium.com/foo",
        "https://www.medium.com/Foo/"]),
        ("slideshare", "slideshare:foo", ["https://www.slideshare.net/Foo", "foo"]),
    ],
)  # fmt: skip
def test_every_spelling_of_one_account_is_the_same_account(
    service: str, identity: str, spellings: list[str]
) -> None:
    read = [read_profile(spelling, service) for spelling in spellings]
    assert {profile.identity for profile in read} == {identity}
    assert [read_profile(profile.url) for profile in read] == read
    assert {read_profile(profile.handle, service).identity for profile in read} == {identity}


@pytest.mark.parametrize(
    ("text", "service", "permanent_id"),
    [
        ("https://x.com/i/user/123", "x", "123"),
        ("https://www.facebook.com/新城市-100064712345678/", "facebook", "100064712345678"),
        (f"https://www.youtube.com/channel/{CHANNEL}", "youtube", CHANNEL),
        ("@123abcde", "line", "123abcde"),
        (DID, "bluesky", DID),
        ("https://www.linkedin.com/company/225343", "linkedin", "225343"),
        ("https://www.flickr.com/photos/132910783@N03", "flickr", "132910783@N03"),
        ("https://vimeo.com/user123", "vimeo", "user123"),
        ("https://www.instagram.com/foo/", "instagram", ""),
    ],
)
def test_a_permanent_id_is_taken_from_the_address_that_shows_it(
    text: str, service: str, permanent_id: str
) -> None:
    assert read_profile(text, service).permanent_id == permanent_id


def test_kinds_of_one_name_are_different_accounts() -> None:
    addresses = ["@foo", "user/foo", "c/foo", "youtube.com/foo"]
    assert len({read_profile(text, "youtube").identity for text in addresses}) == 4


def test_a_channel_id_keeps_its_case() -> None:
    swapped = "UC" + CHANNEL[2:].swapcase()
    assert read_profile(swapped, "youtube").identity != read_profile(CHANNEL, "youtube").identity


def test_a_handle_written_like_a_channel_id_stays_a_handle() -> None:
    handle = read_profile(f"https://www.youtube.com/@{CHANNEL}")
    assert (handle.identity, handle.permanent_id) == (f"youtube:{CHANNEL.lower()}", "")
    assert read_profile(handle.handle, "youtube") == handle
    assert handle.display_handle == f"@{CHANNEL}"


@pytest.mark.parametrize(
    ("service", "handle", "shown"),
    [
        ("x", "foo", "@foo"),
        ("facebook", "foo", "foo"),
        ("mastodon", "foo@mstdn.jp", "@foo@mstdn.jp"),
        ("youtube", CHANNEL, CHANNEL),
        ("youtube", "user/foo", "user/foo"),
        ("bluesky", DID, DID),
        ("other", "", ""),
        ("gone", "foo", "foo"),
    ],
)
def test_a_handle_is_shown_as_its_service_shows_it(service: str, handle: str, shown: str) -> None:
    assert display_handle(service, handle) == shown


def test_a_server_of_the_fediverse_may_have_any_host() -> None:
    read = read_profile("https://social.city.example.jp/@koho", "mastodon")
    assert read == read_profile("@koho@social.city.example.jp")
    assert read.url == "https://social.city.example.jp/@koho"


@pytest.mark.parametrize(
    ("variants", "identity"),
    [
        (
            [
                "https://www.Example.jp/a/?b=2&a=1&utm_source=x&fbclid=y#top",
                "m.example.jp/a?a=1&b=2",
            ],
            "other:example.jp/a?a=1&b=2",
        ),
        (["http://example.jp:80", "https://example.jp/"], "other:example.jp"),
        (["https://m.jp/", "https://www.m.jp"], "other:m.jp"),
        (["https://example.jp:8443/A"], "other:example.jp:8443/A"),
        (["https://日本語.jp/", "https://xn--wgv71a119e.jp"], "other:xn--wgv71a119e.jp"),
        (
            ["https://example.jp/%7efoo/あ", "example.jp/~foo/%e3%81%82"],
            "other:example.jp/~foo/%E3%81%82",
        ),
        (["https://example.jp/a/./b/../c", "https://example.jp/a/c/."], "other:example.jp/a/c"),
        (["https://example.jp/?q=%26&r=100%"], "other:example.jp?q=%26&r=100%25"),
    ],
)
def test_any_other_site_is_known_by_its_normal_address(variants: list[str], identity: str) -> None:
    assert {read_profile(text).identity for text in variants} == {identity}
    assert {read_profile(text, "other").identity for text in variants} == {identity}
    assert [read_profile(read_profile(text).url).identity for text in variants] == [
        identity for _ in variants
    ]


def test_an_account_of_a_retired_service_stays_readable() -> None:
    read = read_profile("https://plus.google.com/+Foo/?hl=ja")
    assert (read.service, read.identity) == (
        "google_plus",
        "google_plus:plus.google.com/+Foo?hl=ja",
    )


@pytest.mark.skipif(not REGISTER.exists(), reason="the shared register is not beside the project")
def test_a_real_register_is_read_but_for_what_names_no_account() -> None:
    with REGISTER.open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row["service_url"], row["service_key"]) for row in csv.DictReader(lines)]
    refused, identities = [], Counter()
    for url, service in rows:
        try:
            profile = read_profile(url, service)
        except UnreadableProfile:
            refused.append(url.strip())
            continue
        identities[profile.identity] += 1
        assert read_profile(profile.url, profile.service) == profile
    assert len(rows) == 4941
    # Home and search pages, playlists, albums, another service's address, broken host names.
    assert len(refused) == 22
    # 421 by simple normalising; the rest are two forms of address of one account.
    assert identities.total() - len(identities) == 425
