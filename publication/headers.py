"""The headers of what is published, by its file: the same as the portal's own views send.

`deploy`ed web servers say the same; tests hold all of them to the views.
"""

from __future__ import annotations

from csp.utils import build_policy
from django.conf import settings

PAGE = "text/html; charset=utf-8"
# By ending, the longest first; what is not named is a page.
TYPES = (
    (".fragment.html", PAGE),
    (".html", PAGE),
    (".schema.json", "application/schema+json"),
    (".json", "application/json"),
    (".csv", "text/csv; charset=utf-8; header=present"),
    (".atom", "application/atom+xml; charset=utf-8"),
    (".xml", "application/xml; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
    (".SHA256SUMS", "text/plain; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".woff2", "font/woff2"),
)
# Scripts of every other site may read these: see `publication.pages.public_data`.
FOR_ALL_SITES = frozenset(
    {
        "accounts.fragment.html", "check/index.json", "accounts.json", "accounts.csv",
        "accounts.schema.json", "openapi.json", ".well-known/trust.txt",
    }
)  # fmt: skip
NOT_FOR_SEARCH_ENGINES = frozenset({"accounts.fragment.html"})
# Named by their content, so that what is under a name never changes.
FOREVER = "max-age=315360000, public, immutable"
A_MINUTE = "public, max-age=0, s-maxage=60"
ALWAYS_ASKED_FOR = "public, no-cache"


def headers_of(name: str) -> list[tuple[str, str]]:
    """The headers of the published file `name`, but for those that its bytes decide."""
    kind = next((k for ending, k in TYPES if name.endswith(ending)), "application/octet-stream")
    found = [
        ("Content-Type", kind),
        ("Cache-Control", _kept(name)),
        ("Content-Security-Policy", str(build_policy())),
        ("Cross-Origin-Opener-Policy", str(settings.SECURE_CROSS_ORIGIN_OPENER_POLICY)),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if settings.SECURE_HSTS_SECONDS:
        found.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    if name in FOR_ALL_SITES:
        found += [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "ETag")]
    if name in NOT_FOR_SEARCH_ENGINES:
        found.append(("X-Robots-Tag", "noindex"))
    return found


def _kept(name: str) -> str:
    if f"/{name}".startswith(settings.STATIC_URL):
        return FOREVER
    return ALWAYS_ASKED_FOR if name.startswith("signed/") else A_MINUTE
