"""The rim that a photographed work often has: a few lines along an edge that are frame, shadow or bare ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.ports import Bytes

_DEEPEST = 0.025
"""A rim is no deeper than this share of the side."""
_MOST = 40
_APART = 2
"""Lines so far apart are compared."""
_SHARP, _LEAST = 2.2, 10.0
"""A rim ends in a step so many times as large as is usual between lines of the work, and of so many levels of 255."""
_SHARP_MEAN, _LEAST_MEAN = 1.7, 5.0
"""… or so many times as large as hardly ever between the mean colours of lines, and of so many levels."""


def rims(rgb: Bytes) -> tuple[int, int, int, int]:
    """Return how many pixels of a picture (height, width, 3) are rim on its left, at its top, on its right, at its bottom."""
    left, right = (_depth(np.moveaxis(rgb[:, ::turn], 1, 0)) for turn in (1, -1))
    top, bottom = (_depth(rgb[::turn]) for turn in (1, -1))
    return left, top, right, bottom


def _depth(lines: Bytes) -> int:
    """Return how many of the first lines (n, pixels, 3) are rim."""
    deepest = min(_MOST, int(lines.shape[0] * _DEEPEST))
    if deepest < 1 or lines.shape[0] < 8 * deepest:
        return 0
    steps, means = _steps(lines[: 6 * deepest])
    usual, seldom = float(np.median(steps[2 * deepest :])), float(np.percentile(means[2 * deepest :], 97))
    sharp = (steps > max(_SHARP * usual, _LEAST)) | (means > max(_SHARP_MEAN * seldom, _LEAST_MEAN))
    ends = np.flatnonzero(sharp[:deepest])
    return int(ends[-1]) + _APART + 1 if len(ends) else 0


def _steps(lines: Bytes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by how much each line differs from one a little further in: on the mean of its pixels, and in its mean colour."""
    step = lines[_APART:].astype(np.int32) - lines[:-_APART]
    pixels = lines.shape[1]
    each = np.abs(step).sum(axis=(1, 2), dtype=np.int64).astype(np.float64) / (3 * pixels)
    mean = np.abs(step.sum(axis=1, dtype=np.int64)).sum(axis=1).astype(np.float64) / (3 * pixels)
    return each, mean
