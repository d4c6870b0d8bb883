"""Tables in and out of the admin: upload, preview, confirmation with the count; export as CSV."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV
from import_export.resources import ModelResource

from shinshiro_sns import uploads
from shinshiro_sns.admin import PortalModelAdmin
from shinshiro_sns.importing import Column, Report
from shinshiro_sns.tables import FILE_LIMIT, Table, UnreadableTable, escaped, read_table

SHOWN = 100


class UploadForm(forms.Form):
    """The file alone: how to read it is asked beside the preview."""

    file = forms.FileField(
        label="取り込むファイル",
        help_text="CSV(UTF-8、シフトJIS)かExcelブック(.xlsx)。100MBまで。1行目は見出しにしてください。",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"empty": "ファイルが空です。", "required": "ファイルを選んでください。"},
    )

    def clean_file(self) -> Any:
        """Refuses what cannot be read as a table."""
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(
                "ファイルが大きすぎます。100MBまでのファイルにしてください。"
            )
        try:
            read_table(file.read())
        except UnreadableTable as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


class ReadingForm(forms.Form):
    """How to read the file: which column is which, and what an import asks beside that."""

    def __init__(
        self, *args: Any, columns: tuple[Column, ...], table: Table, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        headings = dict.fromkeys(filter(None, table.headings))
        choices = [("", "見出しから判断する"), *((heading, heading) for heading in headings)]
        for column in columns:
            self.fields[f"map_{column.name}"] = forms.ChoiceField(
                label=column.heading, choices=choices, required=False, help_text=column.hint
            )

    def mapping_fields(self) -> list[forms.BoundField]:
        """Which column is which."""
        return [self[name] for name in self.fields if name.startswith("map_")]

    def option_fields(self) -> list[forms.BoundField]:
        """The rest."""
        return [self[name] for name in self.fields if not name.startswith("map_")]

    def mapping(self) -> dict[str, str]:
        """Field → heading, where the person chose one."""
        return {
            name.removeprefix("map_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("map_") and value
        }


class TableAdmin(ExportMixin, PortalModelAdmin):  # type: ignore[misc]
    """A list that tables are exported from and, with `import_permission`, imported into."""

    import_permission = ""
    import_columns: tuple[Column, ...] = ()
    import_form: type[ReadingForm] = ReadingForm
    import_lead = ""
    export_formats = [CSV]
    to_encoding = "utf-8-sig"
    skip_export_form = True
    import_export_change_list_template = "admin/import_export/table_change_list.html"

    def import_table(
        self, request: HttpRequest, table: Table, form: Any, *, write: bool, expected: str | None
    ) -> Report:
        """Judge and, with `write`, take in. Raises `UnreadableTable`."""
        raise NotImplementedError

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether the table of roles grants the import."""
        return bool(self.import_permission) and request.user.has_perm(self.import_permission)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may read the list may take it along."""
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the links to import and export."""
        context = {"has_import_permission": self.has_import_permission(request)}
        answer: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return answer

    def get_urls(self) -> list[URLPattern]:
        """The admin's own, and the import."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        view = self.admin_site.admin_view(self.import_view)
        urls: list[URLPattern] = super().get_urls()
        return [path("import/", view, name=name), *urls]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload; preview at an address of its own; confirmation."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "upload" not in request.POST:
            return self._upload(request)
        if request.method == "POST":
            return self._preview(request, request.POST, confirmed=True)
        if "upload" in request.GET:
            return self._preview(request, request.GET, confirmed=False)
        return self._page(request, form=UploadForm())

    def _upload(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form=form, errors=form.errors)
        token = uploads.keep(form.cleaned_data["file"], **self._own(request))
        query = QueryDict(mutable=True)
        query["upload"] = token
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")

    def _preview(self, request: HttpRequest, data: QueryDict, *, confirmed: bool) -> HttpResponse:
        token = str(data["upload"])
        try:
            content, called = uploads.read(token, **self._own(request))
            table = read_table(content, called)
        except (uploads.UploadGone, UnreadableTable):
            # Also after a double click: the first one has taken the file in and removed it.
            text = (
                "ファイルの保管期限(1時間)が過ぎたか、すでに取り込まれています。"
                "一覧を確かめ、必要ならもう一度選んでください。"
            )
            messages.warning(request, text)
            return HttpResponseRedirect(request.path)
        form = self.import_form(data, columns=self.import_columns, table=table)
        report, problem = None, ""
        if form.is_valid():
            expected = data.get("fingerprint", "") if confirmed else None
            try:
                report = self.import_table(request, table, form, write=confirmed, expected=expected)
            except UnreadableTable as error:
                problem = str(error)
        if report and report.written:
            uploads.forget(token, **self._own(request))
            return self._done(request, report)
        return self._page(
            request, reading=form, upload=token, called=called, problem=problem,
            errors=form.errors or problem, **self._shown(request, report),
        )  # fmt: skip

    def _shown(self, request: HttpRequest, report: Report | None) -> dict[str, Any]:
        if report is None:
            return {}
        paginator = Paginator(report.by_weight(), SHOWN)
        page = paginator.get_page(request.GET.get("page"))
        pages = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return {
            "report": report, "page": page, "pages": list(pages),
            "changed": report.changed_meanwhile, "fingerprint": report.fingerprint(),
        }  # fmt: skip

    def _done(self, request: HttpRequest, report: Report) -> HttpResponse:
        said = f"{report.imported}件を取り込みました。"
        if report.skipped or report.failed:
            said += f"取り込まなかった行:登録済みなど{report.skipped}行、誤り{report.failed}行。"
        messages.success(request, said)
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        return HttpResponseRedirect(reverse(f"admin:{info}_changelist"))

    def _own(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, "purpose": self.opts.label_lower}

    def _page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        title = f"{self.opts.verbose_name}の取込み"
        context |= {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title,
            "columns": self.import_columns, "lead": self.import_lead,
        }  # fmt: skip
        return TemplateResponse(request, "admin/import_export/table_import.html", context)


class TableResource(ModelResource):  # type: ignore[misc]
    """Writes rows for a spreadsheet: nothing in them is taken for a formula there."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """The cell's text, with a sign before what would be run."""
        value = super().export_field(field, instance, **kwargs)
        return escaped(value) if isinstance(value, str) else value
