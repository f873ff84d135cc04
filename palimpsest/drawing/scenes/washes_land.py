"""Landscapes and waters in watercolour, and the list of all subjects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from palimpsest.drawing.distance import floats
from palimpsest.drawing.scenes.washes import Scene, Wash, Wet, birds, boat, fir, ramp, ridge, sky, stem
from palimpsest.drawing.scenes.washes_plants import leaves, poppies
from palimpsest.media.raster import Floats


def _hills(scene: Scene) -> list[Wash]:
    high, glow = scene.high, scene.wide * scene.between(0.2, 0.8)
    washes = sky(scene, high * 0.62, (glow, high * scene.between(0.16, 0.3), scene.between(0.035, 0.06)), 0.75)
    level = high * scene.between(0.36, 0.46)
    for number, pigment in enumerate(("far", "far", "mid", "mid", "near", "dark")):
        step = number / 5
        washes.append(
            ridge(scene, level, 0.055 - 0.012 * step, 1.5 + 0.8 * step, pigment, 0.5 + 0.45 * step, 0.12 + 0.16 * step)
        )
        level += high * (0.065 + 0.045 * step)
    washes += _grove(scene, level - 0.1 * high, 5, 0.12)
    return [*washes, *birds(scene, scene.wide - glow, high * scene.between(0.15, 0.3))]


def _grove(scene: Scene, foot: float, count: int, tall: float) -> list[Wash]:
    middle = scene.wide * scene.between(0.12, 0.88)
    return [
        fir(
            scene,
            middle + scene.between(-0.22, 0.22),
            foot + scene.between(-0.02, 0.04),
            tall * scene.between(0.7, 1.4),
            "dark",
            0.85,
        )
        for _ in range(count)
    ]


def _pines(scene: Scene) -> list[Wash]:
    high, side = scene.high, scene.wide * scene.between(0.2, 0.8)
    washes = [
        *sky(scene, high * 0.75, (side, high * scene.between(0.18, 0.28), scene.between(0.05, 0.08)), 0.45),
    ]
    washes.append(ridge(scene, high * 0.4, 0.05, 1.6, "far", 0.45, 0.16))
    for layer, (pigment, strength) in enumerate((("far", 0.55), ("mid", 0.6), ("near", 0.75), ("dark", 0.95))):
        near = layer / 3
        foot = high * (0.58 + 0.33 * near**1.2)
        washes.append(ridge(scene, foot - 0.01, 0.014, 3, pigment, strength * 0.75, 0.06 + 0.07 * near))
        gap = scene.between(0, scene.wide)
        for _ in range(int((15 - 9 * near) * max(scene.wide, 1))):
            cx = scene.between(-0.02, scene.wide + 0.02)
            if abs(cx - gap) > 0.07 + 0.1 * near:
                tall = (0.12 + 0.42 * near**1.3) * scene.between(0.6, 1.2) * min(high, 1.2)
                washes.append(
                    fir(scene, cx, foot + scene.between(-0.005, 0.03), tall, pigment, strength, 0.35 * tall + 0.03)
                )
    return [*washes, *birds(scene, side, high * 0.2)]


def _sea(scene: Scene) -> list[Wash]:
    high, wide = scene.high, scene.wide
    horizon, glow = high * scene.between(0.42, 0.55), wide * scene.between(0.25, 0.75)
    washes = sky(scene, horizon, (glow, horizon - scene.between(0.07, 0.16), scene.between(0.025, 0.045)), 0.7)

    def water(wet: Wet) -> Floats:
        return wet.patch.y - horizon + 0.0007 * wet.rough

    def swell(wet: Wet) -> Floats:
        down = np.clip((wet.patch.ys - horizon) / (high - horizon), 0, 1)[:, None]
        wave = scene.noise.with_cells(1, 4, stretch=(2.4, 7)).grid(
            wet.patch.xs, np.log(np.maximum(wet.patch.ys - horizon, 0) + 0.03)
        )
        light = 1 - 0.75 * np.exp(-(((wet.patch.x - glow) / (0.05 + 0.25 * down)) ** 2))
        return floats((0.35 + 0.5 * down) * (0.6 + 0.6 * ramp(wave, -0.6, 0.9)) * light)

    def crests(wet: Wet) -> Floats:
        wave = scene.noise.with_cells(1, 3, stretch=(3.4, 11)).grid(
            wet.patch.xs + 7, np.log(np.maximum(wet.patch.ys - horizon, 0) + 0.03)
        )
        return floats(np.minimum(0.02 * (wave - 0.75), wet.patch.y - horizon - 0.015))

    washes.append(Wash(water, "mid", 0.95, 0.25, grain=0.55, fade=swell))
    washes.append(Wash(water, "sky", 0.6, 0.0, 0.01, dry=0.22))
    washes.append(Wash(crests, "near", 0.5, 0.3, 0.003, dry=0.3))
    side = -1.0 if glow > wide / 2 else 1.0
    for number, (reach, rise, pigment) in enumerate(((0.62, 0.08, "far"), (0.42, 0.15, "mid"), (0.24, 0.2, "near"))):
        washes.append(
            _headland(scene, horizon + 0.006 * number, side, reach * wide, rise, pigment, 0.6 + 0.15 * number)
        )
    for _ in range(int(scene.rng.integers(1, 4))):
        near = scene.between(0.05, 0.75)
        washes += boat(
            scene,
            wide * (0.5 - side * scene.between(-0.12, 0.36)),
            horizon + near * 0.55 * (high - horizon),
            0.07 + 0.22 * near,
        )
    return [*washes, *birds(scene, wide * (0.5 - side * 0.2), horizon * 0.4)]


def _headland(scene: Scene, foot: float, side: float, reach: float, rise: float, pigment: str, strength: float) -> Wash:
    row = scene.between(0, 90)

    def shape(wet: Wet) -> Floats:
        from_side = (scene.wide - wet.patch.xs) if side > 0 else wet.patch.xs
        slope = np.clip(1 - from_side / reach, 0, 1) ** 0.7
        top = foot - rise * slope * (0.8 + 0.25 * scene.line(wet.patch.xs, row, 5)) - 0.004
        return floats(
            np.where(from_side < reach, np.minimum(wet.patch.y - top, foot + 0.003 - wet.patch.y), -0.1)
            + 0.001 * wet.rough
        )

    def fade(wet: Wet) -> Floats:
        return 0.55 + 0.55 * ramp(wet.rough + wet.flow, -1.5, 1.5)

    return Wash(
        shape, pigment, strength, 0.4, grain=0.5, fade=fade, box=(0, foot - 1.7 * rise, scene.wide, foot + 0.01)
    )


def _lagoon(scene: Scene) -> list[Wash]:
    high, wide = scene.high, scene.wide
    shore, glow = high * scene.between(0.5, 0.58), wide * scene.between(0.25, 0.75)
    washes = sky(scene, shore, (glow, shore - scene.between(0.12, 0.26), 0.04), 0.85)
    for layer, (pigment, strength) in enumerate((("far", 0.55), ("mid", 0.65))):
        towers = _skyline(scene, layer)
        washes.append(_city(scene, shore + 0.012 * layer, towers, pigment, strength, mirrored=False))
        washes.append(_city(scene, shore + 0.012 * layer, towers, pigment, strength * 0.7, mirrored=True))

    def water(wet: Wet) -> Floats:
        return wet.patch.y - shore - 0.012 + 0.0008 * wet.rough

    def tide(wet: Wet) -> Floats:
        down = np.clip((wet.patch.ys - shore) / (high - shore), 0, 1)[:, None]
        wave = scene.noise.with_cells(1, 4, stretch=(1.6, 9)).grid(
            wet.patch.xs, np.log(np.maximum(wet.patch.ys - shore, 0) + 0.04)
        )
        light = 1 - 0.7 * np.exp(-(((wet.patch.x - glow) / (0.04 + 0.12 * down)) ** 2)) * (wave > -0.5)
        return floats((0.15 + 0.6 * down) * (0.55 + 0.7 * ramp(wave, -0.5, 0.8)) * light)

    washes.append(Wash(water, "sky", 0.9, 0.0, 0.004, grain=0.5, fade=tide))
    washes.append(Wash(water, "mid", 0.55, 0.0, 0.004, grain=0.5, fade=tide, dry=0.1))
    for _ in range(5):
        washes += boat(
            scene,
            wide * scene.between(0.08, 0.92),
            shore + scene.between(0.04, 0.36) * (high - shore),
            scene.between(0.06, 0.17),
        )
    corner = wide * scene.between(0.1, 0.9)
    for _ in range(6):
        x = corner + scene.between(-0.09, 0.09)
        foot = shore + (high - shore) * scene.between(0.62, 0.8)
        washes.append(stem(np.array([[x, foot], [x + 0.004, foot - scene.between(0.12, 0.2)]]), 0.006, "dark", 0.8))
    return [*washes, *birds(scene, wide - glow, high * 0.18)]


def _skyline(scene: Scene, layer: int) -> list[tuple[float, float, float, str]]:
    """Draw buildings as (x, half width, height, kind)."""
    kinds = ("house", "house", "house", "tower", "dome", "house", "spire")
    buildings, x = [], scene.between(-0.05, 0.1) + layer * scene.between(0, 0.25) * scene.wide
    end = scene.wide * (1.05 if layer == 0 else scene.between(0.5, 1.0))
    while x < end:
        kind = kinds[int(scene.rng.integers(0, len(kinds)))]
        half = scene.between(0.02, 0.05) if kind in ("house", "dome") else scene.between(0.01, 0.016)
        tall = (
            {"house": 0.05, "dome": 0.075, "tower": 0.17, "spire": 0.12}[kind]
            * scene.between(0.7, 1.4)
            * (1 + 0.35 * layer)
        )
        buildings.append((x + half, half, tall, kind))
        x += 2 * half * scene.between(0.75, 1.0) + (scene.between(0.01, 0.05) if scene.rng.random() < 0.2 else 0)
    return buildings


def _city(
    scene: Scene,
    foot: float,
    buildings: list[tuple[float, float, float, str]],
    pigment: str,
    strength: float,
    *,
    mirrored: bool,
) -> Wash:
    def shape(wet: Wet) -> Floats:
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
        return floats(np.minimum(best, up + 0.001) + 0.0009 * wet.rough)

    def fade(wet: Wet) -> Floats:
        up = (wet.patch.y - foot) if mirrored else (foot - wet.patch.y)
        panes = 0.2 * (np.sin(wet.patch.x * 210) * np.sin(wet.patch.y * 260) > 0.45) * (not mirrored)
        base = np.exp(-np.maximum(up, 0) / 0.14) if mirrored else 0.5 + 0.6 * ramp(up, 0, 0.16)
        return floats(base * (0.75 + 0.35 * ramp(wet.flow + wet.rough, -1.5, 1.5)) + panes)

    box = (0.0, foot - 0.4, scene.wide, foot + 0.45)
    return Wash(shape, pigment, strength, 0.45, 0.004 if mirrored else 0.0016, grain=0.45, fade=fade, box=box)


PAINTED: dict[str, Callable[[Scene], list[Wash]]] = {
    "hills": _hills,
    "sea": _sea,
    "leaves": leaves,
    "pines": _pines,
    "lagoon": _lagoon,
    "poppies": poppies,
}
