"""What a policy says, in Japanese, field by field: one reading for desk, admin, public and comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Category
from accounts.profiles import display_handle
from policies import hours
from policies.items import SECTIONS, Section
from policies.models import OperatingPolicy

# The fields in the order a reader expects them, each with its label; `people` fields name persons.
LABELS: dict[str, str] = {
    "service": "ソーシャルメディアの種類",
    "name": "表示名",
    "handle": "アカウント名",
    "url": "URL",
    "service_account_id": "運営者が付けた固有の番号",
    "category": "分野",
    "users": "アカウント利用者",
    "administrators": "アカウント管理者",
    "is_shared": "共同利用",
    "shared_theme": "共通するテーマ",
    "shared_reason": "利用者の便宜のために必要な理由",
    "partners": "共同で利用する所属",
    "registration_email": "登録に使うメールアドレス",
    "registration_email_reason": "市のドメインを使わない理由",
    "purpose": "情報発信の目的",
    "content": "発信する内容",
    "hours": "運用時間",
    "reply": "意見や質問への返信",
    "reply_handling": "意見や質問への対応方法",
    "post_record": "発信の記録を残すとき",
    "post_approval": "発信前の承認",
    "personal_information": "個人情報の取扱い",
}
# Shown only where they say something.
_OPTIONAL = {"service_account_id", "registration_email_reason"}
_ONLY_SHARED = {"shared_theme", "shared_reason", "partners"}


@dataclass(frozen=True)
class Row:
    """One field as a reader sees it; `missing` says what is to be entered where it is empty."""

    field: str
    label: str
    value: str
    missing: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Part:
    """One section with its rows."""

    section: Section
    rows: list[Row]


@dataclass(frozen=True)
class Difference:
    """One field that reads otherwise in two versions."""

    field: str
    label: str
    before: str
    after: str


def _names(version: Any, field: str) -> str:
    """The names behind a many-to-many field, of a policy or of a row of its history."""
    related = getattr(version, field)
    if isinstance(version, OperatingPolicy):
        return "、".join(sorted(str(thing) for thing in related.all()))
    target = "department" if field == "partners" else "user"
    rows = related.select_related(target)
    return "、".join(sorted(str(getattr(row, target)) for row in rows))


def said(version: Any) -> dict[str, str]:
    """Every field of a policy, or of a row of its history, as Japanese text; empty where empty."""
    account = version.account
    texts = {field: str(getattr(version, field, "") or "") for field in LABELS}
    texts["service"] = account.service_info.name
    texts["handle"] = display_handle(account.service, version.handle) if version.handle else ""
    texts["category"] = dict(Category.choices).get(version.category, "")
    texts["is_shared"] = "する" if version.is_shared else "しない"
    texts["reply"] = dict(OperatingPolicy.Reply.choices).get(version.reply, "")
    texts["post_record"] = dict(OperatingPolicy.PostRecord.choices).get(version.post_record, "")
    texts["post_approval"] = "ほかの職員の承認を受ける" if version.post_approval else "受けない"
    texts["hours"] = hours.describe(
        version.hours,
        closed_on_holidays=version.closed_on_holidays,
        closed_at_year_end=version.closed_at_year_end,
    )
    for field in ("users", "administrators", "partners"):
        texts[field] = _names(version, field)
    return texts


def parts(policy: OperatingPolicy) -> list[Part]:
    """The whole filing, section by section, with what is still to be entered."""
    texts = said(policy)
    return [
        Part(section, [_row(section, field, texts) for field in _fields(section, policy, texts)])
        for section in SECTIONS
    ]


def _fields(section: Section, policy: OperatingPolicy, texts: dict[str, str]) -> list[str]:
    names = ("service", *section.fields) if section.key == "account" else section.fields
    return [
        name
        for name in names
        if name in LABELS
        and not (name in _OPTIONAL and not texts[name])
        and not (name in _ONLY_SHARED and not policy.is_shared)
    ]


def _row(section: Section, field: str, texts: dict[str, str]) -> Row:
    letter = section.letter
    if section.key == "account":
        letter = "ア" if field == "service" else "イ"
    return Row(field, LABELS[field], texts[field], "" if texts[field] else "未入力", letter)


def differences(before: Any, after: Any) -> list[Difference]:
    """The fields that read otherwise in `after` than in `before`; either may be a row of history."""
    old, new = said(before), said(after)
    return [
        Difference(field, label, old[field], new[field])
        for field, label in LABELS.items()
        if old[field] != new[field]
    ]


def changes_since_return(
    policy: OperatingPolicy, steps: Iterable[str] = OperatingPolicy.RETURNING_STEPS
) -> list[Difference] | None:
    """What was changed since it was last sent back by one of `steps`; None where it never was.

    The PR division asks since its own return: whatever the head sent back meanwhile, it has not seen.
    """
    returned = (
        policy.history.filter(step__in=steps).order_by("-history_date", "-history_id").first()
    )
    return None if returned is None else differences(returned, policy)


def changes_since_force(policy: OperatingPolicy) -> list[Difference] | None:
    """What differs from the version in force before it; None for an account's first."""
    before = policy.previous_in_force()
    return None if before is None else differences(before, policy)
