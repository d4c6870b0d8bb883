"""What a person who takes an account over needs to know of it, part by part, 3(7)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts import passwords
from accounts.models import Access, Account, ConnectedApp, Credentials, Device
from shinshiro_sns.duties import DUTIES, Task
from staff.models import User

NAMED = 10


@dataclass(frozen=True)
class Part:
    """One part of the page: what stands in it, or the sentence that nothing is on record."""

    key: str
    title: str
    rows: list[dict[str, Any]]


def parts(account: Account) -> list[Part]:
    """Facts, people, password, and what else guards the account or reaches it."""
    return [
        Part("facts", "アカウント", _facts(account)),
        Part("people", "利用できる職員", _people(account)),
        Part("password", "パスワード", _password(account)),
        Part("guards", "ログイン手段", _guards(account)),
        Part("reach", "ログインしている端末と連携しているアプリ", _reach(account)),
    ]


def open_tasks(account: Account) -> list[Task]:
    """What is open for the account, the first few of each duty."""
    day = timezone.localdate()
    found: list[Task] = []
    for duty in DUTIES:
        rows = duty.of_accounts([account.pk], day)
        found += [duty.task(row) for row in rows[:NAMED] if duty.name != "handover"]
    return found


def _facts(account: Account) -> list[dict[str, Any]]:
    partners = "、".join(str(partner) for partner in account.partners.all())
    rows: list[dict[str, Any]] = [
        {"label": "ソーシャルメディア", "value": account.service_info.name},
        {"label": "アカウント名", "value": account.display_handle},
        {"label": "URL", "value": account.url, "link": account.url},
        {"label": "状態", "value": account.get_status_display()},
        {"label": "管理する所属", "value": str(account.department)},
        {"label": "登録に使うメールアドレス", "value": account.registration_email},
    ]
    if partners:
        rows.append({"label": "共同で利用する所属", "value": partners})
    if account.note:
        rows.append({"label": "備考(庁内)", "value": account.note})
    # The app of the policies stands above this one; its rows are reached through the account.
    in_force: Any = account.policies.in_force().first()
    if in_force is None:
        rows.append({"label": "施行中の運用ポリシー", "missing": "まだありません"})
    else:
        said = f"第{in_force.version}版を読む"
        rows.append(
            {
                "label": "施行中の運用ポリシー", "clause": "3(3)", "value": said,
                "link": in_force.get_absolute_url(),
            }
        )  # fmt: skip
    return rows


def _people(account: Account) -> list[dict[str, Any]]:
    named: dict[str, list[str]] = defaultdict(list)
    for access in Access.objects.current().filter(account=account).select_related("person"):
        named[access.kind].append(access.person.name)
    members = User.objects.members_of([account.department_id])
    return [
        *(
            {"label": f"{label}(運用ポリシーに書かれた職員)", "lines": named[kind]}
            for kind, label in Access.Kind.choices
        ),
        {"label": "いま所属にいる職員", "lines": [person.name for person in members[:NAMED]]},
    ]


def _password(account: Account) -> list[dict[str, Any]]:
    changed, today = account.password_changed_on, timezone.localdate()
    said = _written(changed) if changed else ""
    rows: list[dict[str, Any]] = [
        {"label": "最後に変更した日", "value": said, "missing": "" if said else "記録がありません"}
    ]
    due = passwords.due(account, today)
    if due and due.on <= today:
        sentence = (
            f"{due.why.label}、パスワードを変更し、変更したことを記録してください。"
            "パスワードそのものは、このポータルのどこにも書かないでください。"
        )
        rows.append({"label": "すること", "clause": "3(7)", "value": sentence})
    elif due:
        rows.append({"label": "次の変更期限", "clause": "3(7)", "value": _written(due.on)})
    return rows


def _written(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _guards(account: Account) -> list[dict[str, Any]]:
    held = (
        Credentials.objects.filter(account=account)
        .select_related("recovery_department", "recovery_person")
        .first()
    )
    if held is None:
        return [{"label": "二要素認証と復旧用の連絡先", "missing": "記録がありません"}]
    owner = held.recovery_department or held.recovery_person
    return [
        {"label": "二要素認証", "value": held.get_two_factor_display()},
        {"label": "復旧用の連絡先", "value": held.recovery_address},
        {"label": "復旧用の連絡先を管理する所属または職員", "value": str(owner or "")},
    ]


def _reach(account: Account) -> list[dict[str, Any]]:
    devices = Device.objects.filter(account=account, removed_on__isnull=True)
    apps = ConnectedApp.objects.filter(account=account, removed_on__isnull=True)
    return [
        {"label": "端末", "lines": [_device(row) for row in devices.select_related("keeper")]},
        {"label": "連携しているアプリ", "lines": [f"{row.name}({row.purpose})" for row in apps]},
    ]


def _device(device: Device) -> str:
    about = [device.get_kind_display()]
    if device.is_private:
        about.append("職員個人のもの")
    if device.keeper is not None:
        about.append(f"管理:{device.keeper.name}さん")
    return f"{device.name}({'、'.join(about)})"
