"""A small picture carved to another size along seams, so that what matters in it is not stretched.

A seam is a line of one pixel for each row, from top to bottom, each beside or below the last. Taking out the seams that nobody
would miss makes a picture narrower; laying them twice makes it wider.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.craft.ports import Bytes, Mask

Places = NDArray[np.int32]
_FAR = 1 << 40
_WORN = 15
"""By what a pixel becomes dearer each time that a seam goes beside it, so that seams spread."""
_HELD = 10_000
_CHANCE = 24


def carved(rgb: Bytes, height: int, width: int, held: Mask | None, rng: np.random.Generator) -> tuple[Places, Places]:
    """Return for each pixel of a new size (height, width) the row and the column of a small picture that it is.

    What is `held` gives way last; where much is missed about equally little, chance decides.

    After Avidan and Shamir, "Seam carving for content-aware image resizing" (2007), with the forward energy of Rubinstein et
    al. (2008), weighed by how rare and how strong what a seam cuts is. In whole numbers.
    """
    rows, columns = np.mgrid[: rgb.shape[0], : rgb.shape[1]].astype(np.int32)
    matters = importance(rgb) + rng.integers(0, _CHANCE, rgb.shape[:2])
    if held is not None:
        matters[held] += _HELD
    for turned, side in ((False, width), (True, height)):
        if turned:
            rows, columns = rows.T, columns.T
        while rows.shape[1] != side:
            rows, columns = _carved_once(rgb, matters, rows, columns, side)
        if turned:
            rows, columns = rows.T, columns.T
    return np.ascontiguousarray(rows), np.ascontiguousarray(columns)


def importance(rgb: Bytes) -> NDArray[np.int64]:
    """Return how much each pixel matters: how far its colour lies from what is common in the picture, and around it."""
    colours = rgb.astype(np.int64)
    common = np.median(colours.reshape(-1, 3), axis=0).astype(np.int64)
    rare = np.abs(colours - common).sum(axis=2)
    steps = np.zeros(rare.shape, np.int64)
    steps[:, 1:] += np.abs(colours[:, 1:] - colours[:, :-1]).sum(axis=2)
    steps[1:] += np.abs(colours[1:] - colours[:-1]).sum(axis=2)
    return _spread(rare // 4 + steps)


def _spread(plane: NDArray[np.int64]) -> NDArray[np.int64]:
    """Average over 5×5 pixels, so that the inside of a thing matters as its outline does."""
    side = 5
    padded = np.pad(plane, side // 2, mode="edge")
    spread: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(padded, (side, side)).sum(axis=(2, 3))
    return spread // (side * side)


def _carved_once(
    rgb: Bytes, matters: NDArray[np.int64], rows: Places, columns: Places, side: int
) -> tuple[Places, Places]:
    """Take out all the seams that are too many, or lay up to half of the columns twice."""
    width = rows.shape[1]
    count = min(abs(side - width), max(1, width // 2))
    kept = _without_seams(rgb, matters, rows, columns, count)
    if side < width:
        shape = (rows.shape[0], width - count)
        return rows[kept].reshape(shape), columns[kept].reshape(shape)
    twice = np.where(kept, 1, 2).ravel()
    shape = (rows.shape[0], width + count)
    return np.repeat(rows.ravel(), twice).reshape(shape), np.repeat(columns.ravel(), twice).reshape(shape)


def _without_seams(
    rgb: Bytes, matters: NDArray[np.int64], rows: Places, columns: Places, count: int
) -> NDArray[np.bool_]:
    """Return which pixels are left when so many seams are taken out, each the one that is missed least."""
    colours = rgb[rows, columns].astype(np.int64)
    price = matters[rows, columns]
    height, width = rows.shape
    place = np.broadcast_to(np.arange(width), (height, width)).copy()
    kept = np.ones((height, width), np.bool_)
    every = np.arange(height)
    for left in range(width, width - count, -1):
        seam = _seam(colours, price)
        kept[every, place[every, seam]] = False
        for beside in (seam - 1, seam + 1):
            inside = (beside >= 0) & (beside < left)
            price[every[inside], beside[inside]] += _WORN
        stays = np.ones((height, left), np.bool_)
        stays[every, seam] = False
        colours = colours[stays].reshape(height, left - 1, 3)
        price = price[stays].reshape(height, left - 1)
        place = place[stays].reshape(height, left - 1)
    return kept


def _seam(colours: NDArray[np.int64], price: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the column of the cheapest seam in each row: what it takes out, and what steps it leaves."""
    height, width = price.shape
    left, right = np.roll(colours, 1, axis=1), np.roll(colours, -1, axis=1)
    left[:, 0], right[:, -1] = colours[:, 0], colours[:, -1]
    level = np.abs(right - left).sum(axis=2)
    cost = price[0] + level[0]
    came = np.zeros((height, width), np.int64)
    for row in range(1, height):
        above = colours[row - 1]
        options = np.full((3, width), _FAR, np.int64)
        options[0, 1:] = cost[:-1] + np.abs(above - left[row]).sum(axis=1)[1:]
        options[1] = cost
        options[2, :-1] = cost[1:] + np.abs(above - right[row]).sum(axis=1)[:-1]
        came[row] = options.argmin(axis=0) - 1
        cost = options.min(axis=0) + level[row] + price[row]
    seam = np.empty(height, np.int64)
    seam[-1] = int(cost.argmin())
    for row in range(height - 1, 0, -1):
        seam[row - 1] = seam[row] + came[row, seam[row]]
    return seam
