"""Forms of 炎上: what is said in the department's name, and how far it spreads."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.names import visible_only
from incidents.forms import NOT_TO_COME, this_minute
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import Step
from staff.fields import MomentField, TextField

MOST = 1_000_000_000


class ReplyForm(forms.Form):
    """The text, and what it answers."""

    answers = forms.CharField(
        label="何に答えるか", max_length=300, validators=[visible_only],
        help_text="例:写真の使い方への批判。一人に言い返すのではなく、寄せられた声に所属として答えます。",
    )  # fmt: skip
    answers_url = forms.URLField(
        label="答える投稿のURL", required=False, max_length=500, assume_scheme="https"
    )
    text = TextField(
        label="投稿する文", max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="説明、訂正、謝罪のどれなのかが分かるように書きます。職員の名前や、個人への反論は書きません。",
    )  # fmt: skip
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1


class ReplyStepForm(forms.Form):
    """What a step of a reply asks: words, or when and where it was posted."""

    posted_at = MomentField(label="投稿した日時", initial=this_minute)
    url = forms.URLField(label="投稿のURL", max_length=500, assume_scheme="https")
    note = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)
    clean_revision = ReplyForm.clean_revision

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.name != "post":
            del self.fields["posted_at"], self.fields["url"]
        if step.note_label:
            self.fields["note"].label = step.note_label
            self.fields["note"].error_messages["required"] = (
                f"{step.note_label}を入力してください。"
            )
        else:
            del self.fields["note"]


class SpreadForm(forms.Form):
    """What is being said, where, and how much of it."""

    seen_at = MomentField(label="見た日時", initial=this_minute)
    what = forms.CharField(
        label="何と言われているか", max_length=500, validators=[visible_only],
        help_text="例:駐車場の案内が分かりにくいという批判。個人の名前は書きません。",
    )  # fmt: skip
    url = forms.URLField(label="URL", required=False, max_length=500, assume_scheme="https")
    count = forms.IntegerField(
        label="件数", required=False, min_value=0, max_value=MOST,
        help_text="返信、転載、表示など、広がりが分かる数を一つ。時刻を追って同じ数を書くと、増え方が分かります。",
    )  # fmt: skip

    def clean_seen_at(self) -> datetime.datetime:
        """Not to come; it may have begun before anybody here noticed."""
        at: datetime.datetime = self.cleaned_data["seen_at"]
        if at > timezone.now():
            raise ValidationError(NOT_TO_COME)
        return at
