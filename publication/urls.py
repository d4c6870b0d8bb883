"""Public addresses: no log-in, GET and HEAD alone."""

from django.urls import path, register_converter

from publication import health, notice_pages, views
from publication.addresses import IsoDateConverter

register_converter(IsoDateConverter, "isodate")

app_name = "publication"
urlpatterns = [
    path("", views.account_list, name="accounts"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/policy/<int:version>/", views.policy_version, name="policy"),
    path("notices/", notice_pages.notice_list, name="notices"),
    path("notices/<int:pk>/", notice_pages.notice, name="notice"),
    path("notices/feed.atom", notice_pages.feed, name="notices_feed"),
    path("guideline/", views.guideline, name="guideline"),
    path("guideline/<isodate:day>/", views.guideline_version, name="guideline_version"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
