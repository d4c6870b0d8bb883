"""Where a publication stands, and how the next one takes its place: all of it or nothing.

There are two trees, the one that is served and a spare one. The next publication is made in the spare
one, from what it holds still and from links to what the other one holds, and then the two change places
in one step of the kernel. So a change costs what changed. Whoever reads a tree from end to end and is
overtaken by two publications looks again, as the verifier does. See decision 0029.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publication.renewing import SIGNED
from publication.signing import standing

AT_FDCWD, RENAME_EXCHANGE = -100, 2


class PlaceUnusable(Exception):
    """No publication can stand there; the words say why."""


@dataclass
class Record:
    """What a publication holds, kept beside it for the next one.

    `pages` has by path the stamp of what a page was made from, and when; `assets` has by name when a
    page last asked for the file; `files` has the sum of every file.
    """

    pages: dict[str, tuple[str, float]] = field(default_factory=dict)
    assets: dict[str, float] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    edition: str = ""
    banner: str = ""


class Place:
    """The directory of a publication, and beside it, for its writer alone, what the next one needs."""

    def __init__(self, directory: Path) -> None:
        self.directory = Path(os.path.realpath(directory))
        self.aside = self.directory.with_name(f".{self.directory.name}.aside")
        self.spare = self.aside / "spare"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Waits until nobody else writes here. Raises PlaceUnusable where nothing can stand."""
        try:
            self.aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.aside / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise PlaceUnusable(f"「{self.aside}」に書き込めません({error.strerror})。") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._holds_something_else():
                raise PlaceUnusable(
                    f"「{self.directory}」には、公開物ではないファイルがあります。空のフォルダーを指定してください。"
                )
            yield
        finally:
            os.close(lock)

    def _holds_something_else(self) -> bool:
        if not self.directory.exists():
            return False
        is_ours = (self.directory / SIGNED).exists() or any(self.aside.glob("*.json"))
        return not self.directory.is_dir() or (any(self.directory.iterdir()) and not is_ours)

    def record(self) -> Record:
        """Of the publication that stands here; an empty one where nobody knows any more."""
        now = standing(self.directory)
        return self._read(now.sums) if now else Record()

    def _read(self, sums: str) -> Record:
        try:
            return Record(**json.loads((self.aside / f"{sums}.json").read_text()))
        except (OSError, ValueError, TypeError):
            return Record()

    def write_record(self, sums: str, record: Record) -> None:
        """Keep `record` as that of the publication with these sums."""
        new = self.aside / "record.new"
        new.write_text(json.dumps(vars(record), separators=(",", ":")))
        os.replace(new, self.aside / f"{sums}.json")

    def spare_holds(self) -> Mapping[str, str]:
        """The sums of what the spare tree holds. From now on it holds nobody knows what."""
        known = self.aside / "spare.sums"
        try:
            sums = known.read_text()
            known.unlink()
        except FileNotFoundError:
            sums = ""
        files = self._read(sums).files if sums else {}
        if not files and self.spare.exists():
            shutil.rmtree(self.spare)
        return files

    def lay_spare(self, sums: str, files: Mapping[str, str]) -> None:
        """Lay the spare tree beside a first publication, while nobody waits for it: else the first
        change would have to lay it. Where it cannot be laid, that one does."""
        with contextlib.suppress(OSError):
            Spare(self, files).complete(files)
            (self.aside / "spare.sums").write_text(sums)

    def throw_spare_away(self) -> None:
        """Gives back the room it takes. The next publication makes it anew."""
        (self.aside / "spare.sums").unlink(missing_ok=True)
        shutil.rmtree(self.spare, ignore_errors=True)

    def switch(self) -> None:
        """Let the spare tree be what is served, and what was served be the spare one."""
        # Not a byte of it may be missing after a power cut.
        os.sync()
        before = standing(self.directory)
        if before is None and not (self.directory.is_dir() and any(self.directory.iterdir())):
            os.rename(self.spare, self.directory)
        else:
            _exchange(self.spare, self.directory)
        if before is not None:
            (self.aside / "spare.sums").write_text(before.sums)
        after = standing(self.directory)
        kept = {f"{each.sums}.json" for each in (before, after) if each}
        for path in self.aside.glob("*.json"):
            if path.name not in kept:
                path.unlink()


def _exchange(one: Path, other: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    if done == 0:
        return
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS):
        raise PlaceUnusable(
            f"「{other}」のあるファイルシステムでは、公開物を一度に入れ替えられません。"
            "サーバー自身のディスク(ext4、XFSなど)に置いてください。"
        )
    raise OSError(number, os.strerror(number), str(other))


class Spare:
    """The tree that becomes the next publication."""

    def __init__(self, place: Place, served: Mapping[str, str]) -> None:
        self.place = place
        self.served = served
        self.held = dict(place.spare_holds())
        self.written: dict[str, str] = {}
        self._folders: set[Path] = set()
        place.spare.mkdir(mode=0o755, exist_ok=True)
        place.spare.chmod(0o755)

    def write(self, name: str, data: bytes, sum_: str) -> None:
        """Put a file there, readable by every web server."""
        path = self._free(name)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o644)
            file.write(data)
        self.written[name] = sum_

    def complete(self, files: Mapping[str, str]) -> None:
        """Take from the served tree what is the same there, and away what is not among `files`."""
        for name, sum_ in files.items():
            if name in self.written or self.held.get(name) == sum_:
                continue
            if self.served.get(name) != sum_:
                raise ValueError(f"Nobody wrote {name}.")
            os.link(self.place.directory / name, self._free(name))
        for name in (self.held.keys() | self.written.keys()) - files.keys():
            path = self.place.spare / name
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                # Only what is empty goes.
                while path.parent != self.place.spare:
                    path = path.parent
                    path.rmdir()

    def _free(self, name: str) -> Path:
        path = self.place.spare / name
        self._make(path.parent)
        # Never written over: a file may be the very same one in both trees.
        if name in self.held or name in self.written:
            path.unlink(missing_ok=True)
        return path

    def _make(self, folder: Path) -> None:
        if folder in self._folders or folder == self.place.spare:
            return
        self._make(folder.parent)
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(0o755)
        self._folders.add(folder)
