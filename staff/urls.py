"""Addresses of the staff application below `/desk/`."""

from django.urls import path

from staff import views

app_name = "staff"
urlpatterns = [
    path("absences/", views.absences, name="absences"),
    path("absences/<int:pk>/cancel/", views.cancel_absence, name="cancel_absence"),
]
