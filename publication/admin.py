"""How the publication stands, for those who see to it: to be read."""

from __future__ import annotations

from django.contrib import admin

from publication.models import Publisher
from shinshiro_sns.admin import PortalModelAdmin


@admin.register(Publisher)
class PublisherAdmin(PortalModelAdmin):
    """Each directory, when it was last confirmed, and what is wrong."""

    list_display = ["directory", "number", "confirmed_at", "stands"]
    fields = ["directory", "number", "confirmed_at", "failed_since", "failure"]

    @admin.display(description="状態")
    def stands(self, publisher: Publisher) -> str:
        """In words."""
        return publisher.wrong or "更新されています"
