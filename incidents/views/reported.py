"""What citizens reported, 5(2): the list, one account with all that was written of it, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import city_names
from accounts.likeness import Known, Nearby
from accounts.models import Account
from incidents import fakes, opening, triage
from incidents.forms import OpeningForm
from incidents.models import Fake, Incident, ReportedAccount
from incidents.report_forms import TABS, NarrowingForm, NoteForm
from incidents.triage import READ, TRIAGE, reported_workflow
from incidents.views.permitted import person
from incidents.views.reported_together import FROM, without_zeros
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet

PER_PAGE, REPORTS_SHOWN = 50, 20


class IncidentForm(OpeningForm):
    """A new incident of what was reported: whose account is imitated, and what is known."""

    field_order = ("account", "department", "known", "severity")

    def __init__(self, *args: Any, reported: ReportedAccount, **kwargs: Any) -> None:
        super().__init__(*args, kind=fakes.KIND, **kwargs)
        del self.fields["service"], self.fields["discovered_at"]
        self.reported = reported
        self.fields["account"].help_text = "まねをされている、市のアカウントです。"
        self.initial.setdefault("known", _known(reported))

    @property
    def facts(self) -> dict[str, Any]:
        """Discovered when somebody here looked at it: the law's and the city's clocks begin now."""
        names = ("account", "department", "known", "severity")
        given = {name: self.cleaned_data[name] for name in names}
        return {
            **given, "service": self.reported.service, "discovered_at": timezone.now(),
            "discovered_how": "市民からの通報",
        }  # fmt: skip


def _known(reported: ReportedAccount) -> str:
    """The first words that citizens wrote, as a beginning."""
    said = [report.why for report in reported.reports.all()[:3]]
    return "市民からの通報:\n" + "\n".join(f"・{why}" for why in said)


def _permitted(request: HttpRequest, permission: str) -> None:
    if not person(request).has_perm(permission):
        raise PermissionDenied


@require_safe
def reported_list(request: HttpRequest) -> HttpResponse:
    """Everything that was reported, what waits first."""
    _permitted(request, READ)
    query = without_zeros(request.GET)
    form = NarrowingForm(query)
    tab = form.asked("tab") or "waiting"
    narrowed = form.rows()
    rows = narrowed if tab == "all" else narrowed.filter(state=tab)
    page = Paginator(
        rows.order_by("state_since" if tab == "waiting" else "-state_since", "pk"), PER_PAGE
    ).get_page(request.GET.get("page"))
    base = reverse("incidents:reported_list")
    query.pop("page", None)
    context = {
        "page": page, "form": form, "filtered": form.is_narrow, "tab": tab,
        "reset_url": f"{base}?tab={tab}",
        "tabs": [
            {"label": label, "url": f"{base}?tab={key}", "current": key == tab}
            for key, label in TABS
        ],
        "together": _together(request, tab, query.urlencode())
        if page.paginator.count > 1 and form.is_valid()
        else None,
    }  # fmt: skip
    return render(request, "desk/incidents/reported/list.html", context)


def _together(request: HttpRequest, tab: str, query: str) -> dict[str, str] | None:
    """The step that can be taken on all that the list shows."""
    name = next((name for name, state in FROM.items() if state == tab), None)
    if name is None or not person(request).has_perm(reported_workflow.steps[name].permission):
        return None
    return {
        "label": reported_workflow.steps[name].label,
        "url": f"{reverse('incidents:reported_together', args=[name])}?{query}",
    }


def _row(request: HttpRequest, pk: int, permission: str) -> ReportedAccount:
    _permitted(request, permission)
    rows = ReportedAccount.objects.counted().select_related("incident", "settled_by")
    row: ReportedAccount = get_object_or_404(rows, pk=pk)
    return row


@require_safe
def reported(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what citizens wrote of it, how near it comes to ours, and what can be done."""
    row, user = _row(request, pk, READ), person(request)
    offers = reported_workflow.offers(row, user)
    context = {
        "reported": row,
        "page": Paginator(row.reports.order_by("-received_at", "-pk"), REPORTS_SHOWN).get_page(
            request.GET.get("page")
        ),
        "near": _near(row),
        "dealt_with": triage.dealt_with(row) if row.state == triage.State.WAITING else None,
        "buttons": [
            {
                "label": offer.step.label,
                "tone": offer.step.tone,
                "url": reverse("incidents:reported_step", args=[pk, offer.step.name]),
            }
            for offer in offers
        ],
        "may_see_mail": user.has_perm(TRIAGE),
        "history": row.history.exclude(step="").select_related("history_user"),
    }
    return render(request, "desk/incidents/reported/reported.html", context)


def _near(row: ReportedAccount) -> list[dict[str, Any]]:
    """The city's accounts whose handles come near to its own: what it may imitate."""
    if not row.handle:
        return []
    ours = Account.objects.public().exclude(handle="").order_by("pk")
    known = (Known(pk, handle) for pk, handle in ours.values_list("pk", "handle"))
    found = Nearby.of(known, city_names.of_settings()).handles_near(row.handle)
    accounts = Account.objects.select_related("department").in_bulk([each.number for each in found])
    return [
        {"account": accounts[each.number], "says": fakes.NEAR[each.near]}
        for each in found
        if each.number in accounts
    ]


def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step's page and its POST; to deal with it in an incident opens one, unless there is one."""
    row, declared = _row(request, pk, READ), reported_workflow.steps.get(name)
    if declared is None or not declared.permission:
        raise Http404
    if not person(request).has_perm(declared.permission, row):
        raise PermissionDenied
    if request.method != "POST" and row.state not in declared.sources:
        sentence = f"「{row.get_state_display()}」の今は、「{declared.label}」はできません。"
        raise StepOvertaken([Unmet(sentence, triage.CLAUSE)], row)
    if name == "join":
        return _join(request, row, declared)
    form = NoteForm(
        request.POST or None, step=declared, rows=[row],
        initial={"revision": row.revision, "tell": "yes"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            reported_workflow.take(
                row, name, by=person(request), seen=given["revision"], note=given["note"],
                tell=form.is_to_tell,
            )  # fmt: skip
        except StepRefused as refused:
            return _page(request, row, declared, form, refused.reasons, status=409)
        messages.success(request, f"「{declared.label}」の手続きを行いました。")
        return redirect("incidents:reported_list")
    return _page(request, row, declared, form, [], status=_status(request))


def _join(request: HttpRequest, row: ReportedAccount, declared: Step) -> HttpResponse:
    user, there = person(request), triage.dealt_with(row)
    form = IncidentForm(request.POST or None, by=user, reported=row) if there is None else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            with transaction.atomic():
                incident = there or _opened(form, row, user)
                reported_workflow.take(row, declared.name, by=user, incident=incident)
        except StepRefused as refused:
            return _page(request, row, declared, form, refused.reasons, status=409, there=there)
        messages.success(request, "通報を、事案で対応することにしました。")
        return redirect(incident)
    return _page(request, row, declared, form, [], status=_status(request), there=there)


def _opened(form: Any, row: ReportedAccount, user: Any) -> Incident:
    profile = row.profile
    incident, _ = opening.open_incident(
        fakes.KIND, by=user, after=lambda made: fakes.identify(made, user, profile),
        # Of two fakes that citizens reported in the same words, each is a case of its own.
        is_same=lambda made: Fake.objects.of(profile).filter(incident=made).exists(),
        **form.facts,
    )  # fmt: skip
    return incident


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _page(
    request: HttpRequest, row: ReportedAccount, declared: Step, form: Any, unmet: list[Unmet], *,
    status: int, there: Incident | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "reported": row,
        "step": declared,
        "form": form,
        "form_errors": status != 200,
        "there": there,
        "unmet": [{"sentence": each.sentence, "clause": each.clause, "url": ""} for each in unmet],
    }
    return render(request, "desk/incidents/reported/step.html", context, status=status)


urls = [
    path("reports/", reported_list, name="reported_list"),
    path("reports/<int:pk>/", reported, name="reported"),
    path("reports/<int:pk>/<slug:name>/", step, name="reported_step"),
]
