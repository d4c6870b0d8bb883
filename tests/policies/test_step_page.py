"""The page of a step: what is asked there, and what one can still do after a refusal."""

import pytest
from django.urls import reverse

from policies.models import OperatingPolicy
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_return_refused_for_want_of_a_reason_can_be_sent_again_from_the_same_page(cast, client):
    on = factories.account(cast.tourism)
    policy = factories.policy(on, cast.officer, OperatingPolicy.State.WITH_HEAD)
    client.force_login(cast.head)
    address = reverse("policies:step", args=[policy.pk, "return_to_officer"])

    refused = client.post(address, {"revision": policy.revision})

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "差し戻す理由を選ぶか、説明を入力してください。" in page
    assert (
        '<button class="button button--secondary" type="submit">担当者に差し戻す</button>' in page
    )


def test_a_step_taken_is_said_in_words_of_its_own(cast, client):
    on = factories.account(cast.tourism)
    policy = factories.policy(on, cast.officer, OperatingPolicy.State.WITH_HEAD)
    client.force_login(cast.head)
    address = reverse("policies:step", args=[policy.pk, "set"])

    answer = client.post(address, {"revision": policy.revision}, follow=True)

    assert [str(said) for said in answer.context["messages"]] == [
        "決定して広報主管課に報告しました。"
    ]


def test_who_reads_every_account_is_told_so(cast, client):
    leads = {}
    for person in (cast.officer, cast.pr_officer, cast.auditor):
        client.force_login(person)
        leads[person] = client.get("/desk/accounts/").content.decode()

    assert [person for person in leads if "市のすべてのアカウントです。" in leads[person]] == [
        cast.pr_officer, cast.auditor,
    ]  # fmt: skip
