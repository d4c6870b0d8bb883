"""Pictures without what they tell beside what they show: where, when and with what they were taken."""

from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

# What a telephone takes is below it; beyond it a small file unpacks into more memory than there is.
MOST_PIXELS = 60_000_000
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# As Pillow names what it found in a file; the profile of its colours is none of it.
_TELLING = ("exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif", "comment", "photoshop")


def without_metadata(content: bytes, kind: str) -> bytes | None:
    """A copy that shows the same and tells nothing else; None where there is nothing to leave out.

    Raises ValidationError, in words, for a picture that cannot be read.
    """
    if kind not in FORMATS:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind], "MPO"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(
                    "画素数が多すぎる画像です。小さくした画像か、画面の一部だけの画像にしてください。",
                    "pixels",
                )
            if not _tells(picture):
                return None
            return _redrawn(picture, FORMATS[kind])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            "画像として読み取れません。もう一度保存し直したファイルを選んでください。", "broken"
        ) from error


def _tells(picture: Image.Image) -> bool:
    named = any(picture.info.get(name) for name in _TELLING)
    return named or bool(picture.getexif()) or bool(getattr(picture, "text", None))


def _redrawn(picture: Image.Image, as_format: str) -> bytes:
    moving = getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO"
    options: dict[str, Any] = {"save_all": True} if moving else {}
    if as_format == "JPEG":
        options["quality"] = 95
    if as_format == "WEBP":
        options["lossless"] = True
    profile = picture.info.get("icc_profile")
    # Which way up is told beside the picture too: the copy is turned.
    shown = picture if moving else ImageOps.exif_transpose(picture)
    if not moving:
        shown = shown.copy()
        shown.info = {k: v for k, v in shown.info.items() if k in ("transparency", "gamma")}
    written = io.BytesIO()
    shown.save(written, as_format, exif=b"", icc_profile=profile, **options)
    return written.getvalue()
