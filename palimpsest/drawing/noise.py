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
    Lattices joined by cubic B-splines: J. P. Lewis, "Algorithms for solid noise synthesis", 1989.
    """

    lattices: tuple[Floats, ...]
    cells: float
    fading: float
    stretch: tuple[float, float]

    def __post_init__(self) -> None:
        """Refuse a field without cells or octaves."""
        if not self.cells > 0 or not self.lattices:
            raise ParameterRefused(
                "noise", "cells above 0 and at least 1 octave", f"{self.cells} and {len(self.lattices)}"
            )

    @classmethod
    def drawn(
        cls,
        rng: np.random.Generator,
        cells: float = 1.0,
        octaves: int = 1,
        *,
        fading: float = 0.5,
        stretch: tuple[float, float] = (1.0, 1.0),
    ) -> Self:
        """Draw a field. The count of numbers drawn depends on `octaves` alone.

        Raises:
            ParameterRefused: `cells` is not positive or there is no octave.
        """
        lattices = tuple(rng.standard_normal((_PERIOD, _PERIOD), np.float32) for _ in range(octaves))
        return cls(lattices, cells, fading, stretch)

    def with_cells(
        self, cells: float, octaves: int = 1, *, fading: float = 0.5, stretch: tuple[float, float] = (1.0, 1.0)
    ) -> Self:
        """Return another field made of the first `octaves` of this one's random numbers, for a scene that needs many.

        Raises:
            ParameterRefused: `cells` is not positive, or this field has not so many octaves.
        """
        if octaves > len(self.lattices):
            raise ParameterRefused("noise", f"at most {len(self.lattices)} octaves", octaves)
        return type(self)(self.lattices[:octaves], cells, fading, stretch)

    def grid(self, xs: NDArray[np.floating], ys: NDArray[np.floating]) -> Floats:
        """Return the field (len(ys), len(xs)) where these columns and rows cross.

        Detail finer than the step from one place to the next is averaged away, also where the steps are uneven.
        """
        total = np.zeros((len(ys), len(xs)), np.float32)
        across, down = _steps(xs), _steps(ys)
        for octave, (lattice, weight) in enumerate(zip(self.lattices, self._weights, strict=True)):
            along_x, along_y = (self.cells * 2**octave * stretch for stretch in self.stretch)
            rows = _blend(lattice, ys * along_y, _kept(down * along_y))
            total += _blend(rows.T, xs * along_x, np.float32(weight) * _kept(across * along_x)).T
        return total

    def at(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> Floats:
        """Return the field at scattered places, of the shape of `x` and `y`, all its detail with it; slower than `grid`."""
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


def _steps(places: NDArray[np.floating]) -> Floats:
    """Return how far each place is from its neighbours (n,)."""
    if len(places) < 2:
        return np.zeros(len(places), np.float32)
    return np.asarray(np.abs(np.gradient(places)), np.float32)


def _kept(cells: Floats) -> Floats:
    """Return how much of the noise is left along one axis when `cells` (n,) of them are averaged in one step."""
    return np.asarray(np.maximum(cells, 1) ** -0.5, np.float32)


def _blend(lattice: Floats, places: NDArray[np.floating], weight: Floats) -> Floats:
    """Interpolate the rows of a lattice at these places by cubic B-splines, weighed: (len(places), columns)."""
    whole = np.floor(places)
    t = (places - whole).astype(np.float32)[:, None]
    index = whole.astype(np.int64)
    size = len(lattice)
    share = weight[:, None] / np.float32(6 * _SPLINE_SPREAD**0.5)
    weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    blended: Floats = weights[0] * share * lattice[(index - 1) % size]
    for offset in (0, 1, 2):
        blended += weights[offset + 1] * share * lattice[(index + offset) % size]
    return blended
