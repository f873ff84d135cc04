"""The invisible mark: 64 bits in the brightness of a picture, which survive copying, shrinking and recompression.

Quantization index modulation (Chen and Wornell, 2001) of three low frequencies in 4×4 blocks of the Haar average of the picture,
brought to 512 × 512 beforehand, so that the size in pixels does not matter. Each bit is written into 192 places, which a key
scatters; whoever lacks the key can neither read nor write it. Of the 64 bits, 48 are the beginning of a work's id and 16 a
check of them under the same key. Only low frequencies with a mean of zero are touched, so brightness may change.

It says which work a picture was, to the studio that made it. It is no proof, does not survive cropping or turning unless the
original is at hand to lay it on, and can be removed by whoever wants to.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats, Raster

BITS = 64
LEAST_SIDE = 256
"""A picture whose shorter side has fewer pixels than this cannot hold a mark."""
ENOUGH = 56
"""Bits that must agree with a work that is asked about; by chance that happens once in 3.6 billion tries."""
_SIDE, _BLOCK, _STEP = 512, 4, 26.0
_BLOCKS = (_SIDE // 2 // _BLOCK) ** 2
_FREQUENCIES = ((0, 1), (1, 0), (1, 1))
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_BAND = 64
_LAID_SIDE, _FEATURES, _NEAR, _FAR_OFF, _INLIERS = 1024, 4000, 0.8, 4.0, 12


@dataclass(frozen=True)
class Reading:
    """What was read from a picture: a vote for each bit, above zero for one, below for none."""

    votes: tuple[float, ...]
    key: bytes = field(repr=False)

    @property
    def payload(self) -> bytes:
        """The 64 bits as the votes decide them."""
        return bytes(np.packbits(np.array(self.votes) > 0))

    @property
    def work(self) -> str | None:
        """The first 12 digits of the work's id, if the check of them holds; None where there is no mark, or too little of it."""
        return self.payload[:6].hex() if payload_of(self.payload[:6].hex(), self.key) == self.payload else None

    def agreement(self, work: str) -> int:
        """Count the bits that agree with the mark of a work; 32 are chance, `ENOUGH` are enough."""
        wanted = np.unpackbits(np.frombuffer(payload_of(work, self.key), np.uint8)) > 0
        return int(((np.array(self.votes) > 0) == wanted).sum())


def payload_of(work: str, key: bytes) -> bytes:
    """Return the 64 bits for a work's id, of which at least the first 12 digits are given."""
    start = bytes.fromhex(work[:12])
    return start + hmac.new(key, start, hashlib.sha256).digest()[:2]


def embed(raster: Raster, work: str, key: bytes) -> Raster | None:
    """Return the picture with the mark of a work in it, or None where it cannot hold one: too small, or all white.

    The mean difference is about 1.5 of 255 steps (44 dB). Beyond the result, the memory needed does not grow with the picture.
    """
    if min(raster.width, raster.height) < LEAST_SIDE:
        return None
    change = _change(_brightness(raster), payload_of(work, key), key)
    marked = Raster(_spread(raster, change))
    return marked if read(marked, key).work == work[:12] else None


def read(raster: Raster, key: bytes) -> Reading:
    """Read a mark from a whole copy of any size; of a cropped or turned one, see `read_beside`."""
    return _read(_brightness(raster), key)


def read_beside(raster: Raster, original: Raster, key: bytes) -> Reading | None:
    """Read a mark from a part, a turned or a mirrored copy of a work whose original is at hand; None if they do not fit together.

    The copy is laid on the original by local features (SIFT, Lowe 2004; RANSAC), and what is missing of it is taken from the
    original, which has no mark and so has no say.
    """
    suspect, ground = _small(raster), _small(original)
    laid = [found for mirrored in (False, True) if (found := _laid(suspect, ground, mirrored=mirrored)) is not None]
    if not laid:
        return None
    _, whole = max(laid, key=lambda found: found[0])
    return _read(_resized(whole).astype(np.float32), key)


def _brightness(raster: Raster) -> Floats:
    """Return the brightness, 0..255, of the picture brought to the canonical size (512, 512)."""
    small = _resized(raster.pixels)[:, :, :3].astype(np.float32)
    luma: Floats = (small * (_LUMA * np.float32(255 / (2**raster.bits - 1)))).sum(axis=2, dtype=np.float32)
    return luma


def _resized(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    import cv2  # noqa: PLC0415 - a fifth of a second, for the few commands that need it

    shrinks = pixels.shape[0] >= _SIDE and pixels.shape[1] >= _SIDE
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    found: NDArray[np.generic] = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=how)
    return found


def _coefficients(luma: Floats) -> Floats:
    """Return the three frequencies of every block, (blocks, 3)."""
    average = (luma[0::2, 0::2] + luma[1::2, 0::2] + luma[0::2, 1::2] + luma[1::2, 1::2]) / 2
    count = len(average) // _BLOCK
    blocks = average.reshape(count, _BLOCK, count, _BLOCK).swapaxes(1, 2).reshape(-1, 1, _BLOCK * _BLOCK)
    found: Floats = (blocks * _waves()).sum(axis=2, dtype=np.float32)
    return found


@lru_cache(maxsize=1)
def _waves() -> Floats:
    """Return the waves of the three frequencies, each over the 16 places of a block: those of the cosine transform."""
    places = np.arange(_BLOCK)
    lines = [np.cos(np.pi * (2 * places + 1) * number / (2 * _BLOCK)) for number in range(2)]
    units = [line / np.sqrt((line * line).sum()) for line in lines]
    return np.array([np.outer(units[down], units[across]).ravel() for down, across in _FREQUENCIES], dtype=np.float32)


@lru_cache(maxsize=4)
def _places(key: bytes) -> NDArray[np.int64]:
    """Return which bit each block carries in each frequency, (blocks, 3): every bit as often as any other.

    Made from a hash alone, so that no later version of a library of random numbers can scatter them otherwise.
    """
    width = _BLOCKS * 8
    noise = hashlib.shake_256(b"palimpsest mark 1" + key).digest(width * len(_FREQUENCIES))
    orders = [
        np.argsort(np.frombuffer(noise[start : start + width], "<u8"), kind="stable")
        for start in range(0, len(noise), width)
    ]
    return np.stack(orders, axis=1) % BITS


def _change(luma: Floats, payload: bytes, key: bytes) -> Floats:
    """Return what to add to the brightness, (256, 256), each value for four pixels of the canonical size."""
    bits = np.unpackbits(np.frombuffer(payload, np.uint8)).astype(np.float32)
    found = _coefficients(luma)
    target = (np.float32(0.25) + bits[_places(key)] / 2) * np.float32(_STEP)
    moved = np.rint((found - target) / np.float32(_STEP)) * np.float32(_STEP) + target - found
    count = _SIDE // 2 // _BLOCK
    blocks = (moved[:, :, None] * _waves()).sum(axis=1, dtype=np.float32)
    average: Floats = blocks.reshape(count, count, _BLOCK, _BLOCK).swapaxes(1, 2).reshape(_SIDE // 2, _SIDE // 2)
    average /= 2
    return average


def _read(luma: Floats, key: bytes) -> Reading:
    phase = _coefficients(luma) / np.float32(_STEP)
    votes = -np.cos(2 * np.pi * (phase - np.float32(0.25)))
    summed = np.bincount(_places(key).ravel(), votes.ravel().astype(np.float64), BITS)
    return Reading(tuple(float(each) for each in summed), key)


def _spread(raster: Raster, change: Floats) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Add a change of brightness to the picture at its own size, in bands of rows."""
    import cv2  # noqa: PLC0415 - as above

    fine = change.repeat(2, axis=0).repeat(2, axis=1) * np.float32((2**raster.bits - 1) / 255)
    marked = raster.pixels.copy()
    most = 2**raster.bits - 1
    for top in range(0, raster.height, _BAND):
        band = slice(top, min(top + _BAND, raster.height))
        rows = (np.arange(band.start, band.stop, dtype=np.float32) + np.float32(0.5)) * np.float32(
            _SIDE / raster.height
        ) - np.float32(0.5)
        upper = np.clip(np.floor(rows), 0, _SIDE - 1).astype(np.int64)
        lower = np.minimum(upper + 1, _SIDE - 1)
        part = np.clip(rows - upper, 0, 1)[:, None]
        lines = fine[upper] * (1 - part) + fine[lower] * part
        wide = cv2.resize(lines, (raster.width, len(rows)), interpolation=cv2.INTER_LINEAR)
        shown = raster.pixels[band, :, :3].astype(np.float32) + wide[:, :, None]
        marked[band, :, :3] = np.rint(np.clip(shown, 0, most))
    return marked


def _small(raster: Raster) -> NDArray[np.uint8]:
    """Return the brightness of a picture in 8 bits, at most 1024 pixels a side, its shape kept."""
    import cv2  # noqa: PLC0415 - as above

    shrink = min(1.0, _LAID_SIDE / max(raster.width, raster.height))
    size = max(1, round(raster.width * shrink)), max(1, round(raster.height * shrink))
    pixels = cv2.resize(raster.pixels[:, :, :3], size, interpolation=cv2.INTER_AREA).astype(np.float32)
    luma: Floats = (pixels * (_LUMA * np.float32(255 / (2**raster.bits - 1)))).sum(axis=2, dtype=np.float32)
    grey: NDArray[np.uint8] = np.rint(np.clip(luma, 0, 255)).astype(np.uint8)
    return grey


def _laid(suspect: NDArray[np.uint8], ground: NDArray[np.uint8], *, mirrored: bool) -> tuple[int, Floats] | None:
    """Lay a copy on the original; returns how many features hold it there, and the whole, or None where too few do."""
    import cv2  # noqa: PLC0415 - as above

    copy = np.ascontiguousarray(suspect[:, ::-1]) if mirrored else suspect
    finder = cv2.SIFT.create(_FEATURES)
    (points, marks), (others, goals) = (finder.detectAndCompute(each, None) for each in (copy, ground))
    if marks is None or goals is None or len(marks) < _INLIERS or len(goals) < _INLIERS:
        return None
    pairs = [pair for pair in cv2.BFMatcher().knnMatch(marks, goals, k=2) if len(pair) == 2]
    kept = [one for one, other in pairs if one.distance < _NEAR * other.distance]
    if len(kept) < _INLIERS:
        return None
    here = np.array([points[each.queryIdx].pt for each in kept], np.float32)
    there = np.array([others[each.trainIdx].pt for each in kept], np.float32)
    way, held = cv2.estimateAffine2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=_FAR_OFF, maxIters=2000)
    if way is None or int(held.sum()) < _INLIERS:
        return None
    size = ground.shape[1], ground.shape[0]
    moved = cv2.warpAffine(copy, way, size, flags=cv2.INTER_CUBIC)
    covered = cv2.warpAffine(np.full(copy.shape, 255, np.uint8), way, size, flags=cv2.INTER_NEAREST) == 255
    covered = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return int(held.sum()), np.where(covered, moved, ground).astype(np.float32)
