"""Crop: keep a part of a work."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.errors import ParameterRefused
from palimpsest.lineage.records import Grade, Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot, SourceMap

Share = Annotated[float, Field(ge=0, lt=1), Unit("of the side")]


@technique(version=1, grade=Grade.EXACT)
def crop(
    work: Annotated[Raster, Role(Use.ALTER, "the work to crop")],
    *,
    left: Annotated[Share, Field(description="how much is cut away on the left")] = 0.0,
    top: Annotated[Share, Field(description="how much is cut away at the top")] = 0.0,
    right: Annotated[Share, Field(description="how much is cut away on the right")] = 0.0,
    bottom: Annotated[Share, Field(description="how much is cut away at the bottom")] = 0.0,
) -> Outcome:
    """Keep a part of a work.

    The pixels that remain are untouched. Sides are given as shares of width and height, so that a recipe fits works of any
    size.
    """
    first, last = round(left * work.width), round((1 - right) * work.width)
    upper, lower = round(top * work.height), round((1 - bottom) * work.height)
    if first >= last or upper >= lower:
        raise ParameterRefused(
            "crop", "sides that leave at least one pixel", f"{max(0, last - first)}×{max(0, lower - upper)} pixels"
        )
    rows, columns = np.mgrid[upper:lower, first:last]
    slot = Slot("work", 0, work.width, work.height)
    sources = SourceMap((slot,), np.zeros(rows.shape, np.uint8), rows, columns)
    return Outcome.of(
        Raster(work.pixels[upper:lower, first:last]), "every pixel is one of the work's own", {"work": [1.0]}, sources
    )
