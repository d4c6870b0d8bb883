"""Forms of the staff application."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from staff import authority
from staff.fields import DayField, RowField
from staff.models import Absence, Department, Membership, User

LONGEST = 92  # days; about three months


class AbsenceForm(forms.ModelForm):
    """Records when a head is away, so that a deputy may act for him (代決, 3(2))."""

    class Meta:
        model = Absence
        fields = ("department", "person", "starts_on", "ends_on", "reason")
        field_classes = {
            "department": RowField, "person": RowField,
            "starts_on": DayField, "ends_on": DayField,
        }  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        own = authority.reach(by, "staff.add_absence").own
        self.fields["department"].queryset = Department.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        heads = User.objects.members_of(own, [Membership.Role.HEAD])
        self.fields["person"].queryset = heads  # type: ignore[attr-defined]
        for name, only in (("department", own), ("person", heads)):
            self.fields[name].empty_label = "選んでください"  # type: ignore[attr-defined]
            if len(only) == 1:
                self.fields[name].initial = next(iter(only))

    def validate_constraints(self) -> None:
        """All but that it is recorded once: sent twice, it is answered as saved."""

    def recorded(self) -> Absence | None:
        """The absence, once recorded; None where it was already, by whomever."""
        given = {**self.cleaned_data}
        given["defaults"] = {"reason": given.pop("reason"), "recorded_by": self.by}
        absence, is_new = Absence.objects.get_or_create(**given, cancelled_at=None)
        return absence if is_new else None

    def clean_starts_on(self) -> datetime.date:
        """Refuses a day gone by: it could only justify something after the fact."""
        starts_on: datetime.date = self.cleaned_data["starts_on"]
        if starts_on < timezone.localdate():
            raise forms.ValidationError("不在の初日は、今日からの日を入力してください。")
        return starts_on

    def clean(self) -> dict[str, Any]:
        """Refuses so long an absence that it is another head who is wanted."""
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and (ends_on - starts_on).days >= LONGEST:
            self.add_error(
                "ends_on",
                f"一度に記録できる不在は{LONGEST}日までです。"
                "長い不在のときは、システム管理者に所属の長の変更を頼んでください。",
            )
        return cleaned
