"""A closed account that is not deleted stays in the care of named people, and may be deleted later."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Access, Account, ConnectedApp, Device, StandingChange
from accounts.overview import by_clause
from accounts.questions import without_people
from accounts.workflow import account_workflow
from shinshiro_sns.duties import called
from shinshiro_sns.steps import StepNotMet, StepOvertaken
from staff.gaps import gaps
from staff.models import User
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def guarded(cast: Cast) -> Account:
    """Closed by the head, to be guarded; one officer was its user, another its administrator."""
    account = factories.official(cast.tourism)
    for person, kind in ((cast.officer, "user"), (cast.colleague, "administrator")):
        Access.objects.create(account=account, person=person, kind=kind)
    return factories.stood(account, "close", cast.head)


def page_of(account: Account, step: str) -> str:
    return reverse("accounts:standing_step", args=[account.pk, step])


def guards_of(account: Account) -> set[tuple[User, str]]:
    rows = Access.objects.current().filter(account=account)
    return {(row.person, row.kind) for row in rows}


def send(client: Client, account: Account, step: str, **fields: Any) -> Any:
    revision = Account.objects.get(pk=account.pk).revision
    return client.post(page_of(account, step), {"revision": revision, **fields})


# --- Who guards it ---------------------------------------------------------------------------------


def test_the_head_names_who_guards_a_closed_account_and_only_these_have_access(
    client: Client, cast: Cast, guarded: Account
) -> None:
    client.force_login(cast.head)
    standing = client.get(reverse("accounts:standing", args=[guarded.pk])).content.decode()
    assert page_of(guarded, "name_guards") in standing
    assert client.get(page_of(guarded, "name_guards")).status_code == 200

    chosen = [cast.officer.pk, cast.head.pk]
    answer = send(client, guarded, "name_guards", administrators=chosen)

    assert answer["Location"] == reverse("accounts:standing", args=[guarded.pk])
    assert guards_of(guarded) == {(cast.officer, "administrator"), (cast.head, "administrator")}
    ended = Access.objects.filter(account=guarded, until=timezone.localdate())
    assert {(row.person, row.kind) for row in ended} == {
        (cast.officer, "user"), (cast.colleague, "administrator"),
    }  # fmt: skip
    last = Account.history.filter(id=guarded.pk).latest()
    assert (last.step, last.history_user) == ("name_guards", cast.head)


def test_one_person_is_taken_with_the_advice_to_name_two(
    client: Client, cast: Cast, guarded: Account
) -> None:
    client.force_login(cast.head)
    send(client, guarded, "name_guards", administrators=[cast.officer.pk])
    assert guards_of(guarded) == {(cast.officer, "administrator")}
    page = client.get(reverse("accounts:standing", args=[guarded.pk])).content.decode()
    assert "2人以上をおすすめします" in page


@pytest.mark.parametrize("who", [[], ["partner_officer"], ["officer", "pr_officer"]])
def test_nobody_and_nobody_of_another_department_is_named(
    client: Client, cast: Cast, guarded: Account, who: list[str]
) -> None:
    people = [getattr(cast, name) for name in who]
    before = guards_of(guarded)
    client.force_login(cast.head)

    assert send(
        client, guarded, "name_guards", administrators=[person.pk for person in people]
    ).status_code == 422  # fmt: skip
    with pytest.raises(StepNotMet, match="選んでください"):
        account_workflow.take(guarded, "name_guards", by=cast.head, administrators=people)
    assert guards_of(guarded) == before


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    client: Client, cast: Cast, guarded: Account
) -> None:
    before = guards_of(guarded)
    client.force_login(cast.head)
    chosen = {"administrators": [cast.officer.pk], "revision": guarded.revision - 1}
    answer = client.post(page_of(guarded, "name_guards"), chosen)
    assert (answer.status_code, guards_of(guarded)) == (409, before)
    # Who has read that goes on from there.
    shown = answer.context["form"].data["revision"]
    assert shown == str(guarded.revision)


@pytest.mark.parametrize("step", ["name_guards", "delete_handle"])
def test_only_the_head_decides_and_only_of_an_account_in_care(
    cast: Cast, guarded: Account, step: str
) -> None:
    given = {"note": "理由", "administrators": [cast.officer]}
    for person in (cast.officer, cast.deputy, cast.partner_head, cast.pr_officer, cast.auditor):
        with pytest.raises(PermissionDenied):
            account_workflow.take(guarded, step, by=person, **given)
    gone = factories.official(cast.tourism)
    gone = factories.stood(gone, "close", cast.head, handle_fate="deleted")
    StandingChange.objects.filter(account=gone).update(
        handle_done_on=timezone.localdate(), handle_done_by=cast.officer
    )
    with pytest.raises(StepOvertaken):
        account_workflow.take(gone, step, by=cast.head, **given)


# --- That it is deleted after all --------------------------------------------------------------------


def test_a_guarded_account_is_deleted_later_for_a_reason_and_somebody_sees_it_gone(
    client: Client, cast: Cast, guarded: Account
) -> None:
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    StandingChange.objects.update(effective_on=long_ago)
    client.force_login(cast.head)
    assert send(client, guarded, "delete_handle", note=" ").status_code == 422

    send(client, guarded, "delete_handle", note="運営者がサービスを終えるため")

    today = timezone.localdate()
    closure = StandingChange.objects.get()
    assert (closure.handle_fate, closure.deletion_reason) == (
        "deleted", "運営者がサービスを終えるため",
    )  # fmt: skip
    assert (closure.deletion_decided_by, closure.deletion_decided_on) == (cast.head, today)
    assert closure.handle_reason == "取られないようにするため"
    account = Account.objects.to_guard().get(pk=guarded.pk)
    assert (account.status, account.handle_fate) == ("closed", "deleted")
    # The month runs from the decision, not from the closure long ago.
    duty = called("see_deleted")
    rows = duty.rows(today)
    assert [duty.task(row).due for row in rows] == [today + datetime.timedelta(days=30)]
    assert duty.count_overdue(rows, today) == 0
    assert duty.count_overdue(rows, today + datetime.timedelta(days=31)) == 1

    client.force_login(cast.officer)
    address = reverse("accounts:deletion", args=[guarded.pk])
    yesterday = today - datetime.timedelta(days=1)
    assert client.post(address, {"seen_on": yesterday.isoformat()}).status_code == 422
    client.post(address, {"seen_on": today.isoformat()})

    assert not Account.objects.to_guard().exists()
    assert guards_of(guarded) == set()


def test_an_account_is_not_to_be_deleted_while_a_device_or_an_app_is_logged_in(cast: Cast) -> None:
    account = factories.official(cast.tourism)
    device = Device.objects.create(
        account=account, name="一号", kind="phone", added_by=cast.officer
    )
    app = ConnectedApp.objects.create(
        account=account, name="予約投稿", purpose="予約", added_by=cast.officer
    )
    with pytest.raises(StepNotMet, match="先に「一号」、「予約投稿」の利用を終えてください"):
        factories.stood(account, "close", cast.head, handle_fate="deleted")
    today = timezone.localdate()
    for row in (device, app):
        type(row).objects.filter(pk=row.pk).update(removed_on=today, removed_by=cast.officer)

    closed = factories.stood(account, "close", cast.head, handle_fate="deleted")

    assert closed.status == "closed"


# --- What is still logged in -----------------------------------------------------------------------


def logged_in(account: Account, by: User) -> None:
    added = {"account": account, "added_by": by}
    Device.objects.create(name="共用のタブレット", kind=Device.Kind.TABLET, **added)
    ConnectedApp.objects.create(name="予約投稿", purpose="投稿の予約", **added)


def test_who_closes_an_account_sees_first_what_is_still_logged_in(
    client: Client, cast: Cast
) -> None:
    account = factories.official(cast.tourism)
    client.force_login(cast.head)
    heading = "まだログインしている端末とアプリ"
    assert heading not in client.get(page_of(account, "close")).content.decode()
    logged_in(account, cast.officer)
    html = client.get(page_of(account, "close")).content.decode()
    shown = [text for text in (heading, "共用のタブレット", "予約投稿") if text in html]
    assert shown == [heading, "共用のタブレット", "予約投稿"]
    assert reverse("accounts:credentials", args=[account.pk]) in html
    assert heading not in client.get(page_of(account, "suspend")).content.decode()


def test_a_guarded_account_is_not_deleted_while_something_is_logged_in(
    cast: Cast, guarded: Account
) -> None:
    logged_in(guarded, cast.officer)
    with pytest.raises(StepNotMet, match="先に「共用のタブレット」、「予約投稿」の利用を終えて"):
        account_workflow.take(guarded, "delete_handle", by=cast.head, note="使わないため")
    guarded.refresh_from_db()
    assert guarded.handle_fate == "guarded"
    for row in (*Device.objects.all(), *ConnectedApp.objects.all()):
        row.removed_on, row.removed_by = timezone.localdate(), cast.officer
        row.save()
    account_workflow.take(guarded, "delete_handle", by=cast.head, note="使わないため")
    guarded.refresh_from_db()
    assert guarded.handle_fate == "deleted"


def test_a_department_answers_for_a_closed_account_until_it_was_seen_deleted(
    cast: Cast, guarded: Account
) -> None:
    def answering() -> tuple[bool, bool, str]:
        User.objects.filter(pk__in=people).update(is_active=False)
        named = any(gap.sentence.startswith("「観光課」に所属の長が") for gap in gaps())
        asked = guarded in without_people(timezone.localdate())
        [(_, cells)] = by_clause([guarded], timezone.localdate(), ["3(7)"])
        User.objects.filter(pk__in=people).update(is_active=True)
        return named, asked, cells[0].word

    people = [cast.officer.pk, cast.colleague.pk, cast.head.pk, cast.deputy.pk]
    assert answering() == (True, True, "要対応")
    account_workflow.take(guarded, "delete_handle", by=cast.head, note="使わないため")
    assert answering() == (True, True, "要対応")
    seen = {"handle_done_on": timezone.localdate(), "handle_done_by": cast.head}
    StandingChange.objects.filter(account=guarded).update(**seen)
    assert answering() == (False, False, "対象外")
