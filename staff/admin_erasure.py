"""Erasures of personal data past its term: proposed, approved by another person, reported."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from shinshiro_sns.admin import PortalModelAdmin
from staff import erasing
from staff.models import Erasure, User


class ApprovalForm(forms.Form):
    """The number of records, typed by whoever has read the table."""

    total = forms.IntegerField(
        label="消去する件数の合計",
        min_value=1,
        max_value=10**12,
        help_text="表の件数の合計を、数字で入力してください。",
    )


class ErasureAdmin(PortalModelAdmin):
    """保存期間: what is past its term is erased once two people have said so."""

    list_display = ["until", "total", "stands", "proposed_by", "approved_by", "carried_out_at"]
    list_select_related = ["proposed_by", "approved_by"]
    change_list_template = "admin/staff/erasure/change_list.html"

    @admin.display(description="件数")
    def total(self, erasure: Erasure) -> int:
        """What it erased; before that, what it found."""
        return sum((erasure.erased or erasure.found).values())

    @admin.display(description="状態")
    def stands(self, erasure: Erasure) -> str:
        """In words."""
        if erasure.carried_out_at:
            return "消去済み"
        if erasure.withdrawn_at:
            return "取下げ"
        return "消去の途中" if erasure.approved_at else "承認待ち"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """By the page that proposes, which counts first."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The admin's own, the proposal and the acts."""
        site, name = self.admin_site, "staff_erasure"
        own = [
            path("propose/", site.admin_view(self.propose_view), name=f"{name}_propose"),
            path("<int:pk>/acts/<slug:act>/", site.admin_view(self.act_view), name=f"{name}_act"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the link to the proposal."""
        context = {"may_propose": request.user.has_perm("staff.propose_erasure")}
        return super().changelist_view(request, context | (extra_context or {}))

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        """What is past its term today, line by line; proposed by POST."""
        user = cast(User, request.user)
        if not user.has_perm("staff.propose_erasure"):
            raise PermissionDenied
        if request.method == "POST":
            try:
                erasure = erasing.propose(user)
            except erasing.NotNow as problem:
                messages.error(request, str(problem))
                return redirect("admin:staff_erasure_propose")
            messages.success(request, "起案しました。承認できる人へメールで知らせました。")
            return redirect("admin:staff_erasure_change", erasure.pk)
        day = timezone.localdate()
        lines = erasing.found_on(day)
        context = {
            "title": "保存期間が過ぎた個人情報の消去の起案", "until": day, "lines": lines,
            "total": sum(line.found for line in lines),
        }  # fmt: skip
        return self._page(request, "propose", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report of one erasure, with the buttons of what may be done now."""
        erasure: Any = self.get_object(request, object_id)
        if erasure is None:
            raise Http404
        if not self.has_view_permission(request, erasure) or request.method == "POST":
            raise PermissionDenied
        return self._report(request, erasure, ApprovalForm())

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Approve, withdraw, or go on with what was cut off."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if act not in ("approve", "withdraw", "resume"):
            raise Http404
        erasure, user = get_object_or_404(Erasure, pk=pk), cast(User, request.user)
        form = ApprovalForm(request.POST if act == "approve" else None)
        if act == "approve" and not erasing.may_approve(erasure, user):
            raise PermissionDenied
        try:
            if act == "withdraw":
                erasing.withdraw(erasure, user)
                messages.success(request, "取り下げました。何も消去していません。")
            elif act == "resume":
                if not user.has_perm("staff.approve_erasure"):
                    raise PermissionDenied
                erasing.carry_out(erasure)
                messages.success(request, "消去が終わりました。")
            elif form.is_valid():
                erasing.approve(erasure, user, form.cleaned_data["total"])
                messages.success(request, "承認し、消去しました。")
            else:
                return self._report(request, erasure, form, status=422)
        except erasing.NotNow as problem:
            if act != "approve":
                messages.error(request, str(problem))
                return redirect("admin:staff_erasure_change", pk)
            form.add_error("total", str(problem))
            erasure.refresh_from_db()
            return self._report(request, erasure, form, status=422)
        return redirect("admin:staff_erasure_change", pk)

    def _report(
        self, request: HttpRequest, erasure: Erasure, form: Any, status: int = 200
    ) -> HttpResponse:
        user = cast(User, request.user)
        is_open = erasure.approved_at is None and erasure.withdrawn_at is None
        cut_off = erasure.approved_at is not None and erasure.carried_out_at is None
        context = {
            "title": f"{erasure.until:%Y年%-m月%-d日}を基準日とする個人情報の消去",
            "erasure": erasure, "stands": self.stands(erasure),
            "lines": erasing.lines_of(erasure), "total": self.total(erasure), "form": form,
            "errors": form.errors, "until": erasure.until,
            "may_approve": is_open and erasing.may_approve(erasure, user),
            "is_own": is_open and erasure.proposed_by_id == user.pk,
            "may_withdraw": is_open and user.has_perm("staff.propose_erasure"),
            "may_resume": cut_off and user.has_perm("staff.approve_erasure"),
        }  # fmt: skip
        return self._page(request, "report", context, status)

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        context = context | {
            **self.admin_site.each_context(request), "opts": self.opts,
            "list_url": reverse("admin:staff_erasure_changelist"),
        }  # fmt: skip
        template = f"admin/staff/erasure/{name}.html"
        return TemplateResponse(request, template, context, status=status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Erasure]:
        """With the people it names."""
        rows: QuerySet[Erasure] = super().get_queryset(request)
        return rows.select_related("proposed_by", "approved_by", "withdrawn_by")
