"""What names no account, and the sentence that says so: clause 3(3)イ."""

from __future__ import annotations

import pytest

from accounts.profiles import UnreadableProfile, read_profile
from accounts.services import SERVICES

pytestmark = pytest.mark.once


def refusal(text: str, service: str | None = None) -> str:
    with pytest.raises(UnreadableProfile) as caught:
        read_profile(text, service)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "service", "sentence"),
    [
        ("", "x", "URLまたはアカウント名を入力してください。"),
        (" \u3000\u200b\n", "x", "URLまたはアカウント名を入力してください。"),
        ("@", "x", "アカウント名を入力してください。"),
        ("x" * 2001, "x", "URLまたはアカウント名が長すぎます（2,000文字まで）。"),
        ("https://example.jp/" + "あ" * 200, None,
         "URLが長すぎます（日本語を変換した形で500文字まで）。"),
        ("foo\x00", "x",
        "URLまたはアカウント名に、改行や制御文字など使えない文字が含まれています。"),
        ("foo\nbar", "x",
        "URLまたはアカウント名に、改行や制御文字など使えない文字が含まれています。"),
        ("\ud800", "x",
        "URLまたはアカウント名に、改行や制御文字など使えない文字が含まれています。"),
        ("Edit http://x.com/foo", "x", "URLまたはアカウント名の途中に空白が含まれています。"),
        ("https://example.jp/%00", None, "URLに制御文字が含まれています。"),
        ("javascript:alert(1)", None, "「javascript:」で始まるものは登録できないため、"
         "https://で始まるプロフィールのURLを入力してください。"),
        ("data:text/html,x", "x", "「data:」で始まるものは登録できないため、"
         "https://で始まるプロフィールのURLを入力してください。"),
        ("JavaScript://x.com/foo", "x", "「javascript:」で始まるものは登録できないため、"
         "https://で始まるプロフィールのURLを入力してください。"),
        ("https://x.com@evil.example", None,
         "URLのサイト名の前に「@」があり、別のサイトへつながるおそれがあるため登録できません。"),
        ("https://evil.example\\@x.com/foo", None, "URLに「\\」は使えません。"),
        ("https://x.com:99999/foo", None, "URLのポート番号が正しくありません。"),
        ("https://x.com:8080/foo", None,
         "「x.com:8080」はX（旧Twitter）のサイトではないため、x.comのプロフィールのURLを入力してください。"),
        ("https://www.facebook.com/foo", "x",
         "これはFacebookのURLで、選ばれたサービス（X（旧Twitter））のものではありません。"),
        ("https://x.com/foo", "other",
         "これはX（旧Twitter）のURLで、選ばれたサービス（その他）のものではありません。"),
        ("https://evil.example/foo", "x",
         "「evil.example」はX（旧Twitter）のサイトではないため、x.comのプロフィールのURLを入力してください。"),
        ("https://х.com/foo", "x",
         "「xn--u1a.com」はX（旧Twitter）のサイトではないため、x.comのプロフィールのURLを入力してください。"),
        ("https://x.com.evil.example/foo", "x", "「x.com.evil.example」はX（旧Twitter）の"
         "サイトではないため、x.comのプロフィールのURLを入力してください。"),
        ("http://instagram/foo", "instagram",
         "URLのサイト名が正しくないため、https://で始まるプロフィールのURLを入力してください。"),
        ("http://[::1]/", None,
         "URLのサイト名が正しくないため、https://で始まるプロフィールのURLを入力してください。"),
        ("https://" + "あ" * 70 + ".jp/", None,
         "URLのサイト名が正しくないため、https://で始まるプロフィールのURLを入力してください。"),
        ("http://192.168.0.1/", None,
         "URLのサイト名が正しくないため、https://で始まるプロフィールのURLを入力してください。"),
        ("https://t.co/abc", None,
         "短縮されたURLからはアカウントを確かめられないため、開いた先のURLを入力してください。"),
        ("https://x.com/?lang=ja", "x",
         "このURLにはアカウント名がないため、X（旧Twitter）のプロフィールのURLを入力してください。"),
        ("https://www.youtube.com/channel/", "youtube",
         "このURLにはアカウント名がないため、YouTubeのプロフィールのURLを入力してください。"),
        ("https://x.com/foo/status/1", None,
         "これは投稿など個別のページのURLなので、プロフィールのURL（https://x.com/foo）を入力してください。"),
        ("https://x.com/home", "x", "これはX（旧Twitter）の投稿や検索などのページなので、"
         "プロフィールのURL（例 https://x.com/アカウント名）を入力してください。"),
        ("home", "x",
         "「home」はX（旧Twitter）が自分のページに使う名前なので、アカウント名を確かめてください。"),
        ("a-b", "x", "「a-b」はX（旧Twitter）のアカウント名として使えません"
         "（半角の英数字と「_」で15文字まで）。"),
        ("foo", None,
         "URLではないため、サービスを選ぶか、https://で始まるプロフィールのURLを入力してください。"),
        ("foo", "other", "「その他」では、https://で始まるページのURLを入力してください。"),
        ("foo", "linkedin",
         "LinkedInはアカウント名だけでは区別できないため、プロフィールのURLを入力してください。"),
        ("@foo@x.com", None,
         "X（旧Twitter）はMastodonのサーバーではないため、アカウント名を確かめてください。"),
        ("https://www.google.com/webhp", "google_plus",
        "「www.google.com」はGoogle+のサイトではないため、"
         "plus.google.comのプロフィールのURLを入力してください。"),
        ("foo", "mixi<b>", "「mixi<b>」というサービスは一覧にありません。"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_account_is_refused_with_the_reason(
    text: str, service: str | None, sentence: str
) -> None:
    assert refusal(text, service) == sentence


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/share", "https://x.com/intent/user?screen_name=foo", "https://x.com/explore",
        "https://x.com/search?q=foo", "https://x.com/i/lists/1",
        "https://analytics.twitter.com/foo",
        "https://www.facebook.com/share/1AbC/", "https://www.facebook.com/events/1",
        "https://www.facebook.com/profile.php", "https://www.facebook.com/pages/foo",
        "https://www.facebook.com/foo/posts/123", "https://www.facebook.com/story.php?id=1",
        "https://www.instagram.com/p/abc/", "https://www.instagram.com/foo/reel/abc/",
        "https://www.youtube.com/watch?v=abc", "https://www.youtube.com/playlist?list=abc",
        "https://www.youtube.com/shorts/abc", "https://youtu.be/abc",
        "https://line.me/ti/p/AbCdEf", "https://liff.line.me/123", "https://page.line.me/",
        "https://www.tiktok.com/@foo/video/1", "https://vm.tiktok.com/abc/",
        "https://www.threads.com/@foo/post/abc", "https://bsky.social/about",
        "https://bsky.app/profile/foo.bsky.social/post/abc", "https://bsky.app/",
        "https://mstdn.jp/@foo/123", "https://mstdn.jp/about", "https://mstdn.jp/",
        "https://note.com/foo/n/nabc", "https://note.com/hashtag/foo", "https://note.jp/",
        "https://www.linkedin.com/feed/update/1", "https://www.linkedin.com/company/",
        "https://github.com/foo/bar", "https://github.com/features",
        "https://www.flickr.com/photos/foo/123", "https://www.flickr.com/photos/tags/foo",
        "https://www.pinterest.com/pin/123/", "https://www.pinterest.com/foo/board/",
        "https://vimeo.com/123456", "https://foo.tumblr.com/post/1",
        "https://www.tumblr.com/foo/123/a",
        "https://medium.com/@foo/a-post-1a2b3c", "https://medium.com/p/abc",
    ],
)  # fmt: skip
def test_a_page_that_is_no_profile_is_refused(url: str) -> None:
    assert refusal(url).endswith("を入力してください。")


@pytest.mark.parametrize(
    ("service", "handle"),
    [
        ("x", "sixteen_letters_"), ("x", "foo.bar"), ("instagram", "foo..bar"),
        ("instagram", "foo."), ("instagram", "a" * 31), ("facebook", "新城市"), ("tiktok", "foo."),
        ("youtube", "ab"), ("line", "あいう"), ("github", "-foo"), ("flickr", "a b"[::2] + "!"),
        ("bluesky", "foo_bar.example"), ("mastodon", "foo"), ("tumblr", "foo_bar"),
        ("mastodon", "foo@localhost"), ("pinterest", "foo.bar"), ("vimeo", "12345"),
    ],
)  # fmt: skip
def test_a_handle_against_the_rules_of_its_service_is_refused(service: str, handle: str) -> None:
    assert f"は{SERVICES[service].name}のアカウント名として使えません（" in refusal(handle, service)


def test_what_was_given_is_quoted_short_and_cannot_end_the_sentence() -> None:
    assert refusal("a。「」<" + "b" * 80, "x").startswith(
        "「a<" + "b" * 36 + "…」はX（旧Twitter）の"
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://www.eventbrite.com/",
        "eventbrite.com",
        "https://m.eventbrite.com?utm_source=x",
        "https://www.eventbrite.com/#top",
        "https://disqus.com",
        "https://plus.google.com/",
    ],
)
@pytest.mark.parametrize("is_chosen", [True, False])
def test_the_first_page_of_a_listed_service_is_nobodys(text: str, is_chosen: bool) -> None:
    [service] = [s for s in SERVICES.values() for host in s.hosts if host in text]
    assert refusal(text, service.key if is_chosen else None) == (
        f"このURLにはアカウント名がないため、{service.name}のプロフィールのURLを入力してください。"
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://www.eventbrite.com/o/123",
        "https://shinshiro.ideascale.com/",
        "https://example.jp/",
        "https://www.yelp.com/?id=5",
    ],
)
def test_a_name_in_path_host_or_query_makes_an_account(text: str) -> None:
    assert read_profile(text).url.rstrip("/") == text.rstrip("/").replace("/?", "?")
