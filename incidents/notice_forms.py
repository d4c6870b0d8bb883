"""The form of a step that publishes a notice on the city's own site, 5(2)."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from accounts.names import visible_only
from incidents import texts
from incidents.step_forms import DoneForm
from staff.fields import TextField

DAYS = ("1", "3", "7", "14")
LONGEST_TITLE = 100


class PublicNoticeForm(DoneForm):
    """Title and body, proposed and put right by hand, and whether it is to top every page for a time.

    What it publishes is published in the moment the form is taken: it asks for no other time.
    """

    field_order = ("title", "body", "urgent", "is_read", "revision")

    title = forms.CharField(
        label="題名", max_length=LONGEST_TITLE, validators=[visible_only],
        error_messages={"required": "題名を入力してください。"},
    )  # fmt: skip
    body = TextField(
        label="本文", max_length=2000, widget=forms.Textarea(attrs={"rows": 12}),
        validators=[texts.no_gaps],
        help_text="文例を入れてあります。かっこの中を書き換えてください。",
        error_messages={"required": "本文を入力してください。"},
    )  # fmt: skip
    urgent = forms.ChoiceField(
        label="すべてのページの上に掲げる", required=False, widget=forms.RadioSelect,
        choices=[("", "掲げない"), *((day, f"{day}日間") for day in DAYS)],
        help_text="お金や個人情報の被害が出るおそれがあるときに掲げます。",
    )  # fmt: skip
    is_read = forms.BooleanField(
        label="この内容で公表することを確かめた",
        error_messages={"required": "公表することを確かめてください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("happened_at", "words", "url"):
            del self.fields[name]
        first = next(iter(texts.for_step(self.step)), None)
        self.initial.setdefault("body", first.body if first else "")
        self.initial.setdefault("title", self.drafted_title()[:LONGEST_TITLE])

    def drafted_title(self) -> str:
        """The title as it is proposed."""
        raise NotImplementedError

    @property
    def answers(self) -> dict[str, Any]:
        """Title, body and how long it is urgent, and the step's own words."""
        title, days = self.cleaned_data["title"], int(self.cleaned_data["urgent"] or 0)
        return {
            "title": title, "body": self.cleaned_data["body"],
            "urgent_for": datetime.timedelta(days=days) if days else None,
            "words": f"市のサイトで周知した:{title}",
        }  # fmt: skip
