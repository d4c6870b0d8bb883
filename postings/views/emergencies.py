"""Emergencies on the desk, 4(1): the list, one of them, declaring one, ending it early."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from postings import declaring
from postings.declaring import Right
from postings.declaring_forms import EmergencyForm, EndForm
from postings.models import Emergency, Post
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import StepNotMet, StepOvertaken, Unmet
from staff.models import User

READ = "postings.view_emergency"
PER_PAGE = 50


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _may_read(request: HttpRequest) -> User:
    user = _person(request)
    if not user.has_perm(READ):
        raise PermissionDenied
    return user


def _emergency(request: HttpRequest, pk: int) -> Emergency:
    _may_read(request)
    rows = Emergency.objects.select_related(
        "department", "declared_by", "ended_by", "reviewed_by", "absence__person"
    )
    return get_object_or_404(rows, pk=pk)


@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """Every one that was ever declared, the latest first."""
    user = _may_read(request)
    rows = Emergency.objects.select_related("declared_by", "department").prefetch_related(
        "accounts"
    )
    now = timezone.now()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [{"row": row, "standing": row.standing(now)} for row in page],
        "rights": declaring.rights_of(user),
    }
    return render(request, "desk/emergencies/list.html", context)


@require_safe
def emergency(request: HttpRequest, pk: int) -> HttpResponse:
    """One: scope, time, reason, who, and what went out while it held."""
    row, user, now = _emergency(request, pk), _person(request), timezone.now()
    context = {
        "emergency": row,
        "standing": row.standing(now),
        "accounts": row.accounts.select_related("department"),
        "posts": Paginator(
            Post.objects.readable_by(user)
            .filter(emergency=row, posted_at__isnull=False)
            .select_related("account", "edited_by")
            .order_by("-posted_at", "-pk"),
            PER_PAGE,
        ).get_page(request.GET.get("page")),
        "may_end": row.over_at > now and declaring.may_end(user, row),
        "may_review": row.absence_id is not None
        and row.reviewed_at is None
        and row.declared_by_id != user.pk
        and user.has_perm(declaring.REVIEW, row),
    }
    return render(request, "desk/emergencies/emergency.html", context)


def _right(request: HttpRequest, user: User) -> Right:
    """The right that was chosen, or the only one: `department` names whose head's it is."""
    rights = declaring.rights_of(user)
    if not rights:
        if user.has_perm(declaring.FOR_HEAD):
            sentence = "今日は所属の長の不在が記録されていないため、代決できません。"
            raise StepOvertaken([Unmet(sentence, declaring.CLAUSE, "absence")])
        raise PermissionDenied
    chosen = request.POST.get("department", request.GET.get("department", ""))
    if not chosen:
        return rights[0]
    key = int(chosen) if is_key(chosen) else -1
    found = [right for right in rights if right.department and right.department.pk == key]
    if not found:
        raise PermissionDenied
    return found[0]


def declare(request: HttpRequest) -> HttpResponse:
    """The form to declare one, and the POST that does it."""
    user = _may_read(request)
    right = _right(request, user)
    form = EmergencyForm(request.POST or None, right=right)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = declaring.declare(
                user, right, accounts=list(given["accounts"]), is_for_all=given["is_for_all"],
                reason=given["reason"], begins_at=given["begins_at"], ends_at=given["ends_at"],
            )  # fmt: skip
        except StepNotMet as refused:
            for unmet in refused.reasons:
                form.add_error(unmet.place if unmet.place in form.fields else None, unmet.sentence)
        else:
            messages.success(request, "緊急時の宣言を行い、関係する職員に知らせました。")
            return redirect(made)
    context = {
        "form": form,
        "form_errors": request.method == "POST",
        "right": right,
        "others": [other for other in declaring.rights_of(user) if other != right],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/emergencies/declare.html", context, status=status)


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to end one early, and the POST that does it."""
    row, user = _emergency(request, pk), _person(request)
    if not declaring.may_end(user, row):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        declaring.end(row, user, form.cleaned_data["reason"])
        messages.success(request, "緊急時の宣言を終え、関係する職員に知らせました。")
        return redirect(row)
    if request.method != "POST" and row.over_at <= timezone.now():
        raise StepOvertaken([Unmet("この宣言は、すでに終わっています。", declaring.CLAUSE)], row)
    context = {"emergency": row, "form": form, "form_errors": request.method == "POST"}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/emergencies/end.html", context, status=status)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """後閲."""
    row = _emergency(request, pk)
    declaring.review(row, _person(request))
    messages.success(request, "後閲しました。")
    return redirect(row)


urls = [
    path("emergencies/", emergencies, name="emergencies"),
    path("emergencies/new/", declare, name="declare_emergency"),
    path("emergencies/<int:pk>/", emergency, name="emergency"),
    path("emergencies/<int:pk>/end/", end, name="end_emergency"),
    path("emergencies/<int:pk>/review/", review, name="review_emergency"),
]
