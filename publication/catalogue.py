"""Every public address: as which files it is published, or why it is not.

A new page joins by one line in `PUBLISHED`: `Published("name")` for a page of one address, whatever it
reads. `tests/publication/test_catalogue.py` holds both tables to the URL configuration.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from publication.listing import KINDS
from publication.state import PublicState, digest
from publication.well_known import security_expires

# The values in an address and a digest of what its page is made from.
Each = Iterable[tuple[tuple[Any, ...], str]]


def once(state: PublicState) -> Each:
    """One page, which anything may change."""
    return [((), state.everything)]


def whenever(state: PublicState) -> Each:
    """One page, which nothing but a new version of the portal changes."""
    return [((), "")]


def accounts(state: PublicState) -> Each:
    """The page of each account."""
    return [((pk,), stamp) for pk, stamp in state.accounts.items()]


def policies(state: PublicState) -> Each:
    """Every version of each account's policy that is or was public."""
    return [
        ((pk, version), digest(version, state.accounts[pk]))
        for pk, versions in state.policies.items()
        for version in versions
    ]


def notices(state: PublicState) -> Each:
    """Each notice."""
    return [((pk,), state.of_notices([pk])) for pk in state.notices]


def guidelines(state: PublicState) -> Each:
    """Every version of the guideline; each page names them all."""
    return [((day,), digest(state.day, state.guideline)) for day, _ in state.guideline]


def narrowed(state: PublicState) -> Each:
    """The list of each department, service and category that has accounts."""
    for kind, column in KINDS.items():
        keys: dict[str, list[int]] = {}
        for row in state.listed:
            if row[column]:
                keys.setdefault(row[column], []).append(row["pk"])
        for key, members in keys.items():
            yield (kind, key), digest(state.frame, state.of_accounts(members))


def security(state: PublicState) -> Each:
    """security.txt, as long as it holds."""
    last_day = security_expires()
    return [((), str(last_day))] if last_day and last_day >= state.day else []


@dataclass(frozen=True)
class Published:
    """One address of the URL configuration as files.

    `reads` names the parameters after the `?` that the portal itself answers, and no file.
    """

    name: str
    each: Callable[[PublicState], Each] = once
    reads: frozenset[str] = frozenset()


def hourly(state: PublicState) -> Each:
    """One page that says how old it is, and for how long it holds."""
    return [((), digest(state.everything, state.hour))]


def departments(state: PublicState) -> Each:
    """Every department, also one without accounts: a printed code leads there for years."""
    theirs: dict[int, list[int]] = {}
    for row in state.listed:
        theirs.setdefault(row["department"], []).append(row["pk"])
    return [
        ((pk,), digest(row, state.of_accounts(theirs.get(pk, ()))))
        for pk, row in state.departments.items()
    ]


def account_posters(state: PublicState) -> Each:
    """Of each official account."""
    official = [row["pk"] for row in state.listed if row["status"] == "official"]
    return [((pk,), state.accounts[pk]) for pk in official]


def department_posters(state: PublicState) -> Each:
    """Of each department with an official account."""
    having = {row["department"] for row in state.listed if row["status"] == "official"}
    return [(values, stamp) for values, stamp in departments(state) if values[0] in having]


LIST_READS = frozenset({"q", "service", "department", "category", "status", "view", "page"})

PUBLISHED = (
    Published("accounts", reads=LIST_READS),
    Published("accounts_table"),
    Published("accounts_former"),
    Published("accounts_former_table"),
    Published("accounts_of", narrowed),
    Published("accounts_of_table", narrowed),
    Published("accounts_index"),
    Published("account", accounts),
    Published("account_poster", account_posters),
    Published("policy", policies),
    Published("department", departments),
    Published("department_poster", department_posters),
    Published("accounts_fragment"),
    Published("official", whenever),
    Published("accounts_english"),
    Published("account_english", accounts),
    Published("official_english", whenever),
    Published("check", whenever, reads=frozenset({"q"})),
    Published("check_english", whenever, reads=frozenset({"q"})),
    Published("check_index", hourly),
    Published("notices"),
    Published("notice", notices),
    Published("notices_feed"),
    Published("guideline"),
    Published("guideline_version", guidelines),
    Published("accessibility", whenever),
    Published("not_found", whenever),
    Published("open_data", whenever),
    Published("accounts_json"),
    Published("accounts_csv"),
    Published("accounts_schema", whenever),
    Published("openapi", whenever),
    Published("trust"),
    Published("security", security),
    Published("robots", whenever),
    Published("sitemap"),
)

NOT_PUBLISHED = {
    "check_api": "It answers a question, and no file can; a browser judges by check/index.json.",
    "report": "It takes what a citizen writes, and no file can.",
    "report_thanks": "It answers what was written there.",
    "health_live": "It asks the portal itself whether it lives.",
    "health_ready": "It asks the portal itself whether it can do its work.",
}


# Digests are taken again and again, and of the addresses most stay for years.
@functools.lru_cache(maxsize=250_000)
def _address(name: str, values: tuple[Any, ...]) -> str:
    return reverse(f"publication:{name}", args=values)


def addresses(state: PublicState) -> dict[str, str]:
    """Every address that is published, with the digest of what its page is made from."""
    return {
        _address(of.name, values): stamp for of in PUBLISHED for values, stamp in of.each(state)
    }


def file_name(address: str) -> str:
    """The file in which a web server looks for an address."""
    return f"{address}index.html".lstrip("/") if address.endswith("/") else address.lstrip("/")
