"""Texts with places in them: what fills a place, and what a text says for an incident.

A place is a Japanese word in braces. Each is declared once; a kind's module may declare more. What is
not known yet is said so in the text, so that nobody posts a gap.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from incidents.models import Incident, IncidentStep, IncidentText

_PLACE = re.compile(r"\{([^{}\n]{1,30})\}")
_GAP = re.compile(r"\([^()\n]{1,30}をここに書きます\)")


@dataclass(frozen=True)
class Place:
    """A word in braces: what it stands for, what fills it, and an example for the preview."""

    name: str
    says: str
    value: Callable[[Incident], str]
    example: str


@dataclass(frozen=True)
class Text:
    """A text ready to start from."""

    title: str
    body: str


def declare(places: Iterable[Place]) -> None:
    """Add a kind's places, once, when the app is ready."""
    known = {place.name for place in PLACES}
    PLACES.extend(place for place in places if place.name not in known)


def for_step(step: IncidentStep) -> list[Text]:
    """The texts that `step` may start from, filled with what is known of its incident."""
    return of_key(step.text_key, step.incident)


def of_key(key: str, incident: Incident) -> list[Text]:
    """The texts with this key, filled with what is known of `incident`."""
    return [
        Text(found.title, filled(found.body, incident))
        for found in IncidentText.objects.offered(key)
    ]


def filled(body: str, incident: Incident) -> str:
    """`body` with the incident's facts in its places."""
    return _with({place.name: place.value(incident) for place in PLACES}, body)


def example(body: str) -> str:
    """`body` with the examples in its places: the preview."""
    return _with({place.name: place.example for place in PLACES}, body)


def unknown_places(body: str) -> list[str]:
    """The words in braces that nothing fills, in order, each once."""
    known = {place.name for place in PLACES}
    return [name for name in dict.fromkeys(_PLACE.findall(body)) if name not in known]


def has_stray_braces(body: str) -> bool:
    """Whether a brace stands that encloses no place."""
    return bool(set("{}") & set(_PLACE.sub("", body)))


def _with(values: dict[str, str], body: str) -> str:
    def put(place: re.Match[str]) -> str:
        name = place[1]
        if name not in values:
            return place[0]
        return values[name] or f"({name}をここに書きます)"

    return _PLACE.sub(put, body)


def gaps(text: str) -> list[str]:
    """What stands in `text` because nobody knew it yet, in order, each once."""
    return list(dict.fromkeys(_GAP.findall(text)))


def without_gaps(text: str) -> str:
    """`text` without the lines that say what is not known: for what goes out as it is."""
    return "\n".join(line for line in text.split("\n") if not _GAP.search(line))


def no_gaps(text: str) -> None:
    """Refuses, as a field's validator, what is to be read by everybody and is not written out yet."""
    if found := gaps(text):
        raise ValidationError(f"次のところを書き換えてください:{'、'.join(found)}")


def _day(day: datetime.date) -> str:
    return f"{day.month}月{day.day}日"


def _moment(moment: datetime.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{_day(local.date())}{local.hour}時{local.minute:02}分"


def _of_account(name: str) -> Callable[[Incident], str]:
    return lambda incident: str(getattr(incident.account, name)) if incident.account else ""


def _public_page(incident: Incident) -> str:
    account = incident.account
    path = account.get_absolute_url() if account and account.is_public else "/"
    return f"{settings.PORTAL_URL}{path}"


def _of_fake(name: str) -> Callable[[Incident], str]:
    return lambda incident: str(getattr(getattr(incident, "fake", None), name, ""))


def _last_request(name: str) -> Callable[[Incident], str]:
    def value(incident: Incident) -> str:
        last = incident.takedowns.last()
        found = getattr(last, name, "") if last else ""
        return _moment(found) if isinstance(found, datetime.datetime) else str(found)

    return value


def _corrected(name: str) -> Callable[[Incident], str]:
    return lambda incident: str(getattr(getattr(incident, "correction", None), name, ""))


PLACES: list[Place] = [
    Place("市", "市の名前", lambda incident: settings.CITY_NAME, "新城市"),
    Place("所属", "事案に対応する所属", lambda incident: incident.department.name, "観光課"),
    Place(
        "電話番号", "所属の電話番号。なければ市の代表",
        lambda incident: incident.department.telephone or settings.CITY_TELEPHONE, "0536-23-0000",
    ),
    Place("アカウント", "アカウントの表示名", _of_account("title"), "新城市観光"),
    Place("アカウント名", "アカウントを識別する文字列", _of_account("display_handle"), "@example_kanko"),
    Place("アカウントのURL", "アカウントのURL", _of_account("url"), "https://x.com/example_kanko"),
    Place("サービス", "起きたサービスの名前", lambda incident: incident.service_name, "X（旧Twitter）"),
    Place("公開ページ", "公式アカウントかどうかを市民が確かめるページ", _public_page,
          "https://portal.example/accounts/1/"),
    Place("一覧のページ", "公式アカウントの一覧",
          lambda incident: f"{settings.PORTAL_URL}{reverse('publication:accounts')}",
          "https://portal.example/"),
    Place("今日", "今日の日付", lambda incident: _day(timezone.localdate()), "11月27日"),
    Place("気づいた日時", "気づいた日時", lambda incident: _moment(incident.discovered_at),
          "11月27日9時30分"),
    Place("偽のアカウント", "なりすましで、偽のアカウントの名前", _of_fake("called"), "@examp1e_kanko"),
    Place("偽のアカウントの表示名", "なりすましで、偽のアカウントが出している名前", _of_fake("name"),
          "新城市観光(公式)"),
    Place("偽のアカウントのURL", "なりすましで、偽のアカウントのURL", _of_fake("url"),
          "https://x.com/examp1e_kanko"),
    Place("依頼した日時", "なりすましで、最後に削除を依頼した日時", _last_request("asked_at"),
          "11月27日10時15分"),
    Place("受付番号", "なりすましで、最後の削除依頼の受付番号", _last_request("receipt"), "ABC-123"),
    Place("誤っていた内容", "誤記で、誤っていた内容", _corrected("wrong"), "開催日は5月2日です"),
    Place("正しい内容", "誤記で、正しい内容", _corrected("right"), "開催日は5月3日です"),
]  # fmt: skip
