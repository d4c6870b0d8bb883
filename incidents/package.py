"""An incident as a package to hand over: a bag of files with their SHA-256 (BagIt, RFC 8493), zipped.

For the police everything, the files of evidence as they were taken in; for the press only what has
been public already.
"""

from __future__ import annotations

import csv
import enum
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.evidence import Damaged
from incidents import evidence, log, report
from incidents.models import Incident, IncidentEvidence
from shinshiro_sns import pdf
from shinshiro_sns.tables import escaped
from staff.models import User

IN_MEMORY = 8 * 1024 * 1024
ERASED, DAMAGED, SAME = "保存期間が過ぎたため消去済み", "登録したときの内容と一致しない", "一致"


class For(enum.Enum):
    """Whom a package is for, and what is in it."""

    POLICE = "police"
    PRESS = "press"


@dataclass(frozen=True)
class Package:
    """A finished package: its open file, what to call it, and the SHA-256 of the whole."""

    file: IO[bytes]
    name: str
    sha256: str


def handed_over(incident: Incident, by: User, what: For, to: str) -> Package:
    """Make the package for `to` and write into the log who took it out, for whom, with its SHA-256."""
    made = _zipped(incident, _contents(incident, by, what), to, what)
    called = {For.POLICE: "事案の一式(証拠を含む)", For.PRESS: "公表した内容の一式"}[what]
    with transaction.atomic():
        log.add(
            incident, log.Kind.EVIDENCE,
            f"{called}を取り出した。渡す相手:{to}(SHA-256 {made.sha256})", by,
        )  # fmt: skip
    return made


def _contents(incident: Incident, by: User, what: For) -> Iterator[tuple[str, bytes]]:
    if what is For.PRESS:
        paper = pdf.made("print/incidents/press.html", report.published(incident))
        yield "press.pdf", paper
        return
    facts = report.gathered(incident, by)
    yield "report.pdf", pdf.made("print/incidents/report.html", facts)
    yield "log.csv", _table(
        ("日時", "種類", "内容", "URL", "記録した人", "記録した日時"),
        (
            (
                _said(entry.happened_at), entry.get_kind_display(), entry.text, entry.url,
                entry.recorded_by.name if entry.recorded_by else "", _said(entry.recorded_at),
            )
            for entry in facts["entries"]
        ),
    )  # fmt: skip
    listed = []
    for number, row in enumerate(facts["evidence"], start=1):
        for place, sha256, content, state in _files(number, row):
            listed.append(
                (place, row.shows, row.name, sha256, state, row.uploaded_by.name,
                 _said(row.uploaded_at))
            )  # fmt: skip
            if content is not None:
                yield place, content
    yield "evidence.csv", _table(
        ("ファイル", "写っているもの", "元の名前", "登録したときのSHA-256", "照合", "登録した人", "登録した日時"),
        listed,
    )  # fmt: skip


def _files(number: int, row: IncidentEvidence) -> Iterator[tuple[str, str, bytes | None, str]]:
    """Place, hash, content and whether it is what was taken in: the original, and the copy if any."""
    ending = row.kind.rpartition("/")[2]
    for folder, original, sha256 in (
        ("originals", True, row.sha256),
        ("copies", False, row.copy_sha256),
    ):
        if not sha256:
            continue
        place = f"evidence/{folder}/{number:03}.{ending}"
        if row.erased_at is not None:
            yield place, sha256, None, ERASED
            continue
        try:
            yield place, sha256, evidence.content_of(row, original=original), SAME
        except Damaged:
            yield place, sha256, None, DAMAGED


def _said(moment: object) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")  # type: ignore[arg-type]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _zipped(
    incident: Incident, contents: Iterable[tuple[str, bytes]], to: str, what: For
) -> Package:
    now = timezone.localtime()
    name = f"jian-{incident.pk}-{what.value}-{now:%Y%m%d-%H%M%S}"
    # Closed by the answer that sends it.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    sizes: list[int] = []

    def put(bag: zipfile.ZipFile, path: str, content: bytes) -> str:
        entry = zipfile.ZipInfo(f"{name}/{path}", now.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        bag.writestr(entry, content)
        return f"{hashlib.sha256(content).hexdigest()}  {path}\n"

    with zipfile.ZipFile(file, "w") as bag:
        manifest = ""
        for path, content in contents:
            manifest += put(bag, f"data/{path}", content)
            sizes.append(len(content))
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": (
                f"Source-Organization: {settings.CITY_NAME}\n"
                f"External-Description: {_one_line(str(incident))}\n"
                f"External-Identifier: {incident.pk}\n"
                f"Recipient: {_one_line(to)}\n"
                f"Bagging-Date: {now:%Y-%m-%d}\n"
                f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\n"
            ),
            "manifest-sha256.txt": manifest,
        }
        of_tags = "".join(put(bag, path, text.encode()) for path, text in tags.items())
        put(bag, "tagmanifest-sha256.txt", of_tags.encode())
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return Package(file, f"{name}.zip", digest)


def _one_line(text: str) -> str:
    return " ".join(text.split())
