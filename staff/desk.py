"""The desk: what is mine to do, in one look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from shinshiro_sns.duties import piles
from staff import roles


def desk(request: HttpRequest) -> HttpResponse:
    """Every duty of the person, grave ones first; who has no place is told whom to ask."""
    user = request.user
    places = roles.places_of(user)  # type: ignore[arg-type]
    if places and all(place.role in roles.ADMIN_ROLES for place in places):
        return redirect("admin:index")
    context = {
        "piles": piles(user),  # type: ignore[arg-type]
        "has_place": bool(places),
        "may_register": user.has_perm("accounts.add_account"),
    }
    return render(request, "desk/desk.html", context)
