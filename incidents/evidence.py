"""Evidence of an incident: taken in untouched, with a copy beside it where a picture tells too much.

The one place that writes and reads these files. They lie where all evidence lies.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from accounts.evidence import Measured, kind_of, readable_name, stored_content
from incidents import log
from incidents.models import Incident, IncidentEvidence, IncidentStep
from incidents.pictures import without_metadata
from staff.models import User


def keep(
    incident: Incident,
    file: UploadedFile,
    *,
    shows: str,
    by: User,
    step: IncidentStep | None = None,
) -> tuple[IncidentEvidence, bool]:
    """Take `file` in; whether it is new: the same content is kept once in an incident.

    Raises `ValidationError` for what is no evidence. Not to be called within a transaction: one
    that is rolled back later would leave a file without its row.
    """
    kind = kind_of(file)
    file.seek(0)
    copy = without_metadata(file.read(), kind)
    file.seek(0)
    made = IncidentEvidence(
        incident=incident, step=step, kind=kind, shows=shows, uploaded_by=by,
        name=readable_name(file.name or "", kind),
    )  # fmt: skip
    stored: list[FieldFile] = []
    try:
        with transaction.atomic():
            # One at a time: two clicks are one file.
            Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
            measured = Measured(file)
            made.file.save(made.name, measured, save=False)
            stored.append(made.file)
            made.size, made.sha256 = measured.length, measured.digest.hexdigest()
            again: IncidentEvidence | None = IncidentEvidence.objects.filter(
                incident=incident, sha256=made.sha256, erased_at__isnull=True
            ).first()
            if again is None:
                if copy is not None:
                    made.copy.save(made.name, ContentFile(copy), save=False)
                    stored.append(made.copy)
                    made.copy_size, made.copy_sha256 = len(copy), hashlib.sha256(copy).hexdigest()
                made.save()
                log.add(
                    incident, log.Kind.EVIDENCE,
                    f"証拠を登録した。{shows}({made.name}、SHA-256 {made.sha256})", by, step=step,
                )  # fmt: skip
    except BaseException:
        _remove(stored)
        raise
    if again is not None:
        _remove(stored)
        return again, False
    return made, True


def _remove(stored: list[FieldFile]) -> None:
    for file in stored:
        file.storage.delete(str(file.name))


def content_of(row: IncidentEvidence, *, original: bool) -> bytes:
    """What is handed out: the copy where there is one, unless it is to be the original. Raises
    `accounts.evidence.Damaged` where it is not what was taken in (any more)."""
    if row.copy and not original:
        return stored_content(row.copy, row.copy_size or 0, row.copy_sha256)
    return stored_content(row.file, row.size, row.sha256)


def files_of(row: IncidentEvidence) -> list[tuple[FieldFile, int, str]]:
    """Everything of it in the store, for `accounts.evidence.verify`."""
    held: list[tuple[Any, int, str]] = [(row.file, row.size, row.sha256)]
    if row.copy:
        held.append((row.copy, row.copy_size or 0, row.copy_sha256))
    return held


def forget_files() -> None:
    """Remove the files of rows whose term is over: again and again until none is left."""
    for row in IncidentEvidence.objects.filter(erased_at__isnull=False).iterator():
        _remove([file for file, _, _ in files_of(row)])
