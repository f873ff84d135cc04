"""Tile: a seamless pattern."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Canvas, Habits, Mask, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.collage import Freedom, collage
from palimpsest.patchwork.laying import Kept, finished, lay, resized
from palimpsest.patchwork.margins import usable_area
from palimpsest.patchwork.windows import window_in

_METHOD = (
    "every pixel is copied from the work: the middle stays where it was, about the edges pieces of it were laid anew"
)
Side = Annotated[
    int | None,
    Field(ge=8, le=8000, description="of the tile; without it that of the work within its margins"),
    Unit("pixels"),
]


@technique(version=1)
def tile(
    work: Annotated[Raster, Role(Use.SAMPLE, "the work to make a pattern of")],
    synthesizer: PatchSynthesizer,
    *,
    width: Side = None,
    height: Side = None,
    anew: Annotated[
        float,
        Field(gt=0, le=1, description="how much of each side is made anew: a little about the edges, at 1 all of it"),
    ] = 0.3,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Make a seamless pattern of a work, whose edges meet when it is laid side by side.

    The middle of the work stays as it is; about the edges it is made anew out of the work's own patches, so that right runs over
    into left and bottom into top. Margins and plain grounds around the work are left out. With `anew` 1, or where the tile is to
    be larger than the work, all of it is composed anew. Every pixel is an exact copy.

    Raises:
        ParameterRefused: the work does not hold a whole patch.
        Cancelled: `progress` was told to stop.

    Synthesis on a torus, after Wei and Levoy, "Fast Texture Synthesis using Tree-structured Vector Quantization" (SIGGRAPH 2000).
    """
    rng = np.random.default_rng(seed)
    slot = Slot("work", 0, work.width, work.height)
    laid = lay(slot, work, usable_area(lay(slot, work).matter.rgb))
    usable = laid.matter.usable
    assert usable is not None
    window = window_in(usable, height, width)
    rows, columns = height or window[0].stop - window[0].start, width or window[1].stop - window[1].start
    canvas = Canvas(np.zeros((rows, columns, 3), np.uint8))
    kept = None
    if anew == 1 or (rows, columns) != usable[window].shape:
        sheet = collage([laid.matter.rgb[window]], rows, columns, Freedom(8, 0.3, 0.3), rng)
        canvas = Canvas(resized(sheet, rows, columns))
    else:
        canvas = Canvas(laid.matter.rgb[window], _middle(usable[window], anew))
        kept = Kept(slot, -window[0].start, -window[1].start)
    habits = Habits(coarsest=min(32, max(16, min(rows, columns) // 4)), completeness=0.3, noise=0.5, wrap=True)
    copied = synthesizer.synthesize([laid.matter], canvas, habits, seed, progress)
    return Outcome((finished(copied, [laid], {"work": work}, _METHOD, kept),))


def _middle(usable: Mask, anew: float) -> Mask:
    """Mark what stays: the pixels that are not near an edge, as far as they may be copied."""
    middle = np.zeros_like(usable)
    rows, columns = (max(1, round(side * anew / 2)) for side in usable.shape)
    middle[rows:-rows, columns:-columns] = usable[rows:-rows, columns:-columns]
    return middle
