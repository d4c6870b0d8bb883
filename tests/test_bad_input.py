"""What nobody sends by mistake: refused with a page, never with an error of the server."""

import time

import pytest
from django.urls import reverse

from policies.models import OperatingPolicy
from shinshiro_sns.templatetags.portal import compare
from tests import factories

HUGE = "9" * 5000  # more digits than Python makes a number of


@pytest.mark.parametrize(
    ("list_of", "narrowing"),
    [
        ("accounts_account", "status__exact"),
        ("accounts_account", "q"),
        ("staff_user", "email"),
        ("staff_membership", "role__exact"),
        ("shinshiro_sns_outgoingmail", "state__exact"),
        ("policies_operatingpolicy", "department"),
    ],
)
def test_a_list_is_asked_for_what_no_database_can_hold_and_answers(
    cast, client, list_of, narrowing
):
    client.force_login(cast.administrator)

    asked = client.get(reverse(f"admin:{list_of}_changelist"), {narrowing: "\0"})

    assert asked.status_code == 200


@pytest.mark.parametrize("number", [HUGE, "9" * 30, "1", "\0", "-1"])
def test_a_report_that_there_is_not_is_not_found(cast, client, number):
    client.force_login(cast.pr_officer)

    asked = client.get(reverse("admin:policies_operatingpolicy_change", args=[number]))

    assert asked.status_code == 404


@pytest.mark.parametrize("revision", [HUGE, "", "１", "\0", "-1"])
def test_a_confirmation_with_a_revision_that_is_none_is_refused(cast, client, revision):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "reported", head=cast.head
    )
    client.force_login(cast.pr_officer)
    act = reverse("admin:policies_operatingpolicy_act", args=["receive"])

    answer = client.post(act, {"row": [f"{policy.pk}:{revision}"]})

    assert answer.status_code == 400
    policy.refresh_from_db()
    assert policy.state == OperatingPolicy.State.REPORTED


@pytest.mark.parametrize(
    ("before", "after"), [("!" * 3000, "!?" * 1500), ("!?。" * 1000, "。!?*" * 750)]
)
def test_a_text_of_one_sign_repeated_keeps_nobody_waiting(before, after):
    began = time.process_time()

    marked = compare(before, after)

    assert (marked.before, marked.after) == (f"<del>{before}</del>", f"<ins>{after}</ins>")
    assert time.process_time() - began < 2
