"""What is asked of images: rights and consent, clause 4(3), and a description for all, 4(2)イ."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from postings.checking.draft import Image, ImageKind
from postings.checking.findings import Match
from postings.checking.material import Material

# So many images fit one post, as the operators say; where none is named the service takes many.
_MOST = MappingProxyType(
    {"x": 4, "bluesky": 4, "mastodon": 4, "threads": 20, "instagram": 20, "line": 3, "tiktok": 35}
)
_SHOWS_PEOPLE = frozenset({ImageKind.PHOTO, ImageKind.VIDEO})


def find_rights(material: Material) -> Iterator[Match]:
    """Whatever is attached was made by somebody."""
    if images := _attached(material):
        named = "、".join(dict.fromkeys(image.kind.value for image in images))
        yield Match(0, 0, why=f"{named}を添えています。作った人の著作権があります。")


def find_consent(material: Material) -> Iterator[Match]:
    """Photographs and films may show people."""
    if any(image.kind in _SHOWS_PEOPLE for image in _attached(material)):
        yield Match(0, 0)


def find_undescribed(material: Material) -> Iterator[Match]:
    """Images without a description."""
    lacking = [image for image in _attached(material) if not image.has_description]
    if lacking:
        number = sum(image.count for image in lacking)
        yield Match(
            0, 0, why=f"{number}件の画像などに説明(代替テキスト)がありません。"
            "目の見えない人には、何が写っているか伝わりません。",
        )  # fmt: skip


def find_too_many(material: Material) -> Iterator[Match]:
    """More images than one post takes."""
    number = sum(image.count for image in _attached(material))
    for service in material.services:
        most = _MOST.get(service.key)
        if most is not None and number > most:
            yield Match(
                0, 0, why=f"{service.name}では、1回に{most}件までです。{number}件を添えています。",
                do="画像を減らすか、投稿を分けてください。",
            )  # fmt: skip


def _attached(material: Material) -> list[Image]:
    return [image for image in material.draft.images if image.count > 0]
