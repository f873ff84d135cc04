"""Fingerprints of a whole picture: short strings of bits that stay nearly the same when the picture is saved again,
made smaller or recoloured a little, and that two different pictures do not share.

They see the whole picture or nothing: a crop, a small rotation or a border changes them altogether (that is for
`local_features`), and a picture of one even tone has none worth the name (`Fingerprint.telling`).
"""  # noqa: D205

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

from palimpsest.perception.reduction import Bytes, grey

PDQ_BYTES, PHASH_BYTES = 32, 8
WORTHY = 50
"""The least quality at which PDQ's authors trust it."""
TURNS = 8
"""The ways to lay a picture: as it is, turned by a quarter, two and three, and each of these mirrored."""
_PLACES = (0, 1, 2, 3, 5, 6, 4, 7)
"""Where the layings, in our order, stand in what `pdqhash` returns."""
_SIDE = 32
_KEPT = 8


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """What is kept of a picture: `pdq` uint8 (32,), `phash` uint8 (8,), and PDQ's own `quality` from 0 to 100."""

    pdq: Bytes
    phash: Bytes
    quality: int

    @property
    def telling(self) -> bool:
        """Whether there is enough in the picture for the bits to mean something."""
        return self.quality >= WORTHY


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked with: the fingerprints of a picture in all eight layings, PDQ uint8 (8, 32) and pHash uint8 (8, 8).

    The order: as it is, turned counter-clockwise by 90, 180, 270 degrees; then mirrored left to right, and that turned.
    """

    pdq: Bytes
    phash: Bytes
    quality: int


@dataclass(frozen=True, eq=False)
class Distances:
    """Bits that differ between a question and each of n fingerprints, and in which laying they were nearest.

    `pdq` of 256 and `phash` of 64, int (n,); `inverted` is PDQ against the negative of the picture, of 256.
    """

    pdq: NDArray[np.int64]
    phash: NDArray[np.int64]
    inverted: NDArray[np.int64]
    laying: NDArray[np.int64]


def fingerprint(picture: Bytes) -> Fingerprint:
    """Take the fingerprints of a small picture, uint8 (height, width, 3).

    PDQ: Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019 (package `pdqhash`). pHash:
    Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010: signs of the 8×8 lowest
    frequencies of a 32×32 picture against their median; here without its mean-filter, as the area average does that.
    """
    bits, quality = pdqhash.compute(np.ascontiguousarray(picture))
    return Fingerprint(np.packbits(bits.astype(bool)), _phash(_tiny(picture)), int(quality))


def question(picture: Bytes) -> Question:
    """Take the fingerprints of a small picture in all eight layings."""
    tiny = _tiny(picture)
    found, quality = pdqhash.compute_dihedral(np.ascontiguousarray(picture))
    return Question(
        np.stack([np.packbits(found[place].astype(bool)) for place in _PLACES]),
        np.stack([_phash(laid_out(tiny, laying)) for laying in range(TURNS)]),
        int(quality),
    )


def laid_out(picture: Bytes, laying: int) -> Bytes:
    """Lay a picture in one of the eight ways: mirrored left to right from the fifth on, then turned counter-clockwise."""
    return np.rot90(picture[:, ::-1] if laying >= TURNS // 2 else picture, laying % 4)


def distances(asked: Question, pdq: Bytes, phash: Bytes) -> Distances:
    """Compare a question with n kept fingerprints, `pdq` (n, 32) and `phash` (n, 8): every one of them, exactly."""
    apart = _differing(asked.pdq, pdq)
    nearest = apart.min(axis=1)
    return Distances(
        nearest, _differing(asked.phash, phash).min(axis=1), 8 * PDQ_BYTES - apart.max(axis=1), apart.argmin(axis=1)
    )


def _differing(asked: Bytes, kept: Bytes) -> NDArray[np.int64]:
    """Count the bits in which each of n differs from each of the layings, (n, layings)."""
    ones = np.ascontiguousarray(asked).view(np.uint64)
    others = np.ascontiguousarray(kept).view(np.uint64)
    found = np.zeros((len(others), len(ones)), np.int64)
    for word in range(ones.shape[1]):
        found += np.bitwise_count(others[:, word, None] ^ ones[None, :, word])
    return found


def _tiny(picture: Bytes) -> Bytes:
    return np.asarray(cv2.resize(grey(picture), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _phash(tiny: Bytes) -> Bytes:
    low = cv2.dct(np.ascontiguousarray(tiny, np.float32))[:_KEPT, :_KEPT]
    return np.packbits(low > np.median(low))
