"""The ledger of certification: its steps, what they refuse, its duties and its page, 3(4)."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import certification as rules
from accounts.certification import certification_workflow, ensure
from accounts.duties.certification import DUTIES
from accounts.models import Account, Certification
from accounts.services import SERVICES
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from tests import factories

DAY = datetime.timedelta(days=1)
BY_NAME = {duty.name: duty for duty in DUTIES}


@pytest.fixture
def account(cast):
    today = timezone.localdate()
    return factories.account(
        cast.tourism, status="official", official_since=today, opened_on=today - 30 * DAY
    )


@pytest.fixture
def take(cast, account):
    def taken(name, by=cast.officer, **extra):
        extra = {"dated_on": timezone.localdate(), **extra}
        return certification_workflow.take(ensure(account, by), name, by=by, **extra)

    return taken


def open_rows(name, day=None):
    return list(BY_NAME[name].rows(day or timezone.localdate()))


def test_the_first_state_follows_from_what_the_service_offers(cast):
    for key, service in SERVICES.items():
        begins = rules.first_state(Account(service=key))
        assert (begins == "possible") is service.verification.is_possible
        assert begins in ("possible", "not_offered")


def test_every_state_can_be_left_and_every_step_has_its_words():
    left = {state for step in rules.STEPS if step.target for state in step.sources}
    assert left == set(Certification.State)
    assert set(rules.WORDS) == {step.name for step in rules.STEPS}
    assert set(rules.TO_DO) == set(rules.TONES) == set(Certification.State)


def test_looking_at_the_page_writes_nothing(cast, client, account):
    client.force_login(cast.officer)
    assert client.get(f"/desk/accounts/{account.pk}/certification/").status_code == 200
    assert Certification.objects.count() == 0


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "今日より後の日は記録できません。"), (-31, "より前の日は記録できません。")],
)
def test_a_day_to_come_or_before_the_account_was_opened_is_refused(take, days, sentence):
    with pytest.raises(StepNotMet, match=sentence):
        take("apply", dated_on=timezone.localdate() + days * DAY)
    assert Certification.objects.get().state == "possible"


def test_a_day_before_the_last_entry_is_refused(take):
    take("apply", dated_on=timezone.localdate() - 2 * DAY)
    with pytest.raises(StepNotMet, match="前の記録の日付"):
        take("refuse", dated_on=timezone.localdate() - 3 * DAY, note="条件")


def test_certified_without_a_kind_without_evidence_or_with_anothers_is_refused(cast, take, account):
    own = factories.evidence(account, cast.officer)
    others = factories.evidence(factories.account(cast.tourism), cast.officer)
    for given in (
        {"evidence": own}, {"kind": "bought", "evidence": own}, {"kind": "domain"},
        {"kind": "domain", "evidence": others},
    ):  # fmt: skip
        with pytest.raises(StepNotMet):
            take("certify", **given)
    assert take("certify", kind="domain", evidence=own).state == "certified"


@pytest.mark.parametrize("step", ["refuse", "lapse", "rule_out", "rule_in", "take_back"])
def test_what_goes_against_the_account_needs_a_reason(cast, take, account, step):
    factories.certification(
        account, rules.certification_workflow.steps[step].sources[0], dated_on=timezone.localdate()
    )
    with pytest.raises(StepNotMet, match="を入力してください。"):
        take(step)
    assert take(step, note="運営者の回答による").revision == 1


def test_a_wrong_entry_can_be_taken_back_and_stays_on_record(cast, take, account):
    take("apply", note="受付番号 12")
    row = take("take_back", note="別のアカウントの申請だった")
    assert (row.state, row.dated_on) == ("possible", None)
    assert [(e["what"].partition(":")[0], e["who"], e["note"]) for e in rules.timeline(row)] == [
        ("誤った記録を取り消しました", cast.officer.name, "別のアカウントの申請だった"),
        ("運営者に認証を申請しました", cast.officer.name, "受付番号 12"),
    ]


def test_two_people_on_one_page_do_not_overwrite_each_other(cast, client, account):
    client.force_login(cast.officer)
    address = f"/desk/accounts/{account.pk}/certification/apply/"
    typed = {"revision": 0, "dated_on": timezone.localdate().isoformat(), "note": "私の受付番号"}
    assert client.post(address, typed).status_code == 302
    again = client.post(address, typed)
    assert again.status_code == 409
    assert "私の受付番号" in again.content.decode()
    with pytest.raises(StepOvertaken):
        certification_workflow.take(
            Certification.objects.get(), "refuse", by=cast.officer, seen=0, note="理由"
        )
    assert Certification.history.exclude(step="").count() == 1


def test_nobody_records_it_but_the_department_itself(cast, take):
    for person in (cast.partner_officer, cast.pr_officer, cast.auditor, cast.administrator):
        with pytest.raises(PermissionDenied):
            take("apply", by=person)


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(cast, client, account):
    client.force_login(cast.officer)
    tomorrow = (timezone.localdate() + DAY).isoformat()
    page = client.post(
        f"/desk/accounts/{account.pk}/certification/certify/",
        {"revision": 0, "dated_on": tomorrow, "note": "覚え書き"},
    )
    html = page.content.decode()
    assert page.status_code == 422
    for part in (
        "今日より後の日は",
        "認証の種類を選んで",
        "認証を示す証拠を選んで",
        "覚え書き",
        tomorrow,
    ):
        assert part in html


@pytest.mark.parametrize("step", rules.STEPS, ids=lambda step: step.name)
def test_a_step_leads_where_it_says_from_wherever_it_starts(cast, account, step):
    evidence = factories.evidence(account, cast.officer)
    today = timezone.localdate()
    for source in step.sources:
        row = factories.certification(
            account, source, dated_on=today, has_paid_badge=step.name == "drop_badge",
            taken_over=factories.intake() if step.name == "prove" else None,
        )  # fmt: skip
        given = {"dated_on": today, "kind": "domain", "evidence": evidence}
        taken = certification_workflow.take(row, step.name, by=cast.officer, note="理由", **given)
        assert taken.state == (step.target or source)


# --- Duties ------------------------------------------------------------------------------------


def test_what_was_recorded_decides_over_what_the_service_offers(cast, account):
    other = factories.account(
        cast.tourism, "https://shinshiro.example/", "other", status="official",
        official_since=timezone.localdate(),
    )  # fmt: skip
    assert open_rows("certify") == [account]
    factories.certification(account, "not_offered")
    factories.certification(other, "possible")
    assert open_rows("certify") == [other]


def test_what_became_possible_later_is_asked_for_from_then_on(account):
    Account.objects.filter(pk=account.pk).update(official_since=datetime.date(2020, 1, 31))
    assert [row.obtain_by for row in open_rows("certify")] == [datetime.date(2020, 2, 29)]
    since = datetime.datetime(2026, 1, 30, 16, tzinfo=datetime.UTC)  # the 31st in Tokyo
    factories.certification(account, "possible", state_since=since)
    [row] = open_rows("certify")
    assert (row.obtain_by, BY_NAME["certify"].task(row).due) == (datetime.date(2026, 2, 28),) * 2


def test_an_application_is_asked_about_after_sixty_days(account):
    applied = datetime.date(2026, 1, 1)
    row = factories.certification(account, "applied", dated_on=applied)
    assert open_rows("certification_answer", applied + 59 * DAY) == []
    assert open_rows("certification_answer", applied + 60 * DAY) == [row]


def test_a_refusal_rests_for_a_year(account):
    row = factories.certification(account, "refused", dated_on=datetime.date(2024, 2, 29))
    assert open_rows("certify") == []
    assert open_rows("certification_again", datetime.date(2025, 2, 27)) == []
    [again] = open_rows("certification_again", datetime.date(2025, 2, 28))
    assert (again, again.decide_by) == (row, datetime.date(2025, 3, 29))


@pytest.mark.parametrize("status", ["preparing", "suspended", "closed"])
def test_only_official_accounts_owe_anything(account, status):
    factories.certification(account, "lapsed", dated_on=datetime.date(2020, 1, 1))
    Account.objects.filter(pk=account.pk).update(status=status)
    assert [open_rows(name) for name in BY_NAME] == [[]] * len(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_late_is_what_is_past_its_deadline_in_the_database_too(cast, name):
    states = {"certification_answer": "applied", "certification_lapsed": "lapsed",
              "certification_again": "refused", "certify": "possible",
              "certification_proof": "certified"}  # fmt: skip
    taken_over = factories.intake() if name == "certification_proof" else None
    today = timezone.localdate()
    for days in (0, 1, 6, 7, 8, 29, 32, 60, 61, 365, 396, 397, 500):
        since = today - days * DAY
        account = factories.account(cast.tourism, status="official", official_since=since)
        moment = timezone.now() - days * DAY
        factories.certification(
            account, states[name], dated_on=since, state_since=moment, taken_over=taken_over
        )
    duty = BY_NAME[name]
    rows = duty.rows(today)
    deadlines = [duty.deadline(row) for row in rows]
    assert deadlines == sorted(deadlines)
    assert duty.count_overdue(rows, today) == sum(day < today for day in deadlines) > 0


def test_the_page_asks_the_database_as_often_for_three_entries_as_for_one(
    cast, client, take, account
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/desk/accounts/{account.pk}/certification/")
        return len(captured)

    client.force_login(cast.officer)
    take("apply")
    client.get(f"/desk/accounts/{account.pk}/certification/")
    of_one = queries()
    take("refuse", note="条件")
    take("apply")
    assert queries() == of_one
