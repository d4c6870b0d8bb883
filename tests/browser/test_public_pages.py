"""The public pages in a real browser: nothing axe objects to, nothing too wide, no script needed."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from accounts.models import Account, Notice
from policies.models import GuidelineVersion, OperatingPolicy
from tests import factories
from tests.browser.conftest import Visit
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "1.目的\nこの決まりは、例を示す(※1)。\n3.運用\n2.定義\n(1)段落\nア 文\n7.用語\n※1 例\n"


@pytest.fixture
def city(transactional_db: None, cast: Cast) -> Account:
    """A city with official and former accounts, two versions of one policy, and a guideline."""
    for day, title in (
        (datetime.date(2013, 4, 17), "例の決まり"),
        (datetime.date(2099, 4, 1), "次の決まり"),
    ):
        GuidelineVersion.objects.create(title=title, text=TEXT, effective_from=day)
    made = []
    names = ("しんしろ観光", '</script><b>"悪意"</b>', "止まった口座", "なくなった口座")
    for name, service in zip(names, ("x", "instagram", "youtube", "line"), strict=True):
        account = factories.account(cast.tourism, service=service, name=name)
        for _ in range(2 if service == "x" else 1):
            factories.policy(
                account, cast.officer, OperatingPolicy.State.IN_FORCE, head=cast.head,
                receiver=cast.pr_officer, partners=(cast.safety,),
            )  # fmt: skip
        made.append(Account.objects.get(pk=account.pk))
    factories.stood(made[2], "suspend", cast.head)
    factories.stood(made[3], "close", cast.head, successor=made[0])
    return made[0]


@pytest.mark.once
@pytest.mark.parametrize("width", [360, 1440])
def test_every_public_page_is_accessible_and_fits(
    visit: Visit, axe: Callable[[Page], None], city: Account, width: int
) -> None:
    page = visit(width=width)
    own = [account.get_absolute_url() for account in Account.objects.all()]
    department = f"/departments/{city.department_id}/"
    for address in (
        "/", "/?view=table", "/?q=ない&service=nosuch", "/?status=former", *own,
        f"{own[0]}policy/1/", f"{own[0]}policy/2/", f"{own[0]}poster/", department,
        f"{department}poster/", "/guideline/", "/guideline/2099-04-01/", "/accessibility/",
        "/official/", "/open-data/", "/notices/",
        *(notice.get_absolute_url() for notice in Notice.objects.all()), "/accounts/987654/",
    ):  # fmt: skip
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address

    assert page.context.cookies() == []


def test_an_account_is_found_without_a_script(visit: Visit, city: Account) -> None:
    page = visit(java_script_enabled=False)

    page.goto("/")
    page.get_by_label("検索", exact=True).fill("シンシロ")
    page.get_by_label("種類", exact=True).select_option("x")
    page.get_by_role("button", name="検索する").click()
    page.get_by_role("link", name="しんしろ観光", exact=True).click()

    assert page.url.endswith(city.get_absolute_url())
    assert page.get_by_text("これは新城市の公式アカウントです").is_visible()


@pytest.mark.once
def test_a_hostile_name_runs_nothing_and_the_data_for_machines_breaks_no_policy(
    visit: Visit, city: Account
) -> None:
    page = visit()

    for address in ("/", *(account.get_absolute_url() for account in Account.objects.all())):
        page.goto(address)
        assert page.locator('script[type="application/ld+json"]').count() == 1
        assert page.locator("main b").count() == 0


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("短", ""),
        ("亜" * 8, "w" * 17),
        ("亜" * 20, "w" * 34),
        ("亜" * 40, "w" * 70),
        ("亜" * 100, "w" * 200),
    ],
    ids=["short", "large", "middle", "small", "smallest"],
)
def test_a_poster_prints_on_one_sheet_and_nothing_on_it_overlaps(
    visit: Visit, city: Account, name: str, handle: str
) -> None:
    Account.objects.filter(pk=city.pk).update(name=name, handle=handle)
    page = visit()

    for address in (
        f"{city.get_absolute_url()}poster/",
        f"/departments/{city.department_id}/poster/",
    ):
        page.goto(address)
        page.emulate_media(media="print")
        boxes = page.evaluate(
            "[...document.querySelectorAll('.poster > *')].map(part => part.getBoundingClientRect())"
            ".map(({top, bottom}) => [top, bottom])"
        )
        assert [one for one, after in pairwise(boxes) if one[1] > after[0] + 1] == []
        assert page.evaluate("document.querySelector('.poster').scrollHeight <= 1122")
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert len(sheets) == 1
        assert [round(float(side)) for side in sheets[0].mediabox[2:]] == [595, 842]
