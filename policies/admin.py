"""The PR division's admin: the queue of reports, one report, and a step on several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from policies import admin_bulk, admin_queue, casework
from policies.models import GuidelineVersion, OperatingPolicy
from policies.views.common import person
from shinshiro_sns.admin import PortalModelAdmin

NAME = "policies_operatingpolicy"


@admin.register(OperatingPolicy)
class OperatingPolicyAdmin(PortalModelAdmin):
    """To read and to act by steps; nothing is ever edited here, least of all a state."""

    list_display = ["__str__"]
    list_display_links = None
    list_select_related = admin_queue.RELATED
    list_per_page = list_max_show_all = admin_bulk.LIMIT
    list_filter = [admin_queue.TabFilter, admin_queue.DepartmentFilter, admin_queue.ServiceFilter]
    search_fields = ["account__search_text"]
    # A step on several rows has a view of its own: Django's would drop what left the tab meanwhile.
    actions = None

    def get_urls(self) -> list[Any]:
        """A report's notes and the steps on several, before the addresses of Django's own."""
        own = self.admin_site.admin_view
        return [
            path("acts/<slug:name>/", own(self.act_view), name=f"{NAME}_act"),
            path("<int:pk>/notes/", own(self.note_view), name=f"{NAME}_note"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OperatingPolicy]:
        """With the returns, which tell what is seen again."""
        return super().get_queryset(request).prefetch_related("returns")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """As the tab has it: the longest waiting first."""
        return admin_queue.tab_of(request).order

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """Whatever the width, case or kana."""
        return admin_queue.searched(queryset, term), False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The queue with its tabs."""
        return super().changelist_view(request, admin_queue.context(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The report's page; whatever is posted to it is refused."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        return self._case(request, casework.readable(person(request), object_id))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """The history is a part of the report's page."""
        return self._to(casework.readable(person(request), object_id), "history")

    @method_decorator(require_POST)
    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Adds a note of the PR division."""
        policy = casework.readable(person(request), pk)
        if not request.user.has_perm("policies.add_internalnote", policy):
            raise PermissionDenied
        form = casework.NoteForm(request.POST)
        if not form.is_valid():
            return self._case(request, policy, form)
        form.save_once(policy, person(request))
        messages.success(request, "内部メモを保存しました。")
        return self._to(policy, "notes")

    @method_decorator(require_POST)
    def act_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """A step on the chosen rows: asks first, and then says of each what became of it."""
        answer = admin_bulk.answer(request, name)
        if isinstance(answer, str):
            messages.warning(request, answer)
            return HttpResponseRedirect(admin_bulk.list_url(request))
        return self._page(request, answer, status=422 if answer.get("errors") else 200)

    def _case(
        self, request: HttpRequest, policy: OperatingPolicy, form: casework.NoteForm | None = None
    ) -> HttpResponse:
        context = casework.page(policy, person(request), form)
        return self._page(request, context, status=422 if form else 200)

    def _page(self, request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"admin/policies/operatingpolicy/{context['page']}.html"
        return TemplateResponse(request, template, {**everywhere, **context}, status=status)

    def _to(self, policy: OperatingPolicy, anchor: str) -> HttpResponse:
        page = reverse(f"admin:{NAME}_change", args=[policy.pk])
        return HttpResponseRedirect(f"{page}#{anchor}")


@admin.register(GuidelineVersion)
class GuidelineVersionAdmin(PortalModelAdmin):
    """The versions of the guideline, to read: they are loaded by command."""

    list_display = ["title", "effective_from", "loaded_at"]
    fields = ["title", "effective_from", "sha256", "loaded_at", "text"]
