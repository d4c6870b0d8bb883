"""The keys that sign the publication, and the root that says which ones they are (TUF).

Four roles, three keys: the root key stays offline and only names the others; the publisher's key
signs what is published; the online key says that it is still current. See decision 0028.
"""

from __future__ import annotations

import datetime
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, Root
from tuf.api.serialization.json import JSONSerializer

PUBLISHER, ONLINE, ROOT = "publisher", "online", "root"
# By key the roles of TUF that it signs.
ROLES = {ROOT: ("root",), PUBLISHER: ("targets", "snapshot"), ONLINE: ("timestamp",)}
VALID = datetime.timedelta(days=730)
# Long enough to fetch the root key from where it is kept.
ENDS_SOON = datetime.timedelta(days=60)
READABLE = JSONSerializer(compact=False)


class KeysUnusable(Exception):
    """The keys cannot be used as they are; the words say why and what to do."""


def now() -> datetime.datetime:
    """The present second: metadata knows no parts of one."""
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Keys:
    """The folder `PUBLICATION_KEYS`: every root there was, and the two keys in use."""

    folder: Path

    @property
    def is_there(self) -> bool:
        """Whether keys were ever made."""
        return (self.folder / "1.root.json").exists()

    def roots(self) -> list[bytes]:
        """Every version of the root, the first one first. Raises KeysUnusable where there is none."""
        files = sorted(
            self.folder.glob("*.root.json"), key=lambda path: int(path.name.split(".")[0])
        )
        if not files:
            raise KeysUnusable(
                f"公開の署名に使う鍵が「{self.folder}」にありません。"
                "manage.py publication_keys create で作成してください。"
            )
        return [path.read_bytes() for path in files]

    def root(self) -> Metadata[Root]:
        """The root in force."""
        return Metadata[Root].from_bytes(self.roots()[-1])

    def ends_soon(self) -> datetime.date | None:
        """The day on which the root ends, where that is near or past; after it nobody believes anything."""
        if not self.is_there:
            return None
        ends = self.root().signed.expires
        return ends.date() if ends - now() < ENDS_SOON else None

    def signer(self, name: str) -> CryptoSigner:
        """The key PUBLISHER or ONLINE. Raises KeysUnusable where the root does not name it."""
        # First: where no keys were ever made, that says how they are.
        root = self.root().signed
        signer = read_key(self.folder / f"{name}.pem")
        if any(signer.public_key.keyid not in root.roles[role].keyids for role in ROLES[name]):
            raise KeysUnusable(f"鍵「{name}.pem」は、今のルート情報に登録されていません。")
        return signer


def read_key(path: Path, ask: Callable[[], str] | None = None) -> CryptoSigner:
    """The private key in a PEM file; `ask` is called for the passphrase of one that has one.

    Raises KeysUnusable where it is missing, no key, or open to others than its owner.
    """
    try:
        mode = path.stat().st_mode
        pem = path.read_bytes()
    except OSError as error:
        raise KeysUnusable(f"鍵のファイル「{path}」を読めません({error.strerror})。") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysUnusable(
            f"鍵のファイル「{path}」をほかの人が読めます。chmod 600 で閉じてください。"
        )
    try:
        try:
            key = load_pem_private_key(pem, None)
        except TypeError:
            if ask is None:
                raise
            key = load_pem_private_key(pem, ask().encode())
        return CryptoSigner(key, SSlibKey.from_crypto(key.public_key()))
    except (TypeError, ValueError) as error:
        raise KeysUnusable(
            f"「{path}」を鍵として読めません。ファイルかパスフレーズが違います。"
        ) from error


def create(folder: Path, root_key: Path) -> None:
    """New keys and the first root. Raises KeysUnusable rather than overwrite any."""
    if Keys(folder).is_there:
        raise KeysUnusable(f"「{folder}」には、すでに鍵があります。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signers = {ROOT: _new_key(root_key)}
    for name in (PUBLISHER, ONLINE):
        signers[name] = _new_key(folder / f"{name}.pem")
    root = Root(consistent_snapshot=True, expires=now() + VALID)
    for name, signer in signers.items():
        for role in ROLES[name]:
            root.add_key(signer.public_key, role)
    _write_root(folder, root, [signers[ROOT]])


def replace(
    folder: Path, root_signer: CryptoSigner, names: Iterable[str], new_root_key: Path | None = None
) -> int:
    """The next root, signed by `root_signer`, with new keys for `names`; says its version.

    Without names it only lasts longer. A new root key is written to `new_root_key`. Raises
    KeysUnusable where `root_signer` is not the root's.
    """
    keys = Keys(folder)
    root = keys.root().signed
    if root_signer.public_key.keyid not in root.roles["root"].keyids:
        raise KeysUnusable("これは、今のルート情報を作成したルート鍵ではありません。")
    signing, made = [root_signer], {}
    for name in names:
        path = new_root_key if name == ROOT else folder / f"{name}.pem.new"
        if path is None:
            raise KeysUnusable("新しいルート鍵を書き込むファイルを指定してください。")
        if name != ROOT:
            # Left by one who was cut off; no root names it.
            path.unlink(missing_ok=True)
        signer = _new_key(path)
        for role in ROLES[name]:
            for keyid in list(root.roles[role].keyids):
                root.revoke_key(keyid, role)
            root.add_key(signer.public_key, role)
        if name == ROOT:
            signing.append(signer)
        else:
            made[name] = path
    root.version += 1
    root.expires = now() + VALID
    _write_root(folder, root, signing)
    # Last: who is cut off in between signs with a key that the root names no more, and is refused.
    for name, path in made.items():
        os.replace(path, folder / f"{name}.pem")
    return root.version


def _new_key(path: Path) -> CryptoSigner:
    signer = CryptoSigner.generate_ed25519()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeysUnusable(f"鍵のファイル「{path}」を作れません({error.strerror})。") from error
    with open(descriptor, "wb") as file:
        file.write(signer.private_bytes)
    return signer


def _write_root(folder: Path, root: Root, signers: Iterable[CryptoSigner]) -> None:
    metadata = Metadata(root)
    for signer in signers:
        metadata.sign(signer, append=True)
    path = folder / f"{root.version}.root.json"
    path.with_suffix(".new").write_bytes(metadata.to_bytes(READABLE))
    os.replace(path.with_suffix(".new"), path)
