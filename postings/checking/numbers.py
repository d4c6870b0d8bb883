"""Numbers that belong to a person: telephones, individual numbers, cards. Clause 4(3)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from postings.checking.findings import Match
from postings.checking.material import Material
from postings.checking.patterns import pattern

_TELEPHONES = (
    # 0536-23-7623, (0536)23-7623, 0536(23)7623, 090 1234 5678, 09012345678
    pattern(
        r"(?<![0-9a-z])(?<![0-9][-./,])\(?0[0-9]{1,4}+[-ー.() ]{1,3}+[0-9]{1,4}+[-ー.() ]{1,3}+"
        r"[0-9]{3,4}+(?![0-9]|[-/][0-9])"
    ),
    pattern(r"(?<![0-9a-z])(?<![0-9][-./,])0[0-9]{9,10}+(?![0-9]|[-/][0-9])"),
    # 0 9 0 1 2 3 4 5 6 7 8
    pattern(r"(?<![0-9a-z])(?<![0-9][-./, ])0(?:[- ][0-9]){9,10}+(?![ -]?[0-9])"),
    # +81 90-1234-5678, +81-(0)536-23-7623
    pattern(
        r"(?<![0-9a-z])\+ ?81[-ー.() ]{0,3}+(?:\(?0\)?[-ー.() ]{0,2}+)?[1-9][0-9]{0,3}+[-ー.() ]{0,3}+"
        r"[0-9]{1,4}+[-ー.() ]{0,3}+[0-9]{3,4}+(?![0-9])"
    ),
)
_LABELLED = pattern(
    r"(?:電話|でんわ|携帯|℡|☎|☏|📞|📱|ファクス|ファックス|(?<![a-z])(?:tel|fax))(?:番号)?[:は() .-]{0,4}+"
    r"([0-9]{2,4}+[-ー][0-9]{4}+)(?![0-9]|[-ー][0-9])"
)
_NOBODYS = ("0120", "0800", "0570", "0180", "0990")
_MOBILE = ("070", "080", "090")
_POSTAL = pattern(
    r"(?:〒|郵便番号)[ :は]{0,3}+([0-9]{3}+ ?[-ー]? ?[0-9]{4}+)(?![0-9])"
    r"|(?<![0-9a-z])(?<![0-9][-ー])([0-9]{3}+-[0-9]{4}+)(?=[ \n]{0,2}+[一-龯]{2,3}[都道府県市])"
)
_INDIVIDUAL = pattern(
    r"(?<![0-9a-z.])(?<![0-9][-ー])([0-9]{4}[-ー ]{0,3}+[0-9]{4}[-ー ]{0,3}+[0-9]{4}|[0-9](?:[- ][0-9]){11}+)"
    r"(?![0-9]|[-ー][0-9])"
)
_CARD = pattern(
    r"(?<![0-9a-z.])(?<![0-9][-ー])([0-9]{4}[-ー ]{0,3}+[0-9]{4}[-ー ]{0,3}+[0-9]{4}[-ー ]{0,3}+[0-9]{4}"
    r"|[0-9]{4}[-ー ]{0,3}+[0-9]{6}[-ー ]{0,3}+[0-9]{4,5}+|[0-9](?:[- ][0-9]){13,15}+)(?![0-9]|[-ー][0-9])"
)
_ISSUERS = pattern(
    r"4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|35[0-9]{14}|3[0689][0-9]{12}"
)
_NO_DIGIT = re.compile(r"[^0-9]")


def find_mobile(material: Material) -> Iterator[Match]:
    """Mobile telephones: a person's, unless the city calls one its own."""
    for start, end, digits in _telephones(material):
        if digits.startswith(_MOBILE) and not digits.startswith(_NOBODYS):
            material.remember("mobile", start, end)
            yield material.match(start, end)


def find_telephone(material: Material) -> Iterator[Match]:
    """Other telephones that are not the city's; toll-free and the like are nobody's."""
    for start, end, digits in _telephones(material):
        if not digits.startswith((*_MOBILE, *_NOBODYS)):
            material.remember("telephone", start, end)
            yield material.match(start, end)


def _telephones(material: Material) -> list[tuple[int, int, str]]:
    """Those that are not the city's, with their digits as dialled within the country."""
    found: dict[int, tuple[int, str]] = {}
    for expression in _TELEPHONES:
        for match in expression.finditer(material.prose):
            digits = _NO_DIGIT.sub("", match[0])
            if match[0].startswith("+"):
                digits = "0" + digits[2:].removeprefix("0")
            if _is_telephone(digits):
                # The bracket before an area code in brackets is part of it, any other one is not.
                start = match.start() + (match[0][0] == "(" and ")" not in match[0])
                found.setdefault(start, (match.end(), digits))
    for match in _LABELLED.finditer(material.prose):
        found.setdefault(match.start(1), (match.end(1), _NO_DIGIT.sub("", match[1])))
    return [
        (start, end, digits)
        for start, (end, digits) in sorted(found.items())
        if not material.known.is_own_telephone(digits)
    ]


def _is_telephone(digits: str) -> bool:
    if digits.startswith(("050", "060", *_MOBILE)):
        return len(digits) == 11
    if digits.startswith("0800"):
        return len(digits) == 11
    return len(digits) == 10 and digits[1] != "0"


def find_postal(material: Material) -> Iterator[Match]:
    """Postal numbers that are not the city's."""
    own = {_NO_DIGIT.sub("", contact) for contact in material.known.contacts}
    for match in _POSTAL.finditer(material.prose):
        group = 1 if match[1] else 2
        if _NO_DIGIT.sub("", match[group]) not in own:
            material.remember("postal", *match.span(group))
            yield material.match(*match.span(group))


def find_individual_number(material: Material) -> Iterator[Match]:
    """Twelve digits whose last one is the check digit of a マイナンバー."""
    cards = {start for start, _ in _cards(material)}
    for match in _INDIVIDUAL.finditer(material.prose):
        digits = _NO_DIGIT.sub("", match[1])
        if match.start() not in cards and is_individual_number(digits) and not _is_moment(digits):
            yield material.match(*match.span(1))


def find_card(material: Material) -> Iterator[Match]:
    """Numbers of credit and debit cards, by issuer and check digit."""
    for place in _cards(material):
        yield material.match(*place)


def _cards(material: Material) -> Iterator[tuple[int, int]]:
    for match in _CARD.finditer(material.prose):
        digits = _NO_DIGIT.sub("", match[1])
        if _ISSUERS.fullmatch(digits) and passes_luhn(digits):
            yield match.span(1)


def is_individual_number(digits: str) -> bool:
    """Whether the last of twelve digits is right, as the ordinance on individual numbers reckons it."""
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    weighted = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(digits[:-1]), 1)
    )
    left = weighted % 11
    return int(digits[-1]) == (0 if left <= 1 else 11 - left)


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a card number is right."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0 and int(digits) > 0


def _is_moment(digits: str) -> bool:
    """Whether twelve digits are a day and a time, as in the name of a file."""
    try:
        return datetime.datetime.strptime(digits, "%Y%m%d%H%M").year in range(1990, 2100)
    except ValueError:
        return False
