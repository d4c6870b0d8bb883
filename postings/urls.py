"""Addresses of posts, below `/desk/`."""

from postings.views import (
    checking,
    emergencies,
    inquiries,
    keys,
    months,
    posts,
    supervision,
)

app_name = "postings"
urlpatterns = [
    *checking.urls,
    *keys.urls,
    *posts.urls,
    *emergencies.urls,
    *supervision.urls,
    *months.urls,
    *inquiries.urls,
]
