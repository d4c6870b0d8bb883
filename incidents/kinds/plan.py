"""What a kind of incident is declared with: words, and its steps in their order."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Who(models.TextChoices):
    """Whose a step is. Each has its permission, see `incidents.workflow`."""

    OFFICER = "officer", "担当者"
    HEAD = "head", "所属の長"
    PR = "pr", "広報主管課"
    SECOND = "second", "広報主管課の別の職員"


@dataclass(frozen=True)
class PlannedStep:
    """手順: one line of a kind's plan, copied into a row when an incident opens.

    `deadline` names a line of `incidents.deadlines`; without one there is no clock. `evidence` says
    what to keep as proof, `text` names the text to start from. `posts` marks what is posted with the
    account. `not_by` names the step whose doer may not do this one too, where `who` is SECOND.
    """

    key: str
    label: str
    explanation: str
    who: Who = Who.OFFICER
    clause: str = ""
    required: bool = True
    deadline: str = ""
    evidence: str = ""
    text: str = ""
    posts: bool = False
    not_by: str = ""


@dataclass(frozen=True)
class Kind:
    """種類: one kind of incident. `hint` helps where one hesitates between two; `first` is what is
    said at the top of the page, before any step."""

    key: str
    label: str
    clause: str
    hint: str
    first: str
    steps: tuple[PlannedStep, ...]
    # Whether it may happen on another service than the account's: of a fake, or without an account.
    elsewhere: bool = False
    # Texts that start something beside the steps: key and what it is for.
    texts: tuple[tuple[str, str], ...] = ()
    learnt_hint: str = "なぜ起きたか、次にどうするかを書きます。"


def prevention(clause: str = "5") -> PlannedStep:
    """再発防止, with which every kind ends."""
    return PlannedStep(
        "prevention", "再発防止を決める",
        "なぜ起きたか、同じことを防ぐために何を変えるかを、所属で話し合って書きます。運用ポリシーや確認の手順を変えるときは、それも書きます。",
        Who.HEAD, clause, deadline="prevention",
    )  # fmt: skip
