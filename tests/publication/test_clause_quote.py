"""`{% clause_quote %}`: the guideline's own words where a clause is carried out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template import Context, Template
from django.test import RequestFactory

from policies.guideline import GuidelineVersion

TEXT = "1.目的\n例を示す。\n続き。\n2.定義\n3.運用\n(3)次のとおり。\nア 種<類>\nイ 名前\n4.終わり\n"


def rendered(source: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    return Template("{% load guideline %}" + source).render(
        Context({"request": request, **context})
    )


def in_force(text: str = TEXT) -> GuidelineVersion:
    return GuidelineVersion.objects.create(title="例", text=text, effective_from=date(2020, 4, 1))


def test_it_quotes_the_version_in_force(db: None) -> None:
    in_force()
    GuidelineVersion.objects.create(
        title="前", text="1.前の目的\n", effective_from=date(2013, 4, 1)
    )

    html = rendered('{% clause_quote "3(3)ア" %}')

    assert '<blockquote class="quote">種&lt;類&gt;</blockquote>' in html
    assert "ガイドラインの原文" in html
    assert 'href="/guideline/#c3-3-a"' in html


def test_a_section_is_quoted_with_its_text_rather_than_its_title(db: None) -> None:
    in_force()

    assert "例を示す。<br>続き。</blockquote>" in rendered('{% clause_quote "1" %}')
    assert ">定義</blockquote>" in rendered('{% clause_quote "2" %}')


def test_several_clauses_are_quoted_with_their_numbers(db: None) -> None:
    in_force()

    html = rendered('{% clause_quote "3(3)ア 3(3)イ" %}')

    assert "3(3)ア 種&lt;類&gt;<br>3(3)イ 名前" in html


def test_without_a_version_or_such_a_clause_there_is_nothing(db: None) -> None:
    assert rendered('{% clause_quote "3(3)ア" %}') == ""
    in_force()
    assert rendered('{% clause_quote "9(9)" %}') == ""


def test_an_explanation_and_an_example_need_no_version(db: None) -> None:
    html = rendered('{% clause_quote "3(3)ア" explanation=why example="例えば" %}', why="説明<")

    assert "説明&lt;" in html
    assert "例えば" in html
    assert "blockquote" not in html


def test_a_page_of_many_quotes_asks_the_database_once(
    db: None, django_assert_num_queries: Any
) -> None:
    in_force()

    with django_assert_num_queries(1):
        html = rendered('{% for n in "abc" %}{% clause_quote "3(3)ア" %}{% endfor %}')

    assert html.count("<blockquote") == 3


def test_it_needs_no_request(db: None, django_assert_num_queries: Any) -> None:
    in_force()
    template = Template('{% load guideline %}{% clause_quote "1" %}{% clause_quote "2" %}')

    with django_assert_num_queries(1):
        html = template.render(Context())

    assert html.count("<blockquote") == 2
