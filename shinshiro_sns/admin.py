"""What every admin page of the portal shares."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# So many decimal digits fit the whole numbers of every database.
LONGEST_KEY = 18


def is_key(text: str) -> bool:
    """Whether `text` is a whole number as a browser sends back what a page gave it."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


def chosen_keys(keys: list[str]) -> list[str]:
    """`keys`, each of them a number and none twice. Raises `BadRequest` (400) for anything else."""
    if len(set(keys)) != len(keys) or not all(is_key(key) for key in keys):
        raise BadRequest
    return keys


class PortalAdminSite(admin.AdminSite):
    """The admin of the PR division, auditors and administrators, behind the portal's own log-in."""

    site_header = "SNS公式アカウント ポータル 管理"
    site_title = "管理"
    index_title = "管理"
    # What the PR division works on comes first; the alphabet would put it last.
    order = (
        "policies", "incidents", "accounts", "postings", "publication", "staff", "shinshiro_sns",
    )  # fmt: skip

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """To the portal's own log-in; whom the table of roles does not let in is told so."""
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes pages that ask the table of roles; those that libraries bring along stay outside."""
        if admin_class is not None and issubclass(admin_class, PortalModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One page for it: the portal's own, which limits attempts and tells the person by mail."""
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The applications in the order of the work."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: self.order.index(app["app_label"]))


class PortalModelAdmin(admin.ModelAdmin):
    """Asks the table of roles about the very object, and never deletes for good."""

    list_per_page = 50
    show_full_result_count = False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Leaves out of search and filters the one sign that PostgreSQL cannot be asked for."""
        query = request.GET.copy()
        for name, values in request.GET.lists():
            query.setlist(name, [value.replace("\0", "") for value in values])
        request.GET = query  # type: ignore[assignment]
        return super().get_changelist_instance(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With a title that says what it is; Django's asks to choose something, also from readers.

        Raises `BadRequest` where the rows chosen for an action are none that the list showed.
        """
        chosen_keys(request.POST.getlist(ACTION_CHECKBOX_NAME))
        title = {"title": f"{self.opts.verbose_name_plural}の一覧"}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With a title in good Japanese."""
        title = {"title": f"{self.opts.verbose_name}を追加"}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def _granted(self, request: HttpRequest, act: str, obj: models.Model | None) -> bool:
        permission = f"{self.opts.app_label}.{act}_{self.opts.model_name}"
        return bool(request.user.has_perm(permission, obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the table grants `view`, or `change`, on this object."""
        return self._granted(request, "view", obj) or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the table grants `change` on this object."""
        return self._granted(request, "change", obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whether the table grants `add`."""
        return self._granted(request, "add", None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that was on record is ever deleted."""
        return False
