"""Which signs are taken for which: the tables behind `folding.py`.

Letters of other scripts come from Unicode's confusables by way of a library; what plain ASCII and
Japanese do to a reader's eye is the small tables here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

# The library's data leave these out, because Unicode finds their small capitals alike instead.
_MORE = {
    "τ": "t", "κ": "k", "ω": "w", "η": "n", "μ": "u", "в": "b", "н": "h", "к": "k", "м": "m",
    "т": "t", "и": "u", "п": "n", "я": "r", "€": "e",
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@cache
def letters() -> Mapping[str, str]:
    """A sign of another script → the ASCII letters it is taken for. Read when first asked for."""
    # The library reads a megabyte when it is imported, which most commands never need.
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    found = dict(_MORE)
    for sign, likenesses in confusables_data.items():
        # What NFKC makes plain needs no entry.
        if len(sign) > 1 or sign.isascii() or unicodedata.normalize("NFKC", sign).isascii():
            continue
        plain = [each["c"] for each in likenesses if each["c"].isascii() and each["c"].isalnum()]
        if plain:
            found.setdefault(sign, plain[0].lower())
    return found


PAIRS: Mapping[str, str] = MappingProxyType({"rn": "m", "vv": "w", "cl": "d"})
"""Two letters that are taken for one."""

DIGITS: Mapping[str, str] = MappingProxyType(
    {"0": "o", "1": "l", "i": "l", "3": "e", "4": "a", "5": "s", "8": "b", "9": "g"}
)
"""Digits that are taken for letters, and the one letter that is taken for another."""

SOUNDS: Mapping[str, str] = MappingProxyType(
    {
        "sh": "s", "cchi": "tti", "chi": "ti", "ch": "ty", "tsu": "tu", "fu": "hu", "ji": "zi",
        "oh": "o", "ou": "o",
    }
)  # fmt: skip
"""Ways to write one Japanese sound in Latin letters, ヘボン式 → 訓令式, before `DIGITS`."""

AFFIXES = _words(
    "official offical oficial officials real true honmono kousiki koushiki koshiki kousyiki jp"
    " japan nippon nihon pr koho kouhou kohou info information news sns the account acct tw twitter"
    " x ig insta instagram yt youtube ch channel line tiktok fb facebook note page pages web site"
    " online team staff desk admin support help"
)
"""Words that are put before or behind a name without making it another's."""

LONG_AFFIXES = frozenset(word for word in AFFIXES if len(word) >= 6) | {"japan"}
"""Those long enough to be known where nothing parts them from the name."""

JAPANESE: Mapping[str, str] = MappingProxyType(
    {
        "力": "カ", "二": "ニ", "口": "ロ", "囗": "ロ", "工": "エ", "八": "ハ", "夕": "タ", "卜": "ト",
        "才": "オ", "一": "-", "三": "ミ", "千": "チ", "干": "チ", "〇": "○", "日": "曰", "未": "末",
        "土": "士", "己": "已", "巳": "已", "大": "太", "犬": "太", "親": "新", "薪": "新", "斬": "新",
        "域": "城", "宬": "城", "堿": "城", "巿": "市", "布": "市",
        # One character in another shape.
        "髙": "高", "﨑": "崎", "栁": "柳", "濵": "浜", "濱": "浜", "邊": "辺", "邉": "辺", "條": "条",
        "國": "国", "澤": "沢", "學": "学", "會": "会", "縣": "県", "廣": "広", "應": "応", "證": "証",
        "齋": "斎", "齊": "斉", "德": "徳", "鳯": "鳳", "觀": "観", "圖": "図", "舘": "館", "舊": "旧",
    }
)  # fmt: skip
"""Signs of Japanese that are taken for one another → one of them."""

SMALL_KANA: Mapping[str, str] = MappingProxyType(
    dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
)
"""Hiragana that are taken for the same ones in full size."""

STROKES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys("‐‑‒–—―−─━ーｰ﹣", "-") | dict.fromkeys("〜∼∽", "~")
)
"""Strokes that keyboards and readers mix, and that NFKC leaves alone → one of them."""

NAME_AFFIXES = (
    "オフィシャル", "公式アカウント", "公式", "アカウント", "official", "account", "ほんもの", "本物",
)  # fmt: skip
"""What is added to a name that is shown without making it another's."""
