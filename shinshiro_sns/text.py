"""How texts are folded so that a search finds what a reader would call the same."""

import unicodedata

# Hiragana and katakana stand 0x60 apart, from ァ to ヶ; ー and the rest stay as they are.
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# NFKC leaves these alone although readers and keyboards mix them.
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—―−ー"), "-") | dict.fromkeys(map(ord, "〜~"), "~")


def fold_for_search(text: str) -> str:
    """`text` without differences of width, case, kana, dashes or runs of blanks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded.translate(_TO_HIRAGANA).translate(_DASHES))
    return " ".join(folded.replace("\0", " ").split())
