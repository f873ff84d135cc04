"""The source map: for each pixel of a picture, which work and which pixel of it it was copied from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster

Pictures = Mapping[str, Raster | Sequence[Raster]]
"""The works of each role, as a technique is given them."""

Sizes = Mapping[str, Sequence[tuple[int, int]]]
"""Width and height of each work of each role."""

MOST_SLOTS = 2**16
LONGEST_SIDE = 2**20
_BAND = 256
_Whole = TypeVar("_Whole", int, NDArray[np.int32])


@dataclass(frozen=True)
class Slot:
    """A work that pixels were copied from, as it was laid out for copying: resized, then mirrored, then turned.

    `width` and `height` are the size to which it was resampled, before it was turned; where that is the work's own size,
    nothing was resampled. `turns` are quarter turns counter-clockwise.
    """

    role: str
    index: int
    width: int
    height: int
    mirrored: bool = False
    turns: int = 0

    def __post_init__(self) -> None:
        """Refuse what no work could be."""
        if not self.role or not 0 <= self.index < MOST_SLOTS:
            raise ParameterRefused("slot", f"a role and a place in it below {MOST_SLOTS}", (self.role, self.index))
        if not (0 < self.width <= LONGEST_SIDE and 0 < self.height <= LONGEST_SIDE):
            raise ParameterRefused("slot size", f"from 1 to {LONGEST_SIDE} pixels a side", (self.width, self.height))
        if self.turns not in range(4):
            raise ParameterRefused("slot turns", "a whole number from 0 to 3", self.turns)

    @property
    def laid(self) -> tuple[int, int]:
        """Rows and columns as it was laid out, after turning."""
        return (self.width, self.height) if self.turns % 2 else (self.height, self.width)

    def upright(self, row: _Whole, column: _Whole) -> tuple[_Whole, _Whole]:
        """Return row and column, given as laid out, in the work before it was turned and mirrored."""
        last_row, last_column = self.height - 1, self.width - 1
        if self.turns == 1:
            row, column = column, last_column - row
        elif self.turns == 2:
            row, column = last_row - row, last_column - column
        elif self.turns == 3:
            row, column = last_row - column, row
        return row, (last_column - column if self.mirrored else column)

    def lay(self, work: Raster) -> Raster:
        """Lay a work out: resize, mirror, turn."""
        pixels = resize_raster(work, self.width, self.height).pixels
        return Raster(np.rot90(pixels[:, ::-1] if self.mirrored else pixels, self.turns))


@dataclass(frozen=True, eq=False)
class SourceMap:
    """Where each pixel was copied from: the number of a slot, and row and column in that slot's picture as laid out.

    `slot` is uint8 (uint16 with more than 256 slots), `row` and `column` int32, all of the picture's shape (height, width),
    read-only. Whole numbers of any kind are taken. Two maps are equal when they say the same of every pixel.

    Raises:
        ParameterRefused: the shapes differ, or a pixel comes from where no work is.
    """

    slots: tuple[Slot, ...]
    slot: NDArray[Any]
    row: NDArray[Any]
    column: NDArray[Any]

    def __post_init__(self) -> None:
        """Refuse what points outside, and make the arrays read-only."""
        if not 0 < len(self.slots) <= MOST_SLOTS:
            raise ParameterRefused("source map", f"from 1 to {MOST_SLOTS} slots", len(self.slots))
        shapes = {np.shape(self.slot), np.shape(self.row), np.shape(self.column)}
        if len(shapes) > 1 or any(len(shape) != 2 or 0 in shape for shape in shapes):
            raise ParameterRefused("source map", "three arrays of one shape (height, width)", sorted(shapes))
        for field in ("slot", "row", "column"):
            if getattr(self, field).dtype.kind not in "iu":
                raise ParameterRefused(f"source map {field}", "whole numbers", getattr(self, field).dtype)
        self._check_places()
        self._keep("slot", np.uint8 if len(self.slots) <= 256 else np.uint16)
        self._keep("row", np.int32)
        self._keep("column", np.int32)

    @classmethod
    def identity(cls, role: str, index: int, width: int, height: int) -> Self:
        """Return the map of a work that was copied as it is."""
        shape = (height, width)
        row = np.broadcast_to(np.arange(height, dtype=np.int32)[:, None], shape)
        column = np.broadcast_to(np.arange(width, dtype=np.int32)[None, :], shape)
        return cls((Slot(role, index, width, height),), np.zeros(shape, np.uint8), row, column)

    @property
    def height(self) -> int:
        """Rows of the picture."""
        return int(self.slot.shape[0])

    @property
    def width(self) -> int:
        """Columns of the picture."""
        return int(self.slot.shape[1])

    def shares(self, works: Mapping[str, int] | None = None) -> dict[str, list[float]]:
        """Return the share of the picture that each work of each role has; they sum to 1.

        `works` says how many works each role was given: those that nothing was copied from have the share 0.

        Raises:
            ParameterRefused: the map names a work that was not given.
        """
        pixels = np.bincount(self.slot.ravel(), minlength=len(self.slots)).tolist()
        counted = {role: [0] * number for role, number in (works or {}).items() if number}
        for slot, number in zip(self.slots, pixels, strict=True):
            counts = counted.setdefault(slot.role, [])
            if works is not None and slot.index >= works.get(slot.role, 0):
                raise ParameterRefused("source map", f"works among those given ({dict(works)})", slot)
            counts += [0] * (slot.index + 1 - len(counts))
            counts[slot.index] += number
        return {role: [count / self.slot.size for count in counts] for role, counts in counted.items()}

    def origin(self, x: int, y: int, sizes: Sizes | None = None) -> tuple[Slot, int, int]:
        """Return the slot that a pixel (x to the right, y down, from 0) came from, and x and y in the work's own pixels.

        `sizes` are the works' own sizes. Without them the answer is in pixels of the work at the slot's size, which is the
        same unless it was resampled.

        Raises:
            ParameterRefused: the picture has no such pixel.
        """
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise ParameterRefused("pixel", f"one from 0,0 to {self.width - 1},{self.height - 1}", f"{x},{y}")
        slot = self.slots[self.slot[y, x]]
        row, column = slot.upright(int(self.row[y, x]), int(self.column[y, x]))
        if sizes is None:
            return slot, column, row
        width, height = sizes[slot.role][slot.index]
        return slot, _in_own_pixels(column, slot.width, width), _in_own_pixels(row, slot.height, height)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SourceMap) or self.slots != other.slots:
            return False
        pairs = ((self.slot, other.slot), (self.row, other.row), (self.column, other.column))
        return all(np.array_equal(one, another) for one, another in pairs)

    def __hash__(self) -> int:
        return hash((self.slots, self.slot.shape))

    def __repr__(self) -> str:
        return f"SourceMap({self.width}×{self.height}, {len(self.slots)} slots)"

    def _check_places(self) -> None:
        rows, columns = np.array([slot.laid for slot in self.slots], np.int32).T
        for band in bands(self.slot.shape[0]):
            slot, row, column = self.slot[band], self.row[band], self.column[band]
            if slot.min() < 0 or slot.max() >= len(self.slots):
                raise ParameterRefused("source map", f"slots from 0 to {len(self.slots) - 1}", int(slot.max()))
            if row.min() < 0 or column.min() < 0 or (row >= rows[slot]).any() or (column >= columns[slot]).any():
                raise ParameterRefused("source map", "places inside the works", f"one outside, in the rows {band}")

    def _keep(self, field: str, kind: type[np.integer[Any]]) -> None:
        view = np.ascontiguousarray(getattr(self, field), kind).view()
        view.flags.writeable = False
        object.__setattr__(self, field, view)


def rebuild(sources: SourceMap, pictures: Pictures) -> Raster:
    """Copy a picture together again from its source map and the works.

    It has the depth of the deepest work that pixels were copied from, and alpha if one of them has.

    Raises:
        RoleRefused: a work that the map names is not there.
    """
    laid = [slot.lay(_picture(slot, pictures)) for slot in sources.slots]
    deep = any(raster.bits == 16 for raster in laid)
    alpha = any(raster.has_alpha for raster in laid)
    pixels = np.empty((*sources.slot.shape, 4 if alpha else 3), np.uint16 if deep else np.uint8)
    for band in bands(sources.height):
        slot, rows, columns, into = sources.slot[band], sources.row[band], sources.column[band], pixels[band]
        for number in np.flatnonzero(np.bincount(slot.ravel())):
            copied = slot == number
            into[copied] = _converted(laid[number], laid[number].pixels[rows[copied], columns[copied]], deep, alpha)
    return Raster(pixels)


def bands(height: int) -> Iterator[slice]:
    """Cut the rows of a picture into bands, so that what is made of each pixel on the way stays small."""
    return (slice(top, min(top + _BAND, height)) for top in range(0, height, _BAND))


def sizes_of(pictures: Pictures) -> dict[str, list[tuple[int, int]]]:
    """Return width and height of each work of each role."""
    return {role: [(each.width, each.height) for each in _several(works)] for role, works in pictures.items()}


def _several(works: Raster | Sequence[Raster]) -> Sequence[Raster]:
    return (works,) if isinstance(works, Raster) else works


def _picture(slot: Slot, pictures: Pictures) -> Raster:
    works = _several(pictures.get(slot.role, ()))
    if slot.index >= len(works):
        raise RoleRefused(slot.role, f"at least {slot.index + 1} works, as the source map says", f"{len(works)}")
    return works[slot.index]


def _converted(laid: Raster, copied: NDArray[Any], deep: bool, alpha: bool) -> NDArray[Any]:
    """Bring some pixels (n, channels) to the depth and the channels of the whole."""
    if deep and laid.bits == 8:
        copied = copied.astype(np.uint16) * np.uint16(257)
    if alpha and not laid.has_alpha:
        opaque = np.full((len(copied), 1), np.iinfo(copied.dtype).max, copied.dtype)
        copied = np.concatenate([copied, opaque], axis=1)
    return copied


def _in_own_pixels(place: int, resampled: int, own: int) -> int:
    """Return the pixel of a work under the middle of a pixel of its resampled copy."""
    return (2 * place + 1) * own // (2 * resampled)
