"""How much time is left, as people say it in an emergency."""

from __future__ import annotations

import datetime

from django import template
from django.utils import timezone

register = template.Library()

HOUR, DAY = 60, 60 * 24


def _span(minutes: int) -> str:
    if minutes < 2 * HOUR:
        return f"{minutes}分"
    if minutes < 2 * DAY:
        return f"{minutes // HOUR}時間"
    return f"{minutes // DAY}日"


@register.filter
def time_left(due: datetime.datetime | None) -> str:
    """あと25分, あと5時間, あと3日; 10分過ぎています. Never rounded in one's favour."""
    if due is None:
        return ""
    seconds = (due - timezone.now()).total_seconds()
    if seconds < 0:
        return f"{_span(int(-seconds // 60))}過ぎています"
    return f"あと{_span(int(seconds // 60))}"


@register.filter
def time_left_kind(due: datetime.datetime | None) -> str:
    """The colour of `time_left`, for `status_tag`."""
    if due is None:
        return ""
    seconds = (due - timezone.now()).total_seconds()
    if seconds < 0:
        return "danger"
    return "warning" if seconds < HOUR * 60 else "neutral"


@register.filter
def minutes_said(minutes: int | None) -> str:
    """A span as a figure: 45分, 3時間20分, 2日4時間."""
    if minutes is None:
        return ""
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    if days:
        return f"{days}日{hours}時間" if hours else f"{days}日"
    if hours:
        return f"{hours}時間{left}分" if left else f"{hours}時間"
    return f"{left}分"
