"""Pictures from numbers: signed distances, soft edges, cells and light, computed in bands at any size.

Lengths are in units of the picture's shorter side; `step` is the size of one pixel in that unit.
A signed distance is negative inside a shape.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.noise import pixel_centres
from palimpsest.media.colour import hex_to_rgb
from palimpsest.media.raster import Floats, Raster

_PIXELS_OF_A_BAND = 200_000
_HALO = 2
"""Rows that a band computes beyond its own above and below, so that slopes are the same at every seam."""


@dataclass(frozen=True)
class Band:
    """Some rows of a picture: the x of its columns, the y of its rows, the size of a pixel, and the picture's far corner."""

    xs: Floats
    ys: Floats
    step: float
    right: float
    bottom: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.ys), len(self.xs)

    @property
    def x(self) -> Floats:
        """The x of every pixel, measured from the middle of the picture."""
        xs: Floats = np.broadcast_to(self.xs - np.float32(self.right / 2), self.shape)
        return xs

    @property
    def y(self) -> Floats:
        """The y of every pixel, measured from the middle of the picture; it grows downwards."""
        ys: Floats = np.broadcast_to((self.ys - np.float32(self.bottom / 2))[:, None], self.shape)
        return ys


def render(width: int, height: int, shade: Callable[[Band], Floats], *, samples: int = 256) -> Raster:
    """Shade a picture band by band; `shade` returns sRGB colours (rows, columns, 3) for a band, from places alone.

    A picture whose shorter side has fewer than `samples` pixels is shaded finer and averaged, so that a small one is the large
    one seen from afar and not a coarse pick of its points.
    """
    finer = -(-samples // min(width, height))
    xs, _ = pixel_centres(width * finer, height * finer)
    unit = min(width, height)
    pixels = np.empty((height, width, 3), np.uint8)
    rows = max(1, _PIXELS_OF_A_BAND // (width * finer * finer))

    def fill(top: int) -> None:
        bottom = min(top + rows, height)
        reach = np.arange(top * finer - _HALO, bottom * finer + _HALO)
        ys = ((reach + 0.5) / (unit * finer)).astype(np.float32)
        colours = shade(Band(xs, ys, 1 / (unit * finer), width / unit, height / unit))[_HALO:-_HALO]
        averaged = np.clip(colours, 0, 1).reshape(bottom - top, finer, width, finer, 3).mean((1, 3))
        pixels[top:bottom] = (averaged * 255 + 0.5).astype(np.uint8)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fill, range(0, height, rows)))
    return Raster(pixels)


def floats(values: NDArray[np.floating] | float) -> Floats:
    """Return values as float32."""
    return np.asarray(values, np.float32)


def coverage(distance: NDArray[np.floating], softness: float) -> Floats:
    """Return how much of each pixel lies inside (1) or outside (0), with an edge as wide as `softness`."""
    inside: Floats = np.clip(0.5 - np.asarray(distance, np.float32) / np.float32(softness), 0, 1).astype(np.float32)
    return inside


def smoothstep(low: float, high: float, values: NDArray[np.floating]) -> Floats:
    """Return 0 below `low`, 1 above `high`, and a smooth rise between; `low` above `high` gives a fall."""
    t = np.clip((np.asarray(values, np.float32) - np.float32(low)) / np.float32(high - low), 0, 1)
    rise: Floats = (t * t * (3 - 2 * t)).astype(np.float32)
    return rise


def blend(under: NDArray[np.floating], over: NDArray[np.floating] | tuple[float, ...], mask: Floats) -> Floats:
    """Lay colours `over` on colours `under` (rows, columns, 3) where `mask` (rows, columns) is 1."""
    laid: Floats = (under + (np.asarray(over, np.float32) - under) * mask[..., None]).astype(np.float32, copy=False)
    return laid


def to_segment(x: Floats, y: Floats, start: tuple[float, float], end: tuple[float, float]) -> tuple[Floats, Floats]:
    """Return the distance to a segment, and the place along it of the nearest point (0..1)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = max(dx * dx + dy * dy, 1e-12)
    along = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / length, 0, 1).astype(np.float32)
    return np.hypot(x - start[0] - along * dx, y - start[1] - along * dy).astype(np.float32), along


def to_box(x: Floats, y: Floats, half_width: float, half_height: float) -> Floats:
    """Return the signed distance to a box about the origin."""
    across, down = np.abs(x) - np.float32(half_width), np.abs(y) - np.float32(half_height)
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    return (outside + np.minimum(np.maximum(across, down), 0)).astype(np.float32)


@dataclass(frozen=True)
class Cells:
    """Cells about jittered points, one in each square of a lattice (Voronoi; Worley 1996): cracks, pebbles, pools."""

    jitter: Floats
    tints: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Cells:
        """Draw the points of 128 × 128 squares, after which they repeat."""
        return cls(rng.random((2, 128 * 128), np.float32) * np.float32(0.9), rng.random(128 * 128, np.float32))

    def borders(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[Floats, Floats]:
        """Return the distance to the nearest border between cells, in squares (about, never too great), and each cell's tint."""
        column, row = np.floor(x), np.floor(y)
        fx, fy = (x - column).astype(np.float32), (y - row).astype(np.float32)
        column_of, row_of = column.astype(np.int32), row.astype(np.int32)
        first = np.full(np.shape(x), 9, np.float32)
        second, owner = first.copy(), np.zeros(np.shape(x), np.int32)
        for down in (-1, 0, 1):
            base = ((row_of + down) & 127) << 7
            for across in (-1, 0, 1):
                square = base | ((column_of + across) & 127)
                dx = self.jitter[0][square] + (np.float32(across) - fx)
                dy = self.jitter[1][square] + (np.float32(down) - fy)
                distance = dx * dx + dy * dy
                nearer = distance < first
                second = np.minimum(second, np.maximum(distance, first))
                first = np.minimum(first, distance)
                owner[nearer] = square[nearer]
        gap: Floats = (np.sqrt(second) - np.sqrt(first)) * np.float32(0.5)
        return gap, self.tints[owner]


def light(height: Floats, step: float, *, steepness: float, shine: float, gloss: float = 24.0) -> tuple[Floats, Floats]:
    """Light a relief from the upper left: the diffuse factor about 1, and the highlight from 0 to `shine`.

    `height` and `step` share a unit; `steepness` exaggerates the slopes; `gloss` is the highlight's exponent (Blinn 1977).
    """
    down, across = (
        np.gradient(height, step * 1.0) if min(height.shape) > 1 else (np.zeros_like(height), np.zeros_like(height))
    )
    nx, ny = -across * np.float32(steepness), -down * np.float32(steepness)
    length = 1 / np.sqrt(nx * nx + ny * ny + 1)
    diffuse = (-0.45 * nx - 0.6 * ny + 0.66) * length / 0.66
    halfway = np.clip((-0.247 * nx - 0.329 * ny + 0.911) * length, 0, 1)
    return diffuse.astype(np.float32), (np.float32(shine) * halfway**gloss).astype(np.float32)


def palette(*colours: str) -> Floats:
    """Return colours written as '#rrggbb' as an array (n, 3), sRGB in 0..1."""
    return np.array([hex_to_rgb(text) for text in colours], np.float32)
