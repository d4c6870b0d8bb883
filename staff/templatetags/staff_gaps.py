"""The gaps of the set-up, for the admin's front page."""

from django import template

from staff.gaps import Gap, gaps
from staff.leavers import Leavers, leavers

register = template.Library()


@register.simple_tag
def staff_gaps() -> list[Gap]:
    """What nobody could do today or within the next month: `{% staff_gaps as found %}`."""
    return gaps()


@register.simple_tag
def staff_leavers() -> list[Leavers]:
    """People who may have left without anybody saying so: `{% staff_leavers as found %}`."""
    return leavers()
