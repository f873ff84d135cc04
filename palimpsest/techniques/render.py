"""Render: a sketch becomes a finished picture in the manner of a finished work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Canvas, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.analogy import begun, stacked
from palimpsest.patchwork.derived_guides import Kind, by_labels, by_lines, by_tones, kind_of
from palimpsest.patchwork.laying import eight_bits, finished, lay
from palimpsest.patchwork.margins import usable_area
from palimpsest.patchwork.windows import window_in

_METHOD = "every pixel is copied from the exemplar; the sketch and the guides say where to, and give none of theirs"
_MOST = 1_500_000
"""An exemplar of more pixels is made smaller before it is copied from."""
_LINES = 4.0
"""How much more derived lines count: they are thin, and would be lost in a pale work."""
Pair = tuple[Bytes, Bytes]
Signs = Literal["judged", "labels", "lines", "tones"]


@technique(version=2, upgrade=lambda parameters, _: parameters)
def render(
    sketch: Annotated[Raster, Role(Use.ALTER, "a sketch or label map: what the picture shows, and where")],
    exemplar: Annotated[Raster, Role(Use.SAMPLE, "the finished work whose matter the picture is made of")],
    exemplar_guide: Annotated[
        Raster | None, Role(Use.ALTER, "the exemplar's own sketch or labels, drawn like the sketch; else it is derived")
    ],
    synthesizer: PatchSynthesizer,
    *,
    more_sketches: Annotated[
        Sequence[Raster] | None, Role(Use.ALTER, "further sketches of the same picture, each with its guide")
    ] = None,
    more_guides: Annotated[
        Sequence[Raster] | None, Role(Use.ALTER, "the exemplar's guides to the further sketches, in their order")
    ] = None,
    weights: Annotated[
        tuple[Annotated[float, Field(gt=0, le=100)], ...],
        Field(description="how much each sketch counts against the colours; empty: all together as much as they"),
    ] = (),
    signs: Annotated[
        Signs,
        Field(description="what the sketch says things by, for an exemplar without a guide"),
    ] = "judged",
    patch: Annotated[int, Field(ge=3, le=9, description="side of the patches in pixels")] = 5,
    rounds: Annotated[
        int,
        Field(
            ge=1, le=30, description="how often it is gone over at each size: more is nearer to the sketch, and slower"
        ),
    ] = 4,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Finish a sketch in the manner of a finished work, by analogy with that work's own sketch.

    The result has the size of the sketch. What a place of it shows is told by the sketch, how that is painted by the places of
    the exemplar whose guide is alike: where the guide is blue as the sketch is here, there may be copied from. Sketch and guide
    may be labels (each colour a thing), lines, or tones; several pairs of them may say more. Every pixel is an exact copy.

    Raises:
        RoleRefused: a guide has another shape than the exemplar, or sketches and guides are not pairs.
        ParameterRefused: there are more or fewer weights than sketches, or the exemplar holds no whole patch.
        Cancelled: `progress` was told to stop.

    After Hertzmann et al., "Image Analogies" (SIGGRAPH 2001), and Fišer et al., "StyLit" (SIGGRAPH 2016) with the cost and the
    defaults of Jamriška's EbSynth (2018); overuse is held down by a growing price instead of a budget.
    """
    slot = Slot("exemplar", 0, *_fitting(exemplar))
    matter = lay(slot, exemplar).matter.rgb
    kind = None if exemplar_guide else _kind(sketch, signs)
    pairs = _pairs(sketch, matter, exemplar_guide, more_sketches or (), more_guides or (), kind)
    canvas_guide, guide, each = stacked(pairs, _weights(weights, len(pairs), kind))
    rng = np.random.default_rng(seed)
    canvas = Canvas(begun(matter, guide, canvas_guide, each, rng), guide=canvas_guide)
    usable = None if exemplar_guide else usable_area(matter)
    laid = [lay(slot, exemplar, usable, guide)]
    habits = Habits(patch=patch, coarsest=24, guide_weights=each, evenness=0.3, completeness=0.0, rounds=rounds)
    copied = synthesizer.synthesize([one.matter for one in laid], canvas, habits, seed, progress)
    return Outcome((finished(copied, laid, {"sketch": sketch, "exemplar": exemplar}, _METHOD),))


def _fitting(work: Raster) -> tuple[int, int]:
    """Return width and height at which a work is copied from: its own, unless it is very large."""
    share = min(1.0, (_MOST / (work.width * work.height)) ** 0.5)
    return max(1, round(work.width * share)), max(1, round(work.height * share))


def _pairs(
    sketch: Raster,
    matter: Bytes,
    guide: Raster | None,
    sketches: Sequence[Raster],
    guides: Sequence[Raster],
    kind: Kind | None,
) -> list[Pair]:
    """Return the guides of canvas and exemplar, in pairs and in their sizes."""
    if len(sketches) != len(guides):
        raise RoleRefused("render more-guides", f"one for each of {len(sketches)} further sketches", f"{len(guides)}")
    size, own = (sketch.height, sketch.width), (matter.shape[0], matter.shape[1])
    drawn = _drawn(sketch, size, "sketch")
    first = (drawn, _drawn(guide, own, "exemplar-guide")) if guide else _derived(drawn, matter, kind or "tones")
    others = zip(sketches, guides, strict=True)
    return [first, *((_drawn(one, size, "more-sketches"), _drawn(other, own, "more-guides")) for one, other in others)]


def _kind(sketch: Raster, signs: Signs) -> Kind:
    return kind_of(_drawn(sketch, (sketch.height, sketch.width), "sketch")) if signs == "judged" else signs


def _derived(sketch: Bytes, matter: Bytes, kind: Kind) -> Pair:
    """Return a sketch and the exemplar within its margins in the same signs."""
    rows, columns = window_in(usable_area(matter))
    canvas, guide = {"labels": by_labels, "lines": by_lines, "tones": by_tones}[kind](sketch, matter[rows, columns])
    around = [(each.start, side - each.stop) for each, side in zip((rows, columns), matter.shape[:2], strict=True)]
    return canvas, np.pad(guide, [*around, (0, 0)], mode="edge")


def _drawn(work: Raster, size: tuple[int, int], role: str) -> Bytes:
    """Return a guide's colours, over white where it is clear, at a size (height, width) of the same shape."""
    height, width = size
    if abs(work.width * height - work.height * width) > 0.02 * work.width * height + max(work.width, height):
        raise RoleRefused(f"render {role}", f"one of the shape {width}×{height}", f"{work.width}×{work.height}")
    return eight_bits(Raster.from_floats(resize_raster(work, width, height).over()))


def _weights(given: tuple[float, ...], pairs: int, kind: Kind | None) -> tuple[float, ...]:
    if given and len(given) != pairs:
        raise ParameterRefused("render weights", f"one for each sketch, {pairs}", len(given))
    usual = [1 / pairs] * pairs
    if kind == "lines":
        usual[0] *= _LINES
    return given or tuple(usual)
