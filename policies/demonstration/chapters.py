"""What the apps above tell of the demonstration's city: each declares a chapter of its own, once.

A chapter is told when every account has its story, as of today. It names nobody by key: it looks the
city up as it stands.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

Chapter = Callable[[datetime.date], None]

CHAPTERS: list[Chapter] = []


def declare(chapter: Chapter) -> None:
    """Add a chapter, once, when the app is ready."""
    if chapter not in CHAPTERS:
        CHAPTERS.append(chapter)
