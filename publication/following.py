"""`manage.py publish DIR --follow`: what changes in the register is public within a minute, by itself."""

from __future__ import annotations

import datetime
import errno
import logging
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, InterfaceError, close_old_connections

from publication import notices
from publication.keys import KeysUnusable
from publication.models import Publisher
from publication.place import PlaceUnusable
from publication.publishing import Outcome, TooMuchVanishes, Unsettled, publish
from publication.rendering import PageFailed
from shinshiro_sns.stopping import Told

logger = logging.getLogger(__name__)

REFUSED = (TooMuchVanishes, Unsettled, PageFailed, PlaceUnusable, KeysUnusable)
# Well below the minutes for which the portal's own server believes a publication without asking.
CONFIRM_EVERY = datetime.timedelta(minutes=1)
LONGEST_PAUSE = 60.0
# What a person reads on the desk in place of the system's own words.
WORDS = {
    errno.ENOSPC: "ディスクに空きがありません", errno.EDQUOT: "割り当てられた容量を使い切っています",
    errno.EROFS: "読み取り専用の場所です", errno.EACCES: "書き込む権限がありません",
    errno.EPERM: "書き込む権限がありません", errno.EIO: "ディスクを読み書きできません",
}  # fmt: skip


def why_not(error: Exception) -> str:
    """What a person is told of a publication that failed."""
    if isinstance(error, (DatabaseError, InterfaceError)):
        return "データベースに接続できません。"
    if isinstance(error, OSError):
        why = WORDS.get(error.errno or 0, str(error.strerror))
        return f"書き込めません({why}{f':{error.filename}' if error.filename else ''})。"
    return str(error)


def follow(directory: Path, every: float, told: Told, say: Callable[[str], None]) -> None:
    """Publish what changes until `told` to end; whatever fails is tried again, ever more slowly.

    `say` hears of each publication that changed anything, and of each failure once.
    """
    failures = 0
    last = ""
    while not told.is_told():
        close_old_connections()
        try:
            done = publish(directory, confirm_after=CONFIRM_EVERY)
        except (*REFUSED, DatabaseError, InterfaceError, OSError) as error:
            failures += 1
            if (why := why_not(error)) != last:
                say(f"公開しませんでした。{why}")
                last = why
            _failed(directory, why)
        else:
            _succeeded(directory, done, say, changed=done.changed or bool(failures))
            failures, last = 0, ""
        if told.wait(min(every * 2 ** min(failures, 16), LONGEST_PAUSE)):
            break


def _succeeded(
    directory: Path, done: Outcome, say: Callable[[str], None], *, changed: bool
) -> None:
    if changed:
        say(f"number {done.number}, rendered {done.rendered}, removed {done.removed}")
    try:
        Publisher.objects.record_success(str(directory), done.number)
    except (DatabaseError, InterfaceError):
        logger.warning("The publication stands, and nobody could write that down.")


def _failed(directory: Path, why: str) -> None:
    try:
        if first := Publisher.objects.record_failure(str(directory), why):
            notices.publication_failed(first)
    except (DatabaseError, InterfaceError):
        logger.warning("Publishing failed, and nobody could write that down.")
