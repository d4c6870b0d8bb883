"""`manage.py publish`: where it may stand, what it believes of what stands there, and its commands."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from publication.place import Place, PlaceUnusable
from publication.publishing import publish
from publication.verifier import NotAsSigned, Signed
from tests.publication.signed.conftest import Print, files_of, urgent

pytestmark = pytest.mark.usefixtures("few_pages")

Check = Callable[..., Signed]


def test_it_does_not_take_the_place_of_other_files(
    city: Account, site: Path, print_site: Print
) -> None:
    site.mkdir(parents=True)
    (site / "thesis.txt").write_text("mine")

    with pytest.raises(PlaceUnusable, match="公開物ではないファイル"):
        print_site()
    assert [path.name for path in site.iterdir()] == ["thesis.txt"]


def test_an_empty_folder_and_a_link_to_one_will_do(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    site.parent.mkdir()
    (site.parent / "real").mkdir()
    site.symlink_to("real")

    print_site()
    print_site(anew=True)

    assert site.is_symlink()
    check()


def test_without_what_lies_aside_all_of_it_is_made_anew(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    first = print_site()
    shutil.rmtree(Place(site).aside)
    second = print_site()

    assert first.pages == second.rendered
    assert second.number > first.number
    check()


def test_the_first_change_costs_what_changed_too(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    print_site()
    spare = Place(site).spare
    assert files_of(spare) == files_of(site)
    # Links, not copies: they take no room.
    assert all((spare / name).samefile(site / name) for name in files_of(site))
    laid = {name: (spare / name).stat().st_ctime_ns for name in files_of(spare)}

    Account.objects.filter(pk=city.pk).update(name="新しい名前")
    print_site()

    touched = {name for name, at in laid.items() if (site / name).stat().st_ctime_ns != at}
    assert f"accounts/{city.pk}/index.html" in touched
    assert "accessibility/index.html" not in touched
    check()


def test_where_no_spare_tree_can_be_laid_the_first_one_is_served_all_the_same(
    city: Account, site: Path, print_site: Print, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as disk:
        # A first publication makes no link but for the spare tree.
        disk.setattr(os, "link", _disk_full)
        assert print_site().changed
    check()

    Account.objects.filter(pk=city.pk).update(name="新しい名前")
    print_site()
    assert "新しい名前" in (site / "accounts" / str(city.pk) / "index.html").read_text()
    check()


def _disk_full(*args: Any, **kwargs: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_that_somebody_altered_is_never_signed(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    print_site()
    path = site / "accessibility" / "index.html"
    path.write_text("書き換え")
    # A change elsewhere, and one that passes through every page.
    Account.objects.filter(pk=city.pk).update(name="新しい名前")
    print_site()
    with pytest.raises(NotAsSigned, match=r"書き換えられたファイル:accessibility/index\.html"):
        check()
    urgent()
    print_site()

    check()
    assert "書き換え" not in path.read_text()


# --- The commands ------------------------------------------------------------------------------


def test_the_command_says_what_it_did(city: Account, site: Path, capsys: Any) -> None:
    call_command("publish", str(site))
    first = capsys.readouterr().out
    call_command("publish", str(site))

    assert "accounts 3, pages " in first
    assert "rendered 0, removed 0" in capsys.readouterr().out
    call_command("verify_publication", str(site))
    assert "number 20" in capsys.readouterr().out


def test_the_commands_fail_with_a_sentence(city: Account, site: Path, settings: Any) -> None:
    call_command("publish", str(site))
    (site / "index.html").write_text("fake")
    with pytest.raises(CommandError, match=r"書き換えられたファイル:index\.html"):
        call_command("verify_publication", str(site))
    settings.PUBLICATION_KEYS = str(site.parent / "nowhere")
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="公開しませんでした。公開の署名に使う鍵"):
        call_command("publish", str(site))
    with pytest.raises(CommandError, match="鍵"):
        call_command("verify_publication", str(site))
    with pytest.raises(CommandError, match="読めません"):
        call_command(
            "verify_publication",
            str(site.parent / "nowhere"),
            "--root",
            str(site / "signed/1.root.json"),
        )


def test_a_demonstration_makes_its_own_keys(city: Account, site: Path, settings: Any) -> None:
    settings.PUBLICATION_KEYS, settings.DEMONSTRATION = str(site.parent / "own"), True
    publish(site)

    modes = {p.name: stat.filemode(p.stat().st_mode) for p in (site.parent / "own").glob("*.pem")}
    assert modes == dict.fromkeys(("root.pem", "publisher.pem", "online.pem"), "-rw-------")
    assert json.loads((site / "signed" / "timestamp.json").read_text())["signed"]["version"]
