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
    page = " ".join(refused.content.decode().split())
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


@pytest.mark.parametrize("revision", ["", "-1", "１", "x", "9" * 30, None])
def test_a_page_that_does_not_say_what_was_looked_at_is_out_of_date(cast, client, revision):
    on = factories.account(cast.tourism)
    policy = factories.policy(on, cast.officer, OperatingPolicy.State.WITH_HEAD)
    client.force_login(cast.head)
    address = reverse("policies:step", args=[policy.pk, "set"])

    answer = client.post(address, {} if revision is None else {"revision": revision})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "画面を開いた後に内容が変わりました。" in page
    assert "Revision" not in page
    policy.refresh_from_db()
    assert policy.state == OperatingPolicy.State.WITH_HEAD


def _lacking(cast, state, **more):
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, state, head=cast.head, **more
    )
    policy.purpose = ""
    policy.save()
    return policy


@pytest.mark.parametrize(
    ("state", "who", "step", "way"),
    [
        ("with_head", "head", "set", "担当者に差し戻してください。"),
        ("reported", "pr_officer", "receive", "所属に差し戻してください。"),
    ],
)
def test_what_cannot_be_mended_from_here_is_said_with_the_way_and_without_a_link(
    cast, client, state, who, step, way
):
    policy = _lacking(cast, state)
    client.force_login(getattr(cast, who))
    editor = reverse("policies:section", args=[policy.pk, "purpose"])
    pages = {
        "step": reverse("policies:step", args=[policy.pk, step]),
        "case": reverse("admin:policies_operatingpolicy_change", args=[policy.pk])
        if who == "pr_officer"
        else policy.get_absolute_url(),
    }

    shown = {name: client.get(address).content.decode() for name, address in pages.items()}

    assert {name: ("情報発信の目的を入力してください。" in page, way in page, editor in page)
            for name, page in shown.items()} == dict.fromkeys(pages, (True, True, False))  # fmt: skip


def test_who_may_only_read_a_draft_gets_no_link_to_the_form(cast, client):
    draft = factories.draft(factories.account(cast.tourism), cast.officer, purpose="")
    editor = reverse("policies:section", args=[draft.pk, "purpose"])
    links = {}
    for person in (cast.officer, cast.auditor):
        client.force_login(person)
        links[person] = editor in client.get(draft.get_absolute_url()).content.decode()

    assert links == {cast.officer: True, cast.auditor: False}
