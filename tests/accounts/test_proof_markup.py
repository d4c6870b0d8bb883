"""The pages of certification and links are right by the W3C's checker, for everyone who gets them."""

import pytest
from django.utils import timezone

from tests import factories, html_checker

pytestmark = pytest.mark.once


def test_the_pages_of_certification_and_links(cast, client):
    today = timezone.localdate()
    bare = factories.account(cast.tourism)
    full = factories.account(cast.tourism, status="official", official_since=today)
    evidence = factories.evidence(full, cast.officer)
    factories.certification(full, "certified", dated_on=today, evidence=evidence)
    for way, outcome in (("hand", "linked"), ("automatic", "missing")):
        factories.link_check(
            full, outcome, way=way, detail="詳しい結果", checked_by=cast.officer, evidence=evidence
        )
    pages = {}
    for person in (cast.officer, cast.pr_officer, cast.auditor):
        client.force_login(person)
        for account in (bare, full):
            at = f"/desk/accounts/{account.pk}"
            for address in (f"{at}/certification/", f"{at}/links/"):
                pages[f"{person} {address}"] = client.get(address)
    client.force_login(cast.officer)
    at = f"/desk/accounts/{bare.pk}"
    for step in ("certify", "rule_out", "note_badge"):
        pages[step] = client.get(f"{at}/certification/{step}/")
    pages["wrong step"] = client.post(f"{at}/certification/certify/", {})
    pages["stale step"] = client.post(
        f"{at}/certification/apply/", {"revision": 9, "dated_on": today.isoformat()}
    )
    pages["wrong look"] = client.post(f"{at}/links/", {"outcome": "linked"})
    pages["public"] = client.get(full.get_absolute_url())

    assert {page.status_code for page in pages.values()} == {200, 409, 422}
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []
