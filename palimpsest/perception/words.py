"""Visual words: each mark of a picture as a few short numbers, so that thousands of pictures are searched at a glance.

A word is the signs of 16 random projections of a mark's descriptor (Charikar, "Similarity estimation techniques from rounding
algorithms", 2002); every mark has four. Marks of the same spot of the same picture share words far more often than others
do, and turned by the same angle: only votes that agree about the angle are counted together (Jégou, Douze and Schmid,
"Hamming embedding and weak geometric consistency", ECCV 2008). No vocabulary is learned, so none has to be kept.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats
from palimpsest.perception.local_features import Features
from palimpsest.perception.reduction import Bytes

TABLES, BITS = 4, 16
MOST_WORDS = 200
ASKED = 300
_ANGLES = 16
_SEED = 7

Words = NDArray[np.uint16]


def words(found: Features) -> Words:
    """Return the words of a picture's marks, uint16 (TABLES, n)."""
    projected = found.descriptors.astype(np.float32) @ _projections()
    signs = (projected > 0).reshape(-1, TABLES, BITS)
    return np.asarray((signs * (1 << np.arange(BITS))).sum(axis=2).T, np.uint16)


def votes(asked: Features, kept: Words, angles: Bytes, counts: NDArray[np.integer]) -> Floats:
    """Count for each of n pictures the words that it shares with the one asked about, turned by about the same angle.

    `kept` is uint16 (n, TABLES, MOST_WORDS), `angles` uint8 (n, MOST_WORDS) of the marks they belong to; of each row only the
    first `counts` hold. Returns float32 (n,). Every word of every picture is looked at: nothing can be missed by an index.
    """
    strongest = asked.strongest(ASKED)
    votes = np.zeros(len(kept) * _ANGLES, np.int64)
    for table, spoken in enumerate(words(strongest)):
        angle_of = np.full(1 << BITS, -1, np.int16)
        angle_of[spoken[::-1]] = strongest.angles[::-1]  # of two marks with one word the stronger speaks
        heard = angle_of[kept[:, table]]
        picture, place = np.nonzero(heard >= 0)
        real = place < counts[picture]
        picture, place = picture[real], place[real]
        turned = (heard[picture, place] - angles[picture, place] + 128 // _ANGLES) % 256 * _ANGLES // 256
        votes += np.bincount(picture * _ANGLES + turned, minlength=len(votes))
    by_angle = votes.reshape(-1, _ANGLES).astype(np.float32)
    near = (np.roll(by_angle, 1, axis=1) + np.roll(by_angle, -1, axis=1)) / 2
    return np.asarray((by_angle + near).max(axis=1), np.float32)


@cache
def _projections() -> Floats:
    """Return the projections, float32 (128, TABLES * BITS).

    Descriptors point one way on the whole: along the mark's direction, and less towards the rim of the grid. What says only
    that is taken out of every projection, so that each bit parts the marks about in half.
    """
    drawn = np.random.default_rng(_SEED).standard_normal((128, TABLES * BITS))
    edge = np.array([1, 0, 0, 1])
    rings = (edge[:, None] + edge[None, :])[:, :, None] * 8 + np.arange(8)
    belongs = np.eye(24)[rings.ravel()]
    belongs /= np.sqrt(belongs.sum(axis=0))
    return np.asarray(drawn - belongs @ (belongs.T @ drawn), np.float32)
