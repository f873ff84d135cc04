"""Coarse to fine: at each size look for each patch of the picture in the sources, and make the picture anew of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from palimpsest.craft.ports import Canvas, Copied, Habits, Mask, Matter
from palimpsest.craft.progress import Progress
from palimpsest.engines.synthesis import kernels
from palimpsest.engines.synthesis.atlas import SPARE, Shorts, Whole
from palimpsest.engines.synthesis.levels import COLOURS, SCALE, Level, level, shares

_STRIP = 32
_EXACT = 2500
"""Up to so many patches on either side every one is compared with every one."""
_PASSES = 2
_ALPHA = 500_000


@dataclass
class _Sheet:
    """What one level works on."""

    level: Level
    patch: tuple[int, ...]
    channels: tuple[int, ...]
    flat: Shorts
    width: int
    height: int
    asked: Mask
    field: Whole
    cost: Whole

    @classmethod
    def of(cls, given: Level, patch: int) -> _Sheet:
        height, width, channels = given.target.shape
        flat = np.concatenate([given.target.ravel(), np.zeros(SPARE, np.int16)])
        asked = touched_patches(given.free, patch)
        return cls(
            given,
            (0,) * patch,
            (0,) * channels,
            flat,
            width,
            height,
            asked.ravel(),
            np.zeros(asked.size, np.int32),
            np.zeros(asked.size, np.int32),
        )

    @property
    def across(self) -> int:
        return self.width - len(self.patch) + 1

    @property
    def down(self) -> int:
        return self.height - len(self.patch) + 1


def touched_patches(free: Mask, patch: int) -> Mask:
    """Return for each patch, by its upper left pixel, whether any of its pixels is free."""
    sums = np.pad(np.cumsum(np.cumsum(free, axis=0, dtype=np.int32), axis=1, dtype=np.int32), ((1, 0), (1, 0)))
    touched: Mask = sums[patch:, patch:] - sums[:-patch, patch:] - sums[patch:, :-patch] + sums[:-patch, :-patch] > 0
    return touched


class Synthesis:
    def __init__(
        self, matters: Sequence[Matter], canvas: Canvas, habits: Habits, seed: int, pool: ThreadPoolExecutor
    ) -> None:
        self.matters, self.canvas, self.habits, self.seed, self.pool = matters, canvas, habits, seed, pool
        self.turn = 0

    def run(self, progress: Progress) -> Copied:
        sizes = shares(self.canvas, self.habits)
        work = np.cumsum([each**2 for each in sizes])
        sheet: _Sheet | None = None
        for number, share in enumerate(sizes):
            progress(float(work[number - 1] / work[-1]) if number else 0.0)
            weights = [w * self.habits.guide_fade**number for w in self.habits.guide_weights]
            finer = _Sheet.of(level(self.matters, self.canvas, self.habits, share, weights), self.habits.patch)
            if sheet is None:
                self._begin(finer)
            else:
                self._carry(sheet, finer)
                self._vote(finer, np.ones(finer.asked.size, np.int32))
            sheet = finer
            self._refine(sheet)
        chosen = self._choose(sheet)
        progress(1.0)
        return chosen

    def _refine(self, sheet: _Sheet) -> None:
        atlas = sheet.level.atlas
        small = max(int(sheet.asked.sum()), len(atlas.allowed)) <= _EXACT
        for turn in range(self.habits.rounds * (2 if small else 1)):
            if small:
                self._exact(sheet)
            else:
                penalty = self._penalty(sheet)
                for number in range(_PASSES):
                    reach = 4 if turn or number else 16
                    self._search(sheet, penalty, forward=number % 2 == 0, reach=reach)
            self._vote(sheet, self._weights(sheet))

    def _begin(self, sheet: _Sheet) -> None:
        rng = np.random.default_rng(self.seed)
        allowed = sheet.level.atlas.allowed
        sheet.field[:] = allowed[rng.integers(0, len(allowed), sheet.field.size)]
        if self.habits.noise:
            colours = np.concatenate([each.rgb.reshape(-1, 3)[::7] for each in self.matters])
            spread = self.habits.noise * float(colours.std(axis=0).mean()) * SCALE
            shape = sheet.level.target.shape[:2]
            noise = rng.normal(0, spread, (*shape, COLOURS)) * sheet.level.free[..., None]
            view = sheet.flat[:-SPARE].reshape(sheet.level.target.shape)
            view[..., :COLOURS] = np.clip(view[..., :COLOURS] + np.rint(noise), -255 * SCALE, 510 * SCALE)

    def _penalty(self, sheet: _Sheet) -> Whole:
        atlas, p = sheet.level.atlas, len(sheet.patch)
        if not self.habits.evenness or not sheet.cost.any():
            return atlas.penalty
        uses = np.zeros(len(atlas.penalty), np.int32)
        kernels.count_uses(sheet.field, sheet.asked, uses)
        plane = uses.reshape(-1, atlas.width)
        from scipy.ndimage import uniform_filter  # noqa

        near = uniform_filter(plane.astype(np.float32), p, mode="constant").ravel()
        expected = max(1.0, sheet.asked.sum() / len(atlas.allowed))
        unit = self.habits.evenness * p * p * 3 * (2 * SCALE) ** 2
        extra = np.minimum(unit * np.maximum(0, near / expected - 1), 2**28).astype(np.int32)
        return np.where(atlas.penalty == kernels.FAR, kernels.FAR, extra)

    def _search(self, sheet: _Sheet, penalty: Whole, forward: bool, reach: int) -> None:
        atlas = sheet.level.atlas
        self.turn += 1
        seed = (self.seed * 1_000_003 + self.turn * 7919) % 2**62
        before = sheet.field.copy()
        self._each(
            sheet.down,
            lambda first, last: kernels.search(
                sheet.flat,
                sheet.width,
                atlas.flat,
                atlas.width,
                penalty,
                atlas.allowed,
                sheet.asked,
                sheet.field,
                before,
                sheet.cost,
                first,
                last,
                forward,
                seed,
                reach,
                sheet.patch,
                sheet.channels,
            ),
        )

    def _exact(self, sheet: _Sheet) -> None:
        atlas = sheet.level.atlas
        common = (sheet.flat, sheet.width, atlas.flat, atlas.width)

        def nearest(first: int, last: int) -> Whole:
            least = np.full(len(atlas.allowed), kernels.FAR, np.int32)
            kernels.nearest(*common, atlas.allowed, first, last, least, sheet.patch, sheet.channels)
            return least

        least = np.minimum.reduce(self._each(sheet.down, nearest))
        alpha = int(_ALPHA * 10 ** (2 - 4 * self.habits.completeness))
        self._each(
            sheet.down,
            lambda first, last: kernels.exact(
                *common,
                atlas.penalty,
                atlas.allowed,
                least,
                alpha,
                sheet.asked,
                sheet.field,
                sheet.cost,
                first,
                last,
                sheet.patch,
                sheet.channels,
            ),
        )

    def _weights(self, sheet: _Sheet) -> Whole:
        mean = int(sheet.cost[sheet.asked].mean()) + 1
        weight = 256 * mean // (mean + sheet.cost.astype(np.int64)) + 1
        return np.where(sheet.asked, weight, 0).astype(np.int32)

    def _vote(self, sheet: _Sheet, weight: Whole) -> None:
        atlas = sheet.level.atlas
        weight = np.where(sheet.asked, weight, 0).astype(np.int32)
        free = sheet.level.free.ravel()
        self._each(
            sheet.height,
            lambda first, last: kernels.vote(
                sheet.field,
                weight,
                sheet.across,
                atlas.flat,
                atlas.width,
                free,
                sheet.flat,
                sheet.width,
                first,
                last,
                sheet.patch,
                sheet.channels,
            ),
        )

    def _choose(self, sheet: _Sheet) -> Copied:
        atlas = sheet.level.atlas
        chosen = np.zeros(sheet.width * sheet.height, np.int32)
        free = sheet.level.free.ravel()
        weight = self._weights(sheet)
        self._each(
            sheet.height,
            lambda first, last: kernels.choose(
                sheet.field,
                weight,
                sheet.across,
                atlas.flat,
                atlas.width,
                free,
                sheet.flat,
                sheet.width,
                chosen,
                first,
                last,
                100,
                sheet.patch,
                sheet.channels,
            ),
        )
        source, row, column = atlas.origin(chosen.reshape(sheet.level.free.shape))
        source[~sheet.level.free] = -1
        return Copied(source, row, column)

    def _carry(self, coarse: _Sheet, fine: _Sheet) -> None:
        old, new = coarse.level, fine.level
        pairs = [
            *zip(old.sources, new.sources, strict=True),
            ((coarse.height, coarse.width), (fine.height, fine.width)),
        ]
        grow = [np.array([(b[axis] << 16) // a[axis] for a, b in pairs], np.int64) for axis in (0, 1)]
        kernels.carry(
            coarse.field,
            coarse.across,
            old.atlas.boxes,
            new.atlas.boxes,
            new.atlas.penalty,
            old.atlas.labels,
            old.atlas.width,
            new.atlas.width,
            grow[0],
            grow[1],
            fine.field,
            fine.across,
            new.atlas.allowed,
            self.seed,
            0,
        )

    def _each(self, rows: int, work):
        return list(self.pool.map(lambda first: work(first, min(first + _STRIP, rows)), range(0, rows, _STRIP)))


def synthesize(
    matters: Sequence[Matter], canvas: Canvas, habits: Habits, seed: int, threads: int, progress: Progress
) -> Copied:
    """Fill a canvas with pixels of the matters; see the port."""
    with ThreadPoolExecutor(threads) as pool:
        return Synthesis(matters, canvas, habits, seed, pool).run(progress)
