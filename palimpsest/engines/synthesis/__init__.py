"""The patch synthesizer: makes a picture out of patches of others, and knows for each pixel where it was copied from."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import ClassVar

from palimpsest.craft.ports import Canvas, Card, Copied, Habits, Matter
from palimpsest.craft.progress import Progress
from palimpsest.lineage.records import Grade

CARD = Card(
    port="patch-synthesizer",
    name="patch-synthesis",
    version=1,
    summary="Makes a picture out of patches of others, and knows for each pixel where it was copied from.",
    licence="Apache-2.0",
    source="palimpsest.engines.synthesis",
    trained_on="nothing: it copies from the works it is given, and from nothing else",
    grade=Grade.EXACT,
)
"""What is known of the engine. All of its arithmetic is in whole numbers, so it promises the same pixels on every machine."""

Synthesize = Callable[[Sequence[Matter], Canvas, Habits, int, int, Progress], Copied]


class PatchMachine:
    """Fills the port `patch-synthesizer`."""

    card: ClassVar[Card] = CARD

    def __init__(self, synthesize: Synthesize, threads: int) -> None:
        self._synthesize = synthesize
        self._threads = threads

    def synthesize(
        self, matters: Sequence[Matter], canvas: Canvas, habits: Habits, seed: int, progress: Progress
    ) -> Copied:
        """Fill a canvas with pixels of the matters, so that every patch of it is like one of theirs.

        Raises:
            ParameterRefused: shapes do not fit each other, or no matter holds a whole patch that may be copied.
            Cancelled: `progress` was told to stop.
        """
        return self._synthesize(matters, canvas, habits, seed, self._threads, progress)


def load(threads: int = 0) -> PatchMachine:
    """Return the engine; `threads` 0 takes every core. The pixels do not depend on it."""
    from palimpsest.engines.synthesis.synthesizer import synthesize  # noqa: PLC0415 - numba loads late

    return PatchMachine(synthesize, threads or os.cpu_count() or 1)
