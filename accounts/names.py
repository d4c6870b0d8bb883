"""The name an account shows: nothing in it may hide from the reader or turn the text around."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

# Control characters, formatting ones (which hide, or write from right to left), line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})


def visible_only(text: str) -> None:
    """Refuses characters that cannot be seen: two names that look alike must be alike."""
    unseen = sorted({sign for sign in text if unicodedata.category(sign) in _UNSEEN})
    if unseen:
        named = "、".join(f"U+{ord(sign):04X}" for sign in unseen)
        raise ValidationError(
            f"目に見えない文字({named})が含まれています。消してから、入力し直してください。"
        )
