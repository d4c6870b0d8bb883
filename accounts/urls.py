"""Addresses of an account's ledgers, below `/desk/`."""

from accounts.views import (
    attesting,
    certification,
    credentials,
    evidence,
    handover,
    links,
    standing,
)

app_name = "accounts"
urlpatterns = [
    *credentials.urls,
    *certification.urls,
    *links.urls,
    *attesting.urls,
    *standing.urls,
    *evidence.urls,
    *handover.urls,
]
