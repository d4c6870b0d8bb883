"""合議, 3(1): what the departments that share an account answer before the head sets its policy."""

from __future__ import annotations

from policies import conditions, effects, notices
from policies.models import Consultation, OperatingPolicy
from shinshiro_sns.steps import Step
from shinshiro_sns.workflow import Workflow
from staff.models import User

Answer = Consultation.State


def _awaits_review(consultation: Consultation, by: User) -> bool:
    # Not by who answered for the head, should he be head by now.
    return consultation.awaits_review and consultation.answered_by_id != by.pk


CONSULTATION_STEPS = (
    *(
        Step(
            name, label, (Answer.ASKED,), target, permission, "3(1)",
            unmet=condition, effect=effects.answered,
            notices=(notices.answered, *((notices.answered_for_head,) if for_head else ())),
            note_label="意見", note_required=target is Answer.OBJECTED or for_head, tone=tone,
            offered=lambda consultation, by: consultation.is_needed,
        )
        for for_head, permission, condition in (
            (False, "policies.answer_consultation", lambda obj, by: []),
            (True, "policies.answer_for_head_consultation", conditions.head_absent),
        )
        for name, label, target, tone in (
            ("agree" + "_for_head" * for_head, "代決して同意する" if for_head else "同意する",
             Answer.AGREED, "primary"),
            ("object" + "_for_head" * for_head,
             "代決して異議を述べる" if for_head else "異議を述べる", Answer.OBJECTED, "secondary"),
        )
    ),
    Step(
        "review", "後閲する", (Answer.AGREED, Answer.OBJECTED), None,
        "policies.review_consultation", "3(1)",
        offered=_awaits_review, effect=effects.reviewed, note_label="所見", tone="primary",
        explanation="不在の間に代決された合議の回答を確かめたことを記録します。",
    ),
)  # fmt: skip


def _lock_policy(consultation: Consultation) -> None:
    # The head's step reads the answers under this lock, so none changes while it is taken.
    OperatingPolicy.objects.select_for_update(of=("self",)).get(pk=consultation.policy_id)


consultation_workflow = Workflow(Consultation, CONSULTATION_STEPS, lock_first=_lock_policy)
