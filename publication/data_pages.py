"""What programs read of the register: open data and its schema, the description of the addresses."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from publication import open_data, openapi, structured_data
from publication.addresses import absolute
from publication.pages import Page, public_data, public_page, show

HEADINGS = ("CSVの列名", "JSONの名前", "内容")


def _json(data: dict[str, Any], kind: str = "application/json") -> HttpResponse:
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(f"{written}\n", content_type=kind)


@public_data
def accounts_json(request: HttpRequest) -> HttpResponse:
    """`/accounts.json`: every account of the public list."""
    return _json(open_data.as_json(open_data.register()))


@public_data
def accounts_csv(request: HttpRequest) -> HttpResponse:
    """`/accounts.csv`: the same as a table."""
    kind = "text/csv; charset=utf-8; header=present"
    return HttpResponse(open_data.as_csv(open_data.register()), content_type=kind)


@public_data
def accounts_schema(request: HttpRequest) -> HttpResponse:
    """`/accounts.schema.json`: what `/accounts.json` may hold."""
    return _json(open_data.schema(), "application/schema+json")


@public_data
def description(request: HttpRequest) -> HttpResponse:
    """`/openapi.json`: every public address, for programs."""
    return _json(openapi.document())


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """`/open-data/`: the columns in words, the licence, and how to keep up with what changes."""
    path = reverse("publication:open_data")
    page = Page(
        "オープンデータ",
        f"{settings.CITY_NAME}のSNS公式アカウントの一覧を、CSVとJSONで公開しています。",
        path,
        structured_data.of_open_data(path),
    )
    told = {column.heading: (column.key, column.about) for column in open_data.COLUMNS}
    told[open_data.FIXED[0]] = ("publisher.code", "市の6桁のコードです。")
    told[open_data.FIXED[2]] = ("publisher.name", "市の名前です。")
    rows = [
        [heading, format_html('<code class="key">{}</code>', told[heading][0]), told[heading][1]]
        for heading in open_data.headings()
    ]
    return show(
        request, "open_data.html", page, headings=HEADINGS, rows=rows,
        licence=open_data.LICENCE, licence_name=open_data.LICENCE_NAME,
        credit=f"出典:{settings.CITY_NAME}「SNS公式アカウント一覧」({absolute(path)})、CC BY 4.0",
    )  # fmt: skip
