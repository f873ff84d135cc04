"""Smooth random fields that look the same at every resolution: clouds, grain, paper, wood.

Lengths are in units of the shorter side of the picture: x runs from 0 to width / shorter side, y from 0 to height / shorter
side. A field is a lattice of random numbers whose size never depends on the picture, so one seed gives one field and a larger
picture only shows more of its detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Floats

_PERIOD = 256
"""Cells after which a lattice repeats; far beyond the picture for coarse fields, beyond notice for grain."""
_SPLINE_SPREAD = 151 / 315
"""Standard deviation that cubic B-spline weights leave of white noise, in two dimensions (the integral of B² over a line)."""


@dataclass(frozen=True)
class Noise:
    """A smooth random field about 0, standard deviation about 1, defined everywhere and repeating after 256 cells.

    `cells` is how many bumps lie along the shorter side (of the first octave; each further one is twice as fine and weighs
    `fading` times as much). `stretch` multiplies the number of cells along x and along y: (1, 8) gives horizontal fibres.
    """

    lattices: tuple[Floats, ...]
    cells: float
    fading: float
    stretch: tuple[float, float]

    @classmethod
    def drawn(
        cls,
        rng: np.random.Generator,
        cells: float,
        octaves: int = 1,
        *,
        fading: float = 0.5,
        stretch: tuple[float, float] = (1.0, 1.0),
    ) -> Self:
        """Draw a field. The count of numbers drawn depends on `octaves` alone.

        Raises:
            ParameterRefused: `cells` is not positive or there is no octave.
        """
        if not cells > 0 or octaves < 1:
            raise ParameterRefused("noise", "cells above 0 and at least 1 octave", f"{cells} and {octaves}")
        lattices = tuple(rng.standard_normal((_PERIOD, _PERIOD), np.float32) for _ in range(octaves))
        return cls(lattices, cells, fading, stretch)

    def grid(self, xs: NDArray[np.floating], ys: NDArray[np.floating]) -> Floats:
        """Return the field (len(ys), len(xs)) where these columns and rows cross; detail finer than a step is averaged away."""
        step = max(_step(xs), _step(ys))
        total = np.zeros((len(ys), len(xs)), np.float32)
        for octave, (lattice, weight) in enumerate(zip(self.lattices, self._weights, strict=True)):
            cells = self.cells * 2**octave
            averaged = weight / max(1.0, step * cells * max(self.stretch))
            if averaged > 0.01:
                rows = _blend(lattice, ys * cells * self.stretch[1])
                total += _blend(rows.T, xs * cells * self.stretch[0]).T * np.float32(averaged)
        return total

    def at(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> Floats:
        """Return the field at scattered places, of the shape of `x` and `y`; slower than `grid`."""
        total = np.zeros(np.shape(x), np.float32)
        for octave, (lattice, weight) in enumerate(zip(self.lattices, self._weights, strict=True)):
            cells = self.cells * 2**octave
            places = np.stack([np.asarray(y) * cells * self.stretch[1], np.asarray(x) * cells * self.stretch[0]])
            sampled = ndimage.map_coordinates(lattice, places, order=3, mode="grid-wrap", prefilter=False)
            total += sampled * np.float32(weight / _SPLINE_SPREAD)
        return total

    @property
    def _weights(self) -> list[float]:
        raw = [self.fading**octave for octave in range(len(self.lattices))]
        length = sum(weight * weight for weight in raw) ** 0.5
        return [weight / length for weight in raw]


def pixel_centres(width: int, height: int) -> tuple[Floats, Floats]:
    """Return the x of every column (width,) and the y of every row (height,), in units of the shorter side."""
    unit = min(width, height)
    return (
        ((np.arange(width) + 0.5) / unit).astype(np.float32),
        ((np.arange(height) + 0.5) / unit).astype(np.float32),
    )


def smooth_noise(
    rng: np.random.Generator,
    width: int,
    height: int,
    cells: float,
    octaves: int = 1,
    *,
    fading: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Floats:
    """Return smooth noise (height, width) about 0, standard deviation about 1, the same picture at every resolution.

    Raises:
        ParameterRefused: `cells` is not positive or there is no octave.
    """
    xs, ys = pixel_centres(width, height)
    return Noise.drawn(rng, cells, octaves, fading=fading, stretch=stretch).grid(xs, ys)


@dataclass(frozen=True)
class Paper:
    """The relief of a sheet: soft clouds, fine tooth, and fibres along and across."""

    clouds: Noise
    tooth: Noise
    along: Noise
    across: Noise

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Self:
        """Draw a sheet."""
        return cls(
            Noise.drawn(rng, 4, 3),
            Noise.drawn(rng, 260, 2, fading=0.8),
            Noise.drawn(rng, 50, 2, stretch=(1, 5)),
            Noise.drawn(rng, 70, 2, stretch=(4, 1)),
        )

    def grid(self, xs: NDArray[np.floating], ys: NDArray[np.floating]) -> Floats:
        """Return the relief (len(ys), len(xs)) about 0, standard deviation about 1: high is a raised fibre."""
        fibres = self.along.grid(xs, ys) + self.across.grid(xs, ys)
        relief: Floats = 0.35 * self.clouds.grid(xs, ys) + 0.88 * self.tooth.grid(xs, ys) + 0.22 * fibres
        return relief


def cell_gap(jitter: Floats, x: Floats, y: Floats) -> Floats:
    """Return how much farther the second nearest of scattered points is than the nearest: 0 on the cells' borders.

    One point stands in each unit square, at `jitter` (2, n, n) in 0..1 from its corner (row 0 is x), n a power of two.
    Steven Worley, "A cellular texture basis function", 1996.
    """
    column, row, mask = np.floor(x), np.floor(y), jitter.shape[1] - 1
    i, j, aside_of, below = row.astype(np.int32), column.astype(np.int32), column - x, row - y
    near = np.full(x.shape, 9, np.float32)
    second = near.copy()
    for down in (-1, 0, 1):
        for aside in (-1, 0, 1):
            place = (i + down) & mask, (j + aside) & mask
            across = aside_of + (jitter[0][place] + np.float32(aside))
            along = below + (jitter[1][place] + np.float32(down))
            squared = across * across + along * along
            np.minimum(second, np.maximum(near, squared), out=second)
            np.minimum(near, squared, out=near)
    return np.asarray(np.sqrt(second) - np.sqrt(near), np.float32)


def paper(rng: np.random.Generator, width: int, height: int) -> Floats:
    """Return the relief of a sheet of paper (height, width) about 0, standard deviation about 1.

    Multiply a paper's colour by about 1 + 0.015 × relief for a quiet sheet, 1 + 0.04 × relief for a rough one.
    """
    xs, ys = pixel_centres(width, height)
    return Paper.drawn(rng).grid(xs, ys)


def _step(places: NDArray[np.floating]) -> float:
    return float(abs(places[1] - places[0])) if len(places) > 1 else 0.0


def _blend(lattice: Floats, places: NDArray[np.floating]) -> Floats:
    """Interpolate the rows of a lattice at these places by cubic B-splines: (len(places), columns)."""
    whole = np.floor(places)
    t = (places - whole).astype(np.float32)[:, None]
    index = whole.astype(np.int64)
    size = len(lattice)
    spread = np.float32(6 * _SPLINE_SPREAD**0.5)
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    blended: Floats = weights[0] / spread * lattice[(index - 1) % size]
    for offset in (0, 1, 2):
        blended += weights[offset + 1] / spread * lattice[(index + offset) % size]
    return blended
