"""Forms of the staff admin."""

from __future__ import annotations

from typing import Any

from django import forms

from shinshiro_sns.table_admin import ReadingForm
from staff.models import User


class StaffReadingForm(ReadingForm):
    """How to read a table of staff."""

    skip_errors = forms.BooleanField(label="誤りのある行を除いて取り込む", required=False)


class UserForm(forms.ModelForm):
    """A person. The password is the person's own: nobody else sets one, or he could act as the head."""

    by: User | None = None  # who edits, set by the admin

    class Meta:
        model = User
        fields = ("email", "name", "kana", "is_active", "is_auditor", "is_administrator")

    def clean(self) -> dict[str, Any]:
        """Nobody locks himself out."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.by is not None and self.instance.pk == self.by.pk:
            if data.get("is_active") is False:
                self.add_error("is_active", "自分自身の「在職中」は外せません。")
            if data.get("is_administrator") is False:
                self.add_error("is_administrator", "自分自身の「システム管理者」は外せません。")
        return data

    def save(self, commit: bool = True) -> User:
        """Who is new logs in only after setting a password of his own, by the link."""
        user: User = self.instance
        if user._state.adding:
            user.set_unusable_password()
        saved: User = super().save(commit)
        return saved
