"""The stroke painter: lays bristled strokes of body paint and keeps their relief."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import numpy as np

from palimpsest.craft.ports import Card, Strokes
from palimpsest.craft.progress import Progress
from palimpsest.errors import ParameterRefused
from palimpsest.lineage.records import Grade
from palimpsest.media.raster import Floats

CARD = Card(
    port="stroke-painter",
    name="bristle-painter",
    version=1,
    summary="Lays brush strokes of body paint, hair by hair, and keeps their relief.",
    licence="Apache-2.0",
    source="palimpsest.engines.stroke_painter",
    trained_on="nothing: it is arithmetic",
    grade=Grade.SAME_DEVICE,
)

_BATCH = 4096
_BAND = 64


class BristlePainter:
    """Fills the port `stroke-painter`. The picture is painted in bands of rows, so threads never meet in a pixel.

    The brush model is in the family of Strassmann, "Hairy brushes" (SIGGRAPH 1986): hairs along a path that run dry one by one.
    Here the hairs are noise across the stroke rather than particles, and they carry height, as in Hertzmann, "Fast paint texture"
    (NPAR 2002).
    """

    card: ClassVar[Card] = CARD

    def __init__(self, kernel: Callable[..., None], threads: int) -> None:
        self._kernel = kernel
        self._threads = threads or os.cpu_count() or 1

    def lay(self, canvas: Floats, height: Floats, strokes: Strokes, progress: Progress) -> tuple[Floats, Floats]:
        """Paint strokes over a canvas (height, width, 3) sRGB in 0..1 with relief `height` (height, width) in pixels.

        Returns both anew, the canvas a little out of 0..1 where a highlight demands it.

        Raises:
            ParameterRefused: the shapes do not fit, or a number is not finite.
            Cancelled: `progress` was told to stop.
        """
        _check(canvas, height, strokes)
        painted = canvas.astype(np.float32, order="C")
        relief = height.astype(np.float32, order="C")
        count, rows = len(strokes.paths), painted.shape[0]
        columns = [
            np.ascontiguousarray(each, np.float32)
            for each in (strokes.paths, strokes.widths, strokes.colours, strokes.loads)
        ]
        columns.append(np.ascontiguousarray(strokes.bristles, np.int64))
        with ThreadPoolExecutor(self._threads) as pool:
            for first in range(0, count, _BATCH):
                progress(first / count)
                part = [each[first : first + _BATCH] for each in columns]
                bands = [(top, min(top + _BAND, rows)) for top in range(0, rows, _BAND)]
                list(pool.map(lambda band, part=part: self._paint(painted, relief, band, part), bands))
        progress(1.0)
        return painted, relief

    def _paint(self, canvas: Floats, height: Floats, band: tuple[int, int], columns: list[np.ndarray]) -> None:
        reach = columns[0][:, :, 1]
        radius = columns[1] / 2 + 1
        touched = np.flatnonzero((reach.max(axis=1) + radius >= band[0]) & (reach.min(axis=1) - radius <= band[1]))
        self._kernel(canvas, height, band[0], band[1], *(each[touched] for each in columns))


def _check(canvas: Floats, height: Floats, strokes: Strokes) -> None:
    if canvas.ndim != 3 or canvas.shape[2] != 3 or height.shape != canvas.shape[:2]:
        raise ParameterRefused(
            "canvas", "shapes (height, width, 3) and (height, width)", f"{canvas.shape} and {height.shape}"
        )
    count = len(strokes.paths)
    lengths = {len(each) for each in (strokes.widths, strokes.colours, strokes.loads, strokes.bristles)}
    if strokes.paths.ndim != 3 or strokes.paths.shape[1] < 2 or strokes.paths.shape[2] != 2 or lengths != {count}:
        raise ParameterRefused(
            "strokes", "as many widths, colours, loads and bristles as paths of two points or more", "others"
        )
    if not all(np.isfinite(each).all() for each in (strokes.paths, strokes.widths, strokes.colours, strokes.loads)):
        raise ParameterRefused("strokes", "finite numbers", "NaN or infinity")
    if count and strokes.widths.min() <= 0:
        raise ParameterRefused("strokes", "widths above 0", float(strokes.widths.min()))


def load(threads: int = 0) -> BristlePainter:
    """Return the engine; `threads` 0 takes every core. The pixels do not depend on it."""
    from palimpsest.engines.stroke_painter.kernels import lay_band  # noqa: PLC0415 - numba loads late

    return BristlePainter(lay_band, threads)
