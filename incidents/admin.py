"""Whom to call in an emergency, in the admin: the PR division keeps it, auditors read it.

Incidents themselves are worked on at the desk, by the PR division too; their log is their history.
"""

from __future__ import annotations

from django.contrib import admin

from incidents import admin_texts  # noqa: F401  (registers the texts)
from incidents.models import Contact
from shinshiro_sns.record_admin import RecordAdmin


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    """緊急連絡先. One that is used no more is marked so, not deleted."""

    list_display = ["name", "department", "telephone", "email", "order", "note", "standing"]
    list_filter = ["is_active", "department"]
    list_select_related = ["department"]
    search_fields = ["name", "telephone", "email"]
    search_help_text = "名前または役割、電話番号、メールアドレスから探します。"
    fields = ["department", "name", "telephone", "email", "order", "note", "is_active"]

    @admin.display(description="状態", ordering="is_active")
    def standing(self, contact: Contact) -> str:
        """In words: a sign for 'no more' would read as something wrong."""
        return "使っている" if contact.is_active else "使っていない"
