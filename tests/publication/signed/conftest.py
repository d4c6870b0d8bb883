"""A folder for a publication, with keys of its own, and what is asked of it again and again."""

from __future__ import annotations

import datetime
import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Notice
from publication import catalogue, rendering, watching
from publication.keys import Keys, create
from publication.publishing import Outcome, publish
from publication.verifier import Signed, verify
from staff.models import Department, User
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish
from tests.publication.signed.watched import Town, town

Print = Callable[..., Outcome]
Look = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys made once, and the root key beside them."""
    folder = tmp_path_factory.mktemp("keys")
    create(folder / "keys", folder / "root.pem")
    return folder


@pytest.fixture
def keys(made_keys: Path, tmp_path: Path, settings: Any) -> Keys:
    """Keys of this test's own; the root key lies in `root.pem` beside their folder."""
    shutil.copytree(made_keys, tmp_path / "safe")
    settings.PUBLICATION_KEYS = str(tmp_path / "safe" / "keys")
    return Keys(tmp_path / "safe" / "keys")


@pytest.fixture
def site(tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the publication of this test stands; nothing is there yet."""
    # No power cut matters here, and tests wait for no disk.
    monkeypatch.setattr(os, "sync", lambda: None)
    return tmp_path / "out" / "site"


@pytest.fixture
def print_site(site: Path) -> Print:
    """`print_site()`: publish the present state into `site`."""
    return lambda **options: publish(site, **options)


@pytest.fixture
def check(site: Path, keys: Keys) -> Callable[..., Signed]:
    """`check()`: what was signed, once every file is it."""
    return lambda state=None: verify(site, keys.roots()[0], state)


@pytest.fixture
def city(publish: Publish, cast: Cast) -> Any:
    """Two official accounts and a suspended one with its notice."""
    publish("sightseeing", name="しんしろ観光", partners=(cast.safety,))
    factories.stood(publish("stopped", name="止まった口座"), "suspend", cast.head)
    return publish("rescue", "instagram", name="しんしろ防災")


FEW = frozenset(
    {
        "accounts",
        "accounts_of",
        "account",
        "notices",
        "accounts_index",
        "accessibility",
        "not_found",
    }
)


@pytest.fixture
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """How it is published does not depend on how many kinds of pages there are."""
    few = tuple(each for each in catalogue.PUBLISHED if each.name in FEW)
    monkeypatch.setattr(catalogue, "PUBLISHED", few)
    monkeypatch.setattr(rendering, "BROTLI_QUALITY", 1)


@pytest.fixture
def two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is signed does not depend on how many kinds of pages there are."""
    few = tuple(each for each in catalogue.PUBLISHED if each.name in ("accounts", "accessibility"))
    monkeypatch.setattr(catalogue, "PUBLISHED", few)


@pytest.fixture
def signed(two_pages: None, site: Path, print_site: Print, db: None) -> Path:
    """The folder of signatures of a publication."""
    print_site()
    return site / "signed"


@pytest.fixture
def production(settings: Any) -> None:
    """The portal's own default for HSTS where it is no demonstration."""
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30


@pytest.fixture
def every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer pages, but a file of every kind of header."""
    names = FEW | {
        "accounts_json", "accounts_schema", "accounts_csv", "accounts_fragment", "notices_feed", "trust",
        "security", "robots", "sitemap", "check", "check_index", "openapi",
    }  # fmt: skip
    few = tuple(each for each in catalogue.PUBLISHED if each.name in names)
    monkeypatch.setattr(catalogue, "PUBLISHED", few)
    monkeypatch.setattr(rendering, "BROTLI_QUALITY", 1)


def urgent(**fields: Any) -> Notice:
    """A notice that tops every page for an hour."""
    return Notice.objects.create(
        **{
            "kind": "fake", "title": "偽のアカウントに注意", "body": "市を名乗る者がいます。",
            "department": Department.objects.get(is_pr_division=True),
            "published_by": User.objects.order_by("pk").first(),
            "urgent_until": later(hours=1), **fields,
        }
    )  # fmt: skip


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a publication but its signatures, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "signed"
    }


def pages_of(folder: Path) -> dict[str, str]:
    """Every page as text, without the moment it was confirmed at."""
    return {
        name: data.decode().partition("<!--confirmed-->")[0]
        for name, data in files_of(folder).items()
        if name.endswith((".html", ".atom", ".json"))
    }


def later(**span: float) -> datetime.datetime:
    """A moment to come."""
    return datetime.datetime.now(datetime.UTC) + datetime.timedelta(**span)


@pytest.fixture
def city_site(site: Path, print_site: Print, city: Any) -> Path:
    """A publication of a city with three accounts."""
    print_site()
    return site


@pytest.fixture
def served(city_site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The publication on a web server."""
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.05)
    with town(city_site) as found:
        yield found


@pytest.fixture
def look(keys: Keys) -> Look:
    """`look(url, "--all")`: the exit code, the last line, and what was said besides."""

    def look(url: str, *more: str) -> tuple[int, str, str]:
        out, err, code = io.StringIO(), io.StringIO(), 0
        root = () if "--root" in more else ("--root", str(keys.folder / "1.root.json"))
        try:
            call_command("watch_publication", url, *root, *more, stdout=out, stderr=err)
        except SystemExit as ended:
            code = int(str(ended.code))
        *said, last = out.getvalue().splitlines()
        return code, last, "\n".join([*said, *err.getvalue().splitlines()])

    return look
