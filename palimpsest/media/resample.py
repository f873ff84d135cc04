"""Change an image's size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Floats, Raster


def resize(pixels: Floats, width: int, height: int) -> Floats:
    """Resample an array (height, width) or (height, width, channels) of float32 to another size, each channel by itself.

    Lanczos, three lobes (Duchon 1979), widened when shrinking so that nothing aliases; it may overshoot at edges, by up to a
    tenth of the step. The same size gives the same numbers. Always a new array.

    Raises:
        ParameterRefused: the size is less than one pixel.
    """
    _check(width, height)
    if pixels.shape[:2] == (height, width):
        return pixels.copy()
    if pixels.ndim == 2:
        return _plane(pixels, width, height)
    resized = np.empty((height, width, pixels.shape[2]), np.float32)
    for channel in range(pixels.shape[2]):
        resized[:, :, channel] = _plane(pixels[:, :, channel], width, height)
    return resized


def resize_raster(raster: Raster, width: int, height: int) -> Raster:
    """Resample a raster to another size; depth and alpha are kept, and transparent pixels lend no colour to their neighbours.

    The sRGB-encoded values are resampled, as picture editors do.

    Raises:
        ParameterRefused: the size is less than one pixel.
    """
    _check(width, height)
    if (raster.width, raster.height) == (width, height):
        return raster
    resized = np.empty((height, width, raster.pixels.shape[2]), raster.pixels.dtype)
    opacity = raster.alpha()
    if opacity is None:
        for channel in range(3):
            resized[:, :, channel] = _levels(_plane(_shares(raster, channel), width, height), raster.bits)
        return Raster(resized)
    cover: Floats = np.clip(_plane(opacity, width, height), 0, 1)
    seen = np.maximum(cover, np.float32(1e-6))
    for channel in range(3):
        weighted = _plane(_shares(raster, channel) * opacity, width, height)
        resized[:, :, channel] = _levels(weighted / seen, raster.bits)
    resized[:, :, 3] = _levels(cover, raster.bits)
    return Raster(resized)


def _check(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise ParameterRefused("size", "at least 1×1 pixels", f"{width}×{height}")


def _plane(plane: Floats, width: int, height: int) -> Floats:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.array(image.resize((width, height), Image.Resampling.LANCZOS))


def _shares(raster: Raster, channel: int) -> Floats:
    shares: Floats = raster.pixels[:, :, channel] * np.float32(1 / (2**raster.bits - 1))
    return shares


def _levels(shares: NDArray[np.floating], bits: int) -> NDArray[np.unsignedinteger]:
    levels: NDArray[np.floating] = np.rint(np.clip(shares, 0, 1) * np.float32(2**bits - 1))
    return levels.astype(np.uint8 if bits == 8 else np.uint16)
