"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from staff.desk import desk

urlpatterns = [
    path("", include("publication.urls")),
    path("", include("allauth.account.urls")),
    path("desk/", desk, name="desk"),
    path("desk/", include("staff.urls")),
    path("desk/", include("policies.urls")),
    path("admin/", admin.site.urls),
]
