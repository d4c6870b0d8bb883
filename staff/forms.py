"""Forms of the staff application."""

from typing import Any

from django import forms
from django.utils import timezone

from staff import roles
from staff.models import Absence, Department, Membership, User


class AbsenceForm(forms.ModelForm):
    """Records when a head is away, so that a deputy may act for him (代決, 3(2))."""

    class Meta:
        model = Absence
        fields = ("department", "person", "starts_on", "ends_on", "reason")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = roles.reach(by, "staff.add_absence").own
        self.fields["department"].queryset = Department.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        heads = User.objects.members_of(own, [Membership.Role.HEAD])
        self.fields["person"].queryset = heads  # type: ignore[attr-defined]
        for name, only in (("department", own), ("person", heads)):
            if len(only) == 1:
                self.fields[name].initial = next(iter(only))

    def clean_ends_on(self) -> Any:
        """Refuses an absence that is already over: it could only justify something after the fact."""
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < timezone.localdate():
            raise forms.ValidationError("過ぎた日だけの不在は記録できません。")
        return ends_on
