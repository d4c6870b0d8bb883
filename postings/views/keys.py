"""The keys by which posting tools ask for a check of an account's drafts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.permitted import account_for, person
from postings import keys as rules
from postings.forms import KeyForm
from postings.models import ToolKey

VIEW, MAKE, REVOKE = "postings.view_toolkey", "postings.add_toolkey", "postings.revoke_toolkey"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """The account's keys, and the form for a new one, whose secret is shown this one time."""
    account = account_for(request, pk, VIEW)
    user = person(request)
    may_make = user.has_perm(MAKE, account)
    if request.method == "POST" and not may_make:
        raise PermissionDenied
    form = KeyForm(request.POST or None) if may_make else None
    made, secret, status = None, "", 200
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            made, secret = rules.make(account, user, **form.cleaned_data)
            form, status = KeyForm(), 200
    today = timezone.localdate()
    rows = ToolKey.objects.filter(account=account).select_related("made_by", "revoked_by")
    context = {
        "account": account,
        "form": form,
        "form_errors": status != 200,
        "made": made,
        "secret": secret,
        "rows": [{"key": row, "is_valid": row.is_valid_on(today)} for row in rows],
        "may_revoke": user.has_perm(REVOKE, account),
        "address": request.build_absolute_uri(reverse("post_check")),
    }
    return render(request, "desk/posts/keys.html", context, status=status)


@require_POST
def revoke(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """From now on the key opens nothing."""
    account = account_for(request, pk, REVOKE)
    row = rules.revoke(
        get_object_or_404(ToolKey.objects.filter(account=account), pk=key), person(request)
    )
    messages.success(request, f"「{row.name}」の連携キーを無効にしました。")
    return redirect("postings:keys", pk)


urls = [
    path("accounts/<int:pk>/posts/keys/", keys, name="keys"),
    path("accounts/<int:pk>/posts/keys/<int:key>/revoke/", revoke, name="revoke_key"),
]
