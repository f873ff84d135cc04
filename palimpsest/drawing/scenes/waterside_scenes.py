"""Watersides to be painted in points of colour."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from palimpsest.drawing.scenes.waterside import Plan, boat, house, meadow, pine, shadow, sky, tree, walker, water


def _harbour(plan: Plan) -> None:
    horizon, sun = plan.high * plan.between(0.4, 0.52), plan.between(0.3, 0.75)
    sky(plan, horizon, sun)
    hills = plan.skyline(horizon - 0.05, 0.02, 2)
    plan.fill((plan.y > hills) & (plan.y < horizon), "shade", 0.6 + 0.3 * plan.wavy(5), 0.0)
    left = plan.between(-0.05, 0.02)
    end = plan.wide * plan.between(0.3, 0.5)
    while left < end:
        wide = plan.between(0.05, 0.11)
        house(plan, left, horizon + 0.01, wide, plan.between(0.07, 0.19), plan.between(0, 0.6))
        left += wide
    water(plan, horizon, sun)
    for _ in range(int(plan.rng.integers(4, 7))):
        near = plan.between(0.02, 1) ** 1.6
        foot = horizon + 0.01 + near * (plan.high - horizon) * 0.72
        cx, tall = plan.wide * plan.between(0.3, 0.98), 0.1 + 0.42 * near
        boat(plan, cx, foot, tall, plan.between(0, 0.8))
        shadow(plan, cx, foot + tall * 0.16, tall * 0.26, tall * 0.13, 0.45)


def _poplars(plan: Plan) -> None:
    horizon = plan.high * plan.between(0.6, 0.7)
    sky(plan, horizon, plan.between(0.1, 0.9))
    plan.fill(
        (plan.y > plan.skyline(horizon - 0.08, 0.02, 2.5)) & (plan.y < horizon), "shade", 0.7 + 0.3 * plan.wavy(6), 0.0
    )
    meadow(plan, plan.skyline(horizon - 0.025, 0.006, 3))
    start, bend = plan.between(0.02, 0.1), plan.rng.choice([-1.0, 1.0])
    for number in range(9):
        near = 1 - number / 9
        x = start + 0.92 * (1 - near**1.25)
        cx = plan.wide * (x if bend > 0 else 1 - x)
        tall = plan.high * (0.16 + 0.5 * near**1.3) * plan.between(0.9, 1.1)
        tree(plan, cx, horizon - 0.015 + 0.02 * near, 0.024 + 0.05 * near, tall, slim=True)
    water(plan, horizon + 0.015, mirror=0.7)
    bank = plan.skyline(plan.high * 0.93, 0.02, 2) - 0.14 * np.clip(
        1 - (plan.x[:1] / plan.wide if bend > 0 else 1 - plan.x[:1] / plan.wide) * 2.2, 0, 1
    )
    meadow(plan, bank, 0.35)


def _lighthouse(plan: Plan) -> None:
    horizon = plan.high * plan.between(0.46, 0.56)
    side = float(plan.rng.choice([-1.0, 1.0]))
    sky(plan, horizon, 0.5 - 0.28 * side)
    water(plan, horizon, 0.5 - 0.28 * side, mirror=0.35)
    u = 0.5 + side * (plan.x[:1] / plan.wide - 0.5)
    cliff = horizon - 0.02 - 0.14 * u + 0.014 * plan.skyline(0, 1, 7) + 1.2 * np.clip(0.5 - u, 0, 1)
    mass = plan.y > cliff
    face = plan.y - cliff
    plan.fill(
        mass,
        "wall",
        0.2 + 0.5 * np.clip(face * 2, 0, 1) + 0.2 * plan.noise.with_cells(6, 2).grid(plan.x[0] * 3, plan.y[:, 0] * 0.8),
        1.4,
    )
    plan.fill(mass & (face < 0.06 + 0.02 * plan.wavy(9)), "land", 0.3 + 0.3 * plan.wavy(5), 1.2)
    cleft = mass & (face > 0.1) & (plan.noise.with_cells(5, 3).at(plan.x * 4 + plan.y, plan.y * 0.7) > 0.95)
    plan.fill(cleft, "shade", 0.35 + 0.3 * plan.wavy(8), 1.4)
    strata = 0.5 * plan.noise.with_cells(5, 3).grid(plan.x[0] * 0.6, plan.y[:, 0] * 5)
    plan.lab[mass, 0] += 0.05 * strata[mass]
    cx = plan.wide * (0.5 + side * plan.between(0.26, 0.36))
    foot = float(np.interp(cx, plan.x[0], cliff[0])) + 0.02
    x, y = plan.x - cx, foot - plan.y
    tall = min(0.3, 0.7 * foot)
    tower = (y > 0) & (y < tall) & (np.abs(x) < 0.036 - 0.035 * y)
    plan.fill(tower, "wall", 0.05 + 0.75 * np.clip(x / 0.03, 0, 1), 1.57)
    plan.fill(tower & ((y * 12) % 1 > 0.55), "sail", 0.8, 0.0)
    plan.fill((y >= tall) & (y < tall + 0.045) & (np.abs(x) < 0.018), "sun", 0.5)
    plan.fill((y >= tall + 0.04) & (y < tall + 0.075) & (np.abs(x) < 0.024 - 0.6 * (y - tall - 0.04)), "sail", 1.0)
    house(plan, cx + 0.05 * side - (0.11 if side < 0 else 0), foot + 0.012, 0.11, 0.05, 0.1)
    for _ in range(3):
        boat(
            plan,
            plan.wide * (0.5 - side * plan.between(0, 0.45)),
            horizon + plan.between(0.01, 0.14),
            plan.between(0.07, 0.14),
            plan.between(0, 0.7),
        )


def _riverbank(plan: Plan) -> None:
    horizon = plan.high * plan.between(0.3, 0.38)
    sky(plan, horizon)
    plan.fill(
        (plan.y > plan.skyline(horizon - 0.07, 0.025, 4)) & (plan.y < horizon + 0.01),
        "leaf",
        0.25 + 0.3 * plan.wavy(7),
        0.8,
    )
    for _ in range(6):
        house(
            plan,
            plan.wide * plan.between(0, 0.95),
            horizon + 0.005,
            plan.between(0.04, 0.08),
            plan.between(0.03, 0.06),
            plan.between(0, 0.4),
        )
    water(plan, horizon)
    for _ in range(4):
        boat(
            plan,
            plan.wide * plan.between(0.05, 0.7),
            horizon + plan.between(0.03, 0.2),
            plan.between(0.08, 0.2),
            plan.between(0, 0.7),
        )
    bank = plan.skyline(plan.high * 0.98, 0.012, 3) - 0.62 * plan.high * (plan.x[:1] / plan.wide) ** 1.3
    meadow(plan, bank, 0.3)
    for number in range(5):
        x = 0.42 + 0.14 * number + plan.between(-0.03, 0.03)
        foot = float(np.interp(x * plan.wide, plan.x[0], bank[0])) + plan.between(0.05, 0.13)
        half = plan.between(0.07, 0.13)
        shadow(plan, x * plan.wide + 0.1, foot + 0.01, half * 1.9, 0.035, 0.85)
        tree(plan, x * plan.wide, foot, half, half * plan.between(2.6, 3.4))
    for _ in range(5):
        walker(plan, plan.wide * plan.between(0.5, 0.97), plan.high * plan.between(0.74, 0.95))


def _bridge(plan: Plan) -> None:
    horizon, sun = plan.high * plan.between(0.5, 0.58), plan.between(0.2, 0.8)
    sky(plan, horizon, sun)
    plan.fill(
        (plan.y > plan.skyline(horizon - 0.09, 0.03, 3)) & (plan.y < horizon), "leaf", 0.3 + 0.3 * plan.wavy(7), 0.8
    )
    for _ in range(7):
        tree(plan, plan.wide * plan.between(0, 1), horizon, plan.between(0.03, 0.06), plan.between(0.1, 0.18))
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
    water(plan, horizon + 0.02, sun, mirror=0.7)
    for _ in range(3):
        boat(
            plan,
            plan.wide * plan.between(0.08, 0.92),
            plan.high * plan.between(0.72, 0.92),
            plan.between(0.14, 0.26),
            plan.between(0, 0.8),
        )
    meadow(
        plan, plan.skyline(plan.high * 0.97, 0.02, 2) - 0.25 * np.clip(1 - plan.x[:1] / (0.45 * plan.wide), 0, 1), 0.3
    )


def _pines(plan: Plan) -> None:
    horizon, sun = plan.high * plan.between(0.44, 0.54), plan.between(0.35, 0.7)
    sky(plan, horizon, sun)
    capes = plan.skyline(horizon - 0.03, 0.04, 1.6)
    plan.fill((plan.y > capes) & (plan.y < horizon), "shade", 0.7 + 0.3 * plan.wavy(5), 0.0)
    water(plan, horizon, sun, mirror=0.4)
    for _ in range(4):
        boat(
            plan,
            plan.wide * plan.between(0.2, 0.9),
            horizon + plan.between(0.01, 0.12),
            plan.between(0.05, 0.12),
            plan.between(0, 0.7),
        )
    side = float(plan.rng.choice([-1.0, 1.0]))
    u = 0.5 + side * (plan.x[:1] / plan.wide - 0.5)
    shore = plan.skyline(plan.high * 0.98, 0.014, 3) - 0.34 * plan.high * np.clip(u - 0.1, 0, 1)
    meadow(plan, shore, 0.55)
    for number in range(3):
        at = 0.94 - 0.24 * number + plan.between(-0.04, 0.04)
        cx = plan.wide * (0.5 + side * (at - 0.5))
        foot = float(np.interp(cx, plan.x[0], shore[0])) + 0.09
        shadow(plan, cx - 0.12 * side, foot + 0.02, 0.2, 0.04, 0.85)
        pine(plan, cx, foot, foot - plan.high * plan.between(0.08, 0.2), -side * plan.between(0.05, 0.22))


PAINTED: dict[str, Callable[[Plan], None]] = {
    "harbour": _harbour,
    "poplars": _poplars,
    "lighthouse": _lighthouse,
    "riverbank": _riverbank,
    "bridge": _bridge,
    "pines": _pines,
}
