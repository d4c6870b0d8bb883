"""Reasons for which a report is returned: several at once may be given, beside words of one's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One reason; `section` is where it is mended."""

    key: str
    sentence: str
    clause: str
    section: str


REASONS: tuple[Reason, ...] = (
    Reason("service", "アカウントの種類またはURLが、実際のアカウントと合っていません。", "3(3)ア", "account"),
    Reason("name", "表示名から、市のアカウントであることが分かりません。", "3(3)イ", "account"),
    Reason("people", "アカウント利用者または管理者が十分に定められていません。", "3(3)イ", "people"),
    Reason("shared", "共同利用のテーマまたは理由が明らかではありません。", "3(1)", "shared"),
    Reason("email", "市のドメインではないメールアドレスを使う理由が十分ではありません。", "3(5)", "registration"),
    Reason("purpose", "目的または発信する内容が具体的ではありません。", "3(3)ウ", "purpose"),
    Reason("hours", "運用時間が勤務時間と合っていないか、はっきりしません。", "3(3)エ", "operation"),
    Reason("reply", "意見や質問への対応方法が具体的ではありません。", "3(3)エ", "operation"),
    Reason("personal", "個人情報の取扱いが十分に定められていません。", "3(3)オ", "personal"),
    Reason("wording", "誤字、または利用者に分かりにくい表現があります。", "3(3)", "purpose"),
    Reason("duplicate", "目的が重なる公式アカウントがすでにあります。", "3(1)", "purpose"),
)  # fmt: skip

BY_KEY = {reason.key: reason for reason in REASONS}
