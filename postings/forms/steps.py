"""What a step of a post asks of the person who takes it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from policies.hours import read_clock
from postings.effects import EITHER, not_addresses
from postings.forms.incidents import IncidentField, offer_incidents
from postings.models import Ground, Post
from postings.permission import may_post
from shinshiro_sns.admin import is_key
from shinshiro_sns.calendar import at_clock
from shinshiro_sns.steps import Step
from staff.fields import DayField, TextField


class StepForm(forms.Form):
    """Words of the person's own where the step asks for them, and what he looked at."""

    note = TextField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        self.fields["revision"].initial = post.revision
        if step.note_label:
            self.fields["note"].label = step.note_label
            self.fields["note"].required = step.note_required
        else:
            del self.fields["note"]

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1

    @property
    def answers(self) -> dict[str, Any]:
        """What the step is taken with, beside its note and revision."""
        return {}


class AddressForm(StepForm):
    """Where a post stands, or why it has no address."""

    urls = TextField(
        label="投稿のURL", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="発信した投稿を開き、そのURLを貼り付けます。いくつかに分けて投稿したときは、1行に1つずつ入力します。",
    )  # fmt: skip
    no_url_reason = forms.CharField(
        label="URLがない理由", required=False, max_length=200,
        help_text="投稿にURLがないサービスの場合だけ入力します。例:LINEの一斉配信のため",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("urls", "no_url_reason"):
            self.fields[name].need = "どちらか必須"  # type: ignore[attr-defined]
            self.fields[name].initial = getattr(self.post, name)

    def clean_urls(self) -> str:
        """Only posts on the account's own service."""
        text: str = self.cleaned_data["urls"]
        if refused := not_addresses(self.post.account, text):
            raise ValidationError(refused)
        return text

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        given = super().clean() or {}
        if "urls" not in self.errors and bool(given.get("urls")) == bool(
            given.get("no_url_reason")
        ):
            self.add_error("urls", EITHER)
        return given

    @property
    def answers(self) -> dict[str, Any]:
        """What the step is taken with."""
        return {name: self.cleaned_data[name] for name in ("urls", "no_url_reason")}


class RecordForm(AddressForm):
    """That a post went out: when, and where it stands."""

    posted_on = DayField(label="発信した日")
    posted_time = forms.CharField(
        label="発信した時刻", max_length=5, help_text="9:30 のように入力します。",
        error_messages={"required": "発信した時刻を入力してください。"},
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="発信した事由", required=False, choices=Ground.choices, widget=forms.RadioSelect
    )
    ground_reason = TextField(
        label="やむを得ない理由", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    incident = IncidentField()

    GROUND = ("ground", "ground_reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localtime()
        self.fields["posted_on"].initial = now.date()
        self.fields["posted_time"].initial = f"{now:%H:%M}"
        for name in self.GROUND:
            self.fields[name].need = "運用時間の外のときは必須"  # type: ignore[attr-defined]
            self.fields[name].initial = getattr(self.post, name)
        self.initial.setdefault("incident", self.post.incident_id)
        offer_incidents(self, self.post.account, self.post.incident_id)
        self.answer = may_post(self.post.account, now)

    @property
    def asks_for_ground(self) -> bool:
        """Whether the part about the ground is worth opening."""
        said = any(self[name].value() or self[name].errors for name in self.GROUND)
        return said or not self.answer.allowed

    def clean_posted_time(self) -> int:
        """Minutes after midnight."""
        try:
            return read_clock(self.cleaned_data["posted_time"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """The moment, which has passed."""
        given = super().clean()
        day: datetime.date | None = given.get("posted_on")
        if day and "posted_time" in given:
            given["posted_at"] = at_clock(day, given["posted_time"])
            if given["posted_at"] > timezone.now():
                self.add_error("posted_time", "これからの時刻は入力できません。")
        if given.get("ground") and not given.get("ground_reason"):
            self.add_error("ground_reason", "やむを得ない理由を入力してください。")
        return given

    @property
    def answers(self) -> dict[str, Any]:
        """What the step is taken with."""
        names = ("posted_at", *self.GROUND)
        given = {name: self.cleaned_data[name] for name in names}
        # Not asked is not the same as none.
        if "incident" in self.fields:
            given["incident"] = self.cleaned_data["incident"]
        return {**super().answers, **given}


def form_of(step: Step) -> type[StepForm]:
    """The form of a step."""
    return {"post": RecordForm, "amend": AddressForm}.get(step.name, StepForm)
