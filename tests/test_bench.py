"""The bench measures what it says it does; its figures themselves are nobody's test."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Account
from bench import checking, draft, growth, intake, reminders, report, rows, serving, transfer
from policies import items
from policies.models import Consultation, OperatingPolicy
from publication.checking.judging import judge
from publication.checking.register import Register
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, Reminder
from tests.lookalikes.known import document

ROOT = Path(__file__).parents[1]
WRK = """
  Latency Distribution
     50%  310.00us
     99%    1.25ms
  158321 requests in 5.00s, 8.30GB read
Requests/sec:  31664.20
"""


@pytest.fixture
def figures(db: None) -> list[growth.Figure]:
    return growth.measure([20, 60], seconds=0)


def test_made_up_registers_are_ones_the_portal_could_hold(db: None) -> None:
    city = rows.found_city()
    rows.grow(city, 0, 20)
    rows.grow(city, 20, 60)
    assert Account.objects.count() == 60
    assert Account.objects.filter(policies=None).count() == 3
    states = list(OperatingPolicy.objects.values_list("state", flat=True))
    assert {state: states.count(state) for state in states} == {
        "in_force": 39, "reported": 6, "with_head": 3, "returned": 3, "draft": 3, "withdrawn": 3,
    }  # fmt: skip
    for account in Account.objects.all():
        account.clean_fields(exclude=["registration_email"])
    for policy in OperatingPolicy.objects.prefetch_related("partners"):
        assert items.missing(policy) == []
        assert policy.is_shared == bool(policy.partners.all())
        try:
            policy.full_clean()
        except ValidationError as error:
            pytest.fail(f"{policy}: {error}")
    with_head = OperatingPolicy.objects.filter(state="with_head", is_shared=True)
    assert Consultation.objects.count() == with_head.count()


@pytest.mark.once
def test_every_page_is_measured_at_every_size(figures: list[growth.Figure]) -> None:
    assert [(figure.page, figure.accounts) for figure in figures] == [
        (page, size) for size in (20, 60) for page, _, _ in growth.PAGES
    ]
    for figure in figures:
        assert figure.queries > 0
        assert figure.milliseconds > 0
        assert len(figure.slowest) == growth.SLOW_QUERIES


@pytest.mark.once
def test_a_page_whose_queries_grow_is_named() -> None:
    def figure(page: str, accounts: int, queries: int) -> growth.Figure:
        return growth.Figure(page, accounts, queries, 1.0, [])

    even = [figure("desk", 100, 9), figure("desk", 10_000, 9)]
    assert growth.uneven(even) == []
    assert growth.uneven(
        [*even, figure("public list", 100, 7), figure("public list", 10_000, 8)]
    ) == ["The public list takes 7 queries at 100, 8 queries at 10,000"]


@pytest.mark.once
def test_pages_at_several_sizes_become_one_row_each() -> None:
    figures = [
        growth.Figure("desk", 100, 9, 10.0, []),
        growth.Figure("desk", 10_000, 9, 25.0, [(12.0, "SELECT a"), (120.4, "SELECT b FROM c")]),
    ]
    assert report.of_growth("SQLite", figures).splitlines() == [
        "| SQLite, ms | queries | 100 accounts | 10,000 accounts | growth |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| desk | 9 | 10 | 25 | 2.5 |",
    ]
    assert report.slow(figures, 100) == ["120 ms, desk at 10,000: SELECT b FROM c"]


@pytest.mark.once
def test_the_servers_stand_beside_each_other_as_ratios() -> None:
    loads = {"portal": serving.Load(100, 20), "bare": serving.Load(5000, 1.25)}
    assert report.of_serving(2048, 100, loads).splitlines()[2:] == [
        "| the portal | 100 | 1.0 | 20.0 |",
        "| bare WSGI answer, same server | 5,000 | 50.0 | 1.2 |",
    ]


@pytest.mark.once
@pytest.mark.parametrize(
    ("said", "milliseconds"), [("1.25ms", 1.25), ("310.00us", 0.31), ("1.14s", 1140.0)]
)
def test_wrk_is_read_in_whatever_unit_it_chooses(said: str, milliseconds: float) -> None:
    assert serving.read_wrk(WRK.replace("1.25ms", said)) == serving.Load(31664.2, milliseconds)


@pytest.mark.once
@pytest.mark.parametrize(
    "complaint", ["Non-2xx or 3xx responses: 12", "Socket errors: connect 0, read 3, timeout 0"]
)
def test_figures_with_errors_in_them_are_refused(complaint: str) -> None:
    with pytest.raises(RuntimeError, match=complaint):
        serving.read_wrk(f"{WRK}{complaint}")
    with pytest.raises(RuntimeError, match="something else"):
        serving.read_wrk("unable to connect")


@pytest.mark.once
def test_the_server_is_measured_as_make_run_starts_it() -> None:
    script = " ".join((ROOT / "scripts" / "run").read_text().replace("\\\n", " ").split())
    for option in ("--interface wsgi", "--workers 2", "--blocking-threads 4", "--no-access-log"):
        assert option in script
        assert option in " ".join(serving.SERVER)


def test_an_import_is_measured_beside_the_writing_alone(db: None, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    columns = "service_key,organization,account,service_url,agencies,short_description"
    register.write_text(
        f"{columns}\n"
        "twitter,Example,example_a,https://twitter.com/example_a,Parks,About parks\n"
        "twitter,Again,example_a,https://x.com/Example_A,Parks,\n"
        "youtube,Other,example_b,https://www.youtube.com/@example_b,Roads,\n"
        "twitter,Bad,,javascript:alert(1),Parks,\n",
        encoding="utf-8",
    )
    figure = intake.measure(register)
    assert (figure.said, figure.rows, figure.accounts) == (
        "imported 2, skipped 1, failed 1", 4, 2,
    )  # fmt: skip
    assert Account.objects.count() == 2
    assert figure.per_row == figure.rows / figure.seconds
    assert len(report.of_intake(register, figure).splitlines()) == 4


def test_a_check_is_measured_at_every_length(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "RUNS", 1)
    monkeypatch.setattr(draft, "LEAST_SECONDS", 0.0001)
    figures = draft.measure([100, 200])
    assert [figure.characters for figure in figures] == [100, 200]
    assert all(figure.findings > 3 for figure in figures)
    assert all(figure.milliseconds > figure.plain_milliseconds > 0 for figure in figures)
    assert report.of_check(figures).splitlines()[2].startswith("| 100 characters |")


def test_the_citizens_check_is_measured_for_each_kind_of_question(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "QUESTIONS", 3)
    figure = checking.measure(60)
    assert figure.accounts == Account.objects.public().count() == 60
    assert set(figure.milliseconds) == set(checking.ASKED)
    assert all(milliseconds > 0 for milliseconds in figure.milliseconds.values())
    twice = {kind: 2 * milliseconds for kind, milliseconds in figure.milliseconds.items()}
    assert checking.slower([figure, figure]) == []
    assert len(checking.slower([figure, replace(figure, milliseconds=twice)])) == len(twice)
    said = report.of_checking([figure, replace(figure, milliseconds=twice)]).splitlines()
    assert said[2].startswith("| an official address |")
    assert said[2].endswith("| 2.00 |")


@pytest.mark.once
def test_each_kind_of_question_is_answered_as_it_is_called() -> None:
    handle, name = "shinshiro_kanko", "新城市観光のお知らせ"
    account = {
        "id": 1, "service": "instagram", "handle": handle, "name": name, "status": "official",
        "url": f"https://www.instagram.com/{handle}/", "identity": f"instagram:{handle}",
    }  # fmt: skip
    register = Register.of({**document(), "accounts": [account]})
    verdicts = {
        kind: judge(asked(handle, name), register).verdict for kind, asked in checking.ASKED.items()
    }
    assert verdicts == {
        "an official address": "official", "a letter doubled": "similar",
        "a letter left out": "similar", "two letters wrong": "similar", "a stranger": "unknown",
        "a shown name, one sign wrong": "similar", "a message of three": "similar",
    }  # fmt: skip


@pytest.mark.once
def test_what_it_was_measured_on_is_said(settings: Any) -> None:
    said = report.measured_on("make bench")
    assert f"{datetime.date.today():%Y-%m-%d} with `make bench`" in said
    for name in ("Python 3.", "Django 5.2", "granian ", "SQLite 3."):
        assert name in said


@pytest.mark.once
def test_the_settings_of_the_bench_start_as_production_does(tmp_path):
    wanted = "from bench import settings; print(settings.MODE, settings.DEBUG)"
    environment = {"PATH": os.environ["PATH"], "BENCH_FOLDER": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", wanted], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["production", "False"]


def test_a_transfer_is_measured_beside_the_writing_alone(db: None) -> None:
    figure = transfer.measure(40)
    # Ten departments have accounts, twelve of each are living, and everybody takes over the next's.
    assert (figure.people, figure.handovers, figure.mails) == (40, 120, 10)
    assert Membership.objects.filter(user__email__startswith="moving").count() == 80
    said = report.of_transfer("SQLite", figure).splitlines()
    assert (len(said), said[0]) == (
        6, "| Transfer of 40 people, SQLite | seconds | lines/s | time |",
    )  # fmt: skip


def test_a_days_reminders_are_measured_beside_a_plain_loop(db: None) -> None:
    figure = reminders.measure(200)
    assert figure.accounts == Account.objects.to_guard().count() == 200
    # Each open row is heard of by its department's officer, the late ones by others too.
    told = Reminder.objects.exclude(told_on=None)
    assert figure.rows == told.filter(is_escalation=False).count() > 50
    assert figure.reminders == told.count() > figure.rows
    assert OutgoingMail.objects.count() == figure.digests
    assert figure.per_second == figure.accounts / figure.find_seconds
    assert len(report.of_reminders("SQLite", [figure]).splitlines()) == 3
    assert reminders.uneven([figure, replace(figure, accounts=300)]) == []
    more = replace(figure, accounts=300, queries_a_batch=figure.queries_a_batch + 1)
    assert reminders.uneven([figure, more]) == [
        f"A batch of reminders takes {figure.queries_a_batch} queries at 200, "
        f"{more.queries_a_batch} queries at 300"
    ]
