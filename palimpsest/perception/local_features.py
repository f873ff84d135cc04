"""Marks in a picture that are found again when it is cropped, turned, mirrored, made smaller or set into another picture.

SIFT (Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", 2004, OpenCV's) with the square root of
Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", 2012. What two pictures have
in common must agree on one affine map (RANSAC, Fischler and Bolles 1981); that map must be one that a person's edit makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats
from palimpsest.perception.reduction import Bytes, grey

MOST = 600
"""Marks that are looked for in a picture; the strongest are kept."""
LEAST_SIDE = 16
CELL = 12
"""Agreeing marks count once a cell of so many pixels: a row of marks on one edge is one piece of evidence."""
_UNIT = 512
_MANY = 0.4
_SHIFT = 0.25
"""OpenCV looks at the picture twice as large first, and halves the places without their quarter of a pixel."""
_RATIO = 0.8
_TOLERANCE = 5.0
_ROUNDS = 1000
_SMALLEST, _LARGEST = 0.15, 7.0
_MOST_ANISOTROPY = 2.0


@dataclass(frozen=True, eq=False)
class Features:
    """The marks of a small picture of `width`×`height`, the strongest first.

    `places` float32 (n, 2), x and y in pixels; `angles` uint8 (n,), 256 to the full turn; `descriptors` uint8 (n, 128).
    """

    width: int
    height: int
    places: Floats
    angles: Bytes
    descriptors: Bytes

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def floats(self) -> tuple[Floats, Floats]:
        """The descriptors as float32 (n, 128), and the square of each one's length."""
        floats = self.descriptors.astype(np.float32)
        return floats, (floats * floats).sum(axis=1)

    @cached_property
    def mirrored(self) -> Features:
        """The marks of the picture mirrored left to right, without looking at it again.

        A descriptor is a grid of 4×4 histograms of 8 directions, laid along the mark's own direction: mirroring turns the rows
        of the grid and the sense of the directions about. It is exact.
        """
        places = self.places.copy()
        places[:, 0] = self.width - 1 - places[:, 0]
        grid = self.descriptors.reshape(-1, 4, 4, 8)[:, ::-1][..., -np.arange(8) % 8]
        angles = (128 - self.angles.astype(np.int16)) % 256
        return Features(self.width, self.height, places, angles.astype(np.uint8), grid.reshape(-1, 128))

    def strongest(self, most: int) -> Features:
        """Return the same with at most so many marks."""
        return Features(self.width, self.height, self.places[:most], self.angles[:most], self.descriptors[:most])


@dataclass(frozen=True, eq=False)
class Alignment:
    """How a kept picture lies in the one asked about: `affine` float64 (2, 3) takes the kept one's pixels to the other's.

    `places` float32 (n, 2) are the marks that agree, in the picture asked about; `cells` counts the distinct places where they
    lie, in the picture where these are fewer.
    """

    affine: NDArray[np.float64]
    places: Floats
    cells: int
    mirrored: bool = False

    @property
    def inliers(self) -> int:
        """How many marks agree."""
        return len(self.places)

    def mirrored_back(self, width: int) -> Alignment:
        """Return what was found in a mirrored picture of a width as it lies in the picture itself."""
        affine, places = self.affine.copy(), self.places.copy()
        affine[0] *= -1
        affine[0, 2] += width - 1
        places[:, 0] = width - 1 - places[:, 0]
        return Alignment(affine, places, self.cells, mirrored=True)


def features(picture: Bytes, most: int = MOST) -> Features:
    """Find the marks of a small picture, uint8 (height, width, 3). One that is very small or even has none."""
    height, width = picture.shape[:2]
    found: Sequence[Any] = ()
    described: Any = None
    if min(width, height) >= LEAST_SIDE:
        found, described = cv2.SIFT.create(most).detectAndCompute(grey(picture), None)
    if described is None or not len(found):
        return Features(
            width, height, np.zeros((0, 2), np.float32), np.zeros(0, np.uint8), np.zeros((0, 128), np.uint8)
        )
    order = np.argsort([-each.response for each in found], kind="stable")[:most]
    places = np.array([found[place].pt for place in order], np.float32) - np.float32(_SHIFT)
    angles = np.array([found[place].angle for place in order]) * (256 / 360)
    return Features(width, height, places, np.rint(angles).astype(np.int64).astype(np.uint8), _rooted(described[order]))


def _rooted(described: Floats) -> Bytes:
    total = described.sum(axis=1, keepdims=True)
    rooted = np.sqrt(described / np.maximum(total, 1)) * _UNIT
    return np.asarray(np.minimum(np.rint(rooted), 255), np.uint8)


def find(asked: Features, kept: Features) -> Alignment | None:
    """Find a kept picture in the one asked about, as it is or mirrored: whichever has more places that agree.

    A pattern may agree with its mirror image here and there, so only where many marks agree is the other not tried.
    """
    straight = align(asked, kept)
    if straight is not None and straight.inliers >= _MANY * min(len(asked), len(kept)):
        return straight
    turned = align(asked.mirrored, kept)
    if turned is None or (straight is not None and straight.cells >= turned.cells):
        return straight
    return turned.mirrored_back(asked.width)


def align(asked: Features, kept: Features) -> Alignment | None:
    """Find the affine map that takes a kept picture's marks to those of the picture asked about, or None.

    None also when the map is none of a person's edit: it mirrors (that is for `find`), it stretches one way by more than
    twice, or the scale is beyond 0.15 to 7.
    """
    ours, theirs = _pairs(asked, kept)
    if len(ours) < 4:
        return None
    source, target = kept.places[theirs], asked.places[ours]
    affine, agreeing = cv2.estimateAffine2D(  # its generator of random numbers starts anew in every call
        source, target, method=cv2.RANSAC, ransacReprojThreshold=_TOLERANCE, maxIters=_ROUNDS, confidence=0.995
    )
    if affine is None or not _plausible(affine):
        return None
    inside = agreeing.ravel().astype(bool)
    cells = min(_cells(source[inside]), _cells(target[inside]))
    return Alignment(affine, target[inside], cells)


def _pairs(asked: Features, kept: Features) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair each mark with the nearest of the other picture, where that is clearly nearer than the second (Lowe's ratio)."""
    if len(asked) < 2 or len(kept) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    (ours, lengths), (theirs, their_lengths) = asked.floats, kept.floats
    apart = ours @ theirs.T  # whole numbers below 2²⁴: exact in float32, in whatever order they are added
    apart *= -2
    apart += their_lengths
    apart += lengths[:, None]
    nearest, every = apart.argmin(axis=1), np.arange(len(apart))
    least = apart[every, nearest]
    apart[every, nearest] = np.inf
    clear = np.flatnonzero(least < _RATIO**2 * apart.min(axis=1))
    return clear, nearest[clear]


def _plausible(affine: NDArray[np.float64]) -> bool:
    linear = affine[:, :2]
    large, small = np.linalg.svd(linear, compute_uv=False)
    if np.linalg.det(linear) <= 0 or small <= 0:
        return False
    return bool(_SMALLEST <= (large * small) ** 0.5 <= _LARGEST and large / small <= _MOST_ANISOTROPY)


def _cells(places: Floats) -> int:
    return len(np.unique(np.floor(places / CELL).astype(np.int64), axis=0))
