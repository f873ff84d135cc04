"""The longest verbatim regions of a work: areas that were copied whole from one place, by what its source map says."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.errors import NotFound
from palimpsest.media.sourcemap import Slot, SourceMap
from palimpsest.studio.sourcing import Sources, sources
from palimpsest.studio.studio import Studio

MOST_REGIONS = 5
Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True)
class Region:
    """A connected area of a work whose pixels were all copied from one place of another, with nothing between them moved.

    `box` surrounds it in the work, `origin` surrounds where it lies in `source`, in that work's own pixels. `share` is of the
    picture, `of_source` of the source's pixels. `resized` tells that the source was resampled before it was copied from.
    """

    source: str
    pixels: int
    share: float
    of_source: float
    box: Box
    origin: Box
    resized: bool


def verbatim_regions(studio: Studio, work: str, most: int = MOST_REGIONS) -> tuple[Region, ...] | None:
    """Return the largest verbatim regions of a work, the largest first; None when it keeps no source map.

    Raises:
        Damaged: the map is missing, has changed, or does not fit the work.
    """
    try:
        found = sources(studio, work)
    except NotFound:
        return None
    areas = moved_together(found.map)
    sizes = np.bincount(areas.ravel())
    largest = np.argsort(-sizes, kind="stable")[:most]
    return tuple(_region(found, areas == number) for number in largest if sizes[number])


def moved_together(map: SourceMap) -> NDArray[np.int32]:
    """Return for each pixel the number, from 1, of its area: pixels that touch and were copied by one displacement.

    The map is drawn at twice its size, with a wall between two neighbours that were not moved together.
    """
    rows = map.row - np.arange(map.height, dtype=np.int32)[:, None]
    columns = map.column - np.arange(map.width, dtype=np.int32)[None, :]
    open_ways = np.zeros((2 * map.height - 1, 2 * map.width - 1), np.uint8)
    open_ways[::2, ::2] = 1
    moved = (map.slot, rows, columns)
    open_ways[1::2, ::2] = np.logical_and.reduce([each[1:] == each[:-1] for each in moved])
    open_ways[::2, 1::2] = np.logical_and.reduce([each[:, 1:] == each[:, :-1] for each in moved])
    _, areas = cv2.connectedComponents(open_ways, connectivity=4)
    return np.asarray(areas[::2, ::2], np.int32)


def _region(found: Sources, mask: NDArray[np.bool_]) -> Region:
    map = found.map
    down, across = np.nonzero(mask)
    slot = map.slots[int(map.slot[down[0], across[0]])]
    width, height = found.sizes[slot.role][slot.index]
    return Region(
        source=found.work_of(slot.role, slot.index),
        pixels=len(down),
        share=len(down) / mask.size,
        of_source=min(1.0, len(down) / (slot.width * slot.height)),
        box=_around(across, down),
        origin=_in_source(slot, map.row[mask], map.column[mask], width, height),
        resized=(slot.width, slot.height) != (width, height),
    )


def _around(across: NDArray[np.integer], down: NDArray[np.integer]) -> Box:
    left, top = int(across.min()), int(down.min())
    return left, top, int(across.max()) - left + 1, int(down.max()) - top + 1


def _in_source(slot: Slot, row: NDArray[np.int32], column: NDArray[np.int32], width: int, height: int) -> Box:
    """Return the box around some places of a slot, in the work's own pixels."""
    down, across = slot.upright(row, column)
    left, top, wide, high = _around(across, down)
    right, bottom = left + wide, top + high
    left, right = left * width // slot.width, -(-right * width // slot.width)
    top, bottom = top * height // slot.height, -(-bottom * height // slot.height)
    return left, top, right - left, bottom - top
