"""Evidence: by its content, untouched, and with a copy where a picture tells where it was taken."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.evidence import verify
from incidents.models import Incident, IncidentEvidence
from incidents.pictures import MOST_PIXELS, without_metadata
from incidents.terms import TERMS
from tests import factories
from tests.conftest import Cast
from tests.incidents import things

TURNED = 6
GPS = {1: "N", 2: (34.0, 54.0, 0.0), 3: "E", 4: (137.0, 30.0, 0.0)}


def photograph(as_format: str = "JPEG") -> bytes:
    """A picture, wider than high, that says where it was taken and that it lies on its side."""
    picture = Image.new("RGB", (40, 20), "white")
    exif = Image.Exif()
    exif[0x0112] = TURNED
    exif[0x010F] = "telephone"
    exif.get_ifd(0x8825).update(GPS)
    written = io.BytesIO()
    picture.save(written, as_format, exif=exif)
    return written.getvalue()


@pytest.fixture
def incident(cast: Cast, evidence_folder: Path) -> Incident:
    return things.incident(cast.officer, "impersonation", account=factories.official(cast.tourism))


def send(client: Client, incident: Incident, content: bytes, name: str = "a.jpg") -> object:
    return client.post(
        reverse("incidents:add_evidence", args=[incident.pk]),
        {"shows": "偽のプロフィール", "file": SimpleUploadedFile(name, content)},
    )


@pytest.mark.parametrize("as_format", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_that_tells_where_it_was_taken_there_is_a_copy_that_does_not(
    client: Client, cast: Cast, incident: Incident, as_format: str
) -> None:
    content = photograph(as_format)
    client.force_login(cast.officer)
    send(client, incident, content)

    row = IncidentEvidence.objects.get()
    copied = client.get(reverse("incidents:evidence_file", args=[incident.pk, row.pk])).content
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert row.copy_sha256 == hashlib.sha256(copied).hexdigest()
    with Image.open(io.BytesIO(copied)) as picture:
        assert (dict(picture.getexif()), picture.size) == ({}, (20, 40))
    assert (b"telephone" in content, b"telephone" in copied) == (True, False)
    client.force_login(cast.head)
    original = client.get(reverse("incidents:evidence_original", args=[incident.pk, row.pk]))
    assert original.content == content


def test_words_beside_a_picture_are_left_out_too() -> None:
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    told = PngInfo()
    told.add_text("Author", "見本 花子")
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG", pnginfo=told)

    copied = without_metadata(written.getvalue(), "image/png")
    assert copied is not None
    with Image.open(io.BytesIO(copied)) as picture:
        picture.load()
        assert picture.text == {}


def test_a_picture_that_tells_nothing_needs_no_copy(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.officer)
    send(client, incident, factories.PNG, "画面.png")

    row = IncidentEvidence.objects.get()
    answer = client.get(reverse("incidents:evidence_file", args=[incident.pk, row.pk]))
    assert (bool(row.copy), row.copy_sha256, answer.content) == (False, "", factories.PNG)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ" + b"\0" * 200, "画面.png", "受け付けられる種類ではありません。"),
        (b"", "画面.png", "ファイルが空です。"),
        (factories.PNG[:40], "画面.png", "壊れています。"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words(
    client: Client, cast: Cast, incident: Incident, content: bytes, name: str, sentence: str
) -> None:
    client.force_login(cast.officer)

    answer = send(client, incident, content, name)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert "偽のプロフィール" in answer.content.decode()
    assert not IncidentEvidence.objects.exists()


def test_fifty_megabytes_are_too_many(client: Client, cast: Cast, incident: Incident) -> None:
    client.force_login(cast.officer)

    answer = send(client, incident, b"\x89PNG" + b"\0" * 50 * 1024 * 1024, "画面.png")

    assert (answer.status_code, "ファイルが大きすぎます。" in answer.content.decode()) == (
        422,
        True,
    )


def test_a_small_file_that_unpacks_into_too_much_is_refused(
    client: Client, cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.pictures.MOST_PIXELS", 40 * 20 - 1)
    client.force_login(cast.officer)

    answer = send(client, incident, photograph())

    assert (answer.status_code, "画素数が多すぎる画像です。" in answer.content.decode()) == (
        422,
        True,
    )
    assert MOST_PIXELS > 50_000_000


def test_the_same_file_is_kept_once_and_no_file_is_left_over(
    client: Client, cast: Cast, incident: Incident, evidence_folder: Path
) -> None:
    client.force_login(cast.officer)
    for _ in range(2):
        send(client, incident, photograph())

    files = [path for path in evidence_folder.rglob("*") if path.is_file()]
    assert (IncidentEvidence.objects.count(), len(files)) == (1, 2)
    assert incident.entries.filter(kind="evidence").count() == 1


def test_it_belongs_to_a_step_of_this_incident_alone(
    client: Client, cast: Cast, incident: Incident
) -> None:
    other = things.incident(cast.officer, department=cast.tourism, known="別件")
    client.force_login(cast.officer)
    url = reverse("incidents:add_evidence", args=[incident.pk])
    sent = {"shows": "画面", "file": SimpleUploadedFile("a.png", factories.PNG)}
    foreign = client.post(url, {**sent, "step": things.step(other, "confirm").pk})
    sent["file"] = SimpleUploadedFile("a.png", factories.PNG)
    client.post(url, {**sent, "step": things.step(incident, "evidence").pk})

    assert foreign.status_code == 422
    assert IncidentEvidence.objects.get().step == things.step(incident, "evidence")


def test_a_file_that_is_not_what_was_taken_in_is_not_handed_out(
    client: Client, cast: Cast, incident: Incident
) -> None:
    row = things.file(incident, cast.officer)
    Path(row.file.path).write_bytes(b"x")
    client.force_login(cast.officer)

    answer = client.get(reverse("incidents:evidence_file", args=[incident.pk, row.pk]), follow=True)
    assert "取り出せません。ファイルの内容が、登録されたときと違います" in answer.content.decode()


def test_all_files_of_both_ledgers_are_verified_together(
    cast: Cast, incident: Incident, evidence_folder: Path
) -> None:
    factories.evidence(incident.account, cast.officer)
    row = things.file(incident, cast.officer, photograph())
    assert verify().good == 3
    Path(row.copy.path).unlink()

    found = verify()
    assert (found.good, len(found.wrong), found.strange) == (2, 1, [])
    with pytest.raises(SystemExit):
        call_command("verify_evidence", stdout=io.StringIO(), stderr=io.StringIO())


def test_five_years_after_the_end_the_files_go_and_their_rows_stay(
    cast: Cast, incident: Incident, evidence_folder: Path
) -> None:
    row = things.file(incident, cast.officer, photograph())
    [term] = [term for term in TERMS if term.name == "incident_evidence"]
    today = timezone.localdate()
    assert term.carry_out(today) == 0
    things.moved(incident, "cancel", cast.head)
    long_ago = timezone.now() - timezone.timedelta(days=3)
    Incident.objects.update(state_since=long_ago)

    assert term.carry_out(today) == 1
    term.sweep()
    row.refresh_from_db()
    assert [path for path in evidence_folder.rglob("*") if path.is_file()] == []
    assert (row.erased_at is not None, row.shows, len(row.sha256)) == (True, "画面", 64)
    assert verify().wrong == []
