"""The imprint of a picture: all that originality is judged by, in about 50 kB, so that the picture need not be opened again.

Its short part (2.4 kB) is looked at for every picture of a studio, the long part for the few that came nearest.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats, Raster
from palimpsest.perception import layout, style_vector
from palimpsest.perception.fingerprints import PDQ_BYTES, PHASH_BYTES, Question, fingerprint, question
from palimpsest.perception.local_features import Features, features
from palimpsest.perception.reduction import Bytes, grey, reduced
from palimpsest.perception.words import MOST_WORDS, TABLES, words

VERSION = 1
"""Grows when a number below is taken otherwise; what was kept of another version is taken anew."""
SIDE = 512
"""The longer side at which pictures are measured; PDQ's authors ask for it, and it makes the cost the same for every size."""
KEPT = 300
LIGHT_SIDE = 128
_FINENESS = 64
SHORT = np.dtype(
    [
        ("pdq", np.uint8, PDQ_BYTES),
        ("phash", np.uint8, PHASH_BYTES),
        ("quality", np.uint8),
        ("count", np.uint8),
        ("words", "<u2", (TABLES, MOST_WORDS)),
        ("angles", np.uint8, MOST_WORDS),
        ("layout", np.int8, layout.NUMBERS),
        ("style", "<f2", style_vector.NUMBERS),
    ]
)
_HEAD = np.dtype([("width", "<u2"), ("height", "<u2"), ("marks", "<u2"), ("across", "<u2"), ("down", "<u2")])


@dataclass(frozen=True, eq=False)
class Imprint:
    """What is kept: `short` is one entry of SHORT, `marks` the strongest features, `light` the luma (height, width) uint8."""

    short: NDArray[np.void]
    marks: Features
    light: Bytes

    def as_bytes(self) -> tuple[bytes, bytes]:
        """Return the short and the long part."""
        down, across = self.light.shape
        head = np.array([(self.marks.width, self.marks.height, len(self.marks), across, down)], _HEAD)
        places = np.rint(self.marks.places * _FINENESS).clip(0, 2**16 - 1).astype("<u2")
        parts = (head, places, self.marks.angles, self.marks.descriptors, self.light)
        return self.short.tobytes(), b"".join(np.ascontiguousarray(part).tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, short: bytes, long: bytes) -> Imprint:
        """Read what `as_bytes` wrote.

        Raises:
            ValueError: it is not that.
        """
        head = np.frombuffer(long, _HEAD, 1)[0]
        number, start = int(head["marks"]), _HEAD.itemsize
        ends = np.cumsum([start, 4 * number, number, 128 * number]).tolist()
        places = np.frombuffer(long, "<u2", 2 * number, ends[0]).reshape(-1, 2).astype(np.float32)
        places /= np.float32(_FINENESS)
        marks = Features(
            int(head["width"]),
            int(head["height"]),
            places,
            np.frombuffer(long, np.uint8, number, ends[1]),
            np.frombuffer(long, np.uint8, 128 * number, ends[2]).reshape(-1, 128),
        )
        light = np.frombuffer(long, np.uint8, offset=ends[3]).reshape(int(head["down"]), int(head["across"]))
        return cls(np.frombuffer(short, SHORT, 1), marks, light)


@dataclass(frozen=True, eq=False)
class Asked:
    """A picture that is asked about: its imprint, its fingerprints in all layings, and all of its marks."""

    imprint: Imprint
    question: Question
    marks: Features


def ask(raster: Raster) -> Asked:
    """Measure a picture to ask about it."""
    small = reduced(raster, SIDE)
    marks = features(small)
    return Asked(_imprint(small, marks), question(small), marks)


def imprint(raster: Raster) -> Imprint:
    """Measure a picture to keep what was measured."""
    small = reduced(raster, SIDE)
    return _imprint(small, features(small))


def styles(short: NDArray[np.void]) -> Floats:
    """Return the style vectors of n entries, float32 (n, 54)."""
    return short["style"].astype(np.float32)


def _imprint(small: Bytes, marks: Features) -> Imprint:
    short = np.zeros(1, SHORT)
    taken, kept = fingerprint(small), marks.strongest(MOST_WORDS)
    short["pdq"], short["phash"], short["quality"], short["count"] = taken.pdq, taken.phash, taken.quality, len(kept)
    short["words"][0, :, : len(kept)] = words(kept)
    short["angles"][0, : len(kept)] = kept.angles
    short["layout"] = layout.whole(layout.layout(small))
    short["style"] = style_vector.style_vector(small)
    return Imprint(short, marks.strongest(KEPT), _light(small))


def _light(small: Bytes) -> Bytes:
    height, width = small.shape[:2]
    shrink = min(1.0, LIGHT_SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    return np.asarray(cv2.resize(grey(small), size, interpolation=cv2.INTER_AREA), np.uint8)
