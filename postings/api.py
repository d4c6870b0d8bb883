"""The check of a draft for posting tools: JSON by POST, with a key of the account. See decision 0020.

It reads no cookie, so no page of another site can ask it with somebody's session.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.models import Account
from accounts.services import SERVICES, find_service
from postings import keys
from postings.checking import Finding, Image, ImageKind, Level, length
from postings.decisions import look
from postings.models import LONGEST_TEXT
from postings.permission import Answer, may_post
from postings.practice import practice_of

MOST_IMAGES = 99
TOO_LONG = f"原稿は{LONGEST_TEXT}字までです。"
_KNOWN = {"text", "services", "images"}
_KINDS = {kind.name.lower(): kind for kind in ImageKind}


class Refused(Exception):
    """A request that cannot be answered, with its status and a sentence for who wrote the tool."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


@csrf_exempt
@login_not_required
def check(request: HttpRequest) -> HttpResponseBase:
    """May this account post now, and what is to be looked at again in this draft."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        account = _account(request)
        asked = _asked(request)
    except Refused as refused:
        return JsonResponse(
            {"error": refused.sentence}, status=refused.status, headers=refused.headers
        )
    return JsonResponse(_answer(account, asked))


def _account(request: HttpRequest) -> Account:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        key = keys.recognised(secret.strip()) if scheme.lower() == "bearer" else None
    except keys.TooOften as often:
        sentence = f"1分に{keys.MOST_A_MINUTE}回までです。少し待ってから、もう一度送ってください。"
        raise Refused(429, sentence, **{"Retry-After": str(often.seconds)}) from None
    if key is None:
        sentence = "連携キーがないか、正しくないか、期限が過ぎているか、無効になっています。"
        raise Refused(401, sentence, **{"WWW-Authenticate": 'Bearer realm="postings"'})
    account: Account = key.account
    return account


@dataclass(frozen=True)
class Asked:
    """A request, read."""

    text: str
    services: list[str]
    images: list[Image]


def _asked(request: HttpRequest) -> Asked:
    try:
        body: Any = json.loads(request.body)
    except RequestDataTooBig:
        raise Refused(413, TOO_LONG) from None
    except (ValueError, RecursionError):
        raise Refused(400, "本文をJSONとして読み取れません。") from None
    if not isinstance(body, dict):
        raise Refused(400, "JSONのオブジェクトを送ってください。")
    if unknown := set(body) - _KNOWN:
        raise Refused(400, f"知らない項目があります:{'、'.join(sorted(unknown))[:200]}")
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Refused(400, "textに、原稿を文字列で入れてください。")
    if len(text) > LONGEST_TEXT:
        raise Refused(413, TOO_LONG)
    return Asked(text, _services(body.get("services", [])), _images(body.get("images", [])))


def _services(given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > len(SERVICES):
        raise Refused(400, "servicesは、サービスの名前の配列です。")
    found = []
    for name in given:
        service = find_service(name) if isinstance(name, str) else None
        if service is None:
            raise Refused(400, "servicesに、登録されていないソーシャルメディアがあります。")
        found.append(service.key)
    return found


def _images(given: Any) -> list[Image]:
    if not isinstance(given, list) or len(given) > len(ImageKind):
        raise Refused(400, "imagesは、種類ごとの配列です。")
    found = []
    for row in given:
        kind = _KINDS.get(str(row.get("kind"))) if isinstance(row, dict) else None
        count = row.get("count", 1) if isinstance(row, dict) else None
        if kind is None or type(count) is not int or not 0 <= count <= MOST_IMAGES:
            sentence = (
                f"imagesのkindは{'、'.join(_KINDS)}のどれか、countは0から{MOST_IMAGES}までです。"
            )
            raise Refused(400, sentence)
        found.append(Image(kind, count, row.get("described") is True))
    return found


def _answer(account: Account, asked: Asked) -> dict[str, Any]:
    answer, practice = may_post(account), practice_of(account)
    found = look(account, asked.text, asked.images, asked.services)
    return {
        "account": {"id": account.pk, "name": account.title, "service": account.service},
        "may_post": _said(answer),
        "record_required": practice.asks_for_record(answer),
        "approval_required": practice.needs_approval,
        "counts": {
            level.name.lower(): sum(max(one.more, 1) for one in found if one.level is level)
            for level in Level
        },
        "findings": [_finding(one) for one in found],
        "lengths": [
            _length(asked.text, key) for key in dict.fromkeys([account.service, *asked.services])
        ],
    }


def _said(answer: Answer) -> dict[str, Any]:
    return {
        "allowed": answer.allowed, "says": str(answer), "reason": answer.reason,
        "clause": answer.clause, "at": answer.at.isoformat(),
        "until": answer.until and answer.until.isoformat(),
        "next_opening": answer.next_opening and answer.next_opening.isoformat(),
        "may_be_excepted": answer.by_clock,
    }  # fmt: skip


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "level": one.level.name.lower(), "rule": one.rule, "title": one.title,
        "clause": one.clause, "start": one.start, "end": one.end, "words": one.words,
        "why": one.why, "do": one.do, "more": one.more,
    }  # fmt: skip


def _length(text: str, service: str) -> dict[str, Any]:
    counted = length(text, service)
    return {
        "service": service, "used": counted.used, "limit": counted.limit,
        "too_long_from": counted.too_long_from,
    }  # fmt: skip
