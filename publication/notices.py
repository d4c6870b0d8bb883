"""Who is told that the public pages are not brought up to date, 3(6)."""

from __future__ import annotations

from django.urls import reverse

from publication.models import Publisher
from shinshiro_sns import mail
from staff import authority


def publication_failed(publisher: Publisher) -> None:
    """Once for each time it begins to fail: to whoever sees to it."""
    for person in authority.holders("publication.mend_publisher", [publisher.department_id]):
        mail.queue(
            to=person,
            notice="publication/failed",
            context={
                "publisher": publisher,
                "path": reverse("admin:publication_publisher_changelist"),
            },
            key=f"publisher {publisher.pk} since {publisher.failed_since}",
        )
