"""The social media services a register may name, clause 2, with what 3(4) and 5(2) need of them.

The table is data: a service that is renamed, verified differently or closed is one changed entry.
How its addresses are read stands beside it, in `profile_rules.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType


class Verification(Enum):
    """Whether the operator certifies that an account is a public body's, clause 3(4)."""

    PUBLIC_BODIES = "公共機関・団体向けの認証がある"
    BY_APPLICATION = "申請し、審査を受ける認証がある"
    OWN_DOMAIN = "自分のドメインやサイトで示す認証がある"
    PAID_BADGE = "有料のバッジだけで、公共機関である証明にはならない"
    NONE = "認証の仕組みはない"

    @property
    def is_possible(self) -> bool:
        """Whether clause 3(4) asks a department to obtain it: a bought badge certifies nothing."""
        return self not in (Verification.PAID_BADGE, Verification.NONE)


@dataclass(frozen=True)
class Service:
    """ソーシャルメディアの種類: one service, as the register and the public pages speak of it.

    `hosts` begins with the present one, old ones follow. `profile_url` shows how an account's page
    is written, with `{handle}` in the place of its name. `character_limit` counts one post as the
    service itself counts it. `report_url` is where its operator takes a report of an impersonation.
    `takes_any_url` says that its accounts have no common form: any web address is one.

    Of the account's own page, 3(6): `profile_limit` characters fit the text of a profile, in which a
    URL counts as `profile_url_length` where the service shortens it; `profile_place` is where the text
    goes. `answers_plainly` says that the page says the same without a script and without a log-in.
    """

    key: str
    name: str
    operator: str
    hosts: tuple[str, ...]
    profile_url: str
    verification: Verification
    verification_note: str
    report_url: str = ""
    aliases: tuple[str, ...] = ()
    handle_prefix: str = ""
    character_limit: int | None = None
    character_note: str = ""
    permanent_id_label: str = ""
    retired: date | None = None
    retired_note: str = ""
    takes_any_url: bool = False
    profile_limit: int | None = None
    profile_url_length: int | None = None
    profile_place: str = "プロフィールの説明文"
    answers_plainly: bool = False

    @property
    def is_retired(self) -> bool:
        """Whether no account can be opened on it any more."""
        return self.retired is not None


def _retired(
    key: str, name: str, operator: str, host: str, *, ended: date, note: str,
    aliases: tuple[str, ...] = (), old_hosts: tuple[str, ...] = (),
) -> Service:  # fmt: skip
    return Service(
        key, name, operator, (host, *old_hosts), f"https://{host}/{{handle}}",
        Verification.NONE, "サービスが終了しているため、認証は受けられません。",
        aliases=aliases, retired=ended, retired_note=note, takes_any_url=True,
    )  # fmt: skip


_NO_VERIFICATION = "運営者による認証の仕組みはありません。"

_TABLE = (
    Service(
        "x", "X（旧Twitter）", "X Corp.",
        ("x.com", "twitter.com"), "https://x.com/{handle}",
        Verification.PUBLIC_BODIES,
        "行政機関にはグレーの認証マークがあり、申請して審査を受けます。"
        "有料の青いマークは、本物である証明になりません。",
        "https://help.x.com/ja/forms/authenticity/impersonation",
        ("X", "Twitter", "旧Twitter", "ツイッター", "エックス", "X（旧ツイッター）", "X (Twitter)"),
        "@", 280, "半角280字、全角では140字までです。URLは長さにかかわらず半角23字と数えます。",
        "ユーザーID（数字）",
        profile_limit=160, profile_place="プロフィールの「自己紹介」",
    ),
    Service(
        "facebook", "Facebook", "Meta Platforms, Inc.",
        ("facebook.com", "fb.com"), "https://www.facebook.com/{handle}",
        Verification.BY_APPLICATION,
        "公共性のあるページは無料で認証を申請できます。有料の「Meta認証」は別の仕組みです。",
        "https://www.facebook.com/help/174210519303259",
        ("フェイスブック", "FB", "Facebookページ", "Facebook page"),
        "", 63206, "1回の投稿は63,206字までです。", "ページID（数字）",
        profile_limit=101, profile_place="ページの「自己紹介」",
    ),
    Service(
        "instagram", "Instagram", "Meta Platforms, Inc.",
        ("instagram.com", "instagr.am"), "https://www.instagram.com/{handle}/",
        Verification.BY_APPLICATION,
        "公共性のあるアカウントは無料で認証を申請できます。有料の「Meta認証」は別の仕組みです。",
        "https://help.instagram.com/446663175382270",
        ("インスタグラム", "インスタ", "IG"),
        "@", 2200, "投稿の説明文は2,200字までです。",
        profile_limit=150, profile_place="プロフィールの「自己紹介」",
    ),
    Service(
        "youtube", "YouTube", "Google LLC",
        ("youtube.com",), "https://www.youtube.com/@{handle}",
        Verification.BY_APPLICATION,
        "登録者が10万人以上のチャンネルは、無料で確認バッジを申請できます。",
        "https://support.google.com/youtube/answer/2801947?hl=ja",
        ("ユーチューブ", "ユーチューブチャンネル", "YouTubeチャンネル", "YT"),
        "@", 5000, "動画の説明文は5,000字までです。", "チャンネルID（UCで始まる24文字）",
        profile_limit=1000, profile_place="チャンネルの「説明」",
    ),
    Service(
        "line", "LINE公式アカウント", "LINEヤフー株式会社",
        ("line.me", "page.line.me", "lin.ee", "line.naver.jp", "accountpage.line.me"),
        "https://line.me/R/ti/p/@{handle}",
        Verification.PUBLIC_BODIES,
        "審査を受けて「認証済アカウント」になれます。費用はかかりません。",
        "https://contact-cc.line.me/ja/",
        ("LINE", "ライン", "LINE@", "LINE公式"),
        "@", 500, "1つの吹き出しは500字までです。", "ベーシックID（@と数字・英字）",
        profile_limit=20,
        profile_place="プロフィールの「ステータスメッセージ」(入らないときは「基本情報」のウェブサイト)",
    ),
    Service(
        "tiktok", "TikTok", "TikTok Pte. Ltd.",
        ("tiktok.com",), "https://www.tiktok.com/@{handle}",
        Verification.BY_APPLICATION, "無料で認証バッジを申請できます。審査があります。",
        "https://www.tiktok.com/legal/report/feedback",
        ("ティックトック", "Tik Tok"),
        "@", 4000, "動画の説明文は4,000字までです。",
        profile_limit=80, profile_place="プロフィールの「自己紹介」",
    ),
    Service(
        "threads", "Threads", "Meta Platforms, Inc.",
        ("threads.com", "threads.net"), "https://www.threads.com/@{handle}",
        Verification.BY_APPLICATION, "同じ名前のInstagramアカウントの認証が引き継がれます。",
        "https://help.instagram.com/769983657850450",
        ("スレッズ",), "@", 500, "1回の投稿は500字までです。",
        profile_limit=150, profile_place="プロフィールの「自己紹介」",
    ),
    Service(
        "bluesky", "Bluesky", "Bluesky Social, PBC",
        ("bsky.app", "bsky.social"), "https://bsky.app/profile/{handle}",
        Verification.OWN_DOMAIN,
        "市のドメインをそのままアカウント名にすると、市のものであると示せます。",
        "https://bsky.social/about/support",
        ("ブルースカイ", "bsky"),
        "@", 300, "1回の投稿は300字までです。", "DID（did:で始まる文字列）",
        profile_limit=256, answers_plainly=True,
    ),
    Service(
        "mastodon", "Mastodon", "各サーバーの管理者",
        ("mastodon.social", "mastodon.online", "mstdn.jp", "mstdn.social", "mastodon.cloud",
         "pawoo.net", "fedibird.com", "mastodon-japan.net", "mastodon.world", "fosstodon.org"),
        "https://mastodon.social/@{handle}",
        Verification.OWN_DOMAIN,
        "市のサイトからrel=\"me\"でリンクすると、プロフィールのリンクが確認済みになります。",
        "https://joinmastodon.org/ja",
        ("マストドン", "ActivityPub", "Fediverse"),
        "@", 500, "多くのサーバーで500字までです。サーバーにより異なります。",
        profile_limit=500, profile_url_length=23, answers_plainly=True,
        profile_place="プロフィールの「自己紹介」または補足情報の欄",
    ),
    Service(
        "note", "note", "note株式会社",
        ("note.com", "note.mu", "note.jp"), "https://note.com/{handle}",
        Verification.NONE,
        "認証マークはありません。地方公共団体は「note pro」の無償提供を受け、"
        "note.jpの専用のアドレスで公式であると示せます。",
        "https://www.help-note.com/hc/ja/requests/new", ("ノート", "note pro"),
        profile_limit=140, profile_place="クリエイターページの自己紹介", answers_plainly=True,
    ),
    Service(
        "linkedin", "LinkedIn", "LinkedIn Corporation",
        ("linkedin.com",), "https://www.linkedin.com/company/{handle}",
        Verification.BY_APPLICATION, "条件を満たすページは、無料で認証を申請できます。",
        "https://www.linkedin.com/help/linkedin/answer/a1338436",
        ("リンクトイン", "リンクドイン"),
        "", 3000, "1回の投稿は3,000字までです。", "会社ページの番号",
        profile_limit=2000, profile_place="会社ページの「概要」",
    ),
    Service(
        "github", "GitHub", "GitHub, Inc.",
        ("github.com",), "https://github.com/{handle}",
        Verification.OWN_DOMAIN, "組織のドメインを確認すると「Verified」と表示されます。",
        "https://support.github.com/contact/report-abuse", ("ギットハブ",),
        profile_limit=160, profile_place="組織の説明", answers_plainly=True,
    ),
    Service(
        "flickr", "Flickr", "Flickr, Inc.",
        ("flickr.com",), "https://www.flickr.com/photos/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://www.flickrhelp.com/hc/en-us/requests/new",
        ("フリッカー",), permanent_id_label="NSID（@N00などで終わる文字列）",
        answers_plainly=True,
    ),
    Service(
        "pinterest", "Pinterest", "Pinterest, Inc.",
        ("pinterest.com", "pinterest.jp", "pinterest.co.uk", "pinterest.de", "pinterest.fr",
         "pinterest.es", "pinterest.it", "pinterest.ca", "pinterest.ch", "pinterest.at",
         "pinterest.se", "pinterest.pt", "pinterest.dk", "pinterest.ie", "pinterest.nz",
         "pinterest.ph", "pinterest.cl", "pinterest.co", "pinterest.co.kr", "pinterest.com.au",
         "pinterest.com.mx"),
        "https://www.pinterest.com/{handle}/",
        Verification.OWN_DOMAIN, "市のサイトを登録すると、確認済みのサイトとして表示されます。",
        "https://help.pinterest.com/ja/article/report-something-on-pinterest",
        ("ピンタレスト",), "", 500, "ピンの説明文は500字までです。",
        profile_limit=500,
    ),
    Service(
        "vimeo", "Vimeo", "Vimeo.com, Inc.",
        ("vimeo.com",), "https://vimeo.com/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://vimeo.com/help/contact",
        ("ヴィメオ", "ビメオ"), permanent_id_label="ユーザー番号",
    ),
    Service(
        "tumblr", "Tumblr", "Automattic Inc.",
        ("tumblr.com",), "https://www.tumblr.com/{handle}",
        Verification.PAID_BADGE, "有料のバッジがありますが、だれでも買えるため証明になりません。",
        "https://www.tumblr.com/abuse/impersonation", ("タンブラー",),
        answers_plainly=True,
    ),
    Service(
        "medium", "Medium", "A Medium Corporation",
        ("medium.com",), "https://medium.com/@{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://help.medium.com/hc/en-us/requests/new",
        ("ミディアム",), "@",
        profile_limit=160, answers_plainly=True,
    ),
    Service(
        "slideshare", "SlideShare", "Scribd, Inc.",
        ("slideshare.net",), "https://www.slideshare.net/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://support.scribd.com/hc/ja",
        ("スライドシェア",),
    ),
    Service(
        "eventbrite", "Eventbrite", "Eventbrite, Inc.",
        ("eventbrite.com",), "https://www.eventbrite.com/o/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://www.eventbrite.com/help/",
        ("イベントブライト",), takes_any_url=True,
    ),
    Service(
        "yelp", "Yelp", "Yelp Inc.",
        ("yelp.com", "yelp.co.jp"), "https://www.yelp.com/biz/{handle}",
        Verification.NONE, "施設の管理者である登録はできますが、公共機関の認証はありません。",
        "https://www.yelp-support.com/", ("イェルプ",), takes_any_url=True,
    ),
    Service(
        "ideascale", "IdeaScale", "IdeaScale Inc.",
        ("ideascale.com",), "https://{handle}.ideascale.com",
        Verification.NONE, _NO_VERIFICATION, "https://ideascale.com/contact-us/",
        ("アイデアスケール",), takes_any_url=True,
    ),
    Service(
        "disqus", "Disqus", "Disqus, Inc.",
        ("disqus.com",), "https://disqus.com/by/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://help.disqus.com/",
        ("ディスカス",), takes_any_url=True,
    ),
    Service(
        "foursquare", "Foursquare・Swarm", "Foursquare Labs, Inc.",
        ("foursquare.com", "swarmapp.com"), "https://foursquare.com/{handle}",
        Verification.NONE, _NO_VERIFICATION, "https://support.foursquare.com/",
        ("Foursquare", "Swarm", "フォースクエア"), takes_any_url=True,
        retired=date(2024, 12, 15), retired_note="Foursquareのアプリは2024年12月に終了しました。",
    ),
    _retired(
        "google_plus", "Google+", "Google LLC", "plus.google.com",
        ended=date(2019, 4, 2), note="2019年4月に個人向けの提供が終了しました。",
        aliases=("Google Plus", "グーグルプラス", "G+"),
    ),
    _retired(
        "ustream", "Ustream", "IBM", "ustream.tv",
        ended=date(2018, 4, 1), note="2018年4月に別の名称となり、Ustreamとしては終了しました。",
        aliases=("ユーストリーム",),
    ),
    _retired(
        "vine", "Vine", "Twitter, Inc.", "vine.co",
        ended=date(2017, 1, 17), note="2017年1月に動画の投稿ができなくなりました。",
        aliases=("ヴァイン",),
    ),
    _retired(
        "periscope", "Periscope", "Twitter, Inc.", "periscope.tv",
        ended=date(2021, 3, 31), note="2021年3月に終了しました。",
        aliases=("ペリスコープ",), old_hosts=("pscp.tv",),
    ),
    _retired(
        "storify", "Storify", "Adobe Inc.", "storify.com",
        ended=date(2018, 5, 16), note="2018年5月に終了しました。", aliases=("ストーリファイ",),
    ),
    Service(
        "other", "その他", "", (), "", Verification.NONE,
        "運営者に認証の仕組みがあるか、個別に確認してください。",
        aliases=("その他のサービス", "Other"), takes_any_url=True,
        answers_plainly=True,
    ),
)  # fmt: skip

SERVICES: Mapping[str, Service] = MappingProxyType({service.key: service for service in _TABLE})
"""Every service by its key, in the order in which they are offered."""


ENGLISH_NAMES: Mapping[str, str] = MappingProxyType(
    {"x": "X (formerly Twitter)", "line": "LINE", "other": "another site"}
)
"""What services are called in English, where it is not what they are called in Japanese."""


def _fold(text: str) -> str:
    """`text` without width, case, blanks, hyphens and underscores."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(ch for ch in folded if not ch.isspace() and ch not in "-_‐−")


_BY_WORD = MappingProxyType(
    {
        _fold(word): service
        for service in reversed(_TABLE)
        for word in (service.key, service.name, *service.aliases)
    }
)


def find_service(text: str) -> Service | None:
    """The service that `text` means: its key, its name or an old name, in any width and case."""
    return _BY_WORD.get(_fold(text))
