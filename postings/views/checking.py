"""The page on which a draft is checked before it goes out, 4(1) to (3): as one types, or by its button."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Account
from accounts.services import SERVICES
from accounts.views.permitted import account_for, person
from incidents.models import Incident, IncidentStep
from incidents.texts import for_step
from postings import decisions, drafting
from postings.checking import length
from postings.forms.draft import DecisionForm, DraftForm, decisions_in, initial_of, without_nul
from postings.marking import pieces, place
from postings.models import Ground, Post, WorkingCopy
from postings.permission import may_post, may_post_many
from postings.practice import practice_of
from postings.unsent import given_back, seal, survives_log_in
from postings.views.permitted import WRITE, post_for
from postings.workflow import post_workflow
from shinshiro_sns.admin import is_key
from shinshiro_sns.steps import StepOvertaken, StepRefused, Unmet
from staff import authority
from staff.models import User

# Beyond it the marks are shown in the list of findings alone: a page of them would be no help.
LONGEST_MARKED = 5000
# What one person keeps of one draft, its decisions included.
MOST_KEPT = 400_000


def own_accounts(user: User) -> Any:
    """The accounts whose posts `user` may write."""
    own = authority.reach(user, WRITE).own
    rows = Account.objects.filter(department__in=own).exclude(status=Account.Status.CLOSED)
    return rows.select_related("department")


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which account it is for, each with the answer of this moment; straight on where there is one."""
    user = person(request)
    if not user.has_perm(WRITE):
        raise PermissionDenied
    accounts = list(own_accounts(user))
    if len(accounts) == 1:
        return redirect("postings:new", accounts[0].pk)
    answers = may_post_many(accounts)
    # Those that could post at some time come first; the others may be drafted for.
    accounts.sort(key=lambda account: account.status != Account.Status.OFFICIAL)
    rows = [{"account": account, "answer": answers[account.pk]} for account in accounts]
    return render(request, "desk/posts/choose.html", {"rows": rows})


# Why what a step of an incident asks for may go out beside the hours.
GROUNDS = {"error": Ground.CORRECTION}


def begun_for(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What a draft begins with that a step of an incident asks for: `?step=` names it."""
    chosen = request.GET.get("step", "")
    if not is_key(chosen):
        return {}
    visible = Incident.objects.running().visible_to(person(request))
    rows = IncidentStep.objects.filter(incident__in=visible, posts=True)
    row = rows.select_related("incident__account").filter(pk=int(chosen)).first()
    if row is None or row.incident.account_id not in (account.pk, None):
        return {}
    texts = for_step(row)
    return {
        "incident": row.incident_id,
        "ground": GROUNDS.get(row.incident.kind, Ground.HARM),
        "ground_reason": row.incident.title,
        "text": texts[0].body if texts else "",
    }


@dataclass
class Sheet:
    """One person's page on one draft: what was typed, and the post it changes, if there is one."""

    request: HttpRequest
    account: Account
    post: Post | None
    data: QueryDict | None
    source: Post | None = None
    copy: WorkingCopy | None = None

    def __post_init__(self) -> None:
        """The form, filled from what was typed, or else from the post."""
        self.had_nul = False
        if self.data is not None:
            plain = without_nul(self.data)
            self.had_nul, self.data = plain is not self.data, plain
        others = own_accounts(person(self.request)).filter(status=Account.Status.OFFICIAL)
        own = self.account.service
        services = others.exclude(service=own).values_list("service", flat=True)
        begin = self.post or self.source
        initial = initial_of(begin, own) if begin else begun_for(self.request, self.account)
        self.decided = decisions.decided(begin) if begin else {}
        if self.data is not None:
            self.decided = decisions_in(self.data)
        self.form = DraftForm(
            self.data, account=self.account,
            others=sorted({*services, *initial.get("services", [])}),
            initial={
                **initial,
                "key": self.post.key if self.post else uuid.uuid4(),
                "revision": self.post.revision if self.post else "",
                "seal": seal(person(self.request)),
                "copied_from": self.source.pk if self.source else "",
            },
        )  # fmt: skip
        self.is_valid = self.form.is_bound and self.form.is_valid()

    def looked(self) -> dict[str, Any]:
        """What the check says of it now, for the parts of the page that change as one types."""
        text = self.form.typed if self.form.is_bound else self.form.initial.get("text", "")
        images, services = self.form.images, self.form.chosen_services
        if not self.form.is_bound and (begin := self.post or self.source):
            images = tuple(decisions.images_of(begin))
            services = tuple(self.form.initial["services"])
        found = decisions.look(self.account, text, images, services) if text.strip() else []
        points = decisions.points(found, self.decided)
        deciding = DecisionForm(points, self.data)
        answer, practice = may_post(self.account), practice_of(self.account)
        return {
            "account": self.account,
            "form": self.form,
            "text": text,
            "answer": answer,
            "practice": practice,
            "step": post_workflow.steps["ask" if practice.needs_approval else "ready"],
            "records": practice.asks_for_record(answer),
            "points": [
                {"point": p, "place": place(text, p), "field": deciding.field_of(p)} for p in points
            ],
            "counts": {
                level: sum(max(p.finding.more, 1) for p in points if p.level == level)
                for level in ("error", "warning", "hint")
            },
            "pieces": pieces(text, points) if len(text) <= LONGEST_MARKED else [],
            "lengths": [
                (SERVICES[key].name, length(text, key))
                for key in dict.fromkeys([self.account.service, *services])
            ],
        }

    def page(
        self, *, status: int = 200, unmet: Sequence[Unmet] = (), clash: Post | None = None
    ) -> HttpResponse:
        """The whole page."""
        user = person(self.request)
        context = {
            **self.looked(),
            "post": self.post,
            "unmet": [self._linked(one) for one in unmet],
            "form_errors": status == 422,
            "clash": clash
            and {
                "rows": [
                    {"label": "本文", "before": clash.text, "after": self.form.data.get("text", "")}
                ],
                "by": clash.edited_by,
                "at": clash.edited_at,
            },
            "copies": []
            if self.post or self.form.is_bound
            else drafting.copies(self.account, user),
            "copy": self.copy,
            "source": self.source,
        }
        return render(self.request, "desk/posts/check.html", context, status=status)

    def _linked(self, unmet: Unmet) -> dict[str, str]:
        urls = {"account": reverse("policies:account", args=[self.account.pk]), "approvers": ""}
        here = f"#{unmet.place}" if unmet.place.startswith("point-") else f"#id_{unmet.place}_0"
        if unmet.place == "rights_note":
            here = "#id_rights_note"
        return {
            "sentence": unmet.sentence, "clause": unmet.clause,
            "url": urls.get(unmet.place, here),
        }  # fmt: skip

    def keep(self) -> None:
        """Keep what was typed, so that nothing is lost with the session."""
        key = self.form.cleaned_data.get("key") if self.form.is_bound else None
        data = self.data or QueryDict()
        content = {
            name: data.getlist(name)
            for name in data
            if name not in ("csrfmiddlewaretoken", "seal", "to")
        }
        size = sum(len(value) for values in content.values() for value in values)
        if key and data.get("text", "").strip() and size <= MOST_KEPT:
            drafting.keep(self.account, person(self.request), key, content, self.post)


@survives_log_in
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft for the account."""
    account = account_for(request, pk, "accounts.view_account")
    if not person(request).has_perm(WRITE, account):
        raise PermissionDenied
    return _sheet(request, account, None)


@survives_log_in
def edit(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """A draft that was saved before."""
    row = post_for(request, pk, post, WRITE)
    if request.method != "POST" and not row.is_editable:
        messages.info(request, f"「{row.get_state_display()}」になっているため、本文は直せません。")
        return redirect(row)
    return _sheet(request, row.account, row)


def _sheet(request: HttpRequest, account: Account, post: Post | None) -> HttpResponse:
    if request.method == "POST":
        return _sent(Sheet(request, account, post, request.POST, _source(request)))
    data, copy = given_back(request), None
    if data is not None:
        messages.info(
            request, "ログインし直す前に入力した内容を戻しました。まだ保存されていません。"
        )
    elif copy := _resumed(request, account, post):
        data = _content(copy, person(request))
    return Sheet(request, account, post, data, _source(request), copy).page()


def _sent(sheet: Sheet) -> HttpResponse:
    """What the pressed button asks: to look again, to save, or to save and go on."""
    request, to = sheet.request, sheet.request.POST.get("to", "check")
    sheet.keep()
    if sheet.had_nul:
        messages.info(request, "本文から、目に見えない文字(NUL)を取り除きました。")
    if not sheet.is_valid:
        return sheet.page(status=422)
    if to not in ("save", "go"):
        return sheet.page()
    user = person(request)
    written = sheet.form.written(sheet.decided)
    try:
        if sheet.post is None:
            post = drafting.begun(
                sheet.account, written, user, sheet.form.cleaned_data["key"], sheet.source
            )
        else:
            seen = sheet.form.cleaned_data["revision"]
            post = drafting.changed(sheet.post, written, user, seen=seen)
    except drafting.Stale as stale:
        return _clashing(sheet, cast(Post, stale.obj))
    except StepOvertaken as overtaken:
        # It has gone on: what was typed stays on the page.
        return sheet.page(status=409, unmet=overtaken.reasons)
    if to == "save":
        messages.success(request, "下書きを保存しました。")
        return redirect(post)
    return _go_on(sheet, post, user)


def _go_on(sheet: Sheet, post: Post, user: User) -> HttpResponse:
    if not post.is_editable and post.checked_by_id == user.pk:
        # Pressed twice: it has gone on already, by this very person.
        return redirect(post)
    name = "ask" if practice_of(post.account).needs_approval else "ready"
    try:
        post_workflow.take(post, name, by=user, seen=post.revision)
    except StepRefused as refused:
        data = sheet.request.POST.copy()
        data["revision"] = str(post.revision)
        again = Sheet(sheet.request, sheet.account, post, data)
        return again.page(status=422, unmet=refused.reasons)
    done = "承認を依頼しました。" if name == "ask" else "確認を記録しました。"
    messages.success(sheet.request, done)
    return redirect(post)


def _clashing(sheet: Sheet, stored: Post) -> HttpResponse:
    """Both texts side by side; who has read them may save over what is stored."""
    data = sheet.request.POST.copy()
    data["revision"] = str(stored.revision)
    again = Sheet(sheet.request, sheet.account, stored, data)
    return again.page(status=409, clash=stored)


def _resumed(request: HttpRequest, account: Account, post: Post | None) -> WorkingCopy | None:
    """What the person had typed and not saved: of a saved draft always, of new ones the chosen."""
    rows = WorkingCopy.objects.filter(person=person(request), account=account, post=post)
    if post is not None:
        return rows.first()
    chosen = request.GET.get("copy", "")
    return rows.filter(pk=int(chosen)).first() if is_key(chosen) else None


def _content(copy: WorkingCopy, user: User) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in copy.content.items():
        data.setlist(name, values)
    data["seal"] = seal(user)
    return data


def _source(request: HttpRequest) -> Post | None:
    """The post whose text is to go out on this account as well."""
    chosen = request.POST.get("copied_from", "") or request.GET.get("from", "")
    if not is_key(chosen):
        return None
    readable = Post.objects.readable_by(person(request))
    found: Post | None = readable.filter(pk=int(chosen)).first()
    return found


@require_POST
def check_now(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts of the page that change as one types, and what was typed is kept."""
    account = account_for(request, pk, "accounts.view_account")
    if not person(request).has_perm(WRITE, account):
        raise PermissionDenied
    key = request.POST.get("post", "")
    post = None
    if is_key(key):
        rows = Post.objects.readable_by(person(request)).filter(account=account)
        post = get_object_or_404(rows, pk=int(key))
    sheet = Sheet(request, account, post, request.POST)
    sheet.keep()
    return render(request, "desk/posts/_looked.html", sheet.looked())


@require_POST
def discard(request: HttpRequest, pk: int, copy: int) -> HttpResponse:
    """Throw a working copy of one's own away."""
    rows = WorkingCopy.objects.filter(person=person(request), account=pk)
    row = get_object_or_404(rows, pk=copy)
    row.delete()
    messages.success(request, "書きかけの内容を消しました。")
    return (
        redirect("postings:edit", pk, row.post_id) if row.post_id else redirect("postings:new", pk)
    )


BASE = "accounts/<int:pk>/posts"
urls = [
    path("posts/new/", choose, name="choose"),
    path(f"{BASE}/new/", new, name="new"),
    path(f"{BASE}/check/", check_now, name="check_now"),
    path(f"{BASE}/copies/<int:copy>/discard/", discard, name="discard"),
    path(f"{BASE}/<int:post>/edit/", edit, name="edit"),
]
