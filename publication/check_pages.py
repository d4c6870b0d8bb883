"""`/check/`, `/api/check` and the index the browser takes: is this official? Clauses 3(6), 5(2).

What is asked is judged and forgotten: no log has it, no cache keeps it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from publication.addresses import absolute
from publication.check_words import words
from publication.checking import current, sentences
from publication.checking.current import CannotConfirm
from publication.checking.findings import SIMILAR, UNKNOWN, UNTOLD, Answer, Finding
from publication.checking.judging import judge
from publication.checking.reading import LONGEST_TEXT, TooMuch
from publication.checking.register import Fake, KnownAccount, Register
from publication.pages import Page, asked_page, private_answer, public_data, show

KINDS = {
    "official": "success", "former": "warning", "fake": "danger", "similar": "danger",
    "unknown": "info", "untold": "info", "named": "info", "cannot": "warning",
}  # fmt: skip
# A text that is too long stays in its field, where its sender can shorten it; a megabyte is no text.
LONGEST_KEPT = 5 * LONGEST_TEXT
# What the city may not have heard of yet.
REPORTED = {SIMILAR, UNKNOWN, UNTOLD}
# In this order: each uses what stands before it.
SCRIPTS = [
    f"js/check-{part}.js"
    for part in ("rules", "forms", "profiles", "likeness", "reading", "register", "judging")
] + ["js/check.js"]
VIEWS = {"ja": "publication:check", "en": "publication:check_english"}
ACCOUNTS = {"ja": "publication:account", "en": "publication:account_english"}
LISTS = {"ja": "publication:accounts", "en": "publication:accounts_english"}


@asked_page
def check(request: HttpRequest) -> HttpResponse:
    """`/check/?q=`: the page, and the answer for who has no script."""
    return _page(request, "ja")


@asked_page
def check_english(request: HttpRequest) -> HttpResponse:
    """`/en/check/?q=`: the same in English."""
    return _page(request, "en")


@public_data
def index(request: HttpRequest) -> HttpResponse:
    """`/check/index.json`: what the browser judges by; 503 where there is none young enough."""
    try:
        return HttpResponse(current.index(), content_type="application/json")
    except CannotConfirm:
        return _refused("cannot", 503)


@private_answer
def api(request: HttpRequest) -> HttpResponse:
    """`/api/check?q=`: the answer for machines, as `/openapi.json` describes it."""
    asked = request.GET.get("q", "")
    if not asked.strip():
        return _refused("empty", 400)
    try:
        register = current.register()
        answer = judge(asked, register)
    except CannotConfirm:
        return _refused("cannot", 503)
    except TooMuch as error:
        return _refused(str(error), 400)
    return JsonResponse(_as_data(answer, register), json_dumps_params=_PLAIN)


_PLAIN = {"ensure_ascii": False}


def _refused(code: str, status: int) -> HttpResponse:
    """No verdict, and why, in both languages."""
    said = sentences.ADVICE.get(code) or sentences.SENTENCES[code]
    data = dict(zip(("error", "error_english"), said, strict=True))
    return JsonResponse(data, status=status, json_dumps_params=_PLAIN)


# --- As data -----------------------------------------------------------------------------------


def _as_data(answer: Answer, register: Register) -> dict[str, Any]:
    return {
        "verdict": answer.verdict,
        "accounts": [_account(register.accounts[pk]) for pk in answer.accounts],
        "fakes": [_fake(fake) for fake in answer.fakes],
        "findings": [_finding(finding) for finding in answer.findings],
        "generated_at": register.generated_at.isoformat(),
        "expires_at": register.expires_at.isoformat(),
    }


def _account(account: KnownAccount) -> dict[str, Any]:
    return {
        "id": account.id, "name": account.name, "service": account.service,
        "service_name": account.service_name, "handle": account.handle, "url": account.url,
        "status": account.status, "overdue": account.overdue,
        "page": absolute(reverse("publication:account", args=[account.id])),
    }  # fmt: skip


def _fake(fake: Fake) -> dict[str, Any]:
    return {
        "service": fake.service, "handle": fake.handle, "name": fake.name, "url": fake.url,
        "announced_on": fake.since, "page": absolute(fake.page),
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "text": finding.text, "verdict": finding.verdict, "accounts": list(finding.accounts),
        "said": [sentences.say(each, "ja", settings.CITY_NAME) for each in finding.said],
        "said_english": [
            sentences.say(each, "en", settings.CITY_NAME_ENGLISH) for each in finding.said
        ],
        "codes": [each.code for each in finding.said],
    }  # fmt: skip


# --- As a page ---------------------------------------------------------------------------------


def _page(request: HttpRequest, language: str) -> HttpResponse:
    city = settings.CITY_NAME_ENGLISH if language == "en" else settings.CITY_NAME
    said = words(language, city)
    asked = request.GET.get("q")
    answer, error, status = _answer(asked, language, city)
    addresses = {code: reverse(view) for code, view in VIEWS.items()}
    page = Page(
        said["title"],
        said["description"],
        addresses[language],
        is_for_search_engines=asked is None,
        language=language,
        translations=tuple(addresses.items()),
    )
    response = show(
        request, "check.html", page, words=said, q=(asked or "")[:LONGEST_KEPT],
        list_url=reverse(LISTS[language]), answer=answer, error=error, scripts=SCRIPTS,
        empties=[_shown(verdict, language, city) for verdict in KINDS],
        no_finding={"kind": "neutral"},
    )  # fmt: skip
    response.status_code = status
    return response


def _answer(asked: str | None, language: str, city: str) -> tuple[dict[str, Any] | None, str, int]:
    """The answer for the page, or what is wrong with the question, and the status of both."""
    if asked is None:
        return None, "", 200
    if not asked.strip():
        return None, sentences.in_language(sentences.SENTENCES["empty"], language), 200
    try:
        register = current.register()
        answer = judge(asked, register)
    except CannotConfirm:
        return _shown("cannot", language, city), "", 503
    except TooMuch as error:
        return None, sentences.in_language(sentences.SENTENCES[str(error)], language), 400
    shown = _shown(answer.heading, language, city)
    shown["findings"] = [_shown_finding(each, register, language, city) for each in answer.findings]
    moment = sentences.moment_in_words(register.generated_at.isoformat(), language)
    as_of = sentences.in_language(sentences.SENTENCES["as_of"], language)
    return {**shown, "as_of": as_of.format(moment=moment)}, "", 200


def _shown(verdict: str, language: str, city: str) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "kind": KINDS[verdict],
        "heading": sentences.heading(verdict, language, city),
        "advice": sentences.advice(verdict, language),
        "can_be_reported": verdict in REPORTED,
    }


def _shown_finding(
    finding: Finding, register: Register, language: str, city: str
) -> dict[str, Any]:
    warnings = [
        {"url": fake.page, "text": sentences.in_language(sentences.LINKS["warning"], language)}
        for fake in finding.fakes
    ]
    accounts = [register.accounts[pk] for pk in finding.accounts]
    return {
        "text": finding.text,
        "kind": KINDS[finding.label],
        "label": sentences.in_language(sentences.LABELS[finding.label], language),
        "said": [sentences.say(each, language, city) for each in finding.said],
        "links": warnings
        + [
            {
                "url": reverse(ACCOUNTS[language], args=[each.id]),
                "text": sentences.link(each, language),
                "note": sentences.in_language(sentences.LINKS[each.status], language),
            }
            for each in accounts
        ],
    }
