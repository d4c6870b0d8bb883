"""Forms about what citizens reported, 5(2): which of it one looks at, and why it is settled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.db.models import Exists, Max, OuterRef, Q

from accounts.services import SERVICES
from incidents import triage
from incidents.models import FakeReport, ReportedAccount, ReportedAccountQuerySet
from shinshiro_sns.steps import Step
from staff.fields import MomentField, TextField

TABS = (
    ("waiting", "未確認"),
    ("incident", "事案で対応"),
    ("closed", "対応しない"),
    ("all", "すべて"),
)
NARROWING = ("q", "service", "times", "since", "until", "settled")


class NarrowingForm(forms.Form):
    """What the list is narrowed to. What makes no sense narrows nothing."""

    tab = forms.ChoiceField(choices=TABS, widget=forms.HiddenInput, required=False)
    # Those that were settled together, in one moment.
    settled = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    q = forms.CharField(label="アカウント・通報の理由", required=False, max_length=200)
    service = forms.ChoiceField(
        label="サービス", required=False,
        choices=[("", "すべて"), *((key, each.name) for key, each in SERVICES.items())],
    )  # fmt: skip
    times = forms.ChoiceField(
        label="通報の件数", required=False,
        choices=[("", "すべて"), ("one", "1件だけ"), ("more", "2件以上")],
    )  # fmt: skip
    since = MomentField(label="最後の通報がこの日時以降", required=False)
    until = MomentField(label="最後の通報がこの日時以前", required=False)

    def asked(self, name: str) -> Any:
        """What was asked for under `name`; nothing where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)

    @property
    def is_narrow(self) -> bool:
        """Whether it leaves anything out beside what the tab does."""
        return any(self.asked(name) for name in NARROWING)

    @property
    def is_nonsense(self) -> bool:
        """Whether something was asked for that cannot be understood."""
        return not self.is_valid()

    def rows(self) -> ReportedAccountQuerySet:
        """The accounts, in whatever state, each with `times` and when it was reported last, `newest`."""
        rows: Any = ReportedAccount.objects.counted().annotate(newest=Max("reports__received_at"))
        if words := self.asked("q"):
            said = FakeReport.objects.filter(reported=OuterRef("pk"), why__icontains=words)
            rows = rows.filter(
                Q(url__icontains=words) | Q(handle__icontains=words.lstrip("@")) | Exists(said)
            )
        asked = {
            "service": self.asked("service"), "settled_at": self.asked("settled"),
            "newest__gte": self.asked("since"), "newest__lte": self.asked("until"),
        }  # fmt: skip
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        if times := self.asked("times"):
            rows = rows.filter(times=1) if times == "one" else rows.filter(times__gt=1)
        return cast(ReportedAccountQuerySet, rows)


class NoteForm(forms.Form):
    """Why, what the person looked at, and whether those who wait for an answer are to hear."""

    note = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    tell = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("yes", "メールで知らせる"), ("no", "知らせない")],
        help_text="いたずらの通報には、関係のない人のメールアドレスが書かれていることがあります。"
        "知らせないときも、メールアドレスは消します。送ったメールは取り消せません。",
        error_messages={"required": "知らせるかどうかを選んでください。"},
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, step: Step, rows: Iterable[ReportedAccount] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = step.note_label
        self.fields["note"].error_messages["required"] = f"{step.note_label}を入力してください。"
        waiting = len(triage.people_waiting(rows)) if step.name == "close" else 0
        self.fields["tell"].label = f"結果を知りたいと書いた{waiting:,}人に"
        if not waiting:
            del self.fields["tell"]

    @property
    def is_to_tell(self) -> bool:
        """Whether whoever waits is to hear."""
        return bool(self.cleaned_data.get("tell", "yes") == "yes")


class TogetherForm(NoteForm):
    """The same for many, as they stood on the page that the person looked at."""

    # Until when they had come that are meant, and a sum of each with its revision.
    opened = forms.DateTimeField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    count = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]


def sum_of(seen: Mapping[int, int]) -> str:
    """Two selections of rows, by key and revision, have the same sum where they are the same."""
    said = ",".join(f"{key}:{revision}" for key, revision in sorted(seen.items()))
    return hashlib.sha256(said.encode()).hexdigest()
