"""What a department confirms of an account each quarter, 3(6)."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import attesting
from accounts.models import Account, Attestation
from staff.fields import DayField
from staff.models import User

UNCONFIRMED = "確かめたら、印を付けてください。確かめていないときは、ほかの入力を消してください。"
UNSAID = (
    "最終投稿日を入力してください。"
    "まだ一度も投稿していないときは、「まだ一度も投稿していない」に印を付けてください。"
)
# The column's own bound, which a database answers with an error.
MOST_FOLLOWERS = 2_147_483_647


class AttestationForm(forms.Form):
    """That one account is still the department's, and when its last post was."""

    last_post_on = DayField(
        label="最終投稿日", help_text="アカウントを開いて見た、最後の投稿の日です。",
        error_messages={"required": "最終投稿日を入力してください。"},
    )  # fmt: skip
    never_posted = forms.BooleanField(
        label="まだ一度も投稿していない", required=False,
        help_text="印を付けたときは、最終投稿日を入力しません。",
    )  # fmt: skip
    followers = forms.IntegerField(
        label="フォロワー数", required=False, min_value=0, max_value=MOST_FOLLOWERS,
        help_text="記録しておきたいときだけ入力します。",
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label="この所属のアカウントであり、今も使っていることを確かめた",
        error_messages={"required": UNCONFIRMED},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.earlier = ""
        if account.last_post_on:
            del self.fields["never_posted"]
        else:
            self.fields["last_post_on"].required = False
            self.fields["last_post_on"].need = "投稿があるときは必須"  # type: ignore[attr-defined]

    def clean_last_post_on(self) -> datetime.date | None:
        """Refuses a day to come; one earlier than is known is worth a word."""
        day: datetime.date | None = self.cleaned_data["last_post_on"]
        known = self.account.last_post_on
        if day and day > timezone.localdate():
            raise ValidationError("未来の日付は入力できません。")
        if known and day and day < known:
            self.earlier = (
                f"{self.account}の最終投稿日が、前に記録した日"
                f"({known.year}年{known.month}月{known.day}日)より前です。"
                "投稿を削除した場合などを除いて、正しいか確かめ、違うときは記録し直してください。"
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Asks for the day of the last post, or the word that there was none."""
        cleaned = super().clean() or {}
        if "never_posted" in self.fields and "last_post_on" in cleaned:
            day, never = cleaned["last_post_on"], cleaned.get("never_posted")
            if day and never:
                self.add_error("never_posted", "最終投稿日を入力したときは、印を消してください。")
            elif not day and not never:
                self.add_error("last_post_on", UNSAID)
        return cleaned

    def attest(self, by: User) -> Attestation:
        """Record it. Raises StepOvertaken where the account is not official any more."""
        return attesting.attest(
            self.account,
            by,
            last_post_on=self.cleaned_data["last_post_on"],
            followers=self.cleaned_data["followers"],
        )


class RowForm(AttestationForm):
    """One of several accounts: it is left as it is while nothing is said of it."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, account=account, prefix=f"account-{account.pk}", **kwargs)
        del self.fields["followers"]
        self.fields["confirmed"].label = "確かめた"
        for name, field in self.fields.items():
            field.help_text = ""
            if name != "never_posted":
                field.need = "確かめたときに入力"  # type: ignore[attr-defined]

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is ticked or typed."""
        return not any(self.data.get(self.add_prefix(name)) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Followers belong to the account's own page."""
        return {**super().clean(), "followers": None}
