"""What somebody sends after his session has ended, kept until he has logged in again.

It waits in the nameless session of that very browser, and is given back to nobody but the person whose
page it came from: offices share their machines. Nothing is ever kept in the browser itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, QueryDict

from staff.models import User

_SALT = "postings.unsent"
_PLACE = "postings.unsent"
# As long as a page is left open over a working day.
SEAL_HOLDS = 24 * 60 * 60
# A draft at its longest, with what is decided of it.
MOST = 400_000

View = Callable[..., HttpResponse]


def seal(user: User) -> str:
    """Says in a page, unforgeably, whose page it is."""
    return signing.dumps(user.pk, salt=_SALT)


def survives_log_in(view: View) -> View:
    """A page that asks for a log-in, as every page does, and keeps what is sent to it without one."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return login_not_required(asked)


def given_back(request: HttpRequest) -> QueryDict | None:
    """What this person had sent to this page before he logged in again; once."""
    waiting = request.session.get(_PLACE)
    if not waiting or waiting["path"] != request.path or waiting["person"] != request.user.pk:
        return None
    del request.session[_PLACE]
    return QueryDict(waiting["sent"])


def _keep(request: HttpRequest) -> None:
    data = request.POST
    if sum(len(value) for name in data for value in data.getlist(name)) > MOST:
        return
    try:
        person = signing.loads(data.get("seal", ""), salt=_SALT, max_age=SEAL_HOLDS)
    except signing.BadSignature:
        return
    sent = data.copy()
    sent.pop("csrfmiddlewaretoken", None)
    request.session[_PLACE] = {"person": person, "path": request.path, "sent": sent.urlencode()}


@receiver(user_logged_in)
def forget_anothers(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Who logs in at somebody else's machine takes nothing over."""
    waiting = request.session.get(_PLACE)
    if waiting and waiting["person"] != user.pk:
        del request.session[_PLACE]
