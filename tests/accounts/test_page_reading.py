"""Reading a page that somebody typed the address of: never inside, never for long, never too much."""

import tracemalloc

import pytest

from accounts.guarded_network import is_public
from accounts.page_reading import MOST_BYTES, NotAllowed, PageReader, Times, Unreadable
from tests.accounts import misbehaving
from tests.accounts.misbehaving import answer, moved, packed

pytestmark = pytest.mark.once

INSIDE = "庁内などの内部のアドレスには接続しません。"
QUICK = Times(connect=0.5, read=0.5, total=0.8)


@pytest.fixture
def site():
    made = misbehaving.Site()
    yield made
    made.close()


@pytest.fixture
def reader(site):
    return PageReader(allowed=[site.address], times=QUICK, pause=0)


def refusal(reader, url):
    with pytest.raises(Unreadable) as refused:
        reader.read(url)
    return str(refused.value)


# --- Where it never goes -----------------------------------------------------------------------

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "255.255.255.255", "192.0.0.8",
    "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:0:0:0:0:f5ff:fffe", "64:ff9b:1::1",
    "100::1", "2001:20::1", "3fff::1", "5f00::1",
    "192.88.99.1", "no address",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public_and_is_never_connected_to(address):
    reader = PageReader(resolve=lambda host, port: [address], pause=0)

    assert not is_public(address)
    assert refusal(reader, "https://profile.example/") == INSIDE


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "100.128.0.1"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1",
     "0177.0.0.1", "0"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_refused_in_every_spelling(scheme, host):
    assert refusal(PageReader(pause=0), f"{scheme}://{host}/") == INSIDE


def test_without_the_tests_own_permission_not_a_byte_reaches_this_machine(site):
    site.pages["/"] = answer("あ")
    told = refusal(PageReader(pause=0), f"{site.url}/")

    assert told == f"標準でないポート({site.address[1]})には接続しません。"
    assert site.asked == []


def test_the_permission_is_for_one_address_and_port_alone(site, reader):
    other = misbehaving.Site()
    try:
        assert refusal(reader, f"{other.url}/").startswith("標準でないポート")
        assert refusal(reader, "http://127.0.0.1/") == INSIDE
        assert other.asked == []
    finally:
        other.close()


def test_a_name_with_one_address_inside_is_refused_whole():
    asked = []

    def both(host, port):
        asked.append(host)
        return ["93.184.216.34", "10.0.0.1"]

    assert refusal(PageReader(resolve=both, pause=0), "https://profile.example/") == INSIDE
    assert asked == ["profile.example"]


def test_the_address_that_was_judged_is_the_one_connected_to(site):
    """Whoever answers for the name is asked once a request; a second answer would lead inside."""
    site.pages |= {"/robots.txt": answer(""), "/": answer("<p>あ</p>")}
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    reader = PageReader(allowed=[site.address], resolve=lambda host, port: next(answers), pause=0)
    url = f"http://profile.example:{site.address[1]}/"

    assert reader.read(url).text == "<p>あ</p>"
    assert next(answers, "used up") == "used up"
    assert site.asked[-1][1]["host"] == url.removeprefix("http://").rstrip("/")


@pytest.mark.parametrize(
    "to",
    ["http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/",
     "//10.0.0.1/", "http://127.0.0.1/"],
)  # fmt: skip
def test_a_redirect_leads_no_further_in_than_an_address(site, reader, to):
    site.pages["/"] = moved(to)
    assert refusal(reader, f"{site.url}/") == INSIDE


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://example.org/", "javascript:1", "data:,x"]
)
def test_a_redirect_leads_to_nothing_but_the_web(site, reader, to):
    site.pages["/"] = moved(to)
    assert refusal(reader, f"{site.url}/") == "ウェブのアドレスではないところへ導かれました。"


NOWHERE = ("http://[", "//[bad", "https://[::1", "//a:b:c/", "http://x.example:99999/")


@pytest.mark.parametrize("to", NOWHERE)
def test_a_redirect_to_what_is_no_address_is_told_in_a_sentence(site, reader, to):
    site.pages["/"] = moved(to)
    assert refusal(reader, f"{site.url}/") == "アドレスを読み取れません。"


@pytest.mark.parametrize("to", NOWHERE)
def test_robots_that_are_led_nowhere_are_told_in_a_sentence(site, reader, to):
    site.pages |= {"/robots.txt": moved(to), "/": answer("あ")}
    assert refusal(reader, f"{site.url}/") == "アドレスを読み取れません。"


@pytest.mark.parametrize(
    "url", ["http://", "http://a:b@127.0.0.1/", "http://x.example:99999/", "http://[::1/",
            "http://a..b/", "http://" + "a" * 64 + ".example/"],
)  # fmt: skip
def test_what_is_no_plain_address_is_not_asked_for(reader, url):
    assert refusal(reader, url) == "アドレスを読み取れません。"


def test_what_the_environment_says_of_proxies_is_nothing_to_it(site, reader, monkeypatch):
    site.pages["/"] = answer("あ")
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert reader.read(f"{site.url}/").text == "あ"


# --- Never for long, never too much ------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        misbehaving.silent,
        misbehaving.slowly(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        misbehaving.slowly(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
    ],
    ids=["silent", "slow headers", "slow body"],
)
def test_who_takes_his_time_is_left(site, reader, page):
    site.pages["/"] = page
    assert refusal(reader, f"{site.url}/") == "時間内に読み終えられませんでした。"


def test_a_page_without_an_end_is_cut(site, reader):
    site.pages["/"] = misbehaving.endlessly
    page = reader.read(f"{site.url}/")
    assert (len(page.text), page.whole) == (MOST_BYTES, False)


def test_a_bomb_goes_off_no_further_than_any_page(site, reader):
    site.pages["/"] = packed(bytes(40 * MOST_BYTES))
    tracemalloc.start()
    page = reader.read(f"{site.url}/")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(page.text), page.whole) == (MOST_BYTES, False)
    assert most < 10 * MOST_BYTES


def test_a_packed_page_is_unpacked(site, reader):
    site.pages["/"] = packed("<p>公式</p>".encode())
    page = reader.read(f"{site.url}/")
    assert (page.text, page.whole) == ("<p>公式</p>", True)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (answer(b"no gzip", Content_Encoding="gzip"), "圧縮が壊れていました。"),
        (answer(b"?", Content_Encoding="br"), "読み取れない形に圧縮されていました。"),
        (answer("あ", X_Huge="x" * 200_000), "応答が正しくありませんでした。"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "応答が正しくありませんでした。"),
        (misbehaving.reset, "接続できませんでした。"),
        (lambda connection: None, "応答が正しくありませんでした。"),
        (answer("{}", kind="application/json"), "ウェブページ(HTML)ではありませんでした。"),
        (answer("あ", kind=""), "ウェブページ(HTML)ではありませんでした。"),
        (answer("ない", "404 Not Found"), "ページを開けませんでした(応答 404)。"),
        (answer("", "503 Down"), "ページを開けませんでした(応答 503)。"),
        (answer("", "302 Found"), "ページを開けませんでした(応答 302)。"),
    ],
)
def test_a_broken_answer_is_told_in_a_sentence(site, reader, page, told):
    site.pages["/"] = page
    assert refusal(reader, f"{site.url}/") == told


def test_who_is_not_there_is_told_in_a_sentence(site, reader):
    site.close()
    assert refusal(reader, f"{site.url}/") == "接続できませんでした。"


def test_redirects_are_followed_and_counted(site, reader):
    for number in range(5):
        site.pages[f"/{number}"] = moved(f"/{number + 1}", "301 Moved Permanently")
    site.pages["/5"] = answer("着いた")
    assert reader.read(f"{site.url}/0").url == f"{site.url}/5"

    site.pages["/5"] = moved("/0")
    assert refusal(reader, f"{site.url}/0") == "別のページへの転送が5回を超えました。"
    assert site.paths().count("/0") == 2


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_page_in_another_charset_is_read(site, reader, charset):
    site.pages["/"] = answer("新城市".encode(charset), kind=f"text/html; charset={charset}")
    assert reader.read(f"{site.url}/").text == "新城市"


@pytest.mark.parametrize("charset", ["", "; charset=idna", "; charset=zlib", "; charset=no-such"])
def test_bytes_of_no_charset_are_read_as_far_as_they_can_be(site, reader, charset):
    site.pages["/"] = answer(b"\xff\xfe https://a.example/ \x83", kind=f"text/html{charset}")
    assert " https://a.example/ " in reader.read(f"{site.url}/").text


# --- Manners -----------------------------------------------------------------------------------


def test_it_says_who_it_is_and_carries_no_cookie(site, reader, settings):
    settings.PORTAL_URL = "https://sns.city.example"
    site.pages |= {
        "/a": moved("/b"), "/robots.txt": answer("", Set_Cookie="x=1"),
        "/b": answer("", Set_Cookie="y=2"),
    }  # fmt: skip
    reader.read(f"{site.url}/a")
    reader.read(f"{site.url}/b")

    agents = {headers["user-agent"] for _, headers in site.asked}
    assert agents == {"shinshiro-sns-portal/1.0 (+https://sns.city.example)"}
    assert [headers for _, headers in site.asked if "cookie" in headers] == []


def test_robots_are_asked_once_a_site_and_obeyed(site, reader):
    rules = "User-agent: *\nDisallow: /private\n\nUser-agent: shinshiro-sns-portal\nDisallow: /no"
    site.pages |= {"/robots.txt": answer(rules, kind="text/plain"), "/private": answer("あ")}

    assert reader.read(f"{site.url}/private").text == "あ"
    with pytest.raises(NotAllowed):
        reader.read(f"{site.url}/nobody")
    assert site.paths() == ["/robots.txt", "/private"]


def test_a_redirect_to_what_robots_forbid_is_not_followed(site, reader):
    site.pages |= {"/robots.txt": answer("User-agent: *\nDisallow: /no"), "/": moved("/no")}
    with pytest.raises(NotAllowed):
        reader.read(f"{site.url}/")
    assert site.paths() == ["/robots.txt", "/"]


@pytest.mark.parametrize("robots", ["500 Broken", "503 Down", "429 Slow Down"])
def test_robots_that_cannot_be_had_forbid_everything(site, reader, robots):
    site.pages |= {"/robots.txt": answer("", robots), "/": answer("あ")}
    with pytest.raises(NotAllowed):
        reader.read(f"{site.url}/")


def test_robots_that_go_round_in_circles_forbid_everything(site, reader):
    site.pages |= {"/robots.txt": moved("/robots.txt"), "/": answer("あ")}
    with pytest.raises(NotAllowed):
        reader.read(f"{site.url}/")


@pytest.mark.parametrize(
    "robots", [answer("", "404 Not Found"), answer("", "403 No"), answer(bytes(2_000_000))]
)
def test_robots_that_are_not_there_or_say_nothing_forbid_nothing(site, reader, robots):
    site.pages |= {"/robots.txt": robots, "/": answer("あ")}
    assert reader.read(f"{site.url}/").text == "あ"


@pytest.mark.parametrize(
    ("rules", "pauses"),
    [("", [1.0, 1.0]), ("User-agent: *\nCrawl-delay: 7", [7.0, 7.0]),
     ("User-agent: *\nCrawl-delay: 86400", [60.0, 60.0])],
)  # fmt: skip
def test_a_site_is_asked_no_faster_than_once_a_second_or_as_it_wants(site, rules, pauses):
    site.pages |= {"/robots.txt": answer(rules), "/": answer("あ")}
    now, slept = [100.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    reader = PageReader(allowed=[site.address], clock=lambda: now[0], sleep=sleep)
    reader.read(f"{site.url}/")
    reader.read(f"{site.url}/")
    assert slept == pauses
