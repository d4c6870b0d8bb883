"""The pages of a transfer and of a handover are right by the W3C's checker, for everyone who gets them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Access, Handover
from staff.models import Membership
from tests import factories, html_checker
from tests.staff.transfer_helpers import TODAY, bytes_of, row, transferred

pytestmark = pytest.mark.once
ADD = "/admin/staff/transfer/add/"


def test_the_pages_of_a_transfer_and_a_handover(cast, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    account = factories.account(cast.tourism)
    factories.policy(account, cast.officer, "in_force", head=cast.head, receiver=cast.pr_officer)
    Access.objects.create(account=account, person=cast.officer, kind="user")
    transfer = transferred(row(cast.stranger, "", "kanko"), day=TODAY, by=cast.administrator)
    client.force_login(cast.administrator)
    pages = {"list": client.get("/admin/staff/transfer/"), "upload": client.get(ADD)}
    pages["empty"] = client.post(ADD, {})
    for name, line in (
        ("preview", row(cast.officer, "kanko", "bosai")), ("wrong", row("x", "kanko", "bosai")),
    ):  # fmt: skip
        file = SimpleUploadedFile("異動.csv", bytes_of(line))
        sent = client.post(ADD, {"file": file, "effective_on": TODAY.isoformat()})
        pages[name] = client.get(sent["Location"])
    pages["miscounted"] = client.post(
        ADD,
        {
            "upload": pages["preview"].context["upload"], "effective_on": TODAY.isoformat(),
            "count": "9",
        },
    )  # fmt: skip
    own = f"/admin/staff/transfer/{transfer.pk}/"
    pages["result"] = client.get(f"{own}change/")
    pages["undo"] = client.get(f"{own}undo/")
    pages["not undone"] = client.post(f"{own}undo/", {"count": "9"})
    Membership.objects.filter(user=cast.stranger).update(role="deputy")
    pages["obstacles"] = client.get(f"{own}undo/")
    client.force_login(cast.stranger)
    handover = f"/desk/handovers/{Handover.objects.get().pk}/"
    pages["handovers"] = client.get("/desk/handovers/")
    pages["handover"] = client.get(handover)
    pages["not confirmed"] = client.post(handover)
    pages["confirmed"] = client.post(handover, {"read": "on"}, follow=True)

    assert {name: p.status_code for name, p in pages.items() if p.status_code != 200} == {
        "not confirmed": 422
    }
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []
