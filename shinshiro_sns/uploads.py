"""Keeping an uploaded file between its preview and its confirmation, for its owner alone."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

LIFETIME_SECONDS = 60 * 60
_SALT = "uploads"


class UploadGone(Exception):
    """The file is not (or no longer) there for this person."""


def keep(file: UploadedFile, *, owner: int, purpose: str) -> str:
    """Store `file` and return the token with which `owner` finds it again for an hour."""
    _forget_old()
    name = secrets.token_hex(16)
    # Nobody but the portal's own account on the machine: a register may hold internal remarks.
    handle = os.open(_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stored:
        for chunk in file.chunks():
            stored.write(chunk)
    content = {"name": name, "owner": owner, "purpose": purpose, "called": (file.name or "")[:100]}
    return signing.dumps(content, salt=_SALT, compress=True)


def read(token: str, *, owner: int, purpose: str) -> tuple[bytes, str]:
    """The content and the name under which it was uploaded. Raises `UploadGone`."""
    content = _opened(token, owner, purpose)
    try:
        return (_folder() / content["name"]).read_bytes(), content["called"]
    except OSError as error:
        raise UploadGone from error


def forget(token: str, *, owner: int, purpose: str) -> None:
    """Remove the file, if it is still there."""
    (_folder() / _opened(token, owner, purpose)["name"]).unlink(missing_ok=True)


def _opened(token: str, owner: int, purpose: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise UploadGone from error
    if (content["owner"], content["purpose"]) != (owner, purpose):
        raise UploadGone
    return content


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old() -> None:
    """Whoever uploads next clears away what nobody confirmed."""
    for path in _folder().iterdir():
        try:
            if time.time() - path.stat().st_mtime > LIFETIME_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue  # another process was quicker
