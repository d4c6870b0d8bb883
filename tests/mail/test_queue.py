"""What it means to queue a mail."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from shinshiro_sns import mail
from shinshiro_sns.models import OutgoingMail
from staff.models import User
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def queue(to: User | str, key: str = "1", **context: Any) -> OutgoingMail | None:
    return mail.queue(to, "tests/told", {"title": "件名", "text": "本文", **context}, key)


def text_of(body: str) -> str:
    """The middle of the test notice, between greeting and link."""
    return body.removeprefix(" 様\n\n").removesuffix("\n\nhttp://127.0.0.1:8000/desk/\n")


def test_a_queued_mail_says_to_whom_what_and_where(cast: Cast, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.city.example"
    settings.DEFAULT_FROM_EMAIL = "新城市 <sns@city.example>"
    queued = queue(cast.head, title="報告が届きました", text="ご確認ください。")
    assert queued is not None
    queued.refresh_from_db()
    assert queued.recipient == cast.head
    assert queued.address == cast.head.email
    assert queued.subject == "報告が届きました"
    assert queued.body == (
        "観光 課長 様\n\nご確認ください。\n\nhttps://portal.city.example/desk/\n"
    )
    assert queued.message_id.endswith("@city.example>")
    assert queued.get_state_display() == "送信待ち"
    assert str(queued) == f"報告が届きました({cast.head.email})"


def test_a_bare_address_can_be_written_to() -> None:
    queued = queue(" Press@Example.jp ")
    assert queued is not None
    assert (queued.recipient, queued.address) == (None, "Press@Example.jp")


def test_what_is_rolled_back_sends_no_mail() -> None:
    with transaction.atomic():
        queue("a@city.example")
        transaction.set_rollback(True)
    assert list(OutgoingMail.objects.all()) == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_can_be_queued() -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        queue("a@city.example")
    assert list(OutgoingMail.objects.all()) == []


def test_the_same_notice_of_the_same_occasion_reaches_a_person_once(cast: Cast) -> None:
    first = queue(cast.head)
    assert first is not None
    assert queue(cast.head, text="もう一度") is None
    cast.head.email = "married@city.example"
    cast.head.save()
    assert queue(cast.head) is None
    assert list(OutgoingMail.objects.all()) == [first]


def test_a_bare_address_is_told_once_however_it_is_written() -> None:
    assert queue("press@example.jp") is not None
    assert queue("Press@Example.JP ") is None


def test_another_person_or_occasion_is_told_too(cast: Cast) -> None:
    assert queue(cast.head, "1") is not None
    assert queue(cast.officer, "1") is not None
    assert queue(cast.head, "2") is not None
    assert OutgoingMail.objects.count() == 3


def test_of_many_only_those_are_told_who_had_not_been_and_they_are_named(cast: Cast) -> None:
    letters = {
        person: {"title": f"{person.name}宛て", "text": "本文"}
        for person in (cast.head, cast.officer, cast.colleague)
    }
    queue(cast.officer, title="先に届いた件名")
    assert mail.queue_many("tests/told", letters, "1") == [cast.head, cast.colleague]
    assert mail.queue_many("tests/told", letters, "1") == []
    assert set(OutgoingMail.objects.values_list("recipient__name", "subject")) == {
        ("観光 担当", "先に届いた件名"), ("観光 課長", "観光 課長宛て"), ("観光 同僚", "観光 同僚宛て"),
    }  # fmt: skip


def test_message_ids_differ() -> None:
    for key in ("1", "2", "3"):
        queue("a@city.example", key)
    assert len(set(OutgoingMail.objects.values_list("message_id", flat=True))) == 3


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("改行\r\nBcc: evil@example.com", "改行 Bcc: evil@example.com"),
        ("一\u2028二\x85三\x0b四", "一 二 三 四"),
        ("  前後  と 間  ", "前後 と 間"),
        ("制御\x00文\x1b字\ud800", "制御文字"),
        ("①髙﨑～𠮷👩‍👩‍👧", "①髙﨑～𠮷👩‍👩‍👧"),
        ("あ" * 200, "あ" * 200),
        ("あ" * 201, "あ" * 199 + "…"),
        ("", ""),
    ],
)
def test_a_subject_is_one_line(title: str, subject: str) -> None:
    queued = queue("a@city.example", title=title)
    assert queued is not None
    queued.refresh_from_db()
    assert queued.subject == subject


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("<b>A&B</b> \"'", "<b>A&B</b> \"'"),
        ("一\r\n二\r三\n四\t五", "一\n二\n三\n四\t五"),
        ("ヌ\x00ル\ud83dと\x1b[31m色", "ヌルと[31m色"),
        ("①髙～𠮷👩‍👩‍👧", "①髙～𠮷👩‍👩‍👧"),
    ],
)
def test_a_body_is_plain_text_as_it_was_written(text: str, body: str) -> None:
    queued = queue("a@city.example", text=text)
    assert queued is not None
    queued.refresh_from_db()
    assert text_of(queued.body) == body


def test_the_figures_say_what_waits_and_what_was_given_up(
    tell: Callable[..., OutgoingMail],
) -> None:
    old, new, lost, gone = tell(), tell(), tell(), tell()
    OutgoingMail.objects.filter(pk=old.pk).update(queued_at=timezone.now() - timedelta(hours=2))
    OutgoingMail.objects.filter(pk=lost.pk).update(state="undeliverable", last_error="理由")
    OutgoingMail.objects.filter(pk=gone.pk).update(state="sent", sent_at=timezone.now())
    assert set(OutgoingMail.objects.waiting()) == {old, new}
    assert set(OutgoingMail.objects.waiting(longer_than=timedelta(hours=1))) == {old}
    assert set(OutgoingMail.objects.undeliverable()) == {lost}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "lost"},
        {"state": "sent"},
        {"sent_at": timezone.now()},
        {"state": "undeliverable", "last_error": ""},
    ],
)
def test_a_row_that_contradicts_itself_cannot_exist(
    tell: Callable[..., OutgoingMail], nonsense: dict[str, Any]
) -> None:
    queued = tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=queued.pk).update(**nonsense)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_who_tell_of_the_same_at_once_send_one_mail() -> None:
    both_there = threading.Barrier(2, timeout=20)
    results: list[OutgoingMail | None] = []

    def tell_of_it() -> None:
        try:
            with transaction.atomic():
                both_there.wait()
                results.append(queue("a@city.example"))
                # Still a transaction that can go on, for the one who came second too.
                assert OutgoingMail.objects.count() == 1
        finally:
            connection.close()

    threads = [threading.Thread(target=tell_of_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result is None for result in results) == [False, True]
    assert OutgoingMail.objects.count() == 1
