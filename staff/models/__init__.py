"""Who there is, what a transfer of staff changed, who was reminded of what, what was erased."""

from staff.models.erasures import Erasure
from staff.models.people import (
    Absence,
    AbsenceQuerySet,
    Department,
    DepartmentQuerySet,
    Membership,
    MembershipQuerySet,
    User,
    UserManager,
    UserQuerySet,
    valid_on,
)
from staff.models.reminders import Reminder
from staff.models.transfers import Transfer, TransferredDepartment, TransferredMembership

__all__ = [
    "Absence",
    "AbsenceQuerySet",
    "Department",
    "DepartmentQuerySet",
    "Erasure",
    "Membership",
    "MembershipQuerySet",
    "Reminder",
    "Transfer",
    "TransferredDepartment",
    "TransferredMembership",
    "User",
    "UserManager",
    "UserQuerySet",
    "valid_on",
]
