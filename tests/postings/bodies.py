"""What a POST to each address of posts carries, so that nothing but the role stands in its way."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from tests.knocking import City, Line

POST_STEPS = "/desk/accounts/<int:pk>/posts/<int:post>/steps/<slug:name>/"


def _draft(city: City, line: Line) -> dict[str, Any]:
    post = city.things[line.parts[1]] if len(line.parts) > 1 else None
    return {"text": "新しい本文です。", "to": "save", "key": post.key if post else uuid.uuid4(),
            "revision": post.revision if post else ""}  # fmt: skip


def _post_step(city: City, line: Line) -> dict[str, Any]:
    post = city.things[line.parts[1]]
    now = timezone.localtime()
    return {"revision": post.revision, "note": "場所も書く", "urls": f"{post.account.url}/status/9",
            "posted_on": now.date().isoformat(), "posted_time": f"{now:%H:%M}"}  # fmt: skip


BODIES: dict[str, Any] = {
    "/desk/accounts/<int:pk>/posts/new/": _draft,
    "/desk/accounts/<int:pk>/posts/check/": _draft,
    "/desk/accounts/<int:pk>/posts/<int:post>/edit/": _draft,
    POST_STEPS: _post_step,
    "/desk/accounts/<int:pk>/posts/<int:post>/inquiries/add/": lambda city, line: {
        "question": "経緯を教えてください。", "key": uuid.uuid4(),
    },
    "/desk/inquiries/<int:pk>/": lambda city, line: {"answer": "了承を得ています。"},
    "/desk/inquiries/<int:pk>/withdraw/": lambda city, line: {"reason": "分かったため"},
    "/desk/accounts/<int:pk>/posts/keys/": lambda city, line: {
        "name": "新しい鍵", "expires_on": timezone.localdate().isoformat(),
    },
}  # fmt: skip
