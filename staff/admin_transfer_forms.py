"""What the wizard of a transfer of staff asks for."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

from django import forms

from shinshiro_sns.table_admin import UploadForm
from shinshiro_sns.tables import UnreadableTable
from staff.fields import DayField
from staff.transferring.lines import read_file


class TransferForm(UploadForm):
    """The file, and the day from which it holds."""

    effective_on = DayField(
        label="異動日",
        help_text="新しい所属の初日です。前の所属は、その前日で終わります。",
        error_messages={
            "required": "異動日を入力してください。",
            "invalid": "異動日を日付で入力してください(例:2027-04-01)。",
        },
    )

    def clean_file(self) -> Any:
        """Refuses also a table that lacks the columns."""
        file = super().clean_file()
        try:
            read_file(file.read(), file.name or "")
        except UnreadableTable as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


class DayForm(forms.Form):
    """The day, as the preview's address carries it."""

    effective_on = forms.DateField()

    def day(self) -> datetime.date | None:
        """None where the address was tampered with."""
        return self.cleaned_data["effective_on"] if self.is_valid() else None


class CountForm(forms.Form):
    """A mass change is confirmed with its size, so that nobody clicks through it."""

    count = forms.CharField(label="確認のため、行数を入力してください", required=False)

    def __init__(self, *args: Any, lines: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["count"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean_count(self) -> str:
        """The number of lines, in whatever width it is typed."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["count"]).replace(",", "").strip()
        if text != str(self.lines):
            raise forms.ValidationError(
                f"行数が違います。内容を確かめ、「{self.lines}」と入力してください。"
            )
        return text
