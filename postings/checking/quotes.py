"""Quotes, reposts and mentions: whom they vouch for. Clause 4(2)ウ."""

from __future__ import annotations

from collections.abc import Iterator

from postings.checking.findings import Match
from postings.checking.links import is_own, service_of
from postings.checking.material import Material
from postings.checking.patterns import pattern

_REPOST = pattern(
    r"(?<![a-z0-9])(?:rt|qt|rp|mt|via) {0,2}+:? {0,1}+@[a-z0-9_.]{1,60}+"
    r"|引用(?:rt|リツイート|ツイート|ポスト|リポスト|投稿|元|先)? {0,1}+[:>→]"
    r"|(?:引用)?(?:リポスト|リツイート|シェア|引用)(?:し(?:ます|ました|ています)|させていただ)"
)
_MENTION = pattern(r"(?<![a-z0-9_.@/])@([a-z0-9_][a-z0-9_.-]{1,60}+)")
_POSTS = frozenset(
    {"status", "statuses", "posts", "post", "p", "reel", "video", "watch", "permalink"}
)
_POST_SERVICES = frozenset(
    {"x", "facebook", "instagram", "threads", "bluesky", "tiktok", "mastodon"}
)


def find_repost(material: Material) -> Iterator[Match]:
    """Reposts, quotes, and links to single posts of others."""
    for match in _REPOST.finditer(material.prose):
        yield material.match(*match.span())
    for link in material.links:
        service = service_of(link.host)
        is_post = bool(_POSTS & set(link.segments))
        if service and service.key in _POST_SERVICES and is_post and not is_own(link, material):
            yield material.match(link.start, link.end)


def find_mention(material: Material) -> Iterator[Match]:
    """Accounts of others that are named."""
    own = {handle for _, handle in material.known.handles}
    quoted = {match.end() for match in _REPOST.finditer(material.prose)}
    for match in _MENTION.finditer(material.prose):
        if match[1].rstrip(".-") not in own and match.end() not in quoted:
            yield material.match(match.start(), match.start(1) + len(match[1].rstrip(".-")))
