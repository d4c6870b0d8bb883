"""What stands on the page of the check around its answer, in Japanese and English."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[str, Any]] = {
    "ja": {
        "title": "これは本物?",
        "lead": "届いたメッセージやアカウントが、{city}の公式かどうかを確かめます。",
        "description": "{city}の公式アカウントかどうかを、URL、アカウント名、届いたメッセージから確かめられます。",
        "label": "確かめたいもの",
        "help": "URL、アカウント名(@からの文字)、届いたメッセージの全文など、そのまま貼り付けてください。",
        "sent": "入力した文字は、確かめるために市のサーバーへ送られます。記録には残しません。",
        "local": "入力した文字は、この端末の中だけで確かめます。どこにも送りません。",
        "button": "確かめる",
        "empty": "アカウント名、URL、届いた文章のどれかを入力してください。",
        "how_title": "答えの見かた",
        "how": (
            "市が公開している公式アカウントの一覧と、市が注意を呼びかけた偽物の一覧とに照らし合わせます。",
            "一覧にないものが、すべて偽物というわけではありません。",
            "表示名や顔写真は、だれでもまねできます。アカウント名かURLで確かめてください。",
            "投稿の中身が正しいかどうかは、ここでは分かりません。",
        ),
        "ask_title": "電話で確かめる",
        "ask": "まぎらわしいとき、一覧にないとき、急ぐときは、お電話ください。",
        "report": "にせのアカウントを知らせる",
        "list": "公式アカウントの一覧を見る",
    },
    "en": {
        "title": "Is this official?",
        "lead": "Check whether a message or an account is really from {city}, Japan.",
        "description": "Check an address, a handle or a message against the official accounts of {city}, Japan.",
        "label": "What to check",
        "help": "Paste an address, a handle (from the @ on), or the whole message you got.",
        "sent": "What you enter is sent to the city's server to be checked. It is not kept.",
        "local": "What you enter is checked on this device alone. It is not sent anywhere.",
        "button": "Check",
        "empty": "Enter a handle, an address, or the message you got.",
        "how_title": "What the answer means",
        "how": (
            "It is compared with the city's public list of official accounts, and with the fakes that the "
            "city has warned of.",
            "Not everything that is not in the list is a fake.",
            "Anybody can copy a displayed name or a picture: go by the handle or the address.",
            "Whether what a post says is true cannot be told here.",
        ),
        "ask_title": "Ask by telephone",
        "ask": "If it is confusing, not in the list, or urgent, please call us (in Japanese).",
        "report": "Report a suspected fake (in Japanese)",
        "list": "See the list of official accounts",
    },
}  # fmt: skip
"""The words by language; `{city}` is the city's name in it."""


def words(language: str, city: str) -> dict[str, Any]:
    """The page's words with the city's name in them."""
    return {
        key: value.format(city=city) if isinstance(value, str) else value
        for key, value in WORDS[language].items()
    }
