"""The outbox in the admin: what waits, what was sent, and what needs a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from shinshiro_sns.admin import PortalModelAdmin
from shinshiro_sns.mail import send_again
from shinshiro_sns.models import OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(PortalModelAdmin):
    """A list to read; the one thing to do is to send an undeliverable mail again."""

    list_display = ["queued_at", "address", "subject", "state", "attempts", "due", "last_error"]
    list_display_links = ["subject"]
    list_filter = ["state"]
    search_fields = ["address", "subject"]
    search_help_text = "宛先と件名から探します。"
    actions = ["resend"]
    fields = [
        "state",
        "last_error",
        "address",
        "subject",
        "body",
        "queued_at",
        "attempts",
        "due",
        "sent_at",
        "message_id",
    ]

    @admin.display(description="次に送る日時", empty_value="―", ordering="due_at")
    def due(self, mail: OutgoingMail) -> Any:
        """When it is tried next; nothing for what is not waiting."""
        return mail.due_at if mail.state == OutgoingMail.State.WAITING else None

    @admin.action(description="もう一度送る", permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Queue the undeliverable ones among the chosen, and say which were left alone."""
        chosen = list(queryset.select_related("recipient"))
        again = [mail for mail in chosen if send_again(mail)]
        for mail in again:
            self.log_change(request, mail, "もう一度送る操作をしました。")
        if again:
            text = f"{len(again)}件をもう一度送ります。"
            self.message_user(request, text, messages.SUCCESS)
        if left := len(chosen) - len(again):
            text = f"{left}件は送り直せる状態ではないため、そのままにしました。"
            self.message_user(request, text, messages.WARNING)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Whether the action is offered and taken."""
        return request.user.has_perm("shinshiro_sns.resend_outgoingmail")
