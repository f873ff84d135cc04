"""Study of impasto: a landscape in thick paint."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import StrokePainter, Strokes
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import oklab_ramps
from palimpsest.drawing.relief import lit
from palimpsest.drawing.scenes.impasto import MOODS, PALETTES, SUBJECTS, Coat, Field2, Points, Scene
from palimpsest.drawing.scenes.impasto_scenes import PAINTED
from palimpsest.media.colour import from_oklab
from palimpsest.media.raster import Floats, Raster

Subject = Literal["any", "wheat", "cypresses", "sea", "orchard", "mountain", "flowers"]

Palette = Literal["any", "noon", "dusk", "spring", "storm", "night", "autumn"]

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]


@technique(version=1)
def study_impasto(
    painter: StrokePainter,
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1280,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is painted; any: the seed chooses")] = "any",
    palette: Annotated[Palette, Field(description="hour and season; any: the seed chooses")] = "any",
    brush: Annotated[
        float, Field(ge=0.4, le=3, description="size of the brushes; 1 is a medium brush"), Unit("×")
    ] = 1.0,
    relief: Annotated[float, Field(ge=0, le=2, description="how thick the paint stands")] = 1.0,
    light: Annotated[
        float, Field(ge=0, lt=360, description="where the light comes from; 90 is above"), Unit("°")
    ] = 125.0,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint an original landscape in thick, lit brush strokes.

    Body paint that stands up from the canvas and catches the light has been used since Titian and Rembrandt in the 16th and 17th
    centuries; Adolphe Monticelli in Marseille and, after him, Vincent van Gogh in Arles and Saint-Rémy (1888-1890) let the stroke
    itself carry the drawing. This study lays some ten thousand strokes along invented fields of direction, back to front, and
    lights their relief. The picture is the same at every size; brush sizes are shares of the shorter side (of a quarter of the
    longer one, in a very long format).
    """
    rng = np.random.default_rng(seed)
    unit = max(min(width, height), max(width, height) / 4)
    chosen = SUBJECTS[seed % len(SUBJECTS)] if subject == "any" else subject
    mood = MOODS[(seed + seed // len(MOODS)) % len(MOODS)] if palette == "any" else palette
    scene = Scene(width / unit, height / unit, oklab_ramps(PALETTES[mood]), Noise.drawn(rng, octaves=4), rng)
    coats = PAINTED[chosen](scene)
    canvas = np.empty((height, width, 3), np.float32)
    canvas[:] = from_oklab(scene.ramps["earth"][0])
    paint = np.zeros((height, width), np.float32)
    for number, coat in enumerate(coats):
        share = progress.part(0.9 * number / len(coats), 0.9 * (number + 1) / len(coats))
        canvas, paint = painter.lay(canvas, paint, _strokes(scene, coat, unit, brush), share)
    return Outcome.of(
        Raster.from_floats(lit(canvas, paint * np.float32(relief), angle=light)),
        "made from numbers alone: no work was used",
    )


def _strokes(scene: Scene, coat: Coat, unit: float, brush: float) -> Strokes:
    """Scatter a coat's strokes and let them follow its directions."""
    rng, width = scene.rng, coat.width * brush
    left, top, right, bottom = coat.box
    area = (right - left) * scene.wide * (bottom - top) * scene.high
    count = max(1, round(coat.cover * area / (width * width * coat.length)))
    # A low-discrepancy sequence (Roberts' R2) covers evenly; its order is random enough to show no rows.
    place = (rng.uniform(0, 1, 2) + np.arange(count)[:, None] * np.array([0.7548776662, 0.5698402910])) % 1
    x = ((left + place[:, 0] * (right - left)) * scene.wide).astype(np.float32)
    y = ((top + place[:, 1] * (bottom - top)) * scene.high).astype(np.float32)
    chance = rng.random((count, 4), np.float32)
    if coat.nearer:
        order = np.argsort(y, kind="stable")
        x, y, chance = x[order], y[order], chance[order]
    kept = coat.inside(x, y)
    x, y, chance = x[kept], y[kept], chance[kept]
    growth = 1 + coat.nearer * (y / scene.high - 0.5)
    widths = width * growth * (0.7 + 0.6 * chance[:, 0])
    lengths = width * growth * coat.length * (0.6 + 0.8 * chance[:, 1])
    colour = coat.colour(x, y) + coat.jitter * rng.standard_normal((len(x), 3), np.float32) * np.array(
        [1, 0.5, 0.5], np.float32
    )
    return Strokes(
        paths=_paths(coat.angle, x, y, lengths) * np.float32(unit),
        widths=np.maximum(widths * unit, 0.5).astype(np.float32),
        colours=np.clip(from_oklab(colour), 0, 1),
        loads=np.clip(coat.load + 0.5 * (chance[:, 2] - 0.5), 0, 1),
        bristles=rng.integers(0, 2**31, len(x)),
    )


def _paths(angle: Field2, x: Points, y: Points, lengths: Floats, points: int = 7) -> Floats:
    """Follow the directions both ways from each stroke's middle (n,), so that it bends evenly; returns (n, points, 2)."""
    paths = np.empty((len(x), points, 2), np.float32)
    step = lengths / (points - 1)
    middle = points // 2
    paths[:, middle, 0], paths[:, middle, 1] = x, y
    for way in (-1, 1):
        px, py = x, y
        run = step * np.float32(way)
        for number in range(1, middle + 1):
            heading = angle(px, py)
            px, py = np.add(px, np.cos(heading) * run), np.add(py, np.sin(heading) * run)
            paths[:, middle + way * number, 0], paths[:, middle + way * number, 1] = px, py
    return paths
