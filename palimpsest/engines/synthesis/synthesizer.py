"""Coarse to fine: at each size look for each patch of the picture in the sources, and make the picture anew of what was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import numpy as np

from palimpsest.craft.ports import Canvas, Copied, Habits, Matter
from palimpsest.craft.progress import Progress
from palimpsest.engines.synthesis.checks import check
from palimpsest.engines.synthesis.levels import level, sizes
from palimpsest.engines.synthesis.sheet import Sheet

_EXACT = 2500
"""Up to so many patches on either side each is compared with each."""
_PASSES = 2
_REACH, _NEAR = 16, 4
"""How far around a place, in pixels, is looked at random: at first on a level, and then."""
_ALPHA = 780_000
"""What completeness sets itself against, near 0, in squared levels over a patch; at 1 it is a ten-thousandth of it."""
_SLOW = 2.0
"""Seconds after which somebody who waits is told that the loops are being compiled."""
_COMPILING = "Compiling the patch synthesizer for this machine: once, about 20 seconds."


def synthesize(
    matters: Sequence[Matter], canvas: Canvas, habits: Habits, seed: int, threads: int, progress: Progress
) -> Copied:
    """Fill a canvas with pixels of the matters; see the port."""
    check(matters, canvas, habits)
    shares = sizes(canvas, habits)
    ends = np.cumsum([share**2 for share in shares]) / sum(share**2 for share in shares)
    turns = seed * 1_000 % 2**62  # seeds of single turns, which are whole numbers of 64 bits
    sheet: Sheet | None = None
    _compile(habits, canvas, progress)
    with ThreadPoolExecutor(threads) as pool, ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(level, matters, canvas, habits, shares[0], 0)
        for number in range(len(shares)):
            part = progress.part(float(ends[number - 1]) if number else 0.0, float(ends[number]))
            part(0.0)
            finer = Sheet(coming.result(), habits.patch, habits.wrap, pool)
            if number + 1 < len(shares):  # pictures are resampled while patches are looked for
                coming = ahead.submit(level, matters, canvas, habits, shares[number + 1], number + 1)
            if sheet is None:
                _begin(finer, matters, habits, seed)
            else:
                finer.carry_from(sheet, turns + number)
                finer.vote()
            sheet = finer
            _refine(sheet, habits, turns + number * 100, part)
        assert sheet is not None
        chosen = sheet.choose()
    progress(1.0)
    return chosen


def _compile(habits: Habits, canvas: Canvas, progress: Progress) -> None:
    """Run every loop once on next to nothing, and say so if that takes long: it does once on a machine, then it is stored."""
    channels = 0 if canvas.guide is None else canvas.guide.shape[2]
    if (habits.patch, channels) in _compiled:
        return
    timer = Timer(_SLOW, progress.say, (_COMPILING,))
    timer.start()
    try:
        with ThreadPoolExecutor(1) as pool:
            sheets = [_sample(side, channels, habits, pool) for side in (2 * habits.patch, 3 * habits.patch)]
            for each in sheets:
                each.compare_all(1)
                each.search(1.0, True, 0, 1)
                each.vote()
                each.choose()
            sheets[1].carry_from(sheets[0], 0)
    finally:
        timer.cancel()
    _compiled.add((habits.patch, channels))


_compiled: set[tuple[int, int]] = set()


def _sample(side: int, channels: int, habits: Habits, pool: ThreadPoolExecutor) -> Sheet:
    grey = np.zeros((side, side, 3), np.uint8)
    guide = np.zeros((side, side, channels), np.uint8)
    given = level([Matter(grey, guide=guide)], Canvas(grey, guide=guide), habits, 1.0, 0)
    sheet = Sheet(given, habits.patch, False, pool)
    sheet.scatter(np.random.default_rng(0))
    return sheet


def _begin(sheet: Sheet, matters: Sequence[Matter], habits: Habits, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sheet.scatter(rng)
    if habits.noise:
        sheet.disturb(rng, round(habits.noise * _spread(matters)))


def _spread(matters: Sequence[Matter]) -> int:
    """Return the standard deviation of the matters' colours, in levels."""
    colours = np.concatenate([each.rgb.reshape(-1, 3) for each in matters]).astype(np.int64)
    mean = colours.sum(axis=0) // len(colours)
    return math.isqrt(int(((colours - mean) ** 2).sum()) // colours.size)


def _refine(sheet: Sheet, habits: Habits, seed: int, progress: Progress) -> None:
    """Go over one level: find the patches, make the picture anew, again."""
    small = max(len(sheet.field), len(sheet.atlas.allowed)) <= _EXACT
    rounds = habits.rounds * (2 if small else 1)
    for turn in range(rounds):
        if small:
            sheet.compare_all(int(_ALPHA / 10 ** (4 * habits.completeness)) if habits.completeness else 0)
        else:
            for each in range(_PASSES):
                number = turn * _PASSES + each
                sheet.search(habits.evenness, each % 2 == 0, seed + number, _NEAR if number else _REACH)
                progress((number + 1) / (rounds * _PASSES))
        sheet.vote()
        progress((turn + 1) / rounds)
