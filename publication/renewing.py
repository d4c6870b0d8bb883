"""Renews the expiry of a publication that is already signed, with the online key alone.

    python renewing.py DIR --key online.pem [--hours 24]

Run by a timer, it keeps a publication current while the portal is dead, until what the publisher
signed ends by itself. It needs python-tuf (pip install tuf "securesystemslib[crypto]"), and nothing
of the portal, so it may run on another machine. See decision 0028.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Signer, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Timestamp

SIGNED = "signed"
SUMS = "SHA256SUMS"
TOKYO = datetime.timezone(datetime.timedelta(hours=9))


class NotRenewed(Exception):
    """Nothing was changed; the words say why."""


def next_number(before: int, now: datetime.datetime) -> int:
    """A number after `before`: the moment, as 20261128103015, so that a restored portal goes on."""
    return max(before + 1, int(f"{now.astimezone(TOKYO):%Y%m%d%H%M%S}"))


def read(path: Path) -> Metadata[Any]:
    """The metadata in a file. Raises OSError or RepositoryError."""
    return Metadata.from_bytes(path.read_bytes())


def newest_root(signed: Path) -> Root:
    """The root with the highest number in the folder. Raises OSError where there is none."""
    versions = [int(path.name.split(".")[0]) for path in signed.glob("*.root.json")]
    if not versions:
        raise FileNotFoundError(signed / "1.root.json")
    root: Root = read(signed / f"{max(versions)}.root.json").signed
    return root


def write(path: Path, data: bytes) -> None:
    """Put a file in the place of the one before, in one step, readable by every web server.

    Until then it lies outside the publication, of which every file is signed.
    """
    new = path.parent / ".." / ".." / f".{path.name}.new"
    try:
        with new.open("wb") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        # On a full disk every attempt would leave one of another name.
        new.unlink(missing_ok=True)
        raise


def write_timestamp(signed: Path, timestamp: Timestamp, signer: Signer) -> None:
    """Sign `timestamp` and let it be the one that holds."""
    metadata = Metadata(timestamp)
    metadata.sign(signer)
    write(signed / "timestamp.json", metadata.to_bytes())


def renew(
    publication: Path, signer: Signer, valid: datetime.timedelta, now: datetime.datetime
) -> datetime.datetime:
    """Sign that the publication is current for `valid` more, at most as long as the publisher said.

    Says until when. Raises NotRenewed where that is over, or where what stands there is damaged.
    """
    # Held, so that a new publication put in its place meanwhile is left alone.
    held = os.open(publication, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return _renew(Path(f"/proc/self/fd/{held}") / SIGNED, signer, valid, now)
    finally:
        os.close(held)


def _renew(
    signed: Path, signer: Signer, valid: datetime.timedelta, now: datetime.datetime
) -> datetime.datetime:
    try:
        root = newest_root(signed)
        before = read(signed / "timestamp.json").signed
        version = before.snapshot_meta.version
        snapshot = read(signed / f"{version}.snapshot.json")
        root.verify_delegate("snapshot", snapshot.signed_bytes, snapshot.signatures)
        version = snapshot.signed.meta["targets.json"].version
        targets = read(signed / f"{version}.targets.json")
        root.verify_delegate("targets", targets.signed_bytes, targets.signatures)
    except (OSError, RepositoryError, KeyError, ValueError) as error:
        raise NotRenewed(f"公開物の署名を読めません({error})。") from error
    last = min(snapshot.signed.expires, targets.signed.expires)
    if last <= now:
        raise NotRenewed(f"延長できる期間は{last.astimezone(TOKYO):%Y-%m-%d %H:%M}に終わりました。")
    if signer.public_key.keyid not in root.roles["timestamp"].keyids:
        raise NotRenewed("この鍵は、公開物のルート情報に登録されていません。")
    after = Timestamp(
        version=next_number(before.version, now),
        expires=min(now + valid, last),
        snapshot_meta=MetaFile(snapshot.signed.version),
        # When the portal last said so: renewing confirms nothing.
        unrecognized_fields={"confirmed": targets.signed.targets[SUMS].custom["confirmed"]},
    )
    write_timestamp(signed, after, signer)
    return after.expires


def main(arguments: list[str] | None = None) -> int:
    """The program; its exit code is 0 only if the expiry was renewed."""
    parser = argparse.ArgumentParser(description="Renews a publication's expiry.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--key", type=Path, required=True, help="the online key, a PEM file")
    parser.add_argument("--hours", type=int, default=24, help="for how long (24)")
    asked = parser.parse_args(arguments)
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    try:
        key = load_pem_private_key(asked.key.read_bytes(), None)
        signer = CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
        until = renew(asked.directory, signer, datetime.timedelta(hours=asked.hours), now)
    except (NotRenewed, OSError, TypeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"renewed until {until:%Y-%m-%dT%H:%M:%SZ}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
