"""What the steps of certification ask of the person, 3(4)."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.certification import CERTIFYING, DATED, unsound
from accounts.evidence_forms import EvidenceField
from accounts.models import Certification
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import Step
from staff.fields import DayField, TextField


class CertificationForm(forms.Form):
    """A day, a kind, evidence and words: whichever of them the step asks for."""

    dated_on = DayField(
        label="日付",
        initial=timezone.localdate,
        help_text="運営者に申請した日、または運営者の通知にある日です。",
        error_messages={"required": "日付を入力してください。"},
    )
    kind = forms.ChoiceField(
        label="認証の種類",
        choices=Certification.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "認証の種類を選んでください。"},
    )
    evidence = EvidenceField(error_messages={"required": "認証を示す証拠を選んでください。"})
    note = TextField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Step, certification: Certification, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = certification.revision
        self.certification = certification
        if step.name not in DATED:
            del self.fields["dated_on"], self.fields["evidence"]
        else:
            evidence: Any = self.fields["evidence"]
            evidence.offer(certification.account)
            evidence.required = step.name in CERTIFYING
            evidence.help_text = "認証の表示や、運営者からの通知の画面です。"
        if step.name not in CERTIFYING:
            del self.fields["kind"]
        elif step.name == "prove":
            # What the table said, to be compared with what the operator shows.
            self.fields["dated_on"].initial = certification.dated_on
            self.fields["kind"].initial = certification.kind
        note = self.fields["note"]
        note.label, note.required = step.note_label, step.note_required

    def clean_dated_on(self) -> datetime.date:
        """Refuses a day on which it cannot have been."""
        day: datetime.date = self.cleaned_data["dated_on"]
        if wrong := unsound(self.certification, day):
            raise forms.ValidationError(wrong)
        return day

    def clean_revision(self) -> int:
        """What the person looked at; nothing there ever was, where the page did not say it."""
        written: str = self.cleaned_data["revision"]
        return int(written) if is_key(written) else -1
