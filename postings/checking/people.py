"""Addresses, mail addresses, dates of birth and names of persons. Clause 4(3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from postings.checking.findings import Level, Match
from postings.checking.known import is_within
from postings.checking.material import Material
from postings.checking.patterns import pattern

_MAIL = pattern(
    r"(?<![a-z0-9._%+@-])[a-z0-9._%+-]{1,64}+ {0,2}+(?:@|\(at\)|\[at\]|アットマーク|★) {0,2}+"
    r"([a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){1,6}+)"
)
_PUBLIC_BODIES = ("lg.jp", "go.jp")
_PRIVATE_MAIL = (
    "gmail.com", "googlemail.com", "yahoo.co.jp", "ymail.ne.jp", "icloud.com", "me.com",
    "outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.jp", "docomo.ne.jp",
    "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "uqmobile.jp",
    "rakumail.jp", "proton.me", "protonmail.com",
)  # fmt: skip


def find_mail(material: Material) -> Iterator[Match]:
    """Mail addresses that are neither the city's nor another public body's."""
    own = (*material.known.mail_domains, *_PUBLIC_BODIES)
    for match in _MAIL.finditer(material.prose):
        domain = match[1].rstrip(".-")
        if is_within(domain, own):
            continue
        material.remember("mail", *match.span())
        private = is_within(domain, _PRIVATE_MAIL)
        start, end = material.folded.place(match.start(), match.start(1) + len(domain))
        yield Match(start, end, level=Level.ERROR if private else None)


_AREA = r"[一-龯々ァ-ヶーり]"
# A town and a number of a house in it; a floor, a group or a price is none.
_NO_COUNT = (
    r"(?! {0,1}+(?:[0-9年月日時分人回円件名歳階台個本枚組点位頭匹班号室番線kmcgt%℃か箇ヶ~]"
    r"|[-.,/:][0-9]))"
)
_ADDRESS = pattern(
    r"(?<![一-龯々ァ-ヶー])(" + _AREA + r"{2,30}+)"
    r" {0,1}+([1-9][0-9]{0,4}+(?:番地?の?[0-9]{0,4}+"
    r"|丁目 {0,1}+[0-9]{1,4}+(?:番地?|[-ー])?[0-9]{0,4}+(?:号|[-ー][0-9]{1,4}+)?"
    r"|(?:[-ー][0-9]{1,4}+){0,3}+" + _NO_COUNT + r"))"
)
_IN_A_TOWN = re.compile(r".[市区町村郡].|字|[一二三四五六七八九十]丁目")
_NO_TOWN = re.compile(
    r"町内会|市民|市営|市立|町立|村立|区分|都市|市場|町史|市長(?:$|室|選)|市議|文字|数字|赤字|黒字|字数|字幕"
)
_TO_WHOM = re.compile(r"様|さん|氏|宅|在住|自宅|方\b")


def find_address(material: Material) -> Iterator[Match]:
    """Addresses down to the house; more strongly where a person stands in the same sentence."""
    own = [contact for contact in material.known.contacts if not contact[0].isdigit()]
    for match in _ADDRESS.finditer(material.prose):
        area, house = match.groups()
        if not _is_house(area, house) or any(name in area + house for name in own):
            continue
        material.remember("address", *match.span())
        beside = _TO_WHOM.search(material.sentence(*match.span()))
        start, end = material.folded.place(*match.span())
        yield Match(start, end, level=Level.WARNING if beside else None)


def _is_house(area: str, house: str) -> bool:
    if "番地" in house or "丁目" in house:
        return True
    where = _IN_A_TOWN.search(area)
    if not where or _NO_TOWN.search(area):
        return False
    return "字" in area or "-" in house or "ー" in house or "丁目" in area


_BORN_BEFORE = re.compile(r"(?:生年月日|誕生日|生まれた日)[はが:() ]{0,3}$")
_BORN_AFTER = re.compile(r" ?\(?(?:\d{1,3}歳\))? ?(?:生まれ|生(?=[)、。,.\s]|$))")
# Whom a service is meant for: years of birth as a condition say nothing of one person.
_GROUP = re.compile(
    r"生まれ(?:の(?:方|人|かた|お子|子|児|世代|市民|男性|女性|乳幼児|皆|みな)|まで|以降|以前|から|~)"
)
_RANGE = re.compile(r"(?:~|から|以降|以前|まで)")


def find_birth(material: Material) -> Iterator[Match]:
    """Dates of birth of one person."""
    text = material.prose
    for date in material.dates:
        before = text[max(date.start - 12, 0) : date.start]
        after = text[date.end : date.end + 12]
        labelled = bool(_BORN_BEFORE.search(before)) and date.has_year
        born = _BORN_AFTER.match(after)
        if not (labelled or born) or (
            born and (_GROUP.search(after) or _RANGE.search(before[-4:]))
        ):
            continue
        material.remember("birth", date.start, date.end)
        yield material.match(date.start, date.end)


_HONORIFIC = pattern(r"(?:様|さん|氏|くん|ちゃん)(?![々子式相名神姓でぁ]|づくり)")
_NAME = re.compile(
    r"(?:[一-龯々ヶ]{1,4} [一-龯々ヶぁ-んァ-ヴー]{1,5}|[一-龯々ヶ]{1,6}[ぁ-ん]{0,4}"
    r"|[ァ-ヴー]{2,9}(?:[ ・][ァ-ヴー]{2,9})?) ?$"
)
_LONGEST_NAME = 12
# Whom one calls so without knowing a name.
_NO_NAME = re.compile(
    r"(?:皆|客|家族|市民|住民|利用|参加|お子|幼子|母|父|親|兄|姉|妹|弟|祖|爺|婆|嫁|奥|神|仏|王|殿|姫|同|多|模|仕|有"
    r"|屋|店|者|員|家|課|局|館|会|社|民|師|生|園|校|隊|署|部|方|達|赤|役所|源|平|摂|華|彼|両|諸|菅沼|徳川|奥平"
    r"|みな|たく|おとう|おかあ|おじい|おばあ|おじ|おば"
    r"|サンタ|リスナー|フォロワー|ユーザー|スタッフ|ボランティア|ドライバー|オーナー) ?$"
)
_BESIDE = 24


def find_name(material: Material) -> Iterator[Match]:
    """Names of persons beside something by which they can be reached or found."""
    text = material.prose
    for match in _HONORIFIC.finditer(text):
        window = text[max(match.start() - _LONGEST_NAME, 0) : match.start()]
        name = _NAME.search(window)
        if not name or _NO_NAME.search(window):
            continue
        start = match.start() - len(window) + name.start()
        if material.is_beside_contact(start, match.end(), _BESIDE):
            yield material.match(start, match.end())
