"""The pages about posts are right by the W3C's checker too."""

import pytest

from postings import keys
from postings.checking import Image, ImageKind
from tests import factories, html_checker
from tests.postings import making
from tests.postings.conftest import OPEN, SHUT
from tests.postings.test_check_page import opened, page_of, sent
from tests.postings.test_nothing_typed_is_lost import check_now
from tests.postings.test_posts_on_record import step_url

pytestmark = pytest.mark.once
TEXT = "11月30日(土)に開催します。\nくわしくは https://example.com/ か ①へ <b>&"


def test_the_pages_about_posts(approving, cast, client, clock):
    factories.official(cast.tourism, "example_insta", "instagram")
    images = {"images": (Image(ImageKind.PHOTO, 2),), "rights": "permitted",
              "rights_note": "観光協会", "portrait": "obscured"}  # fmt: skip
    posts = {
        state: making.post(
            approving, cast.officer, state, text=TEXT, approver=cast.head, **images
        )
        for state in ("draft", "awaiting", "returned", "approved")
    }  # fmt: skip
    client.force_login(cast.officer)
    _, carried = opened(client, approving)
    check_now(client, approving, carried, TEXT)
    pages = {"new": opened(client, approving)[0]}
    clock.move_to(SHUT)
    for to in ("check", "go"):
        pages[to] = sent(client, approving, carried, TEXT, to, **{"image-CHART": "1"})
    pages["refused"] = sent(client, approving, carried, "", "save")
    stale = {**carried, "key": posts["draft"].key, "revision": "99"}
    pages["clash"] = sent(client, approving, stale, "別の文", "save", posts["draft"])
    for address in (
        "/desk/posts/", "/desk/posts/new/", f"/desk/accounts/{approving.pk}/posts/",
        page_of(approving, posts["returned"]), *(post.get_absolute_url() for post in posts.values()),
        step_url(posts["approved"], "post"), step_url(posts["draft"], "drop"),
    ):  # fmt: skip
        pages[address] = client.get(address)
    pages["record"] = client.post(step_url(posts["approved"], "post"), {"posted_time": "x"})
    client.force_login(cast.head)
    pages["approve"] = client.get(step_url(posts["awaiting"], "approve"))
    address = f"/desk/accounts/{approving.pk}/posts/keys/"
    keys.make(approving, cast.head, name="予約投稿", expires_on=OPEN.date())
    given = {"name": "分析", "expires_on": "2027-01-31"}
    pages |= {"keys": client.get(address), "made": client.post(address, given)}

    assert {name: page.status_code for name, page in pages.items() if page.status_code >= 500} == {}
    html = {name: page.content.decode() for name, page in pages.items()}
    assert html_checker.errors(html) == []
