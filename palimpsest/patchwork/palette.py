"""The colours of one picture exchanged for those of others, near for near."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from palimpsest.craft.ports import Mask
from palimpsest.media.raster import Floats
from palimpsest.media.resample import resize

Numbers = NDArray[np.float64]

_RANKS = np.linspace(0, 1, 129)
_TURNS = 8
_SHEET = 160
"""The longer side, in pixels, of the picture whose colours are exchanged."""
_SMOOTH = 2.0
"""Radius over which the exchange is made even, in pixels of the sheet."""


def palette(lab: Floats, usable: Mask | None, count: int) -> Numbers:
    """Return about `count` colours (n, 3) of a picture (height, width, 3), spread over what is usable of it."""
    colours = lab.reshape(-1, 3) if usable is None or not usable.any() else lab[usable]
    picked: Numbers = colours[:: max(1, len(colours) // max(1, count))].astype(np.float64)
    return picked


def exchanged(lab: Floats, goal: Numbers, rng: np.random.Generator) -> Floats:
    """Give a picture (height, width, 3) in OKLab the distribution of colours of `goal` (n, 3), each pixel one near its own.

    Returns it small, its longer side 160 pixels at most.

    Iterative distribution transfer: Pitié, Kokaram and Dahyot, "N-dimensional probability density function transfer and its
    application to colour transfer" (2005). Here each pixel's change is then averaged with its neighbours', so that flat parts
    stay flat.
    """
    share = min(1.0, _SHEET / max(lab.shape[:2]))
    size = max(1, round(lab.shape[1] * share)), max(1, round(lab.shape[0] * share))
    sheet = resize(lab, *size)
    moved = sheet.reshape(-1, 3).astype(np.float64)
    for axes in _axes(rng):
        change = np.zeros_like(moved)
        for axis in axes:
            here, there = _along(moved, axis), _along(goal, axis)
            before = np.quantile(here, _RANKS) + 1e-9 * _RANKS
            change += (np.interp(here, before, np.quantile(there, _RANKS)) - here)[:, None] * axis
        moved += change
    step = moved.reshape(sheet.shape) - sheet
    return (sheet + gaussian_filter(step, (_SMOOTH, _SMOOTH, 0))).astype(np.float32)


def _axes(rng: np.random.Generator) -> Iterator[Numbers]:
    """Yield three axes at right angles (3, 3): first lightness and the two hues, then others at random."""
    yield np.eye(3)
    for _ in range(_TURNS):
        w, x, y, z = (quaternion := rng.normal(size=4)) / np.sqrt((quaternion**2).sum())
        yield np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )


def _along(colours: Numbers, axis: Numbers) -> Numbers:
    """Return how far colours lie along an axis; without BLAS, whose sums may differ with its threads."""
    along: Numbers = colours[:, 0] * axis[0] + colours[:, 1] * axis[1] + colours[:, 2] * axis[2]
    return along
