"""引継ぎ: who comes to answer for an account learns what it is, and confirms that he has it."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.duties.handover import to_confirm
from accounts.handed_over import parts
from accounts.models import Access, Account, ConnectedApp, Credentials, Device, Handover
from accounts.moving import carry_out
from shinshiro_sns import duties
from shinshiro_sns.models import OutgoingMail
from staff.models import Membership, Transfer
from staff.transferring.undoing import obstacles, undo
from tests import factories
from tests.staff.transfer_helpers import DAY, row, transferred

TODAY = timezone.localdate()
LIST = "/desk/handovers/"


def address(handover):
    return f"{LIST}{handover.pk}/"


def official(department, **fields):
    return factories.account(department, status="official", official_since=TODAY, **fields)


@pytest.fixture
def handover(cast):
    """The stranger joined 観光課 today, which has one official account."""
    official(cast.tourism, name="観光の今")
    transferred(row(cast.stranger, "", "kanko"), day=TODAY)
    return Handover.objects.get()


def test_who_joins_takes_over_every_living_account_and_nobody_else_does(cast):
    living = {official(cast.tourism), factories.account(
        cast.tourism, status="suspended", official_since=TODAY
    )}  # fmt: skip
    for status in ("preparing", "closed"):
        factories.account(cast.tourism, status=status, official_since=TODAY)
    official(cast.safety)
    transfer = transferred(row(cast.stranger, "", "kanko"), row(cast.officer, "kanko", "hisho"))
    rows = Handover.objects.all()
    assert {handover.account for handover in rows} == living
    assert {(r.person, r.begins_on, r.transfer, r.confirmed_at) for r in rows} == {
        (cast.stranger, DAY, transfer, None)
    }


def test_the_people_of_the_department_take_over_an_account_that_comes(cast):
    account = official(cast.tourism)
    transferred(row(kind="アカウント", target="bosai", account=account.pk))
    assert set(Handover.objects.values_list("person", flat=True)) == {
        cast.partner_officer.pk, cast.partner_head.pk,
    }  # fmt: skip


def test_an_auditor_takes_over_nothing(cast):
    official(cast.tourism)
    transferred(row(cast.auditor, "", "kanko"))
    assert not Handover.objects.exists()


def test_one_mail_tells_each_person_of_all_his_accounts(cast):
    for number in range(22):
        official(cast.tourism, name=f"観光{number:02}")
    transferred(row(cast.stranger, "", "kanko"), row(cast.partner_officer, "bosai", "kanko"))
    mails = OutgoingMail.objects.order_by("address")
    assert {mail.recipient for mail in mails} == {cast.stranger, cast.partner_officer}
    for mail in mails:
        assert mail.subject == f"【引継ぎ】{DAY.month}月{DAY.day}日から担当するアカウント(22件)"
        assert "観光19\nほかに2件あります。\n" in mail.body
        assert mail.body.strip().endswith("/desk/handovers/")


def test_an_undo_takes_back_what_nobody_confirmed_and_says_so(cast, handover):
    OutgoingMail.objects.all().delete()
    undo(handover.transfer_id, by=cast.administrator)
    assert not Handover.objects.exists()
    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, "人事異動が取り消されました" in mail.subject) == (cast.stranger, True)


def test_a_confirmed_handover_keeps_a_transfer_from_being_undone(cast, handover, client):
    client.force_login(cast.stranger)
    client.post(address(handover), {"read": "on"})
    assert obstacles(handover.transfer) == [
        f"「{handover.account}」の引継ぎを、所属 なしさんがすでに確認しています。"
    ]


def test_the_duty_begins_on_the_day_and_is_due_a_fortnight_later(cast):
    official(cast.tourism)
    transferred(row(cast.stranger, "", "kanko"))
    day_before = DAY - datetime.timedelta(days=1)
    assert list(to_confirm(day_before)) == []
    [handover] = to_confirm(DAY)
    [duty] = [duty for duty in duties.DUTIES if duty.name == "handover"]
    assert duty.due(handover) == DAY + datetime.timedelta(days=14)
    assert duty.link(handover) == address(handover)
    assert duty.who.people([cast.tourism.pk])(handover, cast.tourism.pk) == [cast.stranger]
    assert list(duty.who.rows_of(to_confirm(DAY), cast.stranger, duty.department)) == [handover]
    assert list(duty.who.rows_of(to_confirm(DAY), cast.officer, duty.department)) == []
    assert timezone.localdate(duty.since(handover)) == DAY


@pytest.mark.parametrize("gone", ["left", "inactive"])
def test_who_has_left_again_owes_nothing(cast, handover, gone):
    assert list(to_confirm(TODAY)) == [handover]
    if gone == "left":
        Membership.objects.filter(user=cast.stranger).delete()
    else:
        cast.stranger.is_active = False
        cast.stranger.save()
    assert list(to_confirm(TODAY)) == []


def test_what_moves_only_later_is_not_yet_to_be_confirmed(cast):
    account = official(cast.tourism)
    transferred(row(kind="アカウント", target="bosai", account=account.pk))
    assert list(to_confirm(DAY)) == []
    carry_out(DAY)
    assert to_confirm(DAY).count() == 2


def test_the_person_himself_confirms_once_and_by_name(cast, handover, client):
    client.force_login(cast.stranger)
    assert client.get(address(handover)).status_code == 200
    assert client.post(address(handover)).status_code == 422
    handover.refresh_from_db()
    assert handover.confirmed_at is None
    answer = client.post(address(handover), {"read": "on"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "引継ぎを確認しました" in answer.content.decode()
    handover.refresh_from_db()
    first = handover.confirmed_at
    assert (handover.confirmed_by, first is not None) == (cast.stranger, True)
    assert list(to_confirm(TODAY)) == []
    again = client.post(address(handover), {"read": "on"}, follow=True)
    assert "すでに確認しています" in again.content.decode()
    handover.refresh_from_db()
    assert handover.confirmed_at == first
    assert (
        f"{cast.stranger.name}さんが確認しました" in client.get(address(handover)).content.decode()
    )


def test_others_of_the_department_read_it_and_confirm_nothing(cast, handover, client):
    for reader, status in (
        (cast.head, 200), (cast.colleague, 200), (cast.pr_officer, 200), (cast.auditor, 200),
        (cast.partner_officer, 404), (cast.administrator, 404),
    ):  # fmt: skip
        client.force_login(reader)
        answer = client.get(address(handover))
        assert (answer.status_code, b"id_read" in answer.content) == (status, False)
        refused = client.post(address(handover), {"read": "on"})
        assert refused.status_code == (403 if status == 200 else 404)
    handover.refresh_from_db()
    assert handover.confirmed_at is None


def test_before_the_day_the_list_names_what_will_come_and_nothing_can_be_confirmed(cast, client):
    """The account is another department's until then, and its details are not for these eyes."""
    account = official(cast.tourism, name="観光の今")
    transferred(row(cast.partner_officer, "bosai", "kanko"))
    handover = Handover.objects.get()
    client.force_login(cast.partner_officer)
    page = client.get(LIST).content.decode()
    assert (str(account) in page, address(handover) in page) == (True, False)
    assert client.get(address(handover)).status_code == 404
    assert client.post(address(handover), {"read": "on"}).status_code == 404
    with time_machine.travel(DAY, tick=False):
        client.force_login(cast.partner_officer)
        assert address(handover) in client.get(LIST).content.decode()
        assert client.post(address(handover), {"read": "on"}).status_code == 302


def test_the_page_says_all_that_is_known_of_the_account(cast, handover, client):
    account = handover.account
    Account.objects.filter(pk=account.pk).update(
        password_changed_on=datetime.date(2026, 4, 3), note="予備の鍵は金庫",
        registration_email="kanko@city.shinshiro.lg.jp",
    )  # fmt: skip
    factories.policy(account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer)
    Access.objects.create(account=account, person=cast.head, kind="administrator")
    Access.objects.create(
        account=account, person=cast.deputy, kind="user", since=TODAY, until=TODAY
    )
    Credentials.objects.create(
        account=account, two_factor="app", recovery_address="0536-23-7623",
        recovery_department=cast.tourism,
    )  # fmt: skip
    held = {"account": account, "added_by": cast.officer}
    Device.objects.create(
        **held, name="窓口の電話", kind="phone", is_private=True, keeper=cast.colleague
    )
    Device.objects.create(
        **held, name="古い端末", kind="phone", removed_on=TODAY, removed_by=cast.officer
    )
    ConnectedApp.objects.create(**held, name="予約投稿", purpose="夜間の投稿")
    client.force_login(cast.stranger)
    page = client.get(address(handover))
    text = page.content.decode()
    for said in (
        "2026年4月3日", "パスワードを変更し", "予備の鍵は金庫", "kanko@city.shinshiro.lg.jp",
        "認証アプリ", "0536-23-7623", "窓口の電話(スマートフォン、職員個人のもの、管理:観光 同僚さん)",
        "予約投稿(夜間の投稿)", "第1版を読む", account.policies.get().get_absolute_url(),
        "観光 課長", "困ったとき",
    ):  # fmt: skip
        assert said in text, said
    assert "古い端末" not in text
    [people] = [part for part in page.context["parts"] if part.key == "people"]
    assert [row["lines"] for row in people.rows][:2] == [
        [cast.officer.name], [cast.officer.name, cast.head.name],
    ]  # fmt: skip


def test_only_a_password_that_is_due_is_to_be_changed(cast, handover):
    account, today = handover.account, timezone.localdate()
    account.password_changed_on = None
    account.save()
    assert [row["label"] for row in _of_the_password(account)] == ["最後に変更した日", "すること"]
    account.password_changed_on = today
    account.save()
    assert [row["label"] for row in _of_the_password(account)] == [
        "最後に変更した日", "次の変更期限",
    ]  # fmt: skip


def _of_the_password(account):
    return next(part.rows for part in parts(account) if part.key == "password")


def test_the_page_says_where_nothing_is_on_record(cast, handover, client):
    client.force_login(cast.stranger)
    text = client.get(address(handover)).content.decode()
    assert text.count("記録がありません") >= 4
    assert "まだありません" in text


def test_both_pages_ask_as_often_for_three_as_for_one(cast, handover, client):
    client.force_login(cast.stranger)
    counts = []
    for more in (0, 2):
        for number in range(more):
            account = official(cast.tourism)
            Handover.objects.create(
                transfer=handover.transfer,
                account=account,
                person=cast.stranger,
                begins_on=TODAY,
            )
            Device.objects.create(
                account=handover.account, name=f"端末{number}", kind="phone",
                keeper=cast.colleague, added_by=cast.officer,
            )  # fmt: skip
        for page in (LIST, address(handover)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_as_many_queries_hand_over_to_nine_as_to_three(cast):
    official(cast.tourism)
    counts = []
    for size in (3, 9):
        people = [factories.user() for _ in range(size)]
        with CaptureQueriesContext(connection) as captured:
            transferred(*(row(person, "", "kanko") for person in people))
        counts.append(len(captured))
    assert Transfer.objects.count() == 2
    assert counts[0] == counts[1]


def test_who_shares_an_account_reads_nobodys_handover_on_its_page(cast, handover, client):
    account = handover.account
    account.is_shared, account.shared_theme = True, "防災"
    account.save()
    account.partners.add(cast.safety)

    def names(person):
        client.force_login(person)
        page = client.get(reverse("policies:account", args=[account.pk]))
        return {row.task.duty.name for row in page.context["open_tasks"]}

    assert "handover" in names(cast.officer)
    assert "handover" not in names(cast.partner_officer)


def test_the_desk_leads_from_several_handovers_to_their_list_and_each_page_back(
    cast, handover, client
):
    client.force_login(cast.stranger)
    link = f'href="{reverse("accounts:handovers")}"'
    assert link not in client.get(reverse("desk")).text
    factories.handover(official(handover.account.department), cast.stranger)
    assert link in client.get(reverse("desk")).text
    assert link in client.get(reverse("staff:duty", args=["handover"])).text
    page = client.get(address(handover)).text
    assert link in page
    assert f'href="{reverse("policies:account", args=[handover.account_id])}"' in page
    assert f'href="{reverse("desk")}"' in client.get(reverse("accounts:handovers")).text
