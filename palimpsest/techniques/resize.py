"""Resize: another size for the same picture."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.errors import ParameterRefused
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import Slot, SourceMap

Side = Annotated[int | None, Field(ge=1, le=100_000), Unit("px")]

_LIMIT = 200_000_000
"""The most pixels that a result may have."""


@technique(version=1)
def resize(
    work: Annotated[Raster, Role(Use.ALTER, "the work to resize")],
    *,
    width: Annotated[Side, Field(description="new width; the height follows, unless it is given too")] = None,
    height: Annotated[Side, Field(description="new height; the width follows, unless it is given too")] = None,
    scale: Annotated[
        float | None,
        Field(gt=0, le=100, description="new size against the old, in place of width and height"),
        Unit("×"),
    ] = None,
    filter: Annotated[
        Literal["lanczos", "nearest"],
        Field(description="lanczos for smooth and crisp pictures, nearest to keep the hard squares of pixel art"),
    ] = "lanczos",
) -> Outcome:
    """Make a work larger or smaller.

    Proportions are kept unless both width and height are given. Lanczos weighs colours by their opacity, so that transparent
    pixels lend no fringe; nearest copies whole pixels. Depth and alpha are kept. A result has at most 200 megapixels.
    """
    columns, rows = _size(work, width, height, scale)
    if filter == "nearest":
        method = "every pixel is one of the work's own"
        down, across = _nearest(work.height, rows), _nearest(work.width, columns)
        made = Raster(work.pixels[down][:, across])
        places = np.broadcast_arrays(down[:, None], across[None])
        sources = SourceMap((Slot("work", 0, work.width, work.height),), np.zeros((rows, columns), np.uint8), *places)
    else:
        method = "every pixel is made from those around its place in the work"
        made = resize_raster(work, columns, rows)
        sources = SourceMap.identity("work", 0, columns, rows)
    return Outcome.of(made, method, {"work": [1.0]}, sources)


def _size(work: Raster, width: int | None, height: int | None, scale: float | None) -> tuple[int, int]:
    """Return the width and height asked for.

    Raises:
        ParameterRefused: nothing is asked for, two things that contradict, or too much.
    """
    if scale is not None and (width or height):
        raise ParameterRefused("resize scale", "either a scale or a width and height", "both", "Leave one of them out.")
    if scale is not None:
        columns, rows = max(1, round(work.width * scale)), max(1, round(work.height * scale))
    elif width or height:
        columns = width or max(1, round(work.width * (height or 1) / work.height))
        rows = height or max(1, round(work.height * (width or 1) / work.width))
    else:
        raise ParameterRefused("resize", "a width, a height or a scale", "none", "For instance: width 1024.")
    if columns * rows > _LIMIT:
        raise ParameterRefused(
            "resize", "at most 200 megapixels", f"{columns}×{rows} pixels", "Ask for a smaller size."
        )
    return columns, rows


def _nearest(old: int, new: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return for each new place the old one at its centre, in whole numbers so that it is exact everywhere."""
    return ((2 * np.arange(new, dtype=np.int64) + 1) * old) // (2 * new)
