"""How a picture is painted, whatever it shows: a short vector of colour, grain and direction.

For likeness in style only. The style network's 100 numbers measure the same and more finely, but ask for a trained model and
a second of loading; this one needs neither, gives the same numbers on every machine, and says what it looks at.
"""

from __future__ import annotations

import cv2
import numpy as np

from palimpsest.media.colour import to_oklab
from palimpsest.media.raster import Floats
from palimpsest.perception.reduction import Bytes

SIDE = 192
_HUES = 12
_LIGHTS = 8
_CHROMAS = 6
_MOST_CHROMA = 0.25
_GRAINS = 5
_DIRECTIONS = 8
_SCALES = (1.0, 2.5)
_WEIGHTS = {"light": 1.0, "chroma": 1.0, "hue": 1.0, "grain": 1.2, "edge": 0.6, "direction": 0.7}


NUMBERS = 54


def style_vector(picture: Bytes) -> Floats:
    """Return the style of a small picture, uint8 (height, width, 3), as float32 (54,).

    Histograms (of lightness, chroma, hue, and direction at two scales) enter as square roots, so that the Euclidean distance is
    Hellinger's. Grain is the contrast of each octave of a Laplacian pyramid (Burt and Adelson 1983) as a share of all, and how
    unevenly it lies; edge is how strongly the structure tensor (Bigün and Granlund 1987) points one way.
    """
    height, width = picture.shape[:2]
    shrink = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    lab = to_oklab(cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255))
    light = np.ascontiguousarray(lab[:, :, 0])
    grain, uneven = _grain(light)
    directions = [_direction(light, scale) for scale in _SCALES]
    parts = {
        "light": [_share(light, None, _LIGHTS, 0, 1)],
        "chroma": [_share(np.hypot(lab[:, :, 1], lab[:, :, 2]), None, _CHROMAS, 0, _MOST_CHROMA)],
        "hue": [_hues(lab)],
        "grain": [grain, uneven],
        "edge": [np.array([coherence for _, coherence in directions])],
        "direction": [shares for shares, _ in directions],
    }
    return np.concatenate([_WEIGHTS[name] * each for name, some in parts.items() for each in some]).astype(np.float32)


def _share(values: Floats, weights: Floats | None, bins: int, low: float, high: float) -> Floats:
    """Return the square roots of a histogram's shares, each value spread over two bins; the outermost hold the rest."""
    place = np.clip((values.ravel() - low) / (high - low) * bins - 0.5, 0, bins - 1)
    below = np.minimum(place.astype(np.int64), bins - 2)
    rest = place - below
    each = np.ones_like(place) if weights is None else weights.ravel()
    counted = np.bincount(below, each * (1 - rest), bins) + np.bincount(below + 1, each * rest, bins)
    return np.asarray(np.sqrt(counted / max(float(counted.sum()), 1e-9)), np.float32)


def _round(angles: Floats, weights: Floats, bins: int, turn: float) -> Floats:
    """Do the same with angles, where the last bin lies beside the first; an even share is added so that nothing is unsaid."""
    place = (angles.ravel() / turn * bins) % bins
    below = place.astype(np.int64) % bins
    rest = place - np.floor(place)
    each = weights.ravel()
    counted = np.bincount(below, each * (1 - rest), bins) + np.bincount((below + 1) % bins, each * rest, bins)
    shares = (counted + 1e-6) / (counted.sum() + bins * 1e-6)
    return np.asarray(np.sqrt(shares), np.float32)


def _hues(lab: Floats) -> Floats:
    """Return the shares of hues, each pixel counting by its chroma, and scaled by how much chroma there is at all."""
    chroma = np.hypot(lab[:, :, 1], lab[:, :, 2])
    hue = np.arctan2(lab[:, :, 2], lab[:, :, 1]) % np.float32(2 * np.pi)
    shares = _round(hue, chroma, _HUES, 2 * np.pi)
    return np.asarray(shares * np.float32(min(1.0, 12 * float(chroma.mean()))), np.float32)


def _grain(light: Floats) -> tuple[Floats, Floats]:
    """Return each octave's share of the contrast (square roots), and how unevenly it lies: 0 even, towards 1 in few spots."""
    spread, uneven = [], []
    level = light
    for _ in range(_GRAINS):
        if min(level.shape) < 4:
            spread.append(0.0)
            uneven.append(0.0)
            continue
        small = cv2.pyrDown(level)
        detail = level - cv2.pyrUp(small, dstsize=(level.shape[1], level.shape[0]))
        power = float(np.sqrt((detail * detail).mean()))
        spread.append(power)
        uneven.append(1 - float(np.abs(detail).mean()) / power if power > 1e-6 else 0.0)
        level = small
    total = max(sum(spread), 1e-6)
    return np.sqrt(np.array(spread, np.float32) / np.float32(total)), np.array(uneven, np.float32)


def _direction(light: Floats, scale: float) -> tuple[Floats, float]:
    """Return the shares of directions of edges, and how clearly places point one way, 0 to 1."""
    smooth = cv2.GaussianBlur(light, (0, 0), scale)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.GaussianBlur(each, (0, 0), 3 * scale) for each in (across * across, down * down, across * down))
    strength = np.hypot(xx - yy, 2 * xy)
    angle = np.arctan2(2 * xy, xx - yy) % np.float32(2 * np.pi)
    coherence = float(strength.sum() / max(float((xx + yy).sum()), 1e-9))
    return _round(angle, np.sqrt(strength), _DIRECTIONS, 2 * np.pi), coherence
