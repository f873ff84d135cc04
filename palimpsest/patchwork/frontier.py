"""A first, small picture of what fills a hole: whole patches laid from its border inwards, strong lines first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from palimpsest.craft.ports import Bytes, Mask

Whole = NDArray[np.int32]
Places = NDArray[np.int64]
_REACH = 3
"""Pixels from the middle of a patch to its side: patches are 7×7."""
_SIDE = 2 * _REACH + 1
_ABOUT = 110
"""Per cent of the least distance that count as about as near."""
_EVEN = 64
"""What a place counts where no line runs in, against the levels of a step."""


@dataclass(frozen=True)
class Sample:
    """A small picture to copy from: `features` (height, width, channels) and which of its pixels may be copied."""

    features: Bytes
    usable: Mask


@dataclass
class _Front:
    """The picture as far as it is filled, with a border of `_REACH` pixels that are never known nor asked for."""

    features: NDArray[np.int16]
    known: Mask
    hole: Mask
    trust: Whole

    @classmethod
    def of(cls, features: Bytes, hole: Mask) -> _Front:
        around = [(_REACH, _REACH)] * 2
        known = np.pad(~hole, around)
        return cls(
            np.pad(features.astype(np.int16), [*around, (0, 0)]),
            known,
            np.pad(hole, around),
            known.astype(np.int32) * 256,
        )

    def patch(self, y: int, x: int) -> tuple[slice, slice]:
        return slice(y - _REACH, y + _REACH + 1), slice(x - _REACH, x + _REACH + 1)


def laid_inwards(features: Bytes, hole: Mask, samples: Sequence[Sample], told: int, rng: np.random.Generator) -> Bytes:
    """Fill the hole of a small picture (height, width, channels) with patches of the samples.

    Of those that fit about equally well, one is drawn by lot. The last `told` channels are known in the hole too, as guides;
    they are compared and never changed. Where no sample holds a whole patch the picture comes back as it is.

    After Criminisi, Perez and Toyama, "Region filling and object removal by exemplar-based inpainting" (2004), in whole numbers.
    """
    patches = _patches(samples)
    if not len(patches):
        return features
    front = _Front.of(features, hole)
    colours = features.shape[2] - told
    while front.hole.any():
        y, x = _next(front, colours)
        cut = front.patch(y, x)
        found = _nearest(patches, front.features[cut], front.known[cut], told, rng)
        new = front.hole[cut]
        front.features[cut][new, :colours] = found[new, :colours]
        front.trust[cut][new] = front.trust[cut].sum() // (_SIDE * _SIDE)
        front.known[cut] |= new
        new[...] = False
    return front.features[_REACH:-_REACH, _REACH:-_REACH].astype(np.uint8)


def _patches(samples: Sequence[Sample]) -> NDArray[np.int16]:
    """Return every whole patch that may be copied: (n, side, side, channels)."""
    found = []
    for each in samples:
        if min(each.usable.shape) < _SIDE:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(each.features, (_SIDE, _SIDE), (0, 1))
        whole = np.lib.stride_tricks.sliding_window_view(each.usable, (_SIDE, _SIDE)).all(axis=(2, 3))
        found.append(np.moveaxis(windows[whole], 1, -1).astype(np.int16))
    return np.concatenate(found) if found else np.zeros((0, _SIDE, _SIDE, 1), np.int16)


def _next(front: _Front, colours: int) -> tuple[int, int]:
    """Return the place on the border of the hole where most is known and a line runs in most strongly."""
    border = front.hole & ndimage.binary_dilation(front.known)
    rows, columns = np.nonzero(border if border.any() else front.hole)
    trust = _around(front.trust, rows, columns).sum(axis=(1, 2)).astype(np.int64)
    best = int(np.argmax(trust * (_EVEN + _lines(front, rows, columns, colours))))
    return int(rows[best]), int(columns[best])


def _lines(front: _Front, rows: Places, columns: Places, colours: int) -> Whole:
    """Return how strongly lines run into the hole at some places: the steepest step around, along the border's normal."""
    light = front.features[..., :colours].sum(axis=-1, dtype=np.int32)
    across, down = np.zeros_like(light), np.zeros_like(light)
    across[:, 1:-1] = light[:, 2:] - light[:, :-2]
    down[1:-1] = light[2:] - light[:-2]
    steep = np.where(ndimage.binary_erosion(front.known), across * across + down * down, 0)
    at = _around(steep, rows, columns).reshape(len(rows), -1).argmax(axis=1)
    y, x = rows + at // _SIDE - _REACH, columns + at % _SIDE - _REACH
    known = _around(front.known.astype(np.int32), rows, columns)
    normal_y = known[:, _REACH + 1 :].sum(axis=(1, 2)) - known[:, :_REACH].sum(axis=(1, 2))
    normal_x = known[:, :, _REACH + 1 :].sum(axis=(1, 2)) - known[:, :, :_REACH].sum(axis=(1, 2))
    along = np.abs(across[y, x] * normal_y - down[y, x] * normal_x)
    lines: Whole = np.where(steep[y, x] > 0, along // np.maximum(1, np.abs(normal_y) + np.abs(normal_x)), 0)
    return lines


def _around(plane: Whole, rows: Places, columns: Places) -> Whole:
    """Return the patches (n, side, side) around some places."""
    windows = np.lib.stride_tricks.sliding_window_view(plane, (_SIDE, _SIDE))
    patches: Whole = windows[rows - _REACH, columns - _REACH]
    return patches


def _nearest(
    patches: NDArray[np.int16], wanted: NDArray[np.int16], known: Mask, told: int, rng: np.random.Generator
) -> NDArray[np.int16]:
    """Return a patch that is about as near as any to what is known of one."""
    known = np.repeat(known[..., None], wanted.shape[2], axis=2)
    if told:
        known[..., -told:] = True
    step = patches.reshape(len(patches), -1)[:, known.ravel()].astype(np.int32) - wanted[known]
    far = (step * step).sum(axis=1)
    near = np.flatnonzero(far <= int(far.min()) * _ABOUT // 100)
    found: NDArray[np.int16] = patches[near[int(rng.integers(len(near)))]]
    return found
