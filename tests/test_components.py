"""What the portal's own tags and components promise to every page that uses them."""

import datetime
import re

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from shinshiro_sns.templatetags import portal as tags
from tests.elements import Elements

pytestmark = pytest.mark.once

TOKYO_MORNING = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class SampleForm(forms.Form):
    name = forms.CharField(label="表示名", help_text="利用者に見える名前です。")
    note = forms.CharField(label="備考", required=False)
    category = forms.ChoiceField(
        label="分野", widget=forms.RadioSelect, choices=[("a", "市政"), ("b", "防災")]
    )
    agreed = forms.BooleanField(label="了解を得ている")
    token = forms.CharField(label="しるし", widget=forms.HiddenInput)


# --- Dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (datetime.date(2026, 11, 23), "令和8年11月23日"),
        (datetime.date(2019, 5, 1), "令和元年5月1日"),
        (datetime.date(2019, 4, 30), "平成31年4月30日"),
        (datetime.date(1989, 1, 8), "平成元年1月8日"),
        (datetime.date(1989, 1, 7), "昭和64年1月7日"),
        (datetime.date(1926, 12, 24), "西暦1926年12月24日"),
        (TOKYO_MORNING, "令和8年11月23日"),
        (None, ""),
    ],
)
def test_a_day_is_written_in_the_japanese_era(
    day: datetime.date | datetime.datetime | None, text: str
) -> None:
    assert tags.wareki(day) == text


def test_a_moment_is_shown_in_tokyo_with_its_weekday_and_a_machine_readable_time() -> None:
    assert tags.when(TOKYO_MORNING) == (
        '<time datetime="2026-11-23T08:30+09:00">2026年11月23日(月) 08:30</time>'
    )


def test_a_day_is_shown_without_hours() -> None:
    assert tags.when(datetime.date(2026, 4, 1)) == (
        '<time datetime="2026-04-01">2026年4月1日(水)</time>'
    )
    assert tags.when(None) == ""


@time_machine.travel(TOKYO_MORNING, tick=False)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2026, 11, 23), "今日"),
        # The evening before in Tokyo, though the same day in UTC.
        (datetime.datetime(2026, 11, 22, 14, 59, tzinfo=datetime.UTC), "昨日"),
        (datetime.date(2026, 11, 11), "12日前"),
        (datetime.date(2026, 11, 26), "あと3日"),
        (None, ""),
    ],
)
def test_waiting_is_counted_in_calendar_days_of_tokyo(
    value: datetime.date | datetime.datetime | None, text: str
) -> None:
    assert tags.days_ago(value) == text


# --- Clauses and status --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cited", "anchor"),
    [
        ("5", "c5"),
        ("3(2)", "c3-2"),
        ("3（2）", "c3-2"),
        ("3(3)ウ", "c3-3-u"),
        ("附則", "supplement"),
        ("地方公務員法", ""),
        ("", ""),
    ],
)
def test_a_clause_has_its_place_on_the_guidelines_page(cited: str, anchor: str) -> None:
    assert tags.clause_anchor(cited) == anchor


def test_clauses_are_cited_as_links_to_the_guideline() -> None:
    assert render("{% clause '3(2) 3(3)ウ' %}") == (
        '<span class="clause">ガイドライン <a href="/guideline/#c3-2">3(2)</a>・'
        '<a href="/guideline/#c3-3-u">3(3)ウ</a></span>'
    )


def test_what_is_no_clause_is_shown_without_a_link_and_nothing_is_nothing() -> None:
    assert render("{% clause '<b>' %}") == '<span class="clause">ガイドライン &lt;b&gt;</span>'
    assert render("{% clause missing %}") == ""


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("in_force", "success"),
        ("RETURNED", "warning"),
        ("asked", "info"),
        ("agreed", "success"),
        ("objected", "warning"),
        ("danger", "danger"),
        ("something else", "neutral"),
    ],
)
def test_a_status_is_a_word_and_its_colour_only_repeats_it(kind: str, shown: str) -> None:
    html = render("{% status_tag kind '施行中' %}", kind=kind)
    assert html.strip().splitlines()[-1] == f'<span class="tag tag--{shown}">施行中</span>'


def test_no_word_no_status() -> None:
    assert render("{% status_tag 'official' '' %}").strip() == ""


# --- Fields and errors ---------------------------------------------------------------------


def test_a_required_field_is_marked_and_an_optional_one_says_so() -> None:
    form = SampleForm()
    assert "※必須" in form["name"].as_field_group()
    assert "任意" not in form["name"].as_field_group()
    assert "任意" in form["note"].as_field_group()


def test_help_and_errors_are_tied_to_their_box_and_errors_begin_with_an_asterisk() -> None:
    html = SampleForm(QueryDict("")).as_div()
    page = Elements(html)
    (box,) = page.all("input", name="name")
    assert box["aria-invalid"] == "true"
    assert box["aria-describedby"] == "id_name_helptext id_name_error"
    assert {"id_name_helptext", "id_name_error"} <= set(page.ids())
    assert re.findall(r"<li>(.)", html) == ["＊"] * html.count("<li>")


def test_a_group_of_boxes_is_a_fieldset_with_a_legend_tied_to_its_error() -> None:
    html = SampleForm(QueryDict(""))["category"].as_field_group()
    page = Elements(html)
    (group,) = page.all("fieldset")
    assert group["aria-describedby"] == "id_category_error"
    assert len(page.all("legend")) == 1
    assert page.all("label", **{"class": "field__label"}) == []


def test_no_id_stands_twice_in_a_form() -> None:
    ids = Elements(SampleForm(QueryDict("")).as_div()).ids()
    assert len(ids) == len(set(ids))


def test_the_error_summary_leads_to_every_field_at_fault() -> None:
    form = SampleForm(QueryDict("note=あ"))
    html = render("{% error_summary form %}", form=form)
    links = [attrs["href"] for attrs in Elements(html).all("a")]
    assert links == ["#id_name", "#id_category_0", "#id_agreed"]
    assert set(links) <= {f"#{name}" for name in Elements(form.as_div()).ids()}
    # A hidden field cannot be gone to; its error is said all the same.
    assert "しるし" in html


def test_the_error_summary_takes_focus() -> None:
    (box,) = Elements(render("{% error_summary form %}", form=SampleForm(QueryDict("")))).all(
        "div", role="alert"
    )
    assert (box["tabindex"], "data-focus" in box) == ("-1", True)


def test_the_error_summary_reads_formsets_and_what_else_is_unmet() -> None:
    formset = forms.formset_factory(SampleForm, extra=0)(
        QueryDict("form-TOTAL_FORMS=1&form-INITIAL_FORMS=0&form-0-name=a&form-0-category=a")
    )
    unmet = [{"sentence": "目的が入力されていません。", "clause": "3(3)ウ", "url": "/x/"}]
    html = render("{% error_summary none formset unmet=unmet %}", formset=formset, unmet=unmet)
    links = [attrs["href"] for attrs in Elements(html).all("a")]
    assert links == ["#id_form-0-agreed", "/x/", "/guideline/#c3-3-u"]


def test_a_formset_that_was_tampered_with_is_said_in_the_summary() -> None:
    formset = forms.formset_factory(SampleForm)(QueryDict("a=1"))
    assert "ManagementForm" in render("{% error_summary formset %}", formset=formset)


def test_an_error_of_the_whole_form_is_said_without_a_link() -> None:
    form = SampleForm(QueryDict("name=a&category=a&agreed=on&token=t"))
    form.add_error(None, "この組み合わせは選べません。")
    html = render("{% error_summary form %}", form=form)
    assert "この組み合わせは選べません。" in html
    assert Elements(html).all("a") == []


def test_without_errors_there_is_no_summary() -> None:
    assert render("{% error_summary form %}", form=SampleForm()).strip() == ""


# --- Tables, pages, differences ------------------------------------------------------------


def test_each_cell_of_a_table_carries_its_heading_for_a_phone() -> None:
    page = Elements(render("{% table headings rows %}", headings=["名", "所属"], rows=[["a", "b"]]))
    assert [cell["data-label"] for cell in page.all("td")] == ["所属"]
    assert [cell["scope"] for cell in page.all("th")] == ["col", "col", "row"]


def test_a_row_that_does_not_fit_its_headings_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tags.table(["名", "所属"], [["a"]])


def test_the_pages_of_a_list_keep_what_was_searched() -> None:
    request = RequestFactory().get("/", {"q": "防災 課", "page": "2"})
    page_obj = Paginator(range(100), 10).page(2)
    html = render("{% pagination page_obj %}", request=request, page_obj=page_obj)
    links = [attrs["href"] for attrs in Elements(html).all("a")]
    assert {QueryDict(link.lstrip("?"))["q"] for link in links} == {"防災 課"}
    assert [QueryDict(link.lstrip("?"))["page"] for link in links] == ["1", "1", "3", "10", "3"]


def test_a_single_page_has_no_links_to_pages() -> None:
    page_obj = Paginator(range(3), 10).page(1)
    assert render("{% pagination page_obj %}", page_obj=page_obj).strip() == ""


def test_a_difference_is_marked_word_by_word() -> None:
    marked = tags.compare("月曜日から金曜日まで", "月曜日から土曜日まで")
    assert marked == (
        "月曜日から<del>金曜日</del>まで",
        "月曜日から<ins>土曜日</ins>まで",
        True,
    )


def test_equal_texts_are_not_marked() -> None:
    assert tags.compare("同じ\nもの", "同じ\nもの") == ("同じ<br>もの", "同じ<br>もの", False)


def test_markup_in_compared_texts_stays_text() -> None:
    marked = tags.compare(None, "<script>\n&")
    assert marked.before == ""
    assert "<script" not in marked.after
    assert marked.after == "<ins>&lt;script&gt;<br>&amp;</ins>"


def test_a_very_long_text_is_compared_as_a_whole() -> None:
    long = "あ " * tags.LONGEST_COMPARED
    assert tags.compare(long, long + "い").after == f"<ins>{long}い</ins>"


def test_the_difference_component_leaves_out_what_is_the_same() -> None:
    rows = [
        {"label": "目的", "before": "a", "after": "b"},
        {"label": "備考", "before": "同じ", "after": "同じ"},
    ]
    html = render_to_string("components/diff.html", {"rows": rows})
    assert ("目的" in html, "備考" in html) == (True, False)
    assert ("変更前" in html, "変更後" in html) == (True, True)
