"""Pages of なりすまし, 5(2): which account it is, what becomes of the accusation, what was asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from incidents import fakes, letters, takedowns
from incidents.accusing import fake_workflow
from incidents.fake_forms import AnswerForm, FakeStepForm, RequestForm
from incidents.impersonation import FakeForm
from incidents.models import Fake, Incident
from incidents.views.permitted import incident_for, linked, offered, person
from shinshiro_sns import pdf
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet

READ = "incidents.view_incident"


def _incident_for(request: HttpRequest, pk: int, permission: str) -> Incident:
    incident = incident_for(request, pk, permission)
    if incident.kind != fakes.KIND:
        raise Http404
    return incident


def _fake_of(incident: Incident) -> Fake | None:
    rows = Fake.objects.select_related(
        "notice", "identified_by", "reported_by", "checked_by", "confirmed_by", "reviewed_by"
    )
    fake = rows.filter(incident=incident).first()
    if fake is not None:
        fake.incident = incident
    return fake


@require_safe
def fake(request: HttpRequest, pk: int) -> HttpResponse:
    """The account that poses as the city: what is known, how near it comes, what can be done."""
    incident, user = _incident_for(request, pk, READ), person(request)
    row = _fake_of(incident)
    if row is None:
        if incident.is_running and user.has_perm(fakes.IDENTIFY, incident):
            return redirect("incidents:identify_fake", pk)
        raise Http404
    offers = fake_workflow.offers(row, user)
    context = {
        "incident": incident,
        "fake": row,
        "closeness": fakes.closeness(row, incident.account),
        "may_identify": incident.is_running
        and row.is_suspected
        and user.has_perm(fakes.IDENTIFY, incident),
        **offered(incident, offers, lambda name: reverse("incidents:fake_step", args=[pk, name])),
        "history": row.history.exclude(step="").select_related("history_user"),
    }
    return render(request, "desk/incidents/fakes/fake.html", context)


def identify(request: HttpRequest, pk: int) -> HttpResponse:
    """Which account it is; who comes second keeps what he typed."""
    incident, user = _incident_for(request, pk, fakes.IDENTIFY), person(request)
    row = _fake_of(incident)
    if request.method != "POST" and (unmet := fakes.too_late(incident, row)):
        raise StepOvertaken(unmet, row or incident)
    initial = {}
    if row is not None:
        initial = {
            "url": row.url, "name": row.name, "permanent_id": row.permanent_id,
            "revision": row.revision,
        }  # fmt: skip
    form = FakeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            fakes.identify(
                incident, user, given["url"], name=given["name"],
                permanent_id=given["permanent_id"], seen=given["revision"],
            )  # fmt: skip
        except StepRefused as refused:
            now = _fake_of(incident)
            if now is not None and isinstance(refused, StepOvertaken):
                # Sent once more it stands against what is there now.
                form.data = {**request.POST.dict(), "revision": str(now.revision)}
            return _page(request, incident, IDENTIFY, form, refused.reasons, now=now, status=409)
        messages.success(request, "偽のアカウントを登録しました。")
        return redirect("incidents:fake", pk)
    return _page(request, incident, IDENTIFY, form, [], status=_status(request))


def fake_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of a public fake: the page that says what it does, and the POST that takes it."""
    incident, user = _incident_for(request, pk, READ), person(request)
    row, declared = _fake_of(incident), fake_workflow.steps.get(name)
    if row is None or declared is None or not declared.permission:
        raise Http404
    if not user.has_perm(declared.permission, row):
        raise PermissionDenied
    said = _step_says(declared)
    if request.method != "POST":
        if row.state not in declared.sources:
            sentence = f"「{row.get_state_display()}」の今は、「{declared.label}」はできません。"
            raise StepOvertaken([Unmet(sentence, fakes.CLAUSE)], row)
        form = FakeStepForm(step=declared, fake=row, initial={"revision": row.revision})
        return _page(request, incident, said, form, declared.unmet(row, user), fake=row)
    form = FakeStepForm(request.POST, step=declared, fake=row)
    if not form.is_valid():
        return _page(request, incident, said, form, [], fake=row, status=422)
    given = form.cleaned_data
    try:
        fake_workflow.take(
            row, name, by=user, seen=given["revision"], note=given["note"], **form.answers
        )
    except StepRefused as refused:
        return _page(request, incident, said, form, refused.reasons, fake=row, status=409)
    messages.success(request, f"「{declared.label}」の手続きを行いました。")
    return redirect("incidents:fake", pk)


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """A further request to the operator."""
    incident, user = _incident_for(request, pk, takedowns.RECORD), person(request)
    count = incident.takedowns.count()
    if request.method != "POST" and not incident.is_running:
        sentence = "終わった事案です。再開してから依頼してください。"
        raise StepOvertaken([Unmet(sentence, fakes.CLAUSE)], incident)
    form = RequestForm(request.POST or None, initial={"revision": count})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            takedowns.ask_again(incident, user, seen=given.pop("revision"), **given)
        except StepRefused as refused:
            form.data = {**request.POST.dict(), "revision": str(incident.takedowns.count())}
            return _page(request, incident, ASK, form, refused.reasons, status=409)
        messages.success(request, "削除の依頼を記録しました。")
        return redirect(f"{incident.get_absolute_url()}#takedowns")
    return _page(request, incident, ASK, form, [], status=_status(request))


def answer(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What the operator said to a request."""
    incident, user = _incident_for(request, pk, takedowns.RECORD), person(request)
    row = get_object_or_404(incident.takedowns, number=number)
    if request.method != "POST" and row.answer:
        sentence = f"{number}回目の依頼の回答は、すでに記録されています。"
        raise StepOvertaken([Unmet(sentence, fakes.CLAUSE)], row)
    form = AnswerForm(request.POST or None, initial={"receipt": row.receipt})
    if request.method == "POST" and form.is_valid():
        try:
            takedowns.answered(row, user, **form.cleaned_data)
        except StepRefused as refused:
            return _page(request, incident, ANSWER, form, refused.reasons, asked=row, status=409)
        messages.success(request, "運営者の回答を記録しました。")
        return redirect(f"{incident.get_absolute_url()}#takedowns")
    return _page(request, incident, ANSWER, form, [], asked=row, status=_status(request))


@require_safe
def letter(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The letter to the operator as a PDF."""
    incident = _incident_for(request, pk, READ)
    if language not in letters.KEYS:
        raise Http404
    return pdf.response(letters.written(incident, language), f"sakujo-irai-{pk}-{language}")


# --- One page for the four forms --------------------------------------------------------------------

IDENTIFY = {
    "title": "偽のアカウントを登録する",
    "lead": "どのアカウントのことかを登録します。公表するまで、市民には見えません。",
    "submit": "登録する",
}
ASK = {
    "title": "もう一度、削除を依頼する",
    "lead": "断られたとき、返事がないときは、資料や理由を付け足して、もう一度依頼します。依頼してから記録します。",
    "submit": "依頼を記録する",
}
ANSWER = {
    "title": "運営者の回答を記録する",
    "lead": "削除されたときは、消えたことを確かめてから、手順「削除を確かめる」も済みにします。",
    "submit": "回答を記録する",
}


def _step_says(step: Step) -> dict[str, str]:
    return {
        "title": step.label,
        "lead": step.explanation,
        "submit": step.label,
        "tone": step.tone,
    }


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _page(
    request: HttpRequest, incident: Incident, says: dict[str, str], form: Any, unmet: list[Unmet],
    *, status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    back = "fake" if more.get("fake") else "incident"
    context = {
        "incident": incident,
        "says": {"tone": "primary", **says},
        "form": form,
        "form_errors": status != 200,
        "unmet": linked(incident, unmet),
        "back": reverse(f"incidents:{back}", args=[incident.pk]),
        **more,
    }
    return render(request, "desk/incidents/fakes/form.html", context, status=status)


BASE = "incidents/<int:pk>"
urls = [
    path(f"{BASE}/fake/", fake, name="fake"),
    path(f"{BASE}/fake/identify/", identify, name="identify_fake"),
    path(f"{BASE}/fake/<slug:name>/", fake_step, name="fake_step"),
    path(f"{BASE}/takedowns/add/", ask, name="ask_again"),
    path(f"{BASE}/takedowns/<int:number>/answer/", answer, name="answer_takedown"),
    path(f"{BASE}/letter-<slug:language>.pdf", letter, name="letter"),
]
