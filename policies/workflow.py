"""The way of an operating policy, 3(2): drafted, agreed, set by the head and so reported, received.

The table below is the process; what a step waits for stands in `conditions`, what it brings about
in `effects`, who is told in `notices`.
"""

from __future__ import annotations

from policies import conditions, effects, notices
from policies.models import OperatingPolicy
from shinshiro_sns.steps import Step
from shinshiro_sns.workflow import Workflow
from staff.models import User

State = OperatingPolicy.State


def _submitted_first(policy: OperatingPolicy, by: User) -> bool:
    return policy.submitted_by_id == by.pk and not policy.returns.exists()


def _submitted_again(policy: OperatingPolicy, by: User) -> bool:
    return policy.submitted_by_id == by.pk and policy.returns.exists()


def _may_take_on(policy: OperatingPolicy, by: User) -> bool:
    return policy.assignee_id != by.pk and by.pk not in conditions.reporter(policy)


def _is_reporter(policy: OperatingPolicy, by: User) -> bool:
    return policy.set_by_id == by.pk


def _awaits_review(policy: OperatingPolicy, by: User) -> bool:
    # Not by who acted for the head, should he be head by now.
    return policy.set_for_head and policy.reviewed_at is None and policy.set_by_id != by.pk


RECALL = "提出を取り消して、内容を直せるようにします。次の人が処理するまでの間だけできます。"

STEPS = (
    Step(
        "submit", "所属長に提出する", (State.DRAFT, State.RETURNED), State.WITH_HEAD,
        "policies.submit_operatingpolicy", "3(2)",
        unmet=conditions.complete, effect=effects.submitted, notices=(notices.submitted,),
        note_label="所属の長への連絡", tone="primary",
        explanation="所属の長に確認を依頼します。共同利用のアカウントは、先に合議先の所属が回答します。",
    ),
    Step(
        "recall", "引き戻す", (State.WITH_HEAD,), State.DRAFT,
        "policies.recall_operatingpolicy", "3(2)",
        unmet=conditions.nobody_answered, offered=_submitted_first,
        effect=effects.unsubmitted, notices=(notices.recalled,), explanation=RECALL,
    ),
    Step(
        "recall_again", "引き戻す", (State.WITH_HEAD,), State.RETURNED,
        "policies.recall_operatingpolicy", "3(2)",
        unmet=conditions.nobody_answered, offered=_submitted_again,
        effect=effects.unsubmitted, notices=(notices.recalled,), explanation=RECALL,
    ),
    Step(
        "set", "決定して広報主管課に報告する", (State.WITH_HEAD,), State.REPORTED,
        "policies.set_operatingpolicy", "3(2)",
        unmet=lambda policy, by: [
            *conditions.complete(policy, by), *conditions.agreed(policy, by)
        ],
        effect=effects.was_set, notices=(notices.reported,), note_label="広報主管課への連絡",
        tone="primary",
        explanation="所属の長として運用ポリシーを定めます。同時に、広報主管課へ報告されます。",
    ),
    Step(
        "set_for_head", "代決して広報主管課に報告する", (State.WITH_HEAD,), State.REPORTED,
        "policies.set_for_head_operatingpolicy", "3(2)",
        unmet=lambda policy, by: [
            *conditions.head_absent(policy, by), *conditions.complete(policy, by),
            *conditions.agreed(policy, by),
        ],
        effect=effects.was_set, notices=(notices.reported, notices.set_for_head),
        note_label="代決する理由", note_required=True, tone="primary",
        explanation="所属の長の不在のため、代わりに決定します。所属の長が後で確かめます(後閲)。",
    ),
    Step(
        "return_to_officer", "担当者に差し戻す", (State.WITH_HEAD,), State.RETURNED,
        "policies.return_to_officer_operatingpolicy", "3(2)",
        effect=effects.returned, notices=(notices.returned,), note_label="差し戻す理由の説明",
        explanation="直してほしいところを示して、担当者に戻します。",
    ),
    Step(
        "return_for_head", "代決して担当者に差し戻す", (State.WITH_HEAD,), State.RETURNED,
        "policies.return_for_head_operatingpolicy", "3(2)",
        unmet=conditions.head_absent, effect=effects.returned, notices=(notices.returned,),
        note_label="差し戻す理由の説明",
        explanation="所属の長の不在のため、代わりに担当者に戻します。",
    ),
    Step(
        "recall_report", "報告を引き戻す", (State.REPORTED,), State.WITH_HEAD,
        "policies.recall_report_operatingpolicy", "3(2)",
        offered=_is_reporter, effect=effects.unset, notices=(notices.report_recalled,),
        explanation="報告を取り消して、所属長確認中に戻します。広報主管課が処理するまでの間だけできます。",
    ),
    Step(
        "receive", "受理する", (State.REPORTED,), State.IN_FORCE,
        "policies.receive_operatingpolicy", "3(2)",
        unmet=lambda policy, by: [
            *conditions.another_person(policy, by), *conditions.complete(policy, by)
        ],
        effect=effects.received, notices=(notices.received,), note_label="所属への連絡",
        tone="primary",
        explanation="運用ポリシーを施行します。最初の版なら、公式アカウントとして公開します。",
    ),
    Step(
        "return", "所属に差し戻す", (State.REPORTED,), State.RETURNED,
        "policies.return_operatingpolicy", "3(2)",
        effect=effects.returned, notices=(notices.returned,), note_label="差し戻す理由の説明",
        explanation="直してほしいところを示して、所属に戻します。理由は一度に複数選べます。",
    ),
    Step(
        "assign", "担当になる", (State.REPORTED,), None,
        "policies.assign_operatingpolicy", "3(2)",
        offered=_may_take_on, effect=effects.assigned,
        explanation="この報告を確かめる担当になります。ほかの人の未処理の一覧には出なくなります。",
    ),
    Step(
        "unassign", "未割当に戻す", (State.REPORTED,), None,
        "policies.assign_operatingpolicy", "3(2)",
        offered=lambda policy, by: policy.assignee_id is not None, effect=effects.unassigned,
        explanation="担当を外して、広報主管課の全員の一覧に戻します。",
    ),
    Step(
        "review", "後閲する", (State.REPORTED, State.IN_FORCE, State.SUPERSEDED), None,
        "policies.review_operatingpolicy", "3(2)",
        offered=_awaits_review, effect=effects.reviewed, note_label="所見", tone="primary",
        explanation="不在の間に代決された内容を確かめたことを記録します。",
    ),
    Step(
        "withdraw", "取り下げる", OperatingPolicy.OPEN_STATES, State.WITHDRAWN,
        "policies.withdraw_operatingpolicy", "3(2)",
        effect=effects.withdrawn, notices=(notices.withdrawn,),
        note_label="取り下げる理由", note_required=True, tone="danger",
        explanation="この版の手続きをやめます。施行中の版があれば、そのまま続きます。",
    ),
    Step(
        "supersede", "旧版にする", (State.IN_FORCE,), State.SUPERSEDED, "", "3(2)",
    ),
)  # fmt: skip

policy_workflow = Workflow(OperatingPolicy, STEPS)
