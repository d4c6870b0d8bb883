"""Writes `lookalikes.csv` and `strangers.csv`: `python -m tests.lookalikes.generate`.

A lookalike is an account of `register.csv` changed by one named rule, as impersonators do it. A
stranger is made of another place's or body's own name, or is one of `OTHERS`. Neither file is written
from what the check says of it. `held_out.csv` was written by hand before the check was ever run on any
of the three; its first result stands in decision 0026.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
EACH = 13
DIGITS = {"o": "0", "i": "1", "l": "1", "s": "5", "e": "3", "a": "4"}
LETTERS = {"i": "l", "l": "i", "m": "rn", "w": "vv", "d": "cl"}
CYRILLIC = {
    "a": "а",
    "e": "е",
    "o": "о",
    "c": "с",
    "p": "р",
    "y": "у",
    "x": "х",
    "s": "ѕ",
    "i": "і",
}
GREEK = {"o": "ο", "a": "α", "v": "ν", "i": "ι", "p": "ρ", "u": "υ", "k": "κ", "t": "τ"}
ACCENTS = {"a": "á", "e": "é", "i": "í", "o": "ö", "u": "ü", "n": "ñ"}
SOUNDS = {"shi": "si", "tsu": "tu", "chi": "ti", "ko": "kou", "sho": "syo", "o": "ou", "fu": "hu"}
KEYS = {
    "a": "s",
    "s": "a",
    "i": "o",
    "o": "p",
    "k": "l",
    "n": "m",
    "h": "j",
    "t": "r",
    "r": "t",
    "u": "y",
}
KANJI = {
    "新": "親",
    "城": "域",
    "市": "巿",
    "日": "曰",
    "口": "ロ",
    "力": "カ",
    "一": "ー",
    "ー": "一",
}
SERVICES = ("x", "instagram", "tiktok", "threads", "facebook", "youtube")
URLS = {
    "x": "https://x.com/{}", "instagram": "https://www.instagram.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}", "threads": "https://www.threads.com/@{}",
    "facebook": "https://www.facebook.com/{}", "youtube": "https://www.youtube.com/@{}",
}  # fmt: skip

Change = Callable[[str, random.Random], str]


def at_one_of(handle: str, signs: dict[str, str], dice: random.Random) -> str:
    """One of the places where a key of `signs` stands, replaced; the handle itself where none does."""
    places = [(at, old) for at in range(len(handle)) for old in signs if handle.startswith(old, at)]
    if not places:
        return handle
    at, old = dice.choice(places)
    return handle[:at] + signs[old] + handle[at + len(old) :]


def a_letter(handle: str, dice: random.Random) -> int:
    """The place of a letter that is not the first: impersonators keep the beginning."""
    return dice.choice([at for at in range(1, len(handle)) if handle[at].isalpha()])


def doubled_letter(handle: str, dice: random.Random) -> str:
    at = a_letter(handle, dice)
    return handle[:at] + handle[at] + handle[at:]


def dropped_letter(handle: str, dice: random.Random) -> str:
    at = a_letter(handle, dice)
    return handle[:at] + handle[at + 1 :]


def swapped_letters(handle: str, dice: random.Random) -> str:
    pairs = [
        at for at in range(1, len(handle) - 1)
        if handle[at : at + 2].isalpha() and handle[at] != handle[at + 1]
    ]  # fmt: skip
    at = dice.choice(pairs)
    return handle[:at] + handle[at + 1] + handle[at] + handle[at + 2 :]


def neighbouring_key(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, KEYS, dice)


def digit_for_letter(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, DIGITS, dice)


def letter_for_letter(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, LETTERS, dice)


def cyrillic_letter(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, CYRILLIC, dice)


def greek_letter(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, GREEK, dice)


def accented_letter(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, ACCENTS, dice)


def doubled_letter_in_full_width(handle: str, dice: random.Random) -> str:
    wide = doubled_letter(handle, dice)
    return "".join(chr(ord(sign) + 0xFEE0) if sign in "_-." else sign for sign in wide)


def dropped_letter_beside_an_invisible_one(handle: str, dice: random.Random) -> str:
    short = dropped_letter(handle, dice)
    at = a_letter(short, dice)
    return f"{short[:at]}{INVISIBLE}{short[at:]}"


def separator_put_in(handle: str, dice: random.Random) -> str:
    at = a_letter(handle, dice)
    return f"{handle[:at]}_{handle[at:]}"


def separator_left_out_or_doubled(handle: str, dice: random.Random) -> str:
    return handle.replace("_", dice.choice(["", "__"])) if "_" in handle else f"{handle}_"


def word_put_behind(handle: str, dice: random.Random) -> str:
    return handle + dice.choice(["_official", "_jp", "_pr", "_info", "_koho", "_real", "_news"])


def word_put_before(handle: str, dice: random.Random) -> str:
    return dice.choice(["official_", "jp_", "the_", "real_", "koho_", "info_"]) + handle


def word_glued_behind(handle: str, dice: random.Random) -> str:
    return handle + dice.choice(["official", "koushiki", "japan"])


def number_put_behind(handle: str, dice: random.Random) -> str:
    return f"{handle}_{dice.choice(['1', '2', '01', '2026'])}"


def words_in_another_order(handle: str, dice: random.Random) -> str:
    return "_".join(reversed(handle.split("_")))


def sound_written_otherwise(handle: str, dice: random.Random) -> str:
    return at_one_of(handle, SOUNDS, dice)


def two_letters_wrong(handle: str, dice: random.Random) -> str:
    return neighbouring_key(dropped_letter(handle, dice), dice)


def the_citys_name_and_another_word(handle: str, dice: random.Random) -> str:
    word = dice.choice(["kyufu", "present", "help", "zei", "hojokin", "vaccine", "tenshoku"])
    return f"shinshiro_{word}"


HANDLE_RULES: tuple[Change, ...] = (
    doubled_letter, dropped_letter, swapped_letters, neighbouring_key, digit_for_letter,
    letter_for_letter, cyrillic_letter, greek_letter, accented_letter,
    doubled_letter_in_full_width, dropped_letter_beside_an_invisible_one, separator_put_in,
    separator_left_out_or_doubled, word_put_behind, word_put_before, word_glued_behind,
    number_put_behind, words_in_another_order, sound_written_otherwise, two_letters_wrong,
    the_citys_name_and_another_word,
)  # fmt: skip


def city_in_kana(name: str, dice: random.Random) -> str:
    return name.replace("新城", dice.choice(["しんしろ", "シンシロ", "ｼﾝｼﾛ"]))


def city_in_kanji(name: str, dice: random.Random) -> str:
    return name.replace("しんしろ", "新城市")


def kanji_for_kanji(name: str, dice: random.Random) -> str:
    return at_one_of(name, KANJI, dice)


def official_put_on(name: str, dice: random.Random) -> str:
    return dice.choice(["{}【公式】", "【公式】{}", "{}(公式アカウント)", "{} official"]).format(
        name
    )


def one_sign_wrong(name: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(name))
    return name[:at] + dice.choice("課係部局会課") + name[at + 1 :]


NAME_RULES: tuple[Change, ...] = (
    city_in_kana, city_in_kanji, kanji_for_kanji, official_put_on, one_sign_wrong,
)  # fmt: skip
# With fewer letters a handle of one wrong letter is another word.
SHORTEST_FOR_EDITS = 8
LONGEST = 28

PLACES = (
    ("toyohashi", "豊橋市"), ("toyokawa", "豊川市"), ("gamagori", "蒲郡市"), ("tahara", "田原市"),
    ("okazaki", "岡崎市"), ("toyota", "豊田市"), ("nagoya", "名古屋市"), ("ichinomiya", "一宮市"),
    ("seto", "瀬戸市"), ("handa", "半田市"), ("kasugai", "春日井市"), ("anjo", "安城市"),
    ("nishio", "西尾市"), ("inuyama", "犬山市"), ("tokoname", "常滑市"), ("konan", "江南市"),
    ("komaki", "小牧市"), ("inazawa", "稲沢市"), ("tokai", "東海市"), ("obu", "大府市"),
    ("hamamatsu", "浜松市"), ("kosai", "湖西市"), ("shizuoka", "静岡市"), ("iida", "飯田市"),
    ("shinjo", "新庄市"), ("shingu", "新宮市"), ("shinagawa", "品川区"), ("shinjuku", "新宿区"),
    ("shiroishi", "白石市"), ("shiraoka", "白岡市"), ("shimada", "島田市"), ("shimonoseki", "下関市"),
    ("shiojiri", "塩尻市"), ("shibata", "新発田市"), ("niigata", "新潟市"), ("niiza", "新座市"),
    ("niihama", "新居浜市"), ("shunan", "周南市"), ("shitara", "設楽町"), ("toei", "東栄町"),
    ("kyoto", "京都市"), ("kobe", "神戸市"), ("osaka", "大阪市"), ("sapporo", "札幌市"),
    ("sendai", "仙台市"), ("fukuoka", "福岡市"), ("matsumoto", "松本市"), ("kanazawa", "金沢市"),
    ("takayama", "高山市"), ("tsukuba", "つくば市"), ("tsu", "津市"), ("tsuruga", "敦賀市"),
)  # fmt: skip
PATTERNS = (
    ("{}_city", "{}"), ("koho_{}", "{}広報"), ("{}_bosai", "{}防災"), ("visit_{}", "{}観光"),
    ("{}_library", "{}図書館"),
)  # fmt: skip
OTHERS = (
    "@kantei", "@Kantei_Saigai", "@MIC_JAPAN", "@FDMA_JAPAN", "@JMA_bousai", "@JMA_kishou",
    "@MLIT_JAPAN", "@MHLWitter", "@mextjapan", "@MAFF_JAPAN", "@meti_NIPPON", "@digital_jpn",
    "@caa_shohishacho", "@npa_keiji", "@MPD_bousai", "@aichi_pref", "@aichi_bosai", "@pref_shizuoka",
    "@nhk_news", "@nhk_seikatsu", "@asahi", "@mainichi", "@Yomiuri_Online", "@nikkei", "@Sankei_news",
    "@chunichi_denhen", "@tokaitv", "@CBC_tv", "@Nagoyatv", "@kyodo_official", "@jijicom",
    "@YahooNewsTopics", "@UN_NERV", "@tenkijp", "@WNI_jp", "@JRCentral", "@meitetsu_info",
    "@tokyo_bousai", "@tocho_koho", "@osaka_pref", "@hyogo_pref", "@visit_japan", "@JNTO_official",
    "https://www.pref.aichi.jp/", "https://www.jma.go.jp/bosai/", "https://www.mlit.go.jp/",
    "https://www.city.toyohashi.lg.jp/", "https://www.nhk.or.jp/news/", "https://www.asahi.com/",
    "愛知県", "静岡県", "気象庁", "総務省消防庁", "内閣官房", "国土交通省", "中日新聞", "東海テレビ",
    "奥三河観光協議会", "武蔵新城商店街", "新座市防災", "新庄市観光", "長篠の戦いファンクラブ", "作手村史研究会",
    "湯谷健太郎", "鳳来そば", "設楽ダム工事事務所", "三河湾クルーズ", "東三河広域連合", "若者会議",
)  # fmt: skip


def register() -> list[dict[str, str]]:
    """The accounts the check knows."""
    with (HERE / "register.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def own_name(row: dict[str, str]) -> str:
    """The part of a handle that a person chose."""
    return row["handle"].rpartition("/")[2].partition("@")[0].removesuffix(".bsky.social")


def lookalikes() -> Iterator[tuple[str, str, str]]:
    """Rule, the account it imitates, what is pasted."""
    dice = random.Random(42)
    rows = [row for row in register() if row["status"] == "official" and row["service"] != "other"]
    handles = {own_name(row) for row in rows}
    names = {row["name"] for row in rows}
    for rule in HANDLE_RULES:
        made: dict[str, str] = {}
        chosen = [row for row in rows if len(own_name(row).replace("_", "")) >= SHORTEST_FOR_EDITS]
        dice.shuffle(chosen)
        for row in chosen:
            text = rule(own_name(row), dice)
            if text not in handles and text not in made and len(text) <= LONGEST:
                made[text] = row["handle"]
        for text, like in list(made.items())[:EACH]:
            yield rule.__name__, like, written(text, dice)
    for name_rule in NAME_RULES:
        chosen = [row for row in rows if len(row["name"]) >= 6]
        dice.shuffle(chosen)
        changed = ((name_rule(row["name"], dice), row["handle"]) for row in chosen)
        kept = [(text, like) for text, like in changed if text not in names]
        for text, like in kept[:EACH]:
            yield name_rule.__name__, like, text
    yield from other_sites(rows, dice)


def written(handle: str, dice: random.Random) -> str:
    """A handle as somebody pastes it: alone, with its mark, in a message, or its address."""
    if not handle.isascii():
        return f"@{handle}"
    service = dice.choice(["instagram", "threads"])
    if len(handle) <= 15 and "." not in handle and "-" not in handle:
        service = dice.choice(["x", "instagram"])
    address = URLS[service].format(handle)
    return dice.choice([
        f"@{handle}", handle, address, address, f"市からのお知らせです。{address} をご覧ください。",
        f"くわしくは @{handle} まで",
    ])  # fmt: skip


def other_sites(rows: list[dict[str, str]], dice: random.Random) -> Iterator[tuple[str, str, str]]:
    """The very name on another service, and sites that are not what they look like."""
    plain = [row for row in rows if row["handle"].replace("_", "").isalnum()]
    for row in dice.sample(plain, EACH):
        service = dice.choice([each for each in SERVICES if each != row["service"]])
        used = {each["service"] for each in rows if each["handle"] == row["handle"]}
        if service not in used and not (service == "facebook" and "_" in row["handle"]):
            yield "same_name_on_another_service", row["handle"], URLS[service].format(row["handle"])
    hosts = (
        "twltter.com", "twitter.com.example.net", "lnstagram.com", "instagrarn.com", "faceb00k.com",
        "youtub3.com", "x.com.login.example", "tiktak.com", "instagram.com-help.example",
    )  # fmt: skip
    for host in hosts:
        row = dice.choice(plain)
        yield "site_like_a_services", row["handle"], f"https://{host}/{row['handle']}"
    for host in (
        "city-shinshiro.lg.jp.example.com", "www.city.shinshiro.lg.jp.example.net",
        "shinshiro-city.example.com", "city.sh1nshiro.example", "shinshiro-kyufu.example",
        "city-shinsiro.example.jp",
    ):  # fmt: skip
        yield "site_like_the_citys", "", f"https://{host}/kyufu"


def strangers() -> Iterator[tuple[str, str, str]]:
    """Kind, nobody, what is pasted."""
    dice = random.Random(7)
    for romaji, name in PLACES:
        for handle, shown in PATTERNS:
            yield "place", "", written(handle.format(romaji), dice)
            if handle == PATTERNS[0][0]:
                yield "place_name", "", shown.format(name)
    for text in OTHERS:
        yield "body_or_media", "", text


# Who reads the files sees it, and no tool on their way drops it.
INVISIBLE, NAMED = "\u200b", r"\u200b"


def seen(text: str) -> str:
    """What stands in a file, as it is pasted."""
    return text.replace(NAMED, INVISIBLE)


def table(rows: Iterable[tuple[str, str, str]]) -> str:
    """The text of one file."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("rule", "like", "text"))
    writer.writerows((rule, like, text.replace(INVISIBLE, NAMED)) for rule, like, text in rows)
    return written.getvalue()


if __name__ == "__main__":
    for name, rows in (("lookalikes", lookalikes()), ("strangers", strangers())):
        (HERE / f"{name}.csv").write_text(table(rows), encoding="utf-8", newline="\n")
