"""Whose it is to approve an erasure of personal data, 4(3)."""

from shinshiro_sns.duties import piles, rows_for
from staff import erasing
from tests.staff.test_erasure import gone, log  # noqa: F401  (each erasure is written down)


def open_for(person):
    return list(rows_for(person, "erasure"))


def test_another_person_finds_it_among_his_duties_until_it_is_settled(cast):
    gone(cast.tourism)
    assert open_for(cast.pr_officer) == []
    erasure = erasing.propose(cast.administrator)

    assert open_for(cast.pr_officer) == [erasure]
    assert open_for(cast.pr_second) == [erasure]
    # Nobody approves what he proposed, and others have nothing to approve.
    for person in (cast.administrator, cast.officer, cast.auditor, cast.head):
        assert open_for(person) == []
    [task] = [pile.tasks[0] for pile in piles(cast.pr_officer) if pile.duty.name == "erasure"]
    assert task.label == f"情報 管理さんの起案、{erasure.total}件"

    erasing.withdraw(erasure, cast.administrator)
    assert open_for(cast.pr_officer) == []
    again = erasing.propose(cast.administrator)
    erasing.approve(again, cast.pr_officer, again.total)
    assert open_for(cast.pr_second) == []
