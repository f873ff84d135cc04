"""Making places in a work unrecognizable: of each, nothing but a small grid of mean colours is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import ndimage

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Face, Mask
from palimpsest.errors import RoleRefused
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.sourcemap import SourceMap, bands

Paint = Callable[[Floats, int, int], Floats]
"""Paints a grid of colours (rows, columns, 3) over a height and a width in pixels."""
WithoutFaces = Annotated[
    Literal["refuse", "keep"], Field(description="what happens to a work in which no face is found")
]

_LEAST = 3
"""A square is at least so many pixels a side: of fewer, too much could be read."""
_SOFT = 0.2
_LONGEST = 4


@dataclass(frozen=True)
class Place:
    """A box to hide, in whole pixels of the work; only what `shape` (height, width) marks in it, and all of it if None."""

    left: int
    top: int
    width: int
    height: int
    shape: Mask | None = None

    @property
    def soft(self) -> int:
        """Width of the edge, outside the box, over which the hidden fades into the picture; a drawn shape has none."""
        return 0 if self.shape is not None else max(1, round(_SOFT * min(self.width, self.height)))


def around(face: Face, margin: float, work: Raster) -> Place:
    """Return the box of a face enlarged by a share of its sides on each side, cut off at the edges of the work."""
    left = max(0, int(np.floor(face.left - margin * face.width)))
    top = max(0, int(np.floor(face.top - margin * face.height)))
    right = min(work.width, int(np.ceil(face.left + (1 + margin) * face.width)))
    bottom = min(work.height, int(np.ceil(face.top + (1 + margin) * face.height)))
    return Place(left, top, max(1, right - left), max(1, bottom - top))


def marked(area: Mask) -> list[Place]:
    """Return a place for each connected part of an area (height, width)."""
    labels, _ = ndimage.label(area)
    places = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        shape = labels[rows, columns] == number
        places.append(Place(columns.start, rows.start, shape.shape[1], shape.shape[0], shape))
    return places


def hidden(
    work: Raster, places: Sequence[Place], squares: int, paint: Paint, without: WithoutFaces, technique: str
) -> Outcome:
    """Return a work in which every place is hidden; all else stays as it is.

    Raises:
        RoleRefused: there is no place, and `without` is refuse.
    """
    if not places and without == "refuse":
        raise RoleRefused(
            f"{technique} work",
            "a work with faces",
            "one in which the detector finds none",
            "Look at it: a face that the detector misses can be covered with `palimpsest pixelate WORK --area MASK`.",
        )
    pixels = work.pixels.copy()
    for place in places:
        _hide(pixels, place, squares, paint)
    made = Raster(pixels)
    said = f"{len(places)} {'place was' if len(places) == 1 else 'places were'} hidden under mean colours"
    method = f"{said}; every other pixel is the work's own" if places else "no face was found; nothing was changed"
    sources = SourceMap.identity("work", 0, work.width, work.height)
    return Outcome.of(made, method, {"work": [1.0]}, sources, _difference(made, work) if places else 0.0)


def pixelated(grid: Floats, height: int, width: int) -> Floats:
    """Paint a grid as squares."""
    rows = np.arange(height) * grid.shape[0] // height
    columns = np.arange(width) * grid.shape[1] // width
    squares: Floats = grid[rows][:, columns]
    return squares


def blurred(grid: Floats, height: int, width: int) -> Floats:
    """Paint a grid smoothly, from the middle of one square to the middle of the next."""
    return _along(_along(grid, height, 0), width, 1)


def _along(grid: Floats, side: int, axis: int) -> Floats:
    """Spread a grid along one axis with quadratic B-splines, so that no square shows."""
    count = grid.shape[axis]
    place = (np.arange(side, dtype=np.float32) + 0.5) * count / side
    middle = np.minimum(place.astype(np.int64), count - 1)
    off = place - middle - np.float32(0.5)
    weights = (0.5 * (0.5 - off) ** 2, 0.75 - off**2, 0.5 * (0.5 + off) ** 2)
    shape = (-1, 1, 1) if axis == 0 else (1, -1, 1)
    parts = [
        np.take(grid, np.clip(middle + step, 0, count - 1), axis) * weight.astype(np.float32).reshape(shape)
        for step, weight in zip((-1, 0, 1), weights, strict=True)
    ]
    spread: Floats = parts[0] + parts[1] + parts[2]
    return spread


def _hide(pixels: NDArray[np.unsignedinteger], place: Place, squares: int, paint: Paint) -> None:
    """Paint over one place, in `pixels` themselves."""
    height, width = pixels.shape[:2]
    rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
    core = pixels[rows, columns]
    painted = paint(_grid(core, place, squares), place.height, place.width)
    if place.shape is not None:
        core[place.shape, :3] = np.rint(painted).astype(pixels.dtype)[place.shape]
        return
    soft = place.soft
    upper, lower = max(0, place.top - soft), min(height, place.top + place.height + soft)
    first, last = max(0, place.left - soft), min(width, place.left + place.width + soft)
    y = np.arange(upper, lower) - place.top
    x = np.arange(first, last) - place.left
    spread = painted[np.clip(y, 0, place.height - 1)][:, np.clip(x, 0, place.width - 1)]
    weight = _fade(y, place.height, soft)[:, None, None] * _fade(x, place.width, soft)[None, :, None]
    seen = pixels[upper:lower, first:last, :3].astype(np.float32)
    pixels[upper:lower, first:last, :3] = np.rint(seen + (spread - seen) * weight).astype(pixels.dtype)


def _fade(place: NDArray[np.integer], side: int, soft: int) -> Floats:
    """Return 1 inside a side and what falls to 0 over `soft` pixels outside it."""
    outside = np.maximum(np.maximum(-place, place - side + 1), 0) / np.float32(soft + 1)
    away: Floats = (1 - outside * outside * (3 - 2 * outside)).astype(np.float32)
    return away


def _grid(core: NDArray[np.unsignedinteger], place: Place, squares: int) -> Floats:
    """Return the mean colours of the squares that a place is cut into; what is transparent counts by its opacity."""
    weight = np.ones(core.shape[:2]) if core.shape[2] == 3 else core[..., 3].astype(np.float64)
    if place.shape is not None:
        weight = weight * place.shape
    if not weight.any():
        weight = np.ones(core.shape[:2])
    shorter = min(place.width, place.height)
    across = max(1, min(squares, shorter // _LEAST))
    starts = [
        np.arange(count) * side // count
        for side in core.shape[:2]
        for count in [max(1, min(round(across * side / shorter), across * _LONGEST, side // _LEAST))]
    ]
    colours = core[..., :3].astype(np.float64) * weight[..., None]
    sums, weights = (np.add.reduceat(np.add.reduceat(each, starts[0], 0), starts[1], 1) for each in (colours, weight))
    whole = sums.sum(axis=(0, 1)) / weights.sum()
    means = sums / np.maximum(weights, 1e-12)[..., None]
    grid: Floats = np.where(weights[..., None] > 0, means, whole).astype(np.float32)
    return grid


def _difference(made: Raster, work: Raster) -> float:
    """Return the mean difference of all values, in 8-bit steps, a little rounded up."""
    total: float = 0.0
    for band in bands(work.height):
        total += float(np.abs(made.pixels[band].astype(np.float64) - work.pixels[band]).sum())
    return float(total / (3 * work.width * work.height) * 255 / (2**work.bits - 1) + 1e-6)
