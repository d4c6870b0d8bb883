"""The demonstration has something to show on every page of a post: issue 4."""

from __future__ import annotations

import pytest
import time_machine

from policies.demonstration import seeding
from postings.models import Emergency, Inquiry, Post, Supervision
from shinshiro_sns.duties import rows_for
from staff.demonstration import logins
from staff.models import User


@pytest.mark.django_db
def test_it_has_a_post_in_every_state_and_one_to_approve_for_who_can_log_in() -> None:
    with time_machine.travel("2026-11-23 09:00:00+09:00", tick=False):
        seeding.seed()
        states = set(Post.objects.values_list("state", flat=True))
        assert states == set(Post.State.values)
        assert Post.objects.excepted().exists()
        assert [model.objects.exists() for model in (Inquiry, Emergency, Supervision)] == [True] * 3
        [waiting] = Post.objects.awaiting_approval()
        people = User.objects.filter(email__in=[login.email for login in logins()])
        assert any(waiting in rows_for(person, "approve_post") for person in people)
