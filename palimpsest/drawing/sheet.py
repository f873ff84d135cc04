"""Drawing by formula: a sheet painted band by band, and the distances from which shapes and brush lines are made.

Places are in units of the shorter side of the picture (x to the right, y downwards), so that a drawing is the same at every
size. A distance is signed: negative inside the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Event

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.progress import Progress
from palimpsest.media.raster import Floats, Raster

_BAND = 131072
"""Points that are computed at once: small enough for the processor's cache, and memory stays flat."""
_WORKERS = 2


@dataclass(frozen=True)
class Patch:
    """A rectangle of the sheet to compute: the x of its columns `xs` (w,), the y of its rows `ys` (h,), the size of a `pixel`."""

    xs: Floats
    ys: Floats
    pixel: float

    @cached_property
    def x(self) -> Floats:
        """The x of every point (h, w)."""
        return np.broadcast_to(self.xs[None, :], self.shape)

    @cached_property
    def y(self) -> Floats:
        """The y of every point (h, w)."""
        return np.broadcast_to(self.ys[:, None], self.shape)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.ys), len(self.xs)

    def window(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice] | None:
        """Return the rows and columns of the patch that this box touches, or None."""
        rows = slice(int(np.searchsorted(self.ys, top)), int(np.searchsorted(self.ys, bottom)))
        columns = slice(int(np.searchsorted(self.xs, left)), int(np.searchsorted(self.xs, right)))
        return (rows, columns) if rows.start < rows.stop and columns.start < columns.stop else None

    def part(self, window: tuple[slice, slice]) -> Patch:
        """Return the part of the patch inside a window."""
        return Patch(self.xs[window[1]], self.ys[window[0]], self.pixel)


@dataclass(frozen=True)
class Sheet:
    """A picture to be painted, `width` × `height` pixels."""

    width: int
    height: int

    @property
    def across(self) -> float:
        """Width in units of the shorter side."""
        return self.width / min(self.width, self.height)

    @property
    def down(self) -> float:
        """Height in units of the shorter side."""
        return self.height / min(self.width, self.height)

    def paint(self, painter: Callable[[Patch], Floats], progress: Progress) -> Raster:
        """Call `painter` for every band of the sheet; it returns sRGB colours (h, w, 3) in 0..1 for the patch it gets.

        Bands are independent of one another, so that two are painted at a time and the result does not depend on it.

        Raises:
            Cancelled: `progress` was told to stop.
        """
        pixels = np.empty((self.height, self.width, 3), np.uint8)
        rows = max(1, _BAND // self.width)
        tops = range(0, self.height, rows)
        over = Event()
        with ThreadPoolExecutor(_WORKERS) as pool:

            def band(top: int) -> NDArray[np.uint8]:
                rows_left = 0 if over.is_set() else rows
                return self._band(painter, top, min(top + rows_left, self.height))

            try:
                for top, painted in zip(tops, pool.map(band, tops), strict=True):
                    pixels[top : top + len(painted)] = painted
                    progress((top + len(painted)) / self.height)
            finally:
                over.set()
        return Raster(pixels)

    def _band(self, painter: Callable[[Patch], Floats], top: int, bottom: int) -> NDArray[np.uint8]:
        if top == bottom:
            return np.empty((0, self.width, 3), np.uint8)
        unit = min(self.width, self.height)
        xs = (np.arange(self.width) + 0.5) / unit
        ys = (np.arange(top, bottom) + 0.5) / unit
        colours = painter(Patch(xs.astype(np.float32), ys.astype(np.float32), 1 / unit))
        return np.asarray(Raster.from_floats(colours).pixels, np.uint8)


def coverage(distance: NDArray[np.floating], softness: float) -> Floats:
    """Return how much of a point the shape covers, 0..1, when its edge is `softness` wide."""
    return np.asarray(np.clip(0.5 - distance / softness, 0, 1), np.float32)


def smoothstep(low: float, high: float, value: NDArray[np.floating]) -> Floats:
    """Rise smoothly from 0 at `low` to 1 at `high` (which may lie below `low`)."""
    t = np.asarray(np.clip((value - low) / (high - low), 0, 1), np.float32)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def lay(ground: Floats, colour: Sequence[float] | Floats, cover: Floats) -> None:
    """Lay a colour over the ground (h, w, 3), in place, as opaque as `cover` (h, w) says."""
    ground += (np.asarray(colour, np.float32) - ground) * cover[:, :, None]


def disc_distance(x: Floats, y: Floats, centre: tuple[float, float], radius: float) -> Floats:
    """Return the signed distance to a disc."""
    return np.asarray(np.hypot(x - np.float32(centre[0]), y - np.float32(centre[1])) - np.float32(radius), np.float32)


def polygon_distance(x: Floats, y: Floats, corners: NDArray[np.floating]) -> Floats:
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
