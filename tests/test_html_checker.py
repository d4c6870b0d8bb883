"""The checker the other tests trust: it passes what is right and names what is wrong."""

import pytest

from tests import html_checker

pytestmark = pytest.mark.once

GOOD = (
    '<!DOCTYPE html><html lang="ja"><head><title>公式アカウント</title></head>'
    "<body><p>本文</p></body></html>"
)
BAD = GOOD.replace("<p>本文</p>", "<p><div>本文</div></p>")


def test_every_page_is_judged_and_only_the_wrong_one_named():
    found = html_checker.errors({"list": GOOD, "detail": BAD, "notice": GOOD})

    assert [line.split(": ", 1)[0] for line in found] == ["detail:1"]
    assert "“p”" in found[0]
