"""Study of watercolour: washes on paper."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.scenes.washes import MOODS, PIGMENTS, SUBJECTS, Scene, Wash, Wet
from palimpsest.drawing.scenes.washes_land import PAINTED
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import hex_to_rgb, to_linear, to_srgb
from palimpsest.media.raster import Floats

Subject = Literal["any", "hills", "sea", "leaves", "pines", "lagoon", "poppies"]

Palette = Literal["any", "dawn", "rain", "summer", "nordic", "ochre"]

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]


@technique(version=1)
def study_watercolour(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1280,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is painted; any: the seed chooses")] = "any",
    palette: Annotated[Palette, Field(description="the pigments; any: the seed chooses")] = "any",
    water: Annotated[float, Field(ge=0, le=1, description="how wet the paper is: blooms, drifts and dark rims")] = 0.55,
    grain: Annotated[float, Field(ge=0, le=1, description="how rough the paper is")] = 0.5,
    margin: Annotated[float, Field(ge=0, le=0.2, description="white left around"), Unit("of the shorter side")] = 0.04,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint an original landscape or plant in transparent washes on rough paper.

    Watercolour on white paper came into its own with Paul Sandby, Thomas Girtin and J. M. W. Turner in Britain around 1800, and
    shares its trust in water and empty paper with the much older ink painting of China, Korea and Japan. Every wash here lets the
    light through to the paper (Beer and Lambert's law), gathers at its rim as it dries, settles in the hollows of the paper and
    lies as a glaze over the ones below; backruns bloom where it was too wet. The effects are those named by Curtis and others,
    "Computer-generated watercolor" (SIGGRAPH 1997), stated point by point instead of simulated.
    """
    rng = np.random.default_rng(seed)
    chosen = SUBJECTS[seed % len(SUBJECTS)] if subject == "any" else subject
    mood = MOODS[seed % len(MOODS)] if palette == "any" else palette
    sheet = Sheet(width, height)
    scene = Scene(sheet.across, sheet.down, rng, Noise.drawn(rng, octaves=6))
    washes = PAINTED[chosen](scene)
    blooms = [
        (scene.between(0, scene.wide), scene.between(0, scene.high), scene.between(0.04, 0.16))
        for _ in range(round(9 * water))
    ]
    stain = {name: -np.log(to_linear(np.array(hex_to_rgb(text)))) for name, text in PIGMENTS[mood].items()}
    paper = np.asarray(-stain["paper"], np.float32)

    def paint(patch: Patch) -> Floats:
        wet = _wet(scene, patch, blooms, margin)
        depth = np.zeros((*patch.shape, 3), np.float32)
        for wash in washes:
            _dry(wash, wet, depth, stain[wash.pigment] + paper, water, grain)
        sheen = 1 + 0.028 * grain * (wet.tooth - np.roll(wet.tooth, (1, 1), (0, 1))).clip(-2, 2)
        return to_srgb(np.exp(paper - depth) * sheen[..., None])

    return Outcome.of(sheet.paint(paint, progress), "made from numbers alone: no work was used")


def _wet(scene: Scene, patch: Patch, blooms: list[tuple[float, float, float]], margin: float) -> Wet:
    noise, xs, ys = scene.noise, patch.xs, patch.ys
    rough = noise.with_cells(16, 4, fading=0.55).grid(xs + 40, ys)
    bloom = np.zeros(patch.shape, np.float32)
    for cx, cy, radius in blooms:
        window = patch.window(cx - radius * 2, cy - radius * 2, cx + radius * 2, cy + radius * 2)
        if window:
            part = patch.part(window)
            inside = radius * (1 + 0.2 * rough[window]) - np.hypot(part.x - cx, part.y - cy)
            fringe = 1.1 * np.exp(-np.abs(inside + 0.003) / 0.0045) - 0.8 * np.clip(
                inside / (0.6 * radius) + 0.15, 0, 0.7
            )
            bloom[window] += np.where(inside > -0.02, fringe, fringe * np.exp((inside + 0.02) / 0.01))
    inset = np.minimum(np.minimum(patch.x, scene.wide - patch.x), np.minimum(patch.y, scene.high - patch.y)) - margin
    inset = inset + (0.0022 * rough if margin else 1.0)
    tooth, flow = (
        noise.with_cells(180, 3, fading=0.8).grid(xs, ys + 17),
        noise.with_cells(2.6, 5, fading=0.55).grid(xs, ys),
    )
    streak = noise.with_cells(1, 3, fading=0.6, stretch=(3.5, 34)).grid(xs, ys + 3)
    return Wet(patch, tooth, flow, rough, streak, bloom, inset.astype(np.float32))


def _dry(wash: Wash, wet: Wet, depth: Floats, stain: Floats, water: float, grain: float) -> None:
    """Let a wash dry on the paper: add its optical depth to `depth` (h, w, 3)."""
    if wash.box is not None:
        window = wet.patch.window(*wash.box)
        if window is None:
            return
        wet, depth = wet.part(window), depth[window]
    inside = np.minimum(wash.shape(wet), wet.inset)
    if not (inside > -2 * wash.soft).any():
        return
    soft = np.float32(max(wash.soft, wet.patch.pixel))
    t = np.clip(inside / soft + 0.5, 0, 1)
    load = t * t * (3 - 2 * t)
    if wash.edge:
        rim = np.exp(-np.maximum(inside, 0) / 0.0035) + 0.35 * np.exp(-np.maximum(inside, 0) / 0.016)
        load *= 1 + wash.edge * (0.4 + 1.1 * water) * rim
    load *= np.clip(1 + (0.1 + 0.3 * water) * wet.flow + 0.55 * wet.bloom * (0.3 + water), 0.15, 2.4)
    load *= np.clip(1 - 0.6 * wash.grain * grain * wet.tooth, 0.1, 2.5)
    if wash.dry:
        load *= np.clip(((1.6 - 2.4 * wash.dry) - 0.6 * wet.tooth - 0.9 * wet.streak) * 2.5, 0, 1)
    if wash.fade is not None:
        load *= wash.fade(wet)
    depth += (wash.strength * load)[..., None] * stain.astype(np.float32)
