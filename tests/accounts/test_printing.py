"""廃止届: the closure of an account as a paper, 6(1) and 3(3)."""

import pytest
from django.urls import reverse

from accounts.models import StandingChange
from tests import factories
from tests.papers import Paper

pytestmark = pytest.mark.once


def said(text):
    return "".join(str(text).split())


def asked(client, change):
    return client.get(reverse("accounts:closing_paper", args=[change.account_id, change.pk]))


def test_a_closure_is_printed_with_its_reasons_and_its_notice(client, cast):
    account = factories.stood(factories.official(cast.tourism), "close", cast.head)
    change = StandingChange.objects.get(account=account, step="closed")
    client.force_login(cast.officer)
    read = Paper(asked(client, change).content)
    assert read.title == f"廃止届 {account.title}"
    for text in (
        cast.tourism.name, account.title, account.url, change.reason, change.handle_reason,
        change.get_handle_fate_display(), change.notice.title, change.decided_by.name,
    ):  # fmt: skip
        assert said(text) in read.text
    assert f"{cast.pr_division.name}御中" in read.text
    assert "アカウント(記録なし)" in read.text


def test_a_suspension_is_no_closure(client, cast):
    account = factories.stood(factories.official(cast.tourism), "suspend", cast.head)
    client.force_login(cast.officer)
    assert asked(client, StandingChange.objects.get(account=account)).status_code == 404


def test_the_page_of_a_closed_account_leads_to_it(client, cast):
    account = factories.stood(factories.official(cast.tourism), "close", cast.head)
    change = StandingChange.objects.get(account=account, step="closed")
    client.force_login(cast.officer)
    page = client.get(reverse("accounts:standing", args=[account.pk])).content.decode()
    assert f'href="{reverse("accounts:closing_paper", args=[account.pk, change.pk])}"' in page
