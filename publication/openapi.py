"""The public addresses described for programs (OpenAPI 3.1), as `/openapi.json` says it.

Kept by hand: the answers are pages and files, which no framework of interfaces could describe better
(decision 0030). A test holds it to the addresses there are, another asks each by what it says here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import Category
from accounts.services import SERVICES
from publication import check_schema, open_data

HTML, JSON, TEXT = "text/html", "application/json", "text/plain"


@dataclass(frozen=True)
class Parameter:
    """What an address takes: in its path where `where` says so, else after the question mark."""

    name: str
    about: str
    schema: dict[str, Any]
    where: str = "query"

    def described(self) -> dict[str, Any]:
        """As OpenAPI writes it."""
        return {
            "name": self.name, "in": self.where, "required": self.where == "path",
            "description": self.about, "schema": self.schema,
        }  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address. `name` is the view's; `also` are statuses it may answer with beside 200."""

    name: str
    path: str
    about: str
    kind: str = HTML
    takes: tuple[Parameter, ...] = ()
    also: tuple[int, ...] = ()
    schema: str = ""
    can_be_kept: bool = True
    takes_a_post: bool = False


ANY = {"type": "string"}
ID = Parameter("pk", "番号", {"type": "integer", "minimum": 1}, "path")
PAGE = Parameter("page", "何ページ目か。ないページは、近いページになります。", ANY)
FILTERS = (
    Parameter("q", "探す言葉", ANY),
    Parameter("service", "種類", {"type": "string", "examples": list(SERVICES)[:3]}),
    Parameter("department", "所属コード", ANY),
    Parameter("category", "分野", {"type": "string", "examples": Category.values[:3]}),
    Parameter("status", "formerのとき、停止中と廃止だけ", ANY),
    Parameter("view", "tableのとき、表", ANY),
    PAGE,
)
ASKED = Parameter("q", "確かめたいもの。URL、アカウント名、表示名、届いた文章など。", ANY)
VERSION = Parameter("version", "版の番号", {"type": "integer", "minimum": 1}, "path")
KIND = Parameter("kind", "department、service、categoryのどれか", ANY, "path")
KEY = Parameter("key", "所属コード、種類、分野", ANY, "path")
DAY = Parameter("day", "施行日", {"type": "string", "format": "date"}, "path")

ADDRESSES: tuple[Address, ...] = (
    Address("accounts", "/", "公式アカウント一覧", takes=FILTERS),
    Address("accounts_table", "/list/table/", "公式アカウント一覧の表"),
    Address("accounts_former", "/list/former/", "停止中と廃止のアカウント"),
    Address("accounts_former_table", "/list/former/table/", "停止中と廃止のアカウントの表"),
    Address("accounts_index", "/list/index.json", "一覧を探すための索引", JSON, schema="any"),
    Address(
        "accounts_of", "/list/{kind}/{key}/", "一つの所属、種類、分野のアカウント",
        takes=(KIND, KEY), also=(404,),
    ),
    Address(
        "accounts_of_table", "/list/{kind}/{key}/table/", "同じものの表", takes=(KIND, KEY),
        also=(404,),
    ),
    Address("account", "/accounts/{pk}/", "一つのアカウントと運用ポリシー", takes=(ID,), also=(404,)),
    Address(
        "policy", "/accounts/{pk}/policy/{version}/", "運用ポリシーの一つの版",
        takes=(ID, VERSION), also=(404,),
    ),
    Address("check", "/check/", "公式かどうかを確かめるページ", takes=(ASKED,), also=(400, 503)),
    Address("check_english", "/en/check/", "同じページ(英語)", takes=(ASKED,), also=(400, 503)),
    Address("accounts_english", "/en/", "公式アカウント一覧(英語)"),
    Address("account_english", "/en/accounts/{pk}/", "一つのアカウント(英語)", takes=(ID,), also=(404,)),
    Address("official_english", "/en/official/", "公式アカウントとは(英語)"),
    Address(
        "check_index", "/check/index.json", "確かめるための索引", JSON, also=(503,), schema="index"
    ),
    Address(
        "check_api", "/api/check", "公式かどうかの答え。だれにも保存されません。", JSON, takes=(ASKED,),
        also=(400, 503), schema="answer", can_be_kept=False,
    ),
    Address("department", "/departments/{pk}/", "一つの所属の公式アカウント", takes=(ID,), also=(404,)),
    Address(
        "account_poster", "/accounts/{pk}/poster/", "アカウントの掲示用のポスター", takes=(ID,),
        also=(404,),
    ),
    Address(
        "department_poster", "/departments/{pk}/poster/", "所属の掲示用のポスター", takes=(ID,),
        also=(404,),
    ),
    Address(
        "accounts_fragment", "/accounts.fragment.html",
        "ほかのページに組み込むための、公式アカウントの一覧",
    ),
    Address(
        "report", "/report/", "にせのアカウントを知らせるフォーム", can_be_kept=False, takes_a_post=True
    ),
    Address("report_thanks", "/report/thanks/", "知らせた後のページ"),
    Address("official", "/official/", "公式アカウントとは"),
    Address("not_found", "/404.html", "アドレスに当たるページがないときのページ"),
    Address("notices", "/notices/", "お知らせの一覧", takes=(PAGE,)),
    Address("notice", "/notices/{pk}/", "一つのお知らせ", takes=(ID,), also=(404,)),
    Address("notices_feed", "/notices/feed.atom", "お知らせのフィード", "application/atom+xml"),
    Address("guideline", "/guideline/", "施行中のガイドライン"),
    Address("guideline_version", "/guideline/{day}/", "ガイドラインの一つの版", takes=(DAY,), also=(404,)),
    Address("accessibility", "/accessibility/", "アクセシビリティ方針"),
    Address("open_data", "/open-data/", "オープンデータの説明"),
    Address("accounts_json", "/accounts.json", "公式アカウントの一覧(JSON)", JSON, schema="accounts"),
    Address("accounts_csv", "/accounts.csv", "公式アカウントの一覧(CSV)", "text/csv"),
    Address(
        "accounts_schema", "/accounts.schema.json", "一覧のJSON Schema", "application/schema+json",
        schema="any",
    ),
    Address("openapi", "/openapi.json", "この説明", JSON, schema="any"),
    Address("trust", "/.well-known/trust.txt", "市が自分のものとするアカウント(trust.txt)", TEXT),
    Address("security", "/.well-known/security.txt", "脆弱性の連絡先(RFC 9116)", TEXT, also=(404,)),
    Address("robots", "/robots.txt", "検索エンジンへの案内", TEXT),
    Address("sitemap", "/sitemap.xml", "サイトマップ", "application/xml"),
    Address(
        "health_live", "/health/live", "動いているか", JSON, schema="any", can_be_kept=False
    ),
    Address(
        "health_ready", "/health/ready", "仕事ができるか", JSON, also=(503,), schema="any",
        can_be_kept=False,
    ),
)  # fmt: skip


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.CITY_NAME} SNS公式アカウント",
            "version": "1",
            "description": "ログインは要りません。どのアドレスもGETとHEADだけを受け付け、ETagを返します。"
            "/report/だけが、人の書いた通報をPOSTで受け付けます。",
            "license": {"name": "CC BY 4.0", "url": open_data.LICENCE},
        },
        "servers": [{"url": settings.PORTAL_URL}],
        "paths": {address.path: _item(address) for address in ADDRESSES},
        "components": {
            "schemas": {"accounts": _accounts(), "any": {"type": "object"}, **check_schema.SCHEMAS}
        },
    }


def _accounts() -> dict[str, Any]:
    # Inside this document the schema has no address of its own.
    return {key: said for key, said in open_data.schema().items() if not key.startswith("$")}


def _item(address: Address) -> dict[str, Any]:
    item = {"get": _operation(address)}
    if address.takes_a_post:
        item["post"] = {
            "operationId": f"{address.name}_post",
            "summary": f"{address.about}の送信。ページに入っている値が要ります。",
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
            },
            "responses": {
                str(status): {"description": said} for status, said in POST_ANSWERS.items()
            },
        }
    return item


POST_ANSWERS = {
    200: "市が知っているアカウントです",
    302: "受け付けました",
    422: "入力に誤りがあります",
    429: "少し待ってから、もう一度送ってください",
    503: "今は受け付けられません",
}


def _operation(address: Address) -> dict[str, Any]:
    shape = {"$ref": f"#/components/schemas/{address.schema}"} if address.schema else ANY
    answers: dict[str, Any] = {
        "200": {"description": "あります", "content": {address.kind: {"schema": shape}}}
    }
    if address.can_be_kept:
        answers["304"] = {"description": "前にお渡ししたものと同じです(If-None-Match)"}
    for status in address.also:
        said = {400: "答えられない問いです", 404: "ありません", 503: "仕事ができません"}[status]
        in_json = address.kind == JSON and status != 404
        kind, sort = (JSON, {"type": "object"}) if in_json else (HTML, ANY)
        answers[str(status)] = {"description": said, "content": {kind: {"schema": sort}}}
    return {
        "operationId": address.name,
        "summary": address.about,
        "parameters": [parameter.described() for parameter in address.takes],
        "responses": answers,
    }
