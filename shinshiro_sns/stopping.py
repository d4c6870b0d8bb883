"""Commands that go on until they are told to end, and then finish what they have in hand."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass

SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


@dataclass(frozen=True)
class Told:
    """Whether the process was told to end."""

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is told; whether it was."""
        return signal.sigtimedwait(SIGNALS, seconds) is not None

    def is_told(self) -> bool:
        """Whether it is told by now; asking does not use it up."""
        return bool(signal.sigpending() & SIGNALS)


@contextlib.contextmanager
def until_told() -> Iterator[Told]:
    """SIGTERM and SIGINT are held back and asked for, so that nothing is cut off in the middle."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield Told()
    finally:
        # Taken in, or it would strike when they are let through again.
        while signal.sigtimedwait(SIGNALS, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
