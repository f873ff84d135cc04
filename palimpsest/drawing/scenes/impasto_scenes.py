"""Landscapes in thick paint: each a list of coats, from the back to the front."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from palimpsest.drawing.distance import Mask, floats, mask
from palimpsest.drawing.scenes.impasto import (
    Coat,
    Points,
    Scene,
    blossoming,
    everywhere,
    flame,
    flower,
    land,
    sky,
    tree,
)
from palimpsest.media.raster import Floats


def _wheat(scene: Scene) -> list[Coat]:
    rng, noise = scene.rng, scene.noise
    horizon = float(rng.uniform(0.38, 0.52))
    field = scene.ridge(horizon, 0.02, 1.2)
    hills = scene.ridge(horizon - 0.05, 0.035, 1.6)

    def ears(x: Points, y: Points) -> Floats:
        return -1.25 + 0.5 * noise.with_cells(2.2, 2).at(x, y)

    def gold(x: Points, y: Points) -> Floats:
        lab = scene.ramp("field", 0.4 + 0.35 * noise.with_cells(3.5, 3).at(x, y * 1.8))
        poppy = (scene.rng.random(len(x)) < 0.05 + 0.1 * (noise.with_cells(3).at(x + 5, y) > 0.9))[:, None]
        return np.where(poppy, scene.pick("bloom", (len(x),)), lab)

    heaven = sky(scene, horizon, whirl=1.0, sun=(float(rng.choice([0.22, 0.76])), horizon * 0.42, 0.075))
    coats = [
        *heaven,
        *land(scene, hills, "far", width=0.016, bottom=horizon + 0.12),
        *land(scene, field, "field", stripes=26),
    ]
    box = (-0.03, horizon, 1.03, 1.05)
    coats.append(Coat(lambda x, y: y > field(x) + 0.03, gold, ears, 0.0115, 7, 1.5, 0.8, 0.05, box, 1.2))
    return [*coats, *tree(scene, float(rng.uniform(0.1, 0.9)), horizon + 0.03, 0.13, 0.2)]


def _cypresses(scene: Scene) -> list[Coat]:
    rng, noise = scene.rng, scene.noise
    horizon = float(rng.uniform(0.6, 0.7))
    side = float(rng.choice([0.0, 1.0]))
    coats = sky(scene, horizon, whirl=1.5, sun=(0.2 + 0.58 * side, float(rng.uniform(0.16, 0.26)), 0.06))
    for number, ramp in enumerate(("far", "hill", "hill")):
        skyline = scene.ridge(horizon - 0.05 + 0.075 * number, 0.045, 1.4 + 0.4 * number)
        coats += land(scene, skyline, ramp, width=0.016 + 0.003 * number, bottom=horizon + 0.3 + 0.1 * number)
    coats += land(scene, scene.ridge(horizon + 0.2, 0.02, 1.5), "field", width=0.018)
    for _ in range(int(rng.integers(2, 5))):
        tall = float(rng.uniform(0.3, 0.85))
        cx = (0.78 - 0.56 * side + float(rng.uniform(-0.17, 0.17))) * scene.wide
        coats.append(flame(scene, noise, cx, float(rng.uniform(0.86, 1.0)) * scene.high, tall))
    return coats


def _sea(scene: Scene) -> list[Coat]:
    rng, noise = scene.rng, scene.noise
    horizon = float(rng.uniform(0.3, 0.45))
    sun_x = float(rng.uniform(0.25, 0.75))
    coats = sky(scene, horizon, whirl=0.7, sun=(sun_x, horizon * 0.6, 0.065))
    phase = float(rng.uniform(0, 6))

    def depth(y: Points) -> Floats:
        return floats(np.clip((y / scene.high - horizon) / (1 - horizon), 0.002, 1.1))

    def swell(x: Points, y: Points) -> Floats:
        return floats(
            np.log(depth(y) + 0.06) * 9 + 1.1 * noise.with_cells(2.2, 2).at(x * 0.8, y * 1.6) + phase + x * 0.8
        )

    def colour(x: Points, y: Points) -> Floats:
        crest = np.sin(swell(x, y))
        t = 0.32 + 0.3 * crest + 0.14 * noise.with_cells(5, 2).at(x, y * 3) - 0.1 * depth(y)
        foam = crest + 0.4 * noise.with_cells(7, 2).at(x, y) > 1.2
        lab = np.where(foam[:, None], scene.ramps["water"][3], scene.ramp("water", np.minimum(t, 0.75)))
        track = np.exp(-(((x - sun_x * scene.wide) / (0.04 + 0.16 * depth(y))) ** 2)) * (0.35 + 0.4 * crest)
        shine = (track > 0.3 + 0.3 * scene.rng.random(len(x)))[:, None]
        return np.where(shine, scene.ramp("sun", 0.2 + 0.5 * scene.rng.random(len(x))), lab)

    def angle(x: Points, y: Points) -> Floats:
        turn = np.cos(swell(x, y)) * (0.15 + 0.75 * depth(y))
        return floats(turn + 0.25 * noise.with_cells(4).at(x, y))

    def below(_: Points, y: Points) -> Mask:
        return y > horizon * scene.high

    box = (-0.03, horizon, 1.03, 1.04)
    coats.append(Coat(below, colour, angle, 0.045, 4, 2.2, 0.9, 0.02, box, 0.8))
    coats.append(Coat(below, colour, angle, 0.018, 5.5, 3.4, 0.75, 0.04, box, 1.3))
    side = 1.0 if sun_x < 0.5 else 0.0
    cliff = scene.ridge(horizon - 0.02, 0.02, 5)

    def rock(x: Points, y: Points) -> Mask:
        rise = 0.34 * np.clip(1 - np.abs(x / scene.wide - side) / 0.34, 0, 1) ** 0.8
        return mask(
            (y > cliff(x) + 0.04 - rise * scene.high) & (y < scene.high * (horizon + 0.02 + 0.3 * rise)) & (rise > 0)
        )

    def stone(x: Points, y: Points) -> Floats:
        return scene.ramp("earth", 0.5 + 0.4 * noise.with_cells(6, 3).at(x * 2, y * 0.6))

    coats.append(Coat(rock, stone, lambda x, y: 1.3 + 0.5 * noise.with_cells(6).at(x, y), 0.022, 3.6, 5, 0.9, 0.04))
    return coats


def _orchard(scene: Scene) -> list[Coat]:
    rng = scene.rng
    horizon = float(rng.uniform(0.42, 0.54))
    coats = sky(scene, horizon, whirl=0.6, sun=(float(rng.uniform(0.1, 0.9)), 0.08, 0.05))
    coats += land(scene, scene.ridge(horizon - 0.05, 0.03, 1.5), "far", width=0.015, bottom=horizon + 0.15)
    coats += land(scene, scene.ridge(horizon, 0.012, 1.5), "field", stripes=14, width=0.02)
    for row in range(4):
        near = (row + 0.6) / 4
        for number in range(4 - row):
            x0 = (number + float(rng.uniform(0.05, 0.95))) / (4 - row)
            coats += blossoming(scene, x0, horizon + 0.06 + 0.36 * near**1.5, 0.09 + 0.17 * near)
    return coats


def _mountain(scene: Scene) -> list[Coat]:
    rng, noise = scene.rng, scene.noise
    shore = float(rng.uniform(0.6, 0.7))
    peak, rise = float(rng.uniform(0.3, 0.7)) * scene.wide, float(rng.uniform(0.36, 0.46)) * scene.high
    coats = sky(scene, shore, whirl=0.8, sun=(0.15 if peak > scene.wide / 2 else 0.85, 0.15, 0.05))

    def skyline(x: Points) -> Floats:
        steep = np.abs(x - peak) / (0.55 * scene.wide)
        rough = 0.035 * noise.with_cells(4, 3).at(x, np.full_like(x, 3.0))
        return floats(
            shore * scene.high - rise * np.clip(1 - steep**1.1, 0, 1) - 0.06 + rough * (0.3 + np.clip(1 - steep, 0, 1))
        )

    def rock(x: Points, y: Points) -> Floats:
        face = np.sin((x - peak) * 14 + 2.2 * noise.with_cells(4, 2).at(x, y) + y * 6) + np.clip(
            (peak - x) * 3, -0.6, 0.6
        )
        lab = scene.ramp("far", 0.5 + 0.5 * face)
        lab[:, 0] += 0.13 * np.tanh(2 * face)
        snow = (face > -0.1) & (y < skyline(x) + rise * (0.34 + 0.16 * noise.with_cells(7).at(x, y)))
        return np.where(snow[:, None], scene.ramps["cloud"][0], lab)

    def fall(x: Points, y: Points) -> Floats:
        return floats(np.where(x > peak, 0.85, 2.3) + 0.4 * noise.with_cells(5, 2).at(x, y))

    def lake(x: Points, y: Points) -> Floats:
        mirrored = 2 * shore * scene.high - y + 0.02 * noise.with_cells(5).at(x, y * 4)
        stone = (mirrored > skyline(x))[:, None]
        lab = np.where(stone, rock(x, mirrored), scene.ramp("sky", mirrored / (shore * scene.high)))
        water = scene.ramp("water", 0.35 + 0.3 * noise.with_cells(4, 2).at(x * 0.4, y * 5))
        return 0.5 * lab + 0.5 * water

    def wet(_: Points, y: Points) -> Mask:
        return y > shore * scene.high

    def massif(x: Points, y: Points) -> Mask:
        return (y > skyline(x)) & (y < shore * scene.high + 0.01)

    box = (-0.03, 0, 1.03, 1.03)
    coats.append(Coat(massif, rock, fall, 0.034, 3.5, 3, 0.9, 0.02, box))
    coats.append(Coat(massif, rock, fall, 0.016, 5, 3, 0.8, 0.035, box))
    coats.append(Coat(wet, lake, lambda x, y: 0.12 * noise.with_cells(6).at(x, y), 0.03, 5, 2.4, 0.9, 0.02, box))
    coats.append(Coat(wet, lake, lambda x, y: 0.12 * noise.with_cells(6).at(x, y), 0.014, 6, 2.4, 0.75, 0.045, box))
    trees = scene.ridge(shore - 0.01, 0.012, 6)
    bank = shore * scene.high + 0.012
    coats.append(Coat(lambda x, y: (y > trees(x) - 0.02) & (y < bank),
                      lambda x, y: scene.ramp("leaf", 0.3 + 0.4 * noise.with_cells(9).at(x, y)),
                       lambda x, _: np.full_like(x, -1.5), 0.012, 3, 5, 0.9, 0.03, box))  # fmt: skip
    return [*coats, *land(scene, scene.ridge(0.9, 0.04, 1.3), "field", width=0.02, slope=-0.6)]


def _flowers(scene: Scene) -> list[Coat]:
    rng, noise = scene.rng, scene.noise

    def ground(x: Points, y: Points) -> Floats:
        lab = scene.ramp("leaf", 0.35 + 0.3 * noise.with_cells(4, 3).at(x, y))
        lab[:, 0] -= 0.05
        return np.where(
            (noise.with_cells(2.5, 2).at(x + 7, y) > 0.7)[:, None],
            scene.ramp("sky", 0.3 + 0.2 * noise.with_cells(6).at(x, y)),
            lab,
        )

    def stems(x: Points, y: Points) -> Floats:
        return -1.4 + 0.8 * noise.with_cells(2.2, 2).at(x, y)

    coats = [
        Coat(everywhere, ground, stems, 0.045, 4, 2.4, 0.9, 0.03),
        Coat(everywhere, ground, stems, 0.016, 8, 2.4, 0.75, 0.05),
    ]
    placed: list[tuple[float, float, float]] = []
    for _ in range(400):
        y0 = float(rng.uniform(0.04, 0.98)) * scene.high
        size = (0.06 + 0.085 * y0 / scene.high) * float(rng.uniform(0.7, 1.3))
        x0 = float(rng.uniform(0, 1)) * scene.wide
        if (
            all(np.hypot(x0 - x1, y0 - y1) > 0.85 * (size + other) for x1, y1, other in placed)
            and len(placed) < 30 * scene.wide
        ):
            placed.append((x0, y0, size))
    for x0, y0, size in sorted(placed, key=lambda each: each[1]):
        coats += flower(scene, x0, y0, size)
    return coats


PAINTED: dict[str, Callable[[Scene], list[Coat]]] = {
    "wheat": _wheat,
    "cypresses": _cypresses,
    "sea": _sea,
    "orchard": _orchard,
    "mountain": _mountain,
    "flowers": _flowers,
}
