"""A posting tool asks, with a key of the account: who lets it in, for how long, and what it is answered."""

from __future__ import annotations

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import OperatingPolicy
from postings import keys
from postings.models import ToolKey, WorkingCopy
from tests import factories
from tests.postings.conftest import OPEN, SHUT

DAY = datetime.timedelta(days=1)
ADDRESS = "/api/posts/check/"
LINK = "くわしくは https://example.com/ へ"


@pytest.fixture
def key(account, cast):
    """A key made today, with its secret."""
    return keys.make(account, cast.head, name="予約投稿", expires_on=OPEN.date() + 30 * DAY)


@pytest.fixture
def secret(key):
    return key[1]


def ask(client, secret, body, **headers):
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    bearer = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
    return client.post(
        ADDRESS, sent, content_type="application/json", headers={**bearer, **headers}
    )


# --- The answer ---------------------------------------------------------------------------------


def test_it_answers_may_post_and_findings_and_lengths(account, client, secret):
    answer = ask(client, secret, {"text": LINK, "services": ["Instagram"]})

    assert answer.status_code == 200
    said = answer.json()
    assert said["account"] == {"id": account.pk, "name": account.title, "service": "x"}
    assert said["may_post"] == {
        "allowed": True, "says": "発信できます(17:15まで)。",
        "reason": "公式アカウントで、運用時間の中です。", "clause": "4(1)",
        "at": "2026-11-24T10:00:00+09:00", "until": "2026-11-24T17:15:00+09:00",
        "next_opening": None, "may_be_excepted": False,
    }  # fmt: skip
    assert (said["record_required"], said["approval_required"]) == (False, False)
    assert said["counts"] == {"error": 0, "warning": 1, "hint": 0}
    [finding] = said["findings"]
    assert {name: finding[name] for name in ("level", "rule", "clause", "words", "more")} == {
        "level": "warning", "rule": "link.third_party", "clause": "4(2)ウ",
        "words": "https://example.com/", "more": 0,
    }  # fmt: skip
    assert LINK[finding["start"] : finding["end"]] == finding["words"]
    assert finding["title"]
    assert finding["why"]
    assert finding["do"]
    assert said["lengths"] == [
        {"service": "x", "used": 37, "limit": 280, "too_long_from": None},
        {"service": "instagram", "used": 28, "limit": 2200, "too_long_from": None},
    ]


def test_outside_the_hours_it_says_when_they_open_and_that_a_record_is_asked_for(
    account, client, secret, clock
):
    clock.move_to(SHUT)

    said = ask(client, secret, {"text": "本日開館"}).json()

    assert said["may_post"]["allowed"] is False
    assert said["may_post"]["next_opening"] == "2026-11-25T08:30:00+09:00"
    assert said["may_post"]["may_be_excepted"] is True
    assert said["record_required"] is True


def test_what_the_policy_asks_is_answered_too(account, client, secret):
    OperatingPolicy.objects.update(post_record="always", post_approval=True)

    said = ask(client, secret, {"text": "本日開館"}).json()

    assert (said["record_required"], said["approval_required"]) == (True, True)


def test_images_are_told_by_kind_number_and_description(account, client, secret):
    images = [{"kind": "photo", "count": 5}, {"kind": "chart", "described": True}]

    said = ask(client, secret, {"text": "本日開館", "images": images}).json()

    assert {finding["rule"] for finding in said["findings"]} == {
        "image.rights", "image.consent", "image.undescribed", "image.too_many",
    }  # fmt: skip


def test_nothing_of_the_text_is_kept_or_logged(account, client, secret, caplog):
    before = ToolKey.history.count()

    ask(client, secret, {"text": "山田太郎様 090-1234-5678"})
    ask(client, secret, '{"text": "山田太郎様 090-1234-5678"')

    assert not WorkingCopy.objects.exists()
    assert ToolKey.history.count() == before
    assert "山田太郎" not in caplog.text
    assert "1234" not in caplog.text


# --- Who is let in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic {}"}, {"Authorization": "{}"}, {"Authorization": "Bearer \udce3"},
    ],
)  # fmt: skip
def test_without_its_key_nothing_is_answered(account, client, secret, headers):
    sent = {name: value.replace("{}", secret) for name, value in headers.items()}

    answer = ask(client, None, {"text": "本日開館"}, **sent)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="postings"')
    assert list(answer.json()) == ["error"]


def test_a_session_is_no_key(account, cast, client):
    client.force_login(cast.head)
    assert ask(client, None, {"text": "本日開館"}).status_code == 401


def test_a_key_ends_with_its_day_and_at_once_when_it_is_revoked(account, cast, client, key, clock):
    row, secret = key
    clock.move_to(OPEN + 30 * DAY)
    assert ask(client, secret, {"text": "本日開館"}).status_code == 200
    clock.move_to(OPEN + 31 * DAY)
    assert ask(client, secret, {"text": "本日開館"}).status_code == 401

    clock.move_to(OPEN)
    keys.revoke(row, cast.officer)
    assert ask(client, secret, {"text": "本日開館"}).status_code == 401


def test_only_the_hash_of_a_key_is_kept(account, key):
    row, secret = key

    assert len(secret) > 40
    kept = " ".join(map(str, ToolKey.objects.filter(pk=row.pk).values_list().get()))
    kept += " ".join(map(str, ToolKey.history.values_list().get()))
    assert secret not in kept
    assert secret[keys.SHOWN :] not in kept
    assert row.begins_with == secret[: keys.SHOWN]


def test_a_key_may_ask_sixty_times_a_minute(account, client, key, clock):
    row, secret = key
    ToolKey.objects.filter(pk=row.pk).update(minute=OPEN, used_in_minute=keys.MOST_A_MINUTE - 1)
    clock.shift(10)
    assert ask(client, secret, {"text": "本日開館"}).status_code == 200

    answer = ask(client, secret, {"text": "本日開館"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "51")
    clock.shift(50)
    assert ask(client, secret, {"text": "本日開館"}).status_code == 200
    row.refresh_from_db()
    assert (row.used_in_minute, row.last_used_at) == (1, timezone.now())


# --- Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400), ("{", 400), ("[]", 400), ("null", 400), ('"本日"', 400), (b"\xff\xfe\x00", 400),
        ("[" * 200_000, 400), ({}, 400), ({"text": ""}, 400), ({"text": " \n"}, 400),
        ({"text": 1}, 400), ({"text": ["本日"]}, 400), ({"txet": "本日"}, 400),
        ({"text": "本日", "services": "x"}, 400), ({"text": "本日", "services": ["nothing"]}, 400),
        ({"text": "本日", "services": [1]}, 400), ({"text": "本日", "services": ["x"] * 99}, 400),
        ({"text": "本日", "images": {}}, 400), ({"text": "本日", "images": ["photo"]}, 400),
        ({"text": "本日", "images": [{"kind": "ghost"}]}, 400),
        ({"text": "本日", "images": [{"kind": "photo", "count": True}]}, 400),
        ({"text": "本日", "images": [{"kind": "photo", "count": -1}]}, 400),
        ({"text": "本日", "images": [{"kind": ["photo"]}]}, 400),
        ({"text": "あ" * 100_001}, 413), ({"text": "あ" * 2_000_000}, 413),
        ({"text": "あ" * 100_000}, 200), ({"text": "🍁" * 300}, 200),
        ({"text": "本日\0開館"}, 200), ({"text": "\ud83c"}, 200), ({"text": "\u202e本日\u200f"}, 200),
        ({"text": "090-12\u200d34-5678"}, 200), ({"text": "<script>alert(1)</script>"}, 200),
        ({"text": " ".join(f"https://example.com/{n}" for n in range(1000))}, 200),
        ({"text": "本日", "services": [], "images": []}, 200),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_whatever_is_sent_is_answered_with_a_sentence(account, client, secret, body, status):
    answer = ask(client, secret, body)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert ("error" in answer.json()) is (status != 200)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_only_a_post_is_answered(client, method, db):
    answer = getattr(client, method)(ADDRESS)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


# --- The page -----------------------------------------------------------------------------------


def page(account):
    return reverse("postings:keys", args=[account.pk])


def test_the_head_makes_a_key_that_is_shown_this_one_time(account, cast, client):
    client.force_login(cast.head)

    made = client.post(page(account), {"name": "予約投稿", "expires_on": "2027-03-31"})

    secret = made.context["secret"]
    assert made.status_code == 200
    assert f'id="secret">{secret}<' in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert ask(client, secret, {"text": "本日開館"}).status_code == 200
    again = client.get(page(account)).content.decode()
    assert secret not in again
    assert "予約投稿" in again
    row = ToolKey.objects.get()
    assert (row.made_by, row.expires_on) == (cast.head, datetime.date(2027, 3, 31))


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": ""}, "name"), ({"name": "\u200b"}, "name"), ({"name": "a\0"}, "name"),
        ({"expires_on": "2026-11-23"}, "expires_on"), ({"expires_on": "2027-11-26"}, "expires_on"),
        ({"expires_on": ""}, "expires_on"), ({"expires_on": "9999999-01-01"}, "expires_on"),
    ],
)  # fmt: skip
def test_a_key_has_a_name_and_ends_within_a_year(account, cast, client, fields, place):
    client.force_login(cast.head)

    answer = client.post(page(account), {"name": "予約", "expires_on": "2027-11-25"} | fields)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [place]
    assert not ToolKey.objects.exists()


def test_whoever_of_the_department_notices_something_revokes_it(account, cast, client, key):
    row, _ = key
    client.force_login(cast.officer)
    assert client.get(page(account)).context["form"] is None

    answer = client.post(reverse("postings:revoke_key", args=[account.pk, row.pk]))

    assert answer["Location"] == page(account)
    row.refresh_from_db()
    assert (row.revoked_by, row.revoked_at) == (cast.officer, OPEN)
    again = client.post(reverse("postings:revoke_key", args=[account.pk, row.pk]))
    assert again.status_code == 409
    other = factories.official(cast.tourism)
    elsewhere = client.post(reverse("postings:revoke_key", args=[other.pk, row.pk]))
    assert elsewhere.status_code == 404
