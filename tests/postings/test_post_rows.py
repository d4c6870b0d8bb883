"""What can never stand in a row about posts, whoever writes it: on both databases."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from postings.models import Post, ToolKey, WorkingCopy
from tests.postings import making
from tests.postings.conftest import OPEN

DAY = datetime.timedelta(days=1)
ANSWER = {"allowed": True, "answer": "発信できます。", "answered_for": OPEN}


def row(account, cast, **fields):
    checked = {"checked_by": cast.officer, "checked_at": OPEN, **ANSWER}
    begun = {"account": account, "text": "本日開館", "created_by": cast.officer,
             "edited_by": cast.officer}  # fmt: skip
    return Post(
        **{**begun, **(checked if fields.get("state", "draft") != "draft" else {}), **fields}
    )


POSTED = {
    "state": "posted",
    "posted_at": OPEN,
    "recorded_at": OPEN,
    "urls": "https://x.com/a/status/1",
}


@pytest.mark.parametrize(
    ("name", "fields", "people"),
    [
        ("post_says_something", {"text": ""}, ()),
        ("post_checked_by_whom", {"checked_at": OPEN}, ()),
        ("post_goes_on_only_once_checked",
         {"state": "checked", "checked_by": None, "checked_at": None}, ()),
        ("post_answer_says_of_when", {"allowed": True}, ()),
        ("post_ground_has_a_reason", {"ground": "disaster"}, ()),
        ("post_ground_is_known", {"ground": "whim", "ground_reason": "気分"}, ()),
        ("post_outside_its_hours_has_a_ground", {"state": "checked", "allowed": False}, ()),
        ("post_approval_asked_by_whom", {"asked_at": OPEN}, ()),
        ("post_awaits_approval_only_once_asked", {"state": "awaiting"}, ()),
        ("post_approved_by_whom",
         {"state": "approved", "approved_at": OPEN, "asked_at": OPEN}, ("asked_by",)),
        ("post_approval_ends_with_its_text",
         {"approved_at": OPEN, "asked_at": OPEN}, ("asked_by", "approved_by")),
        ("post_approved_only_by_somebody", {"state": "approved", "asked_at": OPEN}, ("asked_by",)),
        ("post_goes_out_approved_where_asked_for", {"state": "checked", "needs_approval": True}, ()),
        ("post_recorded_by_whom", {**POSTED}, ()),
        ("post_gone_out_at_a_time", {"state": "posted", "urls": "u"}, ()),
        ("post_recorded_once_it_went_out", {**POSTED, "posted_at": OPEN + DAY}, ("posted_by",)),
        ("post_has_an_address_or_a_reason", {**POSTED, "urls": ""}, ("posted_by",)),
        ("post_has_an_address_or_a_reason", {**POSTED, "no_url_reason": "配信"}, ("posted_by",)),
    ],
)  # fmt: skip
def test_a_post_that_contradicts_itself_cannot_be_kept(account, cast, name, fields, people):
    broken = row(account, cast, **fields)
    for person in people:
        setattr(broken, person, cast.head if person == "approved_by" else cast.colleague)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        broken.save()


@pytest.mark.parametrize("author", ["created_by", "edited_by", "asked_by"])
def test_no_author_stands_as_the_one_who_approved(account, cast, author):
    broken = row(
        account, cast, state="approved", asked_by=cast.officer, asked_at=OPEN,
        approved_by=cast.head, approved_at=OPEN, needs_approval=True,
    )  # fmt: skip
    setattr(broken, author, cast.head)

    with (
        pytest.raises(IntegrityError, match="post_not_approved_by_its_author"),
        transaction.atomic(),
    ):
        broken.save()


def test_each_form_makes_one_post(account, cast):
    first = making.post(account, cast.officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        row(account, cast, key=first.key).save()


def test_a_person_has_one_working_copy_of_a_post(account, cast):
    about = {"account": account, "key": uuid.uuid4()}
    WorkingCopy.objects.create(person=cast.officer, **about)
    WorkingCopy.objects.create(person=cast.colleague, **about)

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCopy.objects.create(person=cast.officer, **about)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("toolkey_revoked_by_whom", {"revoked_at": OPEN + DAY}),
        ("toolkey_revoked_after_it_was_made", {"revoked_at": OPEN - DAY, "revoked_by": "head"}),
        ("toolkey_is_recognised", {"digest": ""}),
    ],
)
def test_a_key_that_contradicts_itself_cannot_be_kept(account, cast, name, fields):
    revoked = {"revoked_by": cast.head} if "revoked_by" in fields else {}
    given = {"account": account, "name": "予約投稿", "begins_with": "sns_", "digest": "0" * 64,
             "expires_on": timezone.localdate(), "made_by": cast.head}  # fmt: skip

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ToolKey.objects.create(**given | fields | revoked)
