"""Recording by hand that an account's page names the city's page about it, 3(6)."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accounts.evidence_forms import EvidenceField
from accounts.links import unsound
from accounts.models import Account, LinkCheck
from staff.fields import DayField

DECISIVE = [(outcome.value, outcome.label) for outcome in LinkCheck.DECISIVE]


class LinkForm(forms.Form):
    """When somebody looked, and what was to be seen."""

    checked_on = DayField(
        label="確かめた日",
        initial=timezone.localdate,
        error_messages={"required": "確かめた日を入力してください。"},
    )
    outcome = forms.ChoiceField(
        label="結果",
        choices=DECISIVE,
        widget=forms.RadioSelect,
        error_messages={"required": "リンクがあったかどうかを選んでください。"},
    )
    evidence = EvidenceField(help_text="プロフィールに市のページのURLが見える画面です。")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        evidence: Any = self.fields["evidence"]
        evidence.offer(account)
        evidence.need = "リンクがあるときは必須"

    def clean_checked_on(self) -> datetime.date:
        """Refuses a day on which nobody can have looked."""
        day: datetime.date = self.cleaned_data["checked_on"]
        if wrong := unsound(self.account, day):
            raise forms.ValidationError(wrong)
        return day

    def clean(self) -> dict[str, Any]:
        """Asks for evidence where the link is said to be there."""
        cleaned = super().clean() or {}
        linked = cleaned.get("outcome") == LinkCheck.Outcome.LINKED
        if linked and not cleaned.get("evidence") and "evidence" not in self.errors:
            self.add_error("evidence", "リンクがある画面の証拠を選んでください。")
        return cleaned
