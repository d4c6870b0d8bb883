"""The city's own closures in the admin: the PR division keeps them, auditors read them."""

from __future__ import annotations

from django.contrib import admin

from shinshiro_sns.models import Closure
from shinshiro_sns.record_admin import RecordAdmin


@admin.register(Closure)
class ClosureAdmin(RecordAdmin):
    """市の休業日. One entered by mistake is cancelled, not deleted."""

    list_display = ["name", "starts_on", "ends_on", "standing"]
    list_filter = ["is_cancelled"]
    search_fields = ["name"]
    search_help_text = "名称から探します。"
    fields = ["name", "starts_on", "ends_on", "is_cancelled"]

    @admin.display(description="状態", ordering="is_cancelled")
    def standing(self, closure: Closure) -> str:
        """In words: a sign for 'not cancelled' would read as something wrong."""
        return "取消済" if closure.is_cancelled else "有効"
