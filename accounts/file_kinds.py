"""Whether a file is built as its kind is, from its first byte to its end: not only as it begins."""

from __future__ import annotations

import re
from collections.abc import Callable

from accounts.models import Evidence

Kind = Evidence.Kind
# Of a JPEG's frames; the three that are left out are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA
_TAIL = 2048
_LONGEST_DICTIONARY = 4096
_PDF_ENDS = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*")
_XREF_STREAM = re.compile(rb"\d+\s+\d+\s+obj\b")


def is_whole(kind: Evidence.Kind, content: bytes) -> bool:
    """Whether `content`, which begins as a file of `kind` does, also goes on and ends as one."""
    return _CHECKS[kind](content)


def _png(content: bytes) -> bool:
    at, chunks = 8, []
    while at + 12 <= len(content):
        chunks.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4])
        if chunks[-1] == b"IEND":
            break
    ends = at == len(content) and chunks[-1:] == [b"IEND"]
    return ends and chunks[0] == b"IHDR" and b"IDAT" in chunks


def _jpeg(content: bytes) -> bool:
    at, has_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        has_frame = has_frame or marker in _FRAMES
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == _SCAN:
            # In the picture's own data this pair of bytes does not occur.
            return has_frame and content.find(b"\xff\xd9", at) > at
    return False


def _webp(content: bytes) -> bool:
    length = int.from_bytes(content[4:8], "little")
    first = int.from_bytes(content[16:20], "little")
    return (
        length + 8 == len(content)
        and content[8:12] == b"WEBP"
        and content[12:16] in {b"VP8 ", b"VP8L", b"VP8X"}
        and 0 < first <= length - 12
    )


def _pdf(content: bytes) -> bool:
    ends = list(_PDF_ENDS.finditer(content[-_TAIL:]))
    if not ends:
        return False
    start = int(ends[-1][1])
    table = content[start : start + _LONGEST_DICTIONARY].lstrip()
    return table.startswith(b"xref") or (
        _XREF_STREAM.match(table) is not None and b"/XRef" in table
    )


_CHECKS: dict[Evidence.Kind, Callable[[bytes], bool]] = {
    Kind.PNG: _png, Kind.JPEG: _jpeg, Kind.WEBP: _webp, Kind.PDF: _pdf,
}  # fmt: skip
