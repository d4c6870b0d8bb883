"""The gaps of the set-up, for the admin's front page."""

from django import template

from staff.gaps import Gap, gaps

register = template.Library()


@register.simple_tag
def staff_gaps() -> list[Gap]:
    """What nobody could do today or within the next month: `{% staff_gaps as found %}`."""
    return gaps()
