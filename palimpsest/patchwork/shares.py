"""How much of a picture comes from each of several works, brought to what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.craft.ports import Canvas, Mask, Matter
from palimpsest.errors import ParameterRefused
from palimpsest.patchwork.holes import holds_a_patch
from palimpsest.patchwork.laying import resized

Numbers = NDArray[np.float64]

_TRIALS = 9
_STEP = 8.0
"""Levels of colour by which a work's bias changes when its share is e times what it should be."""
_NEAR = 0.015
_LEAST_SIDE = 16
"""What is tried is no smaller, where it was larger: two patches."""


def shares_asked(name: str, weights: Sequence[float], count: int) -> list[float]:
    """Return the share of each of `count` works; no weights means all alike.

    Raises:
        ParameterRefused: there are not as many weights as works, or all are 0.
    """
    if not weights:
        return [1 / count] * count
    if len(weights) != count or not sum(weights) > 0:
        raise ParameterRefused(
            f"{name} weights", f"{count} numbers from 0, not all 0, one for each exemplar", list(weights)
        )
    return [weight / sum(weights) for weight in weights]


def biases(wanted: Sequence[float], measure: Callable[[Numbers], Numbers]) -> Numbers:
    """Return the bias of each work with which its share is what is wanted, all above 0.

    `measure` says which shares (n,) some biases (n,) give, from a small trial; where no bias does it, the nearest is returned.
    """
    aim = np.array(wanted)
    bias = best = np.zeros(len(aim))
    least = np.inf
    for trial in range(_TRIALS if len(aim) > 1 else 0):
        found = measure(bias)
        off = float(np.abs(found - aim).max())
        if off < least:
            best, least = bias, off
        if off < _NEAR:
            break
        bias = bias + _STEP * 0.85**trial * np.log((found + 0.02) / (aim + 0.02))
    return best


def shrunk(matters: Sequence[Matter], canvas: Canvas, side: int) -> tuple[list[Matter], Canvas]:
    """Return matters and a canvas, guides with them, as small as makes the canvas's shorter side `side` pixels."""
    share = min(1.0, side / min(canvas.shape))
    height, width = _small(canvas.shape, share)
    guide = None if canvas.guide is None else resized(canvas.guide, height, width)
    return [_shrunk(each, share) for each in matters], Canvas(resized(canvas.begin, height, width), guide=guide)


def _shrunk(matter: Matter, share: float) -> Matter:
    height, width = _small(matter.rgb.shape, share)
    guide = None if matter.guide is None else resized(matter.guide, height, width)
    return replace(
        matter, rgb=resized(matter.rgb, height, width), usable=_covered(matter.usable, height, width), guide=guide
    )


def _small(size: tuple[int, ...], share: float) -> tuple[int, int]:
    """Return a size as a share of it, not so small that no patch is left."""
    share = min(1.0, max(share, _LEAST_SIDE / min(size[:2])))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _covered(usable: Mask | None, height: int, width: int) -> Mask | None:
    """Return what is usable over all of its area, or everything where nothing is."""
    if usable is None:
        return None
    image = Image.fromarray(usable.astype(np.uint8) * np.uint8(255))
    covered: Mask = np.asarray(image.resize((width, height), Image.Resampling.BOX)) == 255
    return covered if holds_a_patch(covered, _LEAST_SIDE // 2) else None
