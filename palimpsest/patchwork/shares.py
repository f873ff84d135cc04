"""How much of a picture comes from each of several works: which part of it is given to which, so that each has what was asked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from palimpsest.craft.ports import Bytes
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Floats
from palimpsest.media.resample import resize

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]

_TURNS = 30
_SMOOTH = 2.0
"""Radius, in pixels of the sheet that is divided, over which parts go together."""
_RADIUS = 120
"""Levels of 255 from the middle at which a work's code lies in the guide."""


def shares_asked(name: str, weights: Sequence[float], count: int) -> list[float]:
    """Return the share of each of `count` works; no weights means all alike.

    Raises:
        ParameterRefused: there are not as many weights as works, or all are 0.
    """
    if not weights:
        return [1 / count] * count
    if len(weights) != count or not sum(weights) > 0:
        expected = f"{count} numbers from 0, not all 0, one for each exemplar"
        raise ParameterRefused(f"{name} weights", expected, list(weights))
    return [weight / sum(weights) for weight in weights]


def divided(sheet: Floats, palettes: Sequence[Numbers], shares: Sequence[float]) -> Labels:
    """Give each pixel of a sheet (height, width, 3) to one of several palettes (n, 3): where its colour is nearest, and so that
    each has its share of the pixels; all in OKLab."""  # noqa: D205, D209
    colours = sheet.reshape(-1, 3).astype(np.float64)
    far = [np.asarray(cKDTree(each).query(colours)[0]).reshape(sheet.shape[:2]) for each in palettes]
    cost = np.array([gaussian_filter(each, _SMOOTH) for each in far]).reshape(len(far), -1)
    bonus = np.zeros((len(far), 1))
    for turn in range(_TURNS * len(far)):
        each = turn % len(far)
        others = np.delete(cost - bonus, each, axis=0).min(axis=0)
        bonus[each] = np.quantile(cost[each] - others, shares[each])
    labels: Labels = (cost - bonus).argmin(axis=0).reshape(sheet.shape[:2])
    return labels


def codes(count: int) -> Bytes:
    """Return for each of several works two levels (count, 2) by which a guide tells it from the others."""
    turns = [2 * math.pi * each / count for each in range(count)]
    places = [(128 + _RADIUS * math.cos(turn), 128 + _RADIUS * math.sin(turn)) for turn in turns]
    return np.rint(places).astype(np.uint8)


def enlarged(labels: Labels, height: int, width: int) -> Labels:
    """Return labels at another size, their outlines smooth."""
    if labels.shape == (height, width):
        return labels
    best, found = np.full((height, width), -np.inf, np.float32), np.zeros((height, width), np.int64)
    for label in range(int(labels.max()) + 1):
        soft = gaussian_filter((labels == label).astype(np.float32), 0.7)
        soft = resize(soft, width, height)
        found[soft > best] = label
        np.maximum(best, soft, out=best)
    return found
