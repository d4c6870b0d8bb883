"""Form fields of a filing: operating hours as rows of weekdays with a time from and to, without
JavaScript; texts and rows of other tables as `staff.fields` reads them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from policies.hours import MAX_SPANS, WEEKDAYS, read_clock, read_spans
from staff.fields import RowField, RowsField, TextField

BLANK_ROWS = 2


def field_of(column: models.Field[Any, Any], **options: Any) -> forms.Field | None:
    """The form field of a model's field, for `formfield_callback`."""
    for kind, form_class in (
        (models.TextField, TextField),
        (models.ManyToManyField, RowsField),
        (models.ForeignKey, RowField),
    ):
        if isinstance(column, kind):
            options["form_class"] = form_class
    return column.formfield(**options)


class HoursWidget(forms.Widget):
    """Rows of seven boxes and two times; as many as are filled and a few blank ones."""

    template_name = "django/forms/widgets/hours.html"
    use_fieldset = True

    def id_for_label(self, id_: str) -> str:
        """The first row's first box, where the error summary leads."""
        return f"{id_}_0_0" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        """The rows as they were typed, blank ones left out."""
        rows = []
        for number in range(MAX_SPANS):
            prefix = f"{name}-{number}"
            days = data.getlist(f"{prefix}-days")[: len(WEEKDAYS)]
            start = str(data.get(f"{prefix}-from", "")).strip()
            end = str(data.get(f"{prefix}-to", "")).strip()
            if days or start or end:
                rows.append({"days": days, "from": start, "to": end})
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Never: no box ticked and no time given means no hours."""
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The rows to show, each with its boxes."""
        context = super().get_context(name, value, attrs)
        filled = [row for row in value or [] if isinstance(row, dict)]
        count = min(MAX_SPANS, len(filled) + (BLANK_ROWS if filled else 1))
        rows = filled + [{"days": [], "from": "", "to": ""}] * (count - len(filled))
        context["widget"]["rows"] = [
            {
                "number": number,
                "name": f"{name}-{number}",
                "id": f"{context['widget']['attrs'].get('id', name)}_{number}",
                "days": [
                    (day, label, str(day) in {str(chosen) for chosen in row["days"]})
                    for day, label in enumerate(WEEKDAYS)
                ],
                "start": row["from"],
                "end": row["to"],
            }
            for number, row in enumerate(rows)
        ]
        return context


class HoursField(forms.Field):
    """Operating hours in the stored form of `policies.hours`; a mistake is said with its row."""

    widget = HoursWidget

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """The rows checked one by one, then for overlaps."""
        rows = []
        for number, row in enumerate(value or [], start=1):
            try:
                days = sorted({int(day) for day in row["days"]})
                if not days:
                    raise ValueError("曜日を選んでください。")
                if not row["from"] or not row["to"]:
                    raise ValueError("始まりと終わりの時刻を入力してください。")
                read_clock(row["from"])
                read_clock(row["to"], closing=True)
                [span] = read_spans([{**row, "days": days}])
            except ValueError as error:
                sentence = str(error) if str(error).endswith("。") else "曜日を選んでください。"
                raise forms.ValidationError(f"{number}行目:{sentence}") from error
            rows.append(span.as_json())
        try:
            read_spans(rows)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the rows read otherwise."""
        try:
            return bool(self.to_python(data) != (initial or []))
        except forms.ValidationError:
            return True
