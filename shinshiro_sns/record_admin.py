"""The history of a row as people read it: when, who, what step, why, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from shinshiro_sns.admin import PortalModelAdmin

SHOWN = 50
KINDS = {"+": "登録", "~": "変更", "-": "削除"}


@dataclass(frozen=True)
class Change:
    """One field that changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Record:
    """One entry of the history."""

    at: Any
    who: str
    what: str
    why: str
    changes: list[Change]


class RecordAdmin(PortalModelAdmin):
    """Shows the kept history instead of the admin's own log: it knows changes from everywhere."""

    # Bookkeeping of the process, which says nothing to a reader.
    history_silent = frozenset({"revision", "identity", "state_since", "search_text", "step"})
    history_steps: dict[str, str] = {}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Newest first."""
        obj: Any = self.get_object(request, unquote(object_id))
        if obj is None:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        named = [f.name for f in obj.history.model.tracked_fields if f.many_to_one]
        rows = obj.history.select_related("history_user", *named).order_by(
            "-history_date", "-history_id"
        )
        page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
        # One more than is shown: what the oldest of them followed.
        start = (page.number - 1) * SHOWN
        read = list(rows[start : start + SHOWN + 1])
        records = [self._record(*pair) for pair in zip_longest(read[:SHOWN], read[1:])]
        context = {
            **self.admin_site.each_context(request), "title": f"{obj}の履歴", "opts": self.opts,
            "object": obj, "page": page, "records": records, **(extra_context or {}),
        }  # fmt: skip
        return TemplateResponse(request, "admin/import_export/record_history.html", context)

    def _record(self, row: Any, before: Any) -> Record:
        step = getattr(row, "step", "")
        return Record(
            row.history_date,
            row.history_user.name if row.history_user else "システム",
            self.history_steps.get(step) or step or KINDS[row.history_type],
            row.history_change_reason or "",
            self._changes(row, before),
        )

    def _changes(self, row: Any, before: Any) -> list[Change]:
        if before is None or row.history_type != "~":
            return []
        return [
            Change(
                str(field.verbose_name),
                self._said(before, field),
                self._said(row, field),
            )
            for field in row.tracked_fields
            if field.name not in self.history_silent
            and getattr(row, field.attname, None) != getattr(before, field.attname, None)
        ]

    @staticmethod
    def _said(row: Any, field: models.Field[Any, Any]) -> str:
        value = getattr(row, field.name, None)
        if value is None or value == "":
            return "(なし)"
        if isinstance(value, bool):
            return "はい" if value else "いいえ"
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return str(value)
