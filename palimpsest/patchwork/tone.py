"""Light and dark of one picture brought to those of others, so that their patches can be found by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from palimpsest.media.raster import Floats

Numbers = NDArray[np.float64]

_RANKS = np.linspace(0, 1, 129)
_EDGE = 2
"""The darkest and the lightest this many of 128 parts of a picture do not count as its range."""
_SAMPLES = 60_000


def tones(lightness: NDArray[np.floating]) -> Numbers:
    """Return the quantiles (129,) of a lightness of any shape, from the darkest to the lightest."""
    flat = lightness.ravel()
    quantiles: Numbers = np.quantile(flat[:: max(1, flat.size // _SAMPLES)].astype(np.float64), _RANKS)
    return quantiles


def extent(of: Numbers) -> tuple[float, float]:
    """Return where tones begin and end, but for their few darkest and lightest."""
    return float(of[_EDGE]), float(of[-1 - _EDGE])


def tone_curve(own: Numbers, goal: Numbers, evenly: float) -> Numbers:
    """Return for each of one's own tones (129,) the tone that stands for it in another picture; it never falls.

    `evenly` 1 matches the distributions, rank by rank: a dark picture keeps its forms on pale paper, but what had much room may
    become flat. 0 only stretches one range over the other, so that steps keep their proportions.
    """
    (low, high), (bottom, top) = extent(own), extent(goal)
    stretched = bottom + (own - low) / max(high - low, 1e-3) * (top - bottom)
    curve: Numbers = evenly * goal + (1 - evenly) * np.clip(stretched, goal[0], goal[-1])
    return curve


def through(lightness: Floats, before: Numbers, after: Numbers) -> Floats:
    """Send a lightness along a curve: from `before` (129,) to `after` (129,), both rising."""
    rising = before + 1e-7 * np.arange(len(before))  # equal numbers leave it open which one is meant
    return np.interp(lightness, rising, after).astype(np.float32)


def brought_out(lightness: Floats, radius: float, strength: float) -> Floats:
    """Strengthen what differs from its surroundings, so that forms within large dark or light parts are not lost."""
    around = gaussian_filter(lightness, radius)
    stronger: Floats = lightness + np.float32(strength) * (lightness - around)
    return stronger
