"""Patchwork: rectangles of works, some of them resized, mirrored and turned first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Role, technique
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot, SourceMap, rebuild


@technique(version=1)
def patchwork(works: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the works to cut from")], *, seed: int) -> Outcome:
    """Sew rectangles of works together."""
    rng = np.random.default_rng(seed)
    slots = tuple(
        Slot("works", index, max(1, work.width // half), max(1, work.height // half), bool(rng.integers(2)), turns)
        for index, work in enumerate(works)
        for turns, half in enumerate((1, 2, 1, 1))
    )
    height, width = works[0].height, works[0].width
    slot, row, column = (np.zeros((height, width), np.int32) for _ in range(3))
    for top in range(0, height, 8):
        for left in range(0, width, 8):
            number = int(rng.integers(len(slots)))
            rows, columns = slots[number].laid
            patch = np.s_[top : top + 8, left : left + 8]
            slot[patch] = number
            here = np.indices(slot[patch].shape)
            row[patch] = (here[0] + rng.integers(rows)) % rows
            column[patch] = (here[1] + rng.integers(columns)) % columns
    sources = SourceMap(slots, slot, row, column)
    shares = sources.shares({"works": len(works)})
    return Outcome.of(rebuild(sources, {"works": works}), "each pixel is a copy", shares, sources)
