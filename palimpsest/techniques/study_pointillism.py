"""Study of pointillism: a waterside in points of pure colour."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import gaussian_filter

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import StrokePainter, Strokes
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.relief import lit
from palimpsest.drawing.scenes.waterside import HOURS, PLAN, SUBJECTS, Plan, blank
from palimpsest.drawing.scenes.waterside_scenes import PAINTED
from palimpsest.media.colour import from_oklab, to_linear, to_oklab, to_srgb
from palimpsest.media.raster import Floats, Raster

Subject = Literal["any", "harbour", "poplars", "lighthouse", "riverbank", "bridge", "pines"]

Hour = Literal["any", "morning", "noon", "evening", "dusk"]

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]


@technique(version=1)
def study_pointillism(
    painter: StrokePainter,
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1280,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is painted; any: the seed chooses")] = "any",
    hour: Annotated[Hour, Field(description="the light; any: the seed chooses")] = "any",
    point: Annotated[
        float, Field(ge=0.004, le=0.03, description="size of a point"), Unit("of the shorter side")
    ] = 0.009,
    division: Annotated[
        float, Field(ge=0, le=1, description="how far apart the colours are that mix in the eye")
    ] = 0.6,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint an original waterside in small points of pure colour that mix in the eye.

    Georges Seurat and Paul Signac worked so in Paris and on the Channel coast from 1884 on, after Michel-Eugène Chevreul's law of
    simultaneous contrast (1839) and Ogden Rood's optics of colour (1879); they called it divisionism. Here each point takes one
    of some sixty pure tints, and every layer of points makes up for what the layers below it got wrong, so that the average over
    a neighbourhood is the colour that was meant. Points are shares of the shorter side (of a quarter of the longer one, in a very
    long format).
    """
    rng = np.random.default_rng(seed)
    unit = max(min(width, height), max(width, height) / 4)
    chosen = SUBJECTS[seed % len(SUBJECTS)] if subject == "any" else subject
    light = HOURS[(seed + seed // len(SUBJECTS)) % len(HOURS)] if hour == "any" else hour
    plan = blank(width / unit, height / unit, light, rng)
    PAINTED[chosen](plan)
    _contrast(plan)
    canvas = np.empty((height, width, 3), np.float32)
    canvas[:] = from_oklab(plan.ramp("wall", np.array(0.05)))
    relief = np.zeros((height, width), np.float32)
    tints = _tints()
    painted = np.broadcast_to(to_linear(canvas[:1, :1]), plan.lab.shape).copy()
    layers = ((2.4, 0.9, 1.0), (1.35, 1.2, 1.0), (1.0, 1.0, 1.0), (0.7, 0.55, 0.8))
    for number, (size, cover, spread) in enumerate(layers):
        share = progress.part(number / len(layers), (number + 1) / len(layers))
        strokes = _points(plan, painted, tints, point * size, cover, division * spread, unit)
        canvas, relief = painter.lay(canvas, relief, strokes, share)
    return Outcome.of(
        Raster.from_floats(lit(canvas, relief * np.float32(0.4), angle=120, gloss=0.04)),
        "made from numbers alone: no work was used",
    )


def _contrast(plan: Plan) -> None:
    """Lighten and darken either side of each edge, as Chevreul saw it and Seurat painted it."""
    sigma = 0.02 * PLAN
    for channel, amount in ((0, 0.55), (1, 0.4), (2, 0.4)):
        mean = gaussian_filter(plan.lab[:, :, channel], sigma, mode="nearest")
        plan.lab[:, :, channel] += amount * (plan.lab[:, :, channel] - mean)


def _tints() -> Floats:
    """Return the palette, OKLab (n, 3): sixteen hues, each pure, twice with white, and once deep."""
    turn = np.arange(16) * (2 * np.pi / 16)
    levels = ((0.42, 0.115), (0.57, 0.14), (0.72, 0.125), (0.86, 0.075), (0.95, 0.03))
    rows = [np.stack([np.full(16, light), chroma * np.cos(turn), chroma * np.sin(turn)], 1) for light, chroma in levels]
    return np.concatenate(rows).astype(np.float32)


def _points(
    plan: Plan, painted: Floats, tints: Floats, size: float, cover: float, division: float, unit: float
) -> Strokes:
    """Scatter one layer of points, choose their tints, and note in `painted` (linear light, changed in place) what they leave."""
    rng = plan.rng
    count = max(1, round(cover * plan.wide * plan.high / (size * size * 0.9)))
    place = (rng.uniform(0, 1, 2) + np.arange(count)[:, None] * np.array([0.7548776662, 0.5698402910])) % 1
    place = place[rng.permutation(count)] + rng.normal(0, 0.25 * size, (count, 2)) / (plan.wide, plan.high)
    rows, columns = plan.lab.shape[:2]
    row = np.clip(place[:, 1] * rows, 0, rows - 1).astype(np.int64)
    column = np.clip(place[:, 0] * columns, 0, columns - 1).astype(np.int64)
    # What the layers below got wrong is asked for once more, in linear light: that is where light adds up in the eye.
    meant = to_linear(np.clip(from_oklab(plan.lab), 0, 1))
    wanted = to_oklab(to_srgb(np.clip(meant[row, column] * 1.6 - 0.6 * painted[row, column], 0.003, 1)))
    colour = _divided(wanted, tints, division, rng)
    _leave(painted, colour, row, column, min(cover * 0.85, 0.95), size)
    lean = plan.lean[row, column] + rng.normal(0, 0.35, count)
    along = size * rng.uniform(0.1, 0.75, count) * (1 if size < 0.02 else 0.8)
    step = np.stack([np.cos(lean), np.sin(lean)], -1) * along[:, None] / 2
    middle = place * (plan.wide, plan.high)
    return Strokes(
        paths=(np.stack([middle - step, middle, middle + step], 1) * unit).astype(np.float32),
        widths=np.maximum(size * rng.uniform(0.75, 1.2, count) * unit, 0.7).astype(np.float32),
        colours=np.clip(from_oklab(colour), 0, 1),
        loads=np.full(count, 0.95, np.float32),
        bristles=rng.integers(0, 2**31, count),
    )


def _divided(wanted: Floats, tints: Floats, division: float, rng: np.random.Generator) -> Floats:
    """Throw each colour off by chance, most in hue, now and then to its complement; snap it to the nearest tint."""
    count = len(wanted)
    chroma = np.hypot(wanted[:, 1], wanted[:, 2])
    hue = np.arctan2(wanted[:, 2], wanted[:, 1]) + division * rng.normal(0, 0.75, count)
    opposite = rng.random(count) < 0.07 * division
    hue = hue + np.where(opposite, np.pi, 0)
    pure = chroma * (1 + 0.45 * division) + 0.09 * division
    light = wanted[:, 0] + division * rng.normal(0, 0.085, count)
    near = np.stack([light, pure * np.cos(hue), pure * np.sin(hue)], 1).astype(np.float32)
    best, least = np.zeros(count, np.int64), np.full(count, np.inf, np.float32)
    for number, tint in enumerate(tints):
        away = ((near - tint) ** 2).sum(axis=1)
        closer = away < least
        best[closer], least[closer] = number, away[closer]
    snap = np.float32(0.35 + 0.5 * division)
    return near * (1 - snap) + tints[best] * snap


def _leave(
    painted: Floats, colour: Floats, row: NDArray[np.int64], column: NDArray[np.int64], cover: float, size: float
) -> None:
    rows, columns = painted.shape[:2]
    linear = to_linear(np.clip(from_oklab(colour), 0, 1))
    cell = row * columns + column
    sigma = max(1.5 * size * PLAN, 1.0)
    weight = gaussian_filter(
        np.bincount(cell, minlength=rows * columns).reshape(rows, columns).astype(np.float32), sigma
    )
    for channel in range(3):
        total = np.bincount(cell, linear[:, channel], rows * columns).reshape(rows, columns).astype(np.float32)
        mean = gaussian_filter(total, sigma) / np.maximum(weight, 1e-6)
        painted[:, :, channel] += cover * (mean - painted[:, :, channel])
