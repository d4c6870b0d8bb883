"""What counts as naming the city's page, and what merely looks like it, 3(6)."""

import pytest

from accounts.page_links import Naming, naming

pytestmark = pytest.mark.once

HERE = "https://sns.city.example/accounts/12/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<a rel="nofollow ME" href="{HERE}">市</a>', Naming.REL_ME),
        (f'<link rel="me" href="{HERE}">', Naming.REL_ME),
        (f'<a href="{HERE}">市</a><a rel="me" href="{HERE}">市</a>', Naming.REL_ME),
        (f'<a href="{HERE}">市</a>', Naming.LINK),
        ('<a href="http://SNS.City.Example:443/accounts/12?x=1#y">市</a>', Naming.LINK),
        ('<a href="//sns.city.example/accounts/%31%32/">市</a>', Naming.LINK),
        ('<a href="https://out.example/?to=https%3A%2F%2Fsns.city.example%2Faccounts%2F12%2F">',
         Naming.LINK),
        (f"<p>公式:{HERE}。</p>", Naming.TEXT),
        ("<p>運用ポリシーはsns.city.example/accounts/12</p>", Naming.TEXT),
        (f"<p>({HERE})</p>", Naming.TEXT),
        (f'<meta name="description" content="市の公式 {HERE}">', Naming.TEXT),
        ("<p>https&#58;//sns.city.example/accounts/12/</p>", Naming.TEXT),
    ],
)  # fmt: skip
def test_every_spelling_of_the_address_counts(html, expected):
    assert naming(f"<html><body>{html}</body></html>", HERE) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p>新城市の公式アカウントです</p>",
        '<a href="https://sns.city.example/accounts/123/">',
        '<a href="https://sns.city.example/accounts/1/">',
        '<a href="https://sns.city.example/">',
        '<a href="https://sns.city.example.evil.example/accounts/12/">',
        '<a href="https://evil.example/sns.city.example/accounts/12/">',
        '<a href="https://sns.city.example:8443/accounts/12/">',
        '<a href="mailto:x@sns.city.example/accounts/12/">',
        '<a href="/accounts/12/">',
        '<a href="http://[broken">',
        "<p>https://sns.city.example/accounts/123/</p>",
        "<p>my-sns.city.example/accounts/12/</p>",
        "<p>user@sns.city.example/accounts/12/</p>",
        f"<!-- {HERE} -->",
        f"<script>var x = '{HERE}'</script>",
        f"<style>/* {HERE} */</style>",
        f"<template>{HERE}</template>",
        f"<!-- <p>{HERE}</p>",
        "",
    ],
)
def test_what_only_looks_like_it_does_not_count(html):
    assert naming(f"{html}<p>終わり</p>", HERE) is None


def test_the_portals_own_port_is_part_of_its_address():
    own = "http://127.0.0.1:8000/accounts/12/"
    assert naming(f"<p>{own}</p>", own) == Naming.TEXT
    assert naming("<p>http://127.0.0.1/accounts/12/</p>", own) is None


@pytest.mark.parametrize("sign", ["<!--", "<a ", "<", "&", "<a b='", "<![CDATA[", "<script>", "a."])
def test_a_hostile_page_is_read_through_once(sign):
    """Read to its end by `HTMLParser.close`, a megabyte of open comments takes a quarter of an hour."""
    assert naming(sign * (1_000_000 // len(sign)), HERE) is None
