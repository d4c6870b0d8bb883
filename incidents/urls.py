"""Addresses of incidents, below `/desk/`."""

from incidents.views import (
    case,
    contacts,
    entries,
    evidence,
    facts,
    fakes,
    flaming,
    lists,
    opening,
    report,
    reported,
    reported_together,
    steps,
)

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
    *fakes.urls,
    *flaming.urls,
    *report.urls,
    *reported.urls,
    *reported_together.urls,
]
