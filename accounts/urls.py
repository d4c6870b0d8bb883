"""Addresses of an account's ledgers, below `/desk/`."""

from accounts.views import (
    attesting,
    certification,
    credentials,
    evidence,
    handover,
    links,
    posters,
    printing,
    standing,
)

app_name = "accounts"
urlpatterns = [
    *credentials.urls,
    *certification.urls,
    *links.urls,
    *posters.urls,
    *attesting.urls,
    *standing.urls,
    *printing.urls,
    *evidence.urls,
    *handover.urls,
]
