"""Study of mosaic: stone, glass and gold laid in rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import distance_transform_edt, gaussian_filter, sobel
from scipy.spatial import cKDTree
from skimage.measure import find_contours

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import oklab_ramps
from palimpsest.drawing.relief import lit
from palimpsest.drawing.scenes.mosaic import PLACES, STONES, SUBJECTS, Mask, Plan
from palimpsest.drawing.scenes.mosaic_scenes import DRAWN
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import from_oklab
from palimpsest.media.raster import Floats

Subject = Literal["any", "sun", "fish", "bird", "vault", "knot", "tree"]

Palette = Literal["any", "ravenna", "antioch", "palermo", "delos", "thessaloniki"]

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]

_NEAREST = 7


@dataclass(frozen=True)
class _Stones:
    """The tesserae: middle (n, 2), direction of the row (n,), half lengths along and across (n, 2), colour, tilt, polish."""

    middle: Floats
    along: Floats
    half: Floats
    colour: Floats
    tilt: Floats
    polish: Floats


@technique(version=1)
def study_mosaic(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1024,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is laid; any: the seed chooses")] = "any",
    palette: Annotated[
        Palette, Field(description="the stones, named for places of mosaics; any: the seed chooses")
    ] = "any",
    tesserae: Annotated[int, Field(ge=30, le=160, description="stones across the shorter side")] = 84,
    grout: Annotated[float, Field(ge=0.02, le=0.4, description="width of the joints"), Unit("of a stone")] = 0.13,
    light: Annotated[
        float, Field(ge=0, lt=360, description="where the light comes from; 90 is above"), Unit("°")
    ] = 120.0,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Lay an original mosaic of stone, glass and gold, its rows flowing along the drawing.

    Mosaicists call that flow *andamento*. It was mastered in the Hellenistic and Roman workshops of Delos, Antioch and Zeugma, in
    stone, and from the 5th century in the glass and gold of Ravenna, Thessaloniki, Constantinople and, later, Palermo, where each
    cube was set a little askew so that it catches the light on its own. Here rows are traced at even distances from the outlines,
    stones set along them, and every stone takes the points nearest to it in a metric turned to its row, after Hausner,
    "Simulating decorative mosaics" (SIGGRAPH 2001); rows replace his iteration. Sizes are shares of the shorter side (of a
    quarter of the longer one, in a very long format).
    """
    rng = np.random.default_rng(seed)
    unit = max(min(width, height), max(width, height) / 4)
    chosen = SUBJECTS[seed % len(SUBJECTS)] if subject == "any" else subject
    place = PLACES[(seed + seed // len(PLACES)) % len(PLACES)] if palette == "any" else palette
    ramps = oklab_ramps(STONES[place])
    plan = _blank(width / unit, height / unit, 1 / tesserae, rng)
    DRAWN[chosen](plan)
    progress(0.1)
    stones = _set(plan, ramps)
    progress(0.4)
    near, step = _near(plan, stones)
    share = min(width, height) / unit

    def paint(patch: Patch) -> Floats:
        frame = (patch.xs * np.float32(share), patch.ys * np.float32(share), step, 1 / (patch.pixel * share))
        colour, relief, polish = _laid(plan, stones, near, frame, ramps["grout"][0], grout)
        return lit(colour, relief, angle=light, elevation=48, gloss=polish)

    raster = Sheet(width, height).paint(paint, progress.part(0.4, 1), halo=1)
    return Outcome.of(raster, "made from numbers alone: no work was used")


def _blank(wide: float, high: float, row: float, rng: np.random.Generator) -> Plan:
    """Return a plan with some eight points to a stone, whatever the picture's size in pixels."""
    rows, columns = max(3, round(high * 8 / row)), max(3, round(wide * 8 / row))
    ys = (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(high / rows)
    xs = (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(wide / columns)
    x, y = np.broadcast_to(xs, (rows, columns)), np.broadcast_to(ys[:, None], (rows, columns))
    return Plan(x, y, wide, high, row, rng, Noise.drawn(rng, octaves=5), np.zeros((rows, columns), np.int32))


def _set(plan: Plan, ramps: dict[str, Floats]) -> _Stones:
    """Trace the rows, set stones along them, fill what stays open, and choose each stone."""
    label, row, cell = plan.label, plan.row, plan.wide / plan.label.shape[1]
    edge = np.zeros(label.shape, bool)
    edge[:, 1:] |= label[:, 1:] != label[:, :-1]
    edge[1:] |= label[1:] != label[:-1]
    edge[:, 0] = edge[:, -1] = edge[0] = edge[-1] = True
    away = gaussian_filter(distance_transform_edt(~edge).astype(np.float32) * np.float32(cell), 1.0)
    down, across = sobel(gaussian_filter(away, 2.0), 0), sobel(gaussian_filter(away, 2.0), 1)
    middle = _fill(plan, _thin(_traced(plan, away, cell), 0.66 * row))
    i = np.clip((middle[:, 1] / cell).astype(np.int64), 0, label.shape[0] - 1)
    j = np.clip((middle[:, 0] / cell).astype(np.int64), 0, label.shape[1] - 1)
    count, rng = len(middle), plan.rng
    along = np.arctan2(down[i, j], across[i, j]) + np.pi / 2 + rng.normal(0, 0.07, count)
    half = row * 0.5 * np.stack([rng.uniform(0.95, 1.25, count), rng.uniform(0.94, 1.06, count)], 1)
    colour, metal = _chosen(plan, ramps, i, j, away)
    return _Stones(
        middle.astype(np.float32),
        along.astype(np.float32),
        half.astype(np.float32),
        colour,
        (rng.normal(0, 1, (count, 2)) * np.where(metal, 0.2, 0.075)[:, None]).astype(np.float32),
        np.where(metal, rng.uniform(0.5, 1.1, count), rng.uniform(0.03, 0.22, count)).astype(np.float32),
    )


def _traced(plan: Plan, away: Floats, cell: float) -> NDArray[np.float64]:
    """Stones along the rows: where the distance from the outlines is a half, one and a half, … of a row."""
    middles: list[NDArray[np.float64]] = []
    for line in find_contours(np.cos(np.pi * away / plan.row), 0.0):
        points = (line[:, ::-1] + 0.5) * cell
        run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        count = int(run[-1] / (1.1 * plan.row))
        if count:
            place = (np.arange(count) + 0.5 + plan.rng.uniform(-0.12, 0.12, count)) * (run[-1] / count)
            middles.append(np.stack([np.interp(place, run, points[:, 0]), np.interp(place, run, points[:, 1])], 1))
    return np.concatenate(middles) if middles else np.array([[plan.wide / 2, plan.high / 2]])


def _thin(points: NDArray[np.float64], apart: float) -> NDArray[np.float64]:
    """Drop each point that lies too close to one kept before it."""
    pairs = cKDTree(points).query_pairs(apart, output_type="ndarray")
    kept = np.ones(len(points), bool)
    for first, second in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]:
        if kept[first]:
            kept[second] = False
    return points[kept]


def _fill(plan: Plan, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add stones where none is near: the cut pieces in the corners where rows meet."""
    count = round(plan.wide * plan.high / plan.row**2 * 12)
    tries = (0.5 + np.arange(count)[:, None] * np.array([0.7548776662, 0.5698402910])) % 1 * (plan.wide, plan.high)
    far = np.asarray(cKDTree(points).query(tries)[0])
    order = np.argsort(-far, kind="stable")
    open_ones = tries[order][far[order] > 0.84 * plan.row]
    return np.concatenate([points, _thin(open_ones, 0.84 * plan.row)]) if len(open_ones) else points


def _chosen(
    plan: Plan, ramps: dict[str, Floats], i: NDArray[np.int64], j: NDArray[np.int64], away: Floats
) -> tuple[Floats, Mask]:
    """Pick each stone from the heap: no two are alike."""
    rng, count, label = plan.rng, len(i), plan.label[i, j]
    depth = (away[i, j] / plan.row).astype(np.int64)
    wander, chance = rng.normal(0, 0.16, count), rng.normal(0, 1, (count, 3)).astype(np.float32)
    colour, metal = np.zeros((count, 3), np.float32), np.zeros(count, bool)
    for number, region in enumerate(plan.regions):
        own = np.flatnonzero(label == number)
        ramp = ramps[region.ramp]
        place = np.clip(
            (region.shade[i[own] - region.corner[0], j[own] - region.corner[1]] + wander[own]) * (len(ramp) - 1),
            0,
            len(ramp) - 1,
        )
        colour[own] = ramp[np.rint(place).astype(np.int64)]
        metal[own] = region.metal
        for line, (name, shade) in enumerate(region.rows):
            these = own[depth[own] == line]
            colour[these] = ramps[name][shade]
            metal[these] = name == "gold"
    return colour + chance * np.array([0.03, 0.009, 0.011], np.float32), metal


def _near(plan: Plan, stones: _Stones) -> tuple[NDArray[np.int32], float]:
    """Return the stones nearest to each square of a fine lattice (rows, columns, n), and the side of a square."""
    step = plan.row / 4
    bx, by = int(np.ceil(plan.wide / step)), int(np.ceil(plan.high / step))
    grid = np.stack(np.meshgrid((np.arange(bx) + 0.5) * step, (np.arange(by) + 0.5) * step), -1)
    wanted = min(_NEAREST, len(stones.middle))
    found = cKDTree(stones.middle).query(grid.reshape(-1, 2), k=wanted, workers=2)[1]
    return found.reshape(by, bx, wanted).astype(np.int32), step


def _laid(
    plan: Plan,
    stones: _Stones,
    near: NDArray[np.int32],
    frame: tuple[Floats, Floats, float, float],
    bed: Floats,
    grout: float,
) -> tuple[Floats, Floats, Floats]:
    """Return colour (h, w, 3), relief in pixels and polish (h, w) of a band."""
    xs, ys, step, unit = frame
    row, noise = np.float32(plan.row), plan.noise
    rough = noise.with_cells(1.1 / plan.row, 2).grid(xs, ys)
    wx = xs[None, :] + 0.035 * row * rough
    wy = ys[:, None] + 0.035 * row * noise.with_cells(1.1 / plan.row, 2).grid(xs + 31, ys)
    blocks = near[np.minimum((ys / step).astype(np.int64), near.shape[0] - 1)[:, None],
                  np.minimum((xs / step).astype(np.int64), near.shape[1] - 1)[None, :]]  # fmt: skip
    best = np.full(wx.shape, np.inf, np.float32)
    second, owner = best.copy(), np.zeros(wx.shape, np.int32)
    cos, sin = np.cos(stones.along), np.sin(stones.along)
    for candidate in range(blocks.shape[2]):
        index = blocks[:, :, candidate]
        dx, dy = wx - stones.middle[index, 0], wy - stones.middle[index, 1]
        u = np.abs(dx * cos[index] + dy * sin[index]) / stones.half[index, 0]
        v = np.abs(dy * cos[index] - dx * sin[index]) / stones.half[index, 1]
        # A little of the round metric in the square one keeps corners from being knife-sharp.
        far = 0.86 * np.maximum(u, v) + 0.14 * np.sqrt(u * u + v * v)
        closer = far < best
        second = np.minimum(second, np.where(closer, best, far))
        owner = np.where(closer, index, owner)
        best = np.minimum(best, far)
    inside = np.minimum(0.5 * (second - best), 1.14 - best) * (0.5 * row) - 0.5 * grout * row
    return _surface(
        plan, stones, owner, inside, (wx, wy, rough, unit), bed, noise.with_cells(6 / plan.row, 3).grid(xs, ys)
    )


def _surface(
    plan: Plan,
    stones: _Stones,
    owner: NDArray[np.int32],
    inside: Floats,
    place: tuple[Floats, Floats, Floats, float],
    bed: Floats,
    grain: Floats,
) -> tuple[Floats, Floats, Floats]:
    wx, wy, rough, unit = place
    row = np.float32(plan.row)
    cover = np.clip(inside * unit + 0.5, 0, 1)
    bevel = np.clip(inside / (0.16 * row), 0, 1)
    bevel = bevel * (2 - bevel)
    dx, dy = wx - stones.middle[owner, 0], wy - stones.middle[owner, 1]
    face = (
        bevel * 0.085 * row + dx * stones.tilt[owner, 0] + dy * stones.tilt[owner, 1] + 0.0045 * row * (grain + rough)
    )
    relief = cover * (face + 0.05 * row) + (1 - cover) * 0.012 * row * grain
    colour = stones.colour[owner]
    colour[..., 0] += 0.012 * grain + 0.012 * rough - 0.05 * (1 - bevel)
    mortar = np.broadcast_to(bed, colour.shape).copy()
    mortar[..., 0] += 0.03 * grain - 0.2 * np.clip(1 + inside / (0.12 * row), 0, 1)
    shown = mortar + (colour - mortar) * cover[..., None]
    return from_oklab(shown), (relief * np.float32(unit)).astype(np.float32), stones.polish[owner] * cover
