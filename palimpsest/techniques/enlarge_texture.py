"""Enlarge-texture: a work made larger without larger strokes."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field
from scipy.ndimage import gaussian_filter

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Canvas, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.laying import finished, lay, resized
from palimpsest.patchwork.margins import usable_area

_METHOD = "every pixel is copied from the work at its own size; none is made larger"
_MOST = 40_000_000
"""Pixels of the largest result."""


@technique(version=1)
def enlarge_texture(
    work: Annotated[Raster, Role(Use.SAMPLE, "the work to enlarge")],
    synthesizer: PatchSynthesizer,
    *,
    times: Annotated[float, Field(ge=1.25, le=4, description="how many times as wide and high the result is")] = 2.0,
    fidelity: Annotated[
        float, Field(ge=0, le=1, description="how closely it keeps to the work's forms: 0 grows freely, 1 follows them")
    ] = 0.6,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Make a work larger while its strokes and its grain keep their size and stay crisp.

    The forms grow, the matter does not: what the enlarged work shows is painted anew with the work's own strokes, as on a
    larger canvas with the same brush. Every pixel is an exact copy of one of the work.

    Raises:
        ParameterRefused: the result would be larger than 40 megapixels, or the work does not hold a whole patch.
        Cancelled: `progress` was told to stop.

    After Hertzmann et al., "Image Analogies" (SIGGRAPH 2001), with the enlarged work for a sketch and the work,
    softened, for its exemplar's.
    """
    width, height = round(work.width * times), round(work.height * times)
    if width * height > _MOST:
        share = (_MOST / (work.width * work.height)) ** 0.5
        raise ParameterRefused(
            "enlarge-texture times",
            f"a result of at most {_MOST // 1_000_000} megapixels, so up to {share:.2f} times",
            times,
        )
    slot = Slot("work", 0, work.width, work.height)
    rgb = lay(slot, work).matter.rgb
    larger = resized(rgb, height, width)
    softness = times * (1.5 - fidelity)
    laid = [lay(slot, work, usable_area(rgb), _softened(rgb, softness))]
    canvas = Canvas(larger, guide=_softened(larger, (softness**2 - (0.4 * times) ** 2) ** 0.5))
    weights = (0.4 + 3.5 * fidelity,) * 3
    coarsest = round(48 + 80 * fidelity)
    habits = Habits(coarsest=coarsest, guide_weights=weights, guide_fade=0.9, completeness=0.2)
    copied = synthesizer.synthesize([each.matter for each in laid], canvas, habits, seed, progress)
    return Outcome((finished(copied, laid, {"work": work}, _METHOD),))


def _softened(rgb: Bytes, sigma: float) -> Bytes:
    """Return colours (height, width, 3), softened by a Gaussian, so that those of both sizes are alike."""
    softened = np.empty_like(rgb)
    for channel in range(3):
        softened[..., channel] = gaussian_filter(rgb[..., channel], sigma)  # sums in double precision, band by band
    return softened
