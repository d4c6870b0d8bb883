"""trust.txt, security.txt (RFC 9116), robots.txt and the sitemap: what programs ask every site for."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.core import checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from protego import Protego

from accounts.announcing import correct
from accounts.models import Account, Notice
from policies.guideline import GuidelineVersion
from publication import well_known
from publication.checks import security_txt_holds, settings_are_publishable
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

TRUST, SECURITY = "/.well-known/trust.txt", "/.well-known/security.txt"
# The attributes of the specification; of these the city states five.
KNOWN = {
    "member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure",
    "contact", "datatrainingallowed",
}  # fmt: skip


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.PORTAL_URL = "https://sns.city.example"


def lines(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode().splitlines()


def statements(client: Client) -> list[tuple[str, str]]:
    said = [line for line in lines(client, TRUST) if not line.startswith("#")]
    assert all(line.partition("=")[0] in KNOWN for line in said)
    return [tuple(line.split("=", 1)) for line in said]  # type: ignore[misc]


# --- trust.txt ---------------------------------------------------------------------------------


def test_the_city_names_its_accounts_its_site_and_how_to_reach_it(
    client: Client, publish: Publish, settings: Any
) -> None:
    settings.TRUST_BELONG_TO = ["https://mayors.example/", "https://association.example/"]
    publish("first_one")
    publish("second_one", "instagram")

    assert statements(client) == [
        ("belongto", "https://mayors.example/"),
        ("belongto", "https://association.example/"),
        ("controlledby", "https://www.city.shinshiro.lg.jp/"),
        ("contact", "tel:+81-536-23-7623"),
        ("disclosure", "https://sns.city.example/guideline/"),
        ("social", "https://x.com/first_one"),
        ("social", "https://www.instagram.com/second_one/"),
    ]


def test_nobody_vouches_for_what_is_not_official(
    client: Client, publish: Publish, cast: Cast
) -> None:
    publish("stopped_one", status="suspended")
    publish("closed_one", status="closed")
    factories.account(cast.tourism, "future_one")
    Account.objects.filter(pk=publish("odd_one").pk).update(url="javascript:alert(1)")

    assert [value for name, value in statements(client) if name == "social"] == []


def test_an_address_of_two_lines_adds_no_statement(client: Client, publish: Publish) -> None:
    account = publish()
    for sign in ("\n", "\r", "\u2028", "\x85"):
        Account.objects.filter(pk=account.pk).update(url=f"https://x.com/a{sign}social=https://b")

        assert [value for name, value in statements(client) if name == "social"] == []


def test_a_site_does_not_say_that_it_controls_itself(
    client: Client, db: None, settings: Any
) -> None:
    settings.PORTAL_URL = "https://www.city.shinshiro.lg.jp"

    assert "controlledby" not in {name for name, _ in statements(client)}


# --- security.txt ------------------------------------------------------------------------------


def test_security_txt_says_whom_to_tell_and_until_when(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@city.example", "https://city.example/report"]
    settings.SECURITY_EXPIRES = "2099-03-31"

    assert lines(client, SECURITY) == [
        "Contact: mailto:security@city.example",
        "Contact: https://city.example/report",
        "Expires: 2099-03-31T23:59:59+09:00",
        "Preferred-Languages: ja, en",
        "Canonical: https://sns.city.example/.well-known/security.txt",
    ]


def test_without_a_contact_of_its_own_it_names_the_citys_telephone(
    client: Client, settings: Any
) -> None:
    settings.SECURITY_CONTACT = []

    assert lines(client, SECURITY)[0] == "Contact: tel:+81-536-23-7623"


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (1, 200)])
def test_an_expired_one_is_never_shown(
    client: Client, settings: Any, days: int, status: int
) -> None:
    settings.SECURITY_EXPIRES = str(timezone.localdate() + datetime.timedelta(days=days))

    assert client.get(SECURITY).status_code == status


def test_where_nobody_set_a_day_there_is_none(client: Client, settings: Any) -> None:
    settings.SECURITY_EXPIRES = ""

    assert client.get(SECURITY).status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "is not set"), ("soon", "is no day"), (-1, "expired on"), (0, "expires on"),
        (29, "expires on"), (30, ""), (366, ""), (367, "less than a year"),
    ],
)  # fmt: skip
def test_a_check_says_what_is_wrong_with_its_day(settings: Any, day: Any, said: str) -> None:
    wanted = day
    if isinstance(day, int):
        wanted = str(timezone.localdate() + datetime.timedelta(days=day))
    settings.SECURITY_EXPIRES = wanted

    found = security_txt_holds(None)

    assert [(each.id, said in each.msg) for each in found] == (
        [("publication.W001", True)] if said else []
    )


# --- What the settings say ---------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [
        ("CITY_CODE", "131016", []),
        ("CITY_CODE", "473821", []),
        ("CITY_CODE", "232212", ["publication.E001"]),
        ("CITY_CODE", "23221", ["publication.E001"]),
        ("CITY_CODE", "２３２２１１", ["publication.E001"]),
        ("SECURITY_CONTACT", ["security@city.example"], ["publication.E002"]),
        ("SECURITY_CONTACT", ["mailto:a@city.example\nExpires: x"], ["publication.E002"]),
        ("TRUST_BELONG_TO", ["mayors.example"], ["publication.E002"]),
        ("SECURITY_EXPIRES", "令和9年3月31日", ["publication.E003"]),
    ],
)
def test_a_setting_that_the_public_would_read_wrongly_is_an_error(
    settings: Any, name: str, value: Any, ids: list[str]
) -> None:
    setattr(settings, name, value)

    assert [each.id for each in settings_are_publishable(None)] == ids


@pytest.mark.once
def test_manage_check_asks_them() -> None:
    registered = checks.registry.registry
    assert settings_are_publishable in registered.get_checks()
    assert security_txt_holds in registered.get_checks(include_deployment_checks=True)
    assert security_txt_holds not in registered.get_checks()


# --- robots.txt and the sitemap ----------------------------------------------------------------


def test_search_engines_may_read_what_the_public_reads_and_nothing_else(
    client: Client, db: None
) -> None:
    rules = Protego.parse(client.get("/robots.txt").content.decode())

    public = ("/", "/?q=x", "/accounts/1/", "/guideline/", "/accounts.json", "/openapi.json")
    staff = ("/desk/", "/desk/accounts/1/", "/admin/", "/admin/overview/")
    assert [path for path in public if not rules.can_fetch(path, "anybot")] == []
    assert [path for path in staff if rules.can_fetch(path, "anybot")] == []
    assert list(rules.sitemaps) == ["https://sns.city.example/sitemap.xml"]


def sitemap(client: Client) -> dict[str, str]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert root.tag == f"{space}urlset"
    return {
        url.findtext(f"{space}loc", ""): url.findtext(f"{space}lastmod", "")
        for url in root.findall(f"{space}url")
    }


def test_the_sitemap_names_every_page_that_answers(
    client: Client, publish: Publish, cast: Cast
) -> None:
    GuidelineVersion.objects.create(
        title="決まり", text="1.目的\n文", effective_from=datetime.date(2026, 4, 1)
    )
    account = publish()
    factories.account(cast.tourism)
    factories.stood(publish(), "suspend", cast.head)
    told = Notice.objects.get()

    found = sitemap(client)

    begin = "https://sns.city.example"
    assert {f"{begin}{each.get_absolute_url()}" for each in Account.objects.public()} < set(found)
    assert found[f"{begin}{told.get_absolute_url()}"] == str(timezone.localdate())
    assert found[f"{begin}{account.get_absolute_url()}"] == ""
    assert [page for page in found if client.get(page.removeprefix(begin)).status_code != 200] == []
    public = {"/", "/notices/", "/guideline/", "/guideline/2026-04-01/", "/accessibility/"}
    assert {f"{begin}{path}" for path in {*public, "/open-data/"}} < set(found)


def test_a_notice_that_was_put_right_has_changed_since(
    client: Client, publish: Publish, cast: Cast
) -> None:
    factories.stood(publish(), "suspend", cast.head)
    told = Notice.objects.get()
    earlier = timezone.now() - datetime.timedelta(days=9)
    Notice.objects.update(published_at=earlier)
    correct(told, cast.head, title="題", body="文", reason="誤字", seen=0)

    found = sitemap(client)

    address = f"https://sns.city.example{told.get_absolute_url()}"
    assert found[address] == str(timezone.localdate())


def test_a_notice_taken_back_is_not_offered_to_search_engines(client: Client, cast: Cast) -> None:
    given = {"account": factories.official(cast.tourism), "body": "文", "published_by": cast.head}
    wrong = Notice.objects.create(kind="fake", title="注意", **given)
    Notice.objects.create(kind="taken_back", title="訂正", corrects=wrong, **given)

    assert f"https://sns.city.example{wrong.get_absolute_url()}" not in sitemap(client)


def test_the_sitemap_is_never_longer_than_one_may_be(
    client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    everything = list(sitemap(client))
    monkeypatch.setattr(well_known, "MOST_LISTED", 3)

    assert list(sitemap(client)) == everything[:3]


@pytest.mark.parametrize("path", [TRUST, "/sitemap.xml"])
def test_three_accounts_ask_as_often_as_one(
    client: Client, publish: Publish, cast: Cast, path: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    factories.stood(publish(), "suspend", cast.head)
    one = queries()
    for _ in range(2):
        factories.stood(publish(), "suspend", cast.head)

    assert queries() == one
