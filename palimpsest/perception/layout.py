"""Where the edges of a picture lie and which way they run: what stays when the same composition is painted in another manner."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats
from palimpsest.perception.reduction import Bytes, grey

GRID, DIRECTIONS = 8, 8
NUMBERS = GRID * GRID * DIRECTIONS
UNIT = 400
_SIDE = 128
_BLUR = 2.0


def layout(picture: Bytes) -> Floats:
    """Return the composition of a small picture, uint8 (height, width, 3), as float32 (512,) of length 1.

    Histograms of oriented gradients (Dalal and Triggs, CVPR 2005) over a grid of 8×8 cells, in 8 directions without sign, of
    the picture made square, small and soft; every place is held against its surroundings first, so that a dark corner counts
    as much as a light one. A picture of one tone has the zero vector.
    """
    square = cv2.resize(grey(picture), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    soft = cv2.GaussianBlur(square, (0, 0), _BLUR)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    around = cv2.GaussianBlur(strength, (0, 0), _SIDE / GRID)
    strength = np.sqrt(strength / (around + 4.0))
    angle = np.arctan2(down, across) % np.pi / np.pi * DIRECTIONS
    planes = np.empty((GRID, GRID, DIRECTIONS), np.float32)
    for direction in range(DIRECTIONS):
        apart = np.abs(angle - direction)
        near = np.maximum(0, 1 - np.minimum(apart, DIRECTIONS - apart))
        planes[:, :, direction] = cv2.resize(strength * near, (GRID, GRID), interpolation=cv2.INTER_AREA)
    planes -= planes.mean(axis=(0, 1), keepdims=True)  # that most edges stand upright is no composition
    return _unit(planes.ravel())


def mirrored(vector: NDArray[Any]) -> NDArray[Any]:
    """Return the composition of the picture mirrored left to right."""
    planes = vector.reshape(GRID, GRID, DIRECTIONS)[:, ::-1]
    return planes[:, :, -np.arange(DIRECTIONS) % DIRECTIONS].ravel()


def likeness(asked: NDArray[np.int8], kept: NDArray[np.int8]) -> Floats:
    """Return how alike a composition is to each of n, (n, 512), written as by `whole`: 1 when the same, mirrored or not."""
    both = np.stack([asked, mirrored(asked)]).astype(np.float32)
    cosines = kept.astype(np.float32) @ both.T  # whole numbers below 2²⁴: exact, in whatever order they are added
    return np.asarray(cosines.max(axis=1) / np.float32(UNIT * UNIT), np.float32)


def whole(vector: Floats) -> NDArray[np.int8]:
    """Write a composition in whole numbers, int8 (512,)."""
    return np.rint(vector * UNIT).clip(-127, 127).astype(np.int8)


def _unit(vector: Floats) -> Floats:
    length = float(np.sqrt((vector * vector).sum()))
    return vector / np.float32(length) if length > 1e-3 else np.zeros_like(vector)
