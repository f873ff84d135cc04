"""Seals, cartouches and lines of writing beside a picture, which nobody wants to find again in another made of it."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation, binary_opening, find_objects, label, maximum_filter, minimum_filter

from palimpsest.craft.ports import Mask
from palimpsest.media.raster import Floats

_FLAT = 26.0
"""Levels of 255 between the lightest and the darkest of nine pixels up to which they are ground."""
_OPEN = 0.04
"""So large a share of the work is an open ground."""
_LIGHT = 95.0
"""People write on what is at least so light, in levels of 255."""
_CLEAR = 36.0
"""Writing differs from the ground by so many levels."""
_BESIDE = 0.2
"""It stands no further from an edge than this share of the side."""
_LONGEST, _BROADEST, _LEAST = 0.36, 0.12, 0.0008
"""A group of signs is no longer and no broader than these shares of the longer side, no smaller than this share of the area."""
_ALL, _AMONG = 0.04, 0.25
"""What is more of the work, or of all that is drawn in it, is no inscription but what the work is made of."""
_TOUCH = np.ones((3, 3), np.bool_)


def inscribed(sheet: Floats) -> Mask:
    """Mark groups of small clear signs that stand near an edge, alone on an open light ground.

    `sheet` (height, width, 3): levels of 0 to 255, the longer side about 320 pixels. Where such signs are much of what is drawn,
    as in a page of calligraphy or a pattern of dots, nothing is marked.
    """
    span = (maximum_filter(sheet, (3, 3, 1)) - minimum_filter(sheet, (3, 3, 1))).max(axis=2)
    ground = _open_ground(sheet, span < _FLAT)
    drawn = ~ground
    groups, _ = label(binary_opening(drawn, _TOUCH), _TOUCH)  # a thin line does not join writing to the picture
    marks = np.zeros(drawn.shape, np.bool_)
    for number, box in enumerate(find_objects(groups), 1):
        if _beside(box, drawn.shape):
            group = groups[box] == number
            if group.mean() > 0.2 and group.sum() >= _LEAST * drawn.size and _clear(sheet, ground, box):
                marks[box] |= group
    few = marks.mean() <= _ALL and marks.sum() <= _AMONG * max(1, int(drawn.sum()))
    return binary_dilation(marks, _TOUCH, 2) if few else np.zeros_like(marks)


def _open_ground(sheet: Floats, flat: Mask) -> Mask:
    """Keep of the flat parts the large light ones."""
    parts, count = label(flat)
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    light = np.bincount(parts.ravel(), sheet.mean(axis=2).ravel(), count + 1) / np.maximum(sizes, 1)
    wanted = (sizes >= _OPEN * flat.size) & (light >= _LIGHT)
    wanted[0] = False
    ground: Mask = wanted[parts]
    return ground


def _beside(box: tuple[slice, ...], size: tuple[int, ...]) -> bool:
    """Whether a part has the size of some lines of writing and stands beside the picture, not touching the edge."""
    sides = sorted(each.stop - each.start for each in box)
    if sides[0] > _BROADEST * max(size) or sides[1] > _LONGEST * max(size):
        return False
    rooms = [min(each.start, side - each.stop) for each, side in zip(box, size, strict=True)]
    return min(rooms) > 0 and any(room <= _BESIDE * side for room, side in zip(rooms, size, strict=True))


def _clear(sheet: Floats, ground: Mask, box: tuple[slice, ...]) -> bool:
    """Whether what is drawn in a part differs clearly from the ground around it, which has one colour."""
    wider = tuple(slice(max(0, each.start - 3), each.stop + 3) for each in box)
    around = sheet[wider][ground[wider]]
    if len(around) < 16 or float(around.std(axis=0).max()) > 0.5 * _CLEAR:
        return False
    far = np.abs(sheet[box][~ground[box]] - np.median(around, axis=0)).max(axis=1)
    return float((far > _CLEAR).mean()) > 0.15
