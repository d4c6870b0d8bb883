"""Forms of the accounts' admin."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.importing import Options
from shinshiro_sns.table_admin import ReadingForm
from staff.models import Department


class AccountReadingForm(ReadingForm):
    """What the command asks by its options."""

    department = forms.ModelChoiceField(
        label="所属が書かれていない行の所属",
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label="なし(所属のない行は誤りとする)",
    )
    create_departments = forms.BooleanField(
        label="登録されていない所属を新しく登録する", required=False
    )
    skip_errors = forms.BooleanField(label="誤りのある行を除いて取り込む", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.current()  # type: ignore[attr-defined]

    def options(self) -> Options:
        """As `import_accounts` takes them."""
        data = self.cleaned_data
        return Options(
            self.mapping(),
            data["department"].code if data["department"] else "",
            data["create_departments"],
            data["skip_errors"],
        )
