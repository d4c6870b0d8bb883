"""What is signed, renewed and believed, in the corners that no attack goes by."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Key, Metadata, Root, Targets

from accounts.models import Account
from publication import place, renewing, signing, verifier
from publication.keys import ONLINE, PUBLISHER, ROOT, Keys, KeysUnusable, read_key, replace
from publication.place import Place, PlaceUnusable
from publication.publishing import publish
from publication.renewing import NotRenewed, renew
from publication.signing import KEPT, as_sums, confirm, standing
from publication.verifier import NotAsSigned, Signed, verify
from tests.publication.signed.conftest import Print, files_of, later

Check = Callable[..., Signed]
DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("two_pages")


def numbers(signed: Path) -> list[int]:
    return sorted(int(path.name.split(".")[0]) for path in signed.glob("*.targets.json"))


# --- Numbers and expiry ------------------------------------------------------------------------


def test_a_number_once_used_is_not_used_again_though_the_clock_went_back_and_the_files_are_gone(
    site: Path, print_site: Print, check: Check, tmp_path: Path, db: None
) -> None:
    first = print_site()
    # What is noted is one number for both; the clock may have gone on between them.
    assert renewing.read(site / "signed" / "timestamp.json").signed.version == first.number
    check(tmp_path / "state")
    shutil.rmtree(site.parent)
    with time_machine.travel(later(hours=-2)):
        second = print_site()

    assert second.number == first.number + 1
    assert check(tmp_path / "state").number == second.number


def test_what_is_published_after_a_renewal_passes_with_who_saw_the_renewed_one(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    # As where the clock of the machine that renews is ahead.
    renew(site, keys.signer(ONLINE), DAY, later(hours=1).replace(microsecond=0))
    check(tmp_path / "state")
    for again in (print_site, lambda: print_site(anew=True)):
        again()
        check(tmp_path / "state")


def test_no_timestamp_outlasts_what_the_publisher_signed(
    site: Path, keys: Keys, print_site: Print, check: Check, settings: Any, db: None
) -> None:
    settings.PUBLICATION_EXPIRES_HOURS, settings.PUBLICATION_RENEWABLE_DAYS = 72, 2
    print_site()
    ends = standing(site).expires  # type: ignore[union-attr]
    assert DAY < ends - datetime.datetime.now(datetime.UTC) <= 2 * DAY
    for days in (1, 1.9):
        with time_machine.travel(later(days=days)):
            moment = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
            assert renew(site, keys.signer(ONLINE), 3 * DAY, moment) == ends
            assert check().expires == f"{ends:%Y-%m-%dT%H:%M:%SZ}"


def test_a_renewal_repeats_when_the_portal_last_confirmed_it(
    signed: Path, site: Path, keys: Keys
) -> None:
    said = renewing.read(signed / "timestamp.json").signed.unrecognized_fields
    assert said == {"confirmed": standing(site).custom["confirmed"]}  # type: ignore[union-attr]

    renew(site, keys.signer(ONLINE), DAY, later(hours=5).replace(microsecond=0))

    assert renewing.read(signed / "timestamp.json").signed.unrecognized_fields == said


@pytest.mark.parametrize("kind", ["targets", "snapshot"])
def test_what_somebody_else_signed_is_not_renewed(
    signed: Path, site: Path, keys: Keys, kind: str
) -> None:
    [path] = signed.glob(f"*.{kind}.json")
    forged: Any = Metadata.from_bytes(path.read_bytes())
    forged.sign(CryptoSigner.generate_ed25519())
    path.write_bytes(forged.to_bytes())
    before = (signed / "timestamp.json").read_bytes()

    with pytest.raises(NotRenewed, match="署名を読めません"):
        renew(site, keys.signer(ONLINE), DAY, datetime.datetime.now(datetime.UTC))
    assert (signed / "timestamp.json").read_bytes() == before


def test_a_root_lasts_longer_with_every_one_that_follows(keys: Keys) -> None:
    before = keys.root().signed.expires
    with time_machine.travel(later(days=300)):
        replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [])

    assert keys.root().signed.expires - before >= 300 * DAY


# --- What is kept of what was signed before ----------------------------------------------------


def test_whoever_began_to_read_before_a_switch_still_finds_what_he_read_about(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check
) -> None:
    seen = numbers(signed)
    for minute in range(1, 6):
        with time_machine.travel(later(minutes=minute)):
            print_site(anew=bool(minute % 2))
            seen.append(standing(site).number)  # type: ignore[union-attr]
            check()
    kept = numbers(signed)

    assert kept == seen[-len(kept) :]
    assert len(kept) >= KEPT
    for number in kept:
        targets = Metadata[Targets].from_bytes((signed / f"{number}.targets.json").read_bytes())
        sums = targets.signed.targets["SHA256SUMS"].hashes["sha256"]
        assert (signed / f"{number}.snapshot.json").exists()
        assert (signed / f"{sums}.SHA256SUMS").exists()


def test_sums_of_before_are_compared_too(
    signed: Path, site: Path, print_site: Print, check: Check
) -> None:
    [old] = signed.glob("*.SHA256SUMS")
    with time_machine.travel(later(minutes=5)):
        Account.objects.all().delete()
        (site / "index.html").unlink()
        print_site(anew=True)
        assert (signed / old.name).exists()
        assert len(list(signed.glob("*.SHA256SUMS"))) == 2
        check()
        (signed / old.name).write_bytes(old.read_bytes() + b"x")
        with pytest.raises(NotAsSigned, match=rf"^署名のないもの:signed/{old.name}$"):
            check()


def test_each_root_was_named_by_the_one_before_it(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    for _ in range(2):
        replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [PUBLISHER, ONLINE])
    print_site()
    check()
    # One who made a root of his own that names and signs itself.
    stranger = CryptoSigner.generate_ed25519()
    root: Root = Metadata[Root].from_bytes((signed / "2.root.json").read_bytes()).signed
    for keyid in list(root.roles[ROOT].keyids):
        root.revoke_key(keyid, ROOT)
    own: Key = stranger.public_key
    root.add_key(own, ROOT)
    forged = Metadata(root)
    forged.sign(stranger)
    (signed / "2.root.json").write_bytes(forged.to_bytes())

    # Who trusts the third one has no need of it, and is told of it all the same.
    with pytest.raises(NotAsSigned, match=r"署名のないもの:signed/2\.root\.json"):
        verify(site, keys.roots()[2], None)
    with pytest.raises(NotAsSigned, match="署名が正しくありません"):
        check()


# --- What the sums may say ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["accounts/あ/index.html", "a b", "a\nb", "a\\b", ""])
def test_no_name_enters_the_sums_that_could_be_read_as_another(name: str) -> None:
    with pytest.raises(ValueError, match="No address that could be a file"):
        as_sums({name: "0" * 64}, 1)


@pytest.mark.parametrize(
    "sums",
    [
        b"# largest 9\n" + b"0" * 64 + b"  ../secret x\n", b"# largest 9\nnothing\n",
        b"0" * 64 + b"  index.html\n", b"# largest -1\n", b"",
    ],
)  # fmt: skip
def test_sums_that_cannot_be_read_are_refused_though_they_were_signed(
    signed: Path, site: Path, keys: Keys, check: Check, sums: bytes
) -> None:
    signing.sign(site, None, sums, keys)

    with pytest.raises(NotAsSigned, match="SHA256SUMSを読めません"):
        check()


def test_signatures_behind_a_link_are_not_read(signed: Path, check: Check, tmp_path: Path) -> None:
    (signed / "timestamp.json").rename(tmp_path / "timestamp.json")
    (signed / "timestamp.json").symlink_to(tmp_path / "timestamp.json")

    with pytest.raises(NotAsSigned, match="署名を読めません"):
        check()


# --- While it is switched, and where it cannot be ----------------------------------------------


@pytest.mark.parametrize("times", [1, 2, 3])
def test_whoever_is_overtaken_by_publications_looks_at_the_newest(
    signed: Path, site: Path, print_site: Print, check: Check, monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:  # fmt: skip
    first, read = standing(site), verifier.signed_at
    overtaking = list(range(1, times + 1))

    def overtaken(*given: Any) -> Signed:
        found = read(*given)
        while overtaking:
            with time_machine.travel(later(minutes=overtaking.pop(0))):
                print_site(anew=True)
        return found

    # Between what is signed and what is compared with it.
    monkeypatch.setattr(verifier, "signed_at", overtaken)

    found = check()
    # After one the tree that was opened is whole, and what was current a moment ago.
    assert (found.number > first.number) == (times > 1)  # type: ignore[union-attr]
    monkeypatch.undo()
    (site / "index.html").write_text("fake")
    with pytest.raises(NotAsSigned, match=r"^書き換えられたファイル:index\.html$"):
        check()


def test_one_who_puts_other_signatures_there_again_and_again_is_not_waited_for(
    signed: Path, site: Path, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "index.html").write_text("fake")
    read, times = verifier.signed_at, []

    def played_with(*given: Any) -> Signed:
        times.append(1)
        (signed / f"{len(times):064}.SHA256SUMS").write_text("")
        return read(*given)

    monkeypatch.setattr(verifier, "signed_at", played_with)
    with pytest.raises(NotAsSigned, match=r"書き換えられたファイル:index\.html"):
        check()
    assert len(times) == verifier.TRIES


def test_all_of_it_is_on_the_disk_before_it_is_served(
    signed: Path, site: Path, print_site: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(site)
    written: list[dict[str, bytes]] = []

    def sync() -> None:
        assert files_of(site) == before
        written.append(files_of(Place(site).spare))

    monkeypatch.setattr(os, "sync", sync)
    # Each page says when it was confirmed.
    with time_machine.travel(later(minutes=5)):
        print_site(anew=True)

    assert written == [files_of(site)]
    assert written != [before]


def test_where_the_file_system_cannot_exchange_it_is_said_and_what_stood_there_stands(
    signed: Path, site: Path, print_site: Print, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(site)
    # A flag that no kernel knows is refused as by a file system that does not know this one.
    monkeypatch.setattr(place, "RENAME_EXCHANGE", 1 << 20)

    with pytest.raises(PlaceUnusable, match="一度に入れ替えられません。サーバー自身のディスク"):
        print_site(anew=True)
    assert files_of(site) == before
    check()


def test_without_keys_no_page_is_made_and_the_way_to_them_is_said(
    site: Path, settings: Any, tmp_path: Path, db: None
) -> None:
    settings.PUBLICATION_KEYS, settings.DEMONSTRATION = str(tmp_path / "none"), False
    made: list[int] = []

    with pytest.raises(KeysUnusable, match=r"manage\.py publication_keys create"):
        publish(site, tell=lambda done, of: made.append(done))
    assert (made, site.exists()) == ([], False)


def test_a_disk_that_is_full_while_it_is_confirmed_leaves_nothing_lying_about(
    signed: Path, site: Path, keys: Keys, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(site.parent.iterdir())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        for _ in range(2):
            with pytest.raises(OSError, match="No space left"):
                confirm(site, keys)

    assert sorted(site.parent.iterdir()) == before
    check()
