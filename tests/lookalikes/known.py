"""What the check knows in the tests: `register.csv` as a document of the index, and the check itself."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from accounts.profiles import read_profile
from publication.checking.register import FORMAT, Register
from tests.lookalikes.generate import HERE, register, seen

CITY = {
    "name": "新城市", "kanji": ["新城"], "kana": ["しんしろ"], "latin": ["shinshiro"],
    "prefecture": "愛知", "sites": ["city.shinshiro.lg.jp"],
}  # fmt: skip
CHANNEL = "UC" + "a" * 22
FAKE = {
    "service": "x", "handle": "shinshiro_citty", "url": "https://x.com/shinshiro_citty",
    "identity": "x:shinshiro_citty", "page": "/notices/9/", "since": "2026-05-05",
    "name": "新城市 公式",
}  # fmt: skip


def document() -> dict[str, Any]:
    """The index of the city of `register.csv`, which has one fake, one overdue attestation and one account
    that may have been taken over."""
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(register(), start=1):
        profile = read_profile(row["handle"], row["service"])
        rows.append(
            {
                "id": number, "service": row["service"], "handle": profile.handle,
                "name": row["name"], "url": profile.url, "identity": profile.identity,
                "status": row["status"],
            }
        )  # fmt: skip
        if row["status"] != "official":
            rows[-1] |= {"since": "2026-04-01", "successor": 1}
        if row["handle"] == "yanagi_matsuri":
            rows[-1]["doubted"] = True
        if row["handle"] == "shinshiro_channel":
            rows[-1]["permanent_id"] = CHANNEL
        if row["handle"] == "okumikawa_kanko":
            rows[-1]["overdue"] = True
    return {
        "format": FORMAT, "generated_at": "2026-11-23T00:00:00+00:00",
        "expires_at": "2026-11-24T00:00:00+00:00", "city": CITY, "accounts": rows,
        "fakes": [FAKE],
    }  # fmt: skip


@cache
def known() -> Register:
    """The document, ready to be asked."""
    return Register.of(document())


def cases(name: str) -> list[dict[str, str]]:
    """The rows of one file of the evaluation, as they are pasted."""
    with (HERE / f"{name}.csv").open(encoding="utf-8") as file:
        return [{**row, "text": seen(row["text"])} for row in csv.DictReader(file)]
