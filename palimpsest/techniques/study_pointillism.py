"""Study of pointillism: a waterside in points of pure colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.ndimage import gaussian_filter, map_coordinates

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import StrokePainter, Strokes
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.media.colour import from_oklab, hex_to_rgb, to_linear, to_oklab, to_srgb
from palimpsest.media.noise import Noise
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.relief import lit

Subject = Literal["any", "harbour", "poplars", "lighthouse", "riverbank", "bridge", "pines"]
Hour = Literal["any", "morning", "noon", "evening", "dusk"]
Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
Mask = NDArray[np.bool_]

_SUBJECTS = ("harbour", "poplars", "lighthouse", "riverbank", "bridge", "pines")
_HOURS = ("noon", "evening", "morning", "dusk")
_PLAN = 384

_LIGHTS = {
    "morning": {
        "sky": "#a9c9e6 #cfdff0 #f7dfe0 #fff0cf", "water": "#6f9fc9 #a4c6e0 #ecd8dd #fdf3da", "land": "#9db36a #c9cf86 #e8d59a",
        "leaf": "#4f8a6a #86b06a #d4cf74 #4f6fa8", "shade": "#55629e #7a6fb0 #5a8aa8", "wall": "#f6dcc0 #eeb59a #c98f9a",
        "sail": "#fff6e2 #f2b98a #d97f66", "sun": "#fffbe0",
    },
    "noon": {
        "sky": "#4f97dc #86bfec #bfe0f0 #f2f1dc", "water": "#1f6fc0 #3fa0cf #8cd0d6 #f4f6e0", "land": "#8fc04a #cfd858 #f2dc7a",
        "leaf": "#2f8050 #6aae3f #c8d648 #2a5a9a", "shade": "#2f4a9a #5a4fa0 #2a7a8a", "wall": "#fdf0d2 #f5c48a #c98a8a",
        "sail": "#fffdf0 #f6a24a #e0563a", "sun": "#fffde0",
    },
    "evening": {
        "sky": "#6f86c9 #c79ac0 #f7b184 #ffe08a", "water": "#4a5fae #9a7fc0 #f29a7a #ffdf94", "land": "#a8a04a #d9a94f #7f7a5a",
        "leaf": "#3f6a5a #7a8f4a #e0a84a #4a4a94", "shade": "#3a3a86 #6a3f8a #8a4a6a", "wall": "#ffd9a0 #f09a6a #a8628a",
        "sail": "#fff0c4 #f58a4a #b83f5a", "sun": "#fff4b8",
    },
    "dusk": {
        "sky": "#2f4a94 #5f6fb8 #b88fc0 #f4b48a", "water": "#24408a #4a62b0 #8f80c0 #f2b894", "land": "#4a6a6a #6f7f6a #94806f",
        "leaf": "#1f4a5f #3f6a5a #7f8a5a #3a3a80", "shade": "#22265f #40307a #1f4a70", "wall": "#d9b4b0 #a87f9a #6a5f94",
        "sail": "#f2d8c0 #d88a7a #7a4a80", "sun": "#ffe9b0",
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """The picture to be dissolved into points, small: `lab` (h, w, 3) and the direction of its dabs (h, w)."""

    x: Floats
    y: Floats
    wide: float
    high: float
    lab: Floats
    lean: Floats
    ramps: dict[str, Floats]
    noise: Noise
    rng: np.random.Generator

    def ramp(self, name: str, t: NDArray[np.floating]) -> Floats:
        """Return OKLab colours along a ramp; `t` from 0 to 1."""
        stops = self.ramps[name]
        place = np.clip(t, 0, 1) * (len(stops) - 1)
        lower = np.minimum(place.astype(np.int64), len(stops) - 2)
        part = (place - lower)[..., None]
        return np.asarray(stops[lower] * (1 - part) + stops[lower + 1] * part, np.float32)

    def fill(self, mask: Mask, name: str, t: NDArray[np.floating] | float, lean: float | None = None) -> None:
        """Lay colours of a ramp where the mask is set; `lean` turns the dabs there."""
        self.lab[mask] = self.ramp(name, np.broadcast_to(np.asarray(t, np.float32), mask.shape)[mask])
        if lean is not None:
            self.lean[mask] = lean

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def wavy(self, frequency: float, octaves: int = 2) -> Floats:
        """Return noise (h, w) around 0."""
        return self.noise.at(self.x, self.y, frequency, octaves)

    def skyline(self, level: float, swing: float, frequency: float) -> Floats:
        """Return a level (1, w), in units of the shorter side, that rises and falls along x."""
        x = self.x[:1]
        return level + swing * self.noise.at(x, np.full_like(x, self.between(0, 90)), frequency, 3)


@technique(version=1)
def study_pointillism(
    painter: StrokePainter,
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1280,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    subject: Annotated[Subject, Field(description="what is painted; any: the seed chooses")] = "any",
    hour: Annotated[Hour, Field(description="the light; any: the seed chooses")] = "any",
    point: Annotated[float, Field(ge=0.004, le=0.03, description="size of a point"), Unit("of the shorter side")] = 0.008,
    division: Annotated[float, Field(ge=0, le=1, description="how far apart the colours are that mix in the eye")] = 0.6,
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
    chosen = _SUBJECTS[seed % len(_SUBJECTS)] if subject == "any" else subject
    light = _HOURS[(seed + seed // len(_SUBJECTS)) % len(_HOURS)] if hour == "any" else hour
    plan = _blank(width / unit, height / unit, light, rng)
    _PAINTED[chosen](plan)
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


def _blank(wide: float, high: float, light: str, rng: np.random.Generator) -> _Plan:
    ramps = {name: to_oklab(np.array([hex_to_rgb(each) for each in text.split()])) for name, text in _LIGHTS[light].items()}
    rows, columns = max(2, round(high * _PLAN)), max(2, round(wide * _PLAN))
    y, x = np.meshgrid(
        (np.arange(rows, dtype=np.float32) + 0.5) * (high / rows),
        (np.arange(columns, dtype=np.float32) + 0.5) * (wide / columns),
        indexing="ij",
    )
    lab, lean = np.zeros((rows, columns, 3), np.float32), np.zeros((rows, columns), np.float32)
    return _Plan(x.astype(np.float32), y.astype(np.float32), wide, high, lab, lean, ramps, Noise.draw(rng, 4), rng)


def _contrast(plan: _Plan) -> None:
    """Lighten and darken either side of each edge, as Chevreul saw it and Seurat painted it."""
    sigma = 0.02 * _PLAN
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
    plan: _Plan, painted: Floats, tints: Floats, size: float, cover: float, division: float, unit: float
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


def _leave(painted: Floats, colour: Floats, row: NDArray[np.int64], column: NDArray[np.int64], cover: float, size: float) -> None:
    rows, columns = painted.shape[:2]
    linear = to_linear(np.clip(from_oklab(colour), 0, 1))
    cell = row * columns + column
    sigma = max(1.5 * size * _PLAN, 1.0)
    weight = gaussian_filter(np.bincount(cell, minlength=rows * columns).reshape(rows, columns).astype(np.float32), sigma)
    for channel in range(3):
        total = np.bincount(cell, linear[:, channel], rows * columns).reshape(rows, columns).astype(np.float32)
        mean = gaussian_filter(total, sigma) / np.maximum(weight, 1e-6)
        painted[:, :, channel] += cover * (mean - painted[:, :, channel])


def _sky(plan: _Plan, horizon: float, sun_x: float | None = None) -> None:
    """Sky and its light down to the horizon, with drifts of cloud."""
    y, x = plan.y / horizon, plan.x / plan.wide
    drift = plan.noise.at(plan.x * 0.6, plan.y * 2.2, 3.2, 4)
    plan.fill(plan.y < horizon + 0.02, "sky", y * 0.95 + 0.05 * drift, 0.0)
    cloud = np.clip(drift * 0.7 - 0.35, 0, 0.8)[..., None] * (plan.y < horizon)[..., None]
    plan.lab[:] = plan.lab * (1 - cloud) + plan.ramps["sail"][0] * cloud
    if sun_x is not None:
        far = np.hypot(plan.x - sun_x * plan.wide, plan.y - horizon * 0.62)
        glow = (np.exp(-((far / 0.16) ** 2)) * 0.75 + (far < 0.05))[..., None]
        plan.lab[:] = plan.lab * (1 - np.clip(glow, 0, 1)) + plan.ramps["sun"][0] * np.clip(glow, 0, 1)
    plan.lab[..., 0] += 0.02 * np.cos(x * 3)


def _water(plan: _Plan, horizon: float, sun_x: float | None = None, mirror: float = 0.55) -> None:
    """Water below the horizon: it mirrors what stands above, drawn out, and ripples across."""
    below = plan.y >= horizon
    depth = (plan.y - horizon) / max(plan.high - horizon, 1e-3)
    ripple = plan.noise.at(plan.x * 0.5, plan.y * 5, 6, 3)
    rows = (2 * horizon - plan.y - 0.02 * ripple) / plan.high * plan.lab.shape[0]
    columns = (plan.x + 0.012 * ripple) / plan.wide * plan.lab.shape[1]
    base = plan.ramp("water", 0.75 - 0.7 * depth + 0.13 * ripple)
    for channel in range(3):
        image = map_coordinates(plan.lab[:, :, channel], [rows, columns], order=1, mode="nearest")
        base[:, :, channel] += mirror * (image - base[:, :, channel])
    if sun_x is not None:
        track = np.exp(-(((plan.x - sun_x * plan.wide) / (0.035 + 0.11 * depth)) ** 2)) * (ripple > -0.2) * 0.8
        base += track[..., None] * (plan.ramps["sun"][0] - base)
    plan.lab[below] = base[below]
    plan.lean[below] = 0.0


def _boat(plan: _Plan, cx: float, foot: float, tall: float, ramp: float) -> None:
    """A sailing boat, waterline at `foot`; sizes in shorter sides."""
    x, y = plan.x - cx, foot - plan.y
    plan.fill((y > -0.004) & (y < tall * 0.09) & (np.abs(x + 0.1 * y) < tall * (0.3 + 0.7 * y)), "shade", 0.3 + 0.3 * ramp, 0.0)
    t = y / tall
    belly = 0.42 * tall * np.clip(1.05 - t, 0, 1) ** 0.8
    plan.fill((t > 0.13) & (t < 1) & (x > 0.006) & (x < belly), "sail", ramp + 0.35 * x / tall - 0.1 * t, 1.2)
    jib = 0.3 * tall * np.clip(0.85 - t, 0, 1)
    plan.fill((t > 0.16) & (t < 0.8) & (x < -0.006) & (x > -jib), "sail", ramp + 0.25, -1.2)
    plan.fill((t > 0) & (t < 1.06) & (np.abs(x) < 0.004), "shade", 0.1, 1.57)


def _house(plan: _Plan, left: float, foot: float, wide: float, tall: float, tone: float) -> None:
    x, y = plan.x - left, foot - plan.y
    body = (x > 0) & (x < wide) & (y > 0) & (y < tall)
    plan.fill(body, "wall", tone + 0.35 * (x / wide > 0.62), 1.57)
    roof = (x > -0.01) & (x < wide + 0.01) & (y >= tall) & (y < tall + 0.4 * (wide / 2 + 0.01 - np.abs(x - wide / 2)) + 0.012)
    plan.fill(roof, "sail", 0.75 + 0.25 * (x / wide > 0.6), 0.0)
    windows = body & ((x / 0.026) % 1 > 0.55) & ((y / 0.036) % 1 > 0.5) & (y < tall - 0.012)
    plan.fill(windows, "shade", 0.4 * tone)


def _tree(plan: _Plan, cx: float, foot: float, half: float, tall: float, *, slim: bool = False) -> None:
    """A tree in full leaf, lit from the left; a slim one is a poplar."""
    x, y = plan.x - cx, foot - plan.y
    plan.fill((np.abs(x) < 0.02 * tall + 0.002) & (y > -0.004) & (y < tall * 0.6), "shade", 0.5, 1.57)
    t = y / tall
    edge = half * (np.sqrt(np.clip(t - 0.1, 0, 1) * np.clip(1.02 - t, 0, 1)) * 2 if slim else 1)
    rough = 0.25 * half * plan.wavy(0.9 / half, 3)
    crown = (
        (np.abs(x) < edge + 0.8 * rough) & (t > 0.12) & (t < 1)
        if slim
        else np.hypot(x / half, (y - tall * 0.64) / (tall * 0.4)) < 1 + 1.1 * rough / half
    )
    light = 0.42 - 0.3 * x / half + 0.22 * (t - 0.5) + 0.16 * plan.wavy(1.8 / half)
    dark = crown & (light < 0.2)
    plan.fill(crown, "leaf", np.clip(light, 0, 0.66), 1.3 if slim else 0.8)
    plan.fill(dark, "leaf", 1.0)


def _shadow(plan: _Plan, cx: float, cy: float, wide: float, tall: float, strength: float = 0.6) -> None:
    fall = np.exp(-((((plan.x - cx) / wide) ** 2 + ((plan.y - cy) / tall) ** 2) ** 2)) * strength
    plan.lab[:] = plan.lab + fall[..., None] * (plan.ramp("shade", 0.5 + 0.5 * plan.wavy(4)) - plan.lab)


def _meadow(plan: _Plan, top: Floats, tone: float = 0.5) -> Mask:
    below = plan.y > top
    plan.fill(below, "land", tone + 0.25 * plan.wavy(3, 3) + 0.5 * (plan.y - top), 1.2)
    return below


def _harbour(plan: _Plan) -> None:
    horizon, sun = plan.high * plan.between(0.4, 0.52), plan.between(0.3, 0.75)
    _sky(plan, horizon, sun)
    hills = plan.skyline(horizon - 0.05, 0.02, 2)
    plan.fill((plan.y > hills) & (plan.y < horizon), "shade", 0.6 + 0.3 * plan.wavy(5), 0.0)
    left = plan.between(-0.05, 0.02)
    end = plan.wide * plan.between(0.3, 0.5)
    while left < end:
        wide = plan.between(0.05, 0.11)
        _house(plan, left, horizon + 0.01, wide, plan.between(0.07, 0.19), plan.between(0, 0.6))
        left += wide
    _water(plan, horizon, sun)
    for _ in range(int(plan.rng.integers(4, 7))):
        near = plan.between(0.02, 1) ** 1.6
        foot = horizon + 0.01 + near * (plan.high - horizon) * 0.72
        cx, tall = plan.wide * plan.between(0.3, 0.98), 0.1 + 0.42 * near
        _boat(plan, cx, foot, tall, plan.between(0, 0.8))
        _shadow(plan, cx, foot + tall * 0.16, tall * 0.26, tall * 0.13, 0.45)


def _poplars(plan: _Plan) -> None:
    horizon = plan.high * plan.between(0.6, 0.7)
    _sky(plan, horizon, plan.between(0.1, 0.9))
    plan.fill((plan.y > plan.skyline(horizon - 0.08, 0.02, 2.5)) & (plan.y < horizon), "shade", 0.7 + 0.3 * plan.wavy(6), 0.0)
    _meadow(plan, plan.skyline(horizon - 0.025, 0.006, 3))
    start, bend = plan.between(0.02, 0.1), plan.rng.choice([-1.0, 1.0])
    for number in range(9):
        near = 1 - number / 9
        x = start + 0.92 * (1 - near**1.25)
        cx = plan.wide * (x if bend > 0 else 1 - x)
        tall = plan.high * (0.16 + 0.5 * near**1.3) * plan.between(0.9, 1.1)
        _tree(plan, cx, horizon - 0.015 + 0.02 * near, 0.024 + 0.05 * near, tall, slim=True)
    _water(plan, horizon + 0.015, mirror=0.7)
    bank = plan.skyline(plan.high * 0.93, 0.02, 2) - 0.14 * np.clip(1 - (plan.x[:1] / plan.wide if bend > 0 else 1 - plan.x[:1] / plan.wide) * 2.2, 0, 1)
    _meadow(plan, bank, 0.35)


def _lighthouse(plan: _Plan) -> None:
    horizon = plan.high * plan.between(0.46, 0.56)
    side = float(plan.rng.choice([-1.0, 1.0]))
    _sky(plan, horizon, 0.5 - 0.28 * side)
    _water(plan, horizon, 0.5 - 0.28 * side, mirror=0.35)
    u = 0.5 + side * (plan.x[:1] / plan.wide - 0.5)
    cliff = horizon - 0.1 - 0.12 * u + 0.014 * plan.skyline(0, 1, 7) + 1.2 * np.clip(0.5 - u, 0, 1)
    mass = plan.y > cliff
    face = plan.y - cliff
    plan.fill(mass, "wall", 0.2 + 0.5 * np.clip(face * 2, 0, 1) + 0.2 * plan.noise.at(plan.x * 3, plan.y * 0.8, 6, 2), 1.4)
    plan.fill(mass & (face < 0.06 + 0.02 * plan.wavy(9)), "land", 0.3 + 0.3 * plan.wavy(5), 1.2)
    plan.fill(mass & (face > 0.12) & (plan.noise.at(plan.x * 3, plan.y, 5, 2) > 0.55), "shade", 0.5, 1.4)
    cx = plan.wide * (0.5 + side * plan.between(0.26, 0.36))
    foot = float(np.interp(cx, plan.x[0], cliff[0])) + 0.02
    x, y = plan.x - cx, foot - plan.y
    tower = (y > 0) & (y < 0.3) & (np.abs(x) < 0.034 - 0.035 * y)
    plan.fill(tower, "wall", 0.05 + 0.75 * np.clip(x / 0.03, 0, 1), 1.57)
    plan.fill(tower & ((y * 12) % 1 > 0.55), "sail", 0.8, 0.0)
    plan.fill((y >= 0.3) & (y < 0.345) & (np.abs(x) < 0.018), "sun", 0.5)
    plan.fill((y >= 0.34) & (y < 0.375) & (np.abs(x) < 0.024 - 0.6 * (y - 0.34)), "sail", 1.0)
    _house(plan, cx + 0.05 * side - (0.11 if side < 0 else 0), foot + 0.012, 0.11, 0.05, 0.1)
    for _ in range(3):
        _boat(plan, plan.wide * (0.5 - side * plan.between(0, 0.45)), horizon + plan.between(0.01, 0.14), plan.between(0.07, 0.14), plan.between(0, 0.7))


def _riverbank(plan: _Plan) -> None:
    horizon = plan.high * plan.between(0.3, 0.38)
    _sky(plan, horizon)
    plan.fill((plan.y > plan.skyline(horizon - 0.07, 0.025, 4)) & (plan.y < horizon + 0.01), "leaf", 0.25 + 0.3 * plan.wavy(7), 0.8)
    for _ in range(6):
        _house(plan, plan.wide * plan.between(0, 0.95), horizon + 0.005, plan.between(0.04, 0.08), plan.between(0.03, 0.06), plan.between(0, 0.4))
    _water(plan, horizon)
    for _ in range(4):
        _boat(plan, plan.wide * plan.between(0.05, 0.7), horizon + plan.between(0.03, 0.2), plan.between(0.08, 0.2), plan.between(0, 0.7))
    bank = plan.skyline(plan.high * 0.98, 0.012, 3) - 0.62 * plan.high * (plan.x[:1] / plan.wide) ** 1.3
    _meadow(plan, bank, 0.3)
    for number in range(5):
        x = 0.42 + 0.14 * number + plan.between(-0.03, 0.03)
        foot = float(np.interp(x * plan.wide, plan.x[0], bank[0])) + plan.between(0.05, 0.13)
        half = plan.between(0.07, 0.13)
        _shadow(plan, x * plan.wide + 0.1, foot + 0.01, half * 1.9, 0.035, 0.85)
        _tree(plan, x * plan.wide, foot, half, half * plan.between(2.6, 3.4))
    for _ in range(5):
        _walker(plan, plan.wide * plan.between(0.5, 0.97), plan.high * plan.between(0.74, 0.95))


def _walker(plan: _Plan, cx: float, foot: float) -> None:
    """Somebody who takes the air with a parasol."""
    tall = 0.05 + 0.09 * (foot / plan.high - 0.5)
    x, y, tone = (plan.x - cx) / tall, (foot - plan.y) / tall, plan.between(0, 1)
    _shadow(plan, cx + 0.5 * tall, foot, 0.6 * tall, 0.09 * tall, 0.9)
    plan.fill((y > 0) & (y < 0.62) & (np.abs(x) < 0.24 - 0.22 * y), "shade", tone, 1.57)
    plan.fill((y >= 0.45) & (y < 0.8) & (np.abs(x) < 0.13), "sail", 0.5 + 0.5 * tone, 1.57)
    plan.fill(np.hypot(x, y - 0.88) < 0.09, "wall", 0.5)
    plan.fill((np.hypot(x - 0.1, (y - 1.0) * 1.7) < 0.36) & (y > 1.0), "sail", 1 - tone, 0.0)


def _bridge(plan: _Plan) -> None:
    horizon, sun = plan.high * plan.between(0.5, 0.58), plan.between(0.2, 0.8)
    _sky(plan, horizon, sun)
    plan.fill((plan.y > plan.skyline(horizon - 0.09, 0.03, 3)) & (plan.y < horizon), "leaf", 0.3 + 0.3 * plan.wavy(7), 0.8)
    for _ in range(7):
        _tree(plan, plan.wide * plan.between(0, 1), horizon, plan.between(0.03, 0.06), plan.between(0.1, 0.18))
    arch, offset = plan.wide / plan.rng.integers(3, 6), plan.between(0, 1)
    deck = horizon - 0.16 + 0.05 * (2 * plan.x / plan.wide - 1) ** 2
    phase = (plan.x / arch + offset) % 1 - 0.5
    rise = np.sqrt(np.clip(1 - (phase / 0.42) ** 2, 0, 1)) * 0.125
    stone = (plan.y > deck) & (plan.y < horizon + 0.02)
    hole = (horizon + 0.02 - plan.y < rise) & (plan.y > deck + 0.035)
    plan.fill(stone & ~hole, "wall", 0.25 + 0.55 * np.clip((plan.y - deck) * 5, 0, 1) + 0.12 * plan.wavy(9), 0.0)
    under = stone & ~hole & (horizon + 0.02 - plan.y < np.sqrt(np.clip(1 - ((phase - 0.05) / 0.42) ** 2, 0, 1)) * 0.145)
    plan.fill(under, "shade", 0.4 + 0.3 * plan.wavy(6))
    plan.fill(np.abs(plan.y - deck) < 0.007, "wall", 0.0, 0.0)
    _water(plan, horizon + 0.02, sun, mirror=0.7)
    for _ in range(3):
        _boat(plan, plan.wide * plan.between(0.08, 0.92), plan.high * plan.between(0.72, 0.92), plan.between(0.14, 0.26), plan.between(0, 0.8))
    _meadow(plan, plan.skyline(plan.high * 0.97, 0.02, 2) - 0.25 * np.clip(1 - plan.x[:1] / (0.45 * plan.wide), 0, 1), 0.3)


def _pines(plan: _Plan) -> None:
    horizon, sun = plan.high * plan.between(0.44, 0.54), plan.between(0.35, 0.7)
    _sky(plan, horizon, sun)
    capes = plan.skyline(horizon - 0.03, 0.04, 1.6)
    plan.fill((plan.y > capes) & (plan.y < horizon), "shade", 0.7 + 0.3 * plan.wavy(5), 0.0)
    _water(plan, horizon, sun, mirror=0.4)
    for _ in range(4):
        _boat(plan, plan.wide * plan.between(0.2, 0.9), horizon + plan.between(0.01, 0.12), plan.between(0.05, 0.12), plan.between(0, 0.7))
    side = float(plan.rng.choice([-1.0, 1.0]))
    u = 0.5 + side * (plan.x[:1] / plan.wide - 0.5)
    shore = plan.skyline(plan.high * 0.98, 0.014, 3) - 0.34 * plan.high * np.clip(u - 0.1, 0, 1)
    _meadow(plan, shore, 0.55)
    for number in range(3):
        at = 0.94 - 0.24 * number + plan.between(-0.04, 0.04)
        cx = plan.wide * (0.5 + side * (at - 0.5))
        foot = float(np.interp(cx, plan.x[0], shore[0])) + 0.09
        _shadow(plan, cx - 0.12 * side, foot + 0.02, 0.2, 0.04, 0.85)
        _pine(plan, cx, foot, foot - plan.high * plan.between(0.08, 0.2), -side * plan.between(0.05, 0.22))


def _pine(plan: _Plan, cx: float, foot: float, tall: float, lean: float) -> None:
    """An umbrella pine: a leaning trunk and flat cushions of needles."""
    y = foot - plan.y
    bend = cx + lean * (y / tall) ** 2 * tall
    trunk = (np.abs(plan.x - bend) < 0.015 * (1.3 - y / tall)) & (y > 0) & (y < tall * 0.92)
    plan.fill(trunk, "sail", 0.7 + 0.3 * np.clip((plan.x - bend) * 60, -1, 1), 1.57)
    plan.fill(trunk & (plan.x - bend > 0.003), "shade", 0.8)
    for _ in range(5):
        px, py = cx + lean * tall + plan.between(-0.15, 0.15), foot - tall * plan.between(0.74, 1.02)
        rx, ry = plan.between(0.09, 0.17), plan.between(0.032, 0.055)
        far = np.hypot((plan.x - px) / rx, (plan.y - py) / ry) + 0.3 * plan.wavy(10)
        light = 0.4 - 0.4 * (plan.y - py) / ry - 0.12 * (plan.x - px) / rx
        plan.fill(far < 1, "leaf", np.clip(light, 0, 0.66), 0.4)
        plan.fill((far < 1) & (light < 0.15), "leaf", 1.0)


_PAINTED: dict[str, Callable[[_Plan], None]] = {
    "harbour": _harbour,
    "poplars": _poplars,
    "lighthouse": _lighthouse,
    "riverbank": _riverbank,
    "bridge": _bridge,
    "pines": _pines,
}
