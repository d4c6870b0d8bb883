"""The canonical reading of a profile URL or a handle: clause 3(3)イ and the register's uniqueness.

Whatever a person pastes, `read_profile` makes one handle, one URL and one identity of it, or says
in one sentence why it cannot. It asks no network: what only the service knows stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from accounts.profile_addresses import (
    SCHEME,
    Address,
    UnreadableProfile,
    clean,
    decoded,
    escaped,
    parse_address,
    shown,
    without_dots,
)
from accounts.profile_forms import Kind, Place, Segments
from accounts.profile_rules import RULES
from accounts.services import SERVICES, Service, find_service

__all__ = ["Profile", "UnreadableProfile", "display_handle", "read_profile"]

URL_LIMIT = 500  # the column of the register


@dataclass(frozen=True)
class Profile:
    """One account as read. `identity` is the same for every spelling of one account.

    `handle` has no prefix and the case it was given in; it is empty where the service has no common
    form of address. `permanent_id` is the service's own unchanging id where the address shows it.
    """

    service: str
    handle: str
    url: str
    identity: str
    permanent_id: str

    @property
    def display_handle(self) -> str:
        """The handle as the service shows it."""
        return display_handle(self.service, self.handle)


_HOSTS = MappingProxyType(
    {host: service for service in SERVICES.values() for host in service.hosts}
)
ACCOUNTS_AS_SUBDOMAINS = frozenset({"tumblr.com", "medium.com", "bsky.social", "note.jp"})
SAME_SITE = re.compile(
    r"www|m|mobile|web|touch|mbasic|business|music|gaming|[a-z]{2}(?:-[a-z]{2})?"
)
SHORTENERS = frozenset((
    "t.co", "fb.me", "youtu.be", "pin.it", "lnkd.in", "vm.tiktok.com", "vt.tiktok.com", "flic.kr",
    "git.io", "bit.ly", "goo.gl", "tinyurl.com", "ow.ly", "buff.ly", "is.gd", "x.gd", "amzn.to",
    "wp.me",
))  # fmt: skip
TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|yclid|twclid|msclkid|igshid|igsh|mc_cid|mc_eid|_ga|ref_src|ref_url"
)
CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")


def read_profile(text: str, service: str | None = None) -> Profile:
    """Read a profile URL in any spelling or, where `service` (key or name) is given, a bare handle.

    Without `service` it is told from the host; an unknown host is `other`. A text without a host
    can then only be a full fediverse address, `@user@host`. Raises `UnreadableProfile`.
    """
    chosen = _chosen(service)
    cleaned = clean(text)
    address = _address(cleaned, chosen)
    if address is None:
        return _read_handle(cleaned, chosen)
    return _read_address(address, chosen)


def display_handle(service: str, handle: str) -> str:
    """`handle` of the service with the key `service` as it is shown on screen: with its prefix.

    An id or a handle that names its kind (`company/…`) has none.
    """
    entry = SERVICES.get(service)
    prefix = entry.handle_prefix if entry else ""
    is_id = handle.startswith("did:") or (service == "youtube" and CHANNEL_ID.fullmatch(handle))
    if not handle or "/" in handle or handle.startswith("@") or is_id:
        return handle
    return prefix + handle


def _chosen(service: str | None) -> Service | None:
    if not service:
        return None
    found = SERVICES.get(service) or find_service(service)
    if found is None:
        raise UnreadableProfile(f"「{shown(service)}」というサービスは一覧にありません。")
    return found


def _address(text: str, chosen: Service | None) -> Address | None:
    """`text` as a web address, or None where it is a handle."""
    found = SCHEME.match(text)
    if found is None and not text.startswith("//") and _is_handle(text, chosen):
        return None
    if found and found[1].lower() == "did" and chosen and chosen.key == "bluesky":
        return None
    return parse_address(text)


def _is_handle(text: str, chosen: Service | None) -> bool:
    """Whether `text`, which names no scheme, is a handle rather than an address."""
    first, _, rest = re.split(r"[?#]", text, maxsplit=1)[0].partition("/")
    if first.startswith("@"):
        return True
    if chosen is None or chosen.takes_any_url:
        return "." not in first
    if "@" in first:
        return True
    host = first.partition(":")[0].lower()
    if "." not in first or first.lower().startswith("did:"):
        return True
    return not rest and _owner_of(host) is None and host not in SHORTENERS


def _owner_of(host: str) -> tuple[Service, str, str] | None:
    """The service that `host` belongs to, its known host and the labels before that."""
    labels = host.split(".")
    for at in range(len(labels)):
        base = ".".join(labels[at:])
        service = _HOSTS.get(base)
        # A server of the fediverse is one by its whole name only.
        if service and (at == 0 or service.key != "mastodon"):
            return service, base, ".".join(labels[:at])
    return None


def _read_address(address: Address, chosen: Service | None) -> Profile:
    if address.host in SHORTENERS:
        raise UnreadableProfile(
            "短縮されたURLからはアカウントを確かめられないため、開いた先のURLを入力してください。",
            why="short",
        )
    owner = _owner_of(address.host)
    if owner and chosen and owner[0] is not chosen:
        raise UnreadableProfile(
            f"これは{owner[0].name}のURLで、選ばれたサービス（{chosen.name}）のものではありません。"
        )
    service = owner[0] if owner else chosen or SERVICES["other"]
    if service.takes_any_url and (owner or not service.is_retired):
        profile = _read_any_url(address, service)
        if owner and _is_front_page(profile, owner[2]):
            raise _no_name(service)
        return profile
    if service.key == "mastodon" and owner is None:
        owner = (service, address.host, "")
    if owner is None or address.port:
        port = f":{address.port}" if address.port else ""
        site = "" if service.key == "mastodon" else f"{service.hosts[0]}の"
        raise UnreadableProfile(
            f"「{shown(address.host)}{port}」は{service.name}のサイトではないため、"
            f"{site}プロフィールのURLを入力してください。"
        )
    return _read_page(address, *owner)


def _read_page(address: Address, service: Service, base: str, sub: str) -> Profile:
    """An account of `service` from an address of one of its hosts."""
    account_sub = ""
    if base in ACCOUNTS_AS_SUBDOMAINS:
        account_sub = "" if sub in ("www", "m") else sub.removeprefix("www.")
    elif sub and not all(SAME_SITE.fullmatch(label) for label in sub.split(".")):
        raise _no_account_page(service)
    path, query = address.path, address.query
    if address.fragment.startswith("!/") and not path.strip("/"):
        path, _, query = address.fragment[1:].partition("?")
    segments = [decoded(part) for part in path.split("/") if part]
    place = Place(base, account_sub, segments, _query(query))
    rewritten = RULES[service.key].rewrite(place)
    if rewritten is None:
        raise _no_account_page(service)
    if not rewritten:
        raise _no_name(service)
    return _match(service, rewritten)


def _match(service: Service, segments: Segments) -> Profile:
    """The account that the path `segments` shows, in one of the service's present forms."""
    rules = RULES[service.key]
    refused: tuple[Kind, str] | None = None
    for kind in rules.kinds:
        found = kind.match(segments)
        if found is None:
            continue
        name, rest = found
        if kind.follows_the_host and name.lower() in rules.own_pages:
            continue
        if not kind.names.pattern.fullmatch(name):
            refused = refused or (kind, name)
            continue
        profile = _profile(service, kind, name)
        if rest and not (
            "/".join(rest).lower() in rules.tabs or rest[0].lower() in rules.deep_tabs
        ):
            raise UnreadableProfile(
                "これは投稿など個別のページのURLなので、"
                f"プロフィールのURL（{profile.url}）を入力してください。",
                why="post",
                profile=profile,
            )
        return profile
    if refused:
        raise _not_a_name(service, *refused)
    if any(form.startswith(segments[-1] + "/") for kind in rules.kinds for form in kind.reads):
        raise _no_name(service)
    raise _no_account_page(service)


def _read_handle(text: str, chosen: Service | None) -> Profile:
    """An account from what was given without an address."""
    if chosen is None and re.fullmatch(r"@[^@/]+@[^@/]+", text):
        chosen = SERVICES["mastodon"]
    if chosen is None:
        raise UnreadableProfile(
            "URLではないため、サービスを選ぶか、https://で始まるプロフィールのURLを入力してください。"
        )
    if chosen.takes_any_url:
        raise UnreadableProfile(
            f"「{chosen.name}」では、https://で始まるページのURLを入力してください。"
        )
    segments = [decoded(part) for part in text.partition("?")[0].split("/") if part]
    if len(segments) > 1:
        return _match(chosen, RULES[chosen.key].rewrite(Place("", "", segments, {})) or segments)
    marked = text.startswith("@")
    given = "".join(segments).removeprefix("@")
    if not given:
        raise UnreadableProfile("アカウント名を入力してください。")
    name = RULES[chosen.key].complete(given)
    kinds = [kind for kind in RULES[chosen.key].kinds if kind.handle == "{}"]
    if not kinds:
        raise UnreadableProfile(
            f"{chosen.name}はアカウント名だけでは区別できないため、プロフィールのURLを入力してください。"
        )
    if marked:
        # With its mark a handle is meant, although an id might be written the same.
        kinds = [kind for kind in kinds if any("@{}" in form for form in kind.reads)] or kinds
    for kind in kinds:
        if kind.names.pattern.fullmatch(name):
            if kind.follows_the_host and name.lower() in RULES[chosen.key].own_pages:
                raise UnreadableProfile(
                    f"「{shown(name)}」は{chosen.name}が自分のページに使う名前なので、"
                    "アカウント名を確かめてください。"
                )
            return _profile(chosen, kind, name)
    raise _not_a_name(chosen, kinds[-1], name)


def _profile(service: Service, kind: Kind, name: str) -> Profile:
    url = kind.write(name)
    if service.key == "mastodon":
        owner = _owner_of(name.partition("@")[2].lower())
        if owner and owner[0] is not service:
            raise UnreadableProfile(
                f"{owner[0].name}は{service.name}のサーバーではないため、アカウント名を確かめてください。"
            )
    handle = kind.handle.format(name)
    if service.key == "youtube" and not kind.permanent and CHANNEL_ID.fullmatch(handle):
        handle = f"@{handle}"
    return Profile(
        service=service.key,
        handle=handle,
        url=url,
        identity=f"{service.key}:{kind.handle.format(kind.names.fold(name))}",
        permanent_id=name if kind.permanent else "",
    )


def _read_any_url(address: Address, service: Service) -> Profile:
    """An account of a service without a common form of address: the page itself is its name."""
    path = escaped("/".join(without_dots(address.path.split("/"))), "/")
    query = "&".join(
        sorted(
            piece
            for piece in escaped(address.query, "/?&").split("&")
            if piece and not TRACKING.fullmatch(piece.partition("=")[0].lower())
        )
    )
    if re.search(r"%(?:[01][0-9A-F]|7F)", path + query):
        raise UnreadableProfile("URLに制御文字が含まれています。")
    port = f":{address.port}" if address.port else ""
    tail = f"?{query}" if query else ""
    url = f"{address.scheme}://{address.host}{port}{path if path.strip('/') else ''}{tail}"
    if len(url) > URL_LIMIT:
        raise UnreadableProfile(f"URLが長すぎます（日本語を変換した形で{URL_LIMIT}文字まで）。")
    host = address.host
    for prefix in ("www.", "m."):
        if "." in host.removeprefix(prefix):
            host = host.removeprefix(prefix)
    identity = f"{service.key}:{host}{port}{path.rstrip('/')}{tail}"
    return Profile(service.key, "", url, identity, "")


def _is_front_page(profile: Profile, sub: str) -> bool:
    """Whether it is the service's own first page: no path, no query, no name before the host."""
    found = urlsplit(profile.url)
    named = sub and not all(SAME_SITE.fullmatch(label) for label in sub.split("."))
    return not (found.path or found.query or named)


def _query(query: str) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in query.split("&"))
    return {key: decoded(value) for key, _, value in pairs}


def _no_name(service: Service) -> UnreadableProfile:
    return UnreadableProfile(
        f"このURLにはアカウント名がないため、{service.name}のプロフィールのURLを入力してください。",
        why="page",
    )


def _no_account_page(service: Service) -> UnreadableProfile:
    example = service.profile_url.replace("{handle}", "アカウント名")
    return UnreadableProfile(
        f"これは{service.name}の投稿や検索などのページなので、"
        f"プロフィールのURL（例 {example}）を入力してください。",
        why="page",
    )


def _not_a_name(service: Service, kind: Kind, name: str) -> UnreadableProfile:
    return UnreadableProfile(
        f"「{shown(name)}」は{service.name}のアカウント名として使えません（{kind.names.words}）。",
        why="name",
        name=name,
    )
