"""The keys: made once, closed to everybody else, replaced one by one, and never where they do not belong."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from publication import catalogue, renewing, verifier
from publication.keys import ONLINE, PUBLISHER, ROOT, Keys, KeysUnusable, create, read_key, replace
from publication.signing import standing
from tests.publication.signed.conftest import Print, later

ROOM = Path(verifier.__file__).parents[1]


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What signs does not depend on how many pages there are."""
    few = [each for each in catalogue.PUBLISHED if each.name == "accessibility"]
    monkeypatch.setattr(catalogue, "PUBLISHED", few)


@pytest.fixture
def root_key(keys: Keys) -> Path:
    return keys.folder.parent / "root.pem"


def test_each_role_has_a_key_of_its_own_and_the_root_key_lies_elsewhere(
    keys: Keys, root_key: Path
) -> None:
    root = keys.root().signed
    named = {role: set(root.roles[role].keyids) for role in ("root", "targets", "timestamp")}

    assert len(set.union(*named.values())) == 3
    assert root.roles["snapshot"].keyids == root.roles["targets"].keyids
    assert {p.name for p in keys.folder.iterdir()} == {"1.root.json", "online.pem", "publisher.pem"}
    assert read_key(root_key).public_key.keyid in named["root"]


def test_nobody_else_may_read_a_private_key(keys: Keys, root_key: Path) -> None:
    for path in (root_key, *keys.folder.glob("*.pem")):
        assert path.stat().st_mode & 0o777 == 0o600
    for mode in (0o640, 0o604, 0o660):
        (keys.folder / "online.pem").chmod(mode)
        with pytest.raises(KeysUnusable, match="chmod 600"):
            keys.signer(ONLINE)


def test_keys_are_never_overwritten(keys: Keys, tmp_path: Path, root_key: Path) -> None:
    with pytest.raises(KeysUnusable, match="すでに鍵があります"):
        create(keys.folder, tmp_path / "other.pem")
    with pytest.raises(KeysUnusable, match="作れません"):
        create(tmp_path / "second", root_key)
    with pytest.raises(KeysUnusable, match="作れません"):
        replace(keys.folder, read_key(root_key), [ROOT], root_key)
    assert len(keys.roots()) == 1


def test_a_root_key_with_a_passphrase_is_asked_for_it(keys: Keys, root_key: Path) -> None:
    key = serialization.load_pem_private_key(root_key.read_bytes(), None)
    root_key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"asahi"),
        )
    )  # fmt: skip

    assert replace(keys.folder, read_key(root_key, ask=lambda: "asahi"), []) == 2
    with pytest.raises(KeysUnusable, match="パスフレーズが違います"):
        read_key(root_key, ask=lambda: "yama")
    with pytest.raises(KeysUnusable, match="鍵として読めません"):
        read_key(root_key)


def test_what_is_no_key_is_said(keys: Keys, tmp_path: Path) -> None:
    (keys.folder / "online.pem").write_text("no key")
    with pytest.raises(KeysUnusable, match="鍵として読めません"):
        keys.signer(ONLINE)
    (keys.folder / "online.pem").unlink()
    with pytest.raises(KeysUnusable, match="読めません"):
        keys.signer(ONLINE)
    with pytest.raises(KeysUnusable, match="publication_keys create"):
        Keys(tmp_path / "nowhere").roots()


@pytest.mark.parametrize("name", [PUBLISHER, ONLINE])
def test_a_replaced_key_signs_from_then_on_and_the_old_one_no_more(
    keys: Keys, root_key: Path, print_site: Print, check: Any, name: str, db: None
) -> None:
    print_site()
    old = (keys.folder / f"{name}.pem").read_bytes()
    assert replace(keys.folder, read_key(root_key), [name]) == 2
    print_site()
    assert check().root.version == 2

    (keys.folder / f"{name}.pem").write_bytes(old)
    with pytest.raises(KeysUnusable, match="登録されていません"):
        print_site()


def test_one_cut_off_while_he_replaced_a_key_does_it_again(
    keys: Keys, root_key: Path, print_site: Print, check: Any, db: None
) -> None:
    print_site()
    honest = (keys.folder / "publisher.pem").read_bytes()
    replace(keys.folder, read_key(root_key), [PUBLISHER])
    # As if the last step of it had not been taken.
    os.rename(keys.folder / "publisher.pem", keys.folder / "publisher.pem.new")
    (keys.folder / "publisher.pem").write_bytes(honest)
    (keys.folder / "publisher.pem").chmod(0o600)
    with pytest.raises(KeysUnusable):
        print_site()

    assert replace(keys.folder, read_key(root_key), [PUBLISHER]) == 3
    print_site()
    assert check().root.version == 3


def test_a_strangers_key_makes_no_root(keys: Keys, tmp_path: Path) -> None:
    create(tmp_path / "theirs", tmp_path / "their-root.pem")
    with pytest.raises(KeysUnusable, match="ルート鍵ではありません"):
        replace(keys.folder, read_key(tmp_path / "their-root.pem"), [ONLINE])
    assert len(keys.roots()) == 1


def test_the_command_makes_replaces_and_shows(tmp_path: Path, settings: Any, capsys: Any) -> None:
    settings.PUBLICATION_KEYS = str(tmp_path / "keys")
    root = str(tmp_path / "usb.pem")
    with pytest.raises(CommandError, match="publication_keys create"):
        call_command("publication_keys", "show")
    call_command("publication_keys", "create", "--root-key", root)
    made = capsys.readouterr().out.splitlines()
    call_command("publication_keys", "replace", "publisher", "online", "--root-key", root)
    replaced = capsys.readouterr().out.splitlines()
    call_command("publication_keys", "replace", "--root-key", root)
    call_command("publication_keys", "show")
    shown = capsys.readouterr().out.splitlines()[-4:]

    assert [line.split()[0] for line in made] == ["root", "root", "publisher", "online"]
    assert made[1] == replaced[1]
    assert {made[2], made[3]} & {replaced[2], replaced[3]} == set()
    assert (made[0][:6], replaced[0][:6], shown[0][:6]) == ("root 1", "root 2", "root 3")
    assert shown[1:] == replaced[1:]
    with pytest.raises(CommandError, match="新しいルート鍵を書き込むファイル"):
        call_command("publication_keys", "replace", "root", "--root-key", root)


def test_the_expiry_is_renewed_by_command_and_without_the_portal(
    print_site: Print, site: Path, keys: Keys, check: Any, capsys: Any, db: None
) -> None:
    with time_machine.travel(later(hours=-20)):
        print_site()
    first = standing(site).expires
    call_command("renew_publication", str(site))
    second = standing(site).expires
    (keys.folder / "publisher.pem").unlink()
    done = subprocess.run(
        [sys.executable, renewing.__file__, site, "--key", keys.folder / "online.pem", "--hours", "48"],
        capture_output=True, text=True, check=False, cwd=site, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    third = standing(site).expires

    assert (done.returncode, done.stderr) == (0, "")
    assert "renewed until" in capsys.readouterr().out
    assert third - second == datetime.timedelta(days=1) or third > second > first
    check()


def test_renewing_says_why_it_does_not(print_site: Print, site: Path, keys: Keys, db: None) -> None:
    with pytest.raises(CommandError, match="読み書きできません"):
        call_command("renew_publication", str(site))
    print_site()
    with time_machine.travel(later(days=15)), pytest.raises(CommandError, match="延長できる期間は"):
        call_command("renew_publication", str(site))
    stranger = Ed25519PrivateKey.generate()
    (site.parent / "stranger.pem").write_bytes(
        stranger.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    before = (site / "signed" / "timestamp.json").read_bytes()
    (site.parent / "no-key.pem").write_text("no key")
    for name in ("nowhere.pem", "no-key.pem"):
        assert renewing.main([str(site), "--key", str(site.parent / name)]) == 1
    assert renewing.main([str(site), "--key", str(site.parent / "stranger.pem")]) == 1
    assert (site / "signed" / "timestamp.json").read_bytes() == before
    next((site / "signed").glob("*.snapshot.json")).write_text("{}")
    with pytest.raises(CommandError, match="署名を読めません"):
        call_command("renew_publication", str(site))


@pytest.mark.parametrize("module", [verifier, renewing])
def test_whoever_only_verifies_or_renews_needs_nothing_of_the_portal(module: Any) -> None:
    text = Path(module.__file__).read_text()
    imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    asked = {line.split()[1].partition(".")[0] for line in imports}

    assert asked - set(sys.stdlib_module_names) <= {"tuf", "securesystemslib", "cryptography"}


def test_the_verifier_runs_alone(
    print_site: Print, site: Path, keys: Keys, tmp_path: Path, db: None
) -> None:
    print_site()

    def run(*more: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, verifier.__file__, site, "--root", keys.folder / "1.root.json"]
        return subprocess.run(
            [*command, *more], capture_output=True, text=True, check=False, cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip

    good = run("--state", tmp_path / "state")
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith(f"number {standing(site).number}, ")
    (site / "accessibility" / "index.html").write_text("fake")
    bad = run("--state", tmp_path / "state")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert bad.stderr == "書き換えられたファイル:accessibility/index.html\n"


@pytest.mark.parametrize("kind", ["root", "targets", "snapshot"])
def test_the_verifier_misses_signatures_that_are_gone_although_it_saw_them_before(
    print_site: Print, site: Path, keys: Keys, tmp_path: Path, db: None, kind: str
) -> None:
    print_site()
    verifier.verify(site, keys.roots()[0], tmp_path / "state")
    gone = next((site / "signed").glob(f"*.{kind}.json"))
    gone.unlink()

    with pytest.raises(verifier.NotAsSigned, match=f"ないファイル:signed/{gone.name}"):
        verifier.verify(site, keys.roots()[0], tmp_path / "state")


@pytest.mark.once
def test_no_private_key_is_in_the_repository_or_in_what_is_published(
    print_site: Print, site: Path, db: None
) -> None:
    print_site()
    ours = [at for at in ROOM.iterdir() if at.name not in ("var", "tests") and at.name[0] != "."]
    kept = [path for at in ours for path in ([at] if at.is_file() else at.rglob("*.*"))]

    assert [p for p in kept if p.is_file() and b"PRIVATE KEY-----" in p.read_bytes()] == []
    assert [p for p in site.rglob("*") if p.is_file() and b"PRIVATE KEY" in p.read_bytes()] == []
