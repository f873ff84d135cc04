"""Ornament: petals, leaves and curls as distances, for studies in pattern. Negative inside a shape; any length unit."""

from __future__ import annotations

import numpy as np

from palimpsest.drawing.distance import floats
from palimpsest.media.raster import Floats


def petals(x: Floats, y: Floats, count: int, radius: float, depth: float, *, sharp: float = 1.0) -> Floats:
    """Return the distance to a flower; `depth` is how deep its petals part, `sharp` below 1 makes them round, above 1 thin."""
    away, turn = np.hypot(x, y), np.arctan2(y, x)
    rim = radius * (1 - depth + depth * np.abs(np.cos(turn * count / 2)) ** sharp)
    return floats((away - rim) * 0.8)


def leaf(
    x: Floats,
    y: Floats,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    width: float,
    bend: float,
    lobes: int = 0,
) -> tuple[Floats, Floats]:
    """Return the distance to a bent leaf, and to its vein."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = float(np.hypot(dx, dy))
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / length**2
    t = np.clip(along, 0, 1)
    off = ((y - start[1]) * dx - (x - start[0]) * dy) / length - bend * length * 4 * t * (1 - t)
    half = width * length * 2.3 * t**0.7 * (1 - t) ** 0.85
    if lobes:
        half = half * (1 + 0.24 * np.cos(2 * np.pi * (lobes * t - 0.3)))
    beyond = np.abs(along - t) * length
    return floats(np.hypot(np.maximum(np.abs(off) - half, 0), beyond) + np.minimum(np.abs(off) - half, 0)), floats(
        np.hypot(off, np.maximum(np.abs(t - 0.5) - 0.36, 0) * length)
    )


def curl(x: Floats, y: Floats, centre: tuple[float, float], *, radius: float, start: float) -> Floats:
    """Return the distance to a volute: a spiral that thins towards its eye."""
    px, py = x - centre[0], y - centre[1]
    away, turn = np.hypot(px, py) + 1e-5, np.arctan2(py, px) - start
    growth = 0.24
    wind = (np.log(away / radius) / growth - turn) / (2 * np.pi)
    off = np.abs(wind - np.round(wind)) * 2 * np.pi * away * growth
    return floats(np.maximum(np.maximum(off - 0.012 - 0.10 * away, away - radius), 0.016 - away))
