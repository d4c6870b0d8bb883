"""What the check makes of texts that are no question: none breaks it, none is lost, none runs."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.test import Client

from tests.elements import Elements
from tests.publication.conftest import Publish

API = "/api/check"

HOSTILE = {
    "nothing": "",
    "blanks": " \u3000\n\t",
    "a megabyte": "あ" * 350_000,
    "control characters": "".join(map(chr, range(32))) + "\x7f\x85",
    "a thousand handles": " ".join(f"@handle{n}" for n in range(1000)),
    "SQL": "'; DROP TABLE accounts_account; --",
    "HTML": "<script>alert(1)</script><b onclick='x'>\"&amp;",
    "a script's address": "javascript:alert(document.cookie)",
    "right to left": "\u202ehttps://x.com/\u202c\u2066shinshiro",
    "marks": "e" + "\u0301" * 1500,
    "a template": "{{ 7*7 }}{% include 'x' %}",
    "slashes": "/" * 2000,
    "schemes": "https://" * 240,
    "a lone surrogate": "\ud800",
}


@pytest.mark.parametrize("address", ["/check/", "/en/check/", API])
def test_whatever_is_asked_gets_an_answer_or_a_sentence(
    client: Client, publish: Publish, address: str
) -> None:
    publish("tsukude_kogen", "instagram", name="作手高原")

    for text in HOSTILE.values():
        response = client.get(f"{address}?q={quote(text, errors='surrogatepass')}")

        assert response.status_code in (200, 400)
        html = response.content.decode()
        assert len(html) < 60_000
        if address == API:
            data = json.loads(html)
            assert (response.status_code == 400) == ("error" in data)
            assert data.get("verdict") in (None, "unknown", "similar")
        else:
            page = Elements(html)
            assert [each for each in page.all("script") if "src" not in each] == []
            assert page.all("b") == []
            assert len(page.all("div", role="status")) == 1
            [field] = page.all("textarea", id="q")
            assert (response.status_code == 400) <= (field.get("aria-invalid") == "true")


@pytest.mark.parametrize("raw", ["%ff%fe%c0%80", "%", "%u3042", "a%00b", "%E3%81", "+%2B&q=%F0%9F"])
def test_what_is_no_text_is_answered_too(client: Client, db: None, raw: str) -> None:
    for address in ("/check/", API):
        assert client.get(f"{address}?q={raw}").status_code in (200, 400)


def test_what_was_typed_stays_in_the_field_and_does_nothing(client: Client, db: None) -> None:
    html = client.get("/check/", {"q": "</textarea><script>alert(1)</script>"}).content.decode()

    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in html
    assert "<script>alert" not in html


def test_a_message_that_is_too_long_is_not_judged_by_its_beginning_and_not_lost(
    client: Client, publish: Publish
) -> None:
    publish("tsukude_kogen", "instagram", name="作手高原")
    text = f"@tsukude_kogen {'あ' * 2000} https://x.com/tsukude_k0gen"

    response = client.get("/check/", {"q": text})

    assert response.status_code == 400
    page = Elements(response.content.decode())
    [field] = page.all("textarea", id="q")
    # A browser would cut what is pasted and say nothing of it.
    assert "maxlength" not in field
    assert text in response.content.decode()
    assert "文字が多すぎます(2,000文字まで)" in response.content.decode()


@pytest.mark.parametrize("address", ["/?", "/?status=former&", "/?view=table&service=x&"])
def test_the_list_answers_whatever_is_searched_for(
    client: Client, publish: Publish, address: str
) -> None:
    publish("tsukude_kogen", "instagram", name="作手高原")
    texts = {**HOSTILE, "a long address": f"https://x.com/{'a' * 3000}?b={'c' * 3000}"}

    for text in texts.values():
        response = client.get(f"{address}q={quote(text, errors='surrogatepass')}")

        assert response.status_code == 200
        html = response.content.decode()
        assert len(html) < 60_000
        page = Elements(html)
        assert [each for each in page.all("script") if not {"src", "type"} & each.keys()] == []
        assert page.all("b") == []
    for raw in ("%ff%fe%c0%80", "%", "%u3042", "a%00b", "%E3%81", "+%2B&q=%F0%9F"):
        assert client.get(f"{address}q={raw}").status_code == 200
