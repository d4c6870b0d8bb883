"""What the check says, in Japanese and English: one table for the pages, the API and the browser.

`{…}` is a word of a `findings.Said`. Days come as ISO dates, services by their keys.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from accounts.services import ENGLISH_NAMES, SERVICES
from publication.checking.findings import Said
from publication.checking.register import KnownAccount

LANGUAGES = ("ja", "en")

HEADINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "official": ("{city}の公式です", "This is official"),
        "former": ("今は{city}の公式ではありません", "This is no longer official"),
        "fake": ("{city}を装った偽物です", "This is a fake"),
        "similar": ("公式とまぎらわしいものです", "This only looks like an official account"),
        "unknown": (
            "公式アカウントの一覧にありません",
            "This is not in the list of official accounts",
        ),
        "named": ("同じ名前の公式アカウントがあります", "An official account has this name"),
        "untold": ("これだけでは確かめられません", "This alone does not tell"),
        "cannot": ("確認できません", "Cannot confirm"),
    }
)
"""Verdict → its heading in each language; `cannot` where nothing may be said."""

ADVICE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "official": (
            "表示された名前ではなく、アカウント名やURLが下のものと同じか、確かめてください。",
            "Compare the handle or the address with the one below; a displayed name proves nothing.",
        ),
        "former": (
            "今そのアカウントに投稿があっても、市の発信ではないおそれがあります。",
            "Whatever is posted there now may not come from the city.",
        ),
        "fake": (
            "リンクを開いたり、個人情報やお金を送ったりしないでください。",
            "Do not open its links, and do not send it personal data or money.",
        ),
        "similar": (
            "市のものとして信用せず、リンクを開いたり、個人情報を送ったりする前に、お問い合わせください。",
            "Do not trust it as the city's. Ask us before you open a link or send personal data.",
        ),
        "unknown": (
            "偽物であるという意味ではありません。市のものかどうか知りたいときは、お問い合わせください。",
            "That does not prove that it is a fake. If you want to know whose it is, ask us.",
        ),
        "named": (
            "名前だけでは分かりません。アカウント名(@からの文字)かURLが、下のものと同じか、確かめてください。",
            "That proves nothing. Compare the handle (from the @ on) or the address with the one below.",
        ),
        "untold": (
            "本物とも偽物とも言えません。アカウント名(@からの文字)かプロフィールのURLで確かめるか、"
            "お問い合わせください。",
            "It may be real or not. Check the handle (from the @ on) or the profile's address, or ask us.",
        ),
        "cannot": (
            "一覧を読み込めないか、一覧が古いため、公式かどうかを答えられません。"
            "時間をおいて、もう一度お試しください。",
            "The list could not be loaded, or it is too old to answer from. Please try again later.",
        ),
    }
)
"""Verdict → what to do, in each language."""

LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "official": ("公式", "Official"),
        "former": ("今は公式でない", "No longer official"),
        "fake": ("偽物", "Fake"),
        "similar": ("まぎらわしい", "Confusing"),
        "unknown": ("一覧にない", "Not in the list"),
        "untold": ("確かめられない", "Cannot tell"),
        "named": ("名前だけ", "Name only"),
    }
)
"""Verdict → the word beside each of several things."""

LINKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "page": (
            "{service}の「{name}」({handle})について",
            "About “{name}” ({handle}) on {service}",
        ),
        "page_without_handle": ("{service}の「{name}」について", "About “{name}” on {service}"),
        "warning": ("市の注意喚起を読む", "Read the city's warning"),
        "official": ("公式アカウント", "Official account"),
        "suspended": ("停止中のアカウント", "Suspended account"),
        "closed": ("廃止されたアカウント", "Closed account"),
    }
)
"""What a link from an answer says, and what kind of account it leads to."""

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "official_address": (
            "{service}の「{name}」は、{city}の公式アカウントです。",
            "“{name}” on {service} is an official account of {city}.",
        ),
        "official_handle": (
            "このアカウント名は、{service}では{city}の公式アカウント「{name}」です。"
            "ほかのサービスにある同じアカウント名は、市のものとは限りません。",
            "On {service} this handle is “{name}”, an official account of {city}. "
            "The same handle on another service need not be the city's.",
        ),
        "official_handles": (
            "このアカウント名は、{services}では{city}の公式アカウントです。"
            "ほかのサービスにある同じアカウント名は、市のものとは限りません。",
            "On {services} this handle is an official account of {city}. "
            "The same handle on another service need not be the city's.",
        ),
        "official_name": (
            "「{name}」という名前の公式アカウントがあります。"
            "名前はだれでも付けられるので、名前だけでは本物かどうか分かりません。",
            "There is an official account named “{name}”. "
            "Anybody can take that name: the name alone does not show whether it is the real one.",
        ),
        "official_site": (
            "{host}は、{city}のサイトです。",
            "{host} is a web site of {city}.",
        ),
        "overdue": (
            "ただし、確認期限切れです。担当の所属による定期的な確認が、期限までに行われていません。",
            "But its regular confirmation by the department in charge is overdue.",
        ),
        "overdue_some": (
            "ただし、この中に、担当の所属による定期的な確認の期限が切れたアカウントがあります。",
            "But for some of them the regular confirmation by the department in charge is overdue.",
        ),
        "suspended": (
            "{service}の「{name}」は、{since}から運用を停止しています。"
            "偽物ではありませんが、今は市の情報を発信していません。",
            "“{name}” on {service} is suspended since {since}. "
            "It is no fake, but the city does not post there now.",
        ),
        "doubted": (
            "{service}の「{name}」は{city}のアカウントですが、乗っ取られたおそれがあり、{since}から確かめています。"
            "今は、投稿やメッセージを信用しないでください。",
            "“{name}” on {service} belongs to {city}, but may have been taken over; "
            "this is being looked into since {since}. Do not trust its posts or messages now.",
        ),
        "closed": (
            "{service}の「{name}」は、{since}に廃止されました。同じ名前を別の人が使っているおそれがあります。",
            "“{name}” on {service} was closed on {since}. Somebody else may use that name now.",
        ),
        "successor": (
            "後継は、{service}の「{name}」です。",
            "Its successor is “{name}” on {service}.",
        ),
        "fake": (
            "市が{since}に、偽物として注意を呼びかけたアカウントです。",
            "The city warned of this account as a fake on {since}.",
        ),
        "fake_name": (
            "「{name}」は、市が偽物として注意を呼びかけたアカウントの名前です。",
            "“{name}” is the name of an account that the city warned of as a fake.",
        ),
        "fake_name_too": (
            "「{name}」という名前は、公式アカウントも、偽物も使っています。アカウント名を確かめてください。",
            "“{name}” is used by an official account and by a fake. Compare the handles.",
        ),
        "same_elsewhere": (
            "同じアカウント名の{handle}は、{service}では公式ですが、{here}のものは一覧にありません。",
            "{handle} is official on {service}, but the one on {here} is not in the list.",
        ),
        "same_otherwise": (
            "{service}の公式アカウント{handle}と同じ名前ですが、同じアカウントとは確認できません。",
            "It has the name of {handle} on {service}, but may be another account.",
        ),
        "similar": (
            "{service}の公式アカウント{handle}に似ていますが、別のアカウントです。",
            "It is like {handle}, an official account on {service}, but another account.",
        ),
        "similar_name": (
            "{service}の公式アカウント「{name}」の名前に似ています。",
            "It is like the name of “{name}”, an official account on {service}.",
        ),
        "similar_city": (
            "「{called}」には{city}の名前が入っていますが、公式アカウントの一覧にありません。",
            "“{called}” bears the name of {city}, but it is not in the list of official accounts.",
        ),
        "similar_site": (
            "{host}は、{site}ではない、まぎらわしいサイトです。",
            "{host} is not {site}, but looks like it.",
        ),
        "similar_in_site": (
            "{host}にある、公式アカウントとまぎらわしい名前のページです。",
            "A page on {host} whose name is like that of an official account.",
        ),
        "site_before_at": (
            "「@」の前に{site}とありますが、実際には{host}につながります。",
            "It has {site} before the “@”, but in fact leads to {host}.",
        ),
        "letters_more": ("余分な文字:「{theirs}」", "Letters too many: “{theirs}”"),
        "letters_less": ("足りない文字:「{ours}」", "Letters missing: “{ours}”"),
        "letters_other": (
            "違う文字:「{theirs}」{their_kind} 公式は「{ours}」{our_kind}",
            "Other letters: “{theirs}”{their_kind}, official “{ours}”{our_kind}",
        ),
        "unknown": (
            "「{called}」は、{city}の公式アカウントとして確認できません。",
            "“{called}” is not known as an official account of {city}.",
        ),
        "post": (
            "投稿のURLです。URLの中の名前は、投稿した人と違うことがあります。"
            "投稿を開き、表示された{handle}などのアカウント名で確かめてください。",
            "This is the address of a post. The name in it may not be who posted. "
            "Open the post and check the handle you see there, such as {handle}.",
        ),
        "post_of": (
            "投稿のURLなので、その中のアカウント名を確かめました。",
            "As this is the address of a post, the handle in it was checked.",
        ),
        "page": (
            "{host}のページですが、アカウントのページではありません。アカウント名で確かめてください。",
            "A page of {host}, but not an account's. Check the handle instead.",
        ),
        "short": (
            "短縮されたURLなので、どこにつながるか分かりません。",
            "A shortened address: where it leads cannot be told.",
        ),
        "mail": (
            "メールアドレスです。差出人は偽ることができるため、ここでは確かめられません。",
            "A mail address. Senders can be forged, so it cannot be checked here.",
        ),
        "unreadable": (
            "アカウントのURLとして読み取れませんでした。",
            "It could not be read as the address of an account.",
        ),
        "nothing_read": (
            "アカウント名やURLが見つかりませんでした。その部分だけを入力してみてください。",
            "No handle or address was found. Try to enter just that.",
        ),
        "empty": (
            "アカウント名、URL、届いた文章のどれかを入力してください。",
            "Enter a handle, an address, or the message you got.",
        ),
        "too_long": (
            "文字が多すぎます(2,000文字まで)。アカウント名やURLの部分だけを入力してください。",
            "Too much text (up to 2,000 letters). Enter just the handle or the address.",
        ),
        "too_many": (
            "一度に確かめられるのは50件までです。分けて入力してください。",
            "Up to 50 at a time can be checked. Please enter fewer.",
        ),
        "as_of": ("{moment}現在の一覧で確かめました。", "Checked against the list as of {moment}."),
    }
)
"""Code → the sentence in each language."""

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "digit": ("(数字)", " (digit)"),
        "letter": ("(英字)", " (Latin letter)"),
        "greek": ("(ギリシャ文字)", " (Greek)"),
        "cyrillic": ("(キリル文字)", " (Cyrillic)"),
        "katakana": ("(カタカナ)", " (katakana)"),
        "hiragana": ("(ひらがな)", " (hiragana)"),
        "kanji": ("(漢字)", " (kanji)"),
        "": ("", ""),
    }
)
"""What kind a letter is, beside it, where it might be taken for one of another kind."""

MONTHS = "January February March April May June July August September October November December"


def moment_in_words(moment: str, language: str) -> str:
    """An ISO date and time as a sentence has it, in the zone it is written in."""
    day, _, time = moment.partition("T")
    return f"{day_in_words(day, language)} {time[:5]}"


def day_in_words(day: str, language: str) -> str:
    """An ISO date as a sentence has it; as it is where it is none."""
    try:
        read = datetime.date.fromisoformat(day)
    except ValueError:
        return day
    if language == "en":
        return f"{read.day} {MONTHS.split()[read.month - 1]} {read.year}"
    return f"{read.year}年{read.month}月{read.day}日"


def say(said: Said, language: str, city: str) -> str:
    """The sentence in words."""
    words = {"city": city, **said.words}
    if "since" in words:
        words["since"] = day_in_words(words["since"], language)
    for key in ("service", "here", "services"):
        if key in words:
            names = [service_name(each, language) for each in words[key].split()]
            words[key] = (", " if language == "en" else "、").join(names)
    for key in ("their_kind", "our_kind"):
        if key in words:
            words[key] = in_language(KINDS[words[key]], language)
    return in_language(SENTENCES[said.code], language).format(**words)


def service_name(key: str, language: str) -> str:
    """What a service is called."""
    english = ENGLISH_NAMES.get(key) if language == "en" else None
    return english or SERVICES[key].name


def link(account: KnownAccount, language: str) -> str:
    """What the link to an account's page says."""
    words = {
        "service": service_name(account.service, language), "name": account.title, "handle": account.shown_handle,
    }  # fmt: skip
    code = "page" if account.name and account.shown_handle else "page_without_handle"
    return in_language(LINKS[code], language).format(**words)


def in_language(words: tuple[str, str], language: str) -> str:
    """Those of the two that are in `language`."""
    return words[LANGUAGES.index(language)]


def heading(verdict: str, language: str, city: str) -> str:
    """The verdict as a heading."""
    return in_language(HEADINGS[verdict], language).format(city=city)


def advice(verdict: str, language: str) -> str:
    """What to do about it."""
    return in_language(ADVICE[verdict], language)
