"""Forms about an incident as a whole: opening it in a minute, its facts, its log, its end."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account
from accounts.services import SERVICES
from incidents import log
from incidents.kinds import KINDS
from incidents.models import MEANINGS, Incident, IncidentEntry, Severity
from staff import authority
from staff.fields import MomentField, RowField, TextField
from staff.models import Department, User

ADD = "incidents.add_incident"
SEVERITIES = [(s.value, f"{s.label} — {MEANINGS[s]}") for s in Severity]
NOT_TO_COME = "未来の日時は入力できません。"
OLDEST = datetime.timedelta(days=3650)


def this_minute() -> datetime.datetime:
    """Now, as a form shows it: a browser's field has no seconds."""
    return timezone.localtime().replace(second=0, microsecond=0)


def past(moment: datetime.datetime) -> None:
    """Refuses a moment to come, and one so old that a year was mistyped."""
    now = timezone.now()
    if moment > now:
        raise ValidationError(NOT_TO_COME)
    if moment < now - OLDEST:
        raise ValidationError("日時が古すぎます。年を確かめてください。")


class AccountField(RowField):
    """One of the accounts of those departments for which the person may open an incident."""

    def label_from_instance(self, obj: Any) -> str:
        """The account, and whose it is: in the PR division's list there are many of a name."""
        return f"{obj}({obj.department})"


class PlaceForm(forms.Form):
    """Whose it is and where it happens: an account, or a department and a service."""

    account = AccountField(
        queryset=Account.objects.none(), label="アカウント", required=False,
        empty_label="アカウントに関わらない、または、まだ分からない",
    )  # fmt: skip
    department = RowField(
        queryset=Department.objects.none(), label="対応する所属", required=False,
        empty_label="選んでください",
        help_text="アカウントを選んだときは、そのアカウントを管理する所属になります。",
    )  # fmt: skip
    service = forms.ChoiceField(label="どのサービスで起きているか", required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = authority.reach(by, ADD)
        accounts: Any = self.fields["account"]
        accounts.queryset = Account.objects.filter(held.as_condition("department")).select_related(
            "department"
        )
        departments: Any = self.fields["department"]
        departments.queryset = Department.objects.current().filter(held.as_condition("pk"))
        # Who works in one department alone is asked for none.
        self.only = None if held.everywhere or len(held.own) != 1 else departments.queryset.first()
        if self.only:
            del self.fields["department"]
        services: Any = self.fields["service"]
        services.choices = [
            ("", "アカウントと同じ、または、分からない"),
            *((key, service.name) for key, service in SERVICES.items() if not service.is_retired),
        ]

    def clean(self) -> dict[str, Any]:
        """Finds the department and the service."""
        cleaned = super().clean() or {}
        account = cleaned.get("account")
        department = account.department if account else cleaned.get("department") or self.only
        if department is None and "department" in self.fields and not self.errors:
            self.add_error("department", "アカウントか、対応する所属のどちらかを選んでください。")
        cleaned["department"] = department
        cleaned["service"] = cleaned.get("service") or (account.service if account else "")
        return cleaned


class OpeningForm(PlaceForm):
    """What one knows in the first minute. A kind may ask for more by a form of its own."""

    field_order: tuple[str, ...] = ("account", "department", "known", "discovered_at", "severity")

    known = TextField(
        label="何が起きているか", max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="分かっていることだけで足ります。後から書き足せます。",
        error_messages={"required": "何が起きているか、一言でも入力してください。"},
    )  # fmt: skip
    discovered_at = MomentField(
        label="気づいた日時", validators=[past], initial=this_minute,
        error_messages={"required": "気づいた日時を入力してください。"},
    )  # fmt: skip
    severity = forms.ChoiceField(
        label="重さ", choices=SEVERITIES, widget=forms.RadioSelect, initial=Severity.SERIOUS,
        help_text="迷ったら、重いほうを選びます。後から変えられます。",
        error_messages={"required": "重さを選んでください。"},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.kind, self.by = KINDS[kind], by
        # The incident that what was typed turns out to be about, if it is open already.
        self.leads_to: Incident | None = None
        # Of the account's own: only somebody else's account may be elsewhere.
        if not self.kind.elsewhere:
            del self.fields["service"]
            self.fields.pop("department", None)
            account: Any = self.fields["account"]
            account.required, account.empty_label = True, "選んでください"
            account.error_messages["required"] = (
                "どのアカウントのことか選んでください。"
                "一覧にないときは、種類で「その他の被害」を選んでください。"
            )

    @property
    def facts(self) -> dict[str, Any]:
        """What `opening.open_incident` takes."""
        names = ("account", "department", "service", "known", "discovered_at", "severity")
        return {name: self.cleaned_data[name] for name in names}

    def is_of(self, incident: Incident) -> bool:
        """Whether what was typed is about `incident`, which the same words opened just now."""
        return True

    def after(self, incident: Incident) -> None:
        """What a kind keeps beside the incident, in the transaction that opens it."""


class FactsForm(PlaceForm):
    """What is known, as one learns more of it."""

    field_order = ("title", "known", "account", "department", "service")

    title = forms.CharField(
        label="件名", max_length=100, validators=Incident._meta.get_field("title").validators
    )
    known = TextField(label="分かっていること", max_length=5000)
    discovered_at = MomentField(
        label="気づいた日時", validators=[past],
        help_text="直すと、気づいた日時から数える期限も数え直します。",
    )  # fmt: skip
    discovered_how = forms.CharField(
        label="どのように気づいたか", max_length=200, required=False,
        help_text="例:市民からの電話、職員が見つけた",
    )  # fmt: skip
    severity = forms.ChoiceField(label="重さ", choices=SEVERITIES, widget=forms.RadioSelect)

    @property
    def facts(self) -> dict[str, Any]:
        """What `facts.revise` takes."""
        return dict(self.cleaned_data)


class EntryForm(forms.Form):
    """A line of the log."""

    kind = forms.ChoiceField(
        label="種類", choices=[(k.value, k.label) for k in IncidentEntry.BY_HAND],
        widget=forms.RadioSelect, initial=IncidentEntry.Kind.NOTE,
    )  # fmt: skip
    happened_at = MomentField(label="日時", initial=this_minute)
    text = TextField(
        label="内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="事実を書きます。パスワードと、要らない個人情報は書きません。",
        error_messages={"required": "内容を入力してください。"},
    )  # fmt: skip
    url = forms.URLField(label="URL", required=False, max_length=500, assume_scheme="https")

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident = incident

    def clean_happened_at(self) -> datetime.datetime:
        """Within the incident's time."""
        at: datetime.datetime = self.cleaned_data["happened_at"]
        if refused := log.refused_time(self.incident, at, timezone.now()):
            raise ValidationError(refused)
        return at


class CorrectionOfEntryForm(forms.Form):
    """A line of the log, put right by another one."""

    text = TextField(
        label="正しい内容", max_length=5000,
        error_messages={"required": "正しい内容を入力してください。"},
    )  # fmt: skip


class IncidentStepForm(forms.Form):
    """What the end, the reopening or the cancelling of an incident asks."""

    learnt = TextField(label="分かったこと・教訓", max_length=5000)
    changes_that_follow = TextField(
        label="運用ポリシーや手順の見直し", max_length=2000, required=False,
        help_text="変えることを書きます。ないときは、空のままにします。",
    )  # fmt: skip
    note = TextField(max_length=1000)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = step.target == Incident.State.ENDED
        for name in ("learnt", "changes_that_follow") if not ends else ():
            del self.fields[name]
        if ends:
            self.fields["learnt"].help_text = incident.kind_info.learnt_hint
        if step.note_label:
            self.fields["note"].label = step.note_label
        else:
            del self.fields["note"]


class KindForm(forms.Form):
    """Of which kind it turned out to be, and why."""

    kind = forms.ChoiceField(
        label="改める種類", widget=forms.RadioSelect,
        error_messages={"required": "種類を選んでください。"},
    )  # fmt: skip
    note = TextField(
        label="改める理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "改める理由を入力してください。"},
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [
            (key, f"{kind.label} — {kind.hint}")
            for key, kind in KINDS.items()
            if key != incident.kind
        ]
