"""`/health/`: what a watcher learns, and that it learns no secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.checks import registry
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from publication.checks import root_lasts
from publication.keys import create
from publication.models import Publisher
from shinshiro_sns.models import OutgoingMail
from staff.models import Department
from tests.conftest import Cast

OK = {"ok": True, "message": ""}


def mail(**fields: Any) -> OutgoingMail:
    return OutgoingMail.objects.create(
        **{
            "key": "k", "address": "someone@city.example", "subject": "件名", "message_id": "<1@x>",
            **fields,
        }
    )  # fmt: skip


def test_it_lives_whatever_becomes_of_the_database(client: Client) -> None:
    # No fixture allows this test a query.
    response = client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_it_is_ready(client: Client, cast: Cast) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": [
            {"name": name, **OK}
            for name in (
                "database",
                "migrations",
                "pr_division",
                "mail",
                "security_txt",
                "publication",
                "publication_root",
            )
        ],
    }
    assert "no-store" in response["Cache-Control"]


def test_without_a_pr_division_it_is_not_ready(client: Client, cast: Cast) -> None:
    Department.objects.update(is_pr_division=False)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "checks": [
            {"name": "database", **OK},
            {"name": "migrations", **OK},
            {
                "name": "pr_division",
                "ok": False,
                "message": "広報主管課が設定されていないため、運用ポリシーの報告を受けられません。",
            },
        ],
    }


def test_with_a_migration_missing_it_is_not_ready(client: Client, cast: Cast) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="policies").delete()

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"][-1] == {
        "name": "migrations",
        "ok": False,
        "message": "データベースの更新(manage.py migrate)が済んでいません。",
    }


@pytest.fixture
def unreachable_database(transactional_db: None) -> Iterator[None]:
    """The connection leads nowhere."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/no/such/folder/secret_database"
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


def test_without_its_database_it_is_not_ready_but_lives(
    client: Client, unreachable_database: None
) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {
        "status": "failing",
        "checks": [{"name": "database", "ok": False, "message": "データベースに接続できません。"}],
    }
    assert client.get("/health/live").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "undeliverable", "last_error": "550 秘密"}, "送信できないメールがあります。"),
        ({"queued_at": timedelta(hours=2)}, "1時間以上送られていないメールがあります。"),
    ],
)
def test_mail_that_does_not_go_out_is_named_but_stops_nothing(
    client: Client, cast: Cast, fields: dict[str, Any], said: str
) -> None:
    age = fields.get("queued_at")
    mail(**{**fields, "queued_at": timezone.now() - age} if age else fields)

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert {check["name"]: check["message"][: len(said)] for check in response.json()["checks"]} == {
        "database": "", "migrations": "", "pr_division": "", "mail": said, "security_txt": "",
        "publication": "", "publication_root": "",
    }  # fmt: skip
    assert "someone@" not in response.content.decode()
    assert "550" not in response.content.decode()


def test_mail_just_queued_is_no_fault(client: Client, cast: Cast) -> None:
    mail()

    assert client.get("/health/ready").json()["status"] == "ok"


@pytest.mark.parametrize(("days", "is_said"), [(-1, True), (0, True), (29, True), (30, False)])
def test_a_security_txt_that_ends_soon_is_named_but_stops_nothing(
    client: Client, cast: Cast, settings: Any, days: int, is_said: bool
) -> None:
    settings.SECURITY_EXPIRES = str(timezone.localdate() + timedelta(days=days))

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["status"] == ("degraded" if is_said else "ok")
    said = {check["name"]: check["message"] for check in response.json()["checks"]}
    assert (settings.SECURITY_EXPIRES in said["security_txt"]) == is_said


@pytest.mark.parametrize(("days", "is_said"), [(669, False), (671, True), (740, True)])
def test_a_root_that_ends_soon_is_named_but_stops_nothing(
    client: Client, cast: Cast, settings: Any, tmp_path: Path, days: int, is_said: bool
) -> None:
    settings.PUBLICATION_KEYS, settings.SECURITY_EXPIRES = str(tmp_path / "keys"), ""
    create(tmp_path / "keys", tmp_path / "root.pem")

    with time_machine.travel(timezone.now() + timedelta(days=days)):
        response = client.get("/health/ready")
        warned = [each.id for each in root_lasts(None)]

    assert (response.status_code, response.json()["status"]) == (
        200, "degraded" if is_said else "ok",
    )  # fmt: skip
    said = {check["name"]: check["message"] for check in response.json()["checks"]}
    assert ("publication_keys replace" in said["publication_root"]) == is_said
    assert warned == (["publication.W002"] if is_said else [])
    assert root_lasts in registry.registry.get_checks(include_deployment_checks=True)


def test_a_root_that_cannot_be_read_is_named_without_its_place(
    client: Client, cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.PUBLICATION_KEYS = str(tmp_path)
    (tmp_path / "1.root.json").write_text("{")

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert "ルート情報を読めません。" in response.content.decode()
    assert str(tmp_path) not in response.content.decode()
    assert root_lasts(None) == []


def test_public_pages_that_nobody_brings_up_to_date_are_named_but_stop_nothing(
    client: Client, cast: Cast
) -> None:
    Publisher.objects.record_success("/srv/site", 1)
    assert client.get("/health/ready").json()["status"] == "ok"
    Publisher.objects.record_failure("/srv/site", "書き込めません(/srv/site)。")

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert "公開ページの更新が止まっています。" in response.content.decode()
    assert "/srv/site" not in response.content.decode()
