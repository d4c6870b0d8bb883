"""What is announced when an account is suspended, resumed or closed, 6(2): the notice on the city's
site, drafted for the person who decides, and the account's own post about it. And how a notice is put
right or, where it should never have been, taken back.
"""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from django.template.defaultfilters import truncatechars

from accounts import notices
from accounts.models import Account, Announcement, Notice, NoticeWording
from accounts.profiles import UnreadableProfile, read_profile
from shinshiro_sns.steps import StepOvertaken, Unmet
from staff.models import User

# Of a title's hundred characters, what is left for the account's name.
NAME_IN_TITLE = 60


def drafted(account: Account, kind: Notice.Kind, answers: dict[str, Any]) -> tuple[str, str]:
    """Title and body of a notice as the portal proposes them, from `effective_on`, `public_reason`
    and, where an account is closed, `successor`."""
    facts = {
        **answers,
        "account": account,
        "short_title": truncatechars(account.title, NAME_IN_TITLE),
        "city_name": settings.CITY_NAME,
    }
    # Plain text, which the page that shows it escapes.
    context = Context(facts, autoescape=False)
    title, body = (
        Engine.get_default().get_template(f"notices/{kind.value}.{part}.txt").render(context)
        for part in ("title", "body")
    )
    # What the account lacks leaves its line empty.
    return title.strip(), re.sub(r"\n{3,}", "\n\n", body).strip()


def not_a_post(account: Account, url: str) -> str:
    """Why `url` cannot be a post of `account`, in one sentence; empty where it can."""
    service = account.service_info
    host = (urlsplit(url).hostname or "").lower()
    own = {*service.hosts, (urlsplit(account.url).hostname or "").removeprefix("www.")}
    if not any(host == known or host.endswith(f".{known}") for known in own if known):
        return f"{service.name}にある、このアカウントの投稿のURLを入力してください。"
    if service.takes_any_url:
        return ""
    try:
        read_profile(url, service.key)
    except UnreadableProfile:
        # A page of the service that is no profile: as near to a post as an address tells.
        return ""
    return "プロフィールのURLです。投稿そのもののURLを入力してください。"


@transaction.atomic
def announce(
    notice: Notice, by: User, *, announced_on: datetime.date, url: str = "", why_not: str = ""
) -> Announcement:
    """Record the account's own post about `notice`, or why there can be none.

    Raises StepOvertaken where it is recorded already: it is recorded once.
    """
    locked = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if Announcement.objects.filter(notice=locked).exists():
        raise StepOvertaken([Unmet("アカウントでの周知は、すでに記録されています。", "6(2)")])
    return Announcement.objects.create(
        notice=locked, url=url, why_not=why_not, announced_on=announced_on, recorded_by=by
    )


@transaction.atomic
def correct(notice: Notice, by: User, *, title: str, body: str, reason: str, seen: int) -> Notice:
    """Put the words of `notice` right, whose earlier ones the public goes on reading below.

    `seen` is how often it had been put right when the person read it. Raises StepOvertaken where it
    was taken back, or put right by somebody else meanwhile.
    """
    locked = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if Notice.objects.filter(corrects=locked).exists():
        raise StepOvertaken([Unmet("この周知は、取り下げられています。")])
    if locked.wordings.count() != seen:
        raise StepOvertaken(
            [Unmet("この周知は、ほかの人が訂正しました。今の文を確かめてください。")]
        )
    NoticeWording.objects.create(
        notice=locked, title=locked.title, body=locked.body, reason=reason, replaced_by=by
    )
    locked.title, locked.body = title, body
    locked.save()
    notices.notice_corrected(locked, by, reason)
    return locked


@transaction.atomic
def take_back(notice: Notice, by: User, *, title: str, body: str) -> Notice:
    """Publish the correction of `notice`, whose own words the public reads no more.

    Raises StepOvertaken where it was taken back already.
    """
    locked = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if Notice.objects.filter(corrects=locked).exists():
        raise StepOvertaken([Unmet("この周知は、すでに取り下げられています。")])
    return Notice.objects.create(
        account=locked.account, department=locked.department, kind=Notice.Kind.TAKEN_BACK,
        title=title, body=body, published_by=by, corrects=locked,
    )  # fmt: skip
