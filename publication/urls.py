"""Public addresses: no log-in, GET and HEAD alone."""

from django.urls import path

from publication import views

app_name = "publication"
urlpatterns = [
    path("", views.account_list, name="accounts"),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("guideline/", views.guideline, name="guideline"),
]
