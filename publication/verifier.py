"""Whether a publication is what the city signed. One file, to be read and copied by anyone.

    python verifier.py DIR --root 1.root.json [--state FILE]

DIR is a copy of the whole site. The root says whose signatures count: get it from the city by another
way than the site itself. FILE is written on the first run; from then on nothing older passes. It needs
Python 3.11 and python-tuf (pip install tuf "securesystemslib[crypto]"). See docs/operations.md.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.api.metadata import Metadata, Root, Targets, Timestamp
from tuf.ngclient import FetcherInterface, Updater

SIGNED, SUMS = "signed", "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._~/-]+)")
REMEMBERED = re.compile(r"(root_history/)?[0-9a-z]+(\.[0-9a-z]+)*\.json")
CHUNK = 65536
# So often another publication may take the place of the one that is looked at.
TRIES = 10


class NotAsSigned(Exception):
    """The publication is not to be trusted; the words say why."""


class Expired(NotAsSigned):
    """All of it was signed, but nobody says any more that it is current."""


class Older(NotAsSigned):
    """It was signed, but something newer was seen before."""


class Unread(NotAsSigned):
    """Nothing can be said: what was asked for could not be read."""


class StateUnreadable(NotAsSigned):
    """The file that remembers the newest one seen is damaged."""


@dataclass(frozen=True)
class Signed:
    """What was signed: which files with which sums, as what, when, and by which root.

    `metadata` are the sums of the files below `signed/` that say so.
    """

    number: int
    published: str
    confirmed: str
    site: str
    expires: str
    files: dict[str, str]
    largest: int
    root: Root
    metadata: dict[str, str]


class Folder(FetcherInterface):
    """Reads what a client would download from a folder, never through a link out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self.folder / url
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise DownloadHTTPError(url, 404) from None
        return _chunks(descriptor)


def _chunks(descriptor: int) -> Iterator[bytes]:
    with open(descriptor, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


@contextlib.contextmanager
def held(directory: Path) -> Iterator[Path]:
    """`directory` as it stands now: what is put in its place meanwhile is not looked at."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _remembered(state: Path | None) -> Iterator[Path]:
    """A folder with the metadata that `state` holds; written back where they were believed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if state is not None and state.exists():
            try:
                seen = dict(json.loads(state.read_text()))
            except (ValueError, TypeError) as error:
                raise StateUnreadable(f"控えのファイル「{state}」を読めません。") from error
            for file, text in seen.items():
                if not (REMEMBERED.fullmatch(file) and isinstance(text, str)):
                    raise StateUnreadable(f"控えのファイル「{state}」を読めません。")
                (folder / file).parent.mkdir(exist_ok=True)
                (folder / file).write_text(text)
        yield folder
        if state is not None:
            files = [path for path in sorted(folder.rglob("*.json")) if not path.is_symlink()]
            seen = {str(path.relative_to(folder)): path.read_text() for path in files}
            new = state.with_name(f"{state.name}.new")
            new.write_text(json.dumps(seen))
            os.replace(new, state)


def signed_at(
    source: FetcherInterface, base: str, root: bytes, state: Path | None = None
) -> Signed:
    """What was signed, read by `source` from below `base`. Raises NotAsSigned or what is one.

    `state` is a file in which the newest that was believed is remembered.
    """
    with _remembered(state) as folder:
        at = f"{base}{SIGNED}/"
        try:
            updater = Updater(str(folder), at, str(folder), at, fetcher=source, bootstrap=root)
            updater.refresh()
            target = updater.get_targetinfo(SUMS)
            if target is None:
                raise NotAsSigned(f"署名されたものに{SUMS}がありません。")
            text = Path(updater.download_target(target)).read_text()
            known = max(folder.glob("root_history/*.json"), key=lambda p: int(p.name.split(".")[0]))
            trusted = Metadata[Root].from_bytes(known.read_bytes()).signed
            timestamp = Metadata[Timestamp].from_bytes((folder / "timestamp.json").read_bytes())
            metadata = _believed(folder, timestamp.signed.snapshot_meta.version)
        except ExpiredMetadataError as error:
            raise Expired(f"有効期限が過ぎています({error})。") from error
        except BadVersionNumberError as error:
            raise Older(f"以前に確かめたものより古いものです({error})。") from error
        except RepositoryError as error:
            raise NotAsSigned(f"署名が正しくありません({error})。") from error
        except DownloadLengthMismatchError as error:
            raise NotAsSigned(f"署名が長すぎます({error})。") from error
        except DownloadError as error:
            raise Unread(f"署名を読めません({error})。") from error
    custom: dict[str, Any] = target.custom
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [match for line in lines if (match := LINE.fullmatch(line))]
    largest = re.match(r"# largest ([0-9]{1,12})\n", text)
    if len(found) != len(lines) or largest is None:
        raise NotAsSigned(f"{SUMS}を読めません。")
    return Signed(
        custom["number"], custom["published"], custom["confirmed"], custom["site"],
        f"{timestamp.signed.expires:%Y-%m-%dT%H:%M:%SZ}", {m[2]: m[1] for m in found}, int(largest[1]),
        trusted, {**metadata, f"{SIGNED}/{target.hashes['sha256']}.{SUMS}": target.hashes["sha256"]},
    )  # fmt: skip


def _believed(folder: Path, number: int) -> dict[str, str]:
    """The sums of the metadata that were believed, by the names under which they are published.

    The timestamp is not among them: it is renewed at any moment.
    """
    found = {f"{number}.{role}.json": folder / f"{role}.json" for role in ("targets", "snapshot")}
    found |= {path.name: path for path in folder.glob("root_history/*.root.json")}
    return {f"{SIGNED}/{name}": sum_of(path) for name, path in found.items()}


def as_signed(source: FetcherInterface, address: str, sums: Collection[str], most: int) -> bool:
    """Whether what `source` reads at `address` has one of the `sums`. Raises Unread.

    Of what is longer than `most` bytes no more is read than that.
    """
    digest = hashlib.sha256()
    try:
        for chunk in source.fetch(address):
            most -= len(chunk)
            if most < 0:
                return False
            digest.update(chunk)
    except DownloadError as error:
        raise Unread(f"「{address}」を読めません({error.__cause__ or error})。") from error
    return digest.hexdigest() in sums


def differences(publication: Path, signed: Signed) -> list[str]:
    """Every file that is not what was signed: altered, missing, or one too many."""
    found = []
    there = set()
    metadata = _metadata(publication / SIGNED, signed)
    source = Folder(publication)
    for folder, folders, files in os.walk(publication):
        for name in [*files, *(each for each in folders if os.path.islink(f"{folder}/{each}"))]:
            path = Path(folder) / name
            relative = str(path.relative_to(publication))
            there.add(relative)
            if path.is_symlink() or not path.is_file():
                found.append(f"ファイルではないもの:{relative}")
            elif relative.startswith(f"{SIGNED}/"):
                if relative not in metadata:
                    found.append(f"署名のないもの:{relative}")
            elif relative not in signed.files:
                found.append(f"余分なファイル:{relative}")
            elif not as_signed(source, relative, {signed.files[relative]}, signed.largest):
                found.append(f"書き換えられたファイル:{relative}")
    expected = signed.files.keys() | signed.metadata.keys()
    return found + [f"ないファイル:{name}" for name in sorted(expected - there)]


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _metadata(folder: Path, signed: Signed) -> set[str]:
    """The files below `signed/` that are themselves signed, be it for an earlier number."""
    good, root = set(), signed.root
    # Each root by the one before it; those that are newer than the one to be trusted are refused.
    with contextlib.suppress(OSError, RepositoryError):
        for version in range(root.version, 0, -1):
            data = Metadata[Root].from_bytes((folder / f"{version}.root.json").read_bytes())
            root.verify_delegate(Root.type, data.signed_bytes, data.signatures)
            good.add(f"{SIGNED}/{version}.root.json")
            older = (folder / f"{version - 1}.root.json").read_bytes()
            before = Metadata[Root].from_bytes(older).signed
            before.verify_delegate(Root.type, data.signed_bytes, data.signatures)
            root = before
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError, RepositoryError):
            each: Metadata[Any] = Metadata.from_bytes(path.read_bytes())
            kind = each.signed.type
            signed.root.verify_delegate(kind, each.signed_bytes, each.signatures)
            number = "" if kind == Timestamp.type else f"{each.signed.version}."
            if path.name == f"{number}{kind}.json":
                good.add(f"{SIGNED}/{path.name}")
            if isinstance(each.signed, Targets):
                name = f"{each.signed.targets[SUMS].hashes['sha256']}.{SUMS}"
                if name == f"{sum_of(folder / name)}.{SUMS}":
                    good.add(f"{SIGNED}/{name}")
    return good


def verify(publication: Path, root: bytes, state: Path | None = None) -> Signed:
    """What was signed, once every file is it. Raises NotAsSigned with what is not.

    Where a new publication is put in its place meanwhile, that one is looked at.
    """
    for _ in range(TRIES):
        before = _which(publication)
        try:
            with held(publication) as there:
                signed = signed_at(Folder(there), "", root, state)
                wrong = differences(there, signed)
            if not wrong:
                return signed
            error = NotAsSigned("\n".join(wrong))
        except NotAsSigned as raised:
            error = raised
        if _which(publication) == before:
            break
    raise error


def _which(publication: Path) -> tuple[int, frozenset[str]]:
    """Another one for each publication. The folder alone does not tell: the second next one is in it again."""
    sums = frozenset(path.name for path in (publication / SIGNED).glob(f"*.{SUMS}"))
    return os.stat(publication).st_ino, sums


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code is 0 only if every file is what was signed."""
    parser = argparse.ArgumentParser(description="Is a publication what the city signed?")
    parser.add_argument("directory", type=Path, help="the copy of the site")
    parser.add_argument("--root", type=Path, required=True, help="the root, got by another way")
    parser.add_argument("--state", type=Path, help="a file that remembers the newest one seen")
    asked = parser.parse_args(arguments)
    try:
        signed = verify(asked.directory, asked.root.read_bytes(), asked.state)
    except (NotAsSigned, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"number {signed.number}, {len(signed.files)} files, published {signed.published}, "
        f"confirmed {signed.confirmed}, good until {signed.expires}, {signed.site}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
