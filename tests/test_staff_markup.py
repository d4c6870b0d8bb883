"""The pages behind the log-in are right by the W3C's checker too, for everyone who gets them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import OperatingPolicy
from policies.workflow import policy_workflow
from tests import factories, html_checker

pytestmark = pytest.mark.once

State = OperatingPolicy.State
ADMIN_LISTS = (
    "staff_department", "staff_user", "staff_membership", "accounts_account",
    "policies_operatingpolicy", "policies_guidelineversion", "shinshiro_sns_outgoingmail",
)  # fmt: skip


def test_the_pages_of_the_desk(cast, client):
    account = factories.account(cast.tourism)
    returned = factories.policy(
        account, cast.officer, State.RETURNED, head=cast.head, receiver=cast.pr_officer,
        partners=(cast.safety,),
    )  # fmt: skip
    lacking = factories.draft(factories.account(cast.tourism, name=""), cast.officer, purpose="")
    waiting = factories.draft(
        factories.account(cast.tourism), cast.officer, partners=(cast.safety,)
    )
    policy_workflow.take(waiting, "submit", by=cast.officer)
    asked = waiting.consultations.get()
    for days in (0, 1):
        factories.absence(cast.tourism, cast.head, days)
    sections = [
        reverse("policies:section", args=[lacking.pk, key])
        for key in ("account", "people", "shared", "registration", "purpose", "operation",
                    "personal")
    ]  # fmt: skip
    read = [
        "/desk/", "/desk/duties/finish/", "/desk/accounts/", "/desk/accounts/new/",
        "/desk/absences/",
        reverse("policies:account", args=[account.pk]),
        *(policy.get_absolute_url() for policy in (returned, lacking, waiting)),
        reverse("policies:check", args=[lacking.pk]),
        reverse("policies:check", args=[returned.pk]),
        *sections,
        reverse("policies:step", args=[returned.pk, "submit"]),
        reverse("policies:step", args=[returned.pk, "withdraw"]),
    ]  # fmt: skip
    pages = {}
    client.force_login(cast.officer)
    for address in read:
        pages[address] = client.get(address)
    for address in ("/desk/accounts/new/", "/desk/absences/", sections[5]):
        pages[f"POST {address}"] = client.post(address, {"hours-0-from": "x"})
    clash = {"seen": "", "purpose": "別の目的", "content": "別の内容"}
    pages["clash"] = client.post(reverse("policies:section", args=[returned.pk, "purpose"]), clash)
    client.force_login(cast.head)
    for step in ("set", "return_to_officer"):
        address = reverse("policies:step", args=[waiting.pk, step])
        pages[f"head {address}"] = client.get(address)
    pages["head's desk"] = client.get("/desk/")
    client.force_login(cast.partner_head)
    pages["consultation"] = client.get(
        reverse("policies:consultation_step", args=[asked.pk, "object"])
    )
    pages["consulted"] = client.get(waiting.get_absolute_url())

    assert {page.status_code for page in pages.values()} == {200, 422, 409}
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []


def test_the_pages_of_standing_and_attestation(cast, client):
    account = factories.official(cast.tourism)
    closed = factories.official(cast.tourism)
    factories.absence(cast.tourism, cast.head)
    factories.stood(closed, "close_for_head", cast.deputy, handle_fate="deleted")
    told = closed.notices.get()
    base, at_end = (f"/desk/accounts/{row.pk}/" for row in (account, closed))
    close = f"{base}standing/close/"
    today = timezone.localdate().isoformat()
    said = {"effective_on": today, "note": "理由", "public_reason": "理由", "revision": 0}
    answers = said | {
        "handle_fate": "guarded",
        "handle_reason": "理由",
        "credentials_settled": "on",
    }
    pages = {}
    client.force_login(cast.head)
    for address in (
        f"{base}standing/", f"{at_end}standing/", close, f"{base}standing/suspend/",
        f"{at_end}standing/deletion/", f"{at_end}standing/notices/{told.pk}/announcement/",
        f"{at_end}standing/notices/{told.pk}/correction/",
        f"{base}attestation/", f"{at_end}attestation/", "/desk/attestations/",
    ):  # fmt: skip
        pages[address] = client.get(address)
    pages["questions"] = client.post(close, said)
    pages["answers"] = client.post(close, answers | {"to": "check"})
    shown = pages["answers"].context["form"].data.dict()
    factories.stood(account, "suspend", cast.pr_officer)
    pages["overtaken"] = client.post(close, shown | {"to": "take"})
    pages["attestation"] = client.post(f"{base}attestation/", {"last_post_on": "2100-01-01"})
    row = f"account-{factories.official(cast.tourism).pk}-last_post_on"
    pages["attestations"] = client.post("/desk/attestations/", {row: "2100-01-01"})

    assert {page.status_code for page in pages.values()} == {200, 422, 409}
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []


def test_the_pages_of_the_admin(cast, client):
    account = factories.account(cast.tourism)
    reported = factories.policy(account, cast.officer, State.REPORTED, head=cast.head)
    pages = {}
    client.force_login(cast.pr_officer)
    for address in (
        "/admin/", reverse("admin:policies_operatingpolicy_changelist"),
        reverse("admin:policies_operatingpolicy_change", args=[reported.pk]),
        reverse("policies:step", args=[reported.pk, "receive"]),
        reverse("policies:step", args=[reported.pk, "return"]),
        "/admin/overview/", "/admin/overview/clauses/", "/admin/overview/duties/receive/",
        "/admin/overview/duties/draft/", "/admin/overview/questions/without_policy/",
        reverse("admin:accounts_account_change", args=[account.pk]),
    ):  # fmt: skip
        pages[f"pr {address}"] = client.get(address)
    client.force_login(cast.administrator)
    for address in (
        "/admin/", *(reverse(f"admin:{name}_changelist") for name in ADMIN_LISTS),
        reverse("admin:staff_user_add"), reverse("admin:staff_membership_add"),
        reverse("admin:staff_department_add"),
        reverse("admin:staff_user_change", args=[cast.officer.pk]),
        reverse("admin:staff_user_history", args=[cast.officer.pk]),
        reverse("admin:staff_department_change", args=[cast.tourism.pk]),
        reverse("admin:accounts_account_change", args=[account.pk]),
        reverse("admin:accounts_account_history", args=[account.pk]),
        reverse("admin:accounts_account_import"),
    ):  # fmt: skip
        pages[address] = client.get(address)
    pages["POST"] = client.post(reverse("admin:staff_department_add"), {})

    assert {name: p.status_code for name, p in pages.items() if p.status_code != 200} == {}
    assert html_checker.errors({name: p.content.decode() for name, p in pages.items()}) == []
