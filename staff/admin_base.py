"""What the staff's admin pages share: tables in and out, gaps named when a change brings them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from shinshiro_sns.importing import Report
from shinshiro_sns.record_admin import RecordAdmin
from shinshiro_sns.table_admin import TableAdmin
from shinshiro_sns.tables import Table
from staff.admin_forms import StaffReadingForm
from staff.gaps import naming_new_gaps
from staff.importing import StaffTable, import_staff


class StaffAdmin(TableAdmin, RecordAdmin):
    """For administrators to change; the PR division and auditors read."""

    import_permission = "staff.import_staff"
    import_form = StaffReadingForm
    table: type[StaffTable]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.resource_classes, self.import_columns = [self.table], self.table.COLUMNS
        super().__init__(*args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Names at once what nobody could do after this change."""
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with naming_new_gaps(request):
            return super().changeform_view(request, *args, **kwargs)

    def import_table(
        self, request: HttpRequest, table: Table, form: Any, *, write: bool, expected: str | None
    ) -> Report:
        """Every row is judged by the model's own rules."""
        by: Any = request.user
        skip_errors = form.cleaned_data["skip_errors"]
        with naming_new_gaps(request):
            return import_staff(
                self.table, table, form.mapping(), by=by, skip_errors=skip_errors, write=write,
                expected=expected,
            )  # fmt: skip

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """For actions: who may change rows of this kind."""
        return self.has_change_permission(request)
