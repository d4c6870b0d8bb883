"""Who may do what: the one table of roles, read top to bottom, judged by `staff.authority`.

A role comes from a membership that holds today, or from a mark on the user. A grant reaches as far
as its scope: OWN, what the person's department manages; SHARED, what it shares (3(1)); ALL, the city.
Objects say to whom they belong by `scope_department_ids` and, where shared, `shared_department_ids`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.Enum):
    """What a person can be."""

    OFFICER = "担当者"
    HEAD = "所属の長"
    DEPUTY = "代決者"
    PR_DIVISION = "広報主管課"
    AUDITOR = "監査"
    ADMINISTRATOR = "システム管理者"


class Scope(enum.Enum):
    """How far a grant reaches."""

    OWN = "自所属"
    SHARED = "共同で利用する所属"
    ALL = "全庁"


@dataclass(frozen=True)
class Grant:
    """One line of the table."""

    role: Role
    scope: Scope
    permissions: frozenset[str]


def _grant(role: Role, scope: Scope, *permissions: str) -> Grant:
    return Grant(role, scope, frozenset(permissions))


READ_REGISTER = (
    "accounts.view_account",
    "policies.view_operatingpolicy",
)
READ_LEDGERS = (
    "accounts.view_credentials",
    "accounts.view_evidence",
)
READ_STAFF = (
    "staff.view_department",
    "staff.view_user",
    "staff.view_membership",
    "staff.view_absence",
)
OFFICER_ACTS = (
    *READ_REGISTER,
    *READ_LEDGERS,
    "accounts.add_account",
    "accounts.add_credentialchange",
    "accounts.change_credentials",
    "accounts.change_certification",
    "accounts.add_linkcheck",
    "accounts.add_attestation",
    "accounts.add_evidence",
    "accounts.add_announcement",
    "accounts.confirm_handover",
    "policies.draft_operatingpolicy",
    "policies.submit_operatingpolicy",
    "policies.recall_operatingpolicy",
    "policies.withdraw_operatingpolicy",
    "postings.view_post",
    "postings.add_post",
    "postings.approve_post",
    "postings.view_toolkey",
    "postings.revoke_toolkey",
    "postings.view_emergency",
    "postings.view_supervision",
    "postings.answer_inquiry",
    "staff.view_absence",
    "staff.add_absence",
    "staff.cancel_absence",
)

# 5: whoever is of the department opens and works on its incidents; the steps say whose each is.
READ_INCIDENTS = (
    "incidents.view_incident",
    "incidents.view_incidentevidence",
)
WORK_ON_INCIDENTS = (
    *READ_INCIDENTS,
    "incidents.add_incident",
    "incidents.change_incident",
    "incidents.add_incidententry",
    "incidents.add_incidentevidence",
    "incidents.do_officer_incidentstep",
    "incidents.write_reply",
)
DECIDE_ON_INCIDENTS = (
    "incidents.waive_incidentstep",
    "incidents.end_incident",
    "incidents.reopen_incident",
    "incidents.cancel_incident",
    "incidents.view_original_incidentevidence",
)

TABLE: tuple[Grant, ...] = (
    _grant(Role.OFFICER, Scope.OWN, *OFFICER_ACTS, *WORK_ON_INCIDENTS),
    _grant(
        Role.OFFICER, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"
    ),
    _grant(
        Role.HEAD,
        Scope.OWN,
        *OFFICER_ACTS,
        *WORK_ON_INCIDENTS,
        *DECIDE_ON_INCIDENTS,
        "incidents.do_head_incidentstep",
        "incidents.approve_reply",
        "incidents.add_dutyroster",
        "incidents.change_dutyroster",
        "accounts.suspend_account",
        "accounts.resume_account",
        "accounts.close_account",
        "accounts.correct_notice",
        "policies.set_operatingpolicy",
        "policies.return_to_officer_operatingpolicy",
        "policies.recall_report_operatingpolicy",
        "policies.review_operatingpolicy",
        "policies.answer_consultation",
        "policies.review_consultation",
        "postings.add_toolkey",
        "postings.declare_emergency",
        "postings.review_emergency",
        "postings.add_inquiry",
        "postings.add_supervision",
        "postings.review_supervision",
    ),
    _grant(Role.HEAD, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"),
    _grant(
        Role.DEPUTY,
        Scope.OWN,
        *OFFICER_ACTS,
        *WORK_ON_INCIDENTS,
        # In a recorded absence of the head alone, as the steps say.
        "accounts.suspend_account_for_head",
        "accounts.resume_account_for_head",
        "accounts.close_account_for_head",
        "postings.declare_emergency_for_head",
        "postings.add_inquiry",
        "postings.add_supervision_for_head",
        "policies.set_for_head_operatingpolicy",
        "policies.return_for_head_operatingpolicy",
        "policies.recall_report_operatingpolicy",
        "policies.answer_for_head_consultation",
        "incidents.do_for_head_incidentstep",
        "incidents.approve_reply_for_head",
        "incidents.end_incident_for_head",
    ),
    _grant(
        Role.DEPUTY, Scope.SHARED, *READ_REGISTER, "accounts.view_evidence", "postings.view_post"
    ),
    _grant(
        Role.PR_DIVISION,
        Scope.ALL,
        *READ_REGISTER,
        *READ_LEDGERS,
        *READ_STAFF,
        "accounts.import_account",
        "accounts.export_account",
        "accounts.change_many_accounts",
        "accounts.add_linkcheck",
        "accounts.add_evidence",
        "accounts.suspend_account",
        "accounts.correct_notice",
        "publication.view_publisher",
        "publication.mend_publisher",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.view_erasure",
        "staff.approve_erasure",
        "policies.receive_operatingpolicy",
        "policies.return_operatingpolicy",
        "policies.assign_operatingpolicy",
        "policies.view_internalnote",
        "policies.add_internalnote",
        "policies.view_guidelineversion",
        *WORK_ON_INCIDENTS,
        *DECIDE_ON_INCIDENTS,
        "incidents.do_pr_incidentstep",
        "incidents.publish_fake",
        "incidents.view_reportedaccount",
        "incidents.triage_reportedaccount",
        "incidents.add_dutyroster",
        "incidents.change_dutyroster",
        "incidents.view_dutyroster",
        "incidents.add_contact",
        "incidents.change_contact",
        "incidents.view_contact",
        "incidents.add_incidenttext",
        "incidents.change_incidenttext",
        "incidents.view_incidenttext",
        "postings.add_listedword",
        "postings.change_listedword",
        "postings.view_listedword",
        "postings.view_post",
        "postings.view_toolkey",
        "postings.view_emergency",
        "postings.declare_emergency",
        "postings.view_supervision",
        "postings.add_supervisionprompt",
        "shinshiro_sns.add_closure",
        "shinshiro_sns.change_closure",
        "shinshiro_sns.view_closure",
        "shinshiro_sns.view_outgoingmail",
        "shinshiro_sns.resend_outgoingmail",
    ),
    _grant(
        Role.AUDITOR,
        Scope.ALL,
        *READ_REGISTER,
        *READ_LEDGERS,
        *READ_STAFF,
        *READ_INCIDENTS,
        "incidents.view_original_incidentevidence",
        "incidents.view_dutyroster",
        "incidents.view_contact",
        "incidents.view_incidenttext",
        "incidents.view_reportedaccount",
        "accounts.export_account",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.view_erasure",
        "policies.view_internalnote",
        "policies.view_guidelineversion",
        "postings.view_listedword",
        "postings.view_post",
        "postings.view_toolkey",
        "postings.view_emergency",
        "postings.view_supervision",
        "shinshiro_sns.view_closure",
        "shinshiro_sns.view_outgoingmail",
        "publication.view_publisher",
    ),
    _grant(
        Role.ADMINISTRATOR,
        Scope.ALL,
        *READ_REGISTER,
        *READ_STAFF,
        "staff.add_department",
        "staff.change_department",
        "staff.add_user",
        "staff.change_user",
        "staff.add_membership",
        "staff.change_membership",
        "staff.import_staff",
        "staff.view_duties",
        "staff.view_transfer",
        "staff.add_transfer",
        "staff.undo_transfer",
        "staff.view_erasure",
        "staff.propose_erasure",
        "staff.approve_erasure",
        "accounts.import_account",
        "accounts.export_account",
        "accounts.change_many_accounts",
        "policies.view_guidelineversion",
        "shinshiro_sns.view_outgoingmail",
        "shinshiro_sns.resend_outgoingmail",
        "publication.view_publisher",
        "publication.mend_publisher",
    ),
)
