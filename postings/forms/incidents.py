"""The incident that a post answers, 4(1), where one is dealt with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Account
from incidents.models import Incident
from staff.fields import RowField


class IncidentField(RowField):
    """One of those that `offer_incidents` offers."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            queryset=Incident.objects.none(), label="関係する事案", required=False,
            empty_label="なし", help_text="誤記や被害への対応として発信するときに選びます。", **more,
        )  # fmt: skip

    def label_from_instance(self, obj: Any) -> str:
        """Its title, and what kind it is."""
        return f"{obj.title}({obj.get_kind_display()})"


def offer_incidents(form: forms.Form, account: Account, kept: int | None) -> None:
    """What is being dealt with on the account, or by its department on none; and the one that is
    named already. Where there is none, nothing is asked."""
    its_own = Q(account=account) | Q(account=None, department=account.department_id)
    running = Q(pk__in=Incident.objects.running().filter(its_own).values("pk"))
    offered = Incident.objects.filter(running | Q(pk=kept)).order_by("-opened_at", "-pk")
    if offered.exists():
        form.fields["incident"].queryset = offered  # type: ignore[attr-defined]
    else:
        del form.fields["incident"]
