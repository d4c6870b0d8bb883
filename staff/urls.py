"""Addresses of the staff application below `/desk/`."""

from django.urls import path

from staff import desk, views

app_name = "staff"
urlpatterns = [
    path("duties/<slug:name>/", desk.duty, name="duty"),
    path("absences/", views.absences, name="absences"),
    path("absences/<int:pk>/cancel/", views.cancel_absence, name="cancel_absence"),
]
