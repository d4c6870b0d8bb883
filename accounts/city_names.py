"""How the city's own name is spelled, as its settings say: for whoever compares names with it."""

from __future__ import annotations

from django.conf import settings

from accounts.likeness import City


def of_settings() -> City:
    """The spellings of `CITY_SPELLINGS`, sorted by how they are written."""
    spellings = settings.CITY_SPELLINGS
    latin = tuple(each for each in spellings if each.isascii())
    kana = tuple(each for each in spellings if all("\u3040" <= sign <= "\u30ff" for sign in each))
    kanji = tuple(each for each in spellings if each not in (*latin, *kana))
    return City(kanji, kana, latin, settings.CITY_PREFECTURE)
