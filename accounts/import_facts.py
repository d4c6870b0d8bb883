"""What a table says of an account beside who it is: read as the portal's own export writes it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from django.utils import timezone

from accounts.import_departments import Departments, UnknownDepartment
from accounts.models import Account, Category
from shinshiro_sns.days import read_day
from staff.models import Department

_YES = frozenset({"はい", "○", "〇", "true", "1"})
_NO = frozenset({"", "いいえ", "×", "false", "0"})
_CATEGORIES = {str(word): key for key, label in Category.choices for word in (key, label)}


def read_category(text: str) -> str:
    """The category called `text`, "" for none. Raises ValueError with a sentence for the person."""
    if text and text not in _CATEGORIES:
        names = "、".join(str(label) for label in Category.labels)
        raise ValueError(f"分野「{text[:30]}」はありません(使える分野:{names})。")
    return _CATEGORIES.get(text, "")


def read_opened(text: str) -> datetime.date | None:
    """The day an account was opened, if any. Raises ValueError with a sentence for the person."""
    day = read_day(text) if text else None
    if day is not None and day > timezone.localdate():
        raise ValueError("今日より後の日にはできません。")
    return day


def take_facts(
    account: Account, values: Mapping[str, str], departments: Departments, remarks: list[str]
) -> tuple[list[Department], list[str]]:
    """Put what `values` say into `account`; the departments that share it, and what is wrong."""
    wrong: list[str] = []
    partners: list[Department] = []
    stated = values["service_account_id"]
    if stated and account.service_account_id and stated != account.service_account_id:
        wrong.append(
            f"固有の番号「{stated[:40]}」が、URLの「{account.service_account_id}」と違います。"
        )
    account.service_account_id = account.service_account_id or stated
    account.registration_email = values["registration_email"]
    account.registration_email_reason = values["registration_email_reason"]
    account.shared_theme, account.shared_reason = values["shared_theme"], values["shared_reason"]
    try:
        account.category = read_category(values["category"])
    except ValueError as error:
        wrong.append(str(error))
    shared = values["shared"].casefold()
    account.is_shared = shared in _YES
    if shared not in _YES | _NO:
        wrong.append(f"共同利用「{values['shared'][:20]}」は、「はい」か空欄にしてください。")
    for code in filter(None, re.split(r"[、,\s]+", values["partners"])):
        try:
            partner = departments.known(code)
            if not departments.exists(partner):
                # So it may stand in the policy in force: who is to agree is asked with the next one.
                remarks.append(f"共同で利用する所属「{partner.name}」は、今は存在しません。")
            partners.append(partner)
        except UnknownDepartment as error:
            wrong.append(f"共同で利用する所属:{error}")
    if not account.is_shared and (partners or account.shared_theme or account.shared_reason):
        wrong.append("共通するテーマ、理由、所属は、共同利用が「はい」の場合だけ書いてください。")
    return partners, wrong
