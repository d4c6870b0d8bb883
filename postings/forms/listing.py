"""What a list of posts is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from postings.models import Post
from staff.fields import DayField

EXCEPTED = "excepted"


class PostFilter(forms.Form):
    """By words of the text, state, days, and whether it went out beside its hours."""

    q = forms.CharField(label="本文の言葉", required=False, max_length=200)
    state = forms.ChoiceField(
        label="状態", required=False, choices=[("", "すべて"), *Post.State.choices]
    )
    hours = forms.ChoiceField(
        label="運用時間", required=False,
        choices=[("", "すべて"), (EXCEPTED, "時間の外に発信したもの")],
    )  # fmt: skip
    since = DayField(label="この日から", required=False)
    until = DayField(label="この日まで", required=False)

    def narrowed(self, rows: Any) -> Any:
        """Those of `rows` that were asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        if words := given.get("q", "").split():
            for word in words:
                rows = rows.filter(text__icontains=word)
        if state := given.get("state"):
            rows = rows.filter(state=state)
        if given.get("hours") == EXCEPTED:
            rows = rows.filter(state=Post.State.POSTED, allowed=False)
        if day := given.get("since"):
            rows = rows.filter(happened__date__gte=day)
        if day := given.get("until"):
            rows = rows.filter(happened__date__lte=day)
        return rows
