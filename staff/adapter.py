"""How allauth behaves here: nobody signs up, an administrator registers people."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from staff.models import User


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator registers people."""
        return False

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
