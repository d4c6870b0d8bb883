"""What a person decides about each finding of a check, and how that is kept with the post: 4(2), 4(3).

An error is mended, or kept with a reason; a warning is confirmed; a hint asks for nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Account
from postings.checking import Draft, Finding, Image, ImageKind, Level, check
from postings.models import Post

# By these the words found change with every letter typed, though what is decided stays the same.
_BY_RULE_ALONE = ("length.",)
LONGEST_REASON = 300


@dataclass(frozen=True)
class Point:
    """A finding, its number on the page, and what was decided: a reason, or any word for 'confirmed'.

    `key` stays the same while the text around the finding changes.
    """

    number: int
    key: str
    finding: Finding
    decision: str = ""

    @property
    def level(self) -> str:
        """error, warning or hint."""
        return self.finding.level.name.lower()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.finding.level is not Level.HINT and not self.decision.strip()

    @property
    def has_place(self) -> bool:
        """Whether it names a place in the text."""
        return self.finding.end > self.finding.start


def look(
    account: Account, text: str, images: Iterable[Image], services: Iterable[str] = ()
) -> list[Finding]:
    """The check of a draft of `account`, for its own service and for `services` (their keys)."""
    return check(Draft(text, tuple(images)), [account.service, *services], account)


def points(findings: Iterable[Finding], decisions: Mapping[str, str]) -> list[Point]:
    """The findings numbered in the order of the text, each with what `decisions` say of its key."""
    met: Counter[str] = Counter()
    found = []
    for number, finding in enumerate(findings, start=1):
        by_rule = finding.more or finding.rule.startswith(_BY_RULE_ALONE)
        about = f"{finding.rule}\0{'' if by_rule else finding.words}"
        met[about] += 1
        mark = f"{about}\0{met[about]}".encode("utf-8", "surrogatepass")
        key = hashlib.sha256(mark).hexdigest()[:12]
        found.append(Point(number, key, finding, decisions.get(key, "")))
    return found


def kept(found: Iterable[Point]) -> list[dict[str, Any]]:
    """The points as a post keeps them; the words themselves stand in its text."""
    return [
        {
            "key": point.key, "decision": point.decision[:LONGEST_REASON], "level": point.level,
            "rule": point.finding.rule, "title": point.finding.title,
            "clause": point.finding.clause, "start": point.finding.start,
            "end": point.finding.end, "why": point.finding.why, "do": point.finding.do,
            "more": point.finding.more,
        }
        for point in found
    ]  # fmt: skip


def read(post: Post) -> list[Point]:
    """The points as they were when the post was last checked."""
    return [
        Point(
            number, row["key"],
            Finding(
                Level[row["level"].upper()], row["rule"], row["title"], row["clause"],
                row["start"], row["end"],
                f"ほか{row['more']}件" if row["more"] else post.text[row["start"] : row["end"]],
                row["why"], row["do"], row["more"],
            ),
            row["decision"],
        )
        for number, row in enumerate(post.findings, start=1)
    ]  # fmt: skip


def decided(post: Post) -> dict[str, str]:
    """What was decided, by key: for a check of the same post anew."""
    return {row["key"]: row["decision"] for row in post.findings if row["decision"]}


def anew(post: Post) -> list[Point]:
    """The check of a post as it stands today, with what was decided before."""
    found = look(post.account, post.text, images_of(post), post.services)
    return points(found, decided(post))


def images_of(post: Post) -> list[Image]:
    """What the post says of its images."""
    return [
        Image(ImageKind[row["kind"].upper()], row["count"], row["described"]) for row in post.images
    ]


def images_kept(images: Iterable[Image]) -> list[dict[str, Any]]:
    """Images as a post keeps them."""
    return [
        {"kind": image.kind.name.lower(), "count": image.count, "described": image.has_description}
        for image in images
    ]
