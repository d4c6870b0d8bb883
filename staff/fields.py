"""Form fields that choose rows: a number no row can bear is refused like any other wrong choice.

Django asks the database for it, and a database that holds no such number answers with an error.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from shinshiro_sns.admin import is_key


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
