"""Decode and encode: from the bytes of a file to a raster and back."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.errors import ImageRefused, ImageTooLarge, ParameterRefused, UsageRefused
from palimpsest.media import deep, deep_profiles, xmp
from palimpsest.media.formats import FORMATS, Format, format_in, format_of, media_type_of, suffix_of
from palimpsest.media.orientation import orientation_of, turned
from palimpsest.media.profiles import is_srgb, lab_to_srgb, to_srgb
from palimpsest.media.quiet import no_chatter, no_warnings, pixel_bound
from palimpsest.media.raster import Raster
from palimpsest.media.refusal import DECODER_FAULTS, foreign_kind, reason_of

__all__ = ["FORMATS", "decode", "encode", "media_type_in", "media_type_of", "suffix_of"]

Pixels = NDArray[np.uint8] | NDArray[np.uint16]


def decode(data: bytes, name: str, pixel_limit: int) -> Raster:
    """Open an image file: its first frame or page, upright, in sRGB, with straight alpha where it has any.

    Sixteen bits a channel stay sixteen; everything finer (32 bit, float) is rounded to sixteen; what only eight can be had of
    (16 bits with a profile of tables, planar or premultiplied TIFF) has eight. A profile is converted with perceptual intent;
    one that is broken is ignored, and so are odd metadata and PNG's gAMA. What ends too early is refused. `name` is only for
    the errors.

    Raises:
        ImageTooLarge: it declares more than `pixel_limit` pixels; nothing was decoded.
        ImageRefused: it is not an image of ours, or damaged.
    """
    kind = format_in(data)
    if kind is None:
        raise ImageRefused(name, foreign_kind(data))
    try:
        with no_warnings(), pixel_bound(pixel_limit), no_chatter() if kind.name == "TIFF" else nullcontext():
            return Raster(_pixels(_opened(data, name, kind, pixel_limit), data))
    except DECODER_FAULTS as fault:
        raise ImageRefused(name, reason_of(fault, kind.name)) from fault


def media_type_in(data: bytes) -> str | None:
    """Tell the media type from the first bytes of a file; None when it is none of ours."""
    kind = format_in(data)
    return kind.media_type if kind else None


def encode(raster: Raster, media_type: str, quality: int | None = None, facts: xmp.Facts | None = None) -> bytes:
    """Write a raster as a file; the same raster gives the same bytes, as long as the libraries are the same.

    PNG and TIFF keep everything (16 bits, alpha). The others hold 8 bits; JPEG and BMP lay transparency over white; GIF has 256
    colours. WebP is lossless unless a `quality` (1..100) is given; JPEG has 95 and AVIF 90 unless told. No metadata is
    written but the given `facts`, as XMP; GIF and BMP take none.

    Raises:
        UsageRefused: no such format, or the raster is too large for it.
        ParameterRefused: the quality is out of range.
    """
    kind = format_of(media_type)
    if max(raster.width, raster.height) > kind.longest_side:
        raise UsageRefused(
            f"{kind.name}: expected at most {kind.longest_side} pixels a side, but got {raster.width}×{raster.height}.",
            "Choose PNG or TIFF.",
        )
    if quality is not None and not 1 <= quality <= 100:
        raise ParameterRefused("quality", "a whole number from 1 to 100", quality)
    packet = xmp.packet(facts) if facts and media_type in xmp.CARRIERS else b""
    data = _written(raster, kind, quality, packet)
    return xmp.into_png(data, packet) if packet and kind.name == "PNG" else data


def _written(raster: Raster, kind: Format, quality: int | None, packet: bytes) -> bytes:
    if raster.bits == 16 and kind.name in ("PNG", "TIFF"):
        return deep.encode(cast("deep.Deep", raster.pixels), kind.name, packet)
    pixels = shallow(raster)
    if raster.has_alpha and kind.name in ("JPEG", "BMP"):
        pixels = _over_white(pixels)
    return _saved(pixels, kind, quality, packet)


def shallow(raster: Raster) -> NDArray[np.uint8]:
    """Return the pixels in 8 bits, rounded."""
    if raster.bits == 8:
        return cast("NDArray[np.uint8]", raster.pixels)
    pixels = np.empty(raster.pixels.shape, np.uint8)
    for top in range(0, raster.height, 512):
        band = slice(top, top + 512)
        pixels[band] = (raster.pixels[band].astype(np.uint32) + 128) // 257
    return pixels


def _opened(data: bytes, name: str, kind: Format, pixel_limit: int) -> Image.Image:
    """Read the head only, by the one reader that fits: as Image.open does, which would load all the others first."""
    if kind.name == "WEBP":  # its reader allocates the whole canvas at once
        _check_size(_webp_size(data), name, pixel_limit)
    image = cast("Image.Image", Image.OPEN[kind.name][0](io.BytesIO(data), ""))
    _check_size(image.size, name, pixel_limit)
    return image


def _check_size(size: tuple[int, int], name: str, pixel_limit: int) -> None:
    if size[0] * size[1] > pixel_limit:
        raise ImageTooLarge(name, *size, pixel_limit)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read the size from the first chunk (WebP Container Specification, Google); 0×0 when there is none."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return 0, 0


def _pixels(image: Image.Image, data: bytes) -> Pixels:
    finer = deep.is_deep(image)
    image.load()
    profile = _profile(image)
    pixels: Pixels | None = deep.read(image, data) if finer else None
    if pixels is not None and profile:
        converted = deep_profiles.to_srgb(cast("deep.Deep", pixels), profile)
        pixels = pixels if converted is None and image.mode.startswith("I") else converted
    if pixels is None:
        pixels = np.asarray(_in_srgb(image, profile))
    return turned(pixels, orientation_of(image))


def _profile(image: Image.Image) -> bytes:
    """Return the colour profile that has to be applied; nothing when there is none or it is sRGB."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and not is_srgb(profile) else b""


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert any mode of eight bits to RGB, or to RGBA where anything may show through."""
    if image.mode == "LAB":
        return lab_to_srgb(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = image.convert(mode)
    colours = to_srgb(image, profile) if profile else None
    if colours is None:
        return image if image.mode == mode else image.convert(mode)
    if mode == "RGBA":
        colours.putalpha(image.convert("RGBA").getchannel("A"))
    return colours


def _over_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    laid = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, len(pixels), 512):
        band = pixels[top : top + 512].astype(np.uint16)
        opacity = band[:, :, 3:]
        laid[top : top + 512] = (band[:, :, :3] * opacity + 255 * (255 - opacity) + 127) // 255
    return laid


def _saved(pixels: NDArray[np.uint8], kind: Format, quality: int | None, packet: bytes) -> bytes:
    options: dict[str, Any] = {
        "PNG": {"compress_level": 1},
        "JPEG": {"quality": quality or 95, "subsampling": 0},
        "WEBP": {"quality": quality} if quality else {"lossless": True, "exact": True, "quality": 20},
        "TIFF": {"compression": "tiff_adobe_deflate"},
        "AVIF": {"quality": quality or 90, "subsampling": "4:4:4"},
    }
    held: dict[str, Any] = {"tiffinfo": {xmp.TIFF_TAG: packet}} if kind.name == "TIFF" else {"xmp": packet}
    chosen = options.get(kind.name, {}) | (held if packet else {})
    file = io.BytesIO()
    with no_warnings():
        Image.fromarray(pixels).save(file, kind.name, **chosen)
    return file.getvalue()
