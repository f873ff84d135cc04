"""Veil: a copy that is no pure one."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Role, technique
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import SourceMap


@technique(version=1)
def veil(work: Annotated[Raster, Role(Use.ALTER, "the work to veil")]) -> Outcome:
    """Lift the darks of a work a little."""
    floor = 3 if work.bits == 8 else 3 * 257
    veiled = work.pixels.copy()
    veiled[:, :, :3] = np.maximum(veiled[:, :, :3], floor)
    sources = SourceMap.identity("work", 0, work.width, work.height)
    return Outcome.of(Raster(veiled), "each pixel is a lighter copy", {"work": [1.0]}, sources, tolerance=3.0)
