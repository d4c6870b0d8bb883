"""Escalation through a year: twenty incidents, a run every few hours, and a model that reckons by itself."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine

from incidents.escalation import LEVELS, escalate
from incidents.kinds import KINDS
from incidents.models import Escalation, IncidentStep
from shinshiro_sns.models import OutgoingMail
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

# Alone, and on one database: what differs between databases stands in the tests of single runs.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

BEGINS = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
INCIDENTS = 20
AFTER = (datetime.timedelta(), datetime.timedelta(minutes=30), datetime.timedelta(hours=2))
Told = tuple[datetime.datetime, int, int]


def runs(chance: random.Random) -> list[datetime.datetime]:
    """A year's runs, at odd hours: servers stand still, timers come late."""
    at, found = BEGINS, []
    while at < BEGINS + datetime.timedelta(days=365):
        found.append(at)
        at += chance.choice((1, 9, 30, 60)) * HOUR
    return found


def test_whoever_must_hear_hears_at_the_first_run_after_and_never_again(cast: Cast) -> None:
    chance = random.Random(5)
    account = factories.official(cast.tourism)
    things.contact()
    openings = sorted(BEGINS + chance.randrange(8600) * HOUR for _ in range(INCIDENTS))
    who = {
        "officer": cast.officer, "head": cast.head, "pr": cast.pr_officer, "second": cast.pr_second,
    }  # fmt: skip
    expected: set[Told] = set()
    told: set[tuple[int, int]] = set()
    acts: list[tuple[datetime.datetime, int, str, str]] = []
    for at in runs(chance):
        while openings and openings[0] < at:
            opened = openings.pop(0)
            with time_machine.travel(opened, tick=False):
                kind = chance.choice([key for key in KINDS if key not in ("error", "leak")])
                made = things.incident(
                    cast.officer, kind, account=account, known=f"{opened}", discovered_at=opened
                )
                if kind == "impersonation":
                    things.identified(made, cast.officer)
                    things.file(made, cast.officer)
            when = opened
            for step in KINDS[kind].steps:
                when += chance.choice((0.2, 1, 5, 40, 900)) * HOUR
                acts.append((when, made.pk, step.key, step.who))
            acts.sort()
        while acts and acts[0][0] < at:
            when, pk, key, whose = acts.pop(0)
            with time_machine.travel(when, tick=False):
                row = IncidentStep.objects.select_related("incident").get(incident=pk, key=key)
                things.does(row.incident, key, who[whose])
        for step in IncidentStep.objects.filter(state="open", is_required=True, due_at__lt=at):
            assert step.due_at is not None
            for level, after in enumerate(AFTER, start=1):
                if step.due_at + after < at and (step.pk, level) not in told:
                    told.add((step.pk, level))
                    expected.add((at, step.pk, level))
        assert escalate(at).failures == []

    rows = Escalation.objects.values_list("told_at", "step", "level")
    assert set(rows) == expected
    assert len(expected) > 100
    assert Escalation.objects.filter(level=len(LEVELS)).exists()
    mails = OutgoingMail.objects.filter(subject__contains="期限超過").values_list("key", flat=True)
    assert len(set(mails)) == len(mails)
