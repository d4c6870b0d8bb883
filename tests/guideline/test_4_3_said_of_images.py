"""Clause 4(3): who posts an image says by what right, and that whoever it shows agreed."""

from __future__ import annotations

import pytest

from accounts.models import Account
from postings.checking import Image, ImageKind
from postings.models import Portrait, Rights
from postings.workflow import post_workflow
from shinshiro_sns.steps import StepNotMet
from tests import factories
from tests.postings import making

PHOTO = (Image(ImageKind.PHOTO, 1, True),)


@pytest.fixture
def account(cast) -> Account:
    """An official account."""
    policy = factories.policy(
        factories.account(cast.tourism), cast.officer, "in_force",
        head=cast.head, receiver=cast.pr_officer,
    )  # fmt: skip
    return Account.objects.get(pk=policy.account_id)


def test_a_photograph_waits_for_both_statements(account, cast):
    post = making.post(account, cast.officer, images=PHOTO)

    with pytest.raises(StepNotMet) as refused:
        post_workflow.take(post, "ready", by=cast.officer)

    assert [(unmet.clause, unmet.place) for unmet in refused.value.reasons] == [
        ("4(3)", "rights"), ("4(3)", "portrait"),
    ]  # fmt: skip


@pytest.mark.parametrize("rights", Rights.values)
@pytest.mark.parametrize("portrait", Portrait.values)
def test_what_was_stated_stays_with_the_post(account, cast, rights, portrait):
    post = making.post(
        account, cast.officer, "posted", images=PHOTO, rights=rights, portrait=portrait,
        rights_note="観光協会の了承",
    )  # fmt: skip

    assert (post.rights, post.portrait, post.rights_note) == (rights, portrait, "観光協会の了承")
    assert post.images == [{"kind": "photo", "count": 1, "described": True}]
