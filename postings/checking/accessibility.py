"""What keeps a post from people who have it read aloud. Clause 4(2)イ."""

from __future__ import annotations

from collections.abc import Iterator

from postings.checking.emoji import emoji_places
from postings.checking.findings import Match
from postings.checking.material import Material
from postings.checking.patterns import pattern

_TAG = pattern(r"#[^\s#、。!?,.()「」]{1,100}+")
_LONG_TAG = pattern(
    r"(?<![A-Za-z0-9_&/#])[#＃]([a-zａ-ｚ]{12,100}+)(?![A-Za-z0-9_Ａ-Ｚ０-９ぁ-んァ-ヶ一-龯])"
)
_ORNAMENT = pattern(r"([★☆■□◆◇●○▲△▼▽※*=＝＊━─~〜～♪♥♡-]{5,200}+)")
_MANY_TAGS = 3
_MANY_EMOJI = 4


def find_hashtag_lines(material: Material) -> Iterator[Match]:
    """Lines of nothing but hashtags, three or more."""
    for at, line in material.lines():
        tags = _TAG.findall(line)
        if len(tags) >= _MANY_TAGS and not _TAG.sub("", line).strip():
            start = at + line.index("#")
            yield material.match(start, at + len(line.rstrip()))


def find_joined_hashtag(material: Material) -> Iterator[Match]:
    """Long hashtags in small letters, of which a voice makes one word."""
    for match in _LONG_TAG.finditer(material.draft.text):
        yield Match(*match.span())


def find_emoji_rows(material: Material) -> Iterator[Match]:
    """Emoji one after the other, each of which is read by its name."""
    row: list[tuple[int, int]] = []
    for place in [*emoji_places(material.draft.text), (-1, -1)]:
        between = material.draft.text[row[-1][1] : place[0]] if row and place[0] >= 0 else "."
        if row and place[0] >= 0 and len(between) <= 1 and not between.strip(" \u3000"):
            row.append(place)
            continue
        if len(row) >= _MANY_EMOJI:
            yield Match(row[0][0], row[-1][1])
        row = [place]


def find_ornaments(material: Material) -> Iterator[Match]:
    """Rows of stars, lines and the like."""
    for match in _ORNAMENT.finditer(material.draft.text):
        yield Match(*match.span())
