"""What an audit asks of the register: each question declared once by its app, answered by accounts.

A question finds what is wrong whoever could mend it; what somebody is to do is a `Duty`. The PR
division's overview and the table of clauses read `QUESTIONS`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Question:
    """One question: `rows` gives the accounts of which it is true on a day.

    Where it has a `permission`, only who holds that for the whole city is shown the answer.
    """

    name: str
    clause: str
    title: str
    explanation: str
    rows: Callable[[datetime.date], QuerySet[Any]]
    permission: str = ""


QUESTIONS: list[Question] = []


def ask(questions: Iterable[Question]) -> None:
    """Add an app's questions, once, when the app is ready."""
    known = {question.name for question in QUESTIONS}
    QUESTIONS.extend(question for question in questions if question.name not in known)
