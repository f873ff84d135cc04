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
_SILENT = -1000
_SAMPLE = 400_000
_OFTEN = 200
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
    first `counts` hold. Returns float32 (n,), of the picture as it is or mirrored, whichever has more. Every word of every
    picture is looked at: nothing can be missed by an index.
    """
    strongest = asked.strongest(ASKED)
    ways = strongest, strongest.mirrored
    spoken = [words(way) for way in ways]
    found = np.zeros((2, len(kept) * _ANGLES), np.int64)
    turns = np.ascontiguousarray(angles).ravel()
    for table in range(TABLES):
        angle_of = np.full((2, 1 << BITS), _SILENT, np.int16)
        for angle, way, said in zip(angle_of, ways, spoken, strict=True):
            angle[said[table, ::-1]] = way.angles[::-1]  # of two marks with one word the stronger speaks
        column = np.ascontiguousarray(kept[:, table]).ravel()
        asked_for = (angle_of != _SILENT).any(axis=0) & ~_common(column)
        hit = np.flatnonzero(np.take(asked_for, column))
        picture = hit // kept.shape[2]
        real = hit - picture * kept.shape[2] < counts[picture]
        hit, picture = hit[real], picture[real]
        word, own = column[hit], turns[hit]
        for place, turn in enumerate(angle_of):
            heard = np.take(turn, word)
            speaks = heard != _SILENT
            turned = ((heard[speaks] - own[speaks] + 128 // _ANGLES) & 255) // (256 // _ANGLES)
            found[place] += np.bincount(picture[speaks] * _ANGLES + turned, minlength=found.shape[1])
    by_angle = found.reshape(2, -1, _ANGLES).astype(np.float32)
    near = (np.roll(by_angle, 1, axis=2) + np.roll(by_angle, -1, axis=2)) / 2
    return np.asarray((by_angle + near).max(axis=(0, 2)), np.float32)


def _common(column: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Tell which words are so common, by the first 2,000 pictures, that sharing one says nothing but costs time."""
    return np.asarray(np.bincount(column[:_SAMPLE], minlength=1 << BITS) > _OFTEN)


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
