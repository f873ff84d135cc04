"""A source map at the size of a screen, in whole numbers that a page can look up without asking again."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from palimpsest.studio.sourcing import Sources

REACH = 2**16
"""So many places a number of 2 bytes can name."""


def small_map(found: Sources, longest: int = 1024) -> bytes:
    """Write a source map with at most so many pixels a side.

    First the length of the head (4 bytes, the lowest first), then the head, JSON filled up with spaces to a multiple of four:
    `width` and `height` of the work, `columns` and `rows` of the map, and the `works` that pixels come from, each with its
    id, width, height and `step`. Then for each pixel, line by line, three whole numbers of 2 bytes, the lowest first: which of
    the works, and x and y in it, in its own pixels divided by `step`, which is 1 for all but gigantic works. A pixel of the
    map stands for the one under its middle.
    """
    whole = found.map
    columns, rows = _fitted(whole.width, whole.height, longest)
    across, down = _middles(columns, whole.width), _middles(rows, whole.height)
    spots = np.ix_(down, across)
    triplets = _triplets(found, whole.slot[spots], whole.row[spots], whole.column[spots])
    sizes = _sizes(found)
    head = {
        "width": whole.width,
        "height": whole.height,
        "columns": columns,
        "rows": rows,
        "works": [
            {"id": work, "width": sizes[work][0], "height": sizes[work][1], "step": _step(sizes[work])}
            for work in found.shares
        ],
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text + triplets.tobytes()


def _triplets(
    found: Sources, slot: NDArray[np.integer], row: NDArray[np.int32], column: NDArray[np.int32]
) -> NDArray[np.uint16]:
    """Put slot by slot into the words of the page: which work, and where in it."""
    numbers = {work: number for number, work in enumerate(found.shares)}
    triplets = np.zeros((*slot.shape, 3), "<u2")
    for number in np.unique(slot):
        each = found.map.slots[number]
        here = slot == number
        down, across = each.upright(row[here], column[here])
        own = found.sizes[each.role][each.index]
        triplets[here, 0] = numbers[found.work_of(each.role, each.index)]
        triplets[here, 1] = _in_own_pixels(across, each.width, own[0]) // _step(own)
        triplets[here, 2] = _in_own_pixels(down, each.height, own[1]) // _step(own)
    return triplets


def _in_own_pixels(place: NDArray[np.int32], resampled: int, own: int) -> NDArray[np.int64]:
    """Return the pixels of a work under the middles of those of its resampled copy."""
    return (2 * place.astype(np.int64) + 1) * own // (2 * resampled)


def _step(size: tuple[int, int]) -> int:
    return -(-max(size) // REACH)


def _fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    share = min(1.0, longest / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def _middles(number: int, side: int) -> NDArray[np.int64]:
    return (2 * np.arange(number, dtype=np.int64) + 1) * side // (2 * number)


def _sizes(found: Sources) -> dict[str, tuple[int, int]]:
    return {found.work_of(role, index): size for role, sizes in found.sizes.items() for index, size in enumerate(sizes)}
