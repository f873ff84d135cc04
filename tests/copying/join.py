"""Join: the left half of one work beside the right half of another."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Role, technique
from palimpsest.lineage.records import Grade, Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot, SourceMap, rebuild


@technique(version=1, grade=Grade.EXACT)
def join(
    left: Annotated[Raster, Role(Use.SAMPLE, "the work on the left")],
    right: Annotated[Raster, Role(Use.SAMPLE, "the work on the right, of the same size")],
) -> Outcome:
    """Put the left half of one work beside the right half of another."""
    row, column = np.mgrid[0 : left.height, 0 : left.width]
    slots = (Slot("left", 0, left.width, left.height), Slot("right", 0, left.width, left.height))
    sources = SourceMap(slots, (column >= left.width // 2).astype(np.uint8), row, column)
    picture = rebuild(sources, {"left": left, "right": right})
    return Outcome.of(picture, "each pixel is a copy", sources.shares({"left": 1, "right": 1}), sources)
