"""Guides for an exemplar that nobody drew one for: what kind a sketch is, and the exemplar told in the same signs.

All in whole numbers and double precision, so that a guide hardly depends on the machine.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import binary_erosion, gaussian_filter

from palimpsest.craft.ports import Bytes

Kind = Literal["labels", "lines", "tones"]
Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]

_SEEN = 256
"""The longer side, in pixels, of the copy on which a sketch is judged."""
_MOST_LABELS = 12
_NEAR, _FLAT = 44, 10
"""Levels of colour within which pixels have one label, and within which they are flat."""
_DRAWN = 512
"""The longer side, in pixels, of the copy on which labels are drawn."""
_MIDDLE = np.array([0, 128, 128])
_HEIGHT = 45
"""How much top and bottom of a picture count, in levels of colour, when its parts are matched to labels."""
_TURNS, _EASE = 12, 250.0
"""How often labels are matched, and by how many squared levels a label that has too little is favoured each time."""


def kind_of(sketch: Bytes) -> Kind:
    """Judge what a sketch (height, width, 3) is: a few flat colours, thin lines on a ground, or tones."""
    if _is_lines(sketch):
        return "lines"
    colours, near = labels_of(sketch)
    return "labels" if len(colours) > 1 and near >= 0.75 else "tones"


def labels_of(sketch: Bytes) -> tuple[Whole, float]:
    """Return the flat colours of a sketch (n, 3), the most frequent first, and the share of its pixels that have one of them."""
    pixels = _sampled(sketch, _SEEN).reshape(-1, 3).astype(np.int64)
    left, flat = pixels, 0
    found: list[Whole] = []
    while len(left) > len(pixels) // 200 and len(found) < _MOST_LABELS:
        coarse = (left >> 3) @ np.array([1024, 32, 1])
        often = np.bincount(coarse).argmax()
        colour = np.median(left[coarse == often], axis=0).astype(np.int64)
        distance = ((left - colour) ** 2).sum(axis=1)
        if (distance <= _NEAR**2).sum() > len(pixels) // 200:
            found.append(colour)
            flat += int((distance <= _FLAT**2).sum())
        left = left[distance > _NEAR**2]
    return np.array(found or [pixels[0]]), flat / len(pixels)


def by_labels(sketch: Bytes, exemplar: Bytes) -> tuple[Bytes, Bytes]:
    """Return a sketch in its few flat colours, and an exemplar painted in the same: each part of it in the colour it is like.

    The parts are found by k-means (Lloyd, 1957) begun at the sketch's own colours, brought to the exemplar's tones, with how
    high in the picture each lies: so what is blue and above in the sketch finds what is bluest and above in the exemplar.
    """
    colours, _ = labels_of(sketch)
    small = _shrunk(sketch, _DRAWN)
    drawn = _nearest(small.astype(np.int64), colours)
    features, canvas = _features(_shrunk(exemplar, _DRAWN)), _features(colours[drawn].astype(np.uint8))
    centres = _brought(_means(canvas, drawn, len(colours)), canvas, features)
    shares = np.bincount(drawn.ravel(), minlength=len(colours)) / drawn.size
    painted = _clustered(features, centres, np.maximum(shares, 0.01))
    return _full(colours[drawn], sketch), _full(colours[painted], exemplar)


def by_tones(sketch: Bytes, exemplar: Bytes) -> tuple[Bytes, Bytes]:
    """Return both softened, the sketch in the exemplar's tones: (height, width, 3) lightness and two axes of colour.

    Where the sketch is grey both have lightness only, three times the same.
    """
    first, second = _opponent(_softened(sketch)), _opponent(_softened(exemplar))
    first[..., 0] = _toned(first[..., 0], second[..., 0])
    if np.abs(first[..., 1:]).mean() < 3:
        return _grey(first[..., 0]), _grey(second[..., 0])
    for axis in (1, 2):
        gain = min(1.5, float(second[..., axis].std()) / max(1.0, float(first[..., axis].std())))
        moved = (first[..., axis] - first[..., axis].mean()) * gain + second[..., axis].mean()
        first[..., axis] = np.rint(moved)
    return _bytes(first + _MIDDLE), _bytes(second + _MIDDLE)


def by_lines(sketch: Bytes, exemplar: Bytes) -> tuple[Bytes, Bytes]:
    """Return the lines of both (height, width, 3): dark marks, softened; the exemplar's are its dark ridges.

    Lines are differences of Gaussians (Marr and Hildreth, 1980), as many of them as the sketch has.
    """
    marks = _marks(_opponent(sketch)[..., 0])
    ridges = _ridges(_opponent(exemplar)[..., 0])
    share = min(0.25, max(0.04, float((marks > 64).mean())))
    strong = max(1.0, float(np.quantile(ridges, 1 - share / 2)))
    lines = np.clip(ridges * (510 / strong) - 255, 0, 255)  # what is not a line is no sign of anything
    return _line_guide(marks.astype(np.float64)), _line_guide(lines)


def _is_lines(sketch: Bytes) -> bool:
    """Whether it is thin marks on an even ground."""
    luma = _opponent(_shrunk(sketch, 2 * _SEEN))[..., 0]
    away = np.abs(luma - int(np.median(luma)))
    marks = away > 40
    share = float(marks.mean())
    if (away <= 24).mean() < 0.6 or not 0.003 < share < 0.35:
        return False
    thick = binary_erosion(marks, iterations=max(2, round(0.012 * min(luma.shape))))
    return float(thick.mean()) < 0.1 * share


def _marks(luma: Whole) -> Whole:
    away = np.abs(luma - int(np.median(luma)))
    marks: Whole = np.minimum(away * 255 // max(1, int(away.max())), 255)
    return marks


def _ridges(luma: Whole) -> Numbers:
    scale = max(1.0, min(luma.shape) / 500)
    plane = luma.astype(np.float64)
    return np.maximum(gaussian_filter(plane, 4 * scale) - gaussian_filter(plane, scale), 0)


def _line_guide(lines: Numbers) -> Bytes:
    scale = max(1.0, min(lines.shape) / 500)
    return _grey(_bytes(gaussian_filter(lines, 1.2 * scale)))


def _features(rgb: Bytes) -> Whole:
    """Return colour axes and height in the picture (height, width, 4)."""
    soft = _opponent(_softened(rgb))
    rows = np.arange(rgb.shape[0])[:, None, None] * (2 * _HEIGHT) // rgb.shape[0] - _HEIGHT
    return np.concatenate([soft, np.broadcast_to(rows, (*rgb.shape[:2], 1))], axis=2)


def _means(features: Whole, label: Whole, count: int) -> Numbers:
    flat, label = features.reshape(-1, features.shape[2]), label.ravel()
    pixels = np.maximum(np.bincount(label, minlength=count), 1)
    sums = [np.bincount(label, flat[:, axis], minlength=count) for axis in range(flat.shape[1])]
    return np.stack(sums, axis=1) / pixels[:, None]


def _brought(centres: Numbers, canvas: Whole, features: Whole) -> Numbers:
    """Bring the colours of a sketch to mean and spread of an exemplar; spread is seldom made larger."""
    brought = centres.copy()
    for axis in range(3):
        here, there = canvas[..., axis], features[..., axis]
        gain = min(1.2, float(there.std()) / max(1.0, float(here.std())))
        brought[:, axis] = (centres[:, axis] - here.mean()) * gain + there.mean()
    return brought


def _clustered(features: Whole, centres: Numbers, wanted: Numbers) -> Whole:
    """Give each place (height, width, channels) the label whose centre is nearest, so that areas come near the `wanted` shares.

    Without regard to area a label could be left a scrap of the work, to be repeated all over.
    """
    ease = np.zeros(len(centres))
    for _ in range(_TURNS):
        label = _nearest(features, np.rint(centres).astype(np.int64), ease)
        share = np.bincount(label.ravel(), minlength=len(centres)) / label.size
        moved = _means(features, label, len(centres))
        # Halfway only: colours are to keep their meaning.
        centres = np.where(share[:, None] > 0, 0.7 * centres + 0.3 * moved, centres)
        ease += _EASE * (wanted - share) / (wanted + share)
    cover = [gaussian_filter((label == each).astype(np.float64), 2.0) for each in range(len(centres))]
    found: Whole = np.argmax(cover, axis=0)
    return found


def _nearest(features: Whole, centres: Whole, ease: Numbers | None = None) -> Whole:
    distance = [((features - centre) ** 2).sum(axis=2) for centre in centres]
    if ease is not None:
        distance = [each - less for each, less in zip(distance, np.rint(ease).astype(np.int64), strict=True)]
    found: Whole = np.argmin(distance, axis=0)
    return found


def _toned(luma: Whole, like: Whole) -> Whole:
    """Bring tones to those of another picture: halfway between the same histogram, and the same mean and spread."""
    ours, theirs = (np.cumsum(np.bincount(each.ravel(), minlength=256)) / each.size for each in (luma, like))
    ranked = np.searchsorted(theirs, ours).clip(0, 255)
    gain = float(like.std()) / max(1.0, float(luma.std()))
    level = (np.arange(256) - luma.mean()) * gain + like.mean()
    table = np.rint((ranked + np.clip(level, 0, 255)) / 2).astype(np.int64)
    toned: Whole = table[luma]
    return toned


def _softened(rgb: Bytes) -> Bytes:
    sigma = max(0.8, min(rgb.shape[:2]) / 400)
    return np.stack([_bytes(gaussian_filter(rgb[..., each].astype(np.float64), sigma)) for each in range(3)], axis=2)


def _opponent(rgb: Bytes) -> Whole:
    """Return lightness (0..255), red against green and yellow against blue (about -128..128), in whole numbers."""
    red, green, blue = (rgb[..., each].astype(np.int64) for each in range(3))
    return np.stack(
        [(54 * red + 183 * green + 19 * blue) >> 8, (red - green) // 2, ((red + green) // 2 - blue) // 2], axis=2
    )


def _grey(luma: NDArray[Any]) -> Bytes:
    return np.repeat(_bytes(luma)[..., None], 3, axis=2)


def _bytes(values: NDArray[Any]) -> Bytes:
    rounded: Bytes = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


def _sampled(rgb: Bytes, side: int) -> Bytes:
    step = max(1, -(-max(rgb.shape[:2]) // side))
    return rgb[::step, ::step]


def _shrunk(rgb: Bytes, side: int) -> Bytes:
    share = min(1.0, side / max(rgb.shape[:2]))
    size = max(1, round(rgb.shape[1] * share)), max(1, round(rgb.shape[0] * share))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BOX))


def _full(small: Whole, like: Bytes) -> Bytes:
    image = Image.fromarray(small.astype(np.uint8))
    return np.asarray(image.resize((like.shape[1], like.shape[0]), Image.Resampling.BILINEAR))
