"""The register in and out of the admin: taken in, written out, and changed row by row from a table."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_forms import AccountReadingForm
from accounts.exporting import WRITERS, cells_for, register, table
from accounts.import_columns import COLUMNS
from accounts.importing import import_accounts
from accounts.mass_changes import change_accounts
from shinshiro_sns import uploads
from shinshiro_sns.importing import Report
from shinshiro_sns.record_admin import RecordAdmin
from shinshiro_sns.table_admin import TableAdmin, UploadForm
from shinshiro_sns.tables import Table, UnreadableTable, read_table
from staff.models import User

MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


CHANGE_MANY = "accounts.change_many_accounts"
GONE = (
    "ファイルの保管期限(1時間)が過ぎたか、すでに変更が終わっています。"
    "一覧を確かめ、必要ならもう一度選んでください。"
)
SHOWN = 200


class CountForm(forms.Form):
    """The number of accounts, typed by whoever has read the preview."""

    count = forms.IntegerField(
        label="変更するアカウントの数",
        min_value=1,
        max_value=10**9,
        help_text="上の一覧の件数を、数字で入力してください。",
    )


def _own(request: HttpRequest) -> dict[str, Any]:
    return {"owner": request.user.pk, "purpose": "accounts.changes"}


class RegisterAdmin(TableAdmin, RecordAdmin):
    """What the page of accounts does with tables, as the commands do it."""

    import_permission = "accounts.import_account"
    import_columns = COLUMNS
    import_form = AccountReadingForm
    import_lead = (
        "ほかで管理していたアカウントの一覧を取り込みます。取り込んだアカウントは「準備中」になり、"
        "運用ポリシーが受理されると公式アカウントになります。すでに登録されているアカウントは取り込みません。"
    )
    import_export_change_list_template = "admin/accounts/account/change_list.html"

    def import_table(
        self, request: HttpRequest, table: Table, form: Any, *, write: bool, expected: str | None
    ) -> Report:
        """The same as the command does."""
        by: Any = request.user
        return import_accounts(table, form.options(), by=by, write=write, expected=expected)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whether the table of roles grants it: the table holds the remarks of every department."""
        return bool(request.user.has_perm("accounts.export_account"))

    def get_urls(self) -> list[URLPattern]:
        """The admin's own, and the register as a workbook."""
        site, name = self.admin_site, "accounts_account"
        own = [
            path("export/xlsx/", site.admin_view(self.export_workbook), name=f"{name}_export_xlsx"),
            path("changes/", site.admin_view(self.changes_view), name=f"{name}_changes"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the link to the changes from a table."""
        context = {"may_change_many": request.user.has_perm(CHANGE_MANY)}
        return super().changelist_view(request, context | (extra_context or {}))

    def changes_view(self, request: HttpRequest) -> HttpResponse:
        """An edited export: upload, preview at an address of its own, application with the count."""
        if not request.user.has_perm(CHANGE_MANY):
            raise PermissionDenied
        if request.method == "POST" and "upload" not in request.POST:
            form = UploadForm(request.POST, request.FILES)
            if not form.is_valid():
                return self._changes_page(request, {"form": form}, 422)
            query = QueryDict(mutable=True)
            query["upload"] = uploads.keep(form.cleaned_data["file"], **_own(request))
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
        data = request.POST if request.method == "POST" else request.GET
        if "upload" in data:
            return self._change_preview(request, str(data["upload"]))
        return self._changes_page(request, {"form": UploadForm()})

    def _change_preview(self, request: HttpRequest, token: str) -> HttpResponse:
        by: Any = request.user
        form = CountForm(request.POST if request.method == "POST" else None)
        confirmed = form.is_valid()
        try:
            content, called = uploads.read(token, **_own(request))
            plan = change_accounts(
                read_table(content, called), by=by, write=confirmed,
                expected=request.POST.get("fingerprint", ""),
                count=form.cleaned_data["count"] if confirmed else -1,
            )  # fmt: skip
        except uploads.UploadGone:
            # Also after a double click: the first one has applied the table and removed it.
            messages.warning(request, GONE)
            return HttpResponseRedirect(request.path)
        except UnreadableTable as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        if plan.written:
            uploads.forget(token, **_own(request))
            messages.success(request, f"{len(plan.changing)}件のアカウントを変更しました。")
            return redirect("admin:accounts_account_changelist")
        if confirmed and not plan.changed_meanwhile:
            form.add_error("count", "入力した件数が、変更するアカウントの数と違います。")
        shown = plan.wrong or plan.changing
        context = {
            "form": form, "plan": plan, "upload": token, "called": called, "errors": form.errors,
            "fingerprint": plan.fingerprint(), "rows": shown[:SHOWN],
            "more": max(0, len(shown) - SHOWN),
        }  # fmt: skip
        return self._changes_page(request, context, 422 if request.method == "POST" else 200)

    def _changes_page(
        self, request: HttpRequest, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        context = context | {
            **self.admin_site.each_context(request), "opts": self.opts,
            "title": "表によるアカウントの一括変更",
            "list_url": reverse("admin:accounts_account_changelist"),
        }  # fmt: skip
        template = "admin/accounts/account/changes.html"
        return TemplateResponse(request, template, context, status=status)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The list as it is filtered, as a CSV."""
        return self._exported(request, ".csv")

    def export_workbook(self, request: HttpRequest) -> HttpResponse:
        """The same as a workbook."""
        return self._exported(request, ".xlsx")

    def _exported(self, request: HttpRequest, kind: str) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        accounts = register(self.get_export_queryset(request))
        name = f"accounts-{timezone.localdate()}{kind}"
        return HttpResponse(
            WRITERS[kind](table(accounts, cells_for(cast(User, request.user)))),
            content_type=MEDIA[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
