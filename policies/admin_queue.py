"""The PR division's queue: its tabs, filters and search, quick on a hundred thousand rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, QueryDict

from accounts.models import Account
from accounts.services import SERVICES
from policies.models import OperatingPolicy, OperatingPolicyQuerySet, PolicyReturn
from policies.views.common import person
from policies.workflow import policy_workflow
from staff.models import Department, User

State = OperatingPolicy.State
OPEN_STATES = OperatingPolicy.OPEN_STATES
Rows = OperatingPolicyQuerySet
RELATED = ("account__department", "assignee")


@dataclass(frozen=True)
class Tab:
    """One part of the queue; `rows` narrows the list for the person who looks."""

    key: str
    label: str
    rows: Callable[[Rows, User], Rows]
    order: tuple[str, ...]
    empty: str

    @property
    def shows_state(self) -> bool:
        """Whether its rows stand in various states."""
        return self.key == "all"


def _waiting(rows: Rows, user: User) -> Rows:
    return rows.awaiting_receipt()


def _unassigned(rows: Rows, user: User) -> Rows:
    return _waiting(rows, user).unassigned()


def _mine(rows: Rows, user: User) -> Rows:
    return _waiting(rows, user).filter(assignee=user)


def _returned(rows: Rows, user: User) -> Rows:
    # The latest return says whose words the department is working on.
    returns = PolicyReturn.objects.filter(policy=OuterRef("pk")).order_by("-at", "-pk")
    by_us = returns.values("by_pr_division")[:1]
    return rows.alias(by_us=Subquery(by_us)).filter(by_us=True, state=State.RETURNED)


# What is done to several reports at once.
STEPS = tuple(policy_workflow.steps[name] for name in ("assign", "unassign", "receive", "return"))
LONGEST_FIRST = ("state_since", "pk")
TABS = (
    Tab("waiting", "受理待ち", _waiting, LONGEST_FIRST, "受理を待っている報告はありません。"),
    Tab("unassigned", "未割当", _unassigned, LONGEST_FIRST,
        "担当の決まっていない報告はありません。"),
    Tab("mine", "自分の担当", _mine, LONGEST_FIRST, "担当している報告はありません。"),
    Tab("returned", "差し戻したもの", _returned, LONGEST_FIRST,
        "差し戻して、再提出を待っているものはありません。"),
    Tab("in_force", "施行中", lambda rows, user: rows.in_force(),
        ("-state_since", "-pk"), "施行中の運用ポリシーはまだありません。"),
    Tab("all", "すべて", lambda rows, user: rows, ("-pk",), "運用ポリシーはまだありません。"),
)  # fmt: skip
BY_KEY = {tab.key: tab for tab in TABS}
PARAMETER = "list"
NARROWING = ("q", "department", "service")


def tab_of(request: HttpRequest) -> Tab:
    """The tab a request asks for; the whole queue where it asks for none."""
    return BY_KEY.get(request.GET.get(PARAMETER, ""), TABS[0])


def context(request: HttpRequest) -> dict[str, Any]:
    """What the queue's page knows beside Django's list."""
    user = person(request)
    tab, narrowed = tab_of(request), any(request.GET.get(name) for name in NARROWING)
    return {
        "title": "運用ポリシーの受付",
        "tab": tab,
        "narrowed": narrowed,
        "empty": "条件に合うものはありません。" if narrowed else tab.empty,
        "tabs": _tabs(request, user),
        "steps": [step for step in STEPS if user.has_perm(step.permission)],
    }


def _tabs(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The tabs as links that keep search and filters, with how many there are in the first four."""
    unassigned = OperatingPolicy.objects.awaiting_receipt().unassigned().order_by()
    counts = OperatingPolicy.objects.awaiting_receipt().aggregate(
        waiting=Count("pk"),
        unassigned=Count("pk", filter=Q(pk__in=unassigned.values("pk"))),
        mine=Count("pk", filter=Q(assignee=user)),
    )
    counts["returned"] = _returned(OperatingPolicy.objects.all(), user).count()
    rows = []
    for tab in TABS:
        if tab.rows is _mine and not user.has_perm("policies.assign_operatingpolicy"):
            continue
        query = QueryDict(mutable=True)
        for name in NARROWING:
            if request.GET.get(name):
                query[name] = request.GET[name]
        query[PARAMETER] = tab.key
        rows.append(
            {
                "label": tab.label,
                "url": f"?{query.urlencode()}",
                "current": tab is tab_of(request),
                "count": counts.get(tab.key),
            }
        )
    return rows


def searched(rows: Rows, term: str) -> Rows:
    """Rows whose account is found by every word of `term`, or whose own new name or URL has it."""
    text = term.strip()
    if not text:
        return rows
    accounts = Account.objects.search(text).values("pk")
    # Only what is on its way may be called otherwise than its account.
    newly_called = Q(name__icontains=text) | Q(url__icontains=text)
    return rows.filter(Q(account__in=accounts) | newly_called & Q(state__in=OPEN_STATES))


class TabFilter(admin.SimpleListFilter):
    """The tab as Django's admin knows it."""

    title = "表示"
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every tab."""
        return [(tab.key, tab.label) for tab in TABS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The tab's rows, for the person who looks."""
        return tab_of(request).rows(queryset, person(request))


class _Chosen(admin.SimpleListFilter):
    """One of a list; what is not on it narrows nothing."""

    path: str

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows of what was chosen."""
        if self.value() not in {str(key) for key, _ in self.lookup_choices}:
            return queryset
        return queryset.filter(**{self.path: self.value()})


class DepartmentFilter(_Chosen):
    """By the managing department."""

    title = "所属"
    parameter_name = "department"
    path = "account__department"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every department, former ones too."""
        return [(str(pk), name) for pk, name in Department.objects.values_list("pk", "name")]


class ServiceFilter(_Chosen):
    """By service."""

    title = "種類"
    parameter_name = "service"
    path = "account__service"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every service of the declared table."""
        return [(service.key, service.name) for service in SERVICES.values()]
