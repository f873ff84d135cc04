"""The pyramid: the same pictures at several sizes, from the coarsest to the finest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.craft.ports import Bytes, Canvas, Habits, Mask, Matter
from palimpsest.engines.synthesis.atlas import Atlas, whole_patches
from palimpsest.engines.synthesis.kernels import Shorts

_SCALE = 8
"""Levels of colour are kept in eighths, so that means keep more than eight bits, or in larger parts if sums grew too long."""
FARTHEST = 2**30
"""No two patches are farther apart; penalties come on top."""
STEP = 0.7
"""The ratio of one level's sides to the next finer one's."""
COLOURS = 3


@dataclass(frozen=True)
class Level:
    """The sources and the target at one size. `target` (height, width, channels) is what is worked on, `free` what may change.

    Colours are in parts of a level, `scale` to one.
    """

    atlas: Atlas
    target: Shorts
    free: Mask
    sources: tuple[tuple[int, int], ...]
    scale: int


def sizes(canvas: Canvas, habits: Habits) -> list[float]:
    """Return the size of every level as a share of the full size, the coarsest first."""
    ratio = min(1.0, habits.coarsest / min(canvas.shape))
    steps = max(0, round(math.log(ratio) / math.log(STEP)))
    return [ratio ** (1 - each / steps) if steps else 1.0 for each in range(steps + 1)]


def level(matters: Sequence[Matter], canvas: Canvas, habits: Habits, share: float, number: int) -> Level:
    """Resample everything to a share of its size, on the level of that number from the coarsest.

    A source never becomes smaller than two patches where it was larger.
    """
    patch = habits.patch
    weights = [weight * habits.guide_fade**number for weight in habits.guide_weights]
    scale = scale_for(habits)
    sizes = [_shrunk(each.rgb.shape[:2], share, 2 * patch) for each in matters]
    pictures = [
        _features(each.rgb, each.guide, size, weights, scale) for each, size in zip(matters, sizes, strict=True)
    ]
    usable = [_marked(each.usable, size, patch) for each, size in zip(matters, sizes, strict=True)]
    size = _shrunk(canvas.shape, share, patch)
    target = _features(canvas.begin, canvas.guide, size, weights, scale)
    kept = _whole(canvas.keep, size)
    free = np.ones(size, np.bool_) if kept is None else ~kept
    least = min(each.bias for each in matters)
    extra = [COLOURS * (patch * round((each.bias - least) * scale)) ** 2 for each in matters]
    return Level(Atlas.of(pictures, usable, extra, patch), target, free, tuple(sizes), scale)


def scale_for(habits: Habits) -> int:
    """Return how many parts a level of colour may have so that no distance is larger than `FARTHEST`; 0 if none."""
    channels = COLOURS + sum(habits.guide_weights)
    return min(_SCALE, math.isqrt(int(FARTHEST / (habits.patch**2 * channels * 255**2))))


def _shrunk(size: tuple[int, ...], share: float, least: int) -> tuple[int, int]:
    """Return a size as a share of it, its shorter side no smaller than `least` unless it was."""
    share = min(1.0, max(share, least / min(size)))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _features(rgb: Bytes, guide: Bytes | None, size: tuple[int, int], weights: Sequence[float], scale: int) -> Shorts:
    """Return colours and weighted guides, padded with zeros to a multiple of 4 channels."""
    channels = COLOURS + len(weights)
    features = np.zeros((*size, -(-channels // 4) * 4), np.int16)
    features[..., :COLOURS] = _resized(rgb, size) * np.int16(scale)
    for each, weight in enumerate(weights):
        assert guide is not None
        plane = _resized(guide[..., each], size).astype(np.float32)
        features[..., COLOURS + each] = np.rint(plane * np.float32(scale * math.sqrt(weight)))
    return features


def _resized(pixels: Bytes, size: tuple[int, int]) -> NDArray[np.int16]:
    """Resample 8-bit pixels, which Pillow does in whole numbers: alike on every machine."""
    if pixels.shape[:2] == size:
        return pixels.astype(np.int16)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(image.resize(size[::-1], Image.Resampling.BICUBIC, reducing_gap=3.0), np.int16)


def _whole(mask: Mask | None, size: tuple[int, int]) -> Mask | None:
    """Return which pixels are marked over all of their area."""
    if mask is None or mask.shape == size:
        return mask
    image = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
    whole: Mask = np.asarray(image.resize(size[::-1], Image.Resampling.BOX)) == 255
    return whole


def _marked(mask: Mask | None, size: tuple[int, int], patch: int) -> Mask | None:
    """Return what is marked over all of its area, or everything where that leaves no patch."""
    whole = _whole(mask, size)
    if whole is None or not whole_patches(whole, patch).any():
        return None
    return whole
