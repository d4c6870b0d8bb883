"""What is to be posted."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class ImageKind(enum.Enum):
    """What an image shows, as far as rights and consent depend on it."""

    PHOTO = "写真"
    ILLUSTRATION = "イラスト・ロゴ"
    SCREENSHOT = "画面や紙面を写したもの"
    CHART = "図・表・地図"
    VIDEO = "動画"


@dataclass(frozen=True)
class Image:
    """So many images of one kind, all of them with a description for who cannot see them, or not."""

    kind: ImageKind
    count: int = 1
    has_description: bool = False


@dataclass(frozen=True)
class Draft:
    """The text as typed, and the images that go with it. Its text never shows in a `repr`."""

    text: str = field(repr=False)
    images: tuple[Image, ...] = ()
