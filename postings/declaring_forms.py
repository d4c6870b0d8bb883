"""What is asked of who declares an emergency, or ends one early."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from accounts.models import Account
from postings.declaring import Right, open_to
from staff.fields import MomentField, RowsField, TextField

ALL, SOME = "all", "some"
# What is proposed: till the next morning somebody has looked at it again.
PROPOSED = datetime.timedelta(hours=24)


def this_minute() -> datetime.datetime:
    """Now, as a form shows it: a browser's field has no seconds."""
    return timezone.localtime().replace(second=0, microsecond=0)


class EmergencyForm(forms.Form):
    """Scope, time and reason."""

    scope = forms.ChoiceField(
        label="範囲", widget=forms.RadioSelect,
        choices=((ALL, "すべての公式アカウント"), (SOME, "選んだアカウントだけ")),
    )  # fmt: skip
    accounts = RowsField(
        queryset=Account.objects.none(), label="対象のアカウント", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    begins_at = MomentField(
        label="始まり", initial=this_minute,
        help_text="今、またはこれからの日時です。過ぎた日時にはできません。",
    )  # fmt: skip
    ends_at = MomentField(label="終わり", initial=lambda: this_minute() + PROPOSED)
    reason = TextField(
        label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例:台風の接近に伴う災害対策本部の設置のため。後で、なぜ運用時間の外に発信できたかの説明になります。",
    )  # fmt: skip

    def __init__(self, *args: Any, right: Right, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts: Any = self.fields["accounts"]
        accounts.queryset = open_to(right)
        self.fields["ends_at"].help_text = (
            "時刻が来ると、ひとりでに終わります。"
            f"一度に宣言できるのは{settings.EMERGENCY_MAX_DAYS}日までです。"
        )
        if right.department:
            # The head's word reaches his own accounts.
            del self.fields["scope"]
            accounts.required = True
            accounts.error_messages["required"] = "対象のアカウントを選んでください。"
        else:
            accounts.need = "選んだアカウントだけのとき必須"

    def clean(self) -> dict[str, Any]:
        """Names no accounts where it is for all."""
        cleaned = super().clean() or {}
        cleaned["is_for_all"] = cleaned.pop("scope", SOME) == ALL
        if cleaned["is_for_all"]:
            cleaned["accounts"] = Account.objects.none()
        elif not cleaned.get("accounts") and "accounts" not in self.errors:
            self.add_error("accounts", "対象のアカウントを選んでください。")
        return cleaned


class EndForm(forms.Form):
    """Why it ends before its time."""

    reason = forms.CharField(
        label="早く終える理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例:台風が過ぎ、災害対策本部を閉じたため。",
        error_messages={"required": "早く終える理由を入力してください。"},
    )  # fmt: skip
