"""Look at a file from outside once: what it is, how large, its pixels' digest, and a thumbnail."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from palimpsest.errors import ImageRefused
from palimpsest.media.codecs import decode, media_type_in, shallow
from palimpsest.media.raster import Raster
from palimpsest.media.rights import read_rights


@dataclass(frozen=True)
class Inspection:
    """What an image file holds, once decoded. `pixels` is the raster's digest, `thumbnail` a WebP file.

    `rights` are the fields of its metadata that speak of rights, with what they hold.
    """

    media_type: str
    width: int
    height: int
    bits: int
    alpha: bool
    pixels: str
    thumbnail: bytes
    rights: tuple[tuple[str, str], ...] = ()


def inspect(data: bytes, name: str, pixel_limit: int, thumbnail_pixels: int) -> Inspection:
    """Decode a file and measure it; width and height are those of the upright image.

    Raises:
        ImageTooLarge: it declares more than `pixel_limit` pixels.
        ImageRefused: it is not an image of ours, or damaged.
    """
    raster = decode(data, name, pixel_limit)
    media_type = media_type_in(data)
    if media_type is None:
        raise ImageRefused(name, "it is not an image")
    return Inspection(
        media_type=media_type,
        width=raster.width,
        height=raster.height,
        bits=raster.bits,
        alpha=raster.has_alpha,
        pixels=raster.digest,
        thumbnail=thumbnail(raster, thumbnail_pixels),
        rights=read_rights(data),
    )


def thumbnail(raster: Raster, longest: int) -> bytes:
    """Return a small WebP of a raster, alpha kept, its longer side `longest` pixels; a smaller raster keeps its size."""
    shrink = min(1.0, longest / max(raster.width, raster.height))
    size = max(1, round(raster.width * shrink)), max(1, round(raster.height * shrink))
    image = Image.fromarray(shallow(raster))
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    file = io.BytesIO()
    image.save(file, "WEBP", quality=82)
    return file.getvalue()
