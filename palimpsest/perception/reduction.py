"""A picture made small for measuring: upright, opaque, eight bits, so that what is measured costs the same for every size."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Raster

Bytes = NDArray[np.uint8]
_BAND = 512


def reduced(raster: Raster, longest: int) -> Bytes:
    """Return a picture laid on white and made small: uint8 (height, width, 3), sRGB-encoded, read-only or the caller's own.

    Its longer side has at most `longest` pixels; a smaller picture keeps its size. Areas are averaged, so nothing aliases.
    """
    opaque = _opaque(raster)
    height, width = opaque.shape[:2]
    shrink = longest / max(height, width)
    if shrink >= 1:
        return opaque
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    return np.asarray(cv2.resize(opaque, size, interpolation=cv2.INTER_AREA), np.uint8)


def grey(picture: Bytes) -> Bytes:
    """Return the luma (height, width) of a picture (height, width, 3), after ITU-R BT.601."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _opaque(raster: Raster) -> Bytes:
    """Lay a raster on white in eight bits, in bands, so that even a very large one takes no more than its pixels."""
    pixels: NDArray[Any] = raster.pixels
    if raster.bits == 8 and not raster.has_alpha:
        return pixels
    made = np.empty((raster.height, raster.width, 3), np.uint8)
    for top in range(0, raster.height, _BAND):
        band = Raster(pixels[top : top + _BAND])
        made[top : top + _BAND] = np.rint(band.over() * 255)
    return made
