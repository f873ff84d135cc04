"""Remix: the structure of one work in the matter of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from PIL import Image
from pydantic import Field
from scipy.ndimage import gaussian_filter

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Canvas, Habits, Mask, Matter, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of, to_oklab
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.laying import Laid, eight_bits, finished, lay
from palimpsest.patchwork.margins import usable_area
from palimpsest.patchwork.tone import Tonality, recoloured, toned

_METHOD = "every pixel is copied from an exemplar; its share is the part of the picture that came from it"
_LARGEST = 1.5
"""An exemplar is not enlarged further than this unless `scale` asks for it: strokes would blur."""
_LEAST_SIDE = 32
_EVENLY = 0.5
_STROKE = 2.0
_BOOST = 0.6


@technique(version=1)
def remix(
    content: Annotated[Raster, Role(Use.ALTER, "the work whose structure it keeps")],
    exemplars: Annotated[Sequence[Raster], Role(Use.SAMPLE, "the works whose matter it is made of")],
    synthesizer: PatchSynthesizer,
    *,
    weights: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1e6)], ...],
        Field(description="how much of the picture comes from each exemplar, in their order; none means all alike"),
    ] = (),
    fidelity: Annotated[
        float, Field(ge=0, le=1, description="from the exemplars' freedom, 0, to the content's form, 1")
    ] = 0.5,
    scale: Annotated[
        float, Field(ge=0.25, le=4, description="how large the strokes are against the picture: 1 as in the exemplar")
    ] = 1.0,
    mask: Annotated[
        Raster | None, Role(Use.ALTER, "a mask of the first exemplar's size, white where it may be copied")
    ] = None,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Make the picture of one work out of the strokes and the matter of others."""
    laid = [
        _laid(exemplar, number, content, scale, mask if number == 0 else None)
        for number, exemplar in enumerate(exemplars)
    ]
    sheets = [_Sheet.of(each.matter.rgb, each.matter.usable) for each in laid]
    goal = sheets[0].tonality
    own = _Sheet.of(eight_bits(content), None)
    tone = toned(own.tone, own.tonality, goal, _EVENLY)
    canvas = Canvas(recoloured(own.lab, tone, own.tonality, goal), guide=_guide(tone, goal))
    matters = [replace(each.matter, guide=_guide(sheet.tone, goal)) for each, sheet in zip(laid, sheets, strict=True)]
    habits = Habits(coarsest=round(24 * 6**fidelity), guide_weights=(4 * fidelity,))
    copied = synthesizer.synthesize(matters, canvas, habits, seed, progress)
    return Outcome((finished(copied, laid, {"content": content, "exemplars": exemplars}, _METHOD),))


@dataclass(frozen=True)
class _Sheet:
    lab: Floats
    tone: Floats
    tonality: Tonality

    @classmethod
    def of(cls, rgb: Bytes, usable: Mask | None) -> _Sheet:
        lab = to_oklab(rgb * np.float32(1 / 255))
        tone = gaussian_filter(lab[..., 0], _STROKE)
        return cls(lab, tone, Tonality.of(lab, tone, usable))


def _laid(exemplar: Raster, number: int, content: Raster, scale: float, mask: Raster | None) -> Laid:
    fit = min(_LARGEST, (content.width * content.height / (exemplar.width * exemplar.height)) ** 0.5) * scale
    fit = max(fit, min(1.0, _LEAST_SIDE / min(exemplar.width, exemplar.height)))
    slot = Slot("exemplars", number, round(exemplar.width * fit), round(exemplar.height * fit))
    usable = usable_area(eight_bits(exemplar))
    if mask is not None:
        usable = cover_of(mask) > 0.5
    image = Image.fromarray(usable.astype(np.uint8) * np.uint8(255)).resize(
        (slot.width, slot.height), Image.Resampling.BOX
    )
    return lay(slot, exemplar, np.asarray(image) == 255)


def _guide(tone: Floats, goal: Tonality) -> Bytes:
    low, high = goal.tones[1], goal.tones[-2]
    return np.rint(np.clip((tone - low) / max(high - low, 1e-3), 0, 1) * 255).astype(np.uint8)[..., None]
