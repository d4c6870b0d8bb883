"""`manage.py publish`: the public site as files, complete or not at all, and again what changed.

What is published is what the register says at one moment: pages are made one after the other, so what
changed meanwhile is made again until nothing did. See decisions 0028 and 0029.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from publication import rendering, signing
from publication.catalogue import addresses, file_name
from publication.keys import ONLINE, PUBLISHER, ROOT, Keys, create, now
from publication.place import Place, Record, Spare
from publication.rendering import PageFailed, Renderer
from publication.state import PublicState, digest

# However still it seems, every page is made anew within a day: should a digest ever miss something.
PAGE_LASTS = 24 * 60 * 60
AGAIN_AT_ONCE = 100
# Pages that somebody still has open ask for the files of the publication before.
ASSET_LASTS = 24 * 60 * 60
ROUNDS = 10
# Of very few accounts one is a large share.
ALWAYS_MAY_VANISH = 2
_ACCOUNT = re.compile(r"/accounts/[0-9]+/")


class TooMuchVanishes(Exception):
    """So many accounts would vanish at once that somebody is to confirm their number."""

    def __init__(self, vanishing: int, of: int) -> None:
        super().__init__(
            f"公開中の{of}件のアカウントのうち{vanishing}件が、公開ページからなくなります。"
            f"間違いでなければ、--confirm {vanishing} を付けて実行してください。"
        )
        self.vanishing = vanishing


class Unsettled(Exception):
    """The register changed faster than it could be published."""


@dataclass
class Outcome:
    """What a publication did."""

    number: int
    accounts: int
    pages: int
    rendered: int
    removed: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Whether anything is served otherwise than before."""
        return bool(self.rendered or self.removed)


def keys() -> Keys:
    """The keys that sign; a demonstration makes its own."""
    found = Keys(Path(settings.PUBLICATION_KEYS))
    if settings.DEMONSTRATION and not found.is_there:
        create(found.folder, found.folder / f"{ROOT}.pem")
    return found


def publish(
    directory: Path, *, confirmed_loss: int = 0, anew: bool = False,
    confirm_after: timedelta = timedelta(),
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Outcome:  # fmt: skip
    """Bring `directory` to what the register says now, and sign that it is.

    Raises TooMuchVanishes, Unsettled, PageFailed, PlaceUnusable, KeysUnusable or OSError; whatever it
    raises, and wherever it is cut off, what stood there before is served on. `anew` believes nothing
    of what stands there. What has not changed is signed again where it was confirmed longer ago than
    `confirm_after`. `tell` hears how many pages are made.
    """
    began = time.monotonic()
    place = Place(directory)
    signed_by = keys()
    # Or many minutes of pages would be made that nobody can sign.
    for name in (PUBLISHER, ONLINE):
        signed_by.signer(name)
    with place.alone():
        press = _Press(place, signed_by, tell)
        refuse_loss(press.old.pages, press.wanted, confirmed_loss)
        was = signing.standing(place.directory)
        if anew:
            press.old = Record()
        if was and press.is_up_to_date:
            standing = was
            if now() - was.confirmed >= confirm_after:
                standing = signing.confirm(place.directory, signed_by)
        else:
            try:
                standing = press.print()
            except OSError:
                # On a full disk half a publication would leave no room for the database either.
                place.throw_spare_away()
                raise
    return Outcome(
        standing.number, len(_accounts(press.wanted)), len(press.wanted), len(press.made),
        press.removed, time.monotonic() - began,
    )  # fmt: skip


def refuse_loss(before: Iterable[str], after: Iterable[str], confirmed: int) -> None:
    """Raises TooMuchVanishes where more accounts would vanish than may, unless so many are confirmed."""
    served = _accounts(before)
    vanishing = len(served - _accounts(after))
    may = max(ALWAYS_MAY_VANISH, len(served) * settings.PUBLICATION_LARGEST_LOSS // 100)
    if vanishing > may and vanishing != confirmed:
        raise TooMuchVanishes(vanishing, len(served))


def _accounts(pages: Iterable[str]) -> set[str]:
    return {address for address in pages if _ACCOUNT.fullmatch(address)}


@dataclass
class _Press:
    """One publication being made: what is wanted, what there is, what is new."""

    place: Place
    keys: Keys
    tell: Callable[[int, int], None]
    made: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.old = self.place.record()
        self.wanted = addresses(PublicState())
        self.edition = rendering.edition()
        self.parts = rendering.parts(now())
        self.banner = digest(self.parts["urgent"])
        self.renderer = Renderer()
        self.new = Record(edition=self.edition, banner=self.banner)

    @property
    def removed(self) -> int:
        """How many pages are no more."""
        return len(self.old.pages.keys() - self.wanted.keys())

    @property
    def is_up_to_date(self) -> bool:
        """Whether nothing is to be made."""
        return not (self.removed or self._stale() or self.old.banner != self.banner)

    def _stale(self) -> list[str]:
        """The pages to be made anew: what changed, and of the old ones the oldest few."""
        if self.old.edition != self.edition:
            return list(self.wanted)
        known = {address: stamp for address, (stamp, _) in self.old.pages.items()}
        changed = [a for a, stamp in self.wanted.items() if known.get(a) != stamp]
        limit = time.time() - PAGE_LASTS
        old = sorted((at, address) for address, (_, at) in self.old.pages.items() if at < limit)
        again = [address for _, address in old[:AGAIN_AT_ONCE] if address in self.wanted]
        return list(dict.fromkeys([*changed, *again]))

    def print(self) -> signing.Standing:
        """Make what is new, put everything in its place, sign it, and let it be served."""
        spare = Spare(self.place, self.old.files)
        self._make_pages(spare)
        self._put_parts_into_others(spare)
        self._make_assets(spare)
        spare.complete(self.new.files)
        sums = signing.as_sums(self.new.files, max(self.new.sizes.values()))
        before = self.place.directory if signing.standing(self.place.directory) else None
        standing = signing.sign(self.place.spare, before, sums, self.keys)
        self.place.write_record(standing.sums, self.new)
        self.place.switch()
        if before is None:
            self.place.lay_spare(standing.sums, self.new.files)
        return standing

    def _make_pages(self, spare: Spare) -> None:
        stale = self._stale()
        for _ in range(ROUNDS):
            failures: dict[str, tuple[str, PageFailed]] = {}
            for number, address in enumerate(stale, start=1):
                self.tell(number, len(stale))
                try:
                    self._make(spare, address)
                except PageFailed as error:
                    failures[address] = (self.wanted[address], error)
            latest = addresses(PublicState())
            for address, (stamp, failed) in failures.items():
                # What went away meanwhile is no failure.
                if latest.get(address) == stamp:
                    raise failed
            stale = [a for a, s in latest.items() if self.wanted.get(a) != s or a in failures]
            self.wanted = latest
            if not stale:
                break
        else:
            raise Unsettled("公開の処理中に、内容が変わり続けています。")
        for address in self.wanted.keys() & self.made:
            self.new.pages[address] = (self.wanted[address], self.new.pages[address][1])
        for address in self.new.pages.keys() - self.wanted.keys():
            self._drop(address)

    def _make(self, spare: Spare, address: str) -> None:
        page = self.renderer.page(address)
        self.asked |= rendering.assets_of(page)
        self.new.pages[address] = (self.wanted[address], time.time())
        self._write(spare, file_name(address), rendering.stamped(page, self.parts))
        self.made.add(address)

    def _drop(self, address: str) -> None:
        del self.new.pages[address]
        self.made.discard(address)
        for name in rendering.variant_names(file_name(address)):
            self.new.files.pop(name, None)
            self.new.sizes.pop(name, None)

    def _write(self, spare: Spare, name: str, data: bytes) -> None:
        for variant, content in rendering.variants(name, data).items():
            sum_ = hashlib.sha256(content).hexdigest()
            spare.write(variant, content, sum_)
            self.new.files[variant] = sum_
            self.new.sizes[variant] = len(content)

    def _put_parts_into_others(self, spare: Spare) -> None:
        """The pages that were not made anew, with the urgent notices of now where those changed."""
        is_new_banner = self.old.banner != self.banner
        for address, record in self.old.pages.items():
            if address in self.new.pages or address not in self.wanted:
                continue
            name = file_name(address)
            if not is_new_banner:
                self._take_over(name)
            elif (page := self._as_signed(name)) is not None:
                self._write(spare, name, rendering.stamped(page, self.parts))
            else:
                self._make(spare, address)
                continue
            self.new.pages[address] = (record[0], record[1])

    def _as_signed(self, name: str) -> bytes | None:
        """A page as it stands, if nobody altered it."""
        try:
            page = (self.place.directory / name).read_bytes()
        except OSError:
            return None
        return page if hashlib.sha256(page).hexdigest() == self.old.files.get(name) else None

    def _take_over(self, name: str) -> None:
        for variant in rendering.variant_names(name):
            self.new.files[variant] = self.old.files[variant]
            self.new.sizes[variant] = self.old.sizes[variant]

    def _make_assets(self, spare: Spare) -> None:
        """The files that pages ask for, and for a day those that they asked for before."""
        is_same = self.old.edition == self.edition
        asked = set(self.asked)
        if is_same:
            asked.update(name for name, left in self.old.assets.items() if not left)
        waiting = sorted(asked)
        while waiting:
            name = waiting.pop()
            self.new.assets[name] = 0.0
            if is_same and _asset_name(name) in self.old.files:
                self._take_over(_asset_name(name))
                continue
            data = rendering.asset(name)
            self._write(spare, _asset_name(name), data)
            more = rendering.in_stylesheet(name, data) - asked
            asked |= more
            waiting += more
        for name, left in self.old.assets.items():
            since = left or time.time()
            if name not in asked and time.time() - since < ASSET_LASTS:
                self.new.assets[name] = since
                self._take_over(_asset_name(name))


def _asset_name(name: str) -> str:
    return f"{settings.STATIC_URL.lstrip('/')}{name}"
