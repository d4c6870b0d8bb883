"""Addresses of posts, below `/desk/`."""

from postings.views import checking, emergencies, keys, posts

app_name = "postings"
urlpatterns = [*checking.urls, *keys.urls, *posts.urls, *emergencies.urls]
