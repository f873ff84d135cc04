"""What a landscape in thick paint is made of: coats of strokes for skies, ground, trees and flowers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.distance import Mask, floats, mask
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import along
from palimpsest.media.raster import Floats

SUBJECTS = ("wheat", "sea", "cypresses", "orchard", "mountain", "flowers")

MOODS = ("noon", "dusk", "night", "spring", "storm", "autumn")

PALETTES = {
    "noon": {
        "sky": "#1f5fb0 #3f8fd0 #8cc4dc #e6e8c8", "sun": "#fff3b0 #ffd84a #f6a821", "cloud": "#f4f1e6 #c9d6e6 #8fa9cf",
        "far": "#5b86b5 #7aa7a8", "hill": "#3f7a5a #8aa84a #2d5c66", "field": "#e8b52c #f3d05a #c98a1e #9a6a1f",
        "leaf": "#2f6b3a #5c9440 #a8bf4f #17402f", "dark": "#1b2f4f #2a2440", "bloom": "#f7f0e6 #f3b4b0 #e2603d",
        "water": "#12507f #1f83a6 #62bfc0 #e9f3e4", "earth": "#b06a3a #d49a5a #7b4a3a",
    },
    "dusk": {
        "sky": "#3b3a7a #8a5a9c #e58a6a #ffc46b", "sun": "#fff0b8 #ff9f4a #ef5f3a", "cloud": "#ffd0a0 #e98b86 #7c5a9a",
        "far": "#6a5a9a #a06a92", "hill": "#4a3f74 #7d4a6e #3a5a6e", "field": "#d98a3a #f0b45a #a6503c #6e3a52",
        "leaf": "#3a4a5e #5e6a4a #a08a4a #2a2a44", "dark": "#241c3c #3a1f3f", "bloom": "#ffe3b8 #f47a6a #c83a5a",
        "water": "#2c2f66 #6a4f92 #e08a78 #ffd79a", "earth": "#7a3f4a #b4644a #4a2f4c",
    },
    "spring": {
        "sky": "#5aa3cf #8fc9dd #c7e4dd #f6ecd6", "sun": "#fffbe0 #fff0a0 #f8d36a", "cloud": "#ffffff #f3dfe0 #b4cbe2",
        "far": "#8fb0cf #a8c6b4", "hill": "#7fae7a #b4c76a #5a9486", "field": "#9cc25a #cfdc7a #6aa45a #f0e29a",
        "leaf": "#4f8f4a #8cbf5a #d2dc7c #2c6a4f", "dark": "#3a3f5c #5a3a4a", "bloom": "#fff4f2 #f6b9c8 #e87f9c",
        "water": "#2f7fa0 #5fb3b8 #a8dccb #fbf6e2", "earth": "#b98a6a #d8b48c #8a6a6a",
    },
    "storm": {
        "sky": "#2c3a4a #4f6472 #8a9a98 #d8cfae", "sun": "#fff5d0 #f2dca0 #c9b184", "cloud": "#dfe2d8 #8f9da0 #3f4f5e",
        "far": "#5a6a78 #74807c", "hill": "#3a4f4a #6a744a #2c3c44", "field": "#b09a4a #d4c07a #7c6a34 #4f5234",
        "leaf": "#2f4a3a #56683f #8f9450 #1c2f2f", "dark": "#161f28 #2a2426", "bloom": "#f0ead8 #d8a05a #b0523a",
        "water": "#16303c #2f5a62 #6f9a94 #e8ead8", "earth": "#6a5440 #94785a #43382f",
    },
    "night": {
        "sky": "#101f52 #1c3f8a #2f6fae #7fb3a8", "sun": "#fff6c0 #ffe06a #e8b23a", "cloud": "#9fc4d8 #4a7fc0 #1f3f8c",
        "far": "#1f3a74 #2f5a84", "hill": "#14305a #1f5560 #2a3f7a", "field": "#2f6a6a #7a9a4a #1c4a5c #c9b24a",
        "leaf": "#12383f #1f5a4a #4a7f4f #0a1c30", "dark": "#070f26 #1a1030", "bloom": "#fff0b0 #f0b84a #7fb8e0",
        "water": "#0c1c48 #1a4a86 #3f8fb0 #ffe9a0", "earth": "#3a3f5a #5a5a6a #1f2440",
    },
    "autumn": {
        "sky": "#5f8fb4 #9bb8bf #dccfae #f4dfa8", "sun": "#fff4c8 #fbd478 #ee9a3a", "cloud": "#f7efe0 #d8c4b8 #8f9cb4",
        "far": "#8a86a8 #a89a92", "hill": "#a8562f #c98a3a #6a5a4a", "field": "#c9742a #e8a83f #94431f #6f6a34",
        "leaf": "#b8401f #e0782a #f2b53a #6a2a1f", "dark": "#2f1f24 #40281c", "bloom": "#ffe6b0 #f29a3a #c0361f",
        "water": "#274a66 #4f7f8c #c9a878 #f8e6b8", "earth": "#7a4a2c #ab7444 #4a3028",
    },
}  # fmt: skip

Points = Floats

Field2 = Callable[[Points, Points], Floats]


@dataclass(frozen=True)
class Coat:
    """One layer of strokes: where they lie, where they point, what colour they are, how large (shares of the shorter side)."""

    inside: Callable[[Points, Points], Mask]
    colour: Field2
    angle: Field2
    width: float = 0.022
    length: float = 4.5
    cover: float = 2.4
    load: float = 0.75
    jitter: float = 0.035
    box: tuple[float, float, float, float] = (0, 0, 1, 1)
    nearer: float = 0.0


@dataclass(frozen=True)
class Scene:
    """What every part of a picture needs: its size in units of the shorter side, its palette, its chance."""

    wide: float
    high: float
    ramps: dict[str, Floats]
    noise: Noise
    rng: np.random.Generator

    def ramp(self, name: str, t: NDArray[np.floating]) -> Floats:
        """Return OKLab colours along a ramp; `t` from 0 to 1."""
        return along(self.ramps[name], t)

    def pick(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Return one of a ramp's own colours for each point."""
        return self.ramps[name][self.rng.integers(0, len(self.ramps[name]), shape)]

    def ridge(self, level: float, swing: float, frequency: float) -> Callable[[Points], Floats]:
        """Return the height of a skyline over x; both as shares of the picture's height."""
        row = float(self.rng.uniform(0, 100))
        return lambda x: self.high * (level + swing * self.noise.with_cells(frequency, 3).at(x, np.full_like(x, row)))


def everywhere(x: Points, _: Points) -> Mask:
    """Cover the whole picture."""
    return np.ones(len(x), bool)


def sky(scene: Scene, horizon: float, *, whirl: float, sun: tuple[float, float, float]) -> list[Coat]:
    """Return a sky that turns about a few centres, brighter in rings about the sun (x, y, radius as shares)."""
    noise, sun_x, sun_y, radius = scene.noise, sun[0] * scene.wide, sun[1] * scene.high, sun[2]
    centres = _whirls(scene, horizon, (sun_x, sun_y, radius * 2.2))

    def angle(x: Points, y: Points) -> Floats:
        across = 1.0 + 0.2 * noise.with_cells(1.5).at(x, y)
        down = 0.35 * noise.with_cells(1.8, 2).at(x + 9, y)
        for cx, cy, size, turn in centres:
            dx, dy = x - cx, y - cy
            pull = whirl * turn * 3.0 * np.exp(-(dx * dx + dy * dy) / (size * size)) / size
            across, down = across - dy * pull, down + dx * pull
        return floats(np.arctan2(down, across))

    def colour(x: Points, y: Points) -> Floats:
        t = y / (horizon * scene.high) + 0.14 * noise.with_cells(3, 3).at(x * 0.6, y * 2)
        lab = scene.ramp("sky", t)
        cloud = np.clip(noise.with_cells(2.4, 3).at(x * 0.5 + 31, y * 1.5) * 0.8 - 0.25, 0, 1)[:, None]
        lab = (
            lab * (1 - cloud)
            + scene.ramp("cloud", 0.5 - 0.5 * noise.with_cells(3.2, 2).at(x * 0.5 + 31, (y - 0.05) * 1.5)) * cloud
        )
        for cx, cy, size, _ in centres:
            far = np.hypot(x - cx, y - cy) / size
            ring = (np.exp(-far * far) * (0.5 + 0.5 * np.cos(far * 9)) * 0.55)[:, None]
            lab = lab * (1 - ring) + scene.ramps["cloud"][0] * ring
        far = np.hypot(x - sun_x, y - sun_y) / radius
        glow = np.exp(-np.maximum(far - 1, 0) * 0.9)[:, None] * 0.9
        return floats(lab * (1 - glow) + scene.ramp("sun", (far - 0.4) / 2.2) * glow)

    def above(_: Points, y: Points) -> Mask:
        return y < (horizon + 0.06) * scene.high

    def disc(x: Points, y: Points) -> Mask:
        return mask(np.hypot(x - sun_x, y - sun_y) < radius * 0.9)

    def face(x: Points, y: Points) -> Floats:
        return scene.ramp("sun", np.hypot(x - sun_x, y - sun_y) / radius * 0.5)

    box = (-0.03, -0.03, 1.03, min(horizon + 0.08, 1.03))
    return [
        Coat(above, colour, lambda x, y: 0.4 * noise.with_cells(2).at(x, y), 0.06, 3, 2.0, 1.0, box=box),
        Coat(above, colour, angle, 0.045, 4, 2.0, 0.85, box=box),
        Coat(above, colour, angle, 0.02, 6, 2.6, 0.75, 0.04, box=box),
        Coat(disc, face, angle, 0.022, 3, 5, 1.0, 0.02, box=box),
    ]


def _whirls(scene: Scene, horizon: float, sun: tuple[float, float, float]) -> list[tuple[float, float, float, float]]:
    """Return the places that a sky turns about, the sun's first: x, y, size, and which way (1 or -1)."""
    rng = scene.rng
    whirls = [(*sun, float(rng.choice([-1.0, 1.0])))]
    for _ in range(4):
        x, y, size = rng.uniform((0, 0, 0.1), (scene.wide, horizon * scene.high, 0.22))
        whirls.append((float(x), float(y), float(size), float(rng.choice([-1.0, 1.0]))))
    return whirls


def land(
    scene: Scene,
    top: Callable[[Points], Floats],
    ramp: str,
    *,
    slope: float = 0.0,
    width: float = 0.022,
    stripes: float = 0.0,
    bottom: float = 1.03,
) -> list[Coat]:
    """Ground below a skyline; `stripes` lays furrows that run towards the horizon."""
    noise, vanish = scene.noise, (float(scene.rng.uniform(0.2, 0.8)) * scene.wide)

    def angle(x: Points, y: Points) -> Floats:
        level = top(x + 0.02) - top(x - 0.02)
        lean = np.arctan2(level, np.float32(0.04)) + slope + 0.35 * noise.with_cells(4).at(x, y)
        if not stripes:
            return floats(lean)
        away = np.arctan2(y - top(x) + 0.06, (x - vanish) * 1.2)
        return floats(away + 0.15 * noise.with_cells(5).at(x, y))

    def colour(x: Points, y: Points) -> Floats:
        depth = (y - top(x)) / scene.high
        t = 0.45 + 0.3 * noise.with_cells(4, 3).at(x * 0.7, y * 2.2) + 0.25 * depth
        if stripes:
            ray = np.arctan2(y - top(x) + 0.06, (x - vanish) * 1.2)
            t = t + 0.28 * np.sin(ray * stripes)
        lab = scene.ramp(ramp, t)
        lab[:, 0] += 0.06 - 0.16 * np.clip(depth * 1.5, 0, 1)
        return lab

    def below(x: Points, y: Points) -> Mask:
        return y > top(x)

    box = (-0.03, 0.0, 1.03, bottom)
    return [
        Coat(below, colour, angle, width * 2.2, 3.5, 2.0, 0.9, box=box),
        Coat(below, colour, angle, width, 5, 2.6, 0.75, 0.045, box=box, nearer=0.9),
    ]


def tree(scene: Scene, x0: float, foot: float, half: float, tall: float, ramp: str = "leaf") -> list[Coat]:
    """Return a round tree: trunk and crown; places as shares of the picture, sizes in shorter sides."""
    noise, cx, base = scene.noise, x0 * scene.wide, foot * scene.high
    cy = base - tall * 0.75

    def crown(x: Points, y: Points) -> Mask:
        return mask(np.hypot((x - cx) / half, (y - cy) / (tall * 0.5)) < 1 + 0.22 * noise.with_cells(9, 2).at(x, y))

    def leaves(x: Points, y: Points) -> Floats:
        light = 0.45 - 0.4 * ((x - cx) / half * 0.5 + (y - cy) / tall) * 1.6 + 0.25 * noise.with_cells(14).at(x, y)
        return along(scene.ramps[ramp][[3, 0, 1, 2]], light)

    def trunk(x: Points, y: Points) -> Mask:
        bend = cx + 0.02 * np.sin((y - base) * 9)
        return mask((np.abs(x - bend) < 0.016 + 0.03 * np.clip((y - base) / tall + 0.12, 0, 1)) & (y < base) & (y > cy))

    box = (
        (cx - half * 1.4) / scene.wide,
        (cy - tall) / scene.high,
        (cx + half * 1.4) / scene.wide,
        (base + 0.01) / scene.high,
    )
    return [
        Coat(
            trunk,
            lambda x, _: scene.ramp("dark", (x - cx) * 20 + 0.3),
            lambda x, y: -1.5 + 0.3 * noise.with_cells(6).at(x, y),
            0.014,
            4,
            8,
            0.8,
            box=box,
        ),
        Coat(
            crown,
            leaves,
            lambda x, y: np.arctan2(y - cy, x - cx) + 2.2 * noise.with_cells(7).at(x, y),
            0.016,
            2.4,
            5,
            0.9,
            0.045,
            box,
        ),
    ]


def flame(scene: Scene, noise: Noise, cx: float, base: float, tall: float) -> Coat:
    """Return a cypress: strokes that rise and lean inwards; lengths in shorter sides."""

    def body(x: Points, y: Points) -> Mask:
        t = np.clip((base - y) / tall, 0, 1)
        half = 0.2 * tall * np.sqrt(t + 0.03) * (1 - t) ** 0.8
        sway = 0.035 * np.sin(t * 5 + cx * 9) * t
        return mask((np.abs(x - cx - sway) < half * (1 + 0.18 * noise.with_cells(12).at(x, y))) & (y < base))

    def colour(x: Points, y: Points) -> Floats:
        shade = 0.5 + 0.35 * noise.with_cells(7, 2).at(x * 2.4, y * 0.8)
        lab = np.where((shade < 0.3)[:, None], scene.ramps["leaf"][3], scene.ramp("leaf", shade * 0.55))
        lab[:, 0] -= 0.06
        return lab

    def angle(x: Points, y: Points) -> Floats:
        return floats(-np.pi / 2 + 0.5 * np.sin(y * 9 + x * 5) + 0.35 * noise.with_cells(5).at(x, y) + (cx - x) * 2)

    box = (
        (cx - 0.3 * tall) / scene.wide,
        (base - tall) / scene.high,
        (cx + 0.3 * tall) / scene.wide,
        base / scene.high,
    )
    return Coat(body, colour, angle, 0.017, 5, 6, 0.85, 0.03, box)


def blossoming(scene: Scene, x0: float, foot: float, half: float) -> list[Coat]:
    """Return a fruit tree: forked dark branches under a cloud of blossom."""
    noise, tall = scene.noise, half * 2.1
    cx, base = x0 * scene.wide, foot * scene.high
    cy = base - tall * 0.72
    lean = float(scene.rng.uniform(-0.3, 0.3))

    def wood(x: Points, y: Points) -> Mask:
        t = (base - y) / tall
        bend = (x - cx) - lean * tall * t - 0.08 * half * noise.with_cells(2 / half).at(x, y)
        spread = np.abs(np.abs(bend) - np.clip(t - 0.3, 0, 1) * tall * 0.42)
        return mask((spread < 0.075 * half * np.clip(1.3 - t * 1.2, 0.2, 1) + 0.003) & (t > 0) & (t < 0.72))

    def crown(x: Points, y: Points) -> Mask:
        far = np.hypot((x - cx - lean * tall * 0.6) / half, (y - cy) / (tall * 0.42))
        return mask(far + 0.3 * noise.with_cells(1.5 / half, 2).at(x, y) < 0.8)

    def petals(x: Points, y: Points) -> Floats:
        light = np.clip(
            0.35 + (y - cy) / tall + 0.3 * (x - cx) / half + 0.22 * noise.with_cells(3 / half).at(x, y), 0, 1
        )
        lab = scene.ramp("bloom", light * 0.8)
        green = (scene.rng.random(len(x)) < 0.14)[:, None]
        return np.where(green, scene.pick("leaf", (len(x),)), lab)

    box = (
        (cx - half * 1.7) / scene.wide,
        (base - tall * 1.4) / scene.high,
        (cx + half * 1.7) / scene.wide,
        base / scene.high,
    )
    size = 0.05 * half + 0.006
    return [
        Coat(
            wood,
            lambda x, y: scene.ramp("dark", 0.5 + noise.with_cells(20).at(x, y) * 0.5),
            lambda x, _: -1.57 + np.sign(x - cx) * 0.4,
            size,
            5,
            12,
            0.9,
            0.03,
            box,
        ),
        Coat(
            crown,
            petals,
            lambda x, y: 3 * noise.with_cells(0.9 / half, 2).at(x, y),
            size * 1.25,
            1.9,
            2.2,
            1.0,
            0.035,
            box,
        ),
    ]


def flower(scene: Scene, cx: float, cy: float, size: float) -> list[Coat]:
    """Return a flower seen at a slant: petals that point outwards, and a heart."""
    rng, noise = scene.rng, scene.noise
    tilt, petals, start = float(rng.uniform(0.6, 0.95)), int(rng.integers(5, 12)), float(rng.uniform(0, 6))
    hue = scene.ramps[("bloom", "sun", "bloom", "cloud")[int(rng.integers(0, 4))]]

    def polar(x: Points, y: Points) -> tuple[Floats, Floats]:
        dx, dy = x - cx, (y - cy) / tilt
        return np.hypot(dx, dy) / size, np.arctan2(dy, dx)

    def corolla(x: Points, y: Points) -> Mask:
        far, turn = polar(x, y)
        return mask(far < 0.82 + 0.2 * np.cos(petals * turn + start))

    def petal(x: Points, y: Points) -> Floats:
        far, turn = polar(x, y)
        return along(hue, 1.15 - far + 0.25 * np.sin(petals * turn + start) + 0.2 * noise.with_cells(9).at(x, y))

    def outwards(x: Points, y: Points) -> Floats:
        return floats(np.arctan2((y - cy) / tilt, x - cx))

    def heart(x: Points, y: Points) -> Mask:
        return polar(x, y)[0] < 0.3

    half = size * 1.1
    box = ((cx - half) / scene.wide, (cy - half) / scene.high, (cx + half) / scene.wide, (cy + half) / scene.high)
    return [
        Coat(corolla, petal, outwards, size * 0.17, 2.6, 4.5, 1.0, 0.03, box),
        Coat(
            heart, lambda x, _: scene.pick("earth", (len(x),)), lambda x, _: 9 * x, size * 0.12, 1.3, 3, 1.0, 0.03, box
        ),
    ]
