"""Light that falls across a surface."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.colour import to_linear, to_srgb
from palimpsest.media.raster import Floats

_BAND = 256


def lit(
    srgb: Floats, height: NDArray[np.floating], *, angle: float, elevation: float = 40.0, gloss: float | Floats = 0.15
) -> Floats:
    """Light a picture (height, width, 3) by its relief (height, width), measured in pixels; returns sRGB in 0..1.

    `angle` in degrees is where the light comes from: 0 from the right, 90 from above, 180 from the left. A flat part keeps
    its colour; `gloss` is one number, or one for each pixel (height, width). Shading is Lambert's, the shine
    that of Blinn (1977), worked out in linear light, in bands.
    """
    result = np.empty_like(srgb, np.float32)
    rows = srgb.shape[0]
    turn, rise = np.deg2rad(angle), np.deg2rad(elevation)
    light = np.array([np.cos(turn) * np.cos(rise), -np.sin(turn) * np.cos(rise), np.sin(rise)], np.float32)
    for top in range(0, rows, _BAND):
        bottom = min(top + _BAND, rows)
        first, last = max(top - 1, 0), min(bottom + 1, rows)
        shade, shine = _shade(height[first:last], light)
        inner = slice(top - first, bottom - first)
        polish = gloss[top:bottom, :, None] if isinstance(gloss, np.ndarray) else np.float32(gloss)
        linear = to_linear(srgb[top:bottom]) * shade[inner, :, None] + polish * shine[inner, :, None]
        result[top:bottom] = to_srgb(np.minimum(linear, 1))
    return result


def light(height: Floats, step: float, *, steepness: float, shine: float, gloss: float = 24.0) -> tuple[Floats, Floats]:
    """Light a relief from the upper left: the diffuse factor about 1, and the highlight from 0 to `shine`.

    `height` and `step` share a unit; `steepness` exaggerates the slopes; `gloss` is the highlight's exponent (Blinn 1977).
    """
    scale = np.float32(-steepness / step)
    nx, ny = scale * _slope(height, 1), scale * _slope(height, 0)
    length = 1 / np.sqrt(nx * nx + ny * ny + 1)
    diffuse = (-0.45 * nx - 0.6 * ny + 0.66) * length / 0.66
    halfway = np.clip((-0.247 * nx - 0.329 * ny + 0.911) * length, 0, 1)
    return diffuse.astype(np.float32), (np.float32(shine) * halfway**gloss).astype(np.float32)


def _shade(height: NDArray[np.floating], light: Floats) -> tuple[Floats, Floats]:
    across, down = _slope(height, 1), _slope(height, 0)
    norm = 1 / np.sqrt(across**2 + down**2 + 1)
    facing = (light[2] - across * light[0] - down * light[1]) * norm
    half = light + np.array([0, 0, 1], np.float32)
    half /= np.sqrt((half**2).sum())
    mirrored = np.maximum((half[2] - across * half[0] - down * half[1]) * norm, 0) ** 24
    shade = np.clip(0.3 + 0.7 * facing / light[2], 0.12, 1.7)
    return shade, np.maximum(mirrored - half[2] ** 24, 0)


def _slope(height: NDArray[np.floating], axis: int) -> Floats:
    if height.shape[axis] < 2:
        return np.zeros(height.shape, np.float32)
    return np.asarray(np.gradient(height.astype(np.float32, copy=False), axis=axis), np.float32)
