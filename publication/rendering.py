"""Public pages as bytes: by the same views, asked as a visitor asks them. See decision 0029."""

from __future__ import annotations

import datetime
import functools
import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http.request import validate_host
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import Notice
from publication.state import digest

# What a page says that changes without it: put in when it is published, not when it is rendered.
PARTS = {
    name: re.compile(rf"(<!--{name}-->).*?(<!--/{name}-->)".encode(), re.DOTALL)
    for name in ("urgent", "confirmed")
}
# Beyond it a page is hardly smaller and takes several times as long.
BROTLI_QUALITY = 9
IN_CSS = re.compile(rb"url\(\s*[\"']?(?!data:)([^)\"'#?]+)")
APPS = ("shinshiro_sns", "staff", "accounts", "policies", "incidents", "postings", "publication")
# The settings that a public page may depend on.
SETTINGS = (
    "CITY_NAME", "CITY_URL", "CITY_CODE", "CITY_CONTACT", "CITY_TELEPHONE", "PORTAL_URL",
    "DEMONSTRATION", "PUBLISH_STAFF_NAMES", "OFFICIAL_BEFORE_RECEIPT", "STATIC_URL",
    "SECURITY_CONTACT", "SECURITY_EXPIRES", "TRUST_BELONG_TO", "CITY_NAME_ENGLISH",
    "CITY_SPELLINGS", "CITY_PREFECTURE", "CITY_WEB_DOMAINS", "CHECK_INDEX_HOURS", "CITY_FAX",
    "ACCESSIBILITY_TEST_BY", "VISITORS_REACH_PORTAL",
)  # fmt: skip


class PageFailed(Exception):
    """A page could not be made; the words say which and why."""


def edition() -> str:
    """Changes with the portal's version and its settings: then every page is made anew."""
    manifest = getattr(staticfiles_storage, "manifest_hash", "")
    return digest(_code(), manifest, [getattr(settings, name) for name in SETTINGS])


@functools.cache
def _code() -> str:
    found = hashlib.sha256()
    base = Path(settings.BASE_DIR)
    files = [*(path for app in APPS for path in (base / app).rglob("*.py"))]
    files += [path for name in ("templates", "static") for path in (base / name).rglob("*.*")]
    for path in sorted(path for path in files if path.is_file()):
        found.update(path.read_bytes())
    return found.hexdigest()


class Renderer:
    """Asks the portal's own views, without a server in between."""

    def __init__(self) -> None:
        host = urlsplit(settings.PORTAL_URL)
        if not validate_host(host.hostname or "", settings.ALLOWED_HOSTS):
            raise PageFailed(
                f"PORTAL_URLのホスト名({host.hostname})が、ALLOWED_HOSTSにありません。"
            )
        self._client = Client(headers={"host": host.netloc})

    def page(self, address: str) -> bytes:
        """What a visitor without a name gets there. Raises PageFailed for anything but 200."""
        try:
            response = self._client.get(address, secure=True)
        except Exception as error:
            raise PageFailed(f"{address}:{type(error).__name__}") from error
        if response.status_code != 200:
            raise PageFailed(f"{address}:{response.status_code}")
        said = response.headers["Content-Type"].partition(";")[0]
        if not address.endswith("/") and (known := media_type(address)) != said:
            raise PageFailed(f"{address}:{said}、ファイル名では{known}")
        return response.content


# What web servers are told of the endings that not every one of them knows.
TYPES = {
    ".schema.json": "application/schema+json", ".json": "application/json",
    ".atom": "application/atom+xml", ".xml": "application/xml", ".js": "text/javascript",
    ".SHA256SUMS": "text/plain",
}  # fmt: skip


def media_type(name: str) -> str:
    """The type that a web server goes by the file's name."""
    told = next((kind for ending, kind in TYPES.items() if name.endswith(ending)), None)
    return told or mimetypes.guess_type(name)[0] or "application/octet-stream"


def parts(confirmed: datetime.datetime) -> dict[str, bytes]:
    """What stands on every page now: the urgent notices, and that it was confirmed at this moment."""
    contexts = {"urgent": list(Notice.objects.urgent()), "confirmed": confirmed}
    return {
        name: render_to_string(f"components/{name}.html", contexts).strip().encode()
        for name in PARTS
    }


def stamped(page: bytes, now: Mapping[str, bytes]) -> bytes:
    """`page` with these parts in their places."""
    for name, pattern in PARTS.items():
        # `re` would read a backslash in it as its own.
        part = now[name].replace(b"\\", b"\\\\")
        page = pattern.sub(rb"\g<1>" + part + rb"\g<2>", page)
    return page


def variant_names(name: str) -> tuple[str, str, str]:
    """The file, and beside it the compressed ones that a web server hands out as they are."""
    return name, f"{name}.gz", f"{name}.br"


def variants(name: str, data: bytes) -> dict[str, bytes]:
    """`data` as the files of `variant_names`."""
    packed = gzip.compress(data, 9, mtime=0), brotli.compress(data, quality=BROTLI_QUALITY)
    return dict(zip(variant_names(name), (data, *packed), strict=True))


def assets_of(page: bytes) -> set[str]:
    """The static files that a page asks for, by their names below STATIC_URL."""
    at = re.escape(settings.STATIC_URL).encode()
    return {name.decode() for name in re.findall(rb'["\']' + at + rb'([^"\'?#]+)', page)}


def asset(name: str) -> bytes:
    """A static file as it was collected, or where it would be collected from."""
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return bytes(file.read())
    found = finders.find(name)
    if not found:
        raise PageFailed(
            f"{name}:静的ファイルがありません。manage.py collectstatic を実行してください。"
        )
    return Path(str(found)).read_bytes()


def in_stylesheet(name: str, data: bytes) -> set[str]:
    """The static files that a stylesheet asks for; none of anything else."""
    if not name.endswith(".css"):
        return set()
    folder = posixpath.dirname(name)
    asked = [address.decode().strip() for address in IN_CSS.findall(data)]
    return {posixpath.normpath(f"{folder}/{each}") for each in asked if "//" not in each}
