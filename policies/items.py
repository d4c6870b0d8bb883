"""The sections of a filing: the five items of clause 3(3), and what 3(1) and 3(5) ask beside them.

One table: what each section is called, which clause it carries out, which fields it holds, what the
clause wants and an example. `missing` says what a section still lacks, citing its clause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field

from policies.models import OperatingPolicy
from shinshiro_sns.steps import Unmet
from staff.models import Department, User


@dataclass(frozen=True)
class Section:
    """One row of the task list, one page of the form."""

    key: str
    title: str
    clause: str
    fields: tuple[str, ...]
    wants: str
    example: str
    lacks: Callable[[OperatingPolicy], list[str]]

    @property
    def letter(self) -> str:
        """The item's letter in 3(3), where it is one of the five: ア・イ, ウ, …"""
        cited = [clause for clause in self.clause.split() if clause.startswith("3(3)")]
        return "・".join(clause.removeprefix("3(3)") for clause in cited)

    def missing(self, policy: OperatingPolicy) -> list[Unmet]:
        """What the section still lacks, each with clause and place."""
        return [Unmet(sentence, self.clause, self.key) for sentence in self.lacks(policy)]

    def is_untouched(self, policy: OperatingPolicy) -> bool:
        """Whether nothing was entered yet."""
        return not any(_filled(policy, name) for name in self.fields)


def _filled(policy: OperatingPolicy, name: str) -> bool:
    field = cast("Field[Any, Any]", OperatingPolicy._meta.get_field(name))
    if field.many_to_many:
        return bool(getattr(policy, name).exists())
    return bool(getattr(policy, name) != field.get_default())


def _account(policy: OperatingPolicy) -> list[str]:
    lacks = []
    if not policy.name:
        lacks.append("表示名を入力してください。")
    if not policy.url:
        lacks.append("アカウントのURLを入力してください。")
    if not policy.category:
        lacks.append("分野を選んでください。")
    return lacks


def _people(policy: OperatingPolicy) -> list[str]:
    lacks = []
    departments: list[Department] = [policy.account.department, *policy.partners.all()]
    members = set(User.objects.members_of(departments).values_list("pk", flat=True))
    for label, people in (
        ("アカウント利用者", list(policy.users.all())),
        ("アカウント管理者", list(policy.administrators.all())),
    ):
        if not people:
            lacks.append(f"{label}を選んでください。")
        strangers = "、".join(person.name for person in people if person.pk not in members)
        if strangers:
            lacks.append(
                f"{label}の{strangers}さんは、今この所属の職員ではありません。選び直してください。"
            )
    return lacks


def _shared(policy: OperatingPolicy) -> list[str]:
    partners = list(policy.partners.all())
    if not policy.is_shared:
        return ["共同利用しない場合は、共同で利用する所属を外してください。"] if partners else []
    lacks = []
    if not partners:
        lacks.append("共同で利用する所属を選んでください。")
    if policy.account.department in partners:
        lacks.append("管理する所属は、共同で利用する所属から外してください。")
    gone = policy.partners.exclude(pk__in=Department.objects.current().values("pk"))
    if names := "、".join(department.name for department in gone):
        lacks.append(f"{names}は、今は存在しない所属です。共同で利用する所属から外してください。")
    if not policy.shared_theme:
        lacks.append("複数の所属に共通するテーマを入力してください。")
    if not policy.shared_reason:
        lacks.append("利用者の便宜のために必要な理由を入力してください。")
    return lacks


def _registration(policy: OperatingPolicy) -> list[str]:
    if not policy.registration_email:
        return ["アカウントの登録に使うメールアドレスを入力してください。"]
    if not policy.uses_city_domain and not policy.registration_email_reason:
        return ["市のドメインではないメールアドレスを使う理由を入力してください。"]
    return []


def _purpose(policy: OperatingPolicy) -> list[str]:
    lacks = []
    if not policy.purpose:
        lacks.append("情報発信の目的を入力してください。")
    if not policy.content:
        lacks.append("発信する内容を入力してください。")
    return lacks


def _operation(policy: OperatingPolicy) -> list[str]:
    lacks = []
    if not policy.hours:
        lacks.append("運用時間を入力してください。")
    if not policy.reply:
        lacks.append("意見や質問に返信するかどうかを選んでください。")
    if not policy.reply_handling:
        lacks.append("意見や質問への対応方法を入力してください。")
    return lacks


def _personal(policy: OperatingPolicy) -> list[str]:
    return [] if policy.personal_information else ["個人情報の取扱いを入力してください。"]


SECTIONS: tuple[Section, ...] = (
    Section(
        "account", "種類・アカウント名・URL", "3(3)ア 3(3)イ",
        ("name", "handle", "url", "service_account_id", "category"),
        "どのサービスの、どのアカウントかが、利用者に一目で分かるように定めます。",
        "表示名「新城市観光課」、URL「https://www.instagram.com/example_kanko/」",
        _account,
    ),
    Section(
        "people", "アカウント利用者と管理者", "3(3)イ",
        ("users", "administrators"),
        "書き込みを行う職員(利用者)と、ログイン情報や権限を管理する職員(管理者)を定めます。",
        "利用者に担当者3名、管理者に係長と担当者の2名。異動や急病に備え、管理者は2名以上をおすすめします。",
        _people,
    ),
    Section(
        "shared", "共同利用", "3(1)",
        ("is_shared", "shared_theme", "shared_reason", "partners"),
        "アカウントは所属ごとに取得します。利用者の便宜のために必要なときだけ、共通のテーマを定めて"
        "複数の所属で利用できます。",
        "テーマ「防災と避難の情報」。理由「発信元が分かれると、災害時に情報を探しにくくなるため」",
        _shared,
    ),
    Section(
        "registration", "登録メールアドレス", "3(5)",
        ("registration_email", "registration_email_reason"),
        "アカウントの取得には、市のドメインのメールアドレスを使います。使えないときは理由を残します。",
        "kanko@city.shinshiro.lg.jp",
        _registration,
    ),
    Section(
        "purpose", "目的と内容", "3(3)ウ",
        ("purpose", "content"),
        "何のために、どのような情報を発信するのかを、利用者に分かる言葉で書きます。",
        "目的「市内の催しを広く知らせ、訪れる人を増やすため」。内容「催しの案内、開花状況、交通規制」",
        _purpose,
    ),
    Section(
        "operation", "運用方法", "3(3)エ",
        (
            "hours", "closed_on_holidays", "closed_at_year_end", "reply", "reply_handling",
            "post_record", "post_approval",
        ),
        "いつ、どう書き込むのか、意見や質問が届いたらどうするのかを定めます。",
        "月〜金の8時30分から17時15分まで。「コメントへの返信は行いません。お問い合わせは電話で受け付けます」",
        _operation,
    ),
    Section(
        "personal", "個人情報の取扱い", "3(3)オ",
        ("personal_information",),
        "書き込みやメッセージで届く個人情報を、どう扱うのかを定めます。",
        "「個人情報は投稿しません。届いたものは回答のためだけに使い、回答後に消去します」",
        _personal,
    ),
)  # fmt: skip

BY_KEY = {section.key: section for section in SECTIONS}


def missing(policy: OperatingPolicy) -> list[Unmet]:
    """Everything the filing still lacks, section by section."""
    return [unmet for section in SECTIONS for unmet in section.missing(policy)]
