"""The city's own closures in the admin: the PR division keeps them, auditors read them."""

from __future__ import annotations

from django.contrib import admin

from shinshiro_sns.models import Closure
from shinshiro_sns.record_admin import RecordAdmin


@admin.register(Closure)
class ClosureAdmin(RecordAdmin):
    """市の休業日. One entered by mistake is cancelled, not deleted."""

    list_display = ["name", "starts_on", "ends_on", "is_cancelled"]
    list_filter = ["is_cancelled"]
    search_fields = ["name"]
    search_help_text = "名称から探します。"
    fields = ["name", "starts_on", "ends_on", "is_cancelled"]
