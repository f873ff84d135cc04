"""Compositions of leaves, flowers and stems: trees, vines, ponds, sprays and lozenges, grown from random numbers.

Lengths are in units of the picture's shorter side, measured from its middle; y grows downwards. Later motifs lie
over earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One motif: a leaf from `start` to `end`, or a flower (or disc) about `start`."""

    kind: Literal["leaf", "flower", "stem"]
    start: Point
    end: Point
    size: float
    """Width of a leaf as a share of its length; radius of a flower; half the width of a stem."""
    bend: float
    count: int
    role: int
    """Which dyes it takes: 0 none, 1 the first, 2 the second, 3 both."""
    filling: int


def _grow(
    rng: np.random.Generator, start: Point, angle: float, length: float, curl: float, *, steps: int = 14
) -> tuple[list[Point], list[float]]:
    """Return points and directions of a stem that bends steadily and wavers a little."""
    points, angles = [start], [angle]
    for _ in range(steps):
        angle += curl / steps + float(rng.normal(0, 0.05))
        points.append((points[-1][0] + np.cos(angle) * length / steps, points[-1][1] + np.sin(angle) * length / steps))
        angles.append(angle)
    return points, angles


def _ahead(point: Point, angle: float, length: float) -> Point:
    return float(point[0] + np.cos(angle) * length), float(point[1] + np.sin(angle) * length)


def _stem(points: list[Point], thick: float, role: int) -> list[Shape]:
    count = len(points) - 1
    return [
        Shape("stem", one, two, thick * (1 - 0.55 * index / count), 0, 0, role, 0)
        for index, (one, two) in enumerate(pairwise(points))
    ]


def _flower(rng: np.random.Generator, at: Point, radius: float, roles: tuple[int, int, int]) -> list[Shape]:
    """Return a flower of three rings, seen from the front."""
    count = int(rng.integers(5, 11))
    turn = float(rng.random() * 6.28)
    end = _ahead(at, turn, radius)
    outer = Shape("flower", at, end, radius, 0.20 + 0.22 * float(rng.random()), count, roles[0], 3)
    inner = Shape("flower", at, end, radius * 0.6, 0.25, count, roles[1], 1 + int(rng.integers(0, 2)))
    return [outer, inner, Shape("flower", at, end, radius * 0.26, 0.0, count, roles[2], 2)]


def _branch(
    rng: np.random.Generator,
    start: Point,
    angle: float,
    length: float,
    curl: float,
    *,
    leafage: float,
    roles: list[int],
) -> list[Shape]:
    """Return a branch with leaves on both sides and a flower at its end."""
    points, angles = _grow(rng, start, angle, length, curl)
    shapes = []
    for index in range(2, len(points) - 1, 2):
        for side in (-1, 1):
            reach = leafage * (0.75 + 0.5 * float(rng.random())) * (1 - 0.3 * index / len(points))
            end = _ahead(points[index], angles[index] + side * (0.75 + 0.35 * float(rng.random())), reach)
            lobes = int(rng.choice([0, 0, 3, 5]))
            role = roles[int(rng.integers(0, 3))]
            shapes.append(
                Shape("leaf", points[index], end, 0.15, side * 0.14, lobes, role, 4 + int(rng.integers(0, 3)))
            )
    shapes += _stem(points, 0.0065, roles[0])
    flower = (roles[1], roles[0], roles[2])
    return shapes + _flower(rng, points[-1], leafage * (0.62 + 0.3 * float(rng.random())), flower)


def _tree(rng: np.random.Generator, right: float, bottom: float, scale: float, roles: list[int]) -> list[Shape]:
    """Return a tree that rises from the foot of the cloth, the same to the left and to the right but for its trunk."""
    foot, top = bottom * 0.44, -bottom * 0.20
    trunk = [(0.035 * np.sin(5 * t / 12 + 1.0) * (1 - t / 14), foot + (top - foot) * t / 12) for t in range(13)]
    half: list[Shape] = []
    levels = 4 + int(rng.integers(0, 2))
    for level in range(levels):
        share = (level + 0.7) / (levels + 0.2)
        at = (0.0, foot + (top - foot) * share)
        length = (0.56 - 0.16 * share) * min(right, 1.4) * (0.85 + 0.3 * float(rng.random()))
        curl = (1.9 if level % 2 else -1.3) * (0.7 + 0.5 * float(rng.random()))
        half += _branch(rng, at, -0.35 - 0.8 * share, length, -curl * 0.8, leafage=0.145 / scale**0.5, roles=roles)
    half += _branch(
        rng, (0.0, foot - 0.02), 0.05, 0.40 * min(right, 1.4), -0.9, leafage=0.125 / scale**0.5, roles=roles
    )
    mirrored = [_mirror(shape) for shape in half]
    crown = _branch(rng, (0.0, top), -np.pi / 2, bottom * 0.13, 0.0, leafage=0.145 / scale**0.5, roles=roles)
    return half + mirrored + _stem([(float(x), float(y)) for x, y in trunk], 0.02, roles[0]) + crown


def _mirror(shape: Shape) -> Shape:
    start, end = (-shape.start[0], shape.start[1]), (-shape.end[0], shape.end[1])
    return Shape(
        shape.kind,
        start,
        end,
        shape.size,
        -shape.bend if shape.kind == "leaf" else shape.bend,
        shape.count,
        shape.role,
        shape.filling,
    )


def _vines(rng: np.random.Generator, right: float, bottom: float, scale: float, roles: list[int]) -> list[Shape]:
    """Return vines that wander across the cloth side by side, leafed and in flower."""
    shapes: list[Shape] = []
    gap = 0.27 / scale
    lean = float(rng.choice([0.0, 0.35, -0.35]))
    wave, high = 0.55 / scale, gap * (0.26 + 0.1 * float(rng.random()))
    rows = int(bottom / gap) + 4
    for row in range(rows):
        phase = float(rng.random()) * 0.8 + row * np.pi
        place = (row - rows / 2 + 0.5) * gap
        xs = np.arange(-right / 2 - 0.3, right / 2 + 0.3, wave / 14)
        points = [(float(x), float(place + lean * x + high * np.sin(2 * np.pi * x / wave + phase))) for x in xs]
        flowers: list[Shape] = []
        for index in range(len(points) - 1):
            x = points[index][0]
            angle = float(np.arctan2(points[index + 1][1] - points[index][1], points[index + 1][0] - x))
            swing = np.sin(2 * np.pi * x / wave + phase)
            side = 1 if index % 2 else -1
            if index % 14 == 3:
                at = _ahead(points[index], angle - np.sign(swing) * np.pi / 2, gap * 0.22)
                flowers += _flower(rng, at, gap * (0.22 + 0.07 * float(rng.random())), (roles[1], roles[0], roles[2]))
            elif index % 2 == 0 or index % 3 == 0:
                end = _ahead(
                    points[index],
                    angle + side * (0.8 + 0.4 * float(rng.random())),
                    gap * (0.36 + 0.2 * float(rng.random())),
                )
                role, filling = roles[int(rng.integers(0, 3))], 4 + int(rng.integers(0, 3))
                shapes.append(
                    Shape("leaf", points[index], end, 0.16, side * 0.15, int(rng.choice([0, 3])), role, filling)
                )
        shapes += _stem(points, 0.0055, roles[0]) + flowers
    return shapes


def _scattered(rng: np.random.Generator, right: float, bottom: float, gap: float) -> list[Point]:
    """Return places at least `gap` apart, found by throwing darts."""
    places: list[Point] = []
    for x, y in rng.random((700, 2)):
        at = (float((x - 0.5) * (right + gap)), float((y - 0.5) * (bottom + gap)))
        if all((at[0] - p[0]) ** 2 + (at[1] - p[1]) ** 2 > gap * gap for p in places):
            places.append(at)
    return places


def _pond(rng: np.random.Generator, right: float, bottom: float, scale: float, roles: list[int]) -> list[Shape]:
    """Return fish among water weed."""
    weed: list[Shape] = []
    fish: list[Shape] = []
    drift = float(rng.random() * 6.28)
    for at in _scattered(rng, right, bottom, 0.20 / scale):
        size = 0.22 / scale * (0.8 + 0.4 * float(rng.random()))
        if rng.random() < 0.55:
            angle = drift + float(rng.normal(0, 0.7))
            tail = _ahead(at, angle + np.pi, size * 0.5)
            head = _ahead(at, angle, size * 0.55)
            bend = float(rng.normal(0, 0.07))
            for side in (-1, 1):
                fish.append(
                    Shape(
                        "leaf",
                        tail,
                        _ahead(tail, angle + np.pi + side * 0.6, size * 0.42),
                        0.2,
                        -side * 0.2,
                        0,
                        roles[1],
                        5,
                    )
                )
                fin = _ahead(at, angle, size * 0.08)
                fish.append(
                    Shape("leaf", fin, _ahead(fin, angle + side * 2.0, size * 0.36), 0.17, side * 0.2, 0, roles[2], 5)
                )
            fish.append(Shape("leaf", tail, head, 0.215, bend, 0, roles[int(rng.integers(0, 2))], 7))
            eye = _ahead(at, angle, size * 0.38)
            fish.append(Shape("flower", eye, _ahead(eye, 0, 1), size * 0.055, 0.0, 4, 0, 0))
            fish.append(Shape("flower", eye, _ahead(eye, 0, 1), size * 0.024, 0.0, 4, 3, 0))
        else:
            curl = float(rng.normal(0, 1.6))
            weed += _branch(rng, at, float(rng.random() * 6.28), size, curl, leafage=size * 0.36, roles=roles)
    return weed + fish


def _sprays(rng: np.random.Generator, right: float, bottom: float, scale: float, roles: list[int]) -> list[Shape]:
    """Return large sprays of leaves thrown over the cloth, each about a flower."""
    shapes: list[Shape] = []
    for at in _scattered(rng, right, bottom, 0.31 / scale):
        size = 0.26 / scale * (0.8 + 0.4 * float(rng.random()))
        count, first = int(rng.integers(7, 12)), float(rng.random() * 6.28)
        bend = float(rng.choice([-0.16, 0.16]))
        for index in range(count):
            angle = first + 2 * np.pi * index / count + float(rng.normal(0, 0.08))
            end = _ahead(at, angle, size * (0.8 + 0.3 * float(rng.random())))
            role = roles[index % 2]
            shapes.append(
                Shape("leaf", at, end, 0.15, bend, int(rng.choice([0, 5])), role, 4 + int(rng.integers(0, 3)))
            )
        shapes += _flower(rng, at, size * 0.36, (roles[2], roles[1], roles[0]))
    return shapes


def _lozenges(rng: np.random.Generator, right: float, bottom: float, scale: float, roles: list[int]) -> list[Shape]:
    """Return a flower with four or eight leaves in each lozenge of a lattice, and a small one on each crossing."""
    shapes: list[Shape] = []
    wide = 0.30 / scale
    count, lobes = (4, 8)[int(rng.integers(0, 2))], int(rng.choice([0, 3, 5]))
    fillings = [4 + int(each) for each in rng.integers(0, 3, 2)]
    span = int(max(right, bottom) / wide) + 2
    for row in range(-2 * span, 2 * span + 1):
        for column in range(-span, span + 1):
            at = ((column + 0.5 * (row % 2)) * wide, row * wide / 2)
            if abs(at[0]) > right / 2 + wide or abs(at[1]) > bottom / 2 + wide:
                continue
            kind = row % 2
            for index in range(count):
                angle = 2 * np.pi * (index + 0.5 * kind * (count == 4)) / count
                reach = wide * (0.41 if index % 2 == 0 else 0.33)
                role = roles[(index + kind) % 2]
                shapes.append(Shape("leaf", at, _ahead(at, angle, reach), 0.21, 0.0, lobes, role, fillings[index % 2]))
            end = _ahead(at, 0, 1)
            shapes.append(Shape("flower", at, end, wide * 0.17, 0.25, 8, roles[2 - kind], 3))
            shapes.append(Shape("flower", at, end, wide * 0.07, 0.0, 8, roles[0], 2))
    return shapes


def filled_up(
    rng: np.random.Generator, shapes: list[Shape], *, right: float, bottom: float, scale: float, roles: list[int]
) -> list[Shape]:
    """Add sprigs wherever there is room between the motifs, so that no ground lies bare."""
    taken = [(_ahead(each.start, 0, 0), each.size if each.kind == "flower" else 0.0) for each in shapes]
    for each in shapes:
        if each.kind == "leaf":
            for share in (0.35, 0.7, 1.0):
                x, y = (a + (b - a) * share for a, b in zip(each.start, each.end, strict=True))
                taken.append(((x, y), 0.02))
    places = np.array([place for place, _ in taken]).reshape(-1, 2)
    sizes = np.array([size for _, size in taken])
    sprigs: list[Shape] = []
    size = 0.042 / scale**0.5
    for x, y in rng.random((900, 2)):
        at = (float((x - 0.5) * right), float((y - 0.5) * bottom))
        turn, role = float(rng.random() * 6.28), roles[int(rng.integers(0, 3))]
        if (np.hypot(places[:, 0] - at[0], places[:, 1] - at[1]) - sizes).min(initial=9) > size * 1.1:
            for index in range(3):
                end = _ahead(at, turn + index * 2.094, size)
                sprigs.append(Shape("leaf", at, end, 0.2, 0.12, 0, role, 5))
            sprigs.append(Shape("flower", at, _ahead(at, turn, 1), size * 0.26, 0.2, 6, roles[0], 0))
            places, sizes = np.vstack([places, at]), np.append(sizes, size)
    return sprigs + shapes


COMPOSITIONS: dict[str, Callable[[np.random.Generator, float, float, float, list[int]], list[Shape]]] = {
    "tree": _tree,
    "vines": _vines,
    "pond": _pond,
    "sprays": _sprays,
    "lozenges": _lozenges,
}
