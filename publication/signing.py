"""What is signed of a publication, as metadata of The Update Framework in its folder `signed/`.

The one target is SHA256SUMS, the sum of every file, which `sha256sum --check` reads too: however many
accounts there are, the metadata stays small. See decision 0028.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp

from publication.keys import ONLINE, PUBLISHER, Keys, now
from publication.renewing import SIGNED, SUMS, TOKYO, next_number, read, write, write_timestamp

# Whoever began to read a moment before the switch still finds what he read about.
KEPT = 3
_NAME = re.compile(r"[A-Za-z0-9._~/-]+")


@dataclass(frozen=True)
class Standing:
    """What the metadata of a publication say of it, believed as they stand."""

    number: int
    sums: str
    custom: dict[str, Any]
    expires: datetime.datetime

    @property
    def confirmed(self) -> datetime.datetime:
        """When the portal last said that this is what its register says."""
        return datetime.datetime.fromisoformat(self.custom["confirmed"])


def standing(publication: Path) -> Standing | None:
    """What stands in `publication`; None where there is none, or where it cannot be read."""
    signed = publication / SIGNED
    try:
        timestamp = read(signed / "timestamp.json").signed
        number = timestamp.snapshot_meta.version
        targets = read(signed / f"{number}.targets.json").signed
        sums = targets.targets[SUMS]
        return Standing(number, sums.hashes["sha256"], sums.custom, timestamp.expires)
    except (OSError, RepositoryError, KeyError, AttributeError):
        return None


def as_sums(files: Mapping[str, str], largest: int) -> bytes:
    """The sums as a file; `largest` bounds what a client needs to read of any one file."""
    strange = [name for name in files if not _NAME.fullmatch(name)]
    if strange:
        raise ValueError(f"No address that could be a file: {strange[0]!r}")
    lines = [f"# largest {largest}", *(f"{files[name]}  {name}" for name in sorted(files))]
    return ("\n".join(lines) + "\n").encode()


def sign(publication: Path, before: Path | None, sums: bytes, keys: Keys) -> Standing:
    """Sign `sums` as what `publication` holds now, and keep what the one `before` it said."""
    signed = publication / SIGNED
    shutil.rmtree(signed, ignore_errors=True)
    signed.mkdir()
    signed.chmod(0o755)
    if before is not None:
        for path in _kept(before / SIGNED, keys):
            write(signed / path.name, path.read_bytes())
    previous = standing(before) if before is not None else None
    write(signed / f"{hashlib.sha256(sums).hexdigest()}.{SUMS}", sums)
    number = next_number(max(_last_number(keys), previous.number if previous else 0), now())
    return _write(signed, sums, {"published": _said(now()), "number": number}, number, keys)


def confirm(publication: Path, keys: Keys) -> Standing:
    """Sign that what stands in `publication` is what the portal says now: it changes no page."""
    was = standing(publication)
    if was is None:
        raise ValueError(f"There is no publication in {publication}.")
    signed = publication / SIGNED
    sums = (signed / f"{was.sums}.{SUMS}").read_bytes()
    number = next_number(max(_last_number(keys), was.number), now())
    found = _write(signed, sums, was.custom, number, keys)
    keeping = {path.name for path in _kept(signed, keys)}
    old = [
        path for path in signed.iterdir() if path.name not in keeping and ".root." not in path.name
    ]
    # Sums go first: without the targets that name them they would be signed by nobody.
    for path in sorted(old, key=lambda path: path.suffix == ".json"):
        path.unlink()
    return found


def _write(signed: Path, sums: bytes, custom: dict[str, Any], number: int, keys: Keys) -> Standing:
    publisher, online, moment = keys.signer(PUBLISHER), keys.signer(ONLINE), now()
    last = moment + datetime.timedelta(days=settings.PUBLICATION_RENEWABLE_DAYS)
    custom = {**custom, "confirmed": _said(moment), "site": settings.PORTAL_URL}
    target = TargetFile.from_data(SUMS, sums, ["sha256"])
    target.unrecognized_fields["custom"] = custom
    targets = Metadata(Targets(version=number, expires=last, targets={SUMS: target}))
    snapshot = Metadata(
        Snapshot(version=number, expires=last, meta={"targets.json": MetaFile(number)})
    )
    for data in keys.roots():
        path = signed / f"{Metadata.from_bytes(data).signed.version}.root.json"
        if not path.exists():
            write(path, data)
    # Noted first: a number once used is not used again for anything else, whatever happens next.
    _note_number(keys, number)
    for name, metadata in (("targets", targets), ("snapshot", snapshot)):
        metadata.sign(publisher)
        write(signed / f"{number}.{name}.json", metadata.to_bytes())
    expires = moment + datetime.timedelta(hours=settings.PUBLICATION_EXPIRES_HOURS)
    timestamp = Timestamp(
        # Where the expiry was renewed meanwhile, its number is ahead. Never by the clock, which may have gone on
        # since: a number that is noted nowhere would be used again where the files are lost.
        version=max(number, _version(signed / "timestamp.json") + 1),
        expires=min(expires, last),
        snapshot_meta=MetaFile(number),
        unrecognized_fields={"confirmed": custom["confirmed"]},
    )
    write_timestamp(signed, timestamp, online)
    return Standing(number, target.hashes["sha256"], custom, timestamp.expires)


def _kept(signed: Path, keys: Keys) -> list[Path]:
    """The timestamp, and the last few of what was signed before by keys that are still good."""
    root = keys.root().signed
    numbers = (int(path.name.split(".")[0]) for path in signed.glob("*.targets.json"))
    kept = [signed / "timestamp.json"]
    for number in sorted(numbers, reverse=True)[:KEPT]:
        paths = [signed / f"{number}.{role}.json" for role in ("targets", "snapshot")]
        try:
            both = [read(path) for path in paths]
            for each in both:
                root.verify_delegate(each.signed.type, each.signed_bytes, each.signatures)
            sums = signed / f"{both[0].signed.targets[SUMS].hashes['sha256']}.{SUMS}"
        except (OSError, RepositoryError, KeyError):
            continue
        kept += [*paths, sums]
    return list(dict.fromkeys(path for path in kept if path.exists()))


def _version(path: Path) -> int:
    try:
        return int(read(path).signed.version)
    except (OSError, RepositoryError):
        return 0


def _last_number(keys: Keys) -> int:
    try:
        return int((keys.folder / "last_number").read_text())
    except (OSError, ValueError):
        return 0


def _note_number(keys: Keys, number: int) -> None:
    new = keys.folder / "last_number.new"
    new.write_text(f"{number}\n")
    os.replace(new, keys.folder / "last_number")


def _said(moment: datetime.datetime) -> str:
    return moment.astimezone(TOKYO).isoformat()
