"""Each attack that The Update Framework names, tried on a publication by one who may write there.

What does not apply: extraneous dependencies, for a page has none. Slow retrieval and malicious mirrors
are tried over HTTP in `test_watching.py`.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Timestamp

from accounts.models import Account
from publication.keys import ONLINE, PUBLISHER, ROOT, Keys, create, read_key, replace
from publication.publishing import publish
from publication.renewing import NotRenewed, newest_root, renew, write_timestamp
from publication.signing import standing
from publication.verifier import (
    Expired,
    NotAsSigned,
    Older,
    Signed,
    StateUnreadable,
    Unread,
    verify,
)
from tests.publication.signed.conftest import Print, later

Check = Callable[..., Signed]
DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("two_pages")


def refuses(check: Check, why: str, error: type[NotAsSigned] = NotAsSigned) -> None:
    with pytest.raises(error, match=why) as raised:
        check()
    assert type(raised.value) is error


# --- Arbitrary software installation -----------------------------------------------------------


def test_arbitrary_file_an_altered_one(signed: Path, site: Path, check: Check) -> None:
    for name in ("index.html", "index.html.gz", "accessibility/index.html.br"):
        honest = (site / name).read_bytes()
        (site / name).write_bytes(honest[:-1] + bytes([honest[-1] ^ 1]))
        refuses(check, f"^書き換えられたファイル:{name}$")
        (site / name).write_bytes(honest)
    check()


def test_arbitrary_file_one_too_many(signed: Path, site: Path, check: Check) -> None:
    for name in ("fake.html", "index.html.zst", ".htaccess", "accounts/1/index.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("fake")
        refuses(check, f"^余分なファイル:{name}$")
        (site / name).unlink()


def test_arbitrary_file_one_missing(signed: Path, site: Path, check: Check) -> None:
    (site / "index.html.br").unlink()
    refuses(check, "^ないファイル:index.html.br$")


def test_arbitrary_file_among_the_signatures(signed: Path, check: Check) -> None:
    sums = next(signed.glob("*.SHA256SUMS")).read_text()
    for name, text in (
        ("fake.html", "fake"), ("7.targets.json", "{}"), ("99.root.json", "[]"),
        ("old.json", (signed / "timestamp.json").read_text()), (f"{'0' * 64}.SHA256SUMS", sums),
    ):  # fmt: skip
        (signed / name).write_text(text)
        refuses(check, f"^署名のないもの:signed/{name}$")
        (signed / name).unlink()
    check()


def test_arbitrary_file_behind_a_link(
    signed: Path, site: Path, check: Check, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_bytes((site / "index.html").read_bytes())
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(tmp_path / "index.html")
    refuses(check, "^ファイルではないもの:index.html$")
    (site / "index.html").unlink()
    shutil.copy(tmp_path / "index.html", site / "index.html")
    (site / "more").symlink_to(tmp_path)
    refuses(check, "^ファイルではないもの:more$")


def test_arbitrary_file_with_sums_that_fit_it(signed: Path, site: Path, check: Check) -> None:
    sums = next(signed.glob("*.SHA256SUMS"))
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1"))
    refuses(check, "署名が正しくありません")
    sums.unlink()
    refuses(check, "署名を読めません", Unread)


def test_arbitrary_file_the_moment_of_confirmation_that_pages_show(
    signed: Path, check: Check, tmp_path: Path
) -> None:
    check(tmp_path / "state")
    timestamp = json.loads((signed / "timestamp.json").read_text())
    timestamp["signed"]["confirmed"] = "2036-01-01T00:00:00+09:00"
    (signed / "timestamp.json").write_text(json.dumps(timestamp))

    refuses(check, "署名が正しくありません")
    refuses(lambda: check(tmp_path / "state"), "署名が正しくありません")


# --- Endless data ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["timestamp.json", "*.snapshot.json", "*.targets.json", "*.SHA256SUMS", "../index.html"]
)
def test_endless_data(signed: Path, check: Check, name: str) -> None:
    path = signed / name if name.startswith("..") else next(signed.glob(name))
    # As large as it likes, and yet nothing on the disk.
    os.truncate(path, 2**40)
    began = time.monotonic()

    with pytest.raises(NotAsSigned):
        check()
    assert time.monotonic() - began < 5


# --- Fast-forward ------------------------------------------------------------------------------


def test_fast_forward_is_over_once_the_city_has_replaced_the_key(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    honest = standing(site)
    far = Timestamp(
        version=2**53, expires=later(days=3), snapshot_meta=MetaFile(honest.number),
        unrecognized_fields={"confirmed": honest.custom["confirmed"]},
    )  # fmt: skip
    write_timestamp(signed, far, keys.signer(ONLINE))
    check(tmp_path / "state")
    replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [ONLINE])
    # With a timestamp of its own beside it no publication would have a number after the stolen one's.
    (signed / "timestamp.json").unlink()
    print_site()

    assert check(tmp_path / "state").number > honest.number


# --- Indefinite freeze -------------------------------------------------------------------------


def test_indefinite_freeze_ends_with_the_expiry(signed: Path, check: Check) -> None:
    with time_machine.travel(later(hours=23)):
        check()
    with time_machine.travel(later(hours=25)):
        refuses(check, "有効期限が過ぎています", Expired)


def test_indefinite_freeze_by_the_online_key_alone_ends_with_what_the_publisher_signed(
    signed: Path, site: Path, keys: Keys, check: Check
) -> None:
    honest = standing(site)
    for_ever = Timestamp(
        version=honest.number + 10**9, expires=later(days=3650),
        snapshot_meta=MetaFile(honest.number),
        unrecognized_fields={"confirmed": honest.custom["confirmed"]},
    )  # fmt: skip
    write_timestamp(signed, for_ever, keys.signer(ONLINE))

    with time_machine.travel(later(days=13)):
        check()
    with time_machine.travel(later(days=15)):
        refuses(check, "有効期限が過ぎています", Expired)


def test_renewing_keeps_it_current_for_the_set_time_and_confirms_nothing(
    signed: Path, site: Path, keys: Keys, check: Check
) -> None:
    before = check()
    for days in (0.9, 1.8, 13.5):
        with time_machine.travel(later(days=days), tick=False):
            moment = datetime.datetime.now(datetime.UTC)
            renew(site, keys.signer(ONLINE), DAY, moment)
            assert check().confirmed == before.confirmed
    with time_machine.travel(later(days=14.1), tick=False):
        refuses(check, "有効期限が過ぎています", Expired)
        with pytest.raises(NotRenewed, match="延長できる期間は"):
            renew(site, keys.signer(ONLINE), DAY, datetime.datetime.now(datetime.UTC))


# --- Mix and match -----------------------------------------------------------------------------


def test_mix_and_match_an_old_page_among_new_ones(
    site: Path, print_site: Print, check: Check, db: None
) -> None:
    print_site()
    old = (site / "index.html").read_bytes()
    with time_machine.travel(later(minutes=5)):
        print_site(anew=True)
        # Both were signed, and the sums of the old one still lie there.
        assert (site / "index.html").read_bytes() != old
        (site / "index.html").write_bytes(old)
        refuses(check, "^書き換えられたファイル:index.html$")


def test_mix_and_match_old_signatures_under_a_new_number(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check
) -> None:
    old = standing(site)
    with time_machine.travel(later(minutes=5)):
        print_site()
        new = standing(site)
        for kind in ("targets", "snapshot"):
            name = f"{new.number}.{kind}.json"
            honest = (signed / name).read_bytes()
            shutil.copy(signed / f"{old.number}.{kind}.json", signed / name)
            refuses(check, ".", Older)
            (signed / name).write_bytes(honest)
        check()


# --- Rollback ----------------------------------------------------------------------------------


def test_rollback_to_an_older_publication(
    site: Path, print_site: Print, check: Check, tmp_path: Path, db: None
) -> None:
    state = tmp_path / "state"
    print_site()
    shutil.copytree(site, tmp_path / "old")
    with time_machine.travel(later(minutes=5)):
        print_site(anew=True)
        check(state)
        seen = state.read_bytes()
        shutil.rmtree(site)
        shutil.copytree(tmp_path / "old", site)
        refuses(lambda: check(state), "以前に確かめたものより古い", Older)
        # Whoever never saw the newer one cannot know; it ends with the expiry.
        check()
    assert state.read_bytes() == seen


def test_rollback_of_the_numbers_does_not_come_from_a_restored_portal(
    site: Path, print_site: Print, keys: Keys, check: Check, tmp_path: Path, db: None
) -> None:
    state = tmp_path / "state"
    print_site()
    check(state)
    shutil.rmtree(site.parent)
    (keys.folder / "last_number").unlink()
    with time_machine.travel(later(seconds=2)):
        print_site()
        check(state)


# --- Key compromise ----------------------------------------------------------------------------


def test_key_compromise_the_online_key_cannot_publish(
    signed: Path, site: Path, keys: Keys, check: Check
) -> None:
    (keys.folder / "publisher.pem").unlink()
    shutil.copy(keys.folder / "online.pem", keys.folder / "publisher.pem")
    stolen = keys.signer(ONLINE)
    number = standing(site).number
    for kind in ("targets", "snapshot"):
        path = signed / f"{number}.{kind}.json"
        metadata: Any = Metadata.from_bytes(path.read_bytes())
        metadata.sign(stolen)
        path.write_bytes(metadata.to_bytes())
        refuses(check, "署名が正しくありません")


def test_key_compromise_what_a_replaced_publisher_key_signs_is_refused(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    shutil.copytree(site, tmp_path / "stolen")
    shutil.copytree(keys.folder, tmp_path / "thief")
    replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [PUBLISHER])
    with time_machine.travel(later(minutes=1)):
        print_site()
        check(tmp_path / "state")
    # The thief still has the old key, and what he signs is newer.
    with time_machine.travel(later(minutes=2)):
        moved = shutil.copytree(tmp_path / "stolen", tmp_path / "theirs")
        from publication.signing import confirm  # noqa: PLC0415

        confirm(moved, Keys(tmp_path / "thief"))
        with pytest.raises(NotAsSigned, match="署名が正しくありません"):
            verify(moved, keys.roots()[1], None)
        with pytest.raises(NotAsSigned):
            verify(moved, keys.roots()[0], tmp_path / "state")


def test_key_compromise_only_the_old_root_key_names_a_new_one(
    signed: Path, site: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    stranger = CryptoSigner.generate_ed25519()
    forged = keys.root()
    forged.signed.version = 2
    forged.sign(stranger)
    (signed / "2.root.json").write_bytes(forged.to_bytes())
    refuses(check, "署名のないもの:signed/2.root.json|署名が正しくありません")
    (signed / "2.root.json").unlink()

    replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [ROOT], tmp_path / "new.pem")
    replace(keys.folder, read_key(tmp_path / "new.pem"), [PUBLISHER, ONLINE])
    print_site()
    # Who trusts the first root is led to the third one.
    assert check(tmp_path / "state").root.version == 3
    (signed / "2.root.json").write_bytes(forged.to_bytes())
    with pytest.raises(
        NotAsSigned, match=r"署名のないもの:signed/1\.root\.json\n署名のないもの:signed/2\.root"
    ):
        verify(site, keys.roots()[2], None)


# --- Wrong software installation ---------------------------------------------------------------


def test_another_citys_publication(
    signed: Path, site: Path, keys: Keys, check: Check, tmp_path: Path, settings: Any
) -> None:
    create(tmp_path / "theirs", tmp_path / "their-root.pem")
    settings.PUBLICATION_KEYS = str(tmp_path / "theirs")
    publish(tmp_path / "elsewhere")
    verify(tmp_path / "elsewhere", Keys(tmp_path / "theirs").roots()[0])

    shutil.rmtree(site)
    shutil.copytree(tmp_path / "elsewhere", site)
    refuses(check, "署名が正しくありません")


def test_another_citys_page(
    signed: Path, site: Path, check: Check, tmp_path: Path, settings: Any
) -> None:
    settings.CITY_NAME = "よその市"
    create(tmp_path / "theirs", tmp_path / "their-root.pem")
    settings.PUBLICATION_KEYS = str(tmp_path / "theirs")
    publish(tmp_path / "elsewhere")
    shutil.copy(tmp_path / "elsewhere" / "index.html", site / "index.html")

    refuses(check, "^書き換えられたファイル:index.html$")


# --- The file that remembers -------------------------------------------------------------------


def test_a_damaged_state_file_is_said_and_not_written_over(
    signed: Path, check: Check, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    state.write_text("{")

    refuses(lambda: check(state), "控えのファイル.*読めません", StateUnreadable)
    assert state.read_text() == "{"


def test_the_state_file_goes_on_from_root_to_root(
    signed: Path, keys: Keys, print_site: Print, check: Check, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    check(state)
    replace(keys.folder, read_key(keys.folder.parent / "root.pem"), [])
    print_site()
    assert check(state).root.version == 2
    assert "root_history/2.root.json" in json.loads(state.read_text())
    assert newest_root(signed).version == 2
    assert isinstance(keys.root().signed, Root)
    assert Account.objects.count() == 0
