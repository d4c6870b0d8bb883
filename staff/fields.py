"""Form fields that any app needs: rows of other tables, days, and texts of several lines.

A number no row can bear is refused like any other wrong choice: Django asks the database for it, and
a database that holds no such number answers with an error.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shinshiro_sns.admin import is_key
from shinshiro_sns.days import typed_day, typed_moment


def _refuse_strange(field: forms.ModelChoiceField, key: Any) -> None:
    if isinstance(key, str) and not is_key(key):
        text, code = field.error_messages["invalid_choice"], "invalid_choice"
        raise ValidationError(text, code, {"value": key})


class RowField(forms.ModelChoiceField):
    """One row."""

    def to_python(self, value: Any) -> Any:
        """The row; what is no key is no valid choice."""
        if value not in self.empty_values:
            _refuse_strange(self, value)
        return super().to_python(value)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows."""

    def clean(self, value: Any) -> Any:
        """The rows; what is no key is no valid choice."""
        for key in value if isinstance(value, list | tuple) else ():
            _refuse_strange(self, key)
        return super().clean(value)


class DayInput(forms.DateInput):
    """A day, as browsers ask for one."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, also as people write it where a browser offers no calendar."""

    widget = DayInput
    default_error_messages = {
        "invalid": "日付を正しく入力してください。例:2026-11-24、令和8年11月24日",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        """The day that was picked or typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return typed_day(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class MomentInput(forms.DateTimeInput):
    """A day and a time, as browsers ask for them."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A day and a time by the city's clock, also as people write them where a browser offers no
    calendar."""

    widget = MomentInput
    default_error_messages = {
        "invalid": "日時を正しく入力してください。例:2026-11-24 9:30、令和8年11月24日 9:30",
    }

    def to_python(self, value: Any) -> datetime.datetime | None:
        """The moment that was picked or typed."""
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return typed_moment(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class TextField(forms.CharField):
    """A text of several lines. Browsers send each line's end as two characters, which are kept,
    counted and compared as the one that was typed."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text with plain line ends."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else text
