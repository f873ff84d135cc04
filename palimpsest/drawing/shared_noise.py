"""Smooth noise that belongs to a picture's plane, not to its pixels: the same at every size, only finer sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats

_SIDE = 128
_SPREAD = 0.479  # mean sum of squared weights of the cubic B-spline, in one dimension


@dataclass(frozen=True, eq=False)
class Noise:
    """Octaves of random lattices joined by cubic B-splines (Lewis, "Algorithms for solid noise synthesis", 1989).

    Coordinates are in any unit; `frequency` is in lattice cells per unit. Values have mean 0 and deviation about 1. A lattice
    repeats after 128 cells.
    """

    lattices: Floats
    offsets: Floats

    @classmethod
    def draw(cls, rng: np.random.Generator, octaves: int = 6) -> Self:
        """Draw the lattices: every call takes as many random numbers, whatever the picture's size."""
        lattices = rng.standard_normal((octaves, _SIDE, _SIDE), np.float32)
        return cls(lattices / np.float32(_SPREAD), rng.uniform(0, _SIDE, (octaves, 2)).astype(np.float32))

    def grid(
        self,
        xs: NDArray[np.floating],
        ys: NDArray[np.floating],
        frequency: float | tuple[float, float],
        octaves: int = 1,
        gain: float = 0.5,
    ) -> Floats:
        """Return the noise at every crossing of columns `xs` (width,) and rows `ys` (height,): (height, width)."""
        across, down = frequency if isinstance(frequency, tuple) else (frequency, frequency)
        total = np.zeros((len(ys), len(xs)), np.float32)
        for octave in range(octaves):
            lattice, (left, top) = self.lattices[octave], self.offsets[octave]
            columns, weights = _spline(xs * (across * 2**octave) + left)
            rows = sum(lattice[:, each] * weight for each, weight in zip(columns, weights, strict=True))
            lines, weights = _spline(ys * (down * 2**octave) + top)
            for each, weight in zip(lines, weights, strict=True):
                total += rows[each] * (weight * gain**octave)[:, None]
        return total * _level(octaves, gain)

    def at(self, x: NDArray[np.floating], y: NDArray[np.floating], frequency: float, octaves: int = 1) -> Floats:
        """Return the same noise (gain 0.5) at points anywhere, `x` and `y` of one shape."""
        total = np.zeros(np.shape(x), np.float32)
        for octave in range(octaves):
            lattice, (left, top) = self.lattices[octave], self.offsets[octave]
            columns, across = _spline(x * (frequency * 2**octave) + left)
            lines, down = _spline(y * (frequency * 2**octave) + top)
            for line, weight in zip(lines, down, strict=True):
                row = sum(lattice[line, each] * part for each, part in zip(columns, across, strict=True))
                total += row * weight * np.float32(0.5**octave)
        return total * _level(octaves, 0.5)


def _level(octaves: int, gain: float) -> np.float32:
    return np.float32(sum(gain ** (2 * octave) for octave in range(octaves)) ** -0.5)


def _spline(position: NDArray[np.floating]) -> tuple[list[NDArray[np.int64]], list[Floats]]:
    floor = np.floor(position)
    t = (position - floor).astype(np.float32)
    first = floor.astype(np.int64) - 1
    rest = 1 - t
    weights = [rest**3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (3 * rest**3 - 6 * rest**2 + 4) / 6, t**3 / 6]
    return [(first + step) % _SIDE for step in range(4)], weights
