"""How an account reads on the public pages: as a card, as a row, as facts, as one sentence."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from accounts.models import Account
from accounts.profiles import display_handle
from publication.addresses import absolute
from shinshiro_sns.templatetags.portal import status_tag, wareki

Status = Account.Status
OVERDUE = "確認期限切れ"
HEADINGS = ("表示名", "種類", "アカウント名", "所属", "分野", "状態")


def handle(account: Account) -> str:
    """The handle as its service shows it."""
    return display_handle(account.service, account.handle)


def way_out(account: Account) -> str:
    """The account's own address where one may follow it: a closed one, or one in doubt, may be
    someone else's."""
    gone = account.status == Status.CLOSED or account.is_in_doubt
    if gone or not account.url.startswith(("https://", "http://")):
        return ""
    return account.url


def snippet(account: Account) -> str:
    """HTML for another site that speaks of the account; nothing for what is no official one.

    It leads to the city's page, not to the account: other sites keep what they once put in, and the
    account's address may be someone else's by then.
    """
    if account.shown_status != Status.OFFICIAL:
        return ""
    said = f"{settings.CITY_NAME}公式 {account.service_info.name}「{account.title}」"
    return f'<a href="{escape(absolute(account.get_absolute_url()))}">{escape(said)}</a>'


def says(account: Account) -> str:
    """What the account is today, in one sentence."""
    name, service = account.title, account.service_info.name
    if account.is_in_doubt:
        return f"{service}の「{name}」は、{settings.CITY_NAME}のアカウントですが、乗っ取られたおそれがあります。"
    return {
        Status.OFFICIAL: f"{service}の「{name}」は、{settings.CITY_NAME}の公式アカウントです。",
        Status.SUSPENDED: f"{settings.CITY_NAME}は、{service}の「{name}」の運用を停止しています。",
        Status.CLOSED: f"{settings.CITY_NAME}は、{service}の「{name}」を廃止しました。",
    }[Status(account.status)]


def standing(account: Account) -> dict[str, str]:
    """What the account is today, as a reader who doubts it wants to hear: title and text."""
    city = settings.CITY_NAME
    if account.is_in_doubt:
        return {
            "title": "このアカウントは、乗っ取られたおそれがあります",
            "text": f"{city}のアカウントですが、市以外の人が投稿しているおそれがあり、確かめています。"
            "投稿やメッセージを信用せず、リンクを開かないでください。",
        }
    return {
        Status.OFFICIAL: {
            "title": f"これは{city}の公式アカウントです",
            "text": "下のURLのアカウントと同じかどうかを、必ず確かめてください。",
        },
        Status.SUSPENDED: {
            "title": "このアカウントは運用を停止しています",
            "text": f"{city}のアカウントですが、今は情報を発信していません。"
            "新しい投稿があっても、市の発信ではないおそれがあります。",
        },
        Status.CLOSED: {
            "title": "このアカウントは廃止されました",
            "text": f"今は{city}の公式アカウントではありません。"
            "同じ名前のアカウントを、別の人が使っているおそれがあります。",
        },
    }[Status(account.status)]


def is_overdue(account: Account) -> bool:
    """Whether the department let the day go by on which it had to confirm the account, 3(6)."""
    return not account.is_in_doubt and account.attestation_overdue(timezone.localdate())


def certified_on(account: Account) -> datetime.date | None:
    """The day of the operator's certification that one may rely on today, 3(4): a bought badge, an
    application, a lapse or what a table says is none, and of what the city runs no more nothing holds."""
    certification = getattr(account, "certification", None)
    if account.shown_status != Status.OFFICIAL or certification is None:
        return None
    return certification.dated_on if certification.is_proven else None


def remark(account: Account) -> tuple[str, str]:
    """A tag's kind and words for what is not as a reader expects; nothing for what is."""
    if account.shown_status != Status.OFFICIAL:
        return account.shown_status, account.get_shown_status_display()
    return ("warning", OVERDUE) if is_overdue(account) else ("", "")


def card(account: Account, lead: str = "") -> dict[str, Any]:
    """A card of `components/card_grid.html`."""
    kind, status = remark(account)
    return {
        "title": account.title,
        "url": account.get_absolute_url(),
        "service": account.service_info.name,
        "handle": handle(account),
        "link": way_out(account),
        "department": account.department.name,
        "category": account.get_category_display(),
        "lead": lead,
        "kind": kind,
        "tag": status_tag(kind, status)["kind"],
        "status": status,
        "gone": account.status == Status.CLOSED,
    }


def blank() -> dict[str, Any]:
    """A card with every part a card can have, for a script to fill."""
    words = dict.fromkeys(("title", "handle", "department", "category", "lead", "status"), "-")
    return {**words, "service": "-", "url": "/", "link": "/", "kind": "neutral", "gone": False}


def tag(kind: str, text: str) -> SafeString:
    """A status for the cell of a table."""
    return render_to_string("components/status_tag.html", status_tag(kind, text))


def row(account: Account) -> list[str | SafeString]:
    """A row below HEADINGS."""
    return [
        format_html('<a href="{}">{}</a>', account.get_absolute_url(), account.title),
        account.service_info.name,
        handle(account),
        account.department.name,
        account.get_category_display(),
        format_html(
            "{} {}",
            tag(account.shown_status, account.get_shown_status_display()),
            tag("warning", OVERDUE if is_overdue(account) else ""),
        ),
    ]


def facts(account: Account, stands_since: datetime.date | None = None) -> list[dict[str, Any]]:
    """What the register says beside the policy, for `components/summary_list.html`.

    `stands_since` is the day on which it was suspended or closed, as its notice says.
    """
    its_page = reverse("publication:department", args=[account.department_id])
    department = format_html('<a href="{}">{}</a>', its_page, account.department.name)
    telephone = account.department.telephone
    if telephone:
        department = format_html(
            '{}(電話 <a href="tel:{}">{}</a>)', department, telephone, telephone
        )
    rows = [{"label": "管理する所属", "value": department}]
    if account.is_shared:
        partners = "、".join(partner.name for partner in account.partners.all())
        rows += [
            {"label": "共通するテーマ", "value": account.shared_theme},
            {"label": "共同で利用する所属", "value": partners},
        ]
    if account.category:
        rows.append({"label": "分野", "value": account.get_category_display()})
    rows.append({"label": "公式となった日", "value": _day(account.official_since)})
    certified = certified_on(account)
    if certified:
        rows.append({"label": "運営者の認証", "value": format_html("認証済({})", _day(certified))})
    if account.is_in_doubt:
        since = timezone.localdate(account.doubted_since)
        rows.append({"label": "乗っ取りのおそれに気づいた日", "value": _day(since)})
    elif account.status == Status.OFFICIAL:
        confirmed = max(filter(None, (account.attested_on, account.official_since)), default=None)
        rows.append({"label": "所属が最後に確認した日", "value": _day(confirmed)})
    else:
        label = "廃止した日" if account.status == Status.CLOSED else "停止した日"
        since = stands_since or timezone.localdate(account.state_since)
        rows.append({"label": label, "value": _day(since)})
    successor = account.successor
    if successor and successor.is_public:
        link = format_html('<a href="{}">{}</a>', successor.get_absolute_url(), successor)
        if successor.shown_status != Status.OFFICIAL:
            link = format_html("{}({})", link, successor.get_shown_status_display())
        rows.append({"label": "後継のアカウント", "value": link})
    return rows


def _day(day: Any) -> str:
    if not day:
        return ""
    return format_html('{}(<time datetime="{}">{}</time>)', wareki(day), day, day)
