"""Somebody else's account, as its address was read: what a fake and what citizens report have in common."""

from __future__ import annotations

from django.db import models

from accounts.profiles import Profile, display_handle
from accounts.services import SERVICES


class OthersAccount(models.Model):
    """One account that is none of the city's, by `accounts.profiles.read_profile`."""

    service = models.CharField("サービス", max_length=20, editable=False)
    handle = models.CharField("アカウント名", max_length=200, blank=True, editable=False)
    url = models.CharField("URL", max_length=500, editable=False)
    identity = models.CharField("同一性", max_length=600, editable=False)
    permanent_id = models.CharField("変わらない番号", max_length=100, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.service_name} {self.called}"

    @property
    def profile(self) -> Profile:
        """What its address was read as."""
        return Profile(self.service, self.handle, self.url, self.identity, self.permanent_id)

    @property
    def service_name(self) -> str:
        """The service it is on, by its name."""
        return SERVICES[self.service].name

    @property
    def called(self) -> str:
        """The handle as its service shows it; of what has none, the address."""
        return display_handle(self.service, self.handle) if self.handle else self.url
