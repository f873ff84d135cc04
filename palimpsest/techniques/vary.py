"""Vary: new compositions made of a work's own pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Made, Outcome
from palimpsest.craft.ports import Canvas, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.collage import Freedom, collage
from palimpsest.patchwork.laying import Laid, eight_bits, finished, lay, resized
from palimpsest.patchwork.margins import usable_area

_METHOD = "every pixel is copied from a work; its share is the part of the picture that came from it"


@technique(version=1)
def vary(
    works: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the work to vary, or several by the same hand")],
    synthesizer: PatchSynthesizer,
    *,
    novelty: Annotated[
        float, Field(ge=0, le=1, description="how freely it is composed anew: 0 stays near the work, 1 goes far")
    ] = 0.4,
    count: Annotated[int, Field(ge=1, le=16, description="how many results")] = 1,
    mirror: Annotated[bool, Field(description="pieces may also be copied mirrored, left to right")] = True,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Compose a work anew out of its own strokes and matter.

    The result has the size of the first work. It begins with a rough collage: pieces that were moved about, cut where the joints
    show least, so that a face stays a face if the work has calm places around it. It is then made again and again, from coarse to
    fine, so that every patch of it is one of the works': what is above stays mostly above, joints heal, and nothing comes from
    anywhere else. Frames and margins are left out. Every pixel is an exact copy.

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
    """Lay the works out, larger ones reduced to the first one's area, so that all bring forms and strokes of one scale."""
    laid = []
    for index, work in enumerate(works):
        share = min(1.0, (works[0].width * works[0].height / (work.width * work.height)) ** 0.5)
        width, height = max(1, round(work.width * share)), max(1, round(work.height * share))
        picture = usable_area(eight_bits(Slot("works", index, width, height).lay(work)))
        for mirrored in (False, True) if mirror else (False,):
            slot = Slot("works", index, width, height, mirrored)
            laid.append(lay(slot, work, picture[:, ::-1] if mirrored else picture))
    return laid


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
    freedom = Freedom(round(2 + 8 * novelty), 0.5, 0.25 * novelty)
    begin = resized(collage([each.matter.rgb for each in laid], height, width, freedom, rng), height, width)
    canvas = Canvas(begin)
    copied = synthesizer.synthesize([each.matter for each in laid], canvas, Habits(coarsest=36), seed, progress)
    return finished(copied, laid, {"works": works}, _METHOD)
