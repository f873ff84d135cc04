"""Plants in watercolour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.distance import floats
from palimpsest.drawing.scenes.washes import Scene, Wash, Wet, disc, ramp, stem
from palimpsest.media.raster import Floats


def _leaf(
    scene: Scene,
    x0: float,
    y0: float,
    heading: float,
    long: float,
    broad: float,
    pigment: str,
    strength: float,
    second: str,
) -> list[Wash]:
    """Return a leaf that grows from (x0, y0): one wash, a second colour charged into it wet, and a vein."""
    cos, sin, curl = np.cos(heading), np.sin(heading), scene.between(-0.25, 0.25)

    def local(wet: Wet) -> tuple[Floats, Floats]:
        dx, dy = wet.patch.x - x0, wet.patch.y - y0
        u = (dx * cos + dy * sin) / long
        return u, dy * cos - dx * sin - curl * long * u * u

    def shape(wet: Wet) -> Floats:
        u, v = local(wet)
        t = np.clip(u, 0, 1)
        half = broad * np.sin(np.pi * t**0.8) ** 0.9 * (1 - 0.3 * t)
        return np.where((u > 0) & (u < 1), half - np.abs(v), -0.02) * 0.85 + 0.0012 * wet.rough

    def vein(wet: Wet) -> Floats:
        u, v = local(wet)
        return np.where((u > -0.08) & (u < 0.85), 0.0016 * (1.1 - u) - np.abs(v), -0.02)

    def tip(wet: Wet) -> Floats:
        u, v = local(wet)
        return ramp(u + 0.25 * wet.flow + 4 * v / long * 0.3, 0.25, 0.95)

    def body(wet: Wet) -> Floats:
        u, v = local(wet)
        return (1.05 - 0.6 * ramp(u + 0.2 * wet.flow, 0.1, 1)) * np.where(v > 0, 1.0, 0.78)

    reach = long * 1.25 + broad
    box = (x0 - reach, y0 - reach, x0 + reach, y0 + reach)
    return [
        Wash(shape, pigment, strength, 0.6, fade=body, box=box),
        Wash(shape, second, strength * 0.9, 0.4, fade=tip, box=box),
        Wash(vein, "dark", 0.35, 0.0, 0.0016, box=box),
    ]


def _arc(x0: float, y0: float, heading: float, bend: float, long: float, count: int = 14) -> NDArray[np.float64]:
    turn = heading + bend * np.linspace(0, 1, count)
    steps = np.stack([np.cos(turn), np.sin(turn)], 1) * (long / (count - 1))
    steps[0] = (x0, y0)
    return np.cumsum(steps, axis=0)


def _spatter(scene: Scene, pigment: str, count: int) -> list[Wash]:
    return [
        disc(
            scene.between(0.05, scene.wide - 0.05),
            scene.between(0.05, scene.high - 0.05),
            0.0012 + 0.006 * scene.between(0, 1) ** 4,
            pigment,
            0.5,
            0.0016,
        )
        for _ in range(count)
    ]


def _ground(scene: Scene) -> list[Wash]:
    """Return a loose wet wash behind a plant, that leaves most of the paper white."""
    cx, cy = scene.wide * scene.between(0.35, 0.65), scene.high * scene.between(0.35, 0.65)

    def shape(wet: Wet) -> Floats:
        far = np.hypot((wet.patch.x - cx) / scene.wide, (wet.patch.y - cy) / scene.high)
        return floats(0.37 - far + 0.09 * wet.flow + 0.012 * wet.rough)

    def half(wet: Wet) -> Floats:
        return ramp(wet.flow + 2 * (wet.patch.x - cx) / scene.wide, -0.8, 1.2)

    def rest(wet: Wet) -> Floats:
        return 1 - half(wet)

    return [Wash(shape, "sky", 0.42, 0.35, 0.03, 0.6, fade=half), Wash(shape, "glow", 0.42, 0.35, 0.03, 0.4, fade=rest)]


def leaves(scene: Scene) -> list[Wash]:
    """Paint a few leafy branches over a loose ground."""
    washes = _ground(scene)
    pigments = ("leaf", "leaf2", "mid", "far", "warm")
    for branch in range(int(scene.rng.integers(3, 5))):
        x0, y0 = scene.wide * scene.between(0.25, 0.75), scene.high * 1.02
        heading = -np.pi / 2 + (0.5 - x0 / scene.wide) * 0.5 + scene.between(-0.35, 0.35)
        path = _arc(x0, y0, heading, scene.between(-0.8, 0.8), scene.high * scene.between(0.75, 0.98), 22)
        main = pigments[int(scene.rng.integers(0, 4 if branch else 2))]
        washes.append(stem(path, 0.0055, "near", 0.7))
        for number in range(3, 22):
            long = (0.2 - 0.006 * number) * scene.between(0.8, 1.2)
            way = np.arctan2(*(path[number] - path[number - 1])[::-1])
            side = 1 if number % 2 else -1
            second = pigments[int(scene.rng.integers(0, 5))]
            leaf = _leaf(
                scene,
                float(path[number, 0]),
                float(path[number, 1]),
                way + side * scene.between(0.55, 1.0),
                long,
                long * scene.between(0.16, 0.24),
                main,
                scene.between(0.4, 0.75),
                second,
            )
            washes += leaf
    return [*washes, *_spatter(scene, "leaf2", 26)]


def poppies(scene: Scene) -> list[Wash]:
    """Paint poppies, each head clear of the others."""
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
        path = (
            np.array([[foot, scene.high * 1.02]]) * (1 - t)
            + np.array([[x, y + 0.66 * size]]) * t
            + bow * np.sin(np.pi * t)
        )
        washes.append(stem(path, 0.006 + 0.02 * size, "leaf", 0.85))
        for number in scene.rng.integers(1, 8, 3):
            way = -np.pi / 2 + float(scene.rng.choice([-1, 1])) * scene.between(0.3, 1.1)
            long = scene.between(0.12, 0.26)
            washes += _leaf(
                scene,
                float(path[number, 0]),
                float(path[number, 1]),
                way,
                long,
                long * 0.13,
                "leaf",
                scene.between(0.45, 0.8),
                "leaf2",
            )
    for head in sorted(heads, key=lambda each: each[2]):
        washes += _poppy(scene, *head)
    return [*washes, *_spatter(scene, "accent", 30)]


def _poppy(scene: Scene, cx: float, cy: float, size: float) -> list[Wash]:
    """Return a poppy: four or five crumpled petals that glaze one another, a dark heart, stamens."""
    washes, start, tilt = [], scene.between(0, 6), scene.between(0.62, 0.95)
    count = int(scene.rng.integers(4, 6))
    for number in range(count):
        turn = start + number * 2 * np.pi / count + scene.between(-0.2, 0.2)
        px, py = cx + 0.42 * size * np.cos(turn), cy + 0.42 * size * tilt * np.sin(turn)
        washes.append(_petal(scene, (cx, cy), (px, py), size, turn, tilt))
    washes.append(disc(cx, cy, 0.13 * size, "dark", 0.95, 0.012))
    for _ in range(26):
        turn, far = scene.between(0, 6.28), size * scene.between(0.16, 0.36)
        washes.append(
            disc(
                cx + far * np.cos(turn),
                cy + far * tilt * np.sin(turn),
                0.004 + 0.012 * size * scene.between(0.3, 1),
                "dark",
                0.9,
                0.0016,
            )
        )
    return washes


def _petal(
    scene: Scene, heart: tuple[float, float], middle: tuple[float, float], size: float, turn: float, tilt: float
) -> Wash:
    (cx, cy), (px, py), row = heart, middle, scene.between(0, 90)

    def shape(wet: Wet) -> Floats:
        dx, dy = wet.patch.x - px, (wet.patch.y - py) / tilt
        around = np.arctan2(dy, dx)
        crumple = 0.06 * np.sin(3 * around + row) + 0.035 * np.sin(7 * around + 2 * row)
        return floats(0.62 * size * (1 + crumple) - np.hypot(dx, dy) + 0.003 * wet.rough)

    def fade(wet: Wet) -> Floats:
        dx, dy = wet.patch.x - cx, (wet.patch.y - cy) / tilt
        far = np.hypot(dx, dy) / size
        pleat = 0.12 * np.sin(np.arctan2(dy, dx) * 26 + row + 0.8 * wet.rough) * ramp(far, 0.1, 0.5)
        shade = 0.5 + 0.5 * np.cos(np.arctan2(dy, dx) - turn + 0.5)
        return floats(0.3 + 0.45 * shade * ramp(far, 1.1, 0.1) + 0.35 * ramp(far, 0.55, 1.05) + pleat + 0.14 * wet.flow)

    reach = 0.85 * size
    return Wash(shape, "accent", 0.58, 0.6, fade=fade, box=(px - reach, py - reach, px + reach, py + reach))
