"""The sheet that a study paints: a picture computed band by band, at any size, from formulas over its places.

Places are in units of the shorter side of the picture (x to the right, y downwards), so that a drawing is the same at every
size.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Event

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.progress import Progress
from palimpsest.media.raster import Floats, Raster

_BAND = 160_000
"""Points that are computed at once: small enough for the processor's cache, and memory stays flat."""
_HALO = 2
_SAMPLES = 256
_MOST = 6_000_000
"""Points that a small picture may be painted with, so that a very long and thin one does not take minutes."""
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

    def paint(
        self, painter: Callable[[Patch], Floats], progress: Progress, *, samples: int = _SAMPLES, halo: int = 0
    ) -> Raster:
        """Call `painter` for every band of the sheet; it returns sRGB colours (h, w, 3) in 0..1 for the patch it gets.

        Bands are independent of one another, so that two are painted at a time and the result does not depend on it. A
        sheet whose shorter side has fewer than `samples` pixels is painted finer and averaged, so that a small picture is the
        large one seen from afar and not a coarse pick of its points. A patch has `halo` rows of points more above and below
        than are kept, so that slopes are the same at every seam.

        Raises:
            Cancelled: `progress` was told to stop.
        """
        pixels = np.empty((self.height, self.width, 3), np.uint8)
        finer = self._finer(samples)
        rows = max(1, _BAND // (self.width * finer * finer))
        tops = range(0, self.height, rows)
        over = Event()
        with ThreadPoolExecutor(_WORKERS) as pool:

            def band(top: int) -> NDArray[np.uint8]:
                rows_left = 0 if over.is_set() else rows
                return self._band(painter, top, min(top + rows_left, self.height), finer, halo)

            try:
                for top, painted in zip(tops, pool.map(band, tops), strict=True):
                    pixels[top : top + len(painted)] = painted
                    progress((top + len(painted)) / self.height)
            finally:
                over.set()
        return Raster(pixels)

    def _finer(self, samples: int) -> int:
        wanted = -(-samples // min(self.width, self.height))
        return min(wanted, max(1, math.isqrt(_MOST // (self.width * self.height))))

    def _band(
        self, painter: Callable[[Patch], Floats], top: int, bottom: int, finer: int, halo: int
    ) -> NDArray[np.uint8]:
        if top == bottom:
            return np.empty((0, self.width, 3), np.uint8)
        unit = min(self.width, self.height) * finer
        xs = (np.arange(self.width * finer) + 0.5) / unit
        ys = (np.arange(top * finer - halo, bottom * finer + halo) + 0.5) / unit
        colours = painter(Patch(xs.astype(np.float32), ys.astype(np.float32), 1 / unit))
        if halo:
            colours = colours[halo:-halo]
        if finer > 1:
            colours = np.clip(colours, 0, 1).reshape(bottom - top, finer, self.width, finer, 3).mean((1, 3))
        return np.asarray(Raster.from_floats(colours).pixels, np.uint8)


@dataclass(frozen=True)
class Band(Patch):
    """A patch whose `x` and `y` are measured from the middle of the picture (`across` × `down`), where patterns begin."""

    across: float
    down: float

    @cached_property
    def x(self) -> Floats:
        """The x of every point (h, w), measured from the middle of the picture."""
        return np.broadcast_to(self.xs - np.float32(self.across / 2), self.shape)

    @cached_property
    def y(self) -> Floats:
        """The y of every point (h, w), measured from the middle of the picture; it grows downwards."""
        return np.broadcast_to((self.ys - np.float32(self.down / 2))[:, None], self.shape)


def render(width: int, height: int, shade: Callable[[Band], Floats], *, samples: int = _SAMPLES) -> Raster:
    """Shade a pattern band by band; `shade` returns sRGB colours (rows, columns, 3) for a band, from places alone.

    `samples` is as in `Sheet.paint`; slopes may reach two rows.
    """
    sheet = Sheet(width, height)

    def paint(patch: Patch) -> Floats:
        return shade(Band(patch.xs, patch.ys, patch.pixel, sheet.across, sheet.down))

    return sheet.paint(paint, Progress(), samples=samples, halo=_HALO)
