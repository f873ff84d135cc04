"""Lines drawn with a brush: how far a point lies from one, how far along it and how far across."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats


@dataclass(frozen=True)
class BrushLine:
    """A line drawn with a brush: `path` (n, 2), n ≥ 2, and at every point of it the brush's `width` (n,)."""

    path: NDArray[np.floating]
    width: NDArray[np.floating]

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what it can touch."""
        reach = float(self.width.max()) * 0.75 + 0.003
        low, high = self.path.min(axis=0) - reach, self.path.max(axis=0) + reach
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def measure(self, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
        """Return for each point its distance to the line's edge, how far along the line it lies, and how far across.

        Along is in units of the shorter side from the beginning; across is -1 on one edge, 0 in the middle, 1 on the other.
        """
        edge = np.full(x.shape, np.inf, np.float32)
        along, across = np.zeros(x.shape, np.float32), np.zeros(x.shape, np.float32)
        done = 0.0
        for index in range(len(self.path) - 1):
            start, step = self.path[index], self.path[index + 1] - self.path[index]
            length = max(float(np.hypot(*step)), 1e-9)
            ux, uy = np.float32(step[0] / length), np.float32(step[1] / length)
            dx, dy = x - np.float32(start[0]), y - np.float32(start[1])
            t = np.clip(dx * ux + dy * uy, 0, np.float32(length))
            half = np.float32(self.width[index] / 2) + t * np.float32(
                (self.width[index + 1] - self.width[index]) / (2 * length)
            )
            distance = np.hypot(dx - t * ux, dy - t * uy)
            closer = distance - half < edge
            np.copyto(edge, distance - half, where=closer)
            np.copyto(along, t + np.float32(done), where=closer)
            np.copyto(across, (dy * ux - dx * uy) / np.maximum(half, np.float32(1e-6)), where=closer)
            done += length
        return edge, along, across


def curve(points: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Return `count` points along a smooth curve through `points` (n, 2): Catmull-Rom, evenly spread over its pieces."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    place = np.linspace(0, len(points) - 1, count)
    piece = np.minimum(place.astype(int), len(points) - 2)
    t = (place - piece)[:, None]
    p0, p1, p2, p3 = (padded[piece + offset] for offset in range(4))
    through = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.asarray(0.5 * through, np.float64)
