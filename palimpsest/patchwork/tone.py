"""Light and dark of one picture brought to those of others, so that their patches can be found by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from palimpsest.craft.ports import Bytes, Mask
from palimpsest.media.colour import from_oklab, to_oklab
from palimpsest.media.raster import Floats

Numbers = NDArray[np.float64]

_RANKS = np.linspace(0, 1, 129)
_SAMPLES = 60_000
_LEAST_GAIN, _MOST_GAIN = 0.5, 2.0


@dataclass(frozen=True)
class Tonality:
    """What is known of a picture's colours: `tones` (129,), the quantiles of its lightness from the darkest to the lightest, and
    the mean (2,) and covariance (2, 2) of a and b; all OKLab."""  # noqa: D205, D209

    tones: Numbers
    mean: Numbers
    covariance: Numbers

    @classmethod
    def of(cls, lab: Floats, tone: Floats, usable: Mask | None = None) -> Self:
        """Measure OKLab colours (height, width, 3) and a lightness (height, width) that may be smoother."""
        where = np.ones(tone.shape, np.bool_) if usable is None or not usable.any() else usable
        step = max(1, int(where.sum()) // _SAMPLES)
        values = tone[where][::step].astype(np.float64)
        hues = lab[where][::step, 1:].astype(np.float64)
        mean = hues.mean(axis=0)
        a, b = (hues - mean).T
        covariance = np.array([[(a * a).mean(), (a * b).mean()], [(a * b).mean(), (b * b).mean()]])
        return cls(np.quantile(values, _RANKS), mean, covariance)


def toned(tone: Floats, own: Tonality, goal: Tonality, evenly: float) -> Floats:
    """Bring a lightness to the range of another picture.

    `evenly` 1 matches the distribution, rank by rank; 0 only stretches, so that steps keep their proportions.
    """
    low, high = own.tones[2], own.tones[-3]
    span = max(high - low, 1e-3)
    straight = goal.tones[2] + (own.tones - low) / span * (goal.tones[-3] - goal.tones[2])
    curve = evenly * goal.tones + (1 - evenly) * np.clip(straight, goal.tones[0], goal.tones[-1])
    return np.interp(tone, own.tones + 1e-6 * _RANKS, curve).astype(np.float32)


def recoloured(lab: Floats, tone: Floats, own: Tonality, goal: Tonality) -> Bytes:
    """Give OKLab colours the lightness `tone` and the goal's spread of a and b; returns sRGB in 8 bits."""
    lab = lab.copy()
    lab[..., 0] = tone
    move = _transport(own.covariance, goal.covariance)
    a, b = lab[..., 1] - np.float32(own.mean[0]), lab[..., 2] - np.float32(own.mean[1])
    for channel in (0, 1):
        row = move[channel].astype(np.float32)
        lab[..., 1 + channel] = row[0] * a + row[1] * b + np.float32(goal.mean[channel])
    return np.rint(np.clip(from_oklab(lab), 0, 1) * 255).astype(np.uint8)


def _transport(own: Numbers, goal: Numbers) -> Numbers:
    """Return the symmetric matrix that turns one covariance into another with the least change (Pitié and Kokaram 2007)."""
    own = own + 1e-5 * np.eye(2)
    root = _root(own)
    back = np.linalg.inv(root)
    return back @ _root(root @ (goal + 1e-6 * np.eye(2)) @ root) @ back


def _root(matrix: Numbers) -> Numbers:
    """Return the square root of a symmetric, positive 2×2 matrix."""
    area = np.sqrt(max(np.linalg.det(matrix), 0))
    return (matrix + area * np.eye(2)) / np.sqrt(np.trace(matrix) + 2 * area)
