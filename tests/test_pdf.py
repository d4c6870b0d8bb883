"""Papers: tagged, with their fonts, readable by machine, and made without fetching anything."""

from __future__ import annotations

import http.server
import threading

import pytest

from shinshiro_sns import pdf
from tests.papers import Paper

pytestmark = pytest.mark.once


@pytest.fixture
def made(settings, tmp_path):
    """`made(body)`: a paper of a template that holds `body`."""
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]

    def made(body: str, **context: object) -> Paper:
        (tmp_path / "trial.html").write_text(
            '{% extends "print/base.html" %}{% block title %}試し刷り{% endblock %}'
            "{% block content %}<h1>試し刷り</h1>" + body + "{% endblock %}"
        )
        return Paper(pdf.made("trial.html", context))

    return made


def test_it_is_japanese_titled_and_tagged(made):
    paper = made("<h2>表</h2><table><tr><th scope='row'>項目</th><td>値</td></tr></table>")
    assert (paper.title, paper.language, paper.is_tagged) == ("試し刷り", "ja", True)
    assert {"H1", "H2", "Table", "TR", "TH", "TD"} - paper.tags() == set()


def test_its_text_comes_out_again_and_its_fonts_are_in_it(made):
    paper = made("<p>{{ said }}</p>", said="新城市の髙橋さんは①、𠮷田さんは〜と−")
    assert "新城市の髙橋さんは①、𠮷田さんは〜と−" in paper.text
    assert paper.fonts()
    assert set(paper.fonts().values()) == {True}


def test_it_carries_page_numbers_and_its_name_on_each_page(made):
    paper = made("<p style='break-after: page'>一</p><p>二</p>")
    assert [f"{n}/2ページ" in paper.text for n in (1, 2)] == [True, True]
    assert paper.text.count("試し刷り") == 3


def test_what_a_person_typed_stays_text(made):
    paper = made("<p>{{ said }}</p>", said="<b>太字</b><img src='x'>")
    assert "<b>太字</b><imgsrc='x'>" in paper.text


def test_nothing_is_fetched_from_a_host_or_from_the_disk(made, tmp_path):
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    (tmp_path / "secret.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="12">秘密</text></svg>'
    )
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        paper = made(
            f'<link rel="stylesheet" href="http://127.0.0.1:{server.server_port}/style.css">'
            f'<img alt="" src="http://127.0.0.1:{server.server_port}/picture.png">'
            f'<img alt="" src="{(tmp_path / "secret.svg").as_uri()}">'
        )
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert "秘密" not in paper.text


def test_it_is_saved_under_its_japanese_name_and_kept_by_nobody():
    answer = pdf.response(b"%PDF-", '開設届_"新城"')
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%96%8B")
    assert answer["Cache-Control"] == "private, no-store"
