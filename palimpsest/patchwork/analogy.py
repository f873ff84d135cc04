"""By analogy: guides that say which place of a sketch is like which place of an exemplar, and the first picture made by them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree

from palimpsest.craft.ports import Bytes

_PLACES = 44
"""The shorter side, in places, of the small pictures in which the first picture is looked up."""
_WAVES = 5
_TOLD = 0.005
_LANES = 4
"""The synthesizer compares channels by so many at once."""


def stacked(pairs: Sequence[tuple[Bytes, Bytes]], weights: Sequence[float]) -> tuple[Bytes, Bytes, tuple[float, ...]]:
    """Join pairs of guides (canvas's, exemplar's), each (height, width, 3), to one for each side, and a weight for each channel.

    A pair that is grey on both sides becomes one channel of three times the weight, which comes to the same and is quicker.
    """
    canvas, exemplar, each = [], [], []
    for (first, second), weight in zip(pairs, weights, strict=True):
        grey = _is_grey(first) and _is_grey(second)
        canvas.append(first[..., :1] if grey else first)
        exemplar.append(second[..., :1] if grey else second)
        each += [3 * weight] if grey else [weight] * first.shape[2]
    return thrifty(np.concatenate(canvas, axis=2), np.concatenate(exemplar, axis=2), tuple(each))


def thrifty(canvas: Bytes, exemplar: Bytes, weights: tuple[float, ...]) -> tuple[Bytes, Bytes, tuple[float, ...]]:
    """Say the same with fewer channels, where several guides tell nearly the same: turned to their principal axes.

    As few axes are kept as hold all but a two hundredth of what distinguishes places, if that makes the channels few enough
    to be compared quicker. The axes are rounded, so that hardly a machine finds others.
    """
    scale = np.sqrt(np.array(weights))
    spread = _covariance(np.concatenate([_sampled(each) for each in (canvas, exemplar)])) * scale[:, None] * scale
    strengths, axes = np.linalg.eigh(spread)
    left = np.cumsum(strengths) / max(float(strengths.sum()), 1e-9)  # from the weakest axis up
    kept = max(1, len(weights) - int((left < _TOLD).sum()))
    if -(-(3 + kept) // _LANES) == -(-(3 + len(weights)) // _LANES):
        return canvas, exemplar, weights
    axes = axes[:, ::-1][:, :kept]
    axes = np.rint(axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(kept)]) * 4096) / 4096 * scale[:, None]
    turned = [_turned(each, axes) for each in (canvas, exemplar)]
    low, high = (np.stack([pick(each, axis=(0, 1)) for each in turned]) for pick in (np.min, np.max))
    first, span = low.min(axis=0), np.maximum(high.max(axis=0) - low.min(axis=0), 1)
    levels = [np.rint((each - first) * (255 / span)).astype(np.uint8) for each in turned]
    return levels[0], levels[1], tuple((float(each) / 255) ** 2 for each in span)


def begun(
    exemplar: Bytes, exemplar_guide: Bytes, canvas_guide: Bytes, weights: Sequence[float], rng: np.random.Generator
) -> Bytes:
    """Cover a canvas with what the exemplar holds where its guide is like the canvas's: a rough first picture (height, width, 3).

    It is looked up in small copies. Between places that the guide does not tell apart those are taken that lie alike in both
    pictures, moved about in waves, so that it hangs together without being a copy.
    """
    height, width = canvas_guide.shape[:2]
    rows, columns = _small(height, width)
    source_rows, source_columns = _small(*exemplar.shape[:2])
    scale = np.sqrt(np.array(weights, np.float32))
    wanted = _shrunk(canvas_guide, rows, columns) * scale
    offered = (_shrunk(exemplar_guide, source_rows, source_columns) * scale).reshape(-1, len(scale))
    unit = np.float32(math.sqrt(sum(weights)) * 40)
    places = _places(source_rows, source_columns).reshape(-1, 2) * unit
    asked = (_places(rows, columns) + 0.35 * _waves(rows, columns, rng)) * unit
    tree = cKDTree(np.concatenate([offered, places], axis=1))
    nearest = np.asarray(tree.query(np.concatenate([wanted, asked], axis=2), workers=-1)[1])
    colours = _shrunk(exemplar, source_rows, source_columns).reshape(-1, 3)[nearest]
    small = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.NEAREST))


def _sampled(guide: Bytes) -> NDArray[np.int64]:
    step = max(1, min(guide.shape[:2]) // 100)
    return guide[::step, ::step].reshape(-1, guide.shape[2]).astype(np.int64)


def _covariance(sample: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the covariances (channels, channels) of whole numbers (n, channels), summed without rounding."""
    count, channels = sample.shape
    sums = sample.sum(axis=0)
    products = np.array([[(sample[:, a] * sample[:, b]).sum() for b in range(channels)] for a in range(channels)])
    covariance: NDArray[np.float64] = (products * count - sums[:, None] * sums) / count**2
    return covariance


def _turned(guide: Bytes, axes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Measure a guide (height, width, channels) along axes (channels, n), channel by channel so that sums are always the same."""
    turned = np.zeros((*guide.shape[:2], axes.shape[1]), np.float32)
    for axis in range(axes.shape[1]):
        for channel in range(guide.shape[2]):
            turned[..., axis] += guide[..., channel] * np.float32(axes[channel, axis])
    return turned


def _is_grey(guide: Bytes) -> bool:
    first = guide[..., :1]
    return guide.shape[2] > 1 and bool((guide[..., 1:] == first).all())


def _small(height: int, width: int) -> tuple[int, int]:
    share = min(1.0, _PLACES / min(height, width), 4 * _PLACES / max(height, width))
    return max(1, round(height * share)), max(1, round(width * share))


def _shrunk(pixels: Bytes, rows: int, columns: int) -> NDArray[np.float32]:
    """Shrink channels (height, width, n) by the mean over areas."""
    shrunk = np.empty((rows, columns, pixels.shape[2]), np.float32)
    for channel in range(pixels.shape[2]):
        plane = Image.fromarray(np.ascontiguousarray(pixels[..., channel]))
        shrunk[..., channel] = np.asarray(plane.resize((columns, rows), Image.Resampling.BOX))
    return shrunk


def _places(rows: int, columns: int) -> NDArray[np.float32]:
    """Return where each place lies, (rows, columns, 2): down and across, each from 0 to 1."""
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return np.stack([(down + 0.5) / rows, (across + 0.5) / columns], axis=2)


def _waves(rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a smooth field of moves (rows, columns, 2) of about -1 to 1."""
    coarse = rng.uniform(-1, 1, (_WAVES, _WAVES, 2)).astype(np.float32)
    planes = [
        np.asarray(Image.fromarray(coarse[..., axis]).resize((columns, rows), Image.Resampling.BICUBIC))
        for axis in (0, 1)
    ]
    return np.stack(planes, axis=2)
