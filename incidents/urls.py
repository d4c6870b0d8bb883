"""Addresses of incidents, below `/desk/`."""

from incidents.views import case, contacts, entries, evidence, facts, lists, opening, steps

app_name = "incidents"
urlpatterns = [
    *lists.urls,
    *opening.urls,
    *contacts.urls,
    *case.urls,
    *facts.urls,
    *steps.urls,
    *entries.urls,
    *evidence.urls,
]
