"""The desk's list of accounts and an account's own page."""

import pytest
from django.urls import reverse

from policies.models import OperatingPolicy
from tests import factories

LIST = reverse("policies:accounts")


def heading(page):
    return " ".join(page.content.decode().split("<h1>")[1].split("</h1>")[0].split())


def test_an_account_without_a_name_is_headed_by_its_handle_on_every_page(cast, client):
    account = factories.account(cast.tourism, "example_kanko", name="")
    draft = factories.draft(account, cast.officer)
    client.force_login(cast.officer)

    headings = [
        heading(client.get(address))
        for address in (reverse("policies:account", args=[account.pk]), draft.get_absolute_url())
    ]

    assert headings == ["@example_kanko", "@example_kanko"]
    assert ">@example_kanko</a>" in client.get(LIST).content.decode()


def test_an_account_without_name_and_handle_is_headed_by_its_address(cast, client):
    account = factories.account(cast.tourism, "https://example.jp/kanko", "other", name="")
    client.force_login(cast.officer)

    page = client.get(reverse("policies:account", args=[account.pk]))

    assert heading(page) == "https://example.jp/kanko"


@pytest.mark.parametrize(
    ("who", "lead"),
    [
        ("officer", "あなたの所属が管理している、または共同で利用しているアカウントです。"),
        ("pr_officer", "市のすべてのアカウントです。"),
        ("auditor", "市のすべてのアカウントです。"),
        ("administrator", "市のすべてのアカウントです。"),
    ],
)
def test_the_list_says_whose_accounts_it_shows(cast, client, who, lead):
    client.force_login(getattr(cast, who))
    assert lead in client.get(LIST).content.decode()


@pytest.mark.parametrize(("who", "links"), [("officer", 1), ("auditor", 0)])
def test_an_empty_list_leads_whom_it_may_to_registering(cast, client, who, links):
    client.force_login(getattr(cast, who))
    page = client.get(LIST).content.decode()
    assert "まだアカウントがありません" in page
    assert page.count(f'href="{reverse("policies:register")}"') == links


def test_after_a_withdrawal_the_page_says_what_the_next_draft_begins_with(cast, client):
    account = factories.account(cast.tourism)
    factories.policy(account, cast.officer, OperatingPolicy.State.WITHDRAWN)
    client.force_login(cast.officer)
    page = client.get(reverse("policies:account", args=[account.pk])).content.decode()
    assert "取り下げた第1版の内容を写した、次の版の下書きを作ります。" in page
