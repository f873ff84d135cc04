"""Colour spaces: sRGB, linear light, OKLab. Arrays of shape (…, 3), float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats, Raster

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of the primaries in luminance (ITU-R BT.709), for linear light."""

# Björn Ottosson, "A perceptual color space for image processing", 2020.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LAB = np.linalg.inv(_TO_LAB.astype(np.float64)).astype(np.float32)
_FROM_CONES = np.linalg.inv(_TO_CONES.astype(np.float64)).astype(np.float32)


def to_linear(srgb: NDArray[np.floating]) -> Floats:
    """Decode sRGB (0..1) to linear light (0..1), IEC 61966-2-1."""
    srgb = np.asarray(srgb, np.float32)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_srgb(linear: NDArray[np.floating]) -> Floats:
    """Encode linear light (0..1) as sRGB (0..1), IEC 61966-2-1."""
    linear = np.asarray(linear, np.float32)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055).astype(
        np.float32
    )


def to_oklab(srgb: NDArray[np.floating]) -> Floats:
    """Convert sRGB (0..1) to OKLab: lightness 0..1, a and b about -0.4..0.4."""
    return linear_to_oklab(to_linear(srgb))


def from_oklab(lab: NDArray[np.floating]) -> Floats:
    """Convert OKLab to sRGB; colours beyond the gamut fall outside 0..1."""
    return to_srgb(oklab_to_linear(lab))


def linear_to_oklab(linear: NDArray[np.floating]) -> Floats:
    """Convert linear light (0..1) to OKLab."""
    return _mix(np.cbrt(_mix(np.asarray(linear, np.float32), _TO_CONES)), _TO_LAB)


def oklab_to_linear(lab: NDArray[np.floating]) -> Floats:
    """Convert OKLab to linear light; colours beyond the gamut fall outside 0..1."""
    cones = _mix(np.asarray(lab, np.float32), _FROM_LAB)
    return _mix(cones * cones * cones, _FROM_CONES)


def luminance(srgb: NDArray[np.floating]) -> Floats:
    """Return relative luminance in linear light (0..1) of sRGB colours, one channel."""
    linear = to_linear(srgb)
    weighted: Floats = linear[..., 0] * LUMA[0] + linear[..., 1] * LUMA[1] + linear[..., 2] * LUMA[2]
    return weighted


def hex_to_rgb(text: str) -> tuple[float, float, float]:
    """Read '#rrggbb' as three numbers in 0..1; the text must have been checked."""
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _mix(channels: Floats, matrix: Floats) -> Floats:
    """Multiply by a 3×3 matrix, channel by channel: no BLAS, so the same sums at every thread count."""
    first, second, third = channels[..., 0], channels[..., 1], channels[..., 2]
    return np.stack([row[0] * first + row[1] * second + row[2] * third for row in matrix], axis=-1)


def cover_of(mask: Raster) -> Floats:
    """Return how much a mask lets through, (height, width) in 0..1: white all, black nothing, and clear parts nothing.

    It is the sRGB-encoded brightness (BT.709 weights) times the opacity, so that a middle grey lets half through.
    """
    scale = np.float32(1 / (2**mask.bits - 1))
    cover: Floats = np.zeros(mask.pixels.shape[:2], np.float32)
    for channel, weight in enumerate(LUMA):  # one plane at a time: all three in float are large
        cover += mask.pixels[:, :, channel] * (weight * scale)
    np.minimum(cover, 1, out=cover)  # rounding may have put white a hair above
    if mask.has_alpha:
        cover *= mask.pixels[:, :, 3] * scale
    return cover
