"""Posters, A4: one sheet whatever they say, legible from three metres, their code leads to the city."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno
from django.test import Client
from pypdf import PageObject

from accounts import posters
from accounts.models import Account
from shinshiro_sns import pdf
from staff.models import Department
from tests import factories
from tests.conftest import Cast
from tests.papers import Paper

# 12 mm: the two hundred and fiftieth part of three metres.
LEGIBLE = 34


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.PORTAL_URL = "https://sns.city.example"


def paper(client: Client, url: str) -> Paper:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return Paper(b"".join(response))


def sizes(page: PageObject) -> dict[str, float]:
    """Each piece of text with its size in points."""
    found: dict[str, float] = {}

    def seen(text: str, matrix: Any, place: Any, font: Any, size: float) -> None:
        if text.strip():
            found[text.strip()] = abs(size * place[3] * matrix[3])

    page.extract_text(visitor_text=seen)
    return found


def test_an_accounts_poster_says_whose_it_is_and_where_to_ask(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.tourism.pk).update(telephone="0536-23-0000")
    account = factories.official(cast.tourism, "shinshiro_kanko", name="しんしろ観光")
    client.force_login(cast.officer)

    made = paper(client, f"/desk/accounts/{account.pk}/poster.pdf")

    assert len(made.reader.pages) == 1
    for part in (
        "新城市公式アカウント", "X（旧Twitter）", "しんしろ観光", "@shinshiro_kanko", "観光課",
        "電話0536-23-0000", f"https://sns.city.example/accounts/{account.pk}/",
    ):  # fmt: skip
        assert part in made.text
    people = [cast.officer, cast.head, cast.colleague]
    assert [person.name for person in people if person.name.replace(" ", "") in made.text] == []
    assert (made.is_tagged, made.language, made.title) == (
        True,
        "ja",
        "新城市 観光課の公式アカウント",
    )
    assert {"H1", "P", "Figure"} <= made.tags()
    assert set(made.fonts().values()) == {True}


def test_what_matters_is_legible_from_three_metres(client: Client, cast: Cast) -> None:
    Department.objects.filter(pk=cast.tourism.pk).update(telephone="0536-23-0000")
    factories.official(
        cast.tourism, "shinshiro_kanko", "instagram", name="新城市の観光と催しの案内"
    )
    account = factories.official(cast.tourism, "s" * 15, name="新城市の観光と催しの案内")
    client.force_login(cast.officer)

    for url, texts in (
        (f"/desk/accounts/{account.pk}/poster.pdf",
         ("公式アカウント", "旧Twitter", "新城市の観光", "ssss", "観光課", "0536-23-0000")),
        (f"/desk/departments/{cast.tourism.pk}/poster.pdf",
         ("公式アカウント", "ssss", "@shinshiro_kanko", "観光課", "0536-23-0000")),
    ):  # fmt: skip
        found = sizes(paper(client, url).reader.pages[0])
        for text in texts:
            large = [size for piece, size in found.items() if text in piece]
            assert large, (text, found)
            assert round(min(large), 1) >= LEGIBLE, text


def test_the_code_leads_to_the_citys_page(cast: Cast) -> None:
    account = factories.official(cast.tourism, "shinshiro_kanko")

    made = posters.of_account(account)

    assert made["url"] == f"https://sns.city.example/accounts/{account.pk}/"
    assert account.url not in str(made)
    # Error correction M survives a corner that is torn or stained.
    assert segno.make(made["url"], error="m", micro=False).svg_data_uri(
        scale=8, border=4, light="white", svgclass=None, lineclass=None
    ) == made["code"]  # fmt: skip


def test_a_departments_poster_names_some_and_counts_the_rest(client: Client, cast: Cast) -> None:
    for number in range(6):
        factories.official(cast.tourism, f"account_{number}", name=f"名前{number}")
    factories.official(cast.safety, "other_one")
    factories.stood(factories.official(cast.tourism, "closed_one"), "close", cast.head)
    client.force_login(cast.officer)

    made = paper(client, f"/desk/departments/{cast.tourism.pk}/poster.pdf")

    assert len(made.reader.pages) == 1
    assert re.findall(r"@account_\d", made.text) == [f"@account_{number}" for number in range(4)]
    assert "ほか2件" in made.text
    assert f"https://sns.city.example/departments/{cast.tourism.pk}/" in made.text
    for part in ("other_one", "closed_one"):
        assert part not in made.text


def test_without_a_telephone_of_its_own_the_citys_is_named(cast: Cast) -> None:
    Department.objects.update(telephone="")

    made = posters.of_account(factories.official(cast.tourism))

    assert made["telephone"] == "0536-23-7623"


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "handle"),
    [("短", ""), ("亜" * 8, "愛" * 17), ("亜" * 20, "愛" * 34), ("亜" * 40, "w" * 70), ("W" * 100, "愛" * 200)],
)  # fmt: skip
def test_the_longest_names_stay_on_one_sheet(name: str, handle: str) -> None:
    made = Account(
        pk=7, service="other", name=name, handle=handle, url="https://x.com/a",
        department=Department(pk=3, name="課" * 30),
    )  # fmt: skip

    for poster in (posters.of_account(made), posters.of_department(made.department, [made] * 9)):
        reader = Paper(pdf.made("print/poster.html", poster, "poster")).reader
        assert len(reader.pages) == 1


def test_markup_in_a_name_is_text(client: Client, cast: Cast) -> None:
    account = factories.official(cast.tourism, name="<b>名</b><img src=x>")
    client.force_login(cast.officer)

    assert "<b>名</b><imgsrc=x>" in paper(client, f"/desk/accounts/{account.pk}/poster.pdf").text


def test_the_desk_leads_to_both_posters_of_an_official_account(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    account = factories.official(cast.tourism)
    prepared = factories.account(cast.tourism)

    page = client.get(f"/desk/accounts/{account.pk}/links/").content.decode()
    other = client.get(f"/desk/accounts/{prepared.pk}/links/").content.decode()

    assert f'href="/desk/accounts/{account.pk}/poster.pdf"' in page
    assert f'href="/desk/departments/{cast.tourism.pk}/poster.pdf"' in page
    assert "poster.pdf" not in other
