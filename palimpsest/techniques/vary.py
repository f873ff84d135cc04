"""Vary: new compositions made of a work's own pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Made, Outcome
from palimpsest.craft.ports import Bytes, Canvas, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.lineage.records import Grade, Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.collage import collage
from palimpsest.patchwork.laying import Laid, finished, lay

_METHOD = "every pixel is copied from a work; its share is the part of the picture that came from it"
_SHEET = 256
"""The longer side of the rough picture that it begins with; only what is left of it at the coarsest level matters."""


@technique(version=1, grade=Grade.EXACT)
def vary(
    works: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the work to vary, or several by the same hand")],
    synthesizer: PatchSynthesizer,
    *,
    novelty: Annotated[
        float, Field(ge=0, le=1, description="how freely it is composed anew: 0 stays near the work, 1 goes far")
    ] = 0.5,
    count: Annotated[int, Field(ge=1, le=16, description="how many results")] = 1,
    mirror: Annotated[bool, Field(description="pieces may also be copied mirrored, left to right")] = True,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Compose a work anew out of its own strokes and matter.

    The result has the size of the first work. It begins with a rough collage of pieces that were moved about, and is then made
    again and again, from coarse to fine, so that every patch of it is one of the works': what is above stays mostly above, joints
    heal, and nothing in it comes from anywhere else. Every pixel is an exact copy.

    Raises:
        RoleRefused: no work holds a whole patch.
        Cancelled: `progress` was told to stop.

    After Granot et al., "Drop the GAN" (CVPR 2022), with PatchMatch (Barnes et al. 2009); it begins with a collage instead of
    noise, which is what keeps it from coming back as a copy.
    """
    laid = _laid(works, mirror)
    made = [
        _variation(works, laid, synthesizer, novelty, seed * 16 + each, progress.part(each / count, (each + 1) / count))
        for each in range(count)
    ]
    return Outcome(tuple(made))


def _laid(works: Sequence[Raster], mirror: bool) -> list[Laid]:
    return [
        lay(Slot("works", index, work.width, work.height, mirrored), work)
        for index, work in enumerate(works)
        for mirrored in ((False, True) if mirror else (False,))
    ]


def _variation(
    works: Sequence[Raster],
    laid: Sequence[Laid],
    synthesizer: PatchSynthesizer,
    novelty: float,
    seed: int,
    progress: Progress,
) -> Made:
    rng = np.random.default_rng(seed)
    height, width = works[0].height, works[0].width
    begin = _enlarged(_rough([each.matter.rgb for each in laid], height, width, novelty, rng), height, width)
    canvas = Canvas(begin)
    copied = synthesizer.synthesize([each.matter for each in laid], canvas, Habits(coarsest=36), seed, progress)
    return finished(copied, laid, {"works": works}, _METHOD)


def _rough(pictures: Sequence[Bytes], height: int, width: int, novelty: float, rng: np.random.Generator) -> Bytes:
    return collage(pictures, height, width, round(2 + 10 * novelty), 0.5, 0.3 * novelty, rng)


def _enlarged(sheet: Bytes, height: int, width: int) -> Bytes:
    return sheet
