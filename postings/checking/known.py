"""What the city knows of itself: its own sites, numbers and accounts, and the words it lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Account
from postings.models import ListedWord
from staff.models import Department

_NO_DIGIT = re.compile(r"\D")


@dataclass(frozen=True)
class Word:
    """A word of the city's list."""

    word: str
    reading: str
    alternative: str
    reason: str
    level: str


@dataclass(frozen=True)
class Known:
    """What is nobody's private matter and no third party's page; handles are (service, handle)."""

    web_domains: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    handles: frozenset[tuple[str, str]] = frozenset()
    words: tuple[Word, ...] = ()

    @classmethod
    def load(cls) -> Known:
        """From the settings, the register, the departments and the list of words."""
        own = settings.CITY_OWN_CONTACTS
        telephones = [
            settings.CITY_TELEPHONE,
            *(contact for contact in own if contact.startswith("0")),
            *Department.objects.exclude(telephone="").values_list("telephone", flat=True),
        ]
        official = Account.objects.filter(status=Account.Status.OFFICIAL).exclude(handle="")
        fields = ("word", "reading", "alternative", "reason", "level")
        return cls(
            web_domains=(*settings.CITY_WEB_DOMAINS, *_hosts()),
            mail_domains=tuple(settings.CITY_EMAIL_DOMAINS),
            telephones=tuple(filter(None, (_NO_DIGIT.sub("", number) for number in telephones))),
            contacts=tuple(own),
            handles=frozenset(
                (service, handle.lower())
                for service, handle in official.order_by().values_list("service", "handle")
            ),
            words=tuple(Word(*row) for row in ListedWord.objects.looked_for().values_list(*fields)),
        )

    def is_own_host(self, host: str) -> bool:
        """Whether `host` is a site of the city."""
        return is_within(host, (*self.web_domains, *self.mail_domains))

    def is_own_telephone(self, digits: str) -> bool:
        """Whether a number, or the end of one as people of the city write it, is the city's."""
        return any(
            digits.startswith(own) or (len(digits) < len(own) and own.endswith(digits))
            for own in self.telephones
        )


def is_within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether `host` is one of `domains` or lies below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _hosts() -> list[str]:
    hosts = (urlsplit(address).hostname for address in (settings.CITY_URL, settings.PORTAL_URL))
    # The city's own site is known with and without its www.
    return [host.removeprefix("www.") for host in hosts if host]
