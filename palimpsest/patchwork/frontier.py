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
_APART, _USED, _BESIDE = 40, 140, 2
"""What speaks against a patch, in squared levels of each number in it: to lie as far off as the picture is wide (in hundredths
of the way squared), and each time that it or one so near to it was used."""
_EVEN = 64
"""What a place counts where no line runs in, against the levels of a step."""


@dataclass(frozen=True)
class Sample:
    """A small picture to copy from: `features` (height, width, channels) and which of its pixels may be copied.

    Where it lies on the picture that is filled, `corner` is the row and column of its upper left pixel there.
    """

    features: Bytes
    usable: Mask
    corner: tuple[int, int] | None = None


@dataclass
class _Patches:
    """Every whole patch that may be copied: `colours` (n, side, side, channels), the place of its middle, and how often it was.

    `rows` and `columns` are on the picture that is filled, and `sample` the number of its picture, -1 where that lies elsewhere.
    """

    colours: NDArray[np.int16]
    rows: Places
    columns: Places
    sample: Places
    elsewhere: Mask
    used: Places

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> _Patches:
        colours, places = (
            [np.zeros((0, _SIDE, _SIDE, samples[0].features.shape[2]), np.int16)],
            [np.zeros((3, 0), np.int64)],
        )
        for number, each in enumerate(samples):
            if min(each.usable.shape) < _SIDE:
                continue
            whole = np.lib.stride_tricks.sliding_window_view(each.usable, (_SIDE, _SIDE)).all(axis=(2, 3))
            windows = np.lib.stride_tricks.sliding_window_view(each.features, (_SIDE, _SIDE), (0, 1))
            colours.append(np.moveaxis(windows[whole], 1, -1).astype(np.int16))
            rows, columns = np.nonzero(whole)
            top, left = each.corner or (0, 0)
            places.append(np.stack([rows + top + _REACH, columns + left + _REACH, np.full(len(rows), number)]))
        rows, columns, sample = np.concatenate(places, axis=1)
        elsewhere = np.array([each.corner is None for each in samples])[sample]
        return cls(np.concatenate(colours), rows, columns, sample, elsewhere, np.zeros(len(rows), np.int64))

    def strangeness(self, y: int, x: int, side: int) -> Places:
        """Return what speaks against each patch at a place, in levels squared: how far it is, and how often it was used."""
        apart = np.maximum(np.abs(self.rows - y), np.abs(self.columns - x)) * 100 // side
        return np.where(self.elsewhere, 0, apart * apart * _APART // 100) + self.used * _USED

    def use(self, which: int) -> None:
        """Mark a patch and those beside it as used once more."""
        near = self.sample == self.sample[which]
        near &= np.abs(self.rows - self.rows[which]) <= _BESIDE
        near &= np.abs(self.columns - self.columns[which]) <= _BESIDE
        self.used[near] += 1


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
    patches = _Patches.of(samples)
    if not len(patches.rows):
        return features
    front = _Front.of(features, hole)
    colours = features.shape[2] - told
    while front.hole.any():
        y, x = _next(front, colours)
        cut = front.patch(y, x)
        against = patches.strangeness(y - _REACH, x - _REACH, max(hole.shape))
        which = _nearest(patches.colours, front.features[cut], front.known[cut], told, against, rng)
        patches.use(which)
        found = patches.colours[which]
        new = front.hole[cut]
        front.features[cut][new, :colours] = found[new, :colours]
        front.trust[cut][new] = front.trust[cut].sum() // (_SIDE * _SIDE)
        front.known[cut] |= new
        new[...] = False
    return front.features[_REACH:-_REACH, _REACH:-_REACH].astype(np.uint8)


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
    patches: NDArray[np.int16],
    wanted: NDArray[np.int16],
    known: Mask,
    told: int,
    against: Places,
    rng: np.random.Generator,
) -> int:
    """Return the number of a patch that is about as near as any to what is known of one, with what speaks `against` each."""
    known = np.repeat(known[..., None], wanted.shape[2], axis=2)
    if told:
        known[..., -told:] = True
    step = patches.reshape(len(patches), -1)[:, known.ravel()].astype(np.int32) - wanted[known]
    far = (step * step).sum(axis=1) + against * int(known.sum())
    near = np.flatnonzero(far <= int(far.min()) * _ABOUT // 100)
    return int(near[rng.integers(len(near))])
