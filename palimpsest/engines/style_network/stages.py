"""One stage of the painting network at a time, in tiles, with the statistics of the whole picture.

A stage ends where the next instance normalization needs to know the whole picture. Its output is kept, mean and variance are
measured over all of it, and the next stage is given the normalization as a factor and a summand for each channel. Thumbnail
instance normalization (Chen et al., AAAI 2022) estimates these statistics from a small version of the picture; here they are
exact, so that a picture made in tiles is the picture made at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats

Affine = tuple[Floats, Floats]
"""A factor and a summand for each channel, each of shape (1, channels, 1, 1)."""

Tile = tuple["Span", "Span"]
"""A tile's span of rows and of columns."""

EPSILON = 1e-5


@dataclass(frozen=True)
class Stage:
    """A stretch of the network from maps to maps, (1, channels, height, width), the output `up / down` times the size.

    `run` takes a tile of maps and, but for the first two, the affine of the normalization before it. `halo` is how many pixels
    around a tile can change what comes out of it; `shrink` is how many pixels of the picture make one of the output's sides;
    `cost` is the share of the whole network's time.
    """

    run: Callable[..., Floats]
    channels: int
    halo: int
    shrink: int
    cost: float
    up: int = 1
    down: int = 1

    def scaled(self, side: int) -> int:
        """Return the side of the output for a side of the input."""
        return side * self.up // self.down

    def tiles(self, height: int, width: int, most: int) -> Iterator[Tile]:
        """Cut an input into tiles that are at most `most` pixels of the picture on a side, row by row."""
        side = max(1, most // self.shrink)
        across = self._spans(width, side)
        return ((down, each) for down in self._spans(height, side) for each in across)

    def _spans(self, side: int, most: int) -> list[Span]:
        whole = self.scaled(side)
        return [self._span(side, start, min(start + most, whole)) for start in range(0, whole, most)]

    def _span(self, side: int, start: int, stop: int) -> Span:
        first = max(0, start * self.down // self.up - self.halo)
        last = min(side, -(-stop * self.down // self.up) + self.halo)
        offset = self.scaled(first)
        return Span(slice(first, last), slice(start - offset, stop - offset), slice(start, stop))


@dataclass(frozen=True)
class Span:
    """One side of a tile: what it reads of the input, what of its output counts, and where that belongs."""

    read: slice
    keep: slice
    place: slice


class Moments:
    """Mean and variance of each channel, gathered tile by tile: rows are summed in single precision, the rows' sums in double."""

    def __init__(self, channels: int) -> None:
        self._count = 0
        self._sum = np.zeros(channels)
        self._squares = np.zeros(channels)

    def add(self, maps: Floats) -> None:
        """Take in a tile (1, channels, height, width)."""
        self._count += maps.shape[2] * maps.shape[3]
        self._sum += np.add.reduce(maps[0], axis=-1).sum(axis=-1, dtype=np.float64)
        self._squares += np.einsum("chw,chw->ch", maps[0], maps[0]).sum(axis=-1, dtype=np.float64)

    def affine(self, style: Affine) -> Affine:
        """Return the affine that normalizes and then applies the style's own."""
        factor, summand = style
        mean = self._sum / self._count
        variance = np.maximum(self._squares / self._count - mean**2, 0)
        scale = factor.ravel() / np.sqrt(variance + EPSILON)
        return _per_channel(scale), _per_channel(summand.ravel() - mean * scale)


def _per_channel(values: NDArray[np.float64]) -> Floats:
    return values.astype(np.float32).reshape(1, -1, 1, 1)
