"""Forms of the staff admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)

from shinshiro_sns.table_admin import ReadingForm
from staff.models import User


class StaffReadingForm(ReadingForm):
    """How to read a table of staff."""

    skip_errors = forms.BooleanField(label="誤りのある行を除いて取り込む", required=False)


class UserForm(forms.ModelForm):
    """A person; with a first password where he is not to set it by the link himself."""

    by: User | None = None  # who edits, set by the admin

    new_password = forms.CharField(
        label="仮のパスワード",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=(
            "空欄のままなら変わりません。本人に設定してもらうには、職員の一覧の操作"
            "「パスワード設定のメールを送る」を使ってください。"
        ),
    )
    new_password_again = forms.CharField(
        label="仮のパスワード(確認)",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=" ".join(map(str, password_validators_help_texts())),
    )

    class Meta:
        model = User
        fields = ("email", "name", "kana", "is_active", "is_auditor", "is_administrator")

    def clean(self) -> dict[str, Any]:
        """Nobody locks himself out, and a password is typed twice alike."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.by is not None and self.instance.pk == self.by.pk:
            if data.get("is_active") is False:
                self.add_error("is_active", "自分自身の「在職中」は外せません。")
            if data.get("is_administrator") is False:
                self.add_error("is_administrator", "自分自身の「システム管理者」は外せません。")
        return data

    def _post_clean(self) -> None:
        # After the instance has its values: the password is compared with name and address.
        super()._post_clean()  # type: ignore[misc]
        password = self.cleaned_data.get("new_password")
        again = self.cleaned_data.get("new_password_again")
        if password != again:
            self.add_error("new_password_again", "2回入力したパスワードが一致しません。")
        elif password:
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as error:
                self.add_error("new_password", error)

    def save(self, commit: bool = True) -> User:
        """Sets the password where one was given; without any, none works until the link is used."""
        user: User = self.instance
        if self.cleaned_data.get("new_password"):
            user.set_password(self.cleaned_data["new_password"])
        elif user._state.adding:
            user.set_unusable_password()
        saved: User = super().save(commit)
        return saved
