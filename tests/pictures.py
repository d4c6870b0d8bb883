"""Pictures as telephones take them."""

from __future__ import annotations

import io

from PIL import Image

# Of Exif: the block on the place, and in it the latitude.
GPS, LATITUDE_REF, LATITUDE = 0x8825, 1, 2


def with_place(shade: int = 0) -> bytes:
    """A small photograph that says where it was taken; another one for each `shade`."""
    picture = Image.new("RGB", (8, 8), (shade, 120, 200))
    exif = picture.getexif()
    exif.get_ifd(GPS).update({LATITUDE_REF: "N", LATITUDE: (34.0, 54.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()
