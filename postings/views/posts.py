"""Posts on record: the list of an account's or of all, one post, and its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from accounts.models import Account
from accounts.services import SERVICES
from accounts.views.permitted import account_for, person
from policies.history import done
from postings import decisions
from postings.forms import PostFilter, RecordForm, StepForm, form_of
from postings.history import timeline
from postings.marking import pieces
from postings.models import Post
from postings.permission import may_post
from postings.practice import practice_of
from postings.turns import turn
from postings.views.checking import own_accounts
from postings.views.permitted import READ, WRITE, post_for
from postings.workflow import post_workflow
from shinshiro_sns.steps import CHANGED, Offer, Step, StepOvertaken, StepRefused, Unmet
from staff.models import User

PER_PAGE = 50
# Taken on the page where the text is written, with what it says of each finding.
WRITTEN = frozenset({"ready", "ask"})


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Every post that the person may read."""
    user = person(request)
    if not user.has_perm(READ):
        raise PermissionDenied
    return _list(request, Post.objects.readable_by(user), None)


@require_safe
def of_account(request: HttpRequest, pk: int) -> HttpResponse:
    """The posts of one account, with what holds for the next one."""
    account = account_for(request, pk, READ)
    return _list(request, Post.objects.filter(account=account), account)


def _list(request: HttpRequest, rows: QuerySet[Any], account: Account | None) -> HttpResponse:
    filtering = PostFilter(request.GET or None)
    rows = rows.annotate(happened=Coalesce("posted_at", "edited_at"))
    if filtering.is_bound:
        rows = filtering.narrowed(rows)
    rows = rows.select_related("account__department", "edited_by", "posted_by")
    user = person(request)
    context = {
        "account": account,
        "page": Paginator(rows.order_by("-happened", "-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "filtering": filtering,
        "filtered": any(request.GET.get(name) for name in filtering.fields),
        "may_write": user.has_perm(WRITE, account) if account else user.has_perm(WRITE),
        "answer": may_post(account) if account else None,
        "practice": practice_of(account) if account else None,
        "may_see_keys": account and user.has_perm("postings.view_toolkey", account),
    }
    return render(request, "desk/posts/list.html", context)


@require_safe
def post(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """One post: whose turn it is, its text with what was found, who decided, and what can be done."""
    row = post_for(request, pk, post)
    user = person(request)
    offers = post_workflow.offers(row, user)
    points = decisions.read(row)
    whose = turn(row)
    writes = user.has_perm(WRITE, row)
    last = row.history.filter(step="return").order_by("-history_date", "-history_id").first()
    context = {
        "post": row,
        "account": row.account,
        "turn": whose,
        "mine": whose is not None and user in whose.people,
        "returned": last if row.state == Post.State.RETURNED else None,
        "points": points,
        "pieces": pieces(row.text, points),
        "services": [SERVICES[key].name for key in row.services if key in SERVICES],
        "images": [(image.kind.value, image) for image in decisions.images_of(row)],
        "may_edit": writes and row.is_editable,
        "inquiries": row.inquiries.select_related("asked_by", "addressee", "answered_by")
        if user.has_perm("postings.view_supervision", row)
        else [],
        "may_see_incident": row.incident is not None
        and user.has_perm("incidents.view_incident", row.incident),
        "buttons": _buttons(row, offers),
        "blocked": _blocked(row, offers),
        "timeline": timeline(row),
        "others": own_accounts(user)
        .filter(status=Account.Status.OFFICIAL)
        .exclude(pk=row.account_id)
        if writes and row.state not in (Post.State.DROPPED, Post.State.DRAFT)
        else [],
        "form": RecordForm(step=post_workflow.steps["post"], post=row)
        if writes and row.state in Post.READY_STATES
        else None,
    }
    return render(request, "desk/posts/post.html", context)


def _step_url(row: Post, step: Step) -> str:
    return reverse("postings:step", args=[row.account_id, row.pk, step.name])


def _buttons(row: Post, offers: list[Offer]) -> list[dict[str, Any]]:
    """What can be done beside writing; recording stands on the page itself, as a form."""
    return [
        {
            "label": offer.step.label,
            "tone": offer.step.tone,
            "url": f"{_step_url(row, offer.step)}?seen={row.revision}",
        }
        for offer in offers
        if not offer.unmet and offer.step.name not in {*WRITTEN, "post"}
    ]


def _blocked(row: Post, offers: list[Offer]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"unmet-{offer.step.name}",
            "title": f"「{offer.step.label}」はまだできません",
            "unmet": _plain(offer.unmet),
        }
        for offer in offers
        if offer.unmet
    ]


def _plain(unmet: list[Unmet]) -> list[dict[str, str]]:
    return [{"sentence": one.sentence, "clause": one.clause, "url": ""} for one in unmet]


def step(request: HttpRequest, pk: int, post: int, name: str) -> HttpResponse:
    """The page of a step that says what it does and asks what it needs; its POST takes the step."""
    row = post_for(request, pk, post)
    user = person(request)
    declared = post_workflow.steps.get(name)
    if declared is None:
        raise Http404
    if not user.has_perm(declared.permission, row):
        raise PermissionDenied
    if name in WRITTEN and request.method != "POST":
        return redirect("postings:edit", pk, post)
    if request.method != "POST":
        unmet = _standing(row, declared, user, request.GET.get("seen"))
        form = form_of(declared)(step=declared, post=row)
        return _page(request, row, declared, form, unmet)
    form = form_of(declared)(request.POST, step=declared, post=row)
    if not form.is_valid():
        return _page(request, row, declared, form, [], status=422)
    try:
        post_workflow.take(
            row, name, by=user, seen=form.cleaned_data["revision"],
            note=form.cleaned_data.get("note", ""), **form.answers,
        )  # fmt: skip
    except StepRefused as refused:
        return _page(request, row, declared, form, refused.reasons, status=409)
    messages.success(request, f"{done(declared.label)}。")
    return redirect(row)


def _standing(row: Post, declared: Step, user: User, seen: str | None) -> list[Unmet]:
    """What stands in the way before anything is asked: said with the page, not after the POST."""
    if row.state not in declared.sources or not declared.offered(row, user):
        sentence = f"「{row.get_state_display()}」のため、今は「{declared.label}」はできません。"
        raise StepOvertaken([Unmet(sentence)], row)
    if seen is not None and seen != str(row.revision):
        raise StepOvertaken([CHANGED], row)
    return declared.unmet(row, user)


def _page(
    request: HttpRequest, row: Post, declared: Step, form: StepForm, unmet: list[Unmet],
    *, status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "post": row,
        "account": row.account,
        "step": declared,
        "form": form,
        "form_errors": status != 200,
        "unmet": _plain(unmet),
        "pieces": pieces(row.text, decisions.read(row)) if declared.name == "approve" else [],
    }
    return render(request, "desk/posts/step.html", context, status=status)


BASE = "accounts/<int:pk>/posts"
urls = [
    path("posts/", everything, name="posts"),
    path(f"{BASE}/", of_account, name="account_posts"),
    path(f"{BASE}/<int:post>/", post, name="post"),
    path(f"{BASE}/<int:post>/steps/<slug:name>/", step, name="step"),
]
