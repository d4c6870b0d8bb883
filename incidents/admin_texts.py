"""The texts in the admin: the PR division keeps them, auditors read them."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from incidents import texts
from incidents.models import IncidentText
from shinshiro_sns.record_admin import RecordAdmin


@admin.register(IncidentText)
class IncidentTextAdmin(RecordAdmin):
    """文例. A text is not deleted: it is no longer offered."""

    list_display = ["title", "key", "order", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["title", "body"]
    search_help_text = "文例の名前と文から探します。"
    fields = ["key", "title", "body", "preview", "places", "order", "is_active"]
    readonly_fields = ["preview", "places"]

    @admin.display(description="見本")
    def preview(self, text: IncidentText) -> str | SafeString:
        """The text as it was saved, with examples in its places."""
        if not text.body:
            return "保存すると、例を入れた文がここに出ます。"
        return format_html('<div class="text-preview">{}</div>', texts.example(text.body))

    @admin.display(description="差し込める言葉")
    def places(self, text: IncidentText) -> SafeString:
        """What may stand in braces."""
        rows = ((f"{{{place.name}}}", place.says) for place in texts.PLACES)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} — {}</li>", rows))
