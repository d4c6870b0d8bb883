"""The whole incident afterwards: as a page, as a paper, and as a package for the police or the press."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incidents import evidence, log
from incidents.models import Incident
from incidents.opening import open_incident
from incidents.workflow import line_for, step_workflow
from tests import factories
from tests.conftest import Cast
from tests.papers import Paper
from tests.pictures import with_place

pytestmark = pytest.mark.django_db

MINUTES = datetime.timedelta(minutes=1)


def said(text: Any) -> str:
    return "".join(str(text).split())


@pytest.fixture
def incident(cast: Cast, evidence_folder: Any) -> Incident:
    """A 誤記 found two hours ago: its first step done late, one decision, a post, a photograph."""
    account = factories.official(cast.tourism)
    made, _ = open_incident(
        "error", cast.tourism, cast.officer, account=account, known="開催日を間違えて投稿した。",
        discovered_at=timezone.now() - 120 * MINUTES,
    )  # fmt: skip
    step = made.steps.order_by("order").first()
    step_workflow.take(
        step, line_for("do", step, cast.officer).name, by=cast.officer,
        happened_at=timezone.now() - MINUTES, words="広報紙と見比べた。", url="",
    )  # fmt: skip
    log.add(made, log.Kind.DECISION, "訂正だけを投稿する。", cast.head)
    log.add(
        made, log.Kind.POST, "正しくは5月3日です。", cast.officer, url="https://x.com/example/status/1"
    )  # fmt: skip
    photograph = SimpleUploadedFile("現場.jpg", with_place())
    evidence.keep(made, photograph, shows="間違えた投稿", by=cast.officer)
    return made


def got(client: Client, person: Any, name: str, incident: Incident) -> Any:
    client.force_login(person)
    return client.get(reverse(f"incidents:{name}", args=[incident.pk]))


def handed_over(client: Client, person: Any, incident: Incident, what: str) -> zipfile.ZipFile:
    client.force_login(person)
    answer = client.post(
        reverse("incidents:package", args=[incident.pk]), {"what": what, "to": "新城警察署"}
    )
    assert answer.status_code == 200, answer.content.decode()
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


# --- The report ------------------------------------------------------------------------------------


def test_the_paper_has_every_step_with_deadline_and_time_the_log_and_the_hashes(
    client: Client, cast: Cast, incident: Incident
) -> None:
    read = Paper(got(client, cast.officer, "report_paper", incident).content)
    assert read.title == f"事案報告書 {incident}"
    assert (read.language, read.is_tagged, set(read.fonts().values())) == ("ja", True, {True})
    for step in incident.steps.all():
        assert said(step.label) in read.text
    for entry in incident.entries.all():
        # Not its whole: a page may end within it.
        assert said(entry.text)[:8] in read.text
    row = incident.evidence.get()
    assert row.sha256 in read.text
    assert row.copy_sha256 in read.text
    assert "対応中の事案です" in read.text


def test_a_step_done_late_says_by_how_much(client: Client, cast: Cast, incident: Incident) -> None:
    step = incident.steps.order_by("order").first()
    step.due_at = step.happened_at - 90 * MINUTES
    step.save()
    page = got(client, cast.officer, "report", incident).content.decode()
    assert "期限の1時間30分後" in page


def test_a_decision_stands_apart(client: Client, cast: Cast, incident: Incident) -> None:
    page = got(client, cast.officer, "report", incident).content.decode()
    decisions = page.split('id="decisions"')[1].split("</section>")[0]
    assert "訂正だけを投稿する。" in decisions
    assert "広報紙" not in decisions


def test_its_queries_do_not_grow_with_the_log(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.officer)
    address = reverse("incidents:report", args=[incident.pk])
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(3):
        log.add(incident, log.Kind.NOTE, f"気づいたこと{number}", cast.colleague)
        picture = SimpleUploadedFile(f"{number}.jpg", with_place(number))
        evidence.keep(incident, picture, shows="画面", by=cast.officer)
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(more) == len(one)


# --- The package -----------------------------------------------------------------------------------


def test_the_polices_bag_is_whole_and_every_file_is_what_its_manifest_says(
    client: Client, cast: Cast, incident: Incident
) -> None:
    bag = handed_over(client, cast.head, incident, "police")
    [top] = {name.split("/")[0] for name in bag.namelist()}
    read = {name.removeprefix(f"{top}/"): bag.read(name) for name in bag.namelist()}
    assert set(read) == {
        "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt",
        "data/report.pdf", "data/log.csv", "data/evidence.csv",
        "data/evidence/originals/001.jpeg", "data/evidence/copies/001.jpeg",
    }  # fmt: skip
    for manifest, files in (
        ("manifest-sha256.txt", {name for name in read if name.startswith("data/")}),
        ("tagmanifest-sha256.txt", {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}),
    ):
        listed = dict(line.split("  ")[::-1] for line in read[manifest].decode().splitlines())
        assert set(listed) == files
        assert listed == {name: hashlib.sha256(read[name]).hexdigest() for name in files}
    row = incident.evidence.get()
    assert hashlib.sha256(read["data/evidence/originals/001.jpeg"]).hexdigest() == row.sha256
    assert "Recipient: 新城警察署" in read["bag-info.txt"].decode()


def test_its_list_of_evidence_says_what_each_file_is(
    client: Client, cast: Cast, incident: Incident
) -> None:
    bag = handed_over(client, cast.head, incident, "police")
    [name] = [name for name in bag.namelist() if name.endswith("evidence.csv")]
    rows = list(csv.DictReader(io.StringIO(bag.read(name).decode("utf-8-sig"))))
    assert [(row["ファイル"], row["元の名前"], row["照合"]) for row in rows] == [
        ("evidence/originals/001.jpeg", "現場.jpg", "一致"),
        ("evidence/copies/001.jpeg", "現場.jpg", "一致"),
    ]


def test_a_file_altered_in_the_store_is_named_and_left_out(
    client: Client, cast: Cast, incident: Incident
) -> None:
    row = incident.evidence.get()
    with row.file.storage.open(row.file.name, "r+b") as held:
        held.write(b"X")
    bag = handed_over(client, cast.head, incident, "police")
    assert not [name for name in bag.namelist() if "originals" in name]
    [name] = [name for name in bag.namelist() if name.endswith("evidence.csv")]
    rows = list(csv.DictReader(io.StringIO(bag.read(name).decode("utf-8-sig"))))
    assert [row["照合"] for row in rows] == ["登録したときの内容と一致しない", "一致"]


def test_the_log_keeps_who_took_it_out_for_whom_with_the_hash_of_the_whole(
    client: Client, cast: Cast, incident: Incident
) -> None:
    client.force_login(cast.head)
    answer = client.post(
        reverse("incidents:package", args=[incident.pk]), {"what": "police", "to": "新城警察署"}
    )
    whole = hashlib.sha256(b"".join(answer.streaming_content)).hexdigest()
    entry = incident.entries.order_by("-pk").first()
    assert entry.recorded_by == cast.head
    assert entry.text == f"事案の一式(証拠を含む)を取り出した。渡す相手:新城警察署(SHA-256 {whole})"


def test_who_may_not_take_out_originals_is_offered_the_public_part_alone(
    client: Client, cast: Cast, incident: Incident
) -> None:
    page = got(client, cast.officer, "package", incident).content.decode()
    assert ('value="police"' in page, 'value="press"' in page) == (False, True)
    address = reverse("incidents:package", args=[incident.pk])
    assert client.post(address, {"what": "police", "to": "新城警察署"}).status_code == 422


def test_the_press_gets_what_was_public_and_no_name_of_anybody(
    client: Client, cast: Cast, incident: Incident
) -> None:
    bag = handed_over(client, cast.pr_officer, incident, "press")
    [paper] = [name for name in bag.namelist() if "/data/" in name]
    read = Paper(bag.read(paper))
    assert "正しくは5月3日です。" in read.text
    for kept in (cast.officer.name, cast.head.name, "広報紙と見比べた", "訂正だけを投稿する"):
        assert said(kept) not in read.text


@pytest.mark.parametrize(("what", "to"), [("", "新城警察署"), ("police", ""), ("all", "だれか")])
def test_nothing_is_handed_over_to_nobody_or_of_an_unknown_kind(
    client: Client, cast: Cast, incident: Incident, what: str, to: str
) -> None:
    before = incident.entries.count()
    client.force_login(cast.officer)
    answer = client.post(reverse("incidents:package", args=[incident.pk]), {"what": what, "to": to})
    assert answer.status_code == 422
    assert incident.entries.count() == before
