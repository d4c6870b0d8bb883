"""The Atom feed by the rules of RFC 4287, as a feed validator applies them."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Notice
from tests import factories
from tests.conftest import Cast

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# 3.3: RFC 3339 with capital letters and an offset.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# 4.1.1, 4.1.2: what has to be there exactly once, and what at most once.
ONCE = {"feed": {"id", "title", "updated"}, "entry": {"id", "title", "updated"}}
AT_MOST_ONCE = {
    "feed": {"generator", "icon", "logo", "rights", "subtitle"},
    "entry": {"content", "published", "rights", "source", "summary"},
}
OTHERS = {"author", "category", "contributor", "link", "entry"}


def faults(feed: bytes, address: str) -> list[str]:
    """What a validator says of `feed`, found at `address`."""
    root = ElementTree.fromstring(feed)
    if root.tag != f"{ATOM}feed":
        return [f"the document is {root.tag}"]
    found = [fault for part in [root, *root.findall(f"{ATOM}entry")] for fault in _of(part)]
    found += _of_links(root, address)
    if not root.get(XML_LANGUAGE):
        found.append("no language")
    entries = root.findall(f"{ATOM}entry")
    if root.find(f"{ATOM}author") is None and any(e.find(f"{ATOM}author") is None for e in entries):
        found.append("nobody wrote it")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) != len(ids):
        found.append("two entries of one id")
    newest = max((_moment(entry.findtext(f"{ATOM}updated")) for entry in entries), default=None)
    if newest and _moment(root.findtext(f"{ATOM}updated")) < newest:
        found.append("older than its newest entry")
    return found


def _moment(text: str | None) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text or "")


def _of(part: ElementTree.Element) -> list[str]:
    kind = part.tag.removeprefix(ATOM)
    names = [child.tag.removeprefix(ATOM) for child in part]
    found = [f"{kind}: {name} {names.count(name)} times" for name in ONCE[kind]
             if names.count(name) != 1]  # fmt: skip
    found += [f"{kind}: {name} more than once" for name in AT_MOST_ONCE[kind]
              if names.count(name) > 1]  # fmt: skip
    found += [f"{kind}: unknown {name}" for name in names
              if name not in ONCE[kind] | AT_MOST_ONCE[kind] | OTHERS]  # fmt: skip
    for child in part:
        name, text = child.tag.removeprefix(ATOM), child.text or ""
        if name in ("updated", "published") and not DATE.fullmatch(text):
            found.append(f"{kind}: {name} is no date: {text}")
        if name == "id" and not urlsplit(text).scheme:
            found.append(f"{kind}: id is no absolute address: {text}")
        if name in ("title", "subtitle", "summary", "content"):
            if child.get("type", "text") not in ("text", "html"):
                found.append(f"{kind}: {name} of type {child.get('type')}")
            if name == "title" and not text.strip():
                found.append(f"{kind}: no title")
        if name == "category" and not child.get("term"):
            found.append(f"{kind}: category without a term")
        if name == "author" and not child.findtext(f"{ATOM}name"):
            found.append(f"{kind}: author without a name")
    return found


def _of_links(root: ElementTree.Element, address: str) -> list[str]:
    found = []
    links = root.findall(f"{ATOM}link")
    if [link.get("href") for link in links if link.get("rel") == "self"] != [address]:
        found.append("does not name itself")
    for part in [root, *root.findall(f"{ATOM}entry")]:
        others = [each for each in part.findall(f"{ATOM}link") if each.get("rel") != "self"]
        # 4.1.1: no two alternates of one type and language.
        seen = [(each.get("type"), each.get("hreflang")) for each in others]
        if not others or len(set(seen)) != len(seen):
            found.append(f"{part.tag}: {len(others)} alternates")
        found += [
            f"not absolute: {each.get('href')}"
            for each in others
            if not urlsplit(each.get("href") or "").netloc
        ]
    return found


def feed_of(client: Client) -> bytes:
    response = client.get("/notices/feed.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return bytes(response.content)


def judged(client: Client) -> list[str]:
    return faults(feed_of(client), "http://127.0.0.1:8000/notices/feed.atom")


def test_an_empty_feed_breaks_no_rule(client: Client, db: None) -> None:
    assert judged(client) == []


def test_notices_of_every_kind_break_no_rule(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism)
    made = [
        Notice.objects.create(
            account=account, kind=kind, title=f"お知らせ{kind.label}", body="一行目\n\n二行目",
            published_at=timezone.now() - datetime.timedelta(days=number), published_by=cast.head,
        )
        for number, kind in enumerate((*Notice.STANDING, Notice.Kind.FAKE), 1)
    ]  # fmt: skip
    Notice.objects.create(
        account=account, kind="taken_back", title="訂正", body="誤りでした。", corrects=made[-1],
        published_by=cast.head,
    )  # fmt: skip

    feed = feed_of(client)

    assert judged(client) == []
    assert len(ElementTree.fromstring(feed).findall(f"{ATOM}entry")) == len(made) + 1


# What a person can type into a title and a text, and a database can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    lambda text: text.strip()
)


@pytest.mark.once
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(title=TEXTS, body=TEXTS)
def test_no_text_breaks_a_rule(client: Client, cast: Cast, title: str, body: str) -> None:
    Notice.objects.all().delete()
    account = cast.tourism.accounts.first() or factories.official(cast.tourism)
    Notice.objects.create(
        account=account, kind="suspended", title=title, body=body, published_by=cast.head
    )

    assert judged(client) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("written", "broken", "fault"),
    [
        ("<id>http://", "<id>", "id is no absolute address"),
        ("<updated>", "<updated>x", "is no date"),
        ('feed.atom"', 'other.atom"', "does not name itself"),
        ("<name>新城市</name>", "<name></name>", "author without a name"),
        ('xml:lang="ja"', "", "no language"),
        ("</title>", "</title><title>二つ目</title>", "title 2 times"),
        ("</feed>", "<unknown>x</unknown></feed>", "unknown"),
    ],
)
def test_the_rules_find_what_breaks_them(
    client: Client, cast: Cast, written: str, broken: str, fault: str
) -> None:
    feed = feed_of(client).decode()
    assert written in feed

    found = faults(
        feed.replace(written, broken, 1).encode(), "http://127.0.0.1:8000/notices/feed.atom"
    )

    assert [fault in each for each in found] == [True]
