"""A plan for several works in one picture: which of them shows where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from palimpsest.craft.ports import Bytes
from palimpsest.patchwork.joining import Whole, joined

Plan = Literal["bands", "diagonal", "around", "patches"]
PLANS: tuple[Plan, ...] = ("bands", "diagonal", "around", "patches")
Numbers = NDArray[np.float64]

_GRID = 64
"""The longer side of the small picture on which regions are planned."""
_AWAY = 500
"""What it costs a work, in levels, to show as far outside its region as the whole picture is deep."""
_STANDS_OUT = 60
"""What it is worth to show what stands out most in a work."""


def planned(pictures: Sequence[Bytes], plan: Plan, rng: np.random.Generator) -> Whole:
    """Divide a canvas among pictures of its size (height, width, 3) each; returns numbers (height, width).

    The plan gives all about the same area; the joints then move so that they run where the pictures agree and what stands out
    in each is shown.
    """
    height, width = pictures[0].shape[:2]
    small = np.stack([_small(each) for each in pictures])
    salient = np.stack([salience(each) for each in small])
    pull = _regions(plan, salient, rng) * _AWAY - salient * _STANDS_OUT
    return _smoothed(joined(small, np.rint(pull).astype(np.int64)), len(pictures), height, width)


def salience(rgb: Bytes) -> Numbers:
    """Return how much each place of a small picture stands out, (height, width) in 0..1: by contrast and nearness to the middle.

    A simple form of Achanta et al., "Frequency-tuned Salient Region Detection" (CVPR 2009).
    """
    colours = rgb.astype(np.float64)
    rows, columns = rgb.shape[:2]
    contrast = np.zeros((rows, columns))
    for each in range(3):
        plane = gaussian_filter(colours[..., each], 1.0)
        contrast += np.abs(plane - plane.mean()) + np.abs(plane - gaussian_filter(plane, 8.0))
    down, across = _places(rows, columns)
    middle = 1 - 0.6 * ((down - 0.5) ** 2 + (across - 0.5) ** 2) / 0.5
    found: Numbers = gaussian_filter(contrast * middle, 1.5)
    return found / max(float(found.max()), 1.0)


def _regions(plan: Plan, salient: Numbers, rng: np.random.Generator) -> Numbers:
    """Return how far each place lies outside each work's region, (count, rows, columns)."""
    count, rows, columns = salient.shape
    down, across = _places(rows, columns)
    if plan == "patches":
        middles = _apart(count, rng)
        return np.stack([np.hypot(down - y, across - x) * 0.5 for y, x in middles])
    if plan == "around":
        y, x = divmod(int(salient[0].argmax()), columns)
        along = np.hypot((down - (y + 0.5) / rows), (across - (x + 0.5) / columns))
    else:
        along = _across(plan, down, across, rng)
    along = _ranked(along)
    order = range(count) if plan == "around" else rng.permutation(count)
    outside = np.empty_like(salient)
    for place, work in enumerate(order):
        outside[work] = np.maximum(place / count - along, along - (place + 1) / count).clip(0)
    return outside


def _across(plan: Plan, down: Numbers, across: Numbers, rng: np.random.Generator) -> Numbers:
    """Return how far each place lies along a direction that waves."""
    first, second = (down, across) if rng.random() < 0.5 else (across, down)
    if plan == "diagonal":
        first, second = first + second, first - second
    waves, phase = rng.uniform(0.8, 1.6), rng.uniform(0, 1)
    waved: Numbers = first + 0.12 * np.sin(2 * np.pi * (waves * second + phase))
    return waved


def _ranked(values: Numbers) -> Numbers:
    """Return which share of all places has a smaller value, so that steps of it cover equal areas."""
    ranks = np.empty(values.size)
    ranks[np.argsort(values, axis=None, kind="stable")] = (np.arange(values.size) + 0.5) / values.size
    return ranks.reshape(values.shape)


def _apart(count: int, rng: np.random.Generator) -> Numbers:
    """Draw points (count, 2) in 0..1 that keep apart: of many sets the one whose nearest points are farthest."""
    tries = rng.uniform(0.12, 0.88, (64, count, 2))
    steps = np.hypot(*np.moveaxis(tries[:, :, None] - tries[:, None], -1, 0)) + 9 * np.eye(count)
    best: Numbers = tries[steps.min(axis=(1, 2)).argmax()]
    return best


def _places(rows: int, columns: int) -> tuple[Numbers, Numbers]:
    down, across = np.mgrid[0:rows, 0:columns]
    return (down + 0.5) / rows, (across + 0.5) / columns


def _small(picture: Bytes) -> Bytes:
    share = min(1.0, _GRID / max(picture.shape[:2]))
    size = max(1, round(picture.shape[1] * share)), max(1, round(picture.shape[0] * share))
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize(size, Image.Resampling.BOX))


def _smoothed(labels: Whole, count: int, height: int, width: int) -> Whole:
    """Enlarge labels to a canvas, their borders smoothed."""
    best, chosen = np.full((height, width), -1, np.int16), np.zeros((height, width), np.int64)
    for each in range(count):
        cover = gaussian_filter((labels == each) * 255.0, 0.7).astype(np.uint8)
        there = np.asarray(Image.fromarray(cover).resize((width, height), Image.Resampling.BICUBIC), np.int16)
        chosen[there > best] = each
        best = np.maximum(best, there)
    return chosen
