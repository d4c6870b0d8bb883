"""Departments and recorded absences; people and memberships stand in `admin_people`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from shinshiro_sns.record_admin import RecordAdmin
from shinshiro_sns.text import fold_for_search
from staff.admin_base import StaffAdmin
from staff.admin_erasure import ErasureAdmin
from staff.admin_people import MembershipAdmin, UserAdmin
from staff.admin_transfer import TransferAdmin
from staff.gaps import naming_new_gaps
from staff.importing import DepartmentTable
from staff.models import Absence, Department, Erasure, Membership, Transfer, User

admin.site.register(User, UserAdmin)
admin.site.register(Membership, MembershipAdmin)
admin.site.register(Erasure, ErasureAdmin)
admin.site.register(Transfer, TransferAdmin)


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    """所属. The PR division is moved in one step, so that there never is a time without one."""

    table = DepartmentTable
    list_display = [
        "name",
        "code",
        "kana",
        "telephone",
        "valid_from",
        "valid_until",
        "is_pr_division",
    ]
    list_filter = ["is_pr_division"]
    search_fields = ["search_text", "code"]
    fields = [
        "code", "name", "kana", "telephone", "order", "valid_from", "valid_until", "is_pr_division",
    ]  # fmt: skip
    readonly_fields = ["is_pr_division"]
    actions = ["make_pr_division"]

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """Whatever the width or kana."""
        return super().get_search_results(request, queryset, fold_for_search(term))

    @admin.action(description="広報主管課にする", permissions=["manage"])
    def make_pr_division(self, request: HttpRequest, queryset: QuerySet[Department]) -> None:
        """Takes the mark from the present one and gives it to the chosen one."""
        chosen = list(queryset)
        if len(chosen) != 1 or chosen[0].valid_until or chosen[0].valid_from > timezone.localdate():
            text = (
                "広報主管課にする所属を、今ある所属(廃止日のないもの)から一つだけ選んでください。"
            )
            self.message_user(request, text, messages.ERROR)
            return
        with naming_new_gaps(request), transaction.atomic():
            for former in Department.objects.select_for_update().filter(is_pr_division=True):
                former.is_pr_division = False
                former.save()
            chosen[0].is_pr_division = True
            chosen[0].save()
            self.log_change(request, chosen[0], "広報主管課にしました。")
        text = f"「{chosen[0]}」を広報主管課にしました。"
        self.message_user(request, text, messages.SUCCESS)


@admin.register(Absence)
class AbsenceAdmin(RecordAdmin):
    """所属の長の不在, to read: departments record them at their desk."""

    list_display = ["person", "department", "starts_on", "ends_on", "reason", "cancelled_at"]
    list_select_related = ["person", "department"]
    list_filter = [("department", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person__name", "department__name"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Only at the desk, where the form knows whose heads are whose."""
        return False
