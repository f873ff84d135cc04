"""What a watercolour is made of: washes, and the skies, hills, boats, stems and birds that they paint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.brushline import BrushLine
from palimpsest.drawing.distance import floats
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.sheet import Patch
from palimpsest.media.raster import Floats

SUBJECTS = ("hills", "leaves", "sea", "poppies", "pines", "lagoon")

MOODS = ("dawn", "summer", "nordic", "ochre", "rain")

PIGMENTS = {
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
class Wet:
    """Return a part of the paper: its places, and the textures that water and paper give it, each (h, w)."""

    patch: Patch
    tooth: Floats
    flow: Floats
    rough: Floats
    streak: Floats
    bloom: Floats
    inset: Floats

    def part(self, window: tuple[slice, slice]) -> Wet:
        """Return a window of it."""
        names = ("tooth", "flow", "rough", "streak", "bloom", "inset")
        return replace(self, patch=self.patch.part(window), **{name: getattr(self, name)[window] for name in names})


Shape = Callable[[Wet], Floats]


@dataclass(frozen=True)
class Wash:
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
class Scene:
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
        return self.noise.with_cells(frequency, octaves).at(xs, np.full_like(xs, row))

    def waves(self, patch: Patch, horizon: float, stretch: tuple[float, float], octaves: int) -> Floats:
        """Return waves (h, w) on a plain of water, drawn together towards the horizon."""
        far = np.log(np.maximum(patch.ys - horizon, 0) + 0.03)
        return self.noise.with_cells(1, octaves, stretch=stretch).grid(patch.xs, far)


def ramp(value: NDArray[np.floating], low: float, high: float) -> Floats:
    """Rise from 0 at `low` to 1 at `high`, in a straight line."""
    return np.asarray(np.clip((value - low) / (high - low), 0, 1), np.float32)


def sky(scene: Scene, bottom: float, sun: tuple[float, float, float], glow: float) -> list[Wash]:
    """Return a graded sky, wet in wet, clouds and the sun (x, y, radius) left white, and the sun, `glow` strong."""
    cloud = scene.between(-0.2, 0.35)
    sun_x, sun_y, radius = sun

    def around(wet: Wet) -> Floats:
        return ramp(np.hypot(wet.patch.x - sun_x, wet.patch.y - sun_y), radius - 0.006, radius + 0.03)

    def all_over(wet: Wet) -> Floats:
        return bottom + 0.05 + 0.006 * wet.rough - wet.patch.y

    def blue(wet: Wet) -> Floats:
        drift = scene.noise.with_cells(3.2, 5).grid(wet.patch.xs * 0.7, wet.patch.ys * 1.6)
        return floats(
            around(wet)
            * (1 - 0.85 * ramp(wet.patch.y, 0, bottom))
            * (0.25 + 0.75 * ramp(drift, cloud - 0.35, cloud + 0.45))
        )

    def warmth(wet: Wet) -> Floats:
        far = np.hypot((wet.patch.x - sun_x) * 0.8, (wet.patch.y - bottom) * 1.5)
        return floats(np.exp(-((far / 0.55) ** 2)) * ramp(wet.patch.y, -0.1, bottom))

    return [
        Wash(all_over, "sky", 0.75, 0.0, 0.08, 0.6, fade=blue),
        Wash(all_over, "glow", 0.7, 0.0, 0.09, 0.2, fade=warmth),
        disc(sun_x, sun_y, radius, "warm", glow),
    ]


def ridge(
    scene: Scene, level: float, swing: float, frequency: float, pigment: str, strength: float, mist: float
) -> Wash:
    """Return a hill whose foot dissolves in mist; `level` and `swing` in shorter sides."""
    row = scene.between(0, 90)

    def shape(wet: Wet) -> Floats:
        return floats(wet.patch.y - (level + swing * scene.line(wet.patch.xs, row, frequency)) + 0.0022 * wet.rough)

    def fade(wet: Wet) -> Floats:
        down = wet.patch.y - (level + swing * scene.line(wet.patch.xs, row, frequency, 2))
        return floats(np.exp(-np.maximum(down, 0) / mist) * (0.85 + 0.3 * ramp(wet.rough, -1, 2)))

    return Wash(shape, pigment, strength, 0.45, fade=fade, grain=0.5)


def disc(cx: float, cy: float, radius: float, pigment: str, strength: float, soft: float = 0.004) -> Wash:
    """Return a round spot."""
    reach = radius + 3 * soft

    def shape(wet: Wet) -> Floats:
        return floats(radius + 0.001 * wet.rough - np.hypot(wet.patch.x - cx, wet.patch.y - cy))

    return Wash(shape, pigment, strength, 0.35, soft, box=(cx - reach, cy - reach, cx + reach, cy + reach))


def birds(scene: Scene, cx: float, cy: float) -> list[Wash]:
    """Return a few birds, two touches of the brush each."""
    flock = [
        (cx + scene.between(-0.12, 0.12), cy + scene.between(-0.06, 0.06), scene.between(0.009, 0.02))
        for _ in range(int(scene.rng.integers(3, 8)))
    ]

    def bird(x0: float, y0: float, size: float) -> Wash:
        def shape(wet: Wet) -> Floats:
            u = np.abs(wet.patch.x - x0) / size
            wing = y0 - size * 0.55 * np.sin(np.clip(u, 0, 1.2) * 2.4) + 0.25 * size * u * u
            return floats(0.0022 * np.clip(1.15 - u, 0, 1) + 0.0002 - np.abs(wet.patch.y - wing))

        return Wash(shape, "dark", 1.0, 0.2, 0.0014, box=(x0 - 2 * size, y0 - 2 * size, x0 + 2 * size, y0 + 2 * size))

    return [bird(*each) for each in flock]


def fir(scene: Scene, cx: float, foot: float, tall: float, pigment: str, strength: float, mist: float = 9.0) -> Wash:
    """Return a fir: boughs that droop in tiers, each tree its own."""
    tiers, row, lean = tall * 26 + 7, scene.between(0, 90), scene.between(-0.03, 0.03)

    def shape(wet: Wet) -> Floats:
        t = (foot - wet.patch.y) / tall
        x = wet.patch.x - cx - lean * t * tall
        bough = scene.line(wet.patch.ys, row, 60 / (tall * 6 + 0.4), 2)[:, None]
        droop = (1 - t) * tiers + 2.2 * np.abs(x) / tall + 0.6 * np.sign(x)
        half = tall * (0.03 + 0.2 * np.clip(1 - t, 0, 1) ** 0.9) * (0.45 + 0.55 * (droop % 1)) * (1 + 0.22 * bough)
        branches = np.where((t > 0.06) & (t < 1), half - np.abs(x), -0.02)
        trunk = np.minimum(0.008 * tall * (1.5 - t), 0.02) - np.abs(x)
        whole = np.maximum(branches, np.where((t > -0.01) & (t < 1.03), trunk, -0.02))
        return 0.7 * whole + 0.0022 * wet.rough

    def fade(wet: Wet) -> Floats:
        return floats(
            np.exp(-np.maximum(wet.patch.y - foot + tall * 0.75, 0) / mist) * (0.75 + 0.35 * ramp(wet.rough, -1.5, 1.5))
        )

    half = 0.3 * tall + 0.02
    return Wash(
        shape,
        pigment,
        strength,
        0.3,
        grain=0.45,
        fade=fade,
        box=(cx - half, foot - 1.06 * tall, cx + half, foot + 0.02),
    )


def boat(scene: Scene, cx: float, foot: float, tall: float) -> list[Wash]:
    """Return a sail, its hull, and what the water gives back of both."""
    belly, turn = scene.between(0.3, 0.45), float(scene.rng.choice([-1.0, 1.0]))

    def sail(wet: Wet) -> Floats:
        t, x = (foot - wet.patch.y) / tall, turn * (wet.patch.x - cx)
        main = np.minimum(belly * tall * np.clip(1 - t, 0, 1) ** 0.75 - x, x - 0.02 * tall)
        jib = np.minimum(0.26 * tall * np.clip(0.86 - t, 0, 1) + x, -0.02 * tall - x)
        return floats(
            np.minimum(np.maximum(main, jib), (np.minimum(t - 0.13, 1 - t)) * tall) * 0.8 + 0.0008 * wet.rough
        )

    def hull(wet: Wet) -> Floats:
        t, x = (foot - wet.patch.y) / tall, wet.patch.x - cx
        return floats(
            np.minimum(np.minimum(t + 0.02, 0.1 - t) * tall, 0.36 * tall + 0.5 * t * tall - np.abs(x))
            + 0.0006 * wet.rough
        )

    def image(wet: Wet) -> Floats:
        t = (wet.patch.y - foot) / tall
        sway = 0.05 * tall * np.sin(t * 34 + 2 * wet.rough)
        width = belly * 0.75 * tall * np.clip(1 - t * 1.5, 0, 1)
        return np.where(t > 0.03, width - np.abs(wet.patch.x - cx - turn * 0.1 * tall + sway), -0.1)

    box = (cx - 0.6 * tall, foot - 1.1 * tall, cx + 0.6 * tall, foot + 0.8 * tall)
    return [
        Wash(image, "warm", 0.45, 0.3, 0.004, dry=0.25, box=box),
        Wash(
            sail,
            "warm",
            0.7,
            0.7,
            0.0014,
            box=box,
            fade=lambda wet: 0.45 + 0.7 * ramp(turn * (wet.patch.x - cx), -0.2 * tall, 0.4 * tall),
        ),
        Wash(hull, "dark", 0.9, 0.3, 0.0014, box=box),
    ]


def stem(points: NDArray[np.floating], thick: float, pigment: str, strength: float = 0.8) -> Wash:
    """Return a stem along points (n, 2), thinner towards its end."""
    line = BrushLine(points, 2 * thick * np.linspace(1, 0.25, len(points)))

    def shape(wet: Wet) -> Floats:
        return floats(0.0007 * wet.rough - line.measure(wet.patch.x, wet.patch.y)[0])

    low, top = points.min(axis=0) - 0.01, points.max(axis=0) + 0.01
    return Wash(shape, pigment, strength, 0.4, 0.0014, box=(low[0], low[1], top[0], top[1]))
