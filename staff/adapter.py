"""How allauth behaves here: nobody signs up, an administrator registers people."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render

from staff import demonstration
from staff.models import User

logger = logging.getLogger(__name__)


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator registers people."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Nobody of the demonstration in production: their password stands in the source."""
        address = str(credentials.get("email", "")).lower()
        if not settings.DEMONSTRATION and address.endswith(f"@{demonstration.DOMAIN}"):
            return None
        found: User | None = super().authenticate(request, **credentials)
        return found

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once and by nobody's outbox: a link to a password is for its reader alone."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            # Without the address, which the error may name.
            logger.warning("A mail of the log-in could not be sent: %s", type(error).__name__)
            page = render(allauth_context.request, "account/mail_down.html", status=503)
            raise ImmediateHttpResponse(page) from error

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name beside the address."""


@receiver(post_save, sender=User)
def forget_former_addresses(sender: Any, instance: User, **kwargs: Any) -> None:
    """One person, one address: allauth would go on letting in, and resetting, by a former one.

    The mailbox of a former address may be someone else's by now.
    """
    changed = kwargs["update_fields"]
    if changed is None or "email" in changed:
        own = Q(user=instance, email=instance.email)
        either = Q(user=instance) | Q(email=instance.email)
        EmailAddress.objects.filter(either).exclude(own).delete()
