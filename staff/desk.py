"""The desk: what is mine to do, in one look."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shinshiro_sns.duties import piles
from staff import roles
from staff.models import User


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Every duty of the person, grave ones first; who has no place is told whom to ask."""
    user = cast(User, request.user)
    places = roles.places_of(user)
    if places and all(place.role in roles.ADMIN_ROLES for place in places):
        return redirect("admin:index")
    context = {
        "piles": piles(user),
        "has_place": bool(places),
        "may_register": user.has_perm("accounts.add_account"),
    }
    return render(request, "desk/desk.html", context)
