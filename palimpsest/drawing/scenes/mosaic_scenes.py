"""Designs for mosaics, drawn on the plan region by region, the last on top."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.scenes.mosaic import OUTLINE, Plan, branch, cloud, frame, leaf, star, waves, weed


def _sun(plan: Plan) -> None:
    cx, cy = plan.wide * plan.between(0.25, 0.75), plan.high * plan.between(0.28, 0.42)
    radius, rays = plan.between(0.11, 0.15), plan.whole(14, 22)
    far, turn = np.hypot(plan.x - cx, plan.y - cy), np.arctan2(plan.y - cy, plan.x - cx)
    for number, reach in enumerate((9.0, 0.66, 0.52, 0.39)):
        plan.lay(
            far < reach, "sea" if number % 2 else "ground", 0.15 + 0.17 * number, (("white", 1),) if number else ()
        )
    length = np.where(np.floor((turn / (2 * np.pi) * rays) % 2) < 1, 0.15, 0.24)
    ray = np.abs(((turn / (2 * np.pi) * rays) % 1) - 0.5) * 2
    plan.lay(
        (far > radius) & (far < radius + length * (1 - ray**1.2)), "warm", 0.1 + 2.6 * (far - radius), (("gold", 1),)
    )
    plan.lay(far < radius, "gold", 0.5 + 0.4 * np.cos(3 * turn), (("red", 0), ("warm", 1)))
    for _ in range(plan.whole(2, 4)):
        cloud(plan, plan.wide * plan.between(0.05, 0.95), plan.high * plan.between(0.1, 0.5), plan.between(0.05, 0.085))
    waves(plan, plan.high * plan.between(0.58, 0.68), np.ones(plan.x.shape, bool))


def _fish(plan: Plan) -> None:
    inside = np.ones(plan.x.shape, bool)
    level = -0.1
    while level < plan.high + 0.15:
        swing, phase, tone = plan.between(0.012, 0.03), plan.between(0, 6), plan.between(0.02, 0.5)
        line = level + swing * np.sin(plan.x * 7 + phase)
        plan.lay(inside & (plan.y > line), "sea", tone + 0.25 * np.clip((plan.y - line) * 8, 0, 1))
        level += plan.between(0.07, 0.13)
    for _ in range(plan.whole(3, 5)):
        weed(plan, plan.wide * plan.between(0.1, 0.9), plan.between(0.15, 0.35), inside)
    start = plan.between(0.2, 0.34)
    lean = plan.between(-0.2, 0.2)  # of the whole shoal, so that no fish lies across another
    ramps = plan.rng.permutation(np.array(["warm", "red", "gold", "white", "leaf"]))
    for number in range(3):
        cx, cy = (
            plan.wide * ((start + 0.25 * number) % 0.4 + 0.3),
            plan.high * (0.25 + 0.25 * number + plan.between(-0.03, 0.03)),
        )
        _one_fish(
            plan,
            cx,
            cy,
            plan.between(0.36, 0.44),
            lean + plan.between(-0.1, 0.1),
            float(plan.rng.choice([-1.0, 1.0])),
            str(ramps[number]),
        )
    frame(plan)


def _one_fish(plan: Plan, cx: float, cy: float, long: float, turn: float, way: float, ramp: str) -> None:
    dx, dy = way * (plan.x - cx), plan.y - cy
    u = (dx * np.cos(turn) + dy * np.sin(turn)) / long
    v = (dy * np.cos(turn) - dx * np.sin(turn)) / long - 0.05 * np.sin(u * 4)
    half = 0.27 * np.sqrt(np.clip(0.25 - u * u, 0, 1)) * 2 * (0.8 + 0.35 * u)
    fork = (u < -0.38) & (u > -0.72) & (np.abs(v) < (-0.36 - u) * 0.75) & (np.abs(v) > (-0.56 - u) * 0.8)
    plan.lay(fork, "warm", 0.5 - v, OUTLINE)
    back = (v < 0) & (np.abs(u - 0.02) < 0.22) & (-v < half + 0.13 * np.cos((u - 0.02) * 7))
    plan.lay(back & (-v > half - 0.03), "red", 0.5, OUTLINE)
    body = (np.abs(v) < half) & (np.abs(u) < 0.5)
    plan.lay(body, ramp, 0.5 + 2.2 * v, OUTLINE)
    scale = np.sin(u * 46) * np.sin(v * 60)
    plan.lay(body & (np.abs(v + 0.01) < 0.035) & (u < 0.2) & (u > -0.42), "white", 0.3 + 0.3 * scale)
    plan.lay(
        body & (np.hypot(u - 0.62, v) > 0.36) & (np.hypot(u - 0.62, v) < 0.36 + 1.3 * plan.row / long), "dark", 0.5
    )
    eye = np.hypot(u - 0.36, v + 0.045)
    plan.lay(eye < 0.058, "white", 0.0)
    plan.lay(eye < 0.022, "dark", 0.0)


def _bird(plan: Plan) -> None:
    plan.lay(
        np.ones(plan.x.shape, bool), "ground", 0.4 + 0.25 * plan.noise.with_cells(2.5, 2).grid(plan.x[0], plan.y[:, 0])
    )
    way = float(plan.rng.choice([-1.0, 1.0]))
    cx, cy, size = plan.wide * (0.5 - 0.03 * way), plan.high * plan.between(0.44, 0.5), plan.between(0.58, 0.66)
    t = np.linspace(0, 1, 12)
    bough = np.stack(
        [plan.wide * (0.12 + 0.76 * t), cy + 0.25 * size + 0.1 * np.sin(t * 4 + plan.between(0, 3)) * (0.3 + t)], 1
    )
    for number in range(1, 12, 2):
        for side in (-1, 1):
            turn = side * plan.between(0.5, 1.2) + (0.0 if number < 7 else 0.2)
            leaf(
                plan,
                float(bough[number, 0]),
                float(bough[number, 1]),
                turn,
                plan.between(0.17, 0.25),
                0.2,
                plan.between(0.1, 0.5),
            )
    for number in range(2, 11, 2):
        x0, y0 = bough[number] + (plan.between(-0.02, 0.02), plan.between(0.08, 0.12))
        branch(plan, np.array([bough[number], (x0, y0)]), 0.012, "leaf", 0.0)
        plan.lay(np.hypot(plan.x - x0, plan.y - y0) < 0.042, "red", 0.4 + 9 * (plan.y - y0), (("dark", 1),))
    branch(plan, bough, 0.032, "warm", 0.75)
    _one_bird(plan, cx, cy, size, way)
    frame(plan)


def _one_bird(plan: Plan, cx: float, cy: float, size: float, way: float) -> None:
    x, y = way * (plan.x - cx) / size, (plan.y - cy) / size
    plume = ("sea", "warm", "leaf", "red")[plan.whole(0, 3)]
    wing_ramp = ("warm", "sea", "red", "leaf")[plan.whole(0, 3)]
    for number in range(4):
        turn = 2.72 + 0.13 * number
        u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        plan.lay(
            (u > 0.1) & (u < 0.68 - 0.05 * number) & (np.abs(v) < 0.035 + 0.07 * u),
            wing_ramp,
            0.2 + 0.2 * number,
            OUTLINE,
        )
    lean = 0.5
    u, v = x * np.cos(lean) - y * np.sin(lean), y * np.cos(lean) + x * np.sin(lean)
    head = np.hypot(x - 0.3, y + 0.29) < 0.115
    neck = np.hypot((u - 0.17) / 0.22, (v + 0.06) / 0.13) < 1
    body = np.hypot(u / 0.35, v / 0.2) < 1
    plan.lay((x > 0.39) & (x < 0.53) & (np.abs(y + 0.28) < (0.53 - x) * 0.42), "gold", 0.5, OUTLINE)
    for leg in (-0.02, 0.07):
        plan.lay((np.abs(x - leg) < 0.013) & (y > 0.14) & (y < 0.3), "red", 0.2)
    plan.lay(body | head | neck, plume, 0.55 - 1.1 * v, OUTLINE)
    plan.lay(body & (v > 0.09), "white", 0.4)
    for number in range(3):
        reach = 0.3 - 0.07 * number
        wing = np.hypot((u + 0.1 + 0.03 * number) / reach, (v + 0.02) / (0.125 - 0.025 * number)) < 1
        plan.lay(
            wing & (u < 0.2),
            (wing_ramp, "white", "gold")[number],
            0.3 + 0.2 * number,
            (("dark", 0),) if number == 0 else (),
        )
    plan.lay(np.hypot(x - 0.325, y + 0.31) < 0.034, "white", 0.0)
    plan.lay(np.hypot(x - 0.33, y + 0.31) < 0.015, "dark", 0.0)


def _vault(plan: Plan) -> None:
    """Lay a night sky seen from below, with a wreath off its centre."""
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
            star(plan, x0, y0, size, (4, 6, 8)[plan.whole(0, 2)], "gold" if plan.between(0, 1) < 0.72 else "white")
    plan.lay(far < radius + 0.055, "gold", 0.5, (("red", 0),))
    plan.lay(far < radius + 0.035, "leaf", 0.1)
    for number in range(26):
        at = number * 2 * np.pi / 26
        for side in (-0.75, 0.75):
            leaf(
                plan,
                cx + (radius + 0.012) * np.cos(at),
                cy + (radius + 0.012) * np.sin(at),
                at + np.pi / 2 + side * 0.6,
                0.075,
                0.24,
                0.5,
            )
    plan.lay(far < radius - 0.03, "gold", 0.5, (("dark", 0), ("white", 0)))
    petals = plan.whole(5, 8)
    for ring, (size, ramp) in enumerate(((0.92, "red"), (0.66, "white"), (0.42, "sea"))):
        inner = (radius - 0.03) * size * (0.72 + 0.28 * np.cos(petals * turn + ring * np.pi))
        plan.lay(far < inner, ramp, 0.5, (("dark", 0),) if ring < 2 else ())
    plan.lay(far < 0.05, "gold", 0.6)


def _tree(plan: Plan) -> None:
    inside = np.ones(plan.x.shape, bool)
    plan.lay(inside, "ground", 0.4 + 0.3 * plan.noise.with_cells(2, 2).grid(plan.x[0], plan.y[:, 0]))
    hill = plan.high * 0.84 + 0.05 * np.sin(plan.x * 4 + plan.between(0, 6))
    plan.lay(inside & (plan.y > hill), "leaf", 0.15 + 3 * (plan.y - hill), (("leaf", 3),))
    plan.lay(inside & (plan.y > hill + 0.05), "leaf", 0.7)
    root = np.array([plan.wide * plan.between(0.4, 0.6), plan.high * 0.88])
    tips: list[tuple[float, float, float]] = []
    _grow(plan, root, -np.pi / 2, min(plan.high, plan.wide) * 0.25, 0.045, 5, tips)
    for x0, y0, turn in tips:
        for side in (-1.1, -0.35, 0.35, 1.1):
            leaf(
                plan,
                x0,
                y0,
                turn + side + plan.between(-0.2, 0.2),
                plan.between(0.085, 0.12),
                0.25,
                plan.between(0.05, 0.7),
            )
    for x0, y0, _ in tips[::3]:
        far = np.hypot(plan.x - x0, plan.y - y0)
        plan.lay(far < 0.035, ("red", "warm", "gold")[plan.whole(0, 2)], 0.5, (("dark", 0),))
    for _ in range(9):
        x0, y0 = plan.wide * plan.between(0.1, 0.9), plan.high * plan.between(0.88, 0.93)
        star(plan, x0, y0, 0.032, 5, ("red", "white", "warm")[plan.whole(0, 2)])
    frame(plan)


def _grow(
    plan: Plan,
    start: NDArray[np.floating],
    turn: float,
    long: float,
    thick: float,
    left: int,
    tips: list[tuple[float, float, float]],
) -> None:
    bend = plan.between(-0.35, 0.35)
    heading = turn + bend * np.linspace(0, 1, 6)
    path = start + np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1) * (long / 6), axis=0)
    path = np.vstack([start, path])
    for side in (-1, 1):
        if left > 1:
            angle = heading[-1] + side * plan.between(0.38, 0.8)
            _grow(plan, path[-1], angle, long * plan.between(0.68, 0.84), thick * 0.64, left - 1, tips)
    if left <= 2:
        tips.append((*path[-1], float(heading[-1])))
    branch(plan, path, thick, "warm", 0.62)


def _knot(plan: Plan) -> None:
    """Rings that pass over and under one another, each with a rosette."""
    inside = np.ones(plan.x.shape, bool)
    plan.lay(inside, "ground", 0.4 + 0.2 * plan.noise.with_cells(3).grid(plan.x[0], plan.y[:, 0]))
    count = 2 if plan.row > 0.0095 else plan.whole(2, 3)
    gap = 0.76 / (count + 0.2)
    radius, half = gap * plan.between(0.585, 0.61), max(2.9 * plan.row, 0.075 / count)
    columns, rows = max(1, int((plan.wide - 0.24) / gap)), max(1, int((plan.high - 0.24) / gap))
    middles = [
        (plan.wide / 2 + (i - (columns - 1) / 2) * gap, plan.high / 2 + (j - (rows - 1) / 2) * gap, (i + 2 * j) % 3)
        for j in range(rows)
        for i in range(columns)
    ]
    ramps = plan.rng.permutation(np.array(["red", "sea", "leaf", "warm"]))
    numbers: list[int] = []
    for again in (False, True):
        for ring_number, (x0, y0, kind) in enumerate(middles):
            far, turn = np.hypot(plan.x - x0, plan.y - y0), np.arctan2(plan.y - y0, plan.x - x0)
            ring = inside & (np.abs(far - radius) < half)
            if again:  # laid once more over its neighbours, in every other crossing
                ring &= np.sin(2 * turn) * np.where(np.abs(np.cos(turn)) > np.abs(np.sin(turn)), 1, -1) > 0.02
                plan.label[ring] = numbers[ring_number]
            else:
                numbers.append(plan.lay(ring, str(ramps[kind]), 1.1 * np.abs(far - radius) / half, OUTLINE))
    for x0, y0, kind in middles:
        far, turn = np.hypot(plan.x - x0, plan.y - y0), np.arctan2(plan.y - y0, plan.x - x0)
        petals = 4 + 2 * kind
        room = min(gap - radius - half, radius - half) * 0.92
        plan.lay(
            far < room * (0.7 + 0.3 * np.cos(petals * turn)), str(ramps[(kind + 1) % 4]), 0.2 + far / room, OUTLINE
        )
        plan.lay(far < room * 0.3, "gold", 0.5)
    frame(plan)


DRAWN: dict[str, Callable[[Plan], None]] = {
    "sun": _sun,
    "fish": _fish,
    "bird": _bird,
    "vault": _vault,
    "knot": _knot,
    "tree": _tree,
}
