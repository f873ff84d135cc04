"""What one level works on: the picture as it is so far, and for each of its patches the source patch that it is like."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from palimpsest.craft.ports import Copied, Mask
from palimpsest.engines.synthesis import kernels
from palimpsest.engines.synthesis.atlas import SPARE, Atlas, box_sums
from palimpsest.engines.synthesis.kernels import Shorts, Whole
from palimpsest.engines.synthesis.levels import COLOURS, Level

_STRIP = 16
_AGREEMENT = 1.6
"""What one patch's agreement weighs against a squared distance of colour, in squared levels."""
_Result = TypeVar("_Result")


class Sheet:
    """One level's picture and field. With `wrap` the picture is followed by its own first rows and columns."""

    def __init__(self, level: Level, patch: int, wrap: bool, pool: ThreadPoolExecutor) -> None:
        self.atlas: Atlas = level.atlas
        self.sources = level.sources
        self._scale = level.scale
        self.rows, self.columns, channels = level.target.shape
        self._pool = pool
        self._wrap = wrap
        self._patch, self._channels = (0,) * patch, (0,) * channels
        more = patch - 1 if wrap else 0
        self._height, self.width = self.rows + more, self.columns + more
        self.down, self.across = self._height - patch + 1, self.width - patch + 1
        self._flat = np.zeros(self._height * self.width * channels + SPARE, np.int16)
        self._picture[: self.rows, : self.columns] = level.target
        self._meet()
        self.free = level.free
        self.asked: Mask = (box_sums(np.pad(level.free, (0, more), mode="wrap"), patch) > 0).ravel()
        self.field: Whole = np.zeros(self.down * self.across, np.int32)
        self._cost: Whole = np.zeros(self.down * self.across, np.int32)

    @property
    def _picture(self) -> Shorts:
        return self._flat[:-SPARE].reshape(self._height, self.width, len(self._channels))

    def scatter(self, rng: np.random.Generator) -> None:
        """Give every patch some source patch, drawn at random."""
        self.field[:] = self.atlas.allowed[rng.integers(0, len(self.atlas.allowed), self.field.size)]

    def disturb(self, rng: np.random.Generator, spread: int) -> None:
        """Add noise to the free pixels: the sum of four even draws, whose standard deviation is `spread` levels of colour."""
        most = round(spread * self._scale * 3**0.5 / 2)
        noise = rng.integers(-most, most + 1, (4, self.rows, self.columns, COLOURS)).sum(axis=0)
        noise *= self.free[..., None]
        colours = self._picture[: self.rows, : self.columns, :COLOURS]
        colours[:] = np.clip(colours + noise, -255 * self._scale, 2 * 255 * self._scale)
        self._meet()

    def search(self, evenness: float, forward: bool, seed: int, reach: int) -> None:
        """Improve the field by propagation and by looking about at random."""
        before, penalty = self.field.copy(), self._penalty(evenness)
        self._strips(
            self.down,
            lambda first, last: kernels.search(
                self._flat, self.width, self.atlas.flat, self.atlas.width, penalty, self.atlas.allowed, self.asked,
                self.field, before, self._cost, first, last, forward, seed, reach, self._patch, self._channels,
            ),
        )  # fmt: skip

    def compare_all(self, alpha: int) -> None:
        """Find the best of all source patches for each patch.

        The smaller `alpha` (squared levels), the more each source patch wants in; at 0 none does, and the nearest is taken.
        """
        common = (self._flat, self.width, self.atlas.flat, self.atlas.width)

        def nearest(first: int, last: int) -> Whole:
            least = np.full(len(self.atlas.allowed), kernels.FAR, np.int32)
            kernels.nearest(*common, self.atlas.allowed, first, last, least, self._patch, self._channels)
            return least

        least = np.minimum.reduce(self._strips(self.down, nearest)) if alpha else np.zeros_like(self.atlas.allowed)
        alpha = alpha * self._scale**2 or 1
        self._strips(
            self.down,
            lambda first, last: kernels.exact(
                *common, self.atlas.penalty, self.atlas.allowed, least, alpha, self.asked, self.field, self._cost,
                first, last, self._patch, self._channels,
            ),
        )  # fmt: skip

    def vote(self) -> None:
        """Make each free pixel the mean of what the patches over it hold there; those that fit better count more."""
        weight = self._weights()
        self._strips(
            self.rows,
            lambda first, last: kernels.vote(
                self.field, weight, self.across, self.atlas.flat, self.atlas.width, self.free.ravel(), self.columns,
                self._flat, self.width, first, last, self._wrap, self._patch, self._channels,
            ),
        )  # fmt: skip
        self._meet()

    def choose(self) -> Copied:
        """Choose for each free pixel the one source pixel to copy."""
        weight = self._weights()
        agreement = round(_AGREEMENT * self._scale**2)
        chosen = np.zeros(self.free.shape, np.int32)
        self._strips(
            self.rows,
            lambda first, last: kernels.choose(
                self.field, weight, self.across, self.atlas.flat, self.atlas.width, self.free.ravel(), self.columns,
                self._flat, self.width, chosen.ravel(), agreement, first, last, self._wrap, self._patch, self._channels,
            ),
        )  # fmt: skip
        matter, row, column = self.atlas.origin(chosen)
        matter[~self.free] = -1
        return Copied(matter, row, column)

    def carry_from(self, coarse: Sheet, seed: int) -> None:
        """Take over the field of a coarser level."""
        pairs = [
            *zip(coarse.sources, self.sources, strict=True),
            ((coarse.rows, coarse.columns), (self.rows, self.columns)),
        ]
        grow = [np.array([(fine[axis] << 16) // rough[axis] for rough, fine in pairs], np.int64) for axis in (0, 1)]
        old, new = coarse.atlas, self.atlas
        kernels.carry(
            coarse.field, coarse.across, old.boxes, new.boxes, new.penalty, old.labels, old.width, new.width, *grow,
            self.field, self.across, new.allowed, seed,
        )  # fmt: skip

    def _penalty(self, evenness: float) -> Whole:
        """Return what each source patch costs beside its distance: the more, the more often its pixels are used already."""
        penalty = self.atlas.penalty
        if not evenness or not self._cost.any():
            return penalty
        each = int(evenness * 3 * (2 * self._scale) ** 2)  # as if a patch with twice its due were off by two levels
        due = max(1, int(self.asked.sum()) // len(self.atlas.allowed))
        prices = np.empty_like(penalty)
        kernels.price(self.field, self.asked, penalty, self.atlas.width, len(self._patch), each, due, prices)
        return prices

    def _weights(self) -> Whole:
        mean = int(self._cost.sum(where=self.asked, dtype=np.int64)) // max(1, int(self.asked.sum())) + 1
        weight = (256 * mean) // (mean + self._cost.astype(np.int64)) + 1
        return np.where(self.asked, weight, 0).astype(np.int32)

    def _meet(self) -> None:
        """Let the picture be followed by its own first rows and columns, if it is to meet itself."""
        if self._wrap:
            self._picture[:, self.columns :] = self._picture[:, : self.width - self.columns]
            self._picture[self.rows :] = self._picture[: self._height - self.rows]

    def _strips(self, rows: int, work: Callable[[int, int], _Result]) -> list[_Result]:
        """Run something over strips of rows, several at a time."""
        return list(self._pool.map(lambda first: work(first, min(first + _STRIP, rows)), range(0, rows, _STRIP)))
