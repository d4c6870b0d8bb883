"""Everything the portal keeps, as one file: written from either database, restored into either.

A ZIP of Django's own serialised rows, one file a table, of the files that rows name, and of a
manifest with the SHA-256 of each part. Left out is what a log-in or a cache makes anew.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.files import File
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

FORMAT = 1
BATCH = 500
CHUNK = 1024 * 1024
MANIFEST = "manifest.json"
LEFT_OUT = frozenset({"sessions.Session"})


class NotRestorable(Exception):
    """The file is no backup for this portal as it is; the message says why."""


@dataclass(frozen=True)
class Tally:
    """How much was written or restored; `missing` are files that rows name and nobody has."""

    rows: int
    files: int
    missing: tuple[str, ...] = ()


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds, which Django's own drops."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime.datetime) else super().default(o)


def tables() -> list[type[models.Model]]:
    """Every table of the portal, those of links between rows included."""
    found = apps.get_models(include_auto_created=True)
    return [
        model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    ]


def write(path: Path) -> Tally:
    """Write everything to `path`, complete or not at all, for nobody else on the machine."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, _one_moment():
                tally = _write_parts(archive)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return tally


class _one_moment(transaction.Atomic):  # noqa: N801  (used as a function is)
    """All tables as they were at one moment, whoever works meanwhile."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __enter__(self) -> None:
        outermost = not connection.in_atomic_block
        super().__enter__()
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write_parts(archive: zipfile.ZipFile) -> Tally:
    parts: dict[str, dict[str, Any]] = {}
    rows, missing = 0, []
    for model in tables():
        name = f"data/{model._meta.label}.jsonl"
        with archive.open(name, "w", force_zip64=True) as part:
            out = _Measured(part)
            count = _write_rows(model, out)
        parts[name] = {"sha256": out.digest.hexdigest(), "size": out.size, "rows": count}
        rows += count
    for field, stored in _files():
        name = f"files/{field}/{stored}"
        try:
            source = field.storage.open(stored)
        except OSError:
            missing.append(stored)
            continue
        with source, archive.open(name, "w", force_zip64=True) as part:
            out = _Measured(part)
            for chunk in source.chunks(CHUNK):
                out.write(chunk)
        parts[name] = {"sha256": out.digest.hexdigest(), "size": out.size}
    manifest = {
        "format": FORMAT,
        "written_at": timezone.now().isoformat(),
        "written_by": {"django": django.get_version(), "database": connection.vendor},
        "migrations": _migrations(),
        "parts": parts,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    files = sum(name.startswith("files/") for name in parts)
    return Tally(rows, files, tuple(missing))


class _Measured(io.TextIOBase):
    """A part being written, with its sum and size."""

    def __init__(self, part: Any) -> None:
        self.part, self.digest, self.size = part, hashlib.sha256(), 0

    def write(self, text: str | bytes) -> int:
        data = text.encode() if isinstance(text, str) else text
        self.digest.update(data)
        self.size += len(data)
        return int(self.part.write(data))


def _write_rows(model: type[models.Model], out: Any) -> int:
    count = 0

    def counted() -> Iterator[Any]:
        nonlocal count
        for row in model._base_manager.order_by("pk").iterator(chunk_size=BATCH):
            count += 1
            yield row

    names = [field.name for field in model._meta.concrete_fields]
    serializers.serialize("jsonl", counted(), stream=out, fields=names, cls=_Exact)
    return count


def _files() -> Iterator[tuple[models.FileField, str]]:
    """Every file that a row names, with its field; not those erased at the end of their term."""
    for model in tables():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = model._base_manager.order_by("pk")
                if any(other.name == "erased_at" for other in model._meta.concrete_fields):
                    rows = rows.filter(erased_at__isnull=True)
                names = rows.values_list(field.name, flat=True)
                yield from ((field, name) for name in names.iterator(chunk_size=BATCH) if name)


def _migrations() -> list[list[str]]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted([app, name] for app, name in applied)


def restore(path: Path, *, replace: bool = False) -> Tally:
    """Put everything of `path` back, in one transaction: all or nothing.

    Only into a portal without people, unless `replace`. Raises `NotRestorable`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _verified(archive)
            # Migrations bring rows of their own; people come only by use.
            if not replace and get_user_model()._base_manager.exists():
                raise NotRestorable(
                    "このポータルには、すでにデータがあります。"
                    "すべて置き換えるときは --replace を付けてください。"
                )
            return _restore_parts(archive, manifest["parts"])
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise NotRestorable("バックアップのファイルとして読み取れません。") from error
    except (serializers.base.DeserializationError, Error) as error:
        raise NotRestorable(f"データを戻せませんでした。何も変更していません({error})。") from error


def _verified(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, once every part is what it says and fits this portal."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        parts, migrations = manifest["parts"], manifest["migrations"]
        known = manifest["format"] == FORMAT
    except (KeyError, ValueError, TypeError) as error:
        raise NotRestorable("このポータルのバックアップではありません。") from error
    if not known:
        raise NotRestorable("新しい版のポータルで作られたバックアップです。")
    if set(archive.namelist()) != {MANIFEST, *parts}:
        raise NotRestorable("バックアップの中のファイルが、目録と違います。")
    for name, expected in parts.items():
        digest, size = hashlib.sha256(), 0
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        if (digest.hexdigest(), size) != (expected["sha256"], expected["size"]):
            raise NotRestorable(f"バックアップが壊れています({name})。")
    if migrations != _migrations():
        raise NotRestorable(
            "バックアップを作ったポータルと、データベースの版が違います。"
            "同じ版のポータルに戻してから、新しい版に更新してください。"
        )
    return manifest


def _restore_parts(archive: zipfile.ZipFile, parts: dict[str, Any]) -> Tally:
    written: list[tuple[Any, str]] = []
    rows = 0
    try:
        with transaction.atomic():
            for model in (*tables(), *(apps.get_model(label) for label in LEFT_OUT)):
                model._base_manager.all()._raw_delete(connection.alias)
            for model in tables():
                rows += _restore_rows(archive, model)
            for field, stored in list(_files()):
                name = f"files/{field}/{stored}"
                if name in parts:
                    with archive.open(name) as part:
                        _put(field.storage, stored, part, written)
            connection.check_constraints()
            with connection.cursor() as cursor:
                for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
                    cursor.execute(sql)
    except BaseException:
        for storage, stored in written:
            storage.delete(stored)
        raise
    files = sum(name.startswith("files/") for name in parts)
    return Tally(rows, files)


def _restore_rows(archive: zipfile.ZipFile, model: type[models.Model]) -> int:
    count = 0
    with archive.open(f"data/{model._meta.label}.jsonl") as part:
        text = io.TextIOWrapper(part, "utf-8", newline="\n")
        rows = (read.object for read in serializers.deserialize("jsonl", text))
        while batch := list(islice(rows, BATCH)):
            model._base_manager.bulk_create(batch)
            count += len(batch)
    return count


def _put(storage: Any, stored: str, part: Any, written: list[tuple[Any, str]]) -> None:
    """Under its own name: what lies there is the same file, or another portal's."""
    if storage.exists(stored):
        with storage.open(stored) as there:
            if there.read() == part.read():
                return
        raise NotRestorable(f"同じ名前の別のファイルがあります({stored})。")
    storage.save(stored, File(part, name=stored))
    written.append((storage, stored))
