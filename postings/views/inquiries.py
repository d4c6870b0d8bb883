"""What is asked about a post that went out, 4(4): asking, answering, taking a question back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from accounts.views.permitted import person
from postings import inquiring
from postings.inquiring import ANSWER, ASK, READ
from postings.models import Inquiry, Post
from postings.periods import Period, month_of
from postings.supervising_forms import AnswerForm, QuestionForm, WithdrawalForm
from shinshiro_sns.steps import StepRefused


def ask(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """The form of a question about one post, with what was asked about it before."""
    user = person(request)
    rows = Post.objects.readable_by(user).filter(account=pk).select_related(
        "account__department", "created_by", "edited_by", "posted_by"
    )  # fmt: skip
    row = get_object_or_404(rows, pk=post)
    if not user.has_perm(ASK, row):
        raise PermissionDenied
    form = QuestionForm(request.POST or None)
    unmet = inquiring.unmet_to_ask(row, user)
    if request.method == "POST" and form.is_valid() and not unmet:
        asked = inquiring.ask(row, user, **form.cleaned_data)
        messages.success(request, f"{asked.addressee.name}さんに照会しました。")
        return redirect(asked)
    context = {
        "post": row,
        "account": row.account,
        "addressee": inquiring.addressee_of(row, user),
        "form": form,
        "form_errors": form.is_bound,
        "unmet": unmet,
        "earlier": row.inquiries.select_related("asked_by", "addressee", "answered_by"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/supervision/ask.html", context, status=status)


def _inquiry_for(request: HttpRequest, pk: int) -> Inquiry:
    """The question, if the person may see it (else 404)."""
    row: Inquiry = get_object_or_404(
        Inquiry.objects.select_related(
            "post__account__department", "post__edited_by", "post__posted_by", "asked_by",
            "addressee", "answered_by", "withdrawn_by",
        ),
        pk=pk,
    )  # fmt: skip
    if not person(request).has_perm(READ, row):
        raise Http404
    return row


def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One question, and the form of its answer."""
    row = _inquiry_for(request, pk)
    user = person(request)
    may_answer = user.has_perm(ANSWER, row) and row.asked_by_id != user.pk
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = AnswerForm(request.POST or None)
    refused: StepRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            inquiring.answer(row, user, text=form.cleaned_data["answer"])
        except StepRefused as reasons:
            refused = reasons
            row = _inquiry_for(request, pk)
        else:
            messages.success(request, "照会に回答しました。")
            return redirect(row)
    posted_on = timezone.localdate(row.post.posted_at)
    context = {
        "inquiry": row,
        "post": row.post,
        "account": row.post.account,
        "period": Period(row.post.account.department, month_of(posted_on)),
        "form": form if may_answer and (row.is_open or refused) else None,
        "form_errors": form.is_bound,
        "unmet": refused.reasons if refused else [],
        "may_withdraw": row.is_open and user.has_perm(ASK, row),
    }
    status = 409 if refused else (422 if request.method == "POST" else 200)
    return render(request, "desk/supervision/inquiry.html", context, status=status)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to take a question back."""
    row = _inquiry_for(request, pk)
    if not person(request).has_perm(ASK, row):
        raise PermissionDenied
    form = WithdrawalForm(request.POST or None)
    refused: StepRefused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            inquiring.withdraw(row, person(request), reason=form.cleaned_data["reason"])
        except StepRefused as reasons:
            refused = reasons
            row = _inquiry_for(request, pk)
        else:
            messages.success(request, "照会を取り下げました。")
            return redirect(row)
    if not row.is_open and refused is None:
        messages.info(request, "この照会は、すでに終わっています。")
        return redirect(row)
    context = {
        "inquiry": row,
        "form": form,
        "form_errors": form.is_bound,
        "unmet": refused.reasons if refused else [],
    }
    status = 409 if refused else (422 if request.method == "POST" else 200)
    return render(request, "desk/supervision/withdraw.html", context, status=status)


urls = [
    path("accounts/<int:pk>/posts/<int:post>/inquiries/add/", ask, name="ask"),
    path("inquiries/<int:pk>/", inquiry, name="inquiry"),
    path("inquiries/<int:pk>/withdraw/", withdraw, name="withdraw_inquiry"),
]
