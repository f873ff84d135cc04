"""A first, rough picture: pieces of works laid side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palimpsest.craft.ports import Bytes


def collage(
    pictures: Sequence[Bytes], height: int, width: int, cells: int, wander: float, lift: float, rng: np.random.Generator
) -> Bytes:
    """Cover a sheet (height, width, 3) with pieces of pictures, each taken from near the same place.

    The pieces are the cells around random points. What lies in one is moved by up to `wander` of the picture's width and `lift`
    of its height, so that what is above stays above when `lift` is small. Beyond its edge a picture is mirrored.
    """
    rows, columns = np.mgrid[:height, :width].astype(np.int32)
    points = np.rint(rng.random((cells, 2)) * (height, width)).astype(np.int64)
    nearest = np.argmin([(rows - y) ** 2 + (columns - x) ** 2 for y, x in points], axis=0)
    sheet = np.empty((height, width, 3), np.uint8)
    for cell in range(cells):
        picture = pictures[int(rng.integers(len(pictures)))]
        moved = np.rint(rng.uniform(-1, 1, 2) * (lift * picture.shape[0], wander * picture.shape[1])).astype(np.int64)
        inside = np.nonzero(nearest == cell)
        y = inside[0] * picture.shape[0] // height + moved[0]
        x = inside[1] * picture.shape[1] // width + moved[1]
        sheet[inside] = picture[_mirrored(y, picture.shape[0]), _mirrored(x, picture.shape[1])]
    return sheet


def _mirrored(place: np.ndarray, side: int) -> np.ndarray:
    """Fold places beyond a side of pixels back into it."""
    folded = np.abs(place) % (2 * side)
    return np.where(folded >= side, 2 * side - 1 - folded, folded)
