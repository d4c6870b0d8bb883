"""人事異動 in the admin: upload, preview of every consequence, confirmation with the count, undo."""

from __future__ import annotations

import csv
import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from shinshiro_sns import uploads
from shinshiro_sns.admin import PortalModelAdmin, is_key
from shinshiro_sns.tables import UnreadableTable
from staff.admin_transfer_forms import CountForm, DayForm, TransferForm
from staff.gaps import naming_new_gaps
from staff.models import Transfer, User
from staff.transferring.applying import TransferRefused, apply, preview
from staff.transferring.consequences import CONSEQUENCES
from staff.transferring.lines import COLUMNS, SAMPLE, TransferFile, read_file
from staff.transferring.plan import Plan
from staff.transferring.undoing import obstacles, undo

SHOWN = 100
UNDO = "staff.undo_transfer"
PURPOSE = "staff.transfer"
GONE = (
    "ファイルの保管期限(1時間)が過ぎたか、すでに反映されています。"
    "一覧を確かめ、必要ならもう一度選んでください。"
)


class TransferAdmin(PortalModelAdmin):
    """Administrators apply and undo; the PR division and auditors read."""

    list_display = [
        "effective_on", "file_name", "lines", "made_by", "made_at", "undone_by", "undone_at",
    ]  # fmt: skip
    list_display_links = ["effective_on", "file_name"]
    list_select_related = ["made_by", "undone_by"]
    search_fields = ["file_name"]
    search_help_text = "ファイル名から探します。"

    def get_urls(self) -> list[URLPattern]:
        """The admin's own, the sample, and the undo."""
        view = self.admin_site.admin_view
        return [
            path("sample/", view(self.sample_view), name="staff_transfer_sample"),
            path("<path:object_id>/undo/", view(self.undo_view), name="staff_transfer_undo"),
            *super().get_urls(),
        ]

    def sample_view(self, request: HttpRequest) -> HttpResponse:
        """A file to fill in, as a spreadsheet opens it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="transfer-sample.csv"'
        answer.write("\ufeff")
        rows = csv.writer(answer)
        rows.writerow(column.heading for column in COLUMNS)
        rows.writerows(SAMPLE)
        return answer

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Upload; preview at an address of its own; confirmation."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._preview(request) if "upload" in request.GET else self._begin(request)
        return self._confirm(request) if "upload" in request.POST else self._upload(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What has become of a transfer. There is nothing to edit."""
        transfer = self._transfer(request, object_id)
        if request.method == "POST":
            raise PermissionDenied
        outcomes = [(c.title, c.outcome(transfer)) for c in CONSEQUENCES]
        may_undo = transfer.undone_at is None and request.user.has_perm(UNDO)
        context = {"outcomes": [o for o in outcomes if o[1]], "may_undo": may_undo}
        day = transfer.effective_on
        title = f"{day.year}年{day.month}月{day.day}日付けの人事異動"
        return self._page(request, "result", title, transfer=transfer, **context)

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would be taken back, or by whose act it no longer can be; confirmed with the count."""
        transfer = self._transfer(request, object_id)
        if not request.user.has_perm(UNDO):
            raise PermissionDenied
        found = obstacles(transfer)
        form = CountForm(request.POST or None, lines=transfer.lines)
        if request.method == "POST" and not found and form.is_valid():
            try:
                with naming_new_gaps(request):
                    undo(transfer.pk, by=_person(request))
            except TransferRefused as refused:
                found = str(refused).splitlines()
            else:
                messages.success(request, "人事異動の全体を取り消しました。")
                return HttpResponseRedirect(_result(transfer))
        outcomes = [(c.title, c.outcome(transfer)) for c in CONSEQUENCES]
        return self._page(
            request, "undo", "人事異動の取消し", transfer=transfer, form=form,
            obstacles=found[:SHOWN], more_obstacles=len(found[SHOWN:]),
            outcomes=[outcome for outcome in outcomes if outcome[1]],
        )  # fmt: skip

    def _begin(self, request: HttpRequest, form: TransferForm | None = None) -> HttpResponse:
        return self._page(
            request, "upload", "人事異動の反映", form=form or TransferForm(), columns=COLUMNS
        )

    def _upload(self, request: HttpRequest) -> HttpResponse:
        form = TransferForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._begin(request, form)
        query = QueryDict(mutable=True)
        query["upload"] = uploads.keep(form.cleaned_data["file"], **_own(request))
        query["effective_on"] = form.cleaned_data["effective_on"].isoformat()
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")

    def _read(self, request: HttpRequest, sent: QueryDict) -> tuple[TransferFile, datetime.date]:
        """Raises `UploadGone`, also where the address was tampered with."""
        day = DayForm(sent).day()
        try:
            file = read_file(*uploads.read(str(sent["upload"]), **_own(request)))
        except UnreadableTable as error:
            raise uploads.UploadGone from error
        if day is None:
            raise uploads.UploadGone
        return file, day

    def _preview(self, request: HttpRequest) -> HttpResponse:
        try:
            file, day = self._read(request, request.GET)
            plan = preview(file, day)
        except uploads.UploadGone:
            return self._again(request, GONE)
        except TransferRefused as refused:
            return self._again(request, str(refused))
        return self._planned(request, request.GET["upload"], file, plan)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        sent = request.POST
        try:
            file, day = self._read(request, sent)
            form = CountForm(sent, lines=len(file.table.rows))
            if not form.is_valid():
                return self._planned(request, sent["upload"], file, preview(file, day), form)
            with naming_new_gaps(request):
                plan, transfer = apply(
                    file, day, by=_person(request), expected=sent.get("fingerprint", "")
                )
        except uploads.UploadGone:
            return self._again(request, GONE)
        except TransferRefused as refused:
            return self._again(request, str(refused))
        if transfer is None:
            return self._planned(request, sent["upload"], file, plan)
        uploads.forget(sent["upload"], **_own(request))
        messages.success(request, f"{transfer.lines}行の人事異動を反映しました。")
        return HttpResponseRedirect(_result(transfer))

    def _again(self, request: HttpRequest, said: str) -> HttpResponse:
        messages.warning(request, said)
        return HttpResponseRedirect(request.path)

    def _planned(
        self, request: HttpRequest, upload: str, file: TransferFile, plan: Plan,
        form: CountForm | None = None,
    ) -> HttpResponse:  # fmt: skip
        wrong = plan.wrong()
        groups = [(g.title, len(g.items), g.items[:SHOWN]) for g in plan.groups if g.items]
        return self._page(
            request, "preview", "人事異動の確認", upload=upload, file=file, plan=plan,
            form=form or CountForm(lines=plan.lines), groups=groups, shown=SHOWN,
            wrong=wrong[:SHOWN], more_wrong=len(wrong[SHOWN:]), fingerprint=plan.fingerprint(),
        )  # fmt: skip

    def _transfer(self, request: HttpRequest, object_id: str) -> Transfer:
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = unquote(object_id)
        found = Transfer.objects.filter(pk=key).first() if is_key(key) else None
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"admin/staff/transfer/{name}.html", context)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _own(request: HttpRequest) -> dict[str, Any]:
    return {"owner": request.user.pk, "purpose": PURPOSE}


def _result(transfer: Transfer) -> str:
    return reverse("admin:staff_transfer_change", args=[transfer.pk])
