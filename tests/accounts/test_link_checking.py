"""Looking whether accounts name the city's page: what is put on record, and what comes of it, 3(6)."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import links
from accounts.duties.links import DUTIES
from accounts.link_checking import check, to_check
from accounts.models import Account, LinkCheck
from accounts.page_reading import PageReader
from accounts.services import SERVICES, Service, Verification
from shinshiro_sns.steps import StepNotMet
from tests import factories
from tests.accounts import misbehaving
from tests.accounts.misbehaving import answer, moved

DAY = datetime.timedelta(days=1)
BY_NAME = {duty.name: duty for duty in DUTIES}


@pytest.fixture
def site():
    made = misbehaving.Site()
    yield made
    made.close()


@pytest.fixture
def official(cast):
    def made(url="", service="other", since=None, **fields):
        handle = {"other": f"https://account{Account.objects.count()}.example/"}.get(service, "")
        account = factories.account(
            cast.tourism, handle, service, status="official",
            official_since=since or timezone.localdate(), **fields,
        )  # fmt: skip
        if url:
            Account.objects.filter(pk=account.pk).update(url=url)
            account.refresh_from_db()
        return account

    return made


@pytest.fixture
def look(site):
    def looked(*accounts):
        reader = PageReader(allowed=[site.address], pause=0)
        return [(row.outcome, row.detail) for row in check(accounts, reader)]

    return looked


def open_rows(name, day=None):
    return list(BY_NAME[name].rows(day or timezone.localdate()))


# --- The portal's own look ---------------------------------------------------------------------


def test_what_is_seen_is_put_on_record(site, official, look):
    account = official(f"{site.url}/profile")
    here = links.public_url(account)
    seen = []
    for page in (
        answer(f'<a rel="me" href="{here}">市</a>'), answer(f"<p>{here}</p>"),
        answer("<p>消えた</p>"), answer("", "500 Broken"), moved("/login"),
        answer("x" * 2_000_000), answer(f"{here} {'x' * 2_000_000}"),
    ):  # fmt: skip
        site.pages |= {"/profile": page, "/login": answer("<p>ログイン</p>")}
        seen += look(account)

    assert seen == [
        ("linked", 'rel="me"のリンクがあります。'),
        ("linked", "URLが書かれています。"),
        ("missing", "ページに、市のページのURLがありません。"),
        ("unreachable", "ページを開けませんでした(応答 500)。"),
        ("unreachable", "別のページに転送されたため、プロフィールを確かめられませんでした。"),
        ("unreachable", "ページが大きいため、最後まで確かめられませんでした。"),
        ("linked", "URLが書かれています。"),
    ]
    rows = LinkCheck.objects.values_list("way", "checked_by", "checked_on").distinct().order_by()
    assert list(rows) == [("automatic", None, timezone.localdate())]


def test_what_robots_forbid_decides_nothing(site, official, look):
    account = official(f"{site.url}/profile")
    before = factories.link_check(account, "linked")
    site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /")
    [(outcome, _)] = look(account)

    assert outcome == "not_allowed"
    assert links.last_decisive(account) == before


def test_one_account_that_cannot_be_read_stops_no_other(site, official, look):
    site.pages["/b"] = answer("<p>ない</p>")
    site.pages["/odd"] = moved("http://[")
    broken, odd, good = (
        official(u) for u in ("http://[broken/", f"{site.url}/odd", f"{site.url}/b")
    )
    seen = [outcome for outcome, _ in look(broken, odd, good)]
    assert seen == ["unreachable", "unreachable", "missing"]


def test_what_nobody_foresaw_with_one_account_stops_no_other(site, official, caplog):
    def resolve(host, port):
        if host == "odd.example":
            raise RuntimeError("秘密の文")
        return ["127.0.0.1"]

    port = site.address[1]
    odd, good = official("http://odd.example/"), official(f"http://good.example:{port}/b")
    site.pages["/b"] = answer("<p>ない</p>")
    reader = PageReader(allowed=[site.address], resolve=resolve, pause=0)

    rows = list(check([odd, good], reader))

    assert [(row.account, row.outcome, row.detail) for row in rows] == [
        (odd, "unreachable", "思わぬ誤りのため、確かめられませんでした。"),
        (good, "missing", "ページに、市のページのURLがありません。"),
    ]
    assert [name in caplog.text for name in (f"Account {odd.pk}", "RuntimeError", "秘密")] == [
        True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["official", "suspended"])
def test_what_happens_to_the_account_during_a_look_is_asked_again_before_it_counts(
    site, official, look, status
):
    account = official(f"http://profile.example:{site.address[1]}/p")
    there = []

    def resolve(host, port):
        # While this process waits for the page, another one has been, or somebody suspends it.
        if not there:
            there.append(factories.link_check(account, "linked"))
            Account.objects.filter(pk=account.pk).update(status=status)
            if status == "suspended":
                LinkCheck.objects.all().delete()
        return ["127.0.0.1"]

    reader = PageReader(allowed=[site.address], resolve=resolve, pause=0)

    assert list(check([account], reader)) == []
    assert list(LinkCheck.objects.all()) == (there if status == "official" else [])


def test_whom_another_process_has_looked_at_is_not_asked_for_a_second_time(site, official):
    first, second = official(f"{site.url}/a"), official(f"{site.url}/b")
    rows = check([first, second], PageReader(allowed=[site.address], pause=0))
    next(rows)
    factories.link_check(second, "linked")

    assert list(rows) == []
    assert site.paths() == ["/robots.txt", "/a"]


def test_official_accounts_with_a_plain_page_are_looked_at_the_longest_ago_first(official):
    today = timezone.localdate()
    lately, never, long_ago = official(), official(), official()
    for account, days in ((lately, 3), (long_ago, 9), (long_ago, 40), (official(), 0)):
        factories.link_check(account, checked_on=today - days * DAY)
    official(service="x")
    official("gopher://old.example/")
    Account.objects.filter(pk=official().pk).update(status="suspended")

    assert list(to_check(today)) == [never, long_ago, lately]


def test_a_look_by_hand_spares_no_look_of_the_portals_own(cast, official):
    account = official()
    factories.link_check(account, way="hand", checked_by=cast.officer)
    assert list(to_check(timezone.localdate())) == [account]


# --- The command -------------------------------------------------------------------------------


def run(*arguments):
    said = StringIO()
    call_command("check_links", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_it_does_nothing_unless_the_city_wants_it(site, official):
    official(f"{site.url}/profile")
    assert run() == ["自動の確認は使わない設定です(LINK_CHECKS)。何も確かめていません。"]
    assert (LinkCheck.objects.count(), site.asked) == (0, [])


def test_as_in_use_it_never_reaches_this_machine(site, official, settings):
    settings.LINK_CHECKS = True
    first, second = official(f"{site.url}/profile"), official("http://127.0.0.1/")

    *_, last = run()

    assert last == "linked 0, missing 0, unreachable 2, not allowed 0"
    assert site.asked == []
    told = LinkCheck.objects.order_by("account").values_list("account", "detail")
    assert list(told) == [
        (first.pk, f"標準でないポート({site.address[1]})には接続しません。"),
        (second.pk, "庁内などの内部のアドレスには接続しません。"),
    ]


def test_it_can_be_told_how_many_or_which_one(official, settings):
    settings.LINK_CHECKS = True
    accounts = [official("http://127.0.0.1/") for _ in range(3)]

    assert len(run("--limit", "2")) == 3
    assert len(run("--account", str(accounts[0].pk))) == 2
    assert len(run()) == 2
    assert run() == ["linked 0, missing 0, unreachable 0, not allowed 0"]
    for wrong in ("987654", str(official(service="x").pk)):
        with pytest.raises(CommandError):
            run("--account", wrong)


# --- By hand -----------------------------------------------------------------------------------


def test_by_hand_counts_as_much_and_is_kept_once(cast, official):
    account = official()
    evidence = factories.evidence(account, cast.officer)
    given = (account, cast.officer, timezone.localdate(), "linked", evidence)

    assert [links.record_by_hand(*given)[1] for _ in range(2)] == [True, False]
    row = links.last_decisive(account)
    assert (row.way, row.checked_by, row.evidence) == ("hand", cast.officer, evidence)
    assert [open_rows(name) for name in BY_NAME] == [[], [], []]


@pytest.mark.parametrize(
    ("days", "outcome", "with_evidence", "told"),
    [
        (1, "missing", False, "今日より後の日"),
        (-11, "missing", False, "開設日"),
        (-3, "missing", False, "前に確かめた日"),
        (0, "linked", False, "証拠を選んでください"),
        (0, "unreachable", False, "リンクがあったかどうか"),
        (0, "missing", True, "このアカウントの証拠"),
    ],
)
def test_what_cannot_be_is_refused(cast, official, days, outcome, with_evidence, told):
    today = timezone.localdate()
    account = official(opened_on=today - 10 * DAY)
    factories.link_check(account, checked_on=today - 2 * DAY)
    anothers = factories.evidence(official(), cast.officer) if with_evidence else None

    with pytest.raises(StepNotMet, match=told):
        links.record_by_hand(account, cast.officer, today + days * DAY, outcome, anothers)
    assert LinkCheck.objects.count() == 1


def test_the_page_keeps_what_was_typed_and_names_what_is_wrong(cast, client, official):
    client.force_login(cast.officer)
    tomorrow = (timezone.localdate() + DAY).isoformat()
    page = client.post(
        f"/desk/accounts/{official().pk}/links/", {"checked_on": tomorrow, "outcome": "linked"}
    )
    html = page.content.decode()

    assert page.status_code == 422
    for part in (
        tomorrow,
        "今日より後の日は記録できません。",
        "リンクがある画面の証拠を選んでください。",
    ):
        assert part in html


# --- The texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("key", SERVICES)
def test_what_is_recommended_fits_and_names_the_page(official, settings, key):
    settings.PORTAL_URL = "https://sns.city.shinshiro.example"
    account = Account(
        pk=123456, service=key, department=factories.department("建設部都市計画課まちづくり推進室")
    )
    found = links.wordings(account)
    best, limit = links.recommended(found), SERVICES[key].profile_limit

    assert [links.public_url(account) in each.text for each in found] == [True] * 3
    assert sorted(found, key=lambda each: -each.length) == found
    if best is None:
        assert all(each.length > limit for each in found)
    else:
        assert limit is None or best.length <= limit


def test_a_service_that_shortens_addresses_counts_them_as_it_does():
    service = Service(
        "m", "M", "", (), "", Verification.NONE, "", profile_limit=30, profile_url_length=23
    )
    assert links.length_for(service, "公式 https://a.example/" + "x" * 90) == 26


def test_the_code_is_a_drawing_from_here(cast, client, official):
    client.force_login(cast.officer)
    drawing = client.get(f"/desk/accounts/{official().pk}/links/qr.svg")

    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<?xml")
    assert b"<script" not in drawing.content
    assert b"style=" not in drawing.content


# --- Duties ------------------------------------------------------------------------------------


def test_a_link_is_looked_for_again_before_it_counts_no_more(official, settings):
    settings.LINK_CHECK_MONTHS = 6
    account = official(since=datetime.date(2026, 1, 1))
    factories.link_check(account, checked_on=datetime.date(2026, 3, 31))

    assert open_rows("link_again", datetime.date(2026, 8, 30)) == []
    [row] = open_rows("link_again", datetime.date(2026, 8, 31))
    assert (row, row.look_by) == (account, datetime.date(2026, 9, 30))


def test_only_the_last_look_that_decides_counts(official):
    account, today = official(), timezone.localdate()
    factories.link_check(account, "missing", checked_on=today - DAY)
    [row] = open_rows("link_lost")
    factories.link_check(account, "unreachable", checked_on=today)
    assert open_rows("link_lost") == [row]
    factories.link_check(account, "linked", checked_on=today)
    assert [open_rows(name) for name in BY_NAME] == [[], [], []]
    again = factories.link_check(account, "missing", checked_on=today)
    assert open_rows("link_lost") == [again]


@pytest.mark.parametrize("status", ["preparing", "suspended", "closed"])
def test_only_official_accounts_owe_a_link(official, status):
    seen, unseen = official(), official()
    factories.link_check(seen, "missing")
    Account.objects.filter(pk__in=[seen.pk, unseen.pk]).update(status=status)
    assert [open_rows(name) for name in BY_NAME] == [[], [], []]


@pytest.mark.parametrize("name", BY_NAME)
def test_late_is_what_is_past_its_deadline_in_the_database_too(official, name, settings):
    settings.LINK_CHECK_MONTHS = 1
    today = timezone.localdate()
    for days in (0, 6, 7, 8, 27, 32, 40, 62, 90):
        account = official(since=today - days * DAY)
        outcome = {"link_lost": "missing", "link_again": "linked"}.get(name, "unreachable")
        factories.link_check(account, outcome, checked_on=today - days * DAY)
    duty = BY_NAME[name]
    rows = duty.rows(today)
    deadlines = [duty.deadline(row) for row in rows]
    assert deadlines == sorted(deadlines)
    assert duty.count_overdue(rows, today) == sum(day < today for day in deadlines) > 0


def test_the_page_asks_the_database_as_often_for_three_looks_as_for_one(cast, client, official):
    account = official()
    client.force_login(cast.officer)

    def queries():
        factories.link_check(
            account, way="hand", checked_by=cast.officer,
            evidence=factories.evidence(account, cast.officer),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/desk/accounts/{account.pk}/links/")
        return len(captured)

    queries()
    assert len({queries() for _ in range(2)}) == 1
