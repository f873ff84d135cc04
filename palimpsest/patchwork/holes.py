"""Holes in a picture: how wide they are, what smoothly spans them, and which part of the picture is needed to fill them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from palimpsest.craft.ports import Bytes, Mask
from palimpsest.media.raster import Floats

_BLOCK = 64
"""Holes are told apart on a picture of so many pixels to one."""
_LEAST, _TIMES = 400_000, 20
"""A part of a picture has at least so many pixels, and so many times those of its hole."""
_NOTHING = np.float32(1e-6)


@dataclass(frozen=True)
class Window:
    """A part of a picture: its upper left corner, and how many rows and columns."""

    top: int
    left: int
    height: int
    width: int

    @property
    def cut(self) -> tuple[slice, slice]:
        """Return the slices that cut it out of a picture."""
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)

    def grown(self, margin: int, height: int, width: int) -> Window:
        """Return it with a margin on every side, as far as a picture of this size goes."""
        top, left = max(0, self.top - margin), max(0, self.left - margin)
        bottom, right = min(height, self.top + self.height + margin), min(width, self.left + self.width + margin)
        return Window(top, left, bottom - top, right - left)


def windows(hole: Mask, most: int) -> list[Window]:
    """Return the parts of a picture that hold all of a hole between them, each with enough of the picture around.

    The whole picture where it has no more than `most` pixels; otherwise a part for each hole that stands by itself, of no more
    than about `most` pixels unless the hole itself is larger.
    """
    height, width = hole.shape
    if hole.size <= most:
        return [Window(0, 0, height, width)]
    rows, columns = np.arange(0, height, _BLOCK), np.arange(0, width, _BLOCK)
    blocks = np.logical_or.reduceat(np.logical_or.reduceat(hole, rows, axis=0), columns, axis=1)
    labels, _ = ndimage.label(ndimage.binary_dilation(blocks, np.ones((3, 3), np.bool_)), np.ones((3, 3)))
    labels[~blocks] = 0
    parts = [part for found in ndimage.find_objects(labels) for part in _split(_full_size(found), hole, most)]
    return [_enough(part, most, height, width) for part in parts]


def _full_size(found: tuple[slice, ...]) -> Window:
    rows, columns = found
    sides = (rows.stop - rows.start) * _BLOCK, (columns.stop - columns.start) * _BLOCK
    return Window(rows.start * _BLOCK, columns.start * _BLOCK, *sides)


def _split(window: Window, hole: Mask, most: int) -> list[Window]:
    """Cut the window of a long thin hole into squares, and return those that hold some of it."""
    if window.height * window.width <= max(most, _TIMES * int(hole[window.cut].sum())):
        return [window]
    side = math.isqrt(most) // 2
    tops = range(window.top, window.top + window.height, side)
    lefts = range(window.left, window.left + window.width, side)
    squares = [Window(top, left, side, side).grown(0, *hole.shape) for top in tops for left in lefts]
    return [square for square in squares if hole[square.cut].any()]


def _enough(window: Window, most: int, height: int, width: int) -> Window:
    """Grow a window by half of its shorter side, and until there is many times as much around it as in it."""
    enough = min(most, max(_LEAST, _TIMES * window.height * window.width), height * width)
    margin = min(window.height, window.width) // 2
    while (grown := window.grown(margin, height, width)).height * grown.width < enough:
        margin += _BLOCK
    return grown


def thickness(hole: Mask) -> int:
    """Return the width of a hole at its widest, in pixels; beyond the picture's edge nothing is known."""
    if hole.all():
        return 2 * int(max(hole.shape))
    depth: NDArray[np.int32] = np.asarray(ndimage.distance_transform_cdt(hole, "chessboard"), np.int32)
    return 2 * int(depth.max())


def holds_a_patch(usable: Mask, patch: int) -> bool:
    """Say whether any whole patch may be copied."""
    least = ndimage.minimum_filter(usable.astype(np.uint8), patch, mode="constant", cval=0)
    return bool(least.any())


def spanned(rgb: Bytes, hole: Mask) -> Bytes:
    """Return a picture (height, width, 3) whose hole is spanned smoothly from its border.

    Known colours are averaged to ever smaller pictures until no gap is left, and the gaps are filled from there: the pull-push
    of Gortler et al., "The Lumigraph" (1996).
    """
    known = (~hole).astype(np.float32)
    smooth = _filled(rgb.astype(np.float32) * known[..., None], known)
    return np.where(hole[..., None], np.clip(np.rint(smooth), 0, 255).astype(np.uint8), rgb)


def _filled(colours: Floats, known: Floats) -> Floats:
    """Fill the gaps of colours that are multiplied by how far they are known, from 0 to 1."""
    if known.all() or max(known.shape) == 1:
        return (colours / np.maximum(known, _NOTHING)[..., None]).astype(np.float32)
    weight = _halved(known)
    share = np.minimum(weight * np.float32(4), np.float32(1))  # one known pixel of four is as good as four
    small = _filled(_halved(colours) * (share / np.maximum(weight, _NOTHING))[..., None], share)
    return colours + (np.float32(1) - known[..., None]) * _doubled(
        _doubled(small, 0, known.shape[0]), 1, known.shape[1]
    )


def _halved(plane: Floats) -> Floats:
    """Average each 2×2 pixels; beyond the edge there is nothing."""
    odd = [(0, plane.shape[0] % 2), (0, plane.shape[1] % 2), (0, 0)]
    whole = np.pad(plane, odd[: plane.ndim])
    halved: Floats = (whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]) * np.float32(0.25)
    return halved


def _doubled(plane: Floats, axis: int, side: int) -> Floats:
    """Enlarge one axis to twice the size in smooth steps, and cut it to a side."""
    places = np.arange(side)
    middle = np.minimum(places // 2, plane.shape[axis] - 1)
    near = np.clip(middle + np.where(places % 2, 1, -1), 0, plane.shape[axis] - 1)
    doubled: Floats = plane.take(middle, axis) * np.float32(0.75) + plane.take(near, axis) * np.float32(0.25)
    return doubled
