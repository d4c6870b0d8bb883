"""The register that the portal answers from: as fresh as the database, or the last one while that is away.

Kept in the memory of each process and built anew once something has changed. With the database
gone the last one answers until it expires; after that nobody is told anything.
"""

from __future__ import annotations

import datetime
import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import Error as DatabaseError
from django.utils import timezone

from accounts.known_fakes import KnownFake, known_fakes
from accounts.models import Account
from publication.checking import document
from publication.checking.register import Register

# An attestation falls overdue, and an index ages, without anybody writing anything.
FRESH_FOR = datetime.timedelta(minutes=10)
# Where building takes long, at most a tenth of the time is spent on it.
_SHARE, _QUICK = 10, 0.05


class CannotConfirm(Exception):
    """There is no register to answer from that is young enough."""


@dataclass(frozen=True)
class _Kept:
    mark: tuple[Any, ...]
    document: bytes
    register: Register
    built_at: float
    took: float


_lock = threading.Lock()
_kept: list[_Kept] = []


def index() -> bytes:
    """The document the browser takes, as JSON. Raises `CannotConfirm`."""
    return _current().document


def register() -> Register:
    """What the portal itself judges by. Raises `CannotConfirm`."""
    return _current().register


def forget() -> None:
    """Build it anew at the next question."""
    _kept.clear()


def _current() -> _Kept:
    with _lock:
        last = _kept[0] if _kept else None
        try:
            mark = _mark()
            if last is None or not _holds(last, mark, timezone.now()):
                last = _build(mark)
                _kept[:] = [last]
        except DatabaseError:
            # Whatever is wrong with it, the last answer is as old as it says it is.
            pass
        # Asked for now and not above: building takes time, and what was built in it is not of the
        # future.
        now = timezone.now()
        if last is None or not last.register.generated_at <= now < last.register.expires_at:
            raise CannotConfirm
        return last


def _holds(last: _Kept, mark: tuple[Any, ...], now: datetime.datetime) -> bool:
    is_young = datetime.timedelta(0) <= now - last.register.generated_at < FRESH_FOR
    if is_young and last.mark == mark:
        return True
    is_costly = last.took > _QUICK and time.monotonic() - last.built_at < _SHARE * last.took
    return is_young and is_costly


def _mark() -> tuple[Any, ...]:
    """Something else as soon as the register is: three questions that do not grow with it.

    Whatever the portal changes of an account it writes into the account's history.
    """
    history = Account.history.order_by("-history_id").values_list("history_id", "history_date")
    newest = Account.objects.order_by("-pk").values_list("pk", flat=True)
    fakes: list[KnownFake] = known_fakes()
    return (*history[:1], *newest[:1], *fakes, timezone.localdate())


def _build(mark: tuple[Any, ...]) -> _Kept:
    began = time.monotonic()
    built = document.build()
    ready = Register.of(built)
    written = json.dumps(built, ensure_ascii=False, separators=(",", ":")).encode()
    ended = time.monotonic()
    return _Kept(mark, written, ready, ended, ended - began)
