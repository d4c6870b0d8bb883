"""The digests miss nothing that a public page says: no column, no table, no day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from policies.guideline import GuidelineVersion
from publication import catalogue
from publication.catalogue import addresses, narrowed
from publication.rendering import Renderer
from publication.state import PublicState
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish

# By table what a public page reads: whatever else one reads, `publication.state` has to know of.
READ = {
    "incidents_fake",
    "accounts_account", "accounts_account_partners", "accounts_certification", "accounts_notice",
    "accounts_noticewording", "accounts_standingchange", "policies_guidelineversion", "policies_operatingpolicy",
    "policies_operatingpolicy_administrators", "policies_operatingpolicy_partners",
    "policies_operatingpolicy_users", "staff_department", "staff_membership", "staff_user",
}  # fmt: skip
# Asked only whether anything is new since the check's index was last put together.
ASKED_WHETHER = {"accounts_historicalaccount"}
# Of each of those the columns that no page shows, however they are changed.
SILENT = {"search_text", "password", "last_login"}


@pytest.fixture
def town(publish: Publish, cast: Cast, settings: Any) -> Account:
    """One account of which there is as much to say as there can be."""
    settings.PUBLISH_STAFF_NAMES = True
    successor = publish("after", name="後の口座")
    GuidelineVersion.objects.create(
        title="例の決まり", text="1.目的\n例です。", effective_from=datetime.date(2026, 4, 1)
    )
    factories.certification(successor, "certified", dated_on=datetime.date(2026, 4, 1))
    account = publish("before", name="前の口座", partners=(cast.safety,))
    return factories.stood(account, "close", cast.head, successor=successor)


def test_public_pages_read_nothing_that_the_digests_do_not_know(town: Account) -> None:
    pages = addresses(PublicState())
    with CaptureQueriesContext(connection) as caught:
        for address in pages:
            Renderer().page(address)

    tables = {
        name for query in caught for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
    }
    assert tables - READ - ASKED_WHETHER == set()


def rows() -> Iterator[models.Model]:
    """The rows of every table that public pages read."""
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for name in sorted(READ):
        yield from tables[name]._default_manager.order_by("-pk")[:2]


# Those that know what they are made of; the others are made anew whatever changes.
PARTICULAR = ("account", "policy", "notice", "guideline_version", "of_tourism")


def of_tourism(state: PublicState) -> Any:
    return [pair for pair in narrowed(state) if pair[0] == ("department", "kanko")]


@pytest.mark.once
def test_whatever_column_alters_a_page_alters_its_digest(
    town: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = (*catalogue.PUBLISHED, catalogue.Published("of_tourism", of_tourism))
    particular = [each for each in published if each.name in PARTICULAR]
    monkeypatch.setattr(catalogue, "PUBLISHED", [
        catalogue.Published("accounts_of", of_tourism) if each.name == "of_tourism" else each
        for each in particular
    ])  # fmt: skip
    stamps, renderer = addresses(PublicState()), Renderer()
    before = {address: renderer.page(address) for address in stamps}
    missed, tried = [], 0
    for row in rows():
        for field in row._meta.concrete_fields:
            if field.primary_key or field.name in SILENT:
                continue
            with transaction.atomic():
                tried += altered(row, field)
                after = addresses(PublicState())
                missed += [
                    f"{row._meta.label}.{field.name}: {address}"
                    for address, stamp in after.items()
                    if stamps.get(address) == stamp and renderer.page(address) != before[address]
                ]
                transaction.set_rollback(True)
    assert missed == []
    assert tried > 100


def altered(row: models.Model, field: Any) -> bool:
    """Whether the database took another value in the column."""
    value = getattr(row, field.attname)
    other: Any
    if isinstance(field, (models.CharField, models.TextField)):
        choices = [key for key, _ in field.flatchoices if key and key != value]
        other = choices[0] if choices else f"{value}x"
    elif isinstance(field, models.BooleanField):
        other = not value
    elif isinstance(field, models.DateField):
        day = datetime.datetime(2020, 2, 2, tzinfo=datetime.UTC)
        is_moment = isinstance(field, models.DateTimeField)
        other = value.replace(year=value.year - 1) if value else day if is_moment else day.date()
    elif isinstance(field, models.ForeignKey):
        others = field.related_model._default_manager.exclude(pk=value).order_by("pk")
        other = others.values_list("pk", flat=True).first()
    elif isinstance(field, models.IntegerField):
        other = (value or 0) + 1
    else:
        return False
    try:
        with transaction.atomic():
            return bool(
                type(row)._default_manager.filter(pk=row.pk).update(**{field.attname: other})
            )
    except DatabaseError:
        return False
