"""A list as a file that a spreadsheet opens: for a meeting, or for somebody's own folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from shinshiro_sns.tables import escaped

Rows = Iterable[Sequence[Any]]


def csv_file(name: str, headings: Sequence[str], rows: Rows) -> StreamingHttpResponse:
    """`rows` below `headings` as `name`.csv, sent as they are read: UTF-8 with BOM, no line breaks in
    cells, and nothing in them is taken for a formula."""

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield _line(headings)
        for row in rows:
            yield _line(row)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([escaped(" ".join(str(cell).split())) for cell in cells])
    return out.getvalue()
