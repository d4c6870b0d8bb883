"""Evidence: files taken in, judged by what they hold, and handed out as they were taken in.

The one place that writes and reads them. A file and its row come and go together.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from accounts.file_kinds import is_whole
from accounts.models import Account, Evidence
from accounts.models.evidence import StoredFile
from staff.models import User

logger = logging.getLogger(__name__)

# An animated PNG is a PNG.
KINDS = {
    "image/png": Evidence.Kind.PNG,
    "image/apng": Evidence.Kind.PNG,
    "image/jpeg": Evidence.Kind.JPEG,
    "image/webp": Evidence.Kind.WEBP,
    "application/pdf": Evidence.Kind.PDF,
}
EXTENSIONS = {
    Evidence.Kind.PNG: (".png",),
    Evidence.Kind.JPEG: (".jpg", ".jpeg"),
    Evidence.Kind.WEBP: (".webp",),
    Evidence.Kind.PDF: (".pdf",),
}
ACCEPTED = "PNG、JPEG、WebPの画像か、PDF"
# Control and formatting characters (which hide, or turn the text around), line separators, halves
# of characters; and what names of files must not contain on some system.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
LONGEST_NAME = 200


class Damaged(Exception):
    """The stored file is gone or is no longer what was taken in; the message says which."""


def limit_bytes() -> int:
    """The largest file that is taken in."""
    return int(settings.EVIDENCE_MAX_MB) * 1024 * 1024


def kind_of(file: File) -> Evidence.Kind:
    """What the content is, whatever the file is called. Raises `ValidationError`, in words."""
    size = file.size or 0
    if size == 0:
        raise ValidationError("ファイルが空です。", "empty")
    if size > limit_bytes():
        raise ValidationError(
            f"ファイルが大きすぎます。{settings.EVIDENCE_MAX_MB}MBまでのファイルにしてください。",
            "large",
        )
    file.seek(0)
    guessed = filetype.guess_mime(file.read(8192))
    kind = KINDS.get(guessed or "")
    if kind is None:
        raise ValidationError(
            f"このファイルの中身は、受け付けられる種類ではありません。{ACCEPTED}を選んでください。",
            "kind",
        )
    file.seek(0)
    if not is_whole(kind, file.read()):
        raise ValidationError(
            f"{kind.label}が途中で切れているか、壊れています。"
            "もう一度保存し直したファイルを選んでください。",
            "broken",
        )
    file.seek(0)
    return kind


def readable_name(called: str, kind: Evidence.Kind) -> str:
    """`called` without what hides or misleads, and with an extension that its content bears."""
    text = unicodedata.normalize("NFC", called)
    kept = "".join(
        "_" if sign in _NOT_IN_NAMES else sign
        for sign in text
        if unicodedata.category(sign) not in _UNSEEN
    )
    name = " ".join(kept.split()).strip(". ") or "名前のないファイル"
    own = EXTENSIONS[kind]
    if PurePosixPath(name).suffix.lower() in own:
        stem, extension = name[: name.rindex(".")], name[name.rindex(".") :]
    else:
        stem, extension = name, own[0]
    return stem[: LONGEST_NAME - len(extension)] + extension


class Measured(File):
    """Hands the content on and measures it on its way, so that what is recorded is what is kept."""

    def __init__(self, file: File) -> None:
        super().__init__(file.file, file.name)
        self.digest = hashlib.sha256()
        self.length = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.digest.update(chunk)
            self.length += len(chunk)
            yield chunk


def keep(account: Account, file: UploadedFile, *, shows: str, by: User) -> tuple[Evidence, bool]:
    """Take `file` in as evidence of `account`; whether it is new: sent twice, it is kept once.

    Raises `ValidationError` for what is no evidence. Not to be called within a transaction: one
    that is rolled back later would leave a file without its row.
    """
    kind = kind_of(file)
    measured = Measured(file)
    storage, stored = store(), ""
    try:
        with transaction.atomic():
            # One at a time: two clicks are one file.
            Account.objects.select_for_update().get(pk=account.pk)
            made = Evidence(
                account=account,
                name=readable_name(file.name or "", kind),
                kind=kind,
                shows=shows,
                uploaded_by=by,
            )
            made.file.save(made.name, measured, save=False)
            stored = str(made.file.name)
            made.size, made.sha256 = measured.length, measured.digest.hexdigest()
            again = _same(made)
            if again is None:
                made.save()
    except BaseException:
        if stored:
            storage.delete(stored)
        raise
    if again is not None:
        storage.delete(stored)
        return again, False
    return made, True


def _same(made: Evidence) -> Evidence | None:
    found: Evidence | None = Evidence.objects.filter(
        account=made.account, sha256=made.sha256, shows=made.shows, erased_at__isnull=True
    ).first()
    return found


def content_of(evidence: StoredFile) -> bytes:
    """The file as it was taken in. Raises `Damaged` where it is not (any more)."""
    return stored_content(evidence.file, evidence.size, evidence.sha256)


def stored_content(file: FieldFile, size: int, sha256: str) -> bytes:
    """What lies in the store, if it is what was measured. Raises `Damaged`."""
    try:
        with file.storage.open(str(file.name)) as opened:
            # One byte more than there may be: a file that has grown is not read to its end.
            content: bytes = opened.read(size + 1)
    except OSError as error:
        logger.exception("Evidence %s cannot be read.", file.instance.pk)
        raise Damaged("ファイルがありません") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        logger.error("Evidence %s is not what was taken in.", file.instance.pk)
        raise Damaged("ファイルの内容が、登録されたときと違います")
    return content


@dataclass(frozen=True)
class Verification:
    """What a look at every stored file brought: what is wrong with which, and files of no row."""

    good: int
    wrong: list[str]
    strange: list[str]


# Each model with files in the store, and what is said of one of its rows: (file, size, SHA-256).
Files = Callable[[Any], list[tuple[FieldFile, int, str]]]
HELD: dict[type[StoredFile], Files] = {Evidence: lambda row: [(row.file, row.size, row.sha256)]}


def verify() -> Verification:
    """Read every file that should be there and compare it with its row."""
    good, wrong, known = 0, [], set()
    for model, files in HELD.items():
        for row in model._default_manager.filter(erased_at__isnull=True).order_by("pk").iterator():
            for file, size, sha256 in files(row):
                known.add(str(file.name))
                try:
                    stored_content(file, size, sha256)
                except Damaged as damaged:
                    wrong.append(f"{row.pk}番「{row.name}」:{damaged}({file.name})")
                else:
                    good += 1
    return Verification(good, wrong, sorted(set(_stored(store())) - known))


def forget_files() -> None:
    """Remove the files of rows whose term is over: again and again until none is left."""
    storage = store()
    for evidence in Evidence.objects.filter(erased_at__isnull=False).iterator():
        storage.delete(str(evidence.file.name))


def store() -> Storage:
    """Where the files lie."""
    field: Any = Evidence._meta.get_field("file")
    return cast(Storage, field.storage)


def _stored(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _stored(storage, f"{folder}/{name}" if folder else name)
