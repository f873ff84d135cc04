"""How alike the pictures of two faces are: by the look of the crop, not by who it is."""

from __future__ import annotations

import numpy as np
import pdqhash
from numpy.typing import NDArray

from palimpsest.craft.ports import Bytes
from palimpsest.media.resample import resize

Look = NDArray[np.uint8]
"""256 bits, each 0 or 1."""
_SIDE = 128


def look_of(crop: Bytes) -> Look:
    """Return a perceptual hash (PDQ, 256 bits) of a picture of a face (height, width, 3), whatever its size."""
    small = np.clip(np.rint(resize(crop.astype(np.float32), _SIDE, _SIDE)), 0, 255).astype(np.uint8)
    bits, _ = pdqhash.compute(small)
    look: Look = np.asarray(bits, np.uint8)
    return look


def distance(one: Look, other: Look) -> int:
    """Count the bits that differ: 0 for the same picture, about 128 for two that have nothing in common."""
    return int((one != other).sum())
