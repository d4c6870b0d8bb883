"""削除依頼書, 5(2): that each language says its own words, and of the facts only what is true now."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account
from incidents import letters, takedowns
from incidents.models import Incident
from tests.conftest import Cast
from tests.incidents import things
from tests.papers import Paper

pytestmark = pytest.mark.usefixtures("first_texts")


@pytest.fixture
def incident(cast: Cast, account: Account) -> Incident:
    made = things.incident(cast.officer, "impersonation", account=account)
    things.identified(made, cast.officer, "https://x.com/examp1e_kanko", name="新城市観光(公式)")
    return made


def text(incident: Incident, language: str) -> str:
    return Paper(letters.written(Incident.objects.get(pk=incident.pk), language)).text


def says(incident: Incident, language: str, said: str) -> bool:
    return said.replace(" ", "") in text(incident, language)


def test_each_language_begins_with_its_own_text(cast: Cast, incident: Incident) -> None:
    japanese, english = text(incident, "ja"), text(incident, "en")

    begins = ("アカウントの削除をお願いします。", "Weaskyoutoremoveitwithoutdelay.")
    assert [each in japanese for each in begins] == [True, False]
    assert [each in english for each in begins] == [False, True]


def test_the_genuine_account_stands_beside_it_and_how_near_it_comes(
    cast: Cast, incident: Incident, account: Account
) -> None:
    for language in ("ja", "en"):
        for said in (account.url, f"{account.get_absolute_url()}"):
            assert says(incident, language, said), (language, said)
    assert says(
        incident,
        "ja",
        "本物の「@example_kanko」と比べると、見分けにくい文字や区切りの違いだけです。",
    )


def test_an_account_in_preparation_has_no_public_page_to_name(
    cast: Cast, account: Account, incident: Incident
) -> None:
    Account.objects.filter(pk=account.pk).update(status="preparing")

    for language in ("ja", "en"):
        assert account.get_absolute_url() not in text(incident, language)


def test_a_second_request_names_the_last_right_and_number(cast: Cast, incident: Incident) -> None:
    things.does(incident, "takedown", cast.officer, right="fraud", receipt="EX-1")
    takedowns.ask_again(
        incident, cast.officer, asked_at=timezone.now(), way="mail", right="copyright",
        demanded="もう一度", receipt="EX-2", seen=1,
    )  # fmt: skip

    japanese, english = text(incident, "ja"), text(incident, "en")
    assert ("市の著作権" in japanese, "市民の財産" in japanese) == (True, False)
    assert ("Copyrightofthecity" in english, "attemptedfraud" in english) == (True, False)
    for page in (japanese, english):
        assert ("EX-2" in page, "EX-1" in page) == (True, False)


@pytest.mark.parametrize(
    ("right", "japanese", "english"),
    [
        ("name", "市の名称と信用", "The name and reputation of the city"),
        ("person", "職員や市民の権利", "Rights of persons"),
    ],
)
def test_both_languages_name_the_same_right(
    cast: Cast, incident: Incident, right: str, japanese: str, english: str
) -> None:
    things.does(incident, "takedown", cast.officer, right=right)

    assert says(incident, "ja", japanese)
    assert says(incident, "en", english)


def test_a_file_that_is_erased_is_no_evidence_that_is_kept(cast: Cast, incident: Incident) -> None:
    file = things.file(incident, cast.officer)
    assert file.sha256 in text(incident, "ja")

    incident.evidence.update(erased_at=timezone.now())

    for language in ("ja", "en"):
        assert file.sha256 not in text(incident, language)
    assert not says(incident, "ja", "保存している証拠")


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("0536-23-1111", "Telephone +81-536-23-1111"),
        ("+81-3-0000-0000", "Telephone +81-3-0000-0000"),
        ("", "Telephone +81-536-23-7623"),
    ],
)
def test_the_telephone_is_the_departments_as_one_calls_it_from_abroad(
    cast: Cast, incident: Incident, own: str, shown: str
) -> None:
    cast.tourism.telephone = own
    cast.tourism.save()

    assert says(incident, "en", shown)


def test_the_letter_is_of_the_day_in_the_city(cast: Cast, incident: Incident) -> None:
    """An hour after midnight it is still yesterday in UTC."""
    night = timezone.make_aware(datetime.datetime(2027, 1, 2, 1, 0))
    with time_machine.travel(night, tick=False):
        assert says(incident, "en", "2027-01-02")


def test_in_english_the_service_has_its_english_name(cast: Cast, account: Account) -> None:
    made = things.incident(cast.officer, "impersonation", account=account, known="LINE")
    things.identified(made, cast.officer, "https://x.com/another_kanko")

    page = text(made, "en")
    assert "旧Twitter" not in page
    assert "ServiceX" in page
