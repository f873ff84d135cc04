"""Study of watercolour: washes on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.drawing import Patch, Sheet
from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.media.colour import hex_to_rgb, to_linear, to_srgb
from palimpsest.media.noise import Noise
from palimpsest.media.raster import Floats

Subject = Literal["any", "hills", "sea", "leaves", "pines", "lagoon", "poppies"]
Palette = Literal["any", "dawn", "rain", "summer", "nordic", "ochre"]
Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]

_SUBJECTS = ("hills", "leaves", "sea", "poppies", "pines", "lagoon")
_MOODS = ("dawn", "summer", "nordic", "ochre", "rain")

_PIGMENTS = {
    "dawn": {
        "paper": "#fbf7ee", "sky": "#9db7dd", "glow": "#f7b58c", "far": "#a7a3d0", "mid": "#6e7cb4", "near": "#3c4d80",
        "dark": "#27304f", "warm": "#ee9a58", "accent": "#d5486a", "leaf": "#6f8f62", "leaf2": "#4f7f8f",
    },
    "rain": {
        "paper": "#f8f6f0", "sky": "#a3b2bf", "glow": "#dcd3bf", "far": "#9fb1ba", "mid": "#6b8790", "near": "#3f5d66",
        "dark": "#243840", "warm": "#b98f63", "accent": "#c0584a", "leaf": "#6b8a6f", "leaf2": "#4f6f84",
    },
    "summer": {
        "paper": "#fdfaf1", "sky": "#6fb4e0", "glow": "#fbdc9a", "far": "#7fb4c9", "mid": "#5f9f82", "near": "#3f7a4a",
        "dark": "#24503f", "warm": "#f2ae3f", "accent": "#e4462f", "leaf": "#7fae3f", "leaf2": "#2f8a6f",
    },
    "nordic": {
        "paper": "#f9f8f4", "sky": "#8fc0cf", "glow": "#f4c9bd", "far": "#92b9c6", "mid": "#4f8a9c", "near": "#24586f",
        "dark": "#14324a", "warm": "#d98f6f", "accent": "#b8385a", "leaf": "#4f8f84", "leaf2": "#3f6a94",
    },
    "ochre": {
        "paper": "#fbf4e4", "sky": "#b9c3c4", "glow": "#f2c77a", "far": "#c9a98f", "mid": "#a8754f", "near": "#6f4a3a",
        "dark": "#3f2f2f", "warm": "#dd9a3a", "accent": "#b8442a", "leaf": "#98984a", "leaf2": "#6f7f5a",
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Wet:
    """A part of the paper: its places, and the textures that water and paper give it, each (h, w)."""

    patch: Patch
    tooth: Floats
    flow: Floats
    rough: Floats
    bloom: Floats
    inset: Floats

    def part(self, window: tuple[slice, slice]) -> _Wet:
        """Return a window of it."""
        names = ("tooth", "flow", "rough", "bloom", "inset")
        return replace(self, patch=self.patch.part(window), **{name: getattr(self, name)[window] for name in names})


Shape = Callable[[_Wet], Floats]


@dataclass(frozen=True)
class _Wash:
    """One wash: how deep inside its shape a point lies (in shorter sides), and how it dries.

    `edge` darkens the rim where pigment gathers, `soft` is how wide the rim runs out, `grain` how much settles in the paper's
    hollows, `dry` how much of the tooth stays bare, `fade` a factor on the pigment for each point.
    """

    shape: Shape
    pigment: str
    strength: float = 0.6
    edge: float = 0.5
    soft: float = 0.0016
    grain: float = 0.35
    dry: float = 0.0
    fade: Shape | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class _Scene:
    """The sheet in units of its shorter side, and the picture's own chance."""

    wide: float
    high: float
    rng: np.random.Generator
    noise: Noise

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def line(self, xs: NDArray[np.floating], row: float, frequency: float, octaves: int = 4) -> Floats:
        """Return a wavering line over the columns `xs` (w,), about ±1."""
        return self.noise.at(xs, np.full_like(xs, row), frequency, octaves)


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
    chosen = _SUBJECTS[seed % len(_SUBJECTS)] if subject == "any" else subject
    mood = _MOODS[seed % len(_MOODS)] if palette == "any" else palette
    sheet = Sheet(width, height)
    scene = _Scene(sheet.across, sheet.down, rng, Noise.draw(rng, 6))
    washes = _PAINTED[chosen](scene)
    blooms = [
        (scene.between(0, scene.wide), scene.between(0, scene.high), scene.between(0.04, 0.16)) for _ in range(round(9 * water))
    ]
    stain = {name: -np.log(to_linear(np.array(hex_to_rgb(text)))) for name, text in _PIGMENTS[mood].items()}
    paper = np.asarray(-stain["paper"], np.float32)

    def paint(patch: Patch) -> Floats:
        wet = _wet(scene, patch, blooms, margin)
        depth = np.zeros((*patch.shape, 3), np.float32)
        for wash in washes:
            _dry(wash, wet, depth, stain[wash.pigment] + paper, water, grain)
        sheen = 1 + 0.028 * grain * (wet.tooth - np.roll(wet.tooth, (1, 1), (0, 1))).clip(-2, 2)
        return to_srgb(np.exp(paper - depth) * sheen[..., None])

    return Outcome((*Outcome.of(sheet.paint(paint, progress), "made from numbers alone: no work was used").made,))


def _wet(scene: _Scene, patch: Patch, blooms: list[tuple[float, float, float]], margin: float) -> _Wet:
    noise, xs, ys = scene.noise, patch.xs, patch.ys
    rough = noise.grid(xs + 40, ys, 16, 4, 0.55)
    bloom = np.zeros(patch.shape, np.float32)
    for cx, cy, radius in blooms:
        window = patch.window(cx - radius * 2, cy - radius * 2, cx + radius * 2, cy + radius * 2)
        if window:
            part = patch.part(window)
            inside = radius * (1 + 0.2 * rough[window]) - np.hypot(part.x - cx, part.y - cy)
            fringe = 1.1 * np.exp(-np.abs(inside + 0.003) / 0.0045) - 0.8 * np.clip(inside / (0.6 * radius) + 0.15, 0, 0.7)
            bloom[window] += np.where(inside > -0.02, fringe, fringe * np.exp((inside + 0.02) / 0.01))
    inset = np.minimum(np.minimum(patch.x, scene.wide - patch.x), np.minimum(patch.y, scene.high - patch.y)) - margin
    inset = inset + (0.0022 * rough if margin else 1.0)
    return _Wet(patch, noise.grid(xs, ys + 17, 95, 3, 0.75), noise.grid(xs, ys, 2.6, 5, 0.55), rough, bloom, inset.astype(np.float32))


def _dry(wash: _Wash, wet: _Wet, depth: Floats, stain: Floats, water: float, grain: float) -> None:
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
    load *= np.clip(1 - 1.1 * wash.grain * grain * wet.tooth, 0.1, 2.5)
    if wash.dry:
        load *= np.clip(((1.6 - 2.4 * wash.dry) - wet.tooth - 0.5 * wet.flow) * 2.5, 0, 1)
    if wash.fade is not None:
        load *= wash.fade(wet)
    depth += (wash.strength * load)[..., None] * stain.astype(np.float32)


def _ramp(value: NDArray[np.floating], low: float, high: float) -> Floats:
    return np.asarray(np.clip((value - low) / (high - low), 0, 1), np.float32)


def _sky(scene: _Scene, bottom: float, glow_x: float) -> list[_Wash]:
    """A graded sky, wet in wet, with clouds left white; `bottom` in shorter sides."""
    cloud = scene.between(-0.2, 0.35)

    def all_over(wet: _Wet) -> Floats:
        return bottom + 0.05 + 0.006 * wet.rough - wet.patch.y

    def blue(wet: _Wet) -> Floats:
        drift = scene.noise.grid(wet.patch.xs * 0.7, wet.patch.ys * 1.6, 3.2, 5)
        return (1 - 0.85 * _ramp(wet.patch.y, 0, bottom)) * (0.25 + 0.75 * _ramp(drift, cloud - 0.35, cloud + 0.45))

    def warmth(wet: _Wet) -> Floats:
        far = np.hypot((wet.patch.x - glow_x) * 0.8, (wet.patch.y - bottom) * 1.5)
        return np.exp(-((far / 0.55) ** 2)) * _ramp(wet.patch.y, -0.1, bottom)

    return [
        _Wash(all_over, "sky", 0.75, 0.0, 0.08, 0.6, fade=blue),
        _Wash(all_over, "glow", 0.7, 0.0, 0.09, 0.2, fade=warmth),
    ]


def _ridge(scene: _Scene, level: float, swing: float, frequency: float, pigment: str, strength: float, mist: float) -> _Wash:
    """A hill whose foot dissolves in mist; `level` and `swing` in shorter sides."""
    row = scene.between(0, 90)

    def shape(wet: _Wet) -> Floats:
        return wet.patch.y - (level + swing * scene.line(wet.patch.xs, row, frequency)) + 0.0022 * wet.rough

    def fade(wet: _Wet) -> Floats:
        down = wet.patch.y - (level + swing * scene.line(wet.patch.xs, row, frequency, 2))
        return np.exp(-np.maximum(down, 0) / mist) * (0.85 + 0.3 * _ramp(wet.rough, -1, 2))

    return _Wash(shape, pigment, strength, 0.45, fade=fade, grain=0.5)


def _disc(cx: float, cy: float, radius: float, pigment: str, strength: float, soft: float = 0.004) -> _Wash:
    reach = radius + 3 * soft

    def shape(wet: _Wet) -> Floats:
        return radius + 0.001 * wet.rough - np.hypot(wet.patch.x - cx, wet.patch.y - cy)

    return _Wash(shape, pigment, strength, 0.35, soft, box=(cx - reach, cy - reach, cx + reach, cy + reach))


def _birds(scene: _Scene, cx: float, cy: float) -> list[_Wash]:
    """A few birds, two touches of the brush each."""
    flock = [
        (cx + scene.between(-0.12, 0.12), cy + scene.between(-0.06, 0.06), scene.between(0.009, 0.02))
        for _ in range(int(scene.rng.integers(3, 8)))
    ]

    def bird(x0: float, y0: float, size: float) -> _Wash:
        def shape(wet: _Wet) -> Floats:
            u = np.abs(wet.patch.x - x0) / size
            wing = y0 - size * 0.55 * np.sin(np.clip(u, 0, 1.2) * 2.4) + 0.25 * size * u * u
            return 0.0022 * np.clip(1.15 - u, 0, 1) + 0.0002 - np.abs(wet.patch.y - wing)

        return _Wash(shape, "dark", 1.0, 0.2, 0.0014, box=(x0 - 2 * size, y0 - 2 * size, x0 + 2 * size, y0 + 2 * size))

    return [bird(*each) for each in flock]


def _hills(scene: _Scene) -> list[_Wash]:
    high, glow = scene.high, scene.wide * scene.between(0.2, 0.8)
    washes = _sky(scene, high * 0.62, glow)
    washes.append(_disc(glow, high * scene.between(0.16, 0.3), scene.between(0.035, 0.06), "warm", 0.75))
    level = high * scene.between(0.36, 0.46)
    for number, pigment in enumerate(("far", "far", "mid", "mid", "near", "dark")):
        step = number / 5
        washes.append(_ridge(scene, level, 0.055 - 0.012 * step, 1.5 + 0.8 * step, pigment, 0.5 + 0.45 * step, 0.12 + 0.16 * step))
        level += high * (0.065 + 0.045 * step)
    washes += _grove(scene, level - 0.1 * high, 5, 0.12)
    return [*washes, *_birds(scene, scene.wide - glow, high * scene.between(0.15, 0.3))]


def _grove(scene: _Scene, foot: float, count: int, tall: float) -> list[_Wash]:
    middle = scene.wide * scene.between(0.12, 0.88)
    return [
        _fir(scene, middle + scene.between(-0.22, 0.22), foot + scene.between(-0.02, 0.04), tall * scene.between(0.7, 1.4), "dark", 0.85)
        for _ in range(count)
    ]


def _fir(scene: _Scene, cx: float, foot: float, tall: float, pigment: str, strength: float, mist: float = 9.0) -> _Wash:
    """A fir: boughs that droop in tiers, each tree its own."""
    tiers, row, lean = tall * 26 + 7, scene.between(0, 90), scene.between(-0.03, 0.03)

    def shape(wet: _Wet) -> Floats:
        t = (foot - wet.patch.y) / tall
        x = wet.patch.x - cx - lean * t * tall
        bough = scene.line(wet.patch.ys, row, 60 / (tall * 6 + 0.4), 2)[:, None]
        droop = (1 - t) * tiers + 2.2 * np.abs(x) / tall + 0.6 * np.sign(x)
        half = tall * (0.03 + 0.2 * np.clip(1 - t, 0, 1) ** 0.9) * (0.45 + 0.55 * (droop % 1)) * (1 + 0.22 * bough)
        branches = np.where((t > 0.06) & (t < 1), half - np.abs(x), -0.02)
        trunk = np.minimum(0.008 * tall * (1.5 - t), 0.02) - np.abs(x)
        whole = np.maximum(branches, np.where((t > -0.01) & (t < 1.03), trunk, -0.02))
        return 0.7 * whole + 0.0022 * wet.rough

    def fade(wet: _Wet) -> Floats:
        return np.exp(-np.maximum(wet.patch.y - foot + tall * 0.75, 0) / mist) * (0.75 + 0.35 * _ramp(wet.rough, -1.5, 1.5))

    half = 0.3 * tall + 0.02
    return _Wash(shape, pigment, strength, 0.3, grain=0.45, fade=fade, box=(cx - half, foot - 1.06 * tall, cx + half, foot + 0.02))


def _pines(scene: _Scene) -> list[_Wash]:
    high, side = scene.high, scene.wide * scene.between(0.2, 0.8)
    washes = [*_sky(scene, high * 0.75, side), _disc(side, high * scene.between(0.18, 0.28), scene.between(0.05, 0.08), "warm", 0.45)]
    washes.append(_ridge(scene, high * 0.4, 0.05, 1.6, "far", 0.45, 0.16))
    for layer, (pigment, strength) in enumerate((("far", 0.55), ("mid", 0.6), ("near", 0.75), ("dark", 0.95))):
        near = layer / 3
        foot = high * (0.58 + 0.33 * near**1.2)
        washes.append(_ridge(scene, foot - 0.01, 0.014, 3, pigment, strength * 0.75, 0.06 + 0.07 * near))
        gap = scene.between(0, scene.wide)
        for _ in range(int((15 - 9 * near) * max(scene.wide, 1))):
            cx = scene.between(-0.02, scene.wide + 0.02)
            if abs(cx - gap) > 0.07 + 0.1 * near:
                tall = (0.12 + 0.42 * near**1.3) * scene.between(0.6, 1.2) * min(high, 1.2)
                washes.append(_fir(scene, cx, foot + scene.between(-0.005, 0.03), tall, pigment, strength, 0.35 * tall + 0.03))
    return [*washes, *_birds(scene, side, high * 0.2)]


def _sea(scene: _Scene) -> list[_Wash]:
    high, wide = scene.high, scene.wide
    horizon, glow = high * scene.between(0.42, 0.55), wide * scene.between(0.25, 0.75)
    washes = _sky(scene, horizon, glow)
    washes.append(_disc(glow, horizon - scene.between(0.07, 0.16), scene.between(0.025, 0.045), "warm", 0.7))

    def water(wet: _Wet) -> Floats:
        return wet.patch.y - horizon + 0.0007 * wet.rough

    def swell(wet: _Wet) -> Floats:
        down = np.clip((wet.patch.ys - horizon) / (high - horizon), 0, 1)[:, None]
        wave = scene.noise.grid(wet.patch.xs, np.log(np.maximum(wet.patch.ys - horizon, 0) + 0.03), (2.4, 7), 4)
        light = 1 - 0.75 * np.exp(-(((wet.patch.x - glow) / (0.05 + 0.25 * down)) ** 2))
        return (0.35 + 0.5 * down) * (0.6 + 0.6 * _ramp(wave, -0.6, 0.9)) * light

    def crests(wet: _Wet) -> Floats:
        wave = scene.noise.grid(wet.patch.xs + 7, np.log(np.maximum(wet.patch.ys - horizon, 0) + 0.03), (3.4, 11), 3)
        return np.minimum(0.02 * (wave - 0.75), wet.patch.y - horizon - 0.015)

    washes.append(_Wash(water, "mid", 0.95, 0.25, grain=0.55, fade=swell))
    washes.append(_Wash(water, "sky", 0.6, 0.0, 0.01, dry=0.35))
    washes.append(_Wash(crests, "near", 0.5, 0.3, 0.003, dry=0.3))
    side = -1.0 if glow > wide / 2 else 1.0
    for number, (reach, rise, pigment) in enumerate(((0.62, 0.08, "far"), (0.42, 0.15, "mid"), (0.24, 0.2, "near"))):
        washes.append(_headland(scene, horizon + 0.006 * number, side, reach * wide, rise, pigment, 0.6 + 0.15 * number))
    for _ in range(int(scene.rng.integers(1, 4))):
        near = scene.between(0.05, 0.75)
        washes += _boat(scene, wide * (0.5 - side * scene.between(-0.12, 0.36)), horizon + near * 0.55 * (high - horizon), 0.07 + 0.22 * near)
    return [*washes, *_birds(scene, wide * (0.5 - side * 0.2), horizon * 0.4)]


def _headland(scene: _Scene, foot: float, side: float, reach: float, rise: float, pigment: str, strength: float) -> _Wash:
    row = scene.between(0, 90)

    def shape(wet: _Wet) -> Floats:
        from_side = (scene.wide - wet.patch.xs) if side > 0 else wet.patch.xs
        slope = np.clip(1 - from_side / reach, 0, 1) ** 0.7
        top = foot - rise * slope * (0.8 + 0.25 * scene.line(wet.patch.xs, row, 5)) - 0.004
        return np.where(from_side < reach, np.minimum(wet.patch.y - top, foot + 0.003 - wet.patch.y), -0.1) + 0.001 * wet.rough

    def fade(wet: _Wet) -> Floats:
        return 0.55 + 0.55 * _ramp(wet.rough + wet.flow, -1.5, 1.5)

    return _Wash(shape, pigment, strength, 0.4, grain=0.5, fade=fade, box=(0, foot - 1.7 * rise, scene.wide, foot + 0.01))


def _boat(scene: _Scene, cx: float, foot: float, tall: float) -> list[_Wash]:
    """A sail, its hull, and what the water gives back of both."""
    belly, turn = scene.between(0.3, 0.45), float(scene.rng.choice([-1.0, 1.0]))

    def sail(wet: _Wet) -> Floats:
        t, x = (foot - wet.patch.y) / tall, turn * (wet.patch.x - cx)
        main = np.minimum(belly * tall * np.clip(1 - t, 0, 1) ** 0.75 - x, x - 0.02 * tall)
        jib = np.minimum(0.26 * tall * np.clip(0.86 - t, 0, 1) + x, -0.02 * tall - x)
        return np.minimum(np.maximum(main, jib), (np.minimum(t - 0.13, 1 - t)) * tall) * 0.8 + 0.0008 * wet.rough

    def hull(wet: _Wet) -> Floats:
        t, x = (foot - wet.patch.y) / tall, wet.patch.x - cx
        return np.minimum(np.minimum(t + 0.02, 0.1 - t) * tall, 0.36 * tall + 0.5 * t * tall - np.abs(x)) + 0.0006 * wet.rough

    def image(wet: _Wet) -> Floats:
        t = (wet.patch.y - foot) / tall
        sway = 0.05 * tall * np.sin(t * 34 + 2 * wet.rough)
        width = belly * 0.75 * tall * np.clip(1 - t * 1.5, 0, 1)
        return np.where(t > 0.03, width - np.abs(wet.patch.x - cx - turn * 0.1 * tall + sway), -0.1)

    box = (cx - 0.6 * tall, foot - 1.1 * tall, cx + 0.6 * tall, foot + 0.8 * tall)
    return [
        _Wash(image, "warm", 0.45, 0.3, 0.004, dry=0.25, box=box),
        _Wash(sail, "warm", 0.7, 0.7, 0.0014, box=box, fade=lambda wet: 0.45 + 0.7 * _ramp(turn * (wet.patch.x - cx), -0.2 * tall, 0.4 * tall)),
        _Wash(hull, "dark", 0.9, 0.3, 0.0014, box=box),
    ]


def _leaf(
    scene: _Scene, x0: float, y0: float, heading: float, long: float, broad: float, pigment: str, strength: float, second: str
) -> list[_Wash]:
    """A leaf that grows from (x0, y0): one wash, a second colour charged into it wet, and a vein."""
    cos, sin, curl = np.cos(heading), np.sin(heading), scene.between(-0.25, 0.25)

    def local(wet: _Wet) -> tuple[Floats, Floats]:
        dx, dy = wet.patch.x - x0, wet.patch.y - y0
        u = (dx * cos + dy * sin) / long
        return u, dy * cos - dx * sin - curl * long * u * u

    def shape(wet: _Wet) -> Floats:
        u, v = local(wet)
        t = np.clip(u, 0, 1)
        half = broad * np.sin(np.pi * t**0.8) ** 0.9 * (1 - 0.3 * t)
        return np.where((u > 0) & (u < 1), half - np.abs(v), -0.02) * 0.85 + 0.0012 * wet.rough

    def vein(wet: _Wet) -> Floats:
        u, v = local(wet)
        return np.where((u > -0.08) & (u < 0.85), 0.0016 * (1.1 - u) - np.abs(v), -0.02)

    def tip(wet: _Wet) -> Floats:
        u, v = local(wet)
        return _ramp(u + 0.25 * wet.flow + 4 * v / long * 0.3, 0.25, 0.95)

    def body(wet: _Wet) -> Floats:
        u, v = local(wet)
        return (1.05 - 0.6 * _ramp(u + 0.2 * wet.flow, 0.1, 1)) * np.where(v > 0, 1.0, 0.78)

    reach = long * 1.25 + broad
    box = (x0 - reach, y0 - reach, x0 + reach, y0 + reach)
    return [
        _Wash(shape, pigment, strength, 0.6, fade=body, box=box),
        _Wash(shape, second, strength * 0.9, 0.4, fade=tip, box=box),
        _Wash(vein, "dark", 0.35, 0.0, 0.0016, box=box),
    ]


def _stem(points: NDArray[np.floating], thick: float, pigment: str, strength: float = 0.8) -> _Wash:
    """A stem along points (n, 2), thinner towards its end."""

    def shape(wet: _Wet) -> Floats:
        nearest = np.full(wet.patch.shape, -1.0, np.float32)
        for number in range(len(points) - 1):
            (ax, ay), (bx, by) = points[number], points[number + 1]
            span = max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9)
            t = np.clip(((wet.patch.x - ax) * (bx - ax) + (wet.patch.y - ay) * (by - ay)) / span, 0, 1)
            half = thick * (1 - 0.75 * (number + t) / (len(points) - 1))
            nearest = np.maximum(nearest, half - np.hypot(wet.patch.x - ax - t * (bx - ax), wet.patch.y - ay - t * (by - ay)))
        return nearest + 0.0007 * wet.rough

    low, top = points.min(axis=0) - 0.01, points.max(axis=0) + 0.01
    return _Wash(shape, pigment, strength, 0.4, 0.0014, box=(low[0], low[1], top[0], top[1]))


def _arc(x0: float, y0: float, heading: float, bend: float, long: float, count: int = 14) -> NDArray[np.float64]:
    turn = heading + bend * np.linspace(0, 1, count)
    steps = np.stack([np.cos(turn), np.sin(turn)], 1) * (long / (count - 1))
    steps[0] = (x0, y0)
    return np.cumsum(steps, axis=0)


def _spatter(scene: _Scene, pigment: str, count: int) -> list[_Wash]:
    return [
        _disc(scene.between(0.05, scene.wide - 0.05), scene.between(0.05, scene.high - 0.05), 0.0012 + 0.006 * scene.between(0, 1) ** 4, pigment, 0.5, 0.0016)
        for _ in range(count)
    ]


def _ground(scene: _Scene) -> list[_Wash]:
    """A loose wet wash behind a plant, that leaves most of the paper white."""
    cx, cy = scene.wide * scene.between(0.35, 0.65), scene.high * scene.between(0.35, 0.65)

    def shape(wet: _Wet) -> Floats:
        far = np.hypot((wet.patch.x - cx) / scene.wide, (wet.patch.y - cy) / scene.high)
        return 0.37 - far + 0.09 * wet.flow + 0.012 * wet.rough

    def half(wet: _Wet) -> Floats:
        return _ramp(wet.flow + 2 * (wet.patch.x - cx) / scene.wide, -0.8, 1.2)

    def rest(wet: _Wet) -> Floats:
        return 1 - half(wet)

    return [_Wash(shape, "sky", 0.42, 0.35, 0.03, 0.6, fade=half), _Wash(shape, "glow", 0.42, 0.35, 0.03, 0.4, fade=rest)]


def _leaves(scene: _Scene) -> list[_Wash]:
    washes = _ground(scene)
    pigments = ("leaf", "leaf2", "mid", "far", "warm")
    for branch in range(int(scene.rng.integers(3, 5))):
        x0, y0 = scene.wide * scene.between(0.25, 0.75), scene.high * 1.02
        heading = -np.pi / 2 + (0.5 - x0 / scene.wide) * 0.5 + scene.between(-0.35, 0.35)
        path = _arc(x0, y0, heading, scene.between(-0.8, 0.8), scene.high * scene.between(0.75, 0.98), 22)
        main = pigments[int(scene.rng.integers(0, 4 if branch else 2))]
        washes.append(_stem(path, 0.0055, "near", 0.7))
        for number in range(3, 22):
            long = (0.2 - 0.006 * number) * scene.between(0.8, 1.2)
            way = np.arctan2(*(path[number] - path[number - 1])[::-1])
            side = 1 if number % 2 else -1
            second = pigments[int(scene.rng.integers(0, 5))]
            leaf = _leaf(scene, *path[number], way + side * scene.between(0.55, 1.0), long, long * scene.between(0.16, 0.24), main, scene.between(0.4, 0.75), second)
            washes += leaf
    return [*washes, *_spatter(scene, "leaf2", 26)]


def _poppies(scene: _Scene) -> list[_Wash]:
    washes = _ground(scene)
    heads: list[tuple[float, float, float]] = []
    for _ in range(300):
        size = scene.between(0.07, 0.15)
        x, y = scene.wide * scene.between(0.14, 0.86), scene.high * scene.between(0.14, 0.62)
        if len(heads) < 7 and all(np.hypot(x - a, y - b) > 0.95 * (size + c) for a, b, c in heads):
            heads.append((x, y, size))
    for x, y, size in heads:
        foot = 0.6 * x + 0.2 * scene.wide
        t = np.linspace(0, 1, 14)[:, None]
        bow = np.array([[scene.between(-0.12, 0.12), 0]])
        path = np.array([[foot, scene.high * 1.02]]) * (1 - t) + np.array([[x, y + 0.3 * size]]) * t + bow * np.sin(np.pi * t)
        washes.append(_stem(path, 0.006 + 0.02 * size, "leaf", 0.85))
        for number in scene.rng.integers(1, 8, 3):
            way = -np.pi / 2 + float(scene.rng.choice([-1, 1])) * scene.between(0.3, 1.1)
            long = scene.between(0.12, 0.26)
            washes += _leaf(scene, *path[number], way, long, long * 0.13, "leaf", scene.between(0.45, 0.8), "leaf2")
    for head in sorted(heads, key=lambda each: each[2]):
        washes += _poppy(scene, *head)
    return [*washes, *_spatter(scene, "accent", 30)]


def _poppy(scene: _Scene, cx: float, cy: float, size: float) -> list[_Wash]:
    """A poppy: four or five crumpled petals that glaze one another, a dark heart, stamens."""
    washes, start, tilt = [], scene.between(0, 6), scene.between(0.62, 0.95)
    count = int(scene.rng.integers(4, 6))
    for number in range(count):
        turn = start + number * 2 * np.pi / count + scene.between(-0.2, 0.2)
        px, py = cx + 0.42 * size * np.cos(turn), cy + 0.42 * size * tilt * np.sin(turn)
        washes.append(_petal(scene, (cx, cy), (px, py), size, turn, tilt))
    washes.append(_disc(cx, cy, 0.13 * size, "dark", 0.95, 0.012))
    for _ in range(26):
        turn, far = scene.between(0, 6.28), size * scene.between(0.16, 0.36)
        washes.append(_disc(cx + far * np.cos(turn), cy + far * tilt * np.sin(turn), 0.004 + 0.012 * size * scene.between(0.3, 1), "dark", 0.9, 0.0016))
    return washes


def _petal(
    scene: _Scene, heart: tuple[float, float], middle: tuple[float, float], size: float, turn: float, tilt: float
) -> _Wash:
    (cx, cy), (px, py), row = heart, middle, scene.between(0, 90)

    def shape(wet: _Wet) -> Floats:
        dx, dy = wet.patch.x - px, (wet.patch.y - py) / tilt
        around = np.arctan2(dy, dx)
        crumple = 0.06 * np.sin(3 * around + row) + 0.035 * np.sin(7 * around + 2 * row)
        return 0.62 * size * (1 + crumple) - np.hypot(dx, dy) + 0.003 * wet.rough

    def fade(wet: _Wet) -> Floats:
        dx, dy = wet.patch.x - cx, (wet.patch.y - cy) / tilt
        far = np.hypot(dx, dy) / size
        pleat = 0.12 * np.sin(np.arctan2(dy, dx) * 26 + row + 0.8 * wet.rough) * _ramp(far, 0.1, 0.5)
        shade = 0.5 + 0.5 * np.cos(np.arctan2(dy, dx) - turn + 0.5)
        return 0.3 + 0.45 * shade * _ramp(far, 1.1, 0.1) + 0.35 * _ramp(far, 0.55, 1.05) + pleat + 0.14 * wet.flow

    reach = 0.85 * size
    return _Wash(shape, "accent", 0.8, 0.5, fade=fade, box=(px - reach, py - reach, px + reach, py + reach))


def _lagoon(scene: _Scene) -> list[_Wash]:
    high, wide = scene.high, scene.wide
    shore, glow = high * scene.between(0.5, 0.58), wide * scene.between(0.25, 0.75)
    washes = _sky(scene, shore, glow)
    sun = shore - scene.between(0.12, 0.26)
    washes.append(_disc(glow, sun, 0.04, "warm", 0.85))
    for layer, (pigment, strength) in enumerate((("far", 0.55), ("mid", 0.65))):
        towers = _skyline(scene, layer)
        washes.append(_city(scene, shore + 0.012 * layer, towers, pigment, strength, mirrored=False))
        washes.append(_city(scene, shore + 0.012 * layer, towers, pigment, strength * 0.7, mirrored=True))

    def water(wet: _Wet) -> Floats:
        return wet.patch.y - shore - 0.012 + 0.0008 * wet.rough

    def tide(wet: _Wet) -> Floats:
        down = np.clip((wet.patch.ys - shore) / (high - shore), 0, 1)[:, None]
        wave = scene.noise.grid(wet.patch.xs, np.log(np.maximum(wet.patch.ys - shore, 0) + 0.04), (1.6, 9), 4)
        light = 1 - 0.7 * np.exp(-(((wet.patch.x - glow) / (0.04 + 0.12 * down)) ** 2)) * (wave > -0.5)
        return (0.15 + 0.6 * down) * (0.55 + 0.7 * _ramp(wave, -0.5, 0.8)) * light

    washes.append(_Wash(water, "sky", 0.9, 0.0, 0.004, grain=0.5, fade=tide))
    washes.append(_Wash(water, "mid", 0.55, 0.0, 0.004, grain=0.5, fade=tide, dry=0.1))
    for _ in range(5):
        washes += _boat(scene, wide * scene.between(0.08, 0.92), shore + scene.between(0.04, 0.36) * (high - shore), scene.between(0.06, 0.17))
    for _ in range(7):
        x = wide * scene.between(0.05, 0.95)
        foot = shore + (high - shore) * scene.between(0.25, 0.8)
        washes.append(_stem(np.array([[x, foot], [x + 0.004, foot - scene.between(0.05, 0.12)]]), 0.005, "dark", 0.8))
    return [*washes, *_birds(scene, wide - glow, high * 0.18)]


def _skyline(scene: _Scene, layer: int) -> list[tuple[float, float, float, str]]:
    """Draw buildings as (x, half width, height, kind)."""
    kinds = ("house", "house", "house", "tower", "dome", "house", "spire")
    buildings, x = [], scene.between(-0.05, 0.1) + layer * scene.between(0, 0.25) * scene.wide
    end = scene.wide * (1.05 if layer == 0 else scene.between(0.5, 1.0))
    while x < end:
        kind = kinds[int(scene.rng.integers(0, len(kinds)))]
        half = scene.between(0.02, 0.05) if kind in ("house", "dome") else scene.between(0.01, 0.016)
        tall = {"house": 0.05, "dome": 0.075, "tower": 0.17, "spire": 0.12}[kind] * scene.between(0.7, 1.4) * (1 + 0.35 * layer)
        buildings.append((x + half, half, tall, kind))
        x += 2 * half * scene.between(0.75, 1.0) + (scene.between(0.01, 0.05) if scene.rng.random() < 0.2 else 0)
    return buildings


def _city(
    scene: _Scene, foot: float, buildings: list[tuple[float, float, float, str]], pigment: str, strength: float, *, mirrored: bool
) -> _Wash:
    def shape(wet: _Wet) -> Floats:
        up = (wet.patch.ys - foot if mirrored else foot - wet.patch.ys)[:, None] / (1.15 if mirrored else 1)
        xs = wet.patch.x + (0.006 * np.sin(up * 190 + 1.5 * wet.rough) * (0.3 + 6 * up) if mirrored else 0)
        best = np.full(wet.patch.shape, -0.05, np.float32)
        for x, half, tall, kind in buildings:
            aside = np.abs(xs - x)
            top = np.full_like(aside, tall)
            if kind == "dome":
                top = tall + np.sqrt(np.maximum((0.8 * half) ** 2 - aside**2, 0)) * 1.15
                top = np.where(aside < 0.003, tall + 1.5 * half, top)
            elif kind in ("tower", "spire"):
                top = tall + np.maximum(half * 0.8 - aside, 0) * 4.5
            else:
                top = tall + np.maximum(half - aside, 0) * 0.35
            best = np.maximum(best, np.minimum(half - aside, top - up))
        return np.minimum(best, up + 0.001) + 0.0009 * wet.rough

    def fade(wet: _Wet) -> Floats:
        up = (wet.patch.y - foot) if mirrored else (foot - wet.patch.y)
        panes = 0.2 * (np.sin(wet.patch.x * 210) * np.sin(wet.patch.y * 260) > 0.45) * (not mirrored)
        base = np.exp(-np.maximum(up, 0) / 0.14) if mirrored else 0.5 + 0.6 * _ramp(up, 0, 0.16)
        return base * (0.75 + 0.35 * _ramp(wet.flow + wet.rough, -1.5, 1.5)) + panes

    box = (0.0, foot - 0.4, scene.wide, foot + 0.45)
    return _Wash(shape, pigment, strength, 0.45, 0.004 if mirrored else 0.0016, grain=0.45, fade=fade, box=box)


_PAINTED: dict[str, Callable[[_Scene], list[_Wash]]] = {
    "hills": _hills,
    "sea": _sea,
    "leaves": _leaves,
    "pines": _pines,
    "lagoon": _lagoon,
    "poppies": _poppies,
}
