"""Whether the public site, as it is reached from outside, is what the city signed, and still current.

What is signed, and whether a file is it, `publication/verifier.py` says; here stand what is looked at and what
a person is told. It needs no database. See decision 0036.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tuf.api.exceptions import DownloadHTTPError

from publication.downloading import LedAway, Server, servers
from publication.keys import now
from publication.renewing import TOKYO
from publication.verifier import (
    Expired,
    NotAsSigned,
    Older,
    Signed,
    StateUnreadable,
    Unread,
    as_signed,
    signed_at,
)
from shinshiro_sns.stopping import Told

ALTERED, STALE, SILENT = "altered", "stale", "silent"
# Looked at every time, where they are published: what citizens and programs rely on first.
IMPORTANT = (
    "index.html", "check/index.html", "check/index.json", "accounts.json", "notices/index.html",
    "404.html",
)  # fmt: skip
CODINGS = {".gz": "gzip", ".br": "br"}
# Clocks differ; beyond that nobody can say how old anything is.
AHEAD = datetime.timedelta(minutes=5)
# Where as many files in a row do not answer, the others would not either.
MOST_SILENT = 3
# What is wrong is looked at again before anybody is woken: a copy to another server is not switched in
# one step. It counts where it is still wrong by the same signature.
AGAIN_AFTER = 5.0
TRIES = 4
MOST_SAID = 20

_SYSTEM_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, where, and the sentence for a person. Words alone do not differ."""

    kind: str
    at: str
    sentence: str = field(compare=False)


@dataclass(frozen=True)
class Outcome:
    """What one look at the site found; `wrong` are the files with the sums they should have."""

    findings: tuple[Finding, ...]
    checked: frozenset[str] = frozenset()
    wrong: dict[str, frozenset[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        kinds = [each.kind for each in self.findings]
        return ", ".join(
            [f"checked {len(self.checked)}"]
            + [f"{kind} {kinds.count(kind)}" for kind in (ALTERED, STALE, SILENT)]
        )

    @property
    def differs_by(self) -> tuple[frozenset[Finding], dict[str, frozenset[str]]]:
        """What is wrong by which signature, to be compared with another look."""
        return frozenset(self.findings), self.wrong

    @property
    def words(self) -> list[str]:
        """What a person is told."""
        said = [each.sentence for each in self.findings[:MOST_SAID]]
        if more := len(self.findings) - len(said):
            said.append(f"ほか{more}件あります。")
        return said or ["公開ページに異常はありません。"]


class Watch:
    """Looks at the site below `url` again and again. `root` says whose signatures count.

    `sample` files beside the important ones are looked at each time, all where it is None; each has
    `timeout` seconds. It is stale where the portal did not confirm it for `stale_after`. In the file
    `state` the newest that was believed is remembered.
    """

    def __init__(
        self, url: str, root: bytes, state: Path, *, sample: int | None, timeout: float,
        stale_after: datetime.timedelta,
    ) -> None:  # fmt: skip
        self._base = f"{url.rstrip('/')}/"
        self._root, self._state = root, state
        self._sample, self._timeout, self._stale_after = sample, timeout, stale_after
        # Looked at every time until they are right again, or chance would call them mended.
        self._wrong: frozenset[str] = frozenset()

    def look(self, told: Told) -> Outcome | None:
        """What is wrong now; None where it was `told` to end meanwhile."""
        outcome = self._once(None, told)
        names: Collection[str] | None = None
        checked: frozenset[str] = frozenset()
        for _ in range(TRIES - 1):
            if outcome is None or not outcome.findings:
                break
            last, checked = outcome, checked | outcome.checked
            if outcome.checked:
                names = outcome.wrong.keys()
            if told.wait(AGAIN_AFTER):
                return None
            outcome = self._once(names, told)
            if outcome is not None and outcome.differs_by == last.differs_by:
                break
        if outcome is None:
            return None
        outcome = replace(outcome, checked=checked | outcome.checked)
        self._wrong = (self._wrong - outcome.checked) | outcome.wrong.keys()
        return outcome

    def _once(self, names: Collection[str] | None, told: Told) -> Outcome | None:
        """One look at what is signed, and at `names` or what is chosen."""
        with servers(self._timeout) as reach:
            try:
                signed = signed_at(reach["identity"], self._base, self._root, self._state)
            except (NotAsSigned, OSError) as error:
                return Outcome((self._why_not(error),))
            findings = list(self._age(signed))
            if names is None:
                names = self._chosen(signed)
            checked, wrong, silent = set(), {}, 0
            for name in sorted(names):
                if told.is_told():
                    return None
                sums = _sums(name, signed)
                if not sums:
                    continue
                checked.add(name)
                finding = self._file(name, sums, signed, reach)
                if finding is None:
                    silent = 0
                    continue
                if finding not in findings:
                    findings.append(finding)
                wrong[name] = sums
                silent = silent + 1 if finding.kind == SILENT else 0
                if silent >= MOST_SILENT:
                    break
        return Outcome(tuple(findings), frozenset(checked), wrong)

    def _chosen(self, signed: Signed) -> set[str]:
        if self._sample is None:
            return signed.files.keys() | signed.metadata.keys()
        always = {*IMPORTANT, *self._wrong} & signed.files.keys()
        others = sorted(signed.files.keys() - always)
        chosen = _SYSTEM_RANDOM.sample(others, min(self._sample, len(others)))
        return {*always, *chosen, *signed.metadata}

    def _file(
        self, name: str, sums: frozenset[str], signed: Signed, reach: dict[str, Server]
    ) -> Finding | None:
        plain, coding = _plain(name, signed)
        address = f"{self._base}{plain.removesuffix('index.html') if _is_index(plain) else plain}"
        # Metadata are small, but may be longer than the largest page.
        most = signed.largest if name in signed.files else max(signed.largest, 16 * 1024 * 1024)
        try:
            if as_signed(reach[coding], address, sums, most):
                return None
        except LedAway as error:
            return Finding(ALTERED, address, str(error))
        except Unread as error:
            return Finding(SILENT, address, _silence(error))
        return Finding(
            ALTERED, address,
            f"「{address}」の内容が、市が署名したものと違います。書き換えられたおそれがあります。",
        )  # fmt: skip

    def _age(self, signed: Signed) -> Iterator[Finding]:
        confirmed = datetime.datetime.fromisoformat(signed.confirmed)
        said = f"{confirmed:%Y-%m-%d %H:%M}"
        if confirmed > now() + AHEAD:
            yield Finding(
                STALE, "",
                f"最後に確認された時刻({said})が、この機械の時計より先です。時計が合っているか確かめてください。",
            )  # fmt: skip
        elif confirmed < now() - self._stale_after:
            yield Finding(
                STALE, "",
                f"公開ページが古くなっています。最後に確認されたのは {said} です。"
                "公開処理が動いているか確かめてください。",
            )  # fmt: skip

    def _why_not(self, error: NotAsSigned | OSError) -> Finding:
        match error:
            case StateUnreadable() | OSError():
                sentence = (
                    f"見守りの控えを読み書きできません。この機械を確かめてください。({error})"
                )
                return Finding(SILENT, "state", sentence)
            case Unread():
                return Finding(SILENT, self._base, _silence(error))
            case LedAway():
                return Finding(ALTERED, self._base, str(error))
            case Expired():
                sentence = (
                    "公開ページの有効期限が過ぎています。公開処理が動いているか確かめてください。"
                )
                return Finding(STALE, "expires", sentence)
            case Older():
                sentence = "公開ページが、以前に確かめたものより古い版に戻されています。"
                return Finding(STALE, self._base, sentence)
        sentence = (
            f"「{self._base}」の署名が、市のものではありません。書き換えられたおそれがあります。"
        )
        return Finding(ALTERED, self._base, sentence)


def go_on(
    watch: Watch, every: float, told: Told, say: Callable[[str], None],
    mail: Callable[[str, str], bool],
) -> None:  # fmt: skip
    """Look every so many seconds until `told` to end; `say` only what is new, and once a day that all is well.

    `mail` gets subject and text of what is new; while it answers that it could not send, it is asked again.
    """
    before: frozenset[Finding] | None = None
    said_on = unsent = None
    while not told.is_told():
        outcome = watch.look(told)
        if outcome is None:
            break
        found, day = frozenset(outcome.findings), now().astimezone(TOKYO).date()
        if found != before or (not found and day != said_on):
            text = "\n".join([*outcome.words, str(outcome)])
            say(text)
            said_on = day
            if found != before and (found or before):
                subject = (
                    "公開ページに異常があります" if found else "公開ページの異常がなくなりました"
                )
                unsent = (subject, text)
        before = found
        if unsent and mail(*unsent):
            unsent = None
        if told.wait(every):
            break


def _silence(error: Unread) -> str:
    """The server's own answer, where there was one."""
    return str(error.__cause__ if isinstance(error.__cause__, DownloadHTTPError) else error)


def _is_index(name: str) -> bool:
    return name == "index.html" or name.endswith("/index.html")


def _plain(name: str, signed: Signed) -> tuple[str, str]:
    """The file of which `name` is the compressed form, with how; itself where it is none."""
    plain, dot, ending = name.rpartition(".")
    coding = CODINGS.get(f"{dot}{ending}")
    if coding and plain in signed.files:
        return plain, coding
    return name, "identity"


def _sums(name: str, signed: Signed) -> frozenset[str]:
    """What a visitor may get for `name`: a server that does not compress sends the plain file."""
    found = (signed.files | signed.metadata).get(name)
    if found is None:
        return frozenset()
    plain, _ = _plain(name, signed)
    return frozenset({found, signed.files.get(plain, found)})
