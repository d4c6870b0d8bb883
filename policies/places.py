"""Where a person works on a filing: on the department's desk, or in the PR division's admin."""

from __future__ import annotations

from django.urls import reverse

from policies.conditions import reporter
from policies.models import OperatingPolicy
from staff import authority
from staff.models import User


def case(policy: OperatingPolicy) -> str:
    """The address of the report's page in the admin, where the PR division decides on it."""
    return reverse("admin:policies_operatingpolicy_change", args=[policy.pk])


def workplace(user: User, policy: OperatingPolicy) -> str:
    """The address at which `user` works on `policy`.

    The PR division's is the admin; but what its own department manages or shares is on its desk,
    but for a report that `user` could receive.
    """
    if not authority.reach(user, "policies.receive_operatingpolicy").everywhere:
        return policy.get_absolute_url()
    if policy.state == OperatingPolicy.State.REPORTED and user.pk not in reporter(policy):
        return case(policy)
    seen = authority.reach(user, "policies.view_operatingpolicy")
    is_own = seen.own & policy.scope_department_ids or seen.shared & policy.shared_department_ids
    return policy.get_absolute_url() if is_own else case(policy)
