"""Whose a host is, and which hosts are made to look like another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from accounts.likeness import folding
from accounts.services import SERVICES

SERVICE_HOSTS = tuple(host for service in SERVICES.values() for host in service.hosts)
# From so many letters on, one wrong one is taken for a slip of the reader's own eye.
LONG_HOST = 9


def host_of(address: str) -> str:
    """The host in an address as it is written, in small letters."""
    rest = address.partition("//")[2] if "//" in address else address
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].lower()


def lies_in(host: str, site: str) -> bool:
    """Whether `host` is the site or lies below it."""
    return host == site or host.endswith(f".{site}")


def known_host(address: str, sites: frozenset[str]) -> bool:
    """Whether the address is one of a service or of the city."""
    host = host_of(address)
    return any(lies_in(host, each) for each in (*SERVICE_HOSTS, *sites))


def looks_like(host: str, sites: Iterable[str]) -> str:
    """The service's or the city's host that `host`, which is none of them, is made to look like."""
    ours = {site: _skeleton(site) for site in sorted(sites)}
    known = {**ours, **{each: _skeleton(each) for each in SERVICE_HOSTS}}
    labels = host.split(".")
    for each, mark in known.items():
        if f".{each}." in f".{host}.":
            return each
        tail = _skeleton(".".join(labels[-each.count(".") - 1 :]))
        if mark == tail or (len(mark) >= LONG_HOST and OSA.distance(mark, tail) <= 1):
            return each
    whole = _skeleton(host)
    return next((each for each, mark in ours.items() if mark in whole), "")


_skeleton = lru_cache(maxsize=1024)(folding.skeleton)
