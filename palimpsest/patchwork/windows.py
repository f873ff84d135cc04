"""Windows: upright rectangles that lie within the picture of a work."""

from __future__ import annotations

import numpy as np

from palimpsest.craft.ports import Mask

_WHOLE = 0.995
"""So much of the line along each side must belong to the picture."""


def window_in(usable: Mask, height: int | None = None, width: int | None = None) -> tuple[slice, slice]:
    """Return rows and columns of a large window in which nearly all pixels are usable, about its middle if it is to be smaller.

    Lines are taken away one by one where the fewest pixels are usable.
    """
    top, left, bottom, right = 0, 0, *usable.shape
    while bottom - top > 1 and right - left > 1:
        inside = usable[top:bottom, left:right]
        lines = [inside[0].mean(), inside[-1].mean(), inside[:, 0].mean(), inside[:, -1].mean()]
        worst = int(np.argmin(lines))
        if lines[worst] >= _WHOLE:
            break
        top, bottom = top + (worst == 0), bottom - (worst == 1)
        left, right = left + (worst == 2), right - (worst == 3)
    return _about_the_middle(top, bottom, height), _about_the_middle(left, right, width)


def _about_the_middle(first: int, last: int, asked: int | None) -> slice:
    spare = max(0, last - first - asked) if asked else 0
    return slice(first + spare // 2, last - (spare - spare // 2))
