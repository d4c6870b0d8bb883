"""A flood of reports, settled in a few acts: one step on all accounts that the list is narrowed to."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone

from incidents import triage
from incidents.models import ReportedAccount
from incidents.report_forms import NARROWING, NarrowingForm, TogetherForm, sum_of
from incidents.triage import reported_workflow
from incidents.views.permitted import person
from shinshiro_sns.steps import StepOvertaken, StepRefused, Unmet
from shinshiro_sns.taking_each import take_each

# From which state each step is taken on many; which one it leads to is the tab that shows them then.
FROM = {"close": "waiting", "wait": "closed"}
MOST, SHOWN = 5000, 20


def together(request: HttpRequest, name: str) -> HttpResponse:
    """All that would be settled, with its number; and its POST, refused where the number changed."""
    if name not in FROM:
        raise Http404
    step, user = reported_workflow.steps[name], person(request)
    if not user.has_perm(step.permission):
        raise PermissionDenied
    query = without_zeros(request.GET)
    narrowing = NarrowingForm(query)
    if narrowing.is_nonsense:
        # Understood as "all", it would settle what nobody chose.
        return redirect(_list(query, FROM[name]))
    opened = _opened(request)
    matching = narrowing.rows().filter(state=FROM[name], state_since__lte=opened)
    rows: list[Any] = list(matching.order_by("state_since", "pk")[: MOST + 1])
    seen = {row.pk: row.revision for row in rows}
    fresh = {"opened": opened.isoformat(), "seen": sum_of(seen), "count": len(rows)}
    form = TogetherForm(request.POST or None, step=step, rows=rows, initial=fresh)
    context: dict[str, Any] = {
        "step": step, "form": form, "count": len(rows), "rows": rows[:SHOWN],
        "reports": sum(row.times for row in rows), "is_too_many": len(rows) > MOST,
        "too_many": f"まとめて扱えるのは、{MOST:,}件までです。日時などで絞り込んでください。",
        "back": _list(query, FROM[name]), "unmet": [], "tone": "primary",
        "submit": f"{len(rows):,}件に「{step.label}」を行う",
    }  # fmt: skip
    if request.method != "POST":
        return _page(request, context)
    if not form.is_valid():
        return _page(request, context, 422)
    try:
        if form.cleaned_data["seen"] != sum_of(seen) or not rows or len(rows) > MOST:
            raise StepOvertaken([_changed(form.cleaned_data["count"], len(rows))])
        given = form.cleaned_data
        taken = take_each(
            reported_workflow, seen, name, by=user, note=given["note"], tell=form.is_to_tell
        )
    except StepRefused as refused:
        # What was written stays; the number and what it stands for are those of now.
        form.data = {**request.POST.dict(), **fresh}
        unmet = [{"sentence": each.sentence, "clause": each.clause} for each in refused.reasons]
        return _page(request, {**context, "unmet": unmet}, 409)
    messages.success(request, f"{len(taken):,}件に「{step.label}」の手続きを行いました。")
    return redirect(_where_they_are(taken))


def _opened(request: HttpRequest) -> datetime.datetime:
    """Since when the person looks: what comes later is not meant."""
    try:
        return datetime.datetime.fromisoformat(request.POST["opened"]).astimezone(datetime.UTC)
    except (KeyError, ValueError, OverflowError):
        return timezone.now()


def _changed(before: int, now: int) -> Unmet:
    sentence = (
        f"画面を開いた後に、当てはまる通報が変わりました({before:,}件から{now:,}件)。"
        if before != now
        else "画面を開いた後に、当てはまる通報が変わりました。"
    )
    return Unmet(f"{sentence}今の内容を確かめてから、もう一度行ってください。", triage.CLAUSE)


def _list(asked: QueryDict, tab: str) -> str:
    query = asked.copy()
    for name in set(query) - set(NARROWING):
        del query[name]
    query["tab"] = tab
    return f"{reverse('incidents:reported_list')}?{query.urlencode()}"


def _where_they_are(taken: list[ReportedAccount]) -> str:
    """The list of just those: from there the whole is taken back, if it was a mistake."""
    moment = taken[0].settled_at
    base = reverse("incidents:reported_list")
    if moment is None:
        return base
    return f"{base}?tab=closed&settled={moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def without_zeros(given: QueryDict) -> QueryDict:
    """Without the one sign that PostgreSQL cannot be asked for."""
    query = given.copy()
    for name, values in given.lists():
        query.setlist(name, [value.replace("\0", "") for value in values])
    return query


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**context, "form_errors": status != 200}
    return render(request, "desk/incidents/reported/together.html", context, status=status)


urls = [path("reports/together/<slug:name>/", together, name="reported_together")]
