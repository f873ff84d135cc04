"""Which part of a picture is the same as part of another, once it is known how the other lies in it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats
from palimpsest.perception.fingerprints import laid_out
from palimpsest.perception.local_features import Alignment
from palimpsest.perception.reduction import Bytes

Affine = NDArray[np.float64]
Mask = NDArray[np.bool_]

_WINDOW = 3.0
_AROUND = 4.0
_TEXTURE = 9.0
_LIVELY = 100.0
_LENIENT = 2.0
_ALIKE = 0.4
_SEEN = 0.02
_CRUMB = 0.01


@dataclass(frozen=True, eq=False)
class Overlap:
    """The part that two pictures share.

    `mask` bool has the shape of the small light of the picture asked about; `share` is its share of that picture, `contained`
    the share of the other picture that it shows, `alike` how alike the light in it is (a correlation, -1 to 1), and `seen` how
    much of the place that the other would take has texture enough to be compared.
    """

    mask: Mask
    share: float
    contained: float
    alike: float
    seen: float


def whole(asked: tuple[int, int], kept: tuple[int, int], laying: int) -> Affine:
    """Return the map of a kept picture onto the whole of another, laid in one of the eight ways; sizes are (height, width)."""
    height, width = asked
    across, down = np.meshgrid([0, width - 1], [0, height - 1])
    corners = np.stack([laid_out(each, laying).ravel()[:3] for each in (across, down)], axis=1)
    own = np.array([[0, 0], [kept[1] - 1, 0], [0, kept[0] - 1]])
    apart = np.maximum(own, 1e-3 * (own == 0))  # a picture of one row still has a map
    return np.asarray(cv2.getAffineTransform(apart.astype(np.float32), corners.astype(np.float32)), np.float64)


def scaled(affine: Affine, kept: float, asked: float) -> Affine:
    """Return a map between two pictures as one between the same pictures at other sizes, each given as a factor."""
    inner, outer = np.diag([1 / kept, 1 / kept, 1.0]), np.diag([asked, asked, 1.0])
    return np.asarray((outer @ np.vstack([affine, [0, 0, 1]]) @ inner)[:2])


def nothing_shared(asked: Bytes) -> Overlap:
    """Return the overlap of a picture with one that shares nothing with it."""
    return Overlap(np.zeros(asked.shape, np.bool_), 0.0, 0.0, 0.0, 0.0)


def overlap(asked: Bytes, kept: Bytes, affine: Affine, marks: Floats | None = None) -> Overlap:
    """Compare the lights (height, width) of two small pictures where one lies in the other.

    Places agree when the light around them rises and falls together (correlation in a soft window), however much lighter or
    duller one is. A place that is even in both counts with its surroundings. `marks` (n, 2) are places known to agree; where
    the light does not bear them out, as in a picture that was painted over, what lies between them is counted too.
    """
    height, width = asked.shape
    laid = cv2.warpAffine(_calmed(kept, affine), affine, (width, height), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones(kept.shape, np.uint8), affine, (width, height)) > 0
    correlation, textured = _correlation(asked.astype(np.float32), laid.astype(np.float32), inside)
    known = (inside & textured).astype(np.float32)
    agreeing = _soft(correlation * known, _AROUND)
    heard = _soft(known, _AROUND)
    mask = inside & (agreeing > _ALIKE * heard) & (heard > _SEEN)
    even = inside & (heard <= _SEEN)
    if 2 * mask.sum() > (inside & ~even).sum():  # what is even follows the rest
        mask |= even & bool(mask.any())
    if marks is not None and len(marks) >= 3:
        hull = inside & _between(marks, asked.shape)
        if 2 * (mask & hull).sum() < hull.sum():
            mask |= hull
    mask = _without_crumbs(mask)
    size = abs(float(np.linalg.det(affine[:, :2])))
    area = float(mask.sum())
    compared = mask & (known > 0)
    return Overlap(
        mask,
        area / mask.size,
        min(1.0, area / max(size * kept.size, 1e-9)),
        float(correlation[compared].mean()) if compared.any() else 0.0,
        float(known.sum() / max(1, int(inside.sum()))),
    )


def _calmed(kept: Bytes, affine: Affine) -> Bytes:
    """Soften a picture that will be made smaller, so that it does not alias."""
    scale = abs(float(np.linalg.det(affine[:, :2]))) ** 0.5
    return kept if scale >= 0.8 else np.asarray(cv2.GaussianBlur(kept, (0, 0), 0.5 / max(scale, 0.05)), np.uint8)


def _correlation(one: Floats, other: Floats, inside: Mask) -> tuple[Floats, Mask]:
    """Return the correlation of two lights in a soft window around each place, and where it says something.

    Only what is inside is looked at, so that a border or a cut does not spoil what lies beside it.
    """
    weight = inside.astype(np.float32)

    def around(values: Floats, spread: float = _WINDOW) -> Floats:
        there = np.maximum(_soft(weight, spread), np.float32(1e-3))
        return np.asarray(_soft(values * weight, spread) / there, np.float32)

    one, other = around(one, _LENIENT), around(other, _LENIENT)  # a map that is a pixel off is still the map
    mean, mean_other = around(one), around(other)
    variance = np.maximum(around(one * one) - mean * mean, 0)
    variance_other = np.maximum(around(other * other) - mean_other * mean_other, 0)
    together = around(one * other) - mean * mean_other
    correlation = np.asarray(together / np.sqrt(variance * variance_other + 1))
    calm, lively = np.minimum(variance, variance_other), np.maximum(variance, variance_other)
    return correlation.astype(np.float32), (calm > _TEXTURE) | (lively > _LIVELY)


def _between(marks: Floats, shape: tuple[int, ...]) -> Mask:
    drawn = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(drawn, cv2.convexHull(marks.astype(np.float32)).round().astype(np.int32), 1)
    return drawn > 0


def _without_crumbs(mask: Mask) -> Mask:
    """Leave out parts that are less than a hundredth of the picture, but not the largest."""
    number, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if number <= 2:
        return mask
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.concatenate([[False], (areas >= _CRUMB * mask.size) | (areas == areas.max())])
    return np.asarray(kept[parts])


def _soft(values: Floats, spread: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), spread), np.float32)


def alignment_scaled(found: Alignment, kept: float, asked: float) -> tuple[Affine, Floats]:
    """Return the map and the marks of an alignment between the same pictures at other sizes."""
    return scaled(found.affine, kept, asked), found.places * np.float32(asked)
