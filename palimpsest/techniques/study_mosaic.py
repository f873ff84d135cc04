"""Study of mosaic: stone, glass and gold laid in rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
from palimpsest.media.colour import from_oklab, hex_to_rgb, to_oklab
from palimpsest.media.noise import Noise
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.relief import lit

Subject = Literal["any", "sun", "fish", "bird", "vault", "knot", "tree"]
Palette = Literal["any", "ravenna", "antioch", "palermo", "delos", "thessaloniki"]
Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
Mask = NDArray[np.bool_]

_SUBJECTS = ("sun", "bird", "fish", "vault", "tree", "knot")
_PLACES = ("ravenna", "antioch", "delos", "palermo", "thessaloniki")
_BAND = 100_000
_NEAREST = 7

_STONES = {
    "ravenna": {
        "ground": "#16306e #1f4490 #2a5aa8 #18377c", "sea": "#12345e #1d5a86 #2f86a0 #7fc0b8 #dfe9d8", "gold": "#c9962f #e0b24a #a87422",
        "warm": "#f3d27a #e8953a #c9562f #8c2f2a", "red": "#b5302f #8a1f2e #d9654a", "leaf": "#1f5a3f #3f8a4a #8cb04f #cfd06a",
        "white": "#f4efe2 #e2d8c4 #c9bfae", "dark": "#1a1f33 #2a2440", "grout": "#b9b0a2",
    },
    "antioch": {
        "ground": "#eee3cc #e4d5b8 #f4ecdb #dccbaa", "sea": "#3f5a5e #5f7f7c #8fa89a #c4ceb8 #efe8d4", "gold": "#cf9a3f #e0b565 #b17f2f",
        "warm": "#ecc98a #d99a55 #b9663c #7f3f2c", "red": "#a8442f #7f2f28 #c97a55", "leaf": "#4a5a3a #707f4a #9aa26a #c9c48f",
        "white": "#f6f0e2 #e8dcc6 #d4c6ac", "dark": "#2a2624 #3f3531", "grout": "#a89a86",
    },
    "palermo": {
        "ground": "#c4902c #d9aa44 #b07d26 #e0b95c", "sea": "#1f4a5e #2a7078 #4fa09a #a8cfb8 #f0ead0", "gold": "#d4a23a #ecc462 #b07d26",
        "warm": "#f4dc9a #e89a44 #c44a34 #7f1f2f", "red": "#9c1f33 #c93f3f #6f1730", "leaf": "#14463f #1f6f55 #5a9a5a #b8c46a",
        "white": "#f8f3e6 #e6dccb #c6bdb0", "dark": "#201a2a #33203a", "grout": "#8f7f6c",
    },
    "delos": {
        "ground": "#d8e2da #c4d6d0 #e8ebdf #b4cac8", "sea": "#123f63 #1f6a8c #3a9aa8 #8accc0 #eef0dc", "gold": "#d8a63f #ebc46a #b98230",
        "warm": "#f6dc9c #f0a257 #d9663f #9a3a33", "red": "#c4483a #93302f #e58a68", "leaf": "#2a5a4f #4a8a6a #8fb87f #d2d898",
        "white": "#f7f5ea #e4e4d8 #c8ccc4", "dark": "#16263a #2a3044", "grout": "#9aa09a",
    },
    "thessaloniki": {
        "ground": "#7f2a35 #93363c #6c2230 #a8484a", "sea": "#2a2f5f #44549a #6f8fc0 #b4c6d8 #f0e8dc", "gold": "#d09a38 #e8bc5c #a8722a",
        "warm": "#f8dfae #eda85c #d4633f #93303a", "red": "#d9503f #b02f3a #f08a62", "leaf": "#2a4a3a #4f7a4a #95a655 #d6cf80",
        "white": "#f6eee0 #e4d6c6 #ccbcae", "dark": "#1f1622 #341c2c", "grout": "#9f8f88",
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Region:
    """A part of the picture that is laid by itself: its stones from the outline inwards, then the shades of its field."""

    rows: tuple[tuple[str, int], ...]
    ramp: str
    shade: Floats
    metal: bool


@dataclass(frozen=True)
class _Plan:
    """The drawing on the wet plaster: which region each point (h, w) belongs to. Lengths in shorter sides; `row` a stone's."""

    x: Floats
    y: Floats
    wide: float
    high: float
    row: float
    rng: np.random.Generator
    noise: Noise
    label: NDArray[np.int32]
    regions: list[_Region] = field(default_factory=list)

    def lay(
        self, mask: Mask, ramp: str, shade: NDArray[np.floating] | float = 0.5, rows: tuple[tuple[str, int], ...] = ()
    ) -> None:
        """Give a part to a new region; `shade` 0..1 picks along the ramp, `rows` are the outline's stones."""
        self.label[mask] = len(self.regions)
        tone = np.broadcast_to(np.asarray(shade, np.float32), self.x.shape)
        metal = ramp == "gold"
        self.regions.append(_Region(rows, ramp, tone, metal))

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))


@dataclass(frozen=True)
class _Stones:
    """The tesserae: middle (n, 2), direction of the row (n,), half lengths along and across (n, 2), colour, tilt, polish."""

    middle: Floats
    along: Floats
    half: Floats
    colour: Floats
    tilt: Floats
    polish: Floats


_OUTLINE = (("dark", 0),)


@technique(version=1)
def study_mosaic(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1024,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is laid; any: the seed chooses")] = "any",
    palette: Annotated[Palette, Field(description="the stones, named for places of mosaics; any: the seed chooses")] = "any",
    tesserae: Annotated[int, Field(ge=30, le=160, description="stones across the shorter side")] = 84,
    grout: Annotated[float, Field(ge=0.02, le=0.4, description="width of the joints"), Unit("of a stone")] = 0.13,
    light: Annotated[float, Field(ge=0, lt=360, description="where the light comes from; 90 is above"), Unit("°")] = 120.0,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Lay an original mosaic of stone, glass and gold, its rows flowing along the drawing.

    Mosaicists call that flow *andamento*. It was mastered in the Hellenistic and Roman workshops of Delos, Antioch and Zeugma, in
    stone, and from the 5th century in the glass and gold of Ravenna, Thessaloniki, Constantinople and, later, Palermo, where each
    cube was set a little askew so that it catches the light on its own. Here rows are traced at even distances from the outlines,
    stones set along them, and every stone takes the points nearest to it in a metric turned to its row, after Hausner,
    "Simulating decorative mosaics" (SIGGRAPH 2001); rows replace his iteration. Sizes are shares of the shorter side (of a quarter
    of the longer one, in a very long format).
    """
    rng = np.random.default_rng(seed)
    unit = max(min(width, height), max(width, height) / 4)
    chosen = _SUBJECTS[seed % len(_SUBJECTS)] if subject == "any" else subject
    place = _PLACES[(seed + seed // len(_PLACES)) % len(_PLACES)] if palette == "any" else palette
    ramps = {name: to_oklab(np.array([hex_to_rgb(each) for each in text.split()])) for name, text in _STONES[place].items()}
    plan = _blank(width / unit, height / unit, 1 / tesserae, rng)
    _DRAWN[chosen](plan)
    progress(0.1)
    stones = _set(plan, ramps)
    progress(0.4)
    pixels = _render(plan, stones, ramps["grout"][0], (width, height, unit), grout, light, progress.part(0.4, 1))
    return Outcome.of(Raster(pixels), "made from numbers alone: no work was used")


def _blank(wide: float, high: float, row: float, rng: np.random.Generator) -> _Plan:
    """A plan with some eight points to a stone, whatever the picture's size in pixels."""
    rows, columns = max(3, round(high * 8 / row)), max(3, round(wide * 8 / row))
    ys = (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(high / rows)
    xs = (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(wide / columns)
    x, y = np.broadcast_to(xs, (rows, columns)), np.broadcast_to(ys[:, None], (rows, columns))
    return _Plan(x, y, wide, high, row, rng, Noise.draw(rng, 5), np.zeros((rows, columns), np.int32))


def _set(plan: _Plan, ramps: dict[str, Floats]) -> _Stones:
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


def _traced(plan: _Plan, away: Floats, cell: float) -> NDArray[np.float64]:
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


def _fill(plan: _Plan, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add stones where none is near: the cut pieces in the corners where rows meet."""
    count = round(plan.wide * plan.high / plan.row**2 * 12)
    tries = (0.5 + np.arange(count)[:, None] * np.array([0.7548776662, 0.5698402910])) % 1 * (plan.wide, plan.high)
    far, _ = cKDTree(points).query(tries)
    order = np.argsort(-far, kind="stable")
    open_ones = tries[order][far[order] > 0.84 * plan.row]
    return np.concatenate([points, _thin(open_ones, 0.84 * plan.row)]) if len(open_ones) else points


def _chosen(
    plan: _Plan, ramps: dict[str, Floats], i: NDArray[np.int64], j: NDArray[np.int64], away: Floats
) -> tuple[Floats, Mask]:
    """Pick each stone from the heap: no two are alike."""
    rng, count, label = plan.rng, len(i), plan.label[i, j]
    depth = (away[i, j] / plan.row).astype(np.int64)
    wander, chance = rng.normal(0, 0.16, count), rng.normal(0, 1, (count, 3)).astype(np.float32)
    colour, metal = np.zeros((count, 3), np.float32), np.zeros(count, bool)
    for number, region in enumerate(plan.regions):
        own = np.flatnonzero(label == number)
        ramp = ramps[region.ramp]
        place = np.clip((region.shade[i[own], j[own]] + wander[own]) * (len(ramp) - 1), 0, len(ramp) - 1)
        colour[own] = ramp[np.rint(place).astype(np.int64)]
        metal[own] = region.metal
        for line, (name, shade) in enumerate(region.rows):
            these = own[depth[own] == line]
            colour[these] = ramps[name][shade]
            metal[these] = name == "gold"
    return colour + chance * np.array([0.03, 0.009, 0.011], np.float32), metal


def _render(
    plan: _Plan, stones: _Stones, bed: Floats, size: tuple[int, int, float], grout: float, light: float, progress: Progress
) -> NDArray[np.uint8]:
    """Draw in bands of rows, two at a time; a band depends on no other."""
    width, height, unit = size
    step = plan.row / 4
    bx, by = int(np.ceil(plan.wide / step)), int(np.ceil(plan.high / step))
    grid = np.stack(np.meshgrid((np.arange(bx) + 0.5) * step, (np.arange(by) + 0.5) * step), -1)
    wanted = min(_NEAREST, len(stones.middle))
    near = cKDTree(stones.middle).query(grid.reshape(-1, 2), k=wanted, workers=2)[1].reshape(by, bx, wanted).astype(np.int32)
    tall = max(1, _BAND // width)
    pixels = np.empty((height, width, 3), np.uint8)

    def band(top: int) -> None:
        first, last = max(top - 1, 0), min(top + tall + 1, height)
        rows = slice(top - first, top - first + min(tall, height - top))
        xs = ((np.arange(width) + 0.5) / unit).astype(np.float32)
        ys = ((np.arange(first, last) + 0.5) / unit).astype(np.float32)
        colour, relief, polish = _laid(plan, stones, near, (xs, ys, step, unit), bed, grout)
        shown = lit(colour, relief, angle=light, elevation=48, gloss=polish)
        pixels[top : top + tall] = Raster.from_floats(shown[rows]).pixels

    with ThreadPoolExecutor(2) as pool:
        for number, _ in enumerate(pool.map(band, range(0, height, tall))):
            progress(min(1.0, (number + 1) * tall / height))
    return pixels


def _laid(
    plan: _Plan, stones: _Stones, near: NDArray[np.int32], frame: tuple[Floats, Floats, float, float], bed: Floats, grout: float
) -> tuple[Floats, Floats, Floats]:
    """Return colour (h, w, 3), relief in pixels and polish (h, w) of a band."""
    xs, ys, step, unit = frame
    row, noise = np.float32(plan.row), plan.noise
    rough = noise.grid(xs, ys, 1.1 / plan.row, 2)
    wx = xs[None, :] + 0.035 * row * rough
    wy = ys[:, None] + 0.035 * row * noise.grid(xs + 31, ys, 1.1 / plan.row, 2)
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
    return _surface(plan, stones, owner, inside, (wx, wy, rough, unit), bed, noise.grid(xs, ys, 6 / plan.row, 3))


def _surface(
    plan: _Plan, stones: _Stones, owner: NDArray[np.int32], inside: Floats, place: tuple[Floats, Floats, Floats, float],
    bed: Floats, grain: Floats,
) -> tuple[Floats, Floats, Floats]:
    wx, wy, rough, unit = place
    row = np.float32(plan.row)
    cover = np.clip(inside * unit + 0.5, 0, 1)
    bevel = np.clip(inside / (0.16 * row), 0, 1)
    bevel = bevel * (2 - bevel)
    dx, dy = wx - stones.middle[owner, 0], wy - stones.middle[owner, 1]
    face = bevel * 0.085 * row + dx * stones.tilt[owner, 0] + dy * stones.tilt[owner, 1] + 0.0045 * row * (grain + rough)
    relief = cover * (face + 0.05 * row) + (1 - cover) * 0.012 * row * grain
    colour = stones.colour[owner]
    colour[..., 0] += 0.012 * grain + 0.012 * rough - 0.05 * (1 - bevel)
    mortar = np.broadcast_to(bed, colour.shape).copy()
    mortar[..., 0] += 0.03 * grain - 0.2 * np.clip(1 + inside / (0.12 * row), 0, 1)
    shown = mortar + (colour - mortar) * cover[..., None]
    return from_oklab(shown), (relief * np.float32(unit)).astype(np.float32), stones.polish[owner] * cover


def _frame(plan: _Plan) -> Mask:
    """A border of a few rows with teeth; returns what lies inside of it."""
    row, rim = plan.row, np.minimum(np.minimum(plan.x, plan.wide - plan.x), np.minimum(plan.y, plan.high - plan.y))
    ramp = ("red", "sea", "leaf", "warm")[plan.whole(0, 3)]
    run = np.where(np.minimum(plan.x, plan.wide - plan.x) < np.minimum(plan.y, plan.high - plan.y), plan.y, plan.x)
    plan.lay(rim < 6.5 * row, ramp, 0.4)
    tooth = np.abs((run / (6 * row)) % 1 - 0.5) * 2
    plan.lay((rim > 2 * row) & (rim < 2 * row + 4 * row * tooth), "white", 0.1)
    plan.lay(rim < 2 * row, "dark", 0.3)
    plan.lay((rim > 5.8 * row) & (rim < 7 * row), "gold", 0.5)
    return rim > 7 * row


def _waves(plan: _Plan, top: float, inside: Mask) -> None:
    """Bands of water below `top`, each with a crest of its own."""
    level, number = top, 0
    while level < plan.high + 0.1:
        swing, length = plan.between(0.015, 0.035), plan.between(3.0, 5.5)
        line = level + swing * np.sin(plan.x * length + plan.between(0, 6)) + 0.012 * np.sin(plan.x * length * 2.3 + number)
        depth = (plan.y - line) / 0.11
        plan.lay(inside & (plan.y > line), "sea", 0.62 - 0.5 * np.clip(depth, 0, 1) + 0.12 * (number % 2), (("white", 0), ("sea", 3)))
        level += plan.between(0.06, 0.11) * (1 + 0.12 * number)
        number += 1


def _sun(plan: _Plan) -> None:
    cx, cy = plan.wide * plan.between(0.25, 0.75), plan.high * plan.between(0.28, 0.42)
    radius, rays = plan.between(0.11, 0.15), plan.whole(14, 22)
    far, turn = np.hypot(plan.x - cx, plan.y - cy), np.arctan2(plan.y - cy, plan.x - cx)
    for number, reach in enumerate((9.0, 0.66, 0.52, 0.39)):
        plan.lay(far < reach, "sea" if number % 2 else "ground", 0.15 + 0.17 * number, (("white", 1),) if number else ())
    length = np.where(np.floor((turn / (2 * np.pi) * rays) % 2) < 1, 0.15, 0.24)
    ray = np.abs(((turn / (2 * np.pi) * rays) % 1) - 0.5) * 2
    plan.lay((far > radius) & (far < radius + length * (1 - ray**1.2)), "warm", 0.1 + 2.6 * (far - radius), (("gold", 1),))
    plan.lay(far < radius, "gold", 0.5 + 0.4 * np.cos(3 * turn), (("red", 0), ("warm", 1)))
    for _ in range(plan.whole(2, 4)):
        _cloud(plan, plan.wide * plan.between(0.05, 0.95), plan.high * plan.between(0.1, 0.5), plan.between(0.05, 0.085))
    _waves(plan, plan.high * plan.between(0.58, 0.68), np.ones(plan.x.shape, bool))


def _cloud(plan: _Plan, cx: float, cy: float, size: float) -> None:
    puff = np.full(plan.x.shape, 9.0, np.float32)
    for number in range(-2, 3):
        reach = size * (0.9 - 0.22 * abs(number))
        puff = np.minimum(puff, np.hypot(plan.x - cx - 0.8 * number * size, (plan.y - cy + 0.3 * reach)) - reach)
    plan.lay((puff < 0) & (plan.y < cy + 0.25 * size), "white", 0.2 + 0.5 * np.clip((plan.y - cy) / size + 0.5, 0, 1), (("sea", 2), ("white", 0)))


def _fish(plan: _Plan) -> None:
    plan.lay(np.ones(plan.x.shape, bool), "sea", 0.3)
    inside = _frame(plan)
    level = 0.0
    while level < plan.high + 0.15:
        swing, phase, tone = plan.between(0.012, 0.03), plan.between(0, 6), plan.between(0.02, 0.5)
        line = level + swing * np.sin(plan.x * 7 + phase)
        plan.lay(inside & (plan.y > line), "sea", tone + 0.25 * np.clip((plan.y - line) * 8, 0, 1))
        level += plan.between(0.07, 0.13)
    for _ in range(plan.whole(3, 5)):
        _weed(plan, plan.wide * plan.between(0.1, 0.9), plan.between(0.15, 0.35), inside)
    start = plan.between(0.2, 0.34)
    ramps = plan.rng.permutation(np.array(["warm", "red", "gold", "white", "leaf"]))
    for number in range(3):
        cx, cy = plan.wide * ((start + 0.37 * number * 1.1) % 0.62 + 0.19), plan.high * (0.25 + 0.25 * number + plan.between(-0.03, 0.03))
        _one_fish(plan, cx, cy, plan.between(0.3, 0.42), plan.between(-0.3, 0.3), float(plan.rng.choice([-1.0, 1.0])), str(ramps[number]))


def _one_fish(plan: _Plan, cx: float, cy: float, long: float, turn: float, way: float, ramp: str) -> None:
    dx, dy = way * (plan.x - cx), plan.y - cy
    u = (dx * np.cos(turn) + dy * np.sin(turn)) / long
    v = (dy * np.cos(turn) - dx * np.sin(turn)) / long - 0.05 * np.sin(u * 4)
    half = 0.27 * np.sqrt(np.clip(0.25 - u * u, 0, 1)) * 2 * (0.8 + 0.35 * u)
    fork = (u < -0.38) & (u > -0.72) & (np.abs(v) < (-0.36 - u) * 0.75) & (np.abs(v) > (-0.56 - u) * 0.8)
    plan.lay(fork, "warm", 0.5 - v, _OUTLINE)
    back = (v < 0) & (np.abs(u - 0.02) < 0.22) & (-v < half + 0.13 * np.cos((u - 0.02) * 7))
    plan.lay(back & (-v > half - 0.03), "red", 0.5, _OUTLINE)
    body = (np.abs(v) < half) & (np.abs(u) < 0.5)
    plan.lay(body, ramp, 0.5 + 2.2 * v, _OUTLINE)
    scale = np.sin(u * 46) * np.sin(v * 60)
    plan.lay(body & (np.abs(v + 0.01) < 0.035) & (u < 0.2) & (u > -0.42), "white", 0.3 + 0.3 * scale)
    plan.lay(body & (np.hypot(u - 0.62, v) > 0.36) & (np.hypot(u - 0.62, v) < 0.36 + 1.3 * plan.row / long), "dark", 0.5)
    eye = np.hypot(u - 0.36, v + 0.045)
    plan.lay(eye < 0.058, "white", 0.0)
    plan.lay(eye < 0.022, "dark", 0.0)


def _weed(plan: _Plan, cx: float, tall: float, inside: Mask) -> None:
    t = (plan.high - plan.y) / tall
    for number in range(3):
        bend = cx + 0.05 * (number - 1) * (1 + t) + 0.022 * np.sin(t * 6 + 2 * number)
        plan.lay(inside & (np.abs(plan.x - bend) < 0.022 * np.sqrt(np.clip(1.05 - t, 0, 1))) & (t < 1), "leaf", 0.2 + 0.6 * t)


def _leaf(plan: _Plan, x0: float, y0: float, turn: float, long: float, broad: float, tone: float) -> None:
    u = ((plan.x - x0) * np.cos(turn) + (plan.y - y0) * np.sin(turn)) / long
    v = ((plan.y - y0) * np.cos(turn) - (plan.x - x0) * np.sin(turn)) / long
    half = broad * np.sin(np.pi * np.clip(u, 0, 1) ** 0.85)
    plan.lay((np.abs(v) < half) & (u > 0) & (u < 1), "leaf", tone + np.where(v > 0, 0.3, -0.1))


def _branch(plan: _Plan, points: NDArray[np.floating], thick: float, ramp: str, tone: float) -> None:
    """A band along points (n, 2), thinner towards its end."""
    best = np.full(plan.x.shape, -1.0, np.float32)
    for number in range(len(points) - 1):
        (ax, ay), (bx, by) = points[number], points[number + 1]
        span = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
        t = np.clip(((plan.x - ax) * (bx - ax) + (plan.y - ay) * (by - ay)) / span, 0, 1)
        half = thick * (1 - 0.6 * (number + t) / (len(points) - 1))
        best = np.maximum(best, half - np.hypot(plan.x - ax - t * (bx - ax), plan.y - ay - t * (by - ay)))
    plan.lay(best > 0, ramp, tone + 4 * best)


def _bird(plan: _Plan) -> None:
    plan.lay(np.ones(plan.x.shape, bool), "ground", 0.5 + 0.3 * plan.noise.at(plan.x, plan.y, 2))
    inside = _frame(plan)
    plan.lay(inside, "ground", 0.4 + 0.25 * plan.noise.at(plan.x, plan.y, 2.5, 2))
    way = float(plan.rng.choice([-1.0, 1.0]))
    cx, cy, size = plan.wide * (0.5 - 0.03 * way), plan.high * plan.between(0.46, 0.52), plan.between(0.5, 0.56)
    t = np.linspace(0, 1, 12)
    bough = np.stack([plan.wide * (0.12 + 0.76 * t), cy + 0.25 * size + 0.1 * np.sin(t * 4 + plan.between(0, 3)) * (0.3 + t)], 1)
    for number in range(1, 11):
        for side in (-1, 1):
            turn = side * plan.between(0.6, 1.3) + (0.15 if way > 0 else -0.15)
            _leaf(plan, *bough[number], turn, plan.between(0.12, 0.2), 0.22, plan.between(0.1, 0.55))
    _branch(plan, bough, 0.024, "warm", 0.7)
    for number in range(2, 11, 2):
        x0, y0 = bough[number] + (plan.between(-0.02, 0.02), plan.between(0.07, 0.11))
        plan.lay(np.hypot(plan.x - x0, plan.y - y0) < 0.036, "red", 0.4 + 9 * (plan.y - y0), (("dark", 1),))
    _one_bird(plan, cx, cy, size, way)


def _one_bird(plan: _Plan, cx: float, cy: float, size: float, way: float) -> None:
    x, y = way * (plan.x - cx) / size, (plan.y - cy) / size
    plume = ("sea", "warm", "leaf", "red")[plan.whole(0, 3)]
    wing_ramp = ("warm", "sea", "red", "leaf")[plan.whole(0, 3)]
    for number in range(4):
        turn = 2.72 + 0.13 * number
        u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        plan.lay((u > 0.1) & (u < 0.68 - 0.05 * number) & (np.abs(v) < 0.035 + 0.07 * u), wing_ramp, 0.2 + 0.2 * number, _OUTLINE)
    lean = 0.5
    u, v = x * np.cos(lean) - y * np.sin(lean), y * np.cos(lean) + x * np.sin(lean)
    head = np.hypot(x - 0.3, y + 0.29) < 0.115
    neck = (np.hypot((u - 0.17) / 0.22, (v + 0.06) / 0.13) < 1)
    body = np.hypot(u / 0.35, v / 0.2) < 1
    plan.lay((x > 0.39) & (x < 0.53) & (np.abs(y + 0.28) < (0.53 - x) * 0.42), "gold", 0.5, _OUTLINE)
    for leg in (-0.02, 0.07):
        plan.lay((np.abs(x - leg) < 0.013) & (y > 0.14) & (y < 0.3), "red", 0.2)
    plan.lay(body | head | neck, plume, 0.55 - 1.1 * v, _OUTLINE)
    plan.lay(body & (v > 0.09), "white", 0.4)
    for number in range(3):
        reach = 0.3 - 0.07 * number
        wing = np.hypot((u + 0.1 + 0.03 * number) / reach, (v + 0.02) / (0.125 - 0.025 * number)) < 1
        plan.lay(wing & (u < 0.2), (wing_ramp, "white", "gold")[number], 0.3 + 0.2 * number, (("dark", 0),) if number == 0 else ())
    plan.lay(np.hypot(x - 0.325, y + 0.31) < 0.034, "white", 0.0)
    plan.lay(np.hypot(x - 0.33, y + 0.31) < 0.015, "dark", 0.0)


def _star(plan: _Plan, cx: float, cy: float, size: float, points: int, ramp: str) -> None:
    far, turn = np.hypot(plan.x - cx, plan.y - cy), np.arctan2(plan.y - cy, plan.x - cx) + plan.between(0, 1)
    plan.lay(far < size * (0.62 + 0.38 * np.cos(points * turn)), ramp, 0.5, ())
    plan.lay(far < 0.26 * size, "white" if ramp == "gold" else "red", 0.2)


def _vault(plan: _Plan) -> None:
    """A night sky seen from below, with a wreath off its centre."""
    cx, cy = plan.wide * plan.between(0.3, 0.7), plan.high * plan.between(0.3, 0.7)
    radius = plan.between(0.2, 0.27)
    far, turn = np.hypot(plan.x - cx, plan.y - cy), np.arctan2(plan.y - cy, plan.x - cx)
    for number in range(9):
        reach = radius + 0.16 * (9 - number)
        plan.lay(far < reach + (0.5 if number == 0 else 0), "sea", 0.02 + 0.05 * (number % 3), ())
    stars: list[tuple[float, float]] = []
    for _ in range(600):
        x0, y0, size = plan.between(0, plan.wide), plan.between(0, plan.high), plan.between(0.03, 0.055)
        clear = np.hypot(x0 - cx, y0 - cy) > radius + 0.11 and all(np.hypot(x0 - a, y0 - b) > 0.125 for a, b in stars)
        if clear:
            stars.append((x0, y0))
            _star(plan, x0, y0, size, (4, 6, 8)[plan.whole(0, 2)], "gold" if plan.between(0, 1) < 0.72 else "white")
    plan.lay(far < radius + 0.055, "gold", 0.5, (("red", 0),))
    plan.lay(far < radius + 0.035, "leaf", 0.1)
    for number in range(26):
        at = number * 2 * np.pi / 26
        for side in (-0.75, 0.75):
            _leaf(plan, cx + (radius + 0.012) * np.cos(at), cy + (radius + 0.012) * np.sin(at), at + np.pi / 2 + side * 0.6, 0.075, 0.24, 0.5)
    plan.lay(far < radius - 0.03, "gold", 0.5, (("dark", 0), ("white", 0)))
    petals = plan.whole(5, 8)
    for ring, (size, ramp) in enumerate(((0.92, "red"), (0.66, "white"), (0.42, "sea"))):
        inner = (radius - 0.03) * size * (0.72 + 0.28 * np.cos(petals * turn + ring * np.pi))
        plan.lay(far < inner, ramp, 0.5, (("dark", 0),) if ring < 2 else ())
    plan.lay(far < 0.05, "gold", 0.6)


def _tree(plan: _Plan) -> None:
    plan.lay(np.ones(plan.x.shape, bool), "ground", 0.5)
    inside = _frame(plan)
    plan.lay(inside, "ground", 0.4 + 0.3 * plan.noise.at(plan.x, plan.y, 2, 2))
    hill = plan.high * 0.84 + 0.05 * np.sin(plan.x * 4 + plan.between(0, 6))
    plan.lay(inside & (plan.y > hill), "leaf", 0.15 + 3 * (plan.y - hill), (("leaf", 3),))
    plan.lay(inside & (plan.y > hill + 0.05), "leaf", 0.7)
    root = np.array([plan.wide * plan.between(0.4, 0.6), plan.high * 0.88])
    tips: list[tuple[float, float, float]] = []
    _grow(plan, root, -np.pi / 2, plan.high * 0.27, 0.042, 4, tips)
    for x0, y0, turn in tips:
        for side in (-1.1, -0.35, 0.35, 1.1):
            _leaf(plan, x0, y0, turn + side + plan.between(-0.2, 0.2), plan.between(0.08, 0.115), 0.25, plan.between(0.05, 0.7))
    for x0, y0, _ in tips[::2]:
        far = np.hypot(plan.x - x0, plan.y - y0)
        plan.lay(far < 0.035, ("red", "warm", "gold")[plan.whole(0, 2)], 0.5, (("dark", 0),))
    for _ in range(9):
        x0, y0 = plan.wide * plan.between(0.1, 0.9), plan.high * plan.between(0.88, 0.93)
        _star(plan, x0, y0, 0.032, 5, ("red", "white", "warm")[plan.whole(0, 2)])


def _grow(
    plan: _Plan, start: NDArray[np.floating], turn: float, long: float, thick: float, left: int, tips: list[tuple[float, float, float]]
) -> None:
    bend = plan.between(-0.35, 0.35)
    heading = turn + bend * np.linspace(0, 1, 6)
    path = start + np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * (long / 6), axis=0)
    path = np.vstack([start, path])
    for side in (-1, 1):
        if left > 1:
            angle = heading[-1] + side * plan.between(0.38, 0.8)
            _grow(plan, path[-1], angle, long * plan.between(0.68, 0.82), thick * 0.62, left - 1, tips)
    if left <= 2:
        tips.append((*path[-1], float(heading[-1])))
    _branch(plan, path, thick, "warm", 0.62)


def _knot(plan: _Plan) -> None:
    """Rings that pass over and under one another, each with a rosette."""
    plan.lay(np.ones(plan.x.shape, bool), "ground", 0.4)
    inside = _frame(plan)
    plan.lay(inside, "ground", 0.4 + 0.2 * plan.noise.at(plan.x, plan.y, 3))
    count = plan.whole(2, 3)
    gap = 0.86 / count
    radius, half = gap * plan.between(0.6, 0.66), max(2.6 * plan.row, 0.1 / count)
    columns, rows = round(plan.wide * 0.86 / gap), round(plan.high * 0.86 / gap)
    middles = [
        (plan.wide / 2 + (i - (columns - 1) / 2) * gap, plan.high / 2 + (j - (rows - 1) / 2) * gap, (i + 2 * j) % 3)
        for j in range(rows)
        for i in range(columns)
    ]
    ramps = plan.rng.permutation(np.array(["red", "sea", "leaf", "warm"]))
    for again in (False, True):
        for x0, y0, kind in middles:
            far, turn = np.hypot(plan.x - x0, plan.y - y0), np.arctan2(plan.y - y0, plan.x - x0)
            ring = inside & (np.abs(far - radius) < half)
            if again:  # laid once more over its neighbours, in every other crossing
                ring &= np.sin(2 * turn) * np.where(np.abs(np.cos(turn)) > np.abs(np.sin(turn)), 1, -1) > 0.02
            plan.lay(ring, str(ramps[kind]), 0.5 + 0.5 * np.abs(far - radius) / half, (("dark", 0), ("white", 0)))
    for x0, y0, kind in middles:
        far, turn = np.hypot(plan.x - x0, plan.y - y0), np.arctan2(plan.y - y0, plan.x - x0)
        petals = 4 + 2 * kind
        room = min(gap - radius - half, radius - half) * 0.92
        plan.lay(far < room * (0.7 + 0.3 * np.cos(petals * turn)), str(ramps[(kind + 1) % 4]), 0.2 + far / room, _OUTLINE)
        plan.lay(far < room * 0.3, "gold", 0.5)


_DRAWN: dict[str, Callable[[_Plan], None]] = {
    "sun": _sun,
    "fish": _fish,
    "bird": _bird,
    "vault": _vault,
    "knot": _knot,
    "tree": _tree,
}
