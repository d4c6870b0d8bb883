"""Addresses of posts, below `/desk/`."""

from postings.views import emergencies

app_name = "postings"
urlpatterns = [*emergencies.urls]
