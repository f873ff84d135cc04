"""What of a work is picture: margins, frames, grounds around it and writing beside it are found and left out."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation, label

from palimpsest.craft.ports import Bytes, Mask
from palimpsest.media.raster import Floats
from palimpsest.media.resample import resize
from palimpsest.patchwork.inscriptions import inscribed

_SHEET = 320
"""The longer side, in pixels, of the picture in which margins are looked for."""
_NEAR = 18.0
"""Levels of 255 by which a margin's colour may vary."""
_STEP = 26.0
"""Levels of 255 by which the picture must differ from the margin where it begins."""
_ALONE = 0.88
"""So much of a line must have one colour for it to be a margin."""
_DEEPEST = 0.3
"""No margin is deeper than this share of the side."""
_LEAST = 0.2
"""So much of a work is always left."""
_NEUTRAL, _LEAST_OF_COLOURED = 24.0, 0.5
"""A ground with more colour than this may well be the work's own, silk or panel, so that more must be left without it."""
_ROUNDS = 4
_FIRST = (0, 2, 4)
"""Lines by which a margin's colour is told: the outermost may be the edge of the sheet."""
_SHARP = 0.55
"""So much of a margin's inner edge is a step."""


def usable_area(rgb: Bytes) -> Mask:
    """Say which pixels of a work belong to the picture, and not to a margin, a frame, a plain ground around it or writing on it.

    `rgb` (height, width, 3) in 8 bits; returns (height, width). It is careful: what it leaves out has one colour, reaches the
    edge of the work and ends in a sharp step; a pale sky, a dark corner stay. A frame within a margin is found too.
    """
    height, width = rgb.shape[:2]
    share = min(1.0, _SHEET / max(height, width))
    size = max(1, round(height * share)), max(1, round(width * share))
    if min(size) < 16:
        return np.ones((height, width), np.bool_)
    sheet = resize(rgb.astype(np.float32), size[1], size[0])
    picture = _without_ground(sheet, _within_lines(sheet)) & ~inscribed(sheet)
    return _enlarged(picture, height, width)


def _within_lines(sheet: Floats) -> Mask:
    """Mark the rectangle that is left when uniform lines are cut off on every side."""
    top, left, bottom, right = 0, 0, sheet.shape[0], sheet.shape[1]
    for _ in range(_ROUNDS):
        inside = sheet[top:bottom, left:right]
        cuts = [_depth(np.rot90(inside, turn), sheet.shape[turn % 2]) for turn in range(4)]
        if not any(cuts):
            break
        # np.rot90 turns counter-clockwise: the right side comes to the top first, then the bottom, then the left.
        top, right, bottom, left = top + cuts[0], right - cuts[1], bottom - cuts[2], left + cuts[3]
    picture = np.zeros(sheet.shape[:2], np.bool_)
    picture[top:bottom, left:right] = True
    whole: Mask = np.ones_like(picture)
    return picture if picture.mean() >= _LEAST else whole


def _depth(lines: Floats, side: int) -> int:
    """Return how many lines at the top have one colour and end in a sharp step, or 0."""
    most = min(round(_DEEPEST * side), len(lines) // 2 - 2)
    if most < 1:
        return 0
    return max(_cut(lines, most, first) for first in _FIRST)


def _cut(lines: Floats, most: int, first: int) -> int:
    """Return where a margin ends that has the colour of one of the first lines; what lies outside that line goes with it."""
    ground = np.median(lines[min(first, most)], axis=0)
    far = np.abs(lines[: most + 3] - ground).max(axis=2)
    plain = (far < _NEAR).mean(axis=1) >= _ALONE
    plain[:first] = True
    deep = int(np.argmin(plain)) if not plain.all() else 0
    if not first < deep <= most:
        return 0
    beyond = (far[deep : deep + 3].max(axis=0) > _STEP).mean()
    return deep + 1 if beyond >= _SHARP else 0


def _without_ground(sheet: Floats, picture: Mask) -> Mask:
    """Take away a ground of one colour that surrounds what is shown, whatever its outline."""
    rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    inside = sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    rim = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    ground = np.median(rim, axis=0)
    far = np.abs(inside - ground).max(axis=2)
    parts, _ = label(far < _NEAR)
    edge = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    around = (edge > 0).mean()
    outside = np.isin(parts, np.unique(edge[edge > 0]))
    left = picture.copy()
    left[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = ~binary_dilation(outside, iterations=2)
    least = _LEAST if np.ptp(ground) < _NEUTRAL else _LEAST_OF_COLOURED
    if around < _ALONE or left.mean() < least or not _ends_sharply(far, outside):
        return picture
    return left


def _ends_sharply(far: Floats, outside: Mask) -> bool:
    """Whether the picture next to a ground differs from it clearly along most of its outline."""
    ring = binary_dilation(outside, iterations=3) & ~binary_dilation(outside, iterations=1)
    return bool(ring.any()) and float((far[ring] > _STEP).mean()) > _SHARP


def _enlarged(picture: Mask, height: int, width: int) -> Mask:
    """Bring a mask to the work's size; pixels that are only partly picture are left out."""
    if picture.all():
        return np.ones((height, width), np.bool_)
    rows = (np.arange(height) * picture.shape[0]) // height
    columns = (np.arange(width) * picture.shape[1]) // width
    enlarged: Mask = picture[rows][:, columns]
    return enlarged
