"""The list of words in the admin: the PR division keeps it, auditors read it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from postings.models import ListedWord
from shinshiro_sns.record_admin import RecordAdmin
from shinshiro_sns.text import fold_for_search


@admin.register(ListedWord)
class ListedWordAdmin(RecordAdmin):
    """言い換える言葉. A word is not deleted: it is no longer looked for."""

    list_display = ["word", "reading", "alternative", "reason", "level", "is_active"]
    list_filter = ["is_active", "level"]
    search_fields = ["folded", "reading", "alternative"]
    search_help_text = "言葉、読み、言い換えから探します。"
    fields = ["word", "reading", "alternative", "reason", "level", "is_active"]

    def get_search_results(self, request: HttpRequest, queryset: Any, term: str) -> Any:
        """Whatever the width or kana."""
        return super().get_search_results(request, queryset, fold_for_search(term))
