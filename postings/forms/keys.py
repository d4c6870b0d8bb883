"""Making a key for a posting tool."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.names import visible_only
from staff.fields import DayField

# A year, as a transfer of staff comes round once: nobody's key outlives him by much.
LONGEST = datetime.timedelta(days=366)


class KeyForm(forms.Form):
    """For which tool, and until when."""

    name = forms.CharField(
        label="使うツール", max_length=100, validators=[visible_only],
        help_text="あとで見分けられる名前にします。例:予約投稿ツール",
    )  # fmt: skip
    expires_on = DayField(label="有効期限", help_text="今日から1年までの日を入力します。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = timezone.localdate() + datetime.timedelta(days=365)

    def clean_expires_on(self) -> datetime.date:
        """Neither over already nor for ever."""
        day: datetime.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise ValidationError("今日から1年までの日を入力してください。")
        return day
