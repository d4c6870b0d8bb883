"""What the steps of a post bring about, beside the change of state."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from accounts import attesting
from accounts.announcing import not_a_post
from accounts.models import Account
from incidents import log
from incidents.models import Incident
from postings import conditions, decisions
from postings.models import Post
from postings.permission import Answer, may_post
from shinshiro_sns.steps import StepNotMet, Taking, Unmet
from staff.models import User

MOST_URLS = 20
# Of a post that long an incident's log says how it begins.
QUOTED = 1000
EITHER = "投稿のURLか、URLがない理由の、どちらか一つを入力してください。"


def checked(taking: Taking) -> None:
    """Who decided about what was found, and what 4(1) answered at that moment."""
    post: Post = taking.obj
    post.findings = decisions.kept(decisions.anew(post))
    post.checked_by, post.checked_at = taking.by, taking.at
    _answered(post, may_post(post.account, taking.at))
    post.needs_approval = conditions.needs_approval(post, taking.by)


def asked(taking: Taking) -> None:
    """Checked, and given to somebody else to look at."""
    checked(taking)
    post: Post = taking.obj
    post.asked_by, post.asked_at = taking.by, taking.at


def unasked(taking: Taking) -> None:
    """With nobody now; whatever is changed is looked at anew."""
    post: Post = taking.obj
    post.asked_by = post.asked_at = None
    post.approved_by = post.approved_at = None


def approved(taking: Taking) -> None:
    """Somebody else has seen this very text."""
    post: Post = taking.obj
    post.approved_by, post.approved_at = taking.by, taking.at


def posted(taking: Taking) -> None:
    """It went out: when, where it stands, and what 4(1) says of that moment.

    Raises StepNotMet where the answers given with the step do not hold.
    """
    post, given = taking.obj, taking.extra
    at: datetime.datetime = given["posted_at"]
    unmet = _addressed(post, given)
    if at > taking.at:
        unmet.append(Unmet("これからの時刻は入力できません。", "4(1)", "posted_at"))
    if given.get("ground"):
        post.ground, post.ground_reason = given["ground"], given.get("ground_reason", "").strip()
    if "incident" in given:
        post.incident = given["incident"]
    answer = may_post(_as_it_stood(post.account, at), at)
    unmet += conditions.within_4_1(post, answer)
    if unmet:
        raise StepNotMet(unmet, post)
    _answered(post, answer)
    post.posted_by, post.posted_at, post.recorded_at = taking.by, at, taking.at
    attesting.posted(post.account, timezone.localdate(at))
    if post.incident:
        _said_in_its_log(post, post.incident, taking.by)


def _said_in_its_log(post: Post, incident: Incident, by: User) -> None:
    """Who reads the incident sees what was said about it, and where."""
    said = post.text if len(post.text) <= QUOTED else f"{post.text[:QUOTED]}…"
    log.add(
        incident, log.Kind.POST, f"「{post.account}」で発信した。\n{said}", by, at=post.posted_at,
        url=next(iter(post.addresses), "")[:500],
    )  # fmt: skip


def amended(taking: Taking) -> None:
    """The addresses written down anew."""
    unmet = _addressed(taking.obj, taking.extra)
    if unmet:
        raise StepNotMet(unmet, taking.obj)


def not_addresses(account: Account, text: str) -> list[str]:
    """Why the lines of `text` cannot be addresses of posts of `account`, each in a sentence."""
    lines = text.split()
    if len(lines) > MOST_URLS:
        return [f"投稿のURLは{MOST_URLS}件までです。"]
    refused = []
    for line in dict.fromkeys(lines):
        try:
            _IS_URL(line)
        except ValidationError:
            refused.append(f"「{line[:60]}」は、URLとして読み取れません。")
            continue
        if why := not_a_post(account, line):
            refused.append(f"「{line[:60]}」:{why}")
    return refused


_IS_URL = URLValidator(schemes=["http", "https"])


def _addressed(post: Post, given: dict[str, Any]) -> list[Unmet]:
    """Writes down where it stands, or why nowhere."""
    text, why_not = given.get("urls", ""), given.get("no_url_reason", "").strip()
    unmet = [Unmet(why, "4(1)", "urls") for why in not_addresses(post.account, text)]
    if bool(text.split()) == bool(why_not):
        unmet.append(Unmet(EITHER, "4(1)", "urls"))
    post.urls, post.no_url_reason = "\n".join(dict.fromkeys(text.split())), why_not
    return unmet


def _answered(post: Post, answer: Answer) -> None:
    post.allowed, post.answered_for = answer.allowed, answer.at
    post.emergency_id = answer.emergency
    post.answer = f"{answer}{answer.reason}"[:500]


def _as_it_stood(account: Account, at: datetime.datetime) -> Account:
    """The account as it was at a moment past: what was suspended since had been official."""
    if account.state_since <= at:
        return account
    before = account.history.filter(history_date__lte=at)
    record = before.order_by("-history_date", "-history_id").first()
    then: Account = record.instance if record else account
    return then
