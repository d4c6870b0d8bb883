"""Forms about one step of an incident: that it was done, that it is waived, that it is open again."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from incidents import log
from incidents.forms import this_minute
from incidents.models import IncidentStep
from staff.fields import MomentField, TextField

CLOSED = "アカウントを廃止したため、投稿できません。"


class DoneForm(forms.Form):
    """When, in which words, and where it can be seen. A kind may ask for more by a form of its own:
    it adds fields, and what `answers` gives reaches its effect."""

    happened_at = MomentField(
        label="行った日時", initial=this_minute,
        help_text="記録した日時ではなく、実際に行った日時です。",
    )  # fmt: skip
    words = TextField(
        label="したこと・決めたこと", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="後で読む人に分かるように書きます。パスワードは書きません。",
        error_messages={"required": "したこと、決めたことを入力してください。"},
    )  # fmt: skip
    url = forms.URLField(
        label="URL", required=False, max_length=500, assume_scheme="https",
        help_text="投稿したときは、その投稿のURLを入力します。",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: IncidentStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step

    def clean_happened_at(self) -> datetime.datetime:
        """Within the incident's time."""
        at: datetime.datetime = self.cleaned_data["happened_at"]
        if refused := log.refused_time(self.step.incident, at, timezone.now()):
            raise ValidationError(refused)
        return at

    @property
    def answers(self) -> dict[str, Any]:
        """What the step's effects are given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class ReasonForm(forms.Form):
    """Why a step is waived, or open again."""

    note = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label
        self.fields["note"].error_messages["required"] = f"{label}を入力してください。"
