"""The register in the admin: to read, and to take in from a table. Nothing is edited here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin_tables import RegisterAdmin
from accounts.models import Account
from accounts.services import SERVICES
from accounts.workflow import account_workflow


class ServiceFilter(admin.SimpleListFilter):
    """By service, under the names people know."""

    title = "種類"
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Those that occur, in the order of the table of services."""
        there = set(Account.objects.order_by().values_list("service", flat=True).distinct())
        return [(key, service.name) for key, service in SERVICES.items() if key in there]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        """Only those of the chosen service."""
        return queryset.filter(service=self.value()) if self.value() else queryset


@admin.register(Account)
class AccountAdmin(RegisterAdmin):
    """Every account with what is in force. It changes through its policy alone, 3(2)."""

    list_display = ["title", "service_name", "handle", "department", "status", "opened_on"]
    list_filter = [
        "status", ServiceFilter, "category", "is_shared",
        ("department", admin.RelatedOnlyFieldListFilter),
    ]  # fmt: skip
    list_select_related = ["department"]
    search_fields = ["search_text"]
    search_help_text = "表示名、アカウント名、URL、所属などから探します。"
    fields = [
        "status", "official_since", "service_name", "name", "handle", "url", "service_account_id",
        "department", "category", "registration_email", "registration_email_reason", "is_shared",
        "shared_theme", "shared_reason", "partners", "opened_on", "note", "stated", "created_at",
    ]  # fmt: skip
    history_steps = {step.name: step.label for step in account_workflow.steps.values()}

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """An account is registered on the desk with its policy, or taken in from a table."""
        return False

    def view_on_site(self, account: Account) -> str | None:
        """The public page, once there is one."""
        return account.get_absolute_url() if account.is_public else None

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """As everywhere in the portal: whatever the width, case or kana."""
        return queryset.search(term), False

    @admin.display(description="表示名", ordering="name")
    def title(self, account: Account) -> str:
        """What the list names it by."""
        return account.title

    @admin.display(description="取込元の記載")
    def stated(self, account: Account) -> str:
        """What the table said of it that only a decision made here brings about."""
        said = account.origin.said if hasattr(account, "origin") else {}
        return "、".join(f"{heading}:{text}" for heading, text in said.items())

    @admin.display(description="種類", ordering="service")
    def service_name(self, account: Account) -> str:
        """The service's present name."""
        return account.service_info.name
