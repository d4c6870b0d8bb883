"""`manage.py publish`: the whole site as files, and afterwards what changed."""

from __future__ import annotations

import datetime
import gzip
import html
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
import time_machine
from django.utils import timezone

from accounts.models import Account, Notice
from publication import catalogue, publishing, rendering
from publication.place import Place
from publication.publishing import TooMuchVanishes
from publication.rendering import PageFailed
from publication.verifier import Signed
from tests import factories
from tests.conftest import Cast
from tests.publication.conftest import Publish
from tests.publication.signed.conftest import Print, files_of, later, pages_of, urgent

pytestmark = pytest.mark.usefixtures("few_pages")

Check = Callable[..., Signed]


def test_every_page_lies_beside_its_compressed_forms_and_with_all_it_asks_for(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    done = print_site()
    found = files_of(site)
    plain = {name: data for name, data in found.items() if not name.endswith((".gz", ".br"))}

    assert (done.accounts, done.pages, done.removed) == (3, len(plain) - len(assets(plain)), 0)
    assert assets(plain) >= {
        "static/css/public.css",
        "static/img/logo.svg",
        "static/img/chevron.svg",
    }
    for name, data in plain.items():
        assert gzip.decompress(found[f"{name}.gz"]) == data
        assert brotli.decompress(found[f"{name}.br"]) == data
    assert "しんしろ観光" in plain["index.html"].decode()
    assert "しんしろ防災" in plain[f"accounts/{city.pk}/index.html"].decode()
    assert set(check().files) == set(found)


def assets(plain: dict[str, bytes]) -> set[str]:
    return {name for name in plain if name.startswith("static/")}


def test_every_web_server_may_read_it_and_nobody_else_write(
    city: Account, site: Path, print_site: Print
) -> None:
    before = os.umask(0o077)
    print_site()
    os.umask(before)

    modes = {stat.filemode(path.stat().st_mode) for path in [site, *site.rglob("*")]}
    assert modes == {"drwxr-xr-x", "-rw-r--r--"}
    assert stat.filemode(Place(site).aside.stat().st_mode) == "drwx------"


def test_it_carries_number_time_and_expiry(
    city: Account, print_site: Print, check: Check, settings: Any
) -> None:
    settings.PORTAL_URL, settings.ALLOWED_HOSTS = "https://sns.city.example", ["sns.city.example"]
    with time_machine.travel("2026-11-28T10:30:15+09:00", tick=False):
        done = print_site()
        signed = check()

    assert done.number == signed.number == 20261128103015
    assert signed.published == signed.confirmed == "2026-11-28T10:30:15+09:00"
    assert (signed.expires, signed.site) == ("2026-11-29T01:30:15Z", "https://sns.city.example")


def test_where_visitors_are_led_to_https_the_pages_are_made_all_the_same(
    city: Account, print_site: Print, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert print_site().accounts == 3


def test_each_page_says_when_it_was_last_confirmed(
    city: Account, site: Path, print_site: Print
) -> None:
    with time_machine.travel("2026-11-28T10:30:15+09:00", tick=False):
        print_site()

    pages = {n: d.decode() for n, d in files_of(site).items() if n.endswith(".html")}
    said = '最終確認 <time datetime="2026-11-28T10:30+09:00">2026年11月28日(土) 10:30</time>'
    assert [name for name, page in pages.items() if said not in page] == []


def test_what_has_not_changed_is_only_confirmed(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    first = print_site()
    before, inodes = files_of(site), {p: p.stat().st_ino for p in site.rglob("*.html*")}
    second = print_site()

    assert (second.rendered, second.removed) == (0, 0)
    assert second.number > first.number == check().number
    assert files_of(site) == before
    assert {p: p.stat().st_ino for p in site.rglob("*.html*")} == inodes
    third = print_site(confirm_after=datetime.timedelta(minutes=10))
    assert third.number == second.number


def test_after_a_change_what_changed_is_made_again_and_nothing_else(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    print_site()
    before = pages_of(site)
    Account.objects.filter(pk=city.pk).update(name="新しい名前")
    done = print_site()
    after = pages_of(site)

    # By a bulk update, of which nobody is told.
    own = f"accounts/{city.pk}/index.html"
    assert "新しい名前" in after[own]
    changed = {name for name in after if after[name] != before[name]}
    assert {own, "index.html", "list/index.json", "list/service/instagram/index.html"} <= changed
    untouched = {"accessibility/index.html", "list/service/x/index.html", "404.html"}
    assert untouched & changed == set()
    assert 0 < done.rendered < done.pages
    check()


def test_each_time_it_is_what_a_publication_from_nothing_would_be(
    city: Account, site: Path, print_site: Print, publish: Publish, cast: Cast, tmp_path: Path
) -> None:
    def compare() -> None:
        print_site()
        publishing.publish(tmp_path / "again")
        assert pages_of(site) == pages_of(tmp_path / "again")

    compare()
    new = publish("newer", "youtube", name="新しい口座")
    compare()
    factories.stood(new, "close", cast.head)
    compare()
    notice = urgent()
    compare()
    urgent(kind="taken_back", title="訂正", corrects=notice, urgent_until=None)
    compare()
    cast.tourism.telephone = "0536-00-0000"
    cast.tourism.save()
    compare()


def test_a_removed_account_leaves_no_page_behind_and_a_closed_one_its_tombstone(
    city: Account, site: Path, print_site: Print, cast: Cast, check: Check
) -> None:
    closing = Account.objects.get(name="しんしろ観光")
    # Twice, that both trees have it.
    print_site()
    print_site(anew=True)
    Account.objects.filter(pk=city.pk).update(status="preparing")
    factories.stood(closing, "close", cast.head)
    done = print_site()
    found = files_of(site)

    assert done.removed >= 2
    assert [name for name in found if f"accounts/{city.pk}/" in name] == []
    assert not (site / "accounts" / str(city.pk)).exists()
    assert "廃止されました" in found[f"accounts/{closing.pk}/index.html"].decode()
    assert [n for n, d in found.items() if "しんしろ防災".encode() in d] == []
    check()


def test_an_account_being_prepared_never_has_a_page(
    cast: Cast, site: Path, print_site: Print
) -> None:
    factories.account(cast.tourism, name="準備中の名前")
    print_site()

    assert [n for n, d in files_of(site).items() if "準備中の名前".encode() in d] == []


# --- Too much at once --------------------------------------------------------------------------


def test_where_too_many_accounts_vanish_it_stops_and_asks_for_their_number(
    publish: Publish, site: Path, print_site: Print, check: Check
) -> None:
    for number in range(5):
        publish(f"many_{number}")
    print_site()
    before = files_of(site)
    vanishing = Account.objects.values_list("pk", flat=True)[:3]
    Account.objects.filter(pk__in=list(vanishing)).update(status="preparing")

    with pytest.raises(TooMuchVanishes, match=r"5件のアカウントのうち3件.*--confirm 3"):
        print_site()
    for another in (2, 4):
        with pytest.raises(TooMuchVanishes):
            print_site(confirmed_loss=another)
    assert files_of(site) == before
    assert print_site(confirmed_loss=3).accounts == 2
    check()


@pytest.mark.parametrize(
    ("of", "vanishing", "percent", "stops"),
    [
        (100, 10, 10, False),
        (100, 11, 10, True),
        (4, 2, 10, False),
        (4, 3, 10, True),
        (4, 3, 75, False),
    ],
)
def test_a_share_may_vanish_and_two_always(
    settings: Any, of: int, vanishing: int, percent: int, stops: bool
) -> None:
    settings.PUBLICATION_LARGEST_LOSS = percent
    before = {f"/accounts/{number}/" for number in range(of)}
    after = {f"/accounts/{number}/" for number in range(vanishing, of)} | {"/", "/accounts/"}

    if stops:
        with pytest.raises(TooMuchVanishes):
            publishing.refuse_loss(before, after, 0)
    else:
        publishing.refuse_loss(before, after, 0)


# --- While it is made --------------------------------------------------------------------------


def test_what_changes_while_it_is_made_is_made_again(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    seen = []

    def change(done: int, of: int) -> None:
        if done == of and len(seen) < 2:
            seen.append(of)
            Account.objects.filter(pk=city.pk).update(name=f"途中の名前{len(seen)}")

    print_site(tell=change)

    pages = pages_of(site)
    assert len(seen) == 2
    assert [name for name, page in pages.items() if "途中の名前1" in page] == []
    assert "途中の名前2" in pages["index.html"]
    check()


def test_an_account_that_goes_while_it_is_made_is_gone(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    def withdraw(done: int, of: int) -> None:
        Account.objects.filter(pk=city.pk).update(status="preparing")

    print_site(tell=withdraw)

    assert [n for n in files_of(site) if f"accounts/{city.pk}/" in n] == []
    check()


def test_a_page_that_cannot_be_made_stops_it_and_the_old_one_stands(
    city: Account, site: Path, print_site: Print, monkeypatch: pytest.MonkeyPatch, check: Check
) -> None:
    print_site()
    before = files_of(site)
    broken = catalogue.Published("account", lambda state: [((987654,), "x")])
    monkeypatch.setattr(catalogue, "PUBLISHED", (*catalogue.PUBLISHED, broken))

    with pytest.raises(PageFailed, match="/accounts/987654/:404"):
        print_site()
    assert files_of(site) == before
    check()


def test_what_a_web_server_would_take_for_something_else_by_its_name_is_not_published(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rendering.Renderer().page("/robots.txt").startswith(b"User-agent: *")
    monkeypatch.setitem(rendering.TYPES, ".txt", "text/html")

    with pytest.raises(PageFailed, match=r"^/robots\.txt:text/plain、ファイル名ではtext/html$"):
        rendering.Renderer().page("/robots.txt")


# --- What every page carries -------------------------------------------------------------------


def test_an_urgent_notice_tops_every_page_and_goes_again_without_all_of_them_made_anew(
    city: Account, site: Path, print_site: Print, check: Check
) -> None:
    notice = urgent(urgent_until=None)
    print_site()
    before = pages_of(site)
    Notice.objects.filter(pk=notice.pk).update(urgent_until=later(hours=1))
    done = print_site()
    pages = {n: page for n, page in pages_of(site).items() if n.endswith(".html")}

    assert 0 < done.rendered < done.pages
    for name, page in pages.items():
        assert "偽のアカウントに注意" in page.partition("<header")[0], name
    check()
    with time_machine.travel(later(hours=2), tick=False):
        # Nothing but the hour has changed.
        assert print_site().rendered == 0
        assert pages_of(site) == before
        check()


def test_what_an_urgent_notice_says_is_never_read_as_a_pattern(
    city: Account, site: Path, print_site: Print
) -> None:
    print_site()
    # The first is put into pages that stand, the second into those that are made.
    for title in (r"注意\1と\g<2>と\\n", r"\g<1>"):
        urgent(title=title)
        print_site(anew=title.startswith("\\"))
        pages = {n: page for n, page in pages_of(site).items() if n.endswith(".html")}
        assert [n for n, page in pages.items() if html.escape(title) not in page] == []


def test_the_same_page_is_packed_into_the_same_bytes_at_any_time() -> None:
    packed = []
    for days in (0, 3):
        with time_machine.travel(later(days=days)):
            packed.append(rendering.variants("index.html", b"the same" * 100))

    assert packed[0] == packed[1]


def test_the_day_alone_changes_what_is_said(city: Account, site: Path, print_site: Print) -> None:
    print_site()
    Account.objects.filter(pk=city.pk).update(attested_on=None)
    print_site()
    with time_machine.travel(later(days=200)):
        print_site()

    assert "確認期限切れ" in pages_of(site)[f"accounts/{city.pk}/index.html"]


def test_within_a_day_every_page_is_made_anew_a_few_at_a_time(
    city: Account, print_site: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "AGAIN_AT_ONCE", 2)
    moment = timezone.now().replace(hour=3)
    with time_machine.travel(moment):
        print_site()
    with time_machine.travel(moment + datetime.timedelta(hours=10)):
        assert print_site().rendered == 0
    with time_machine.travel(moment + datetime.timedelta(days=1, minutes=1)):
        due = [print_site().rendered for _ in range(3)]

    # On the new day those that the day changes, and two that nothing seems to have changed.
    assert due[0] > due[1] == due[2] == 2


def test_files_of_the_edition_before_stay_for_a_day(
    city: Account, site: Path, print_site: Print, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_site()
    monkeypatch.setattr(rendering, "edition", lambda: "the next one")
    monkeypatch.setattr(rendering, "assets_of", lambda page: {"css/base.css"})
    done = print_site()

    assert done.rendered == done.pages
    assert (site / "static/css/public.css").exists()
    with time_machine.travel(later(hours=25)):
        print_site()
    assert not (site / "static/css/public.css").exists()
    assert (site / "static/css/base.css").exists()
