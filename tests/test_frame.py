"""What the frame around every page promises: its sections, title, log-in and log-out."""

import re

import pytest
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from pytest_django import Settings

from shinshiro_sns.context import current_section, portal
from staff.demonstration import logins
from tests.conftest import Cast
from tests.elements import Elements


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "公式アカウント一覧"),
        ("/accounts/3/", "公式アカウント一覧"),
        ("/guideline/", "ガイドライン"),
        ("/check/", "これは本物?"),
        ("/en/check/", "Is this official?"),
        ("/desk/", "自分の仕事"),
        ("/desk/policies/3/edit/purpose/", "自分の仕事"),
        ("/desk/accounts/3/", "アカウント"),
        ("/desk/incidents/3/", "誤記・被害等"),
        ("/desk/absences/", "所属長の不在"),
        ("/admin/staff/user/", "管理"),
        ("/login/", None),
    ],
)
def test_every_page_knows_its_section(path: str, label: str | None) -> None:
    section = current_section(path)
    assert (section.label if section else None) == label


def _sections(html: str) -> list[str]:
    (navigation,) = re.findall(r'<nav class="site-nav".*?</nav>', html, re.DOTALL)
    return re.findall(r">([^<>\s]+)</a>", navigation)


def test_an_officer_sees_the_desk_and_not_the_admin(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    html = client.get("/email/").content.decode()
    assert _sections(html) == [
        "自分の仕事",
        "発信",
        "アカウント",
        "誤記・被害等",
        "所属長の不在",
        "緊急時の宣言",
    ]
    assert cast.officer.name in html


def test_the_pr_division_sees_the_admin_too(client: Client, cast: Cast) -> None:
    client.force_login(cast.pr_officer)
    html = client.get("/email/").content.decode()
    assert _sections(html) == [
        "自分の仕事",
        "発信",
        "アカウント",
        "誤記・被害等",
        "所属長の不在",
        "緊急時の宣言",
        "管理",
    ]


def test_logging_out_is_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    page = Elements(client.get("/email/").content.decode())
    assert page.all("a", href="/logout/") == []
    assert len(page.all("form", action="/logout/", method="post")) == 1


@pytest.mark.django_db
def test_an_error_stands_in_the_title_of_the_page(client: Client) -> None:
    html = client.post("/login/", {"login": "", "password": ""}).content.decode()
    assert "<title>エラー:ログイン | 新城市</title>" in html
    html = client.get("/login/").content.decode()
    assert "<title>ログイン | 新城市</title>" in html


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/password/reset/", "/signup/", "/inactive/"])
def test_no_page_before_log_in_offers_a_sign_up(client: Client, path: str) -> None:
    page = Elements(client.get(path).content.decode())
    assert page.all("a", href="/signup/") == []
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_pages_that_django_renders_without_any_context_stand(name: str) -> None:
    html = get_template(name).render()
    assert len(Elements(html).all("h1")) == 1


def test_no_page_carries_inline_styles_or_scripts(client: Client, cast: Cast) -> None:
    client.force_login(cast.pr_officer)
    page = Elements(client.get("/email/").content.decode())
    assert [attrs for _, attrs in page.found if "style" in attrs] == []
    assert page.all("style") == []
    assert [script for script in page.all("script") if "src" not in script] == []


def test_a_refused_step_says_why_and_where_to_go_on() -> None:
    reasons = [{"sentence": "すでに受理されています。", "clause": "3(2)"}]
    html = render_to_string("409.html", {"reasons": reasons, "back": "/desk/policies/3/"})
    assert "すでに受理されています。" in html
    assert {"/guideline/#c3-2", "/desk/policies/3/"} <= {
        attrs["href"] for attrs in Elements(html).all("a")
    }


# --- Demonstration log-ins -----------------------------------------------------------------


def _context(path: str) -> dict[str, object]:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    return portal(request)


def test_no_log_in_is_shown_in_production(settings: Settings) -> None:
    settings.DEMONSTRATION = False
    assert _context("/login/")["demo_logins"] == []


def test_no_log_in_is_shown_on_any_other_page(settings: Settings) -> None:
    settings.DEMONSTRATION = True
    assert _context("/password/reset/")["demo_logins"] == []


@pytest.mark.django_db
def test_a_demonstration_shows_its_log_ins_on_the_log_in_page(
    client: Client, settings: Settings
) -> None:
    settings.DEMONSTRATION = True
    page = Elements(client.get("/login/").content.decode())
    assert [button["data-email"] for button in page.all("button", type="button")] == [
        login.email for login in logins()
    ]


@pytest.mark.django_db
def test_the_log_in_page_of_production_names_nobody(client: Client, settings: Settings) -> None:
    settings.DEMONSTRATION = False
    html = client.get("/login/").content.decode()
    assert [login.email for login in logins() if login.email in html] == []
