"""What an account is called, and what its name may not hide."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Account
from accounts.names import visible_only

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"name": "新城市観光課", "handle": "kanko"}, "新城市観光課"),
        ({"handle": "kanko"}, "@kanko"),
        ({"url": "https://example.jp/kanko"}, "https://example.jp/kanko"),
    ],
)
def test_an_account_is_called_by_its_name_or_else_handle_or_address(fields, title):
    account = Account(service="x", **fields)
    assert account.title == title
    assert str(account) == f"X（旧Twitter） {title}"


@pytest.mark.parametrize(
    "name", ["新城市観光課", "📣 Shinshiro’s ☕️", "ﾊﾟﾝﾀﾞ・パ\u3099ンダ", "かん こう"]
)
def test_what_can_be_seen_is_left_alone(name):
    visible_only(name)


def test_every_sign_that_turns_or_hides_text_is_refused_by_its_number():
    unseen = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) in ("Cc", "Cf")]
    refused = []
    for sign in unseen:
        with pytest.raises(ValidationError, match=rf"\(U\+{ord(sign):04X}\)"):
            visible_only(f"新城市{sign}課")
        refused.append(sign)
    assert {"\u202e", "\u200b", "\u2066", "\ufeff", "\n"} <= set(refused)
