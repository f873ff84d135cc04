"""Shapes as signed distances, negative inside, and the soft edges and rises that are made from them.

Lengths are in units of the picture's shorter side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats

Mask = NDArray[np.bool_]


def floats(values: NDArray[np.floating] | float) -> Floats:
    """Return values as float32."""
    return np.asarray(values, np.float32)


def mask(values: NDArray[np.generic]) -> Mask:
    """Return values as yes or no."""
    return np.asarray(values, np.bool_)


def coverage(distance: NDArray[np.floating], softness: float) -> Floats:
    """Return how much of a point lies inside (1) or outside (0) of a shape whose edge is as wide as `softness`."""
    return floats(np.clip(0.5 - floats(distance) / np.float32(softness), 0, 1))


def smoothstep(low: float, high: float, values: NDArray[np.floating]) -> Floats:
    """Return 0 below `low`, 1 above `high`, and a smooth rise between; `low` above `high` gives a fall."""
    t = np.clip((floats(values) - np.float32(low)) / np.float32(high - low), 0, 1)
    return floats(t * t * (3 - 2 * t))


def to_disc(x: Floats, y: Floats, centre: tuple[float, float], radius: float) -> Floats:
    """Return the signed distance to a disc."""
    return np.asarray(np.hypot(x - np.float32(centre[0]), y - np.float32(centre[1])) - np.float32(radius), np.float32)


def to_polygon(x: Floats, y: Floats, corners: NDArray[np.floating]) -> Floats:
    """Return the signed distance to a convex polygon with corners (n, 2), exact along its sides."""
    area = 0.0
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        area += x0 * y1 - x1 * y0
    side = 1.0 if area > 0 else -1.0
    furthest = np.full(np.shape(x), -np.inf, np.float32)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = max(float(np.hypot(x1 - x0, y1 - y0)), 1e-9)
        nx, ny = side * (y1 - y0) / length, -side * (x1 - x0) / length
        np.maximum(
            furthest, (x - np.float32(x0)) * np.float32(nx) + (y - np.float32(y0)) * np.float32(ny), out=furthest
        )
    return furthest


def to_box(x: Floats, y: Floats, half_width: float, half_height: float) -> Floats:
    """Return the signed distance to a box about the origin."""
    across, down = np.abs(x) - np.float32(half_width), np.abs(y) - np.float32(half_height)
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return (outside + np.minimum(np.maximum(across, down), 0)).astype(np.float32)
