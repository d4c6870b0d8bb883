"""An incident turns out to be of another kind, or its account comes to another department."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from incidents.changing import change_kind
from incidents.kinds import KINDS
from incidents.models import Incident
from incidents.moving import follow_accounts
from shinshiro_sns import daily
from shinshiro_sns.models import OutgoingMail
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from staff.models import User
from tests import factories
from tests.conftest import Cast
from tests.incidents import things


@pytest.fixture
def error(cast: Cast) -> Incident:
    return things.incident(cast.officer, "error", account=factories.official(cast.tourism))


def changed(incident: Incident, kind: str, by: User, note: str = "批判が殺到") -> Incident:
    now = Incident.objects.get(pk=incident.pk)
    return change_kind(now, kind, by, note=note, seen=now.revision)


def plan(incident: Incident) -> list[tuple[str, str]]:
    return list(incident.steps.order_by("order").values_list("label", "state"))


def test_an_error_becomes_a_flaming_what_was_done_stays_and_the_rest_is_the_other_plan(
    cast: Cast, error: Incident
) -> None:
    done = things.does(error, "confirm", cast.officer)

    now = changed(error, "flaming", cast.head)

    rest = [
        (label, "waived")
        for label in (
            "訂正・謝罪を投稿する",
            "元の投稿の扱いを決める",
            "市のサイトでの周知が要るか決める",
        )
    ]
    assert plan(now) == [
        (done.label, "done"), *rest, *((step.label, "open") for step in KINDS["flaming"].steps)
    ]  # fmt: skip
    assert {step.words for step in now.steps.filter(state="waived")} == {"種類を改めたため"}
    assert things.step(now, "hold").due_at == now.discovered_at + datetime.timedelta(minutes=15)
    assert "種類を「誤記」から「炎上」に改めた。理由:批判が殺到" in (
        now.entries.values_list("text", flat=True)
    )
    assert now.history.latest().step == "change_kind"


def test_who_hears_of_an_opening_hears_of_another_kind(cast: Cast, error: Incident) -> None:
    OutgoingMail.objects.all().delete()
    changed(error, "flaming", cast.head)

    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {
        cast.officer, cast.deputy, cast.pr_head, cast.pr_officer, cast.pr_second,
    }  # fmt: skip


def test_there_and_back_again_loses_nothing(cast: Cast, error: Incident) -> None:
    things.does(error, "confirm", cast.officer, words="最初の確認")
    for kind in ("flaming", "error", "flaming"):
        changed(error, kind, cast.head)

    now = Incident.objects.get()
    assert now.kind == "flaming"
    assert now.steps.get(words="最初の確認").state == "done"
    assert [s.key for s in now.steps.filter(state="open").order_by("order")] == [
        step.key for step in KINDS["flaming"].steps
    ]


def test_a_step_of_both_plans_that_was_done_is_done_in_the_other(
    cast: Cast, error: Incident
) -> None:
    things.does(error, "prevention", cast.head)
    now = changed(error, "flaming", cast.head)

    assert plan(now)[-1] == ("再発防止を決める", "done")


def test_what_counts_from_a_step_that_was_done_counts_on(cast: Cast) -> None:
    fake = things.incident(cast.officer, "impersonation", account=factories.official(cast.tourism))
    things.does(fake, "report", cast.head)
    for kind in ("hijack", "impersonation"):
        changed(fake, kind, cast.head)

    assert (things.step(fake, "report").state, things.step(fake, "check").due_at) == ("open", None)


def test_only_who_may_waive_its_steps_changes_the_kind(cast: Cast, error: Incident) -> None:
    for person in (cast.officer, cast.deputy, cast.partner_head, cast.auditor):
        with pytest.raises(PermissionDenied):
            changed(error, "flaming", person)

    assert changed(error, "flaming", cast.pr_officer).kind == "flaming"


def test_the_same_kind_a_case_that_is_over_and_an_old_page_are_refused(
    client: Client, cast: Cast, error: Incident
) -> None:
    with pytest.raises(StepNotMet, match="今と違う種類を選んでください。"):
        changed(error, "error", cast.head)
    with pytest.raises(StepOvertaken):
        change_kind(error, "leak", cast.head, note="理由", seen=error.revision + 1)
    client.force_login(cast.head)
    url = f"{error.get_absolute_url()}kind/"
    answer = client.post(url, {"kind": "flaming", "note": "消えない理由", "revision": 99})
    assert (answer.status_code, "消えない理由" in answer.content.decode()) == (409, True)
    assert client.post(url, {"kind": "nothing", "note": "", "revision": 0}).status_code == 422
    things.moved(error, "cancel", cast.head)
    assert client.get(url).status_code == 409


# --- Another department ----------------------------------------------------------------------------


def test_incidents_follow_their_account_to_its_new_department(
    client: Client, cast: Cast, error: Incident
) -> None:
    loose = things.incident(cast.officer, department=cast.tourism)
    Account.objects.update(department=cast.safety)
    today = timezone.localdate()

    assert [follow_accounts(today), follow_accounts(today)] == [1, 0]
    error.refresh_from_db()
    loose.refresh_from_db()
    assert (error.department, loose.department) == (cast.safety, cast.tourism)
    [line] = error.entries.filter(kind="moved")
    assert (line.recorded_by, "観光課から防災課に変えた。" in line.text) == (None, True)
    client.force_login(cast.partner_officer)
    assert client.get(error.get_absolute_url()).status_code == 200
    assert "事案の所管の移管" in {chore.name for chore in daily.CHORES}
