"""Every public address is published as a file, or says why it is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from accounts.models import Account
from publication.catalogue import NOT_PUBLISHED, PUBLISHED, addresses, file_name
from publication.rendering import SETTINGS
from publication.state import PublicState
from publication.urls import urlpatterns
from tests.publication.signed.conftest import Print, files_of, urgent

ROOT = Path(__file__).resolve().parents[3]


def test_every_public_address_stands_in_one_of_the_two_tables() -> None:
    patterns = sorted(
        each.name for each in urlpatterns if isinstance(each, URLPattern) and each.name
    )
    published = [each.name for each in PUBLISHED]

    assert sorted([*published, *NOT_PUBLISHED]) == patterns
    assert [name for name, reason in NOT_PUBLISHED.items() if len(reason) < 20] == []


def test_every_page_that_answers_has_its_file_and_no_other_has(
    city: Account, site: Path, print_site: Print, client: Client
) -> None:
    print_site()
    wanted = {file_name(address): address for address in addresses(PublicState())}
    found = files_of(site)
    pages = {
        name
        for name in found
        if not name.endswith((".gz", ".br")) and not name.startswith("static/")
    }

    assert pages == set(wanted)
    assert {client.get(address).status_code for address in wanted.values()} == {200}
    for address in ("/", f"/accounts/{city.pk}/", "/notices/feed.atom", "/list/service/x/table/"):
        assert address in wanted.values()


def test_an_urgent_notice_and_the_moment_of_confirmation_stand_on_every_kind_of_page(
    city: Account, client: Client
) -> None:
    urgent()
    pages = [each for each in addresses(PublicState()) if each.endswith(("/", ".html"))]
    # A piece for the pages of other sites, which have notices of their own.
    pages.remove("/accounts.fragment.html")
    assert len(pages) > 30

    without = []
    for each in pages:
        page = client.get(each).content.decode()
        is_on_top = "偽のアカウントに注意" in page.partition("<header")[0]
        if not is_on_top or "<!--confirmed--><!--/confirmed-->" not in page:
            without.append(each)
    assert without == []


def test_no_link_of_a_published_page_leads_to_what_is_no_file(
    city: Account, site: Path, print_site: Print
) -> None:
    print_site()
    found = files_of(site)
    links = {
        link.partition("#")[0]
        for name, data in found.items()
        if name.endswith(".html")
        for link in re.findall(r'(?:href|src)="(/[^"]*)"', data.decode())
    }
    elsewhere = {link for link in links if file_name(link) not in found}

    # What needs the portal itself.
    assert elsewhere == {"/login/", "/report/"}


def test_where_visitors_do_not_reach_the_portal_no_page_leads_to_it(
    city: Account, site: Path, print_site: Print, settings: Any
) -> None:
    settings.VISITORS_REACH_PORTAL = False
    print_site()
    found = files_of(site)
    pages = [data.decode() for name, data in found.items() if name.endswith(".html")]

    assert [page for page in pages if 'href="/login/"' in page or 'href="/report/"' in page] == []


@pytest.mark.parametrize(
    ("address", "name"),
    [("/", "index.html"), ("/accounts/3/", "accounts/3/index.html"), ("/404.html", "404.html")],
)
def test_an_address_is_the_file_in_which_any_web_server_looks(address: str, name: str) -> None:
    assert file_name(address) == name


@pytest.mark.once
def test_a_page_is_made_anew_when_any_setting_that_it_says_changes() -> None:
    rooms = [*(ROOT / "publication").rglob("*.py"), ROOT / "shinshiro_sns/context.py"]
    rooms += [ROOT / "accounts/posters.py", ROOT / "accounts/links.py"]
    # How a page is handed out stands on none, and what a command does: headers are the server's.
    said_beside = {"headers.py", "serving.py"}
    read = {
        name
        for room in rooms
        if room.name not in said_beside and "commands" not in room.parts
        for name in re.findall(r"\bsettings\.([A-Z_]+)", room.read_text("utf-8"))
    }

    # What says where the files lie, and how they are signed, stands on no page.
    of_the_files = {name for name in read if name.startswith("PUBLICATION_")}
    assert read - of_the_files - {"ALLOWED_HOSTS", "BASE_DIR"} - set(SETTINGS) == set()
