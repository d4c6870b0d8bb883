"""The least a WSGI application can do: the same bytes and headers for every request."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

_ANSWER = Path(os.environ["BENCH_ANSWER"])
_BODY = [_ANSWER.read_bytes()]
_HEADERS = [tuple(header) for header in json.loads(_ANSWER.with_suffix(".json").read_text())]


def application(environ: object, start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answers."""
    start_response("200 OK", list(_HEADERS))
    return _BODY
