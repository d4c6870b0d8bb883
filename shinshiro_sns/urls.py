"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from postings.api import check
from shinshiro_sns.views import own_address
from staff.desk import desk

urlpatterns = [
    path("", include("publication.urls")),
    # In place of allauth's, whose form would let people move their log-in to any address.
    path("email/", own_address, name="account_email"),
    path("", include("allauth.account.urls")),
    path("desk/", desk, name="desk"),
    path("desk/", include("staff.urls")),
    path("desk/", include("policies.urls")),
    path("desk/", include("accounts.urls")),
    path("desk/", include("incidents.urls")),
    path("desk/", include("postings.urls")),
    path("api/posts/check/", check, name="post_check"),
    path("admin/overview/", include("accounts.admin_overview")),
    path("admin/", admin.site.urls),
]
