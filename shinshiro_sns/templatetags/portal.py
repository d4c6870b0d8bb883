"""Tags and filters of the portal's own templates; every template has them without `load`."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# --- Dates ---------------------------------------------------------------------------------

ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
)
WEEKDAYS = "月火水木金土日"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date | datetime) -> date:
    value = _local(value)
    return value.date() if isinstance(value, datetime) else value


@register.filter
def wareki(value: date | datetime | None) -> str:
    """令和8年11月23日; the first year of an era is 元年; an empty value stays empty."""
    if not value:
        return ""
    day = _day(value)
    for begin, era in ERAS:
        if day >= begin:
            year = day.year - begin.year + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"西暦{day.year}年{day.month}月{day.day}日"


@register.filter
def when(value: date | datetime | None) -> str:
    """A `time` element: 2026年11月23日(月), with hours and minutes (Tokyo) for a datetime."""
    if not value:
        return ""
    value = _local(value)
    text = f"{value.year}年{value.month}月{value.day}日({WEEKDAYS[value.weekday()]})"
    machine = value.isoformat()
    if isinstance(value, datetime):
        text += f" {value:%H:%M}"
        machine = value.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', machine, text)


@register.filter
def days_ago(value: date | datetime | None) -> str:
    """今日, 昨日, 12日前, counted in days of the calendar in Tokyo; あと3日 for a day to come."""
    if not value:
        return ""
    days = (timezone.localdate() - _day(value)).days
    if days < 0:
        return f"あと{-days}日"
    return {0: "今日", 1: "昨日"}.get(days, f"{days}日前")


@register.filter
def days_left(value: date | None) -> str:
    """What is left until a deadline: あと3日, 今日まで, 5日過ぎています."""
    if not value:
        return ""
    days = (value - timezone.localdate()).days
    if days < 0:
        return f"{-days}日過ぎています"
    return f"あと{days}日" if days else "今日まで"


@register.filter
def days_left_kind(value: date | None) -> str:
    """The colour of `days_left`, for `status_tag`: danger once it is over, warning in the last week."""
    if not value:
        return ""
    days = (value - timezone.localdate()).days
    if days < 0:
        return "danger"
    return "warning" if days <= 7 else "neutral"


# --- Clauses of the guideline --------------------------------------------------------------

CLAUSE = re.compile(r"(\d+)(?:[(（](\d+)[)）])?([アイウエオ])?")
LETTERS = {"ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o"}
SUPPLEMENT = "附則"


@register.filter
def clause_anchor(clause: str) -> str:
    """The anchor of a clause on the guideline's page: 3(3)ウ is c3-3-u; empty if it is none."""
    if clause == SUPPLEMENT:
        return "supplement"
    match = CLAUSE.fullmatch(clause)
    if not match:
        return ""
    number, paragraph, letter = match.groups()
    return "-".join(filter(None, (f"c{number}", paragraph, LETTERS.get(letter))))


@register.simple_tag
def clause(citation: str | None) -> str:
    """ガイドライン 3(2)・3(3)ウ, each a link to its place; clauses are separated by spaces.

    What is no clause (a word, a law) is shown as it stands, without a link.
    """
    parts = []
    for cited in (citation or "").split():
        anchor = clause_anchor(cited)
        if anchor:
            parts.append(format_html('<a href="/guideline/#{}">{}</a>', anchor, cited))
        else:
            parts.append(format_html("{}", cited))
    if not parts:
        return ""
    links = format_html_join("・", "{}", ((part,) for part in parts))
    return format_html('<span class="clause">ガイドライン {}</span>', links)


# --- Status --------------------------------------------------------------------------------

STATUS_KINDS = {
    "preparing": "neutral",
    "official": "success",
    "suspended": "warning",
    "closed": "neutral",
    "draft": "neutral",
    "with_head": "info",
    "reported": "info",
    "returned": "warning",
    "in_force": "success",
    "superseded": "neutral",
    "withdrawn": "neutral",
    "asked": "info",
    "agreed": "success",
    "objected": "warning",
    "fake": "danger",
    "public": "danger",
    "suspected": "warning",
    "taken_back": "info",
    "running": "danger",
    "ended": "success",
    "cancelled": "neutral",
    "open": "info",
    "done": "success",
    "waived": "neutral",
    "awaiting": "info",
    "checked": "info",
    "approved": "success",
    "posted": "neutral",
    "dropped": "neutral",
}
KINDS = {"neutral", "info", "success", "warning", "danger"}


@register.inclusion_tag("components/status_tag.html")
def status_tag(kind: str, text: str) -> dict[str, str]:
    """A status as a coloured word; `kind` is a state of an account, a policy, a consultation or an
    incident, or a colour."""
    key = str(kind).lower()
    return {"kind": key if key in KINDS else STATUS_KINDS.get(key, "neutral"), "text": text}


@register.filter
def may(user: Any, permission: str) -> bool:
    """Whether `user` holds `permission` on anything; an empty one everybody holds."""
    return not permission or bool(user.has_perm(permission))


# --- Errors --------------------------------------------------------------------------------


class SummaryError(NamedTuple):
    """One line of the error summary; `anchor` is empty where no single field is at fault."""

    text: str
    anchor: str
    label: str = ""


def _errors_of(form: Any) -> Iterable[SummaryError]:
    if hasattr(form, "forms"):
        for text in form.non_form_errors():
            yield SummaryError(text, "")
        for one in form.forms:
            yield from _errors_of(one)
        return
    for text in form.non_field_errors():
        yield SummaryError(text, "")
    for field in form:
        # A group of boxes has no id of its own to focus: its first box takes the link.
        anchor = field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")
        for text in field.errors:
            yield SummaryError(text, "" if field.is_hidden else anchor, str(field.label or ""))


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any, unmet: Sequence[Any] = (), title: str = "") -> dict[str, Any]:
    """All errors of the forms and formsets, then what else is unmet (`sentence`, `clause`, `url`).

    Renders nothing where there is neither; empty values among the forms are left out.
    """
    errors = [error for form in forms if form for error in _errors_of(form)]
    return {"errors": errors, "unmet": unmet or (), "title": title}


# --- Tables, pages, differences ------------------------------------------------------------


@register.inclusion_tag("components/table.html")
def table(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "", **options: Any
) -> dict[str, Any]:
    """A table that becomes cards on a phone; the first cell of each row names the row.

    `hide_caption=True` keeps the caption for screen readers only.
    """
    body = [list(zip(headings, row, strict=True)) for row in rows]
    return {"headings": headings, "rows": body, "caption": caption, **options}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page_obj: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list; keeps the query, sets `page`; nothing for a single page."""
    pages = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {"request": context.get("request"), "page_obj": page_obj, "pages": list(pages)}


class Comparison(NamedTuple):
    """Both texts as HTML, with `del` in the first and `ins` in the second where they differ."""

    before: SafeString
    after: SafeString
    changed: bool


# Japanese has no spaces: runs of one script come closest to words, so marks stay readable.
WORDS = re.compile(r"[ぁ-ゖー]+|[ァ-ヺー]+|[一-鿿々〆ヶ]+|[0-9A-Za-z_@.]+|.", re.DOTALL)
LONGEST_COMPARED = 4000
# Equal words across the two texts. Well above what sentences have: a text of one sign repeated would
# keep whoever looks at the page, and the server, waiting for hours.
MOST_PAIRS = 40_000


def _marked(parts: Iterable[tuple[bool, str]], tag: str) -> SafeString:
    html = format_html_join(
        "",
        "{}",
        (
            (format_html("<{0}>{1}</{0}>", mark_safe(tag), text) if mark else text,)  # noqa: S308
            for mark, text in parts
            if text
        ),
    )
    # A blank line inside would close the paragraph within the mark: line breaks only.
    return mark_safe(html.replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S308


def _pairs(old: list[str], new: list[str]) -> int:
    times = Counter(old)
    return sum(times[word] for word in new)


@register.simple_tag
def compare(before: Any, after: Any) -> Comparison:
    """Mark what differs between two texts; used as `{% compare a b as marked %}`."""
    old, new = str(before or ""), str(after or "")
    old_words, new_words = [old], [new]
    if max(len(old), len(new)) <= LONGEST_COMPARED:
        words = WORDS.findall(old), WORDS.findall(new)
        if _pairs(*words) <= MOST_PAIRS:
            old_words, new_words = words
    blocks = SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    return Comparison(
        _marked(((op != "equal", "".join(old_words[a:b])) for op, a, b, _, _ in blocks), "del"),
        _marked(((op != "equal", "".join(new_words[c:d])) for op, _, _, c, d in blocks), "ins"),
        old != new,
    )
