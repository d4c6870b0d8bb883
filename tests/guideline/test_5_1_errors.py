"""5(1): where a post is wrong, it is corrected or apologised for, sincerely and promptly."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from incidents import figures
from incidents.errors import minutes_to_correction
from incidents.kinds import KINDS
from incidents.models import Correction, Incident, IncidentStep
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

MINUTES = datetime.timedelta(minutes=1)


@pytest.fixture
def account(cast: Cast) -> Account:
    return factories.official(cast.tourism)


@pytest.fixture
def error(cast: Cast, account: Account) -> Incident:
    return things.incident(cast.officer, "error", account=account)


def correction(step: IncidentStep, **typed: Any) -> dict[str, Any]:
    """What the correcting step's form is sent."""
    return {
        "revision": step.revision,
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "wrong": "10日", "right": "11日", "words": "【訂正】正しくは11日です。",
        "url": "https://x.com/example/status/2", "apology": "made", "why_none": "", **typed,
    }  # fmt: skip


def test_its_steps_are_confirmed_corrected_and_learnt_from_in_this_order() -> None:
    steps = [(s.key, s.who, s.required) for s in KINDS["error"].steps]

    assert steps == [
        ("confirm", "officer", True),
        ("correct", "officer", True),
        ("original", "officer", False),
        ("site", "head", True),
        ("prevention", "head", True),
    ]


def test_a_correction_is_kept_with_what_was_wrong_its_text_its_url_and_the_apology(
    client: Client, cast: Cast, error: Incident
) -> None:
    step = things.step(error, "correct")
    client.force_login(cast.officer)

    answer = client.post(
        reverse("incidents:step_act", args=[error.pk, step.pk, "do"]), correction(step)
    )

    assert answer["Location"] == error.get_absolute_url()
    kept = Correction.objects.get(incident=error)
    done = things.step(error, "correct")
    assert (kept.wrong, kept.right, kept.apology) == ("10日", "11日", "made")
    assert (done.state, done.words, done.url) == (
        "done", "【訂正】正しくは11日です。", "https://x.com/example/status/2",
    )  # fmt: skip
    page = client.get(error.get_absolute_url()).content.decode()
    assert [
        text in page for text in ("10日", "11日", "謝罪した", "https://x.com/example/status/2")
    ] == [True] * 4


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"apology": "not_needed", "why_none": ""}, {"why_none"}),
        ({"apology": "not_needed", "why_none": "見た人が困らないため"}, set()),
        ({"apology": ""}, {"apology"}),
        ({"url": ""}, {"url"}),
        ({"url": "javascript:alert(1)"}, {"url"}),
        ({"words": ""}, {"words"}),
        ({"wrong": ""}, {"wrong"}),
    ],
)
def test_what_a_correction_lacks_is_said_and_nothing_typed_is_lost(
    client: Client, cast: Cast, error: Incident, typed: dict[str, str], wrong: set[str]
) -> None:
    step = things.step(error, "correct")
    client.force_login(cast.officer)

    answer = client.post(
        reverse("incidents:step_act", args=[error.pk, step.pk, "do"]), correction(step, **typed)
    )

    if not wrong:
        assert answer.status_code == 302
        return
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, wrong)
    assert answer.context["form"]["right"].value() == "11日"
    assert not Correction.objects.exists()
    assert things.step(error, "correct").is_open


def test_corrected_once_more_the_last_correction_stands_and_the_log_has_both(
    cast: Cast, error: Incident
) -> None:
    things.does(error, "correct", cast.officer, words="一回目")
    things.does(error, "correct", cast.officer, "undo")
    things.does(error, "correct", cast.officer, words="二回目", right="12日")

    assert Correction.objects.get().right == "12日"
    texts = " ".join(error.entries.values_list("text", flat=True))
    assert ("一回目" in texts, "二回目" in texts) == (True, True)


def test_the_minutes_count_from_the_discovery_to_the_correcting_post(
    cast: Cast, error: Incident
) -> None:
    assert minutes_to_correction(error) is None
    things.does(error, "correct", cast.officer, happened_at=error.discovered_at + 12 * MINUTES)

    assert minutes_to_correction(error) == 12


def test_each_departments_errors_add_up_with_the_middle_and_the_longest_time(
    cast: Cast, account: Account
) -> None:
    for number, minutes in enumerate((3, 5, 15)):
        made = things.incident(cast.officer, "error", account=account, known=f"誤り{number}")
        things.does(
            made, "correct", cast.officer, happened_at=made.discovered_at + minutes * MINUTES
        )
    things.incident(cast.officer, "error", account=account, known="まだ")
    things.moved(
        things.incident(cast.officer, "error", account=account, known="違った"), "cancel", cast.head
    )
    things.incident(cast.partner_officer, "other", department=cast.safety)
    year = figures.fiscal_year(timezone.localdate())

    assert figures.by_department(Incident.objects.all(), year) == [
        figures.Line("観光課", errors=4, corrected=3, middle=5, longest=15)
    ]
    assert figures.by_department(Incident.objects.all(), year - 1) == []
    assert dict(figures.by_kind(Incident.objects.all(), year))["誤記"] == 4


def test_the_figures_a_head_reads_are_his_departments(
    client: Client, cast: Cast, error: Incident
) -> None:
    theirs = factories.official(cast.safety)
    things.incident(cast.partner_officer, "error", account=theirs)
    for person, departments in ((cast.head, ["観光課"]), (cast.pr_head, ["観光課", "防災課"])):
        client.force_login(person)
        lines = client.get(reverse("incidents:figures")).context["lines"]
        assert [line.department for line in lines] == departments
