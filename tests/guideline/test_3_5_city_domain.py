"""Clause 3(5): an account is registered with an address of the city's own domain."""

import pytest

from policies.items import BY_KEY
from tests import factories


def lacking(cast, **fields):
    policy = factories.draft(factories.account(cast.tourism), cast.officer, **fields)
    return [unmet.sentence for unmet in BY_KEY["registration"].missing(policy)]


@pytest.mark.parametrize(
    "address",
    ["kanko@city.shinshiro.lg.jp", "KANKO@CITY.SHINSHIRO.LG.JP", "a@kanko.city.shinshiro.lg.jp"],
)
def test_an_address_of_the_city_needs_no_reason(cast, address):
    assert lacking(cast, registration_email=address) == []


@pytest.mark.parametrize(
    "address",
    ["kanko@gmail.example", "kanko@city.shinshiro.lg.jp.evil.example",
     "kanko@notcity.shinshiro.lg.jp", "kanko@lg.jp"],
)  # fmt: skip
def test_any_other_address_needs_a_reason(cast, address):
    reason = ["市のドメインではないメールアドレスを使う理由を入力してください。"]
    assert lacking(cast, registration_email=address) == reason
    assert lacking(cast, registration_email=address, registration_email_reason="仕様のため") == []


def test_the_city_names_its_own_domains(cast, settings):
    settings.CITY_EMAIL_DOMAINS = ["town.example"]
    assert lacking(cast, registration_email="a@town.example") == []
