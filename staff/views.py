"""Pages of the staff application: recorded absences of heads, 3(2)."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from staff import authority, notices
from staff.forms import AbsenceForm
from staff.models import Absence, User


def absences(request: HttpRequest) -> HttpResponse:
    """The absences of the heads of one's departments, and the form to record one."""
    user = cast(User, request.user)
    if not user.has_perm("staff.view_absence"):
        raise PermissionDenied
    may_add = user.has_perm("staff.add_absence")
    form = AbsenceForm(request.POST or None, by=user) if may_add else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            with transaction.atomic():
                absence = form.recorded()
                if absence is not None:
                    notices.absence_recorded(absence)
            said = "記録しました" if absence else "すでに記録しています"
            messages.success(
                request, f"所属の長の不在を{said}。この間、代決者が代わりに決定できます。"
            )
            return redirect("staff:absences")
    held = authority.reach(user, "staff.view_absence")
    rows = Absence.objects.filter(held.as_condition("department")).select_related(
        "department", "person", "recorded_by", "cancelled_by"
    )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    for absence in page:
        absence.may_cancel = (  # type: ignore[attr-defined]
            not absence.is_past
            and absence.cancelled_at is None
            and user.has_perm("staff.cancel_absence", absence)
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/absences.html", {"form": form, "page": page}, status=status)


@require_POST
@transaction.atomic
def cancel_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """The head is back earlier, or it was a mistake; what was done meanwhile stays on record."""
    user = cast(User, request.user)
    held = authority.reach(user, "staff.view_absence")
    rows = Absence.objects.filter(held.as_condition("department")).select_for_update(of=("self",))
    absence = get_object_or_404(rows, pk=pk)
    if not user.has_perm("staff.cancel_absence", absence):
        raise PermissionDenied
    if absence.cancelled_at is None:
        absence.cancelled_at, absence.cancelled_by = timezone.now(), user
        absence.save()
        notices.absence_cancelled(absence)
        messages.success(request, "不在の記録を取り消しました。")
    return redirect("staff:absences")
