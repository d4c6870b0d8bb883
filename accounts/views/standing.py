"""Suspension, resumption and closure, 6, and the account's own announcements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import announcing, guarding, standing
from accounts.models import Account, Notice, StandingChange
from accounts.standing_forms import (
    CARRIED,
    NOTICE,
    AnnouncementForm,
    CorrectionForm,
    DeletionForm,
    StandingForm,
    seal,
)
from accounts.views import guarding as guarding_pages
from accounts.views.permitted import account_for, person
from accounts.workflow import account_workflow
from shinshiro_sns.steps import Step, StepOvertaken, StepRefused, Unmet, on_a_page

READ = "accounts.view_account"
ANNOUNCE = "accounts.add_announcement"
CORRECT = "accounts.correct_notice"
SEE_DELETED = "accounts.change_credentials"
REVIEW = "accounts.close_account"


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the account stands, what can be done now, and every suspension, resumption, closure."""
    account = account_for(request, pk, READ)
    user = person(request)
    offers = account_workflow.offers(account, user)
    changes = list(
        account.standingchange_rows.select_related(
            "notice__announcement", "decided_by", "absence__person", "reviewed_by",
            "handle_done_by", "deletion_decided_by",
        ).prefetch_related("notice__wordings")
    )  # fmt: skip
    closure = next((row for row in changes if row.step == Notice.Kind.CLOSED), None)
    may_review = user.has_perm(REVIEW, account)
    context = {
        "account": account,
        "is_closed": account.status == Account.Status.CLOSED,
        "is_preparing": account.status == Account.Status.PREPARING,
        "closure": closure,
        "changes": [
            {
                "row": row,
                "announcement": getattr(row.notice, "announcement", None),
                "put_right_on": next((old.replaced_at for old in row.notice.wordings.all()), None),
                "may_review": may_review
                and row.absence is not None
                and row.reviewed_at is None
                and row.decided_by_id != user.pk,
            }
            for row in changes
        ],
        "may_announce": user.has_perm(ANNOUNCE, account),
        "may_correct": user.has_perm(CORRECT, account),
        "may_see_deleted": user.has_perm(SEE_DELETED, account),
        **on_a_page(
            offers,
            lambda name: reverse("accounts:standing_step", args=[pk, name]),
            lambda unmet: _linked(account, unmet),
        ),
    }
    return render(request, "desk/ledgers/standing.html", context)


def _linked(account: Account, unmet: list[Unmet]) -> list[dict[str, str]]:
    urls = {
        "absence": reverse("staff:absences"),
        "policy": reverse("policies:account", args=[account.pk]),
    }
    return [
        {"sentence": row.sentence, "clause": row.clause, "url": urls.get(row.place, "")}
        for row in unmet
    ]


# --- A step: questions, the answers with the notice as the public will see it, and the step itself --


def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """The pages of the step called `step`."""
    declared = account_workflow.steps.get(step)
    if declared is None or not declared.permission:
        # Before anything is said of the account: one that is not for these eyes stays unknown.
        account_for(request, pk, READ)
        raise Http404
    if step in guarding.STEPS:
        return guarding_pages.step(request, pk, declared)
    return _with_notice(request, account_for(request, pk, declared.permission), declared)


def _with_notice(request: HttpRequest, account: Account, declared: Step) -> HttpResponse:
    """The pages of a step that publishes its notice; the last of its POSTs takes it."""
    kind = standing.kind_of(declared.name)
    if request.method != "POST":
        unmet = _unmet(request, account, declared)
        form = StandingForm(
            account=account, kind=kind,
            initial={"revision": account.revision, "effective_on": timezone.localdate()},
        )  # fmt: skip
        return _questions(request, account, declared, form, unmet)
    if request.POST.get("to") == "questions":
        # Back to them with all that was typed, judged by nobody yet.
        form = StandingForm(account=account, kind=kind, initial=request.POST.dict())
        return _questions(request, account, declared, form, [])
    form = StandingForm(request.POST, account=account, kind=kind)
    if not form.is_valid():
        return _invalid(request, account, declared, form)
    title, body = form.written()
    if request.POST.get("to") != "take" or not form.was_shown:
        told = request.POST.get("to") == "take"
        return _answers(request, account, declared, form, (title, body), changed=told)
    try:
        account_workflow.take(
            account, declared.name, by=person(request), seen=form.cleaned_data["revision"],
            note=form.cleaned_data["note"], **form.answers,
        )  # fmt: skip
    except StepRefused as refused:
        return _answers(request, account, declared, form, (title, body), refused=refused.reasons)
    messages.success(
        request,
        f"「{declared.label}」の手続きを行い、市のサイトで周知しました。"
        "アカウントでも周知し、投稿のURLを記録してください。",
    )
    return redirect("accounts:standing", account.pk)


def _unmet(request: HttpRequest, account: Account, declared: Step) -> list[Unmet]:
    """What stands in the way before anything is asked: said with the page, not after the POST."""
    if account.status not in declared.sources:
        sentence = f"「{account.get_status_display()}」のため、「{declared.label}」はできません。"
        raise StepOvertaken([Unmet(sentence, declared.clause)])
    return declared.unmet(account, person(request))


def _frame(account: Account, declared: Step, form: StandingForm) -> dict[str, Any]:
    return {
        "account": account,
        "step": declared,
        "form": form,
        "is_closing": form.kind == Notice.Kind.CLOSED,
        "still_used": standing.still_used(account) if form.kind == Notice.Kind.CLOSED else [],
        "submit": f"{declared.label.removesuffix('する')}して、市のサイトで周知する",
        "back": reverse("accounts:standing", args=[account.pk]),
    }


def _questions(
    request: HttpRequest, account: Account, declared: Step, form: StandingForm,
    unmet: list[Unmet], *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        **_frame(account, declared, form),
        "form_errors": status != 200,
        "unmet": _linked(account, unmet),
        "carried": _carried(form[name] for name in (*NOTICE, *CARRIED)),
    }
    return render(request, "desk/ledgers/standing_questions.html", context, status=status)


def _carried(fields: Iterable[BoundField]) -> list[tuple[str, Any]]:
    """What a page keeps of the fields that stand on the other one."""
    in_words = {True: "on", False: "", None: ""}
    values = ((field.html_name, field.value()) for field in fields)
    return [
        (name, in_words[value] if isinstance(value, bool | None) else value)
        for name, value in values
    ]


def _invalid(
    request: HttpRequest, account: Account, declared: Step, form: StandingForm
) -> HttpResponse:
    """The page whose fields are at fault: the notice's only where no question is."""
    if any(field.errors for field in form.questions):
        return _questions(request, account, declared, form, [], status=422)
    text = (form.data.get("title", ""), form.data.get("body", ""))
    return _answers(request, account, declared, form, text, status=422)


def _answers(
    request: HttpRequest, account: Account, declared: Step, form: StandingForm,
    text: tuple[str, str], *,
    changed: bool = False, refused: list[Unmet] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Every answer, and the notice as the public will see it, before the step is taken."""
    now = Account.objects.get(pk=account.pk) if refused else account
    shown = form
    if status == 200:
        data = cast(QueryDict, form.data).copy()
        if text != (form.cleaned_data["title"], form.cleaned_data["body"]):
            data["drafted"] = seal(*text)
        data["title"], data["body"] = text
        data["shown"] = seal(*text)
        if refused:
            # Who has read what happened meanwhile may go on from there.
            data["revision"] = str(now.revision)
        shown = StandingForm(data, account=account, kind=form.kind)
        shown.is_valid()
    context = {
        **_frame(account, declared, shown),
        "form_errors": status != 200 or bool(refused),
        "unmet": _linked(account, refused or []),
        "changed": changed,
        "possible": now.status in declared.sources,
        "rows": [
            {"label": field.label, "value": _said(shown, field.name)} for field in shown.questions
        ],
        "carried": _carried([*shown.questions, *(shown[name] for name in CARRIED)]),
        "notice": {
            "title": text[0],
            "body": text[1],
            "published_at": timezone.now(),
            "kind": form.kind,
            "get_kind_display": form.kind.label,
        },
    }
    answer = 409 if refused else status
    return render(request, "desk/ledgers/standing_answers.html", context, status=answer)


def _said(form: StandingForm, name: str) -> Any:
    """An answer as the page of answers says it."""
    value = form.cleaned_data.get(name)
    if name == "effective_on":
        return f"{value:%Y年%-m月%-d日}" if value else ""
    if name == "handle_fate":
        return dict(form.fields[name].choices).get(value, "")  # type: ignore[attr-defined]
    if name == "credentials_settled":
        return "はい" if value else "いいえ"
    if name == "successor_url":
        successor = form.cleaned_data.get("successor")
        return f"{successor}({value})" if successor else "なし"
    return value


# --- Afterwards ----------------------------------------------------------------------------------


def announcement(request: HttpRequest, pk: int, notice: int) -> HttpResponse:
    """The form to record the account's own post about a notice."""
    account = account_for(request, pk, ANNOUNCE)
    told = get_object_or_404(Notice.objects.filter(account=account), pk=notice)
    if hasattr(told, "announcement"):
        messages.info(request, "アカウントでの周知は、すでに記録されています。")
        return redirect("accounts:standing", pk)
    form = AnnouncementForm(
        request.POST or None, account=account, initial={"announced_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        announcing.announce(told, person(request), **form.cleaned_data)
        messages.success(request, "アカウントでの周知を記録しました。")
        return redirect("accounts:standing", pk)
    status = 422 if request.method == "POST" else 200
    context = {
        "account": account,
        "notice": told,
        "notice_url": f"{settings.PORTAL_URL}{told.get_absolute_url()}",
        "form": form,
        "form_errors": status != 200,
    }
    return render(request, "desk/ledgers/announcement.html", context, status=status)


def deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to confirm that the operator has deleted a closed account's handle."""
    account = account_for(request, pk, SEE_DELETED)
    change = StandingChange.objects.awaiting_deletion().filter(account=account).first()
    if change is None:
        messages.info(request, "削除を確かめるアカウントではないか、すでに確かめられています。")
        return redirect("accounts:standing", pk)
    form = DeletionForm(
        request.POST or None, change=change, initial={"seen_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        standing.confirm_deletion(change, person(request), form.cleaned_data["seen_on"])
        messages.success(request, "アカウントの削除を確かめたことを記録しました。")
        return redirect("accounts:standing", pk)
    status = 422 if request.method == "POST" else 200
    context = {"account": account, "change": change, "form": form, "form_errors": status != 200}
    return render(request, "desk/ledgers/deletion.html", context, status=status)


@require_POST
def review(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """後閲: the head has looked at what the deputy decided."""
    account = account_for(request, pk, REVIEW)
    row = get_object_or_404(account.standingchange_rows, pk=change)
    standing.review(row, person(request))
    messages.success(request, "後閲しました。")
    return redirect("accounts:standing", pk)


def correction(request: HttpRequest, pk: int, notice: int) -> HttpResponse:
    """The form to put a notice right, and the POST that does it; what it said before stays public."""
    account = account_for(request, pk, CORRECT)
    told = get_object_or_404(
        Notice.objects.filter(account=account, kind__in=Notice.STANDING), pk=notice
    )
    times = told.wordings.count()
    form = CorrectionForm(
        request.POST or None, notice=told,
        initial={"title": told.title, "body": told.body, "seen": times},
    )  # fmt: skip
    status, refused = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                announcing.correct(told, person(request), **form.cleaned_data)
            except StepOvertaken as overtaken:
                # Who has read what the other one wrote may go on from there.
                status, refused = 409, overtaken.reasons
                form.data = cast(QueryDict, form.data).copy()
                form.data["seen"] = str(times)
            else:
                messages.success(request, "周知を訂正しました。訂正前の文も、続けて読めます。")
                return redirect("accounts:standing", pk)
    context = {
        "account": account, "notice": told, "form": form, "form_errors": status != 200,
        "unmet": _linked(account, refused),
    }  # fmt: skip
    return render(request, "desk/ledgers/notice_correction.html", context, status=status)


BASE = "accounts/<int:pk>/standing"
urls: list[URLPattern] = [
    path(f"{BASE}/", overview, name="standing"),
    path(f"{BASE}/deletion/", deletion, name="deletion"),
    path(f"{BASE}/notices/<int:notice>/announcement/", announcement, name="announcement"),
    path(f"{BASE}/notices/<int:notice>/correction/", correction, name="notice_correction"),
    path(f"{BASE}/changes/<int:change>/review/", review, name="review_standing"),
    path(f"{BASE}/<slug:step>/", step, name="standing_step"),
]
