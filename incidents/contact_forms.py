"""The form with which a duty is planned."""

from __future__ import annotations

from typing import Any

from django import forms

from incidents.models import DutyRoster
from staff import authority
from staff.fields import MomentField, RowField
from staff.models import Department, Membership, User


class DutyRosterForm(forms.ModelForm):
    """Who is to be reached for which department, and when."""

    department = RowField(
        queryset=Department.objects.none(), label="所属", empty_label="選んでください"
    )
    person = RowField(
        queryset=User.objects.none(), label="当番の職員", empty_label="選んでください"
    )
    begins_at = MomentField(label="始まり")
    ends_at = MomentField(label="終わり")

    class Meta:
        model = DutyRoster
        fields = ("department", "person", "telephone", "begins_at", "ends_at")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = authority.reach(by, "incidents.add_dutyroster")
        departments: Any = self.fields["department"]
        departments.queryset = Department.objects.current().filter(held.as_condition("pk"))
        if departments.queryset.count() == 1:
            departments.initial = departments.queryset.first()
        people: Any = self.fields["person"]
        people.queryset = User.objects.members_of(departments.queryset)

    def clean(self) -> dict[str, Any]:
        """Only who belongs to the department is on duty for it."""
        cleaned = super().clean() or {}
        department, person = cleaned.get("department"), cleaned.get("person")
        if department and person:
            there = Membership.objects.current().filter(user=person, department=department)
            if not there.exists():
                self.add_error("person", f"{person.name}さんは、{department}に所属していません。")
        return cleaned
