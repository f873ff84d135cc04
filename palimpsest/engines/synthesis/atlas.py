"""Several source pictures side by side in one, so that a place in it names the source and the pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.ports import Mask
from palimpsest.engines.synthesis.kernels import FAR, Longs, Shorts, Whole

SPARE = 16
"""Numbers after the last pixel that a patch comparison may read and does not count."""


@dataclass(frozen=True)
class Atlas:
    """Sources packed into one picture of `width` pixels: `flat` has its channels one after the other, row by row.

    `boxes` (n, 4): top and left of each source, and the rows and columns in which its patches may begin. `labels` gives for
    each pixel the number of its source. `penalty` is `FAR` where no patch may begin and the source's bias elsewhere; `allowed`
    lists where one may.
    """

    flat: Shorts
    width: int
    boxes: Longs
    labels: Shorts
    penalty: Whole
    allowed: Whole

    @classmethod
    def of(cls, pictures: Sequence[Shorts], usable: Sequence[Mask | None], extra: Sequence[int], patch: int) -> Atlas:
        """Pack pictures (height, width, channels); patches may begin where all of their pixels are usable.

        `extra` is what a patch of each picture costs beside its distance.
        """
        corners, height, width = _shelves([each.shape[:2] for each in pictures])
        channels = pictures[0].shape[2]
        flat = np.zeros(height * width * channels + SPARE, np.int16)
        whole = flat[: height * width * channels].reshape(height, width, channels)
        labels = np.zeros((height, width), np.int16)
        penalty = np.full((height, width), FAR, np.int32)
        boxes = np.empty((len(pictures), 4), np.int64)
        for k, (picture, mask, (top, left)) in enumerate(zip(pictures, usable, corners, strict=True)):
            rows, columns = picture.shape[:2]
            whole[top : top + rows, left : left + columns] = picture
            labels[top : top + rows, left : left + columns] = k
            down, across = max(0, rows - patch + 1), max(0, columns - patch + 1)
            boxes[k] = top, left, down, across
            free = np.ones((down, across), np.bool_)
            if mask is not None and free.size:
                free = whole_patches(mask, patch)
            penalty[top : top + down, left : left + across][free] = extra[k]
        allowed = np.flatnonzero(penalty.ravel() < FAR).astype(np.int32)
        return cls(flat, width, boxes, labels.ravel(), penalty.ravel(), allowed)

    def origin(self, places: Whole) -> tuple[Shorts, Whole, Whole]:
        """Return the source, the row and the column in it for places in the atlas."""
        source = self.labels[places]
        row, column = np.divmod(places, self.width)
        corner = self.boxes[source]
        return source, (row - corner[..., 0]).astype(np.int32), (column - corner[..., 1]).astype(np.int32)


def whole_patches(mask: Mask, patch: int) -> Mask:
    """Return for each patch, by its upper left pixel, whether all its pixels are marked."""
    whole: Mask = box_sums(~mask, patch) == 0
    return whole


def box_sums(counts: NDArray[np.bool_] | Whole, side: int) -> Whole:
    """Return the sums over all squares of a side, by their upper left pixel; 2³¹ is not to be reached."""
    sums = np.cumsum(np.cumsum(counts, axis=0, dtype=np.int32), axis=1, dtype=np.int32)
    sums = np.pad(sums, ((1, 0), (1, 0)))
    found: Whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return found


def _shelves(sizes: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], int, int]:
    """Place rectangles in rows, the tallest first; return their upper left corners, and the height and width of all."""
    area = sum(rows * columns for rows, columns in sizes)
    width = max(*(columns for _, columns in sizes), round(area**0.5), 1)
    corners = [(0, 0)] * len(sizes)
    top = left = shelf = 0
    for k in sorted(range(len(sizes)), key=lambda k: (-sizes[k][0], k)):
        rows, columns = sizes[k]
        if left + columns > width:
            top, left, shelf = top + shelf, 0, 0
        corners[k] = (top, left)
        left, shelf = left + columns, max(shelf, rows)
    return corners, top + shelf, width
