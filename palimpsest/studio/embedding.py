"""Pictures as addresses that a page can hold, so that it needs nothing beside it."""

from __future__ import annotations

import base64

from palimpsest.errors import Damaged, NotFound
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.studio.finding import thumbnail_of
from palimpsest.studio.performing import raster_of
from palimpsest.studio.studio import Studio


def thumbnail_data(studio: Studio, work: str) -> str:
    """Return a work's thumbnail, or nothing where its pixels are gone."""
    try:
        data = thumbnail_of(studio, work)
    except (Damaged, NotFound):
        return ""
    return f"data:image/webp;base64,{base64.b64encode(data).decode()}"


def picture_data(studio: Studio, work: str, widest: int) -> str:
    """Return a work at most so many pixels wide, or nothing where its pixels are gone."""
    try:
        return jpeg_data(raster_of(studio, work), widest)
    except (Damaged, NotFound):
        return ""


def jpeg_data(raster: Raster, widest: int) -> str:
    """Return a picture at most so many pixels wide."""
    if raster.width > widest:
        raster = resize_raster(raster, widest, max(1, round(raster.height * widest / raster.width)))
    return f"data:image/jpeg;base64,{base64.b64encode(encode(raster, 'image/jpeg', 88)).decode()}"
