"""The frames: which profile runs around the picture, of what it is made, and how both grow with the work.

A profile goes from the picture's edge outwards to the wall. Its points are (outward, forward) in millimetres, forward from the
wall, for a work of 70 cm; a larger work has a larger frame, by the square root.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
_USUAL_MM, _LEAST, _MOST = 700.0, 0.4, 2.0


@dataclass(frozen=True)
class Finish:
    """What a surface looks like: its colour in sRGB, how metallic and how rough it is, each from 0 to 1."""

    name: str
    colour: tuple[int, int, int]
    metallic: float = 0.0
    roughness: float = 0.7

    @property
    def linear(self) -> tuple[float, float, float]:
        """The colour in linear light, as models have it (IEC 61966-2-1)."""
        red, green, blue = (_linear(each / 255) for each in self.colour)
        return red, green, blue


BOARD = Finish("Board", (92, 84, 74), roughness=0.95)


@dataclass(frozen=True)
class Run:
    """A part of a profile of one finish; a smooth one is rounded, the edges of others are sharp."""

    finish: Finish
    points: tuple[Point, ...]
    smooth: bool = False


@dataclass(frozen=True)
class Moulding:
    """A frame: what it is in words, how far the picture stands from the wall, and its profile.

    `wrapped` has the painting go on around the edges of its canvas for so far.
    """

    words: str
    forward: float
    runs: tuple[Run, ...] = ()
    wrapped: float = 0.0
    back: Finish = BOARD


def scale_for(longest_mm: float) -> float:
    """Return how much larger than usual the frame of a work with this longest side is."""
    return min(_MOST, max(_LEAST, math.sqrt(longest_mm / _USUAL_MM)))


def _linear(level: float) -> float:
    return round(level / 12.92 if level <= 0.04045 else float(((level + 0.055) / 1.055) ** 2.4), 5)


def _arc(centre: Point, radii: Point, start: float, end: float, steps: int) -> tuple[Point, ...]:
    """Return points of an ellipse between two angles, in degrees from outward towards forward."""
    turns = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return tuple(
        (round(centre[0] + radii[0] * math.cos(turn), 3), round(centre[1] + radii[1] * math.sin(turn), 3))
        for turn in turns
    )


def _bar(finish: Finish, inner: float, outer: float, *, floor: float, face: float, edge: float) -> Run:
    """Return a bar with sharp sides and its two edges taken off a little, so that they catch light."""
    return Run(
        finish,
        (
            (inner, floor),
            (inner, face - edge),
            (inner + edge, face),
            (outer - edge, face),
            (outer, face - edge),
            (outer, 0),
        ),
    )


def _joined(*runs: Run) -> tuple[Run, ...]:
    """Put runs together, each beginning where the one before it ends."""
    found: list[Run] = []
    for run in runs:
        points = run.points if not found else (found[-1].points[-1], *run.points)
        found.append(Run(run.finish, _without_repeats(points), run.smooth))
    return tuple(found)


def _without_repeats(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(point for place, point in enumerate(points) if not place or point != points[place - 1])


CANVAS = Finish("Canvas", (214, 203, 183), roughness=0.95)
BLACK = Finish("Black", (30, 28, 27), roughness=0.55)
OAK = Finish("Oak", (176, 145, 106), roughness=0.62)
SHADOW = Finish("Shadow", (24, 20, 17), roughness=0.95)
WALNUT = Finish("Walnut", (60, 42, 31), roughness=0.6)
MAT = Finish("Mat", (243, 240, 233), roughness=0.95)
BEVEL = Finish("Bevel", (214, 209, 199), roughness=0.95)
GOLD = Finish("Gold", (206, 172, 108), metallic=1.0, roughness=0.36)
WORN = Finish("WornGold", (168, 134, 80), metallic=0.9, roughness=0.5)
BOLE = Finish("Bole", (92, 56, 38), metallic=0.3, roughness=0.6)
TOUCHED = Finish("Touched", (110, 86, 54), metallic=0.4, roughness=0.65)

MOULDINGS: dict[str, Moulding] = {
    "none": Moulding("a stretched canvas, the picture going on around its edges", 20, wrapped=20, back=CANVAS),
    "thin": Moulding("a thin black frame", 17, _joined(_bar(BLACK, 0, 20, floor=17, face=30, edge=1.2))),
    "oak": Moulding(
        "a floating frame of oak, a shadow's width from the canvas",
        34,
        _joined(
            Run(SHADOW, ((0, 10), (7, 10))),
            _bar(OAK, 7, 19, floor=10, face=38, edge=1.0),
        ),
        wrapped=24,
    ),
    "gallery": Moulding(
        "a white mat and a slim walnut frame",
        12,
        _joined(
            Run(BEVEL, ((0, 12), (1.8, 13.8))),
            Run(MAT, ((70, 13.8),)),
            Run(WALNUT, ((70, 27.0), (71.0, 28), (85, 28), (86, 27), (86, 0))),
        ),
    ),
    "classic": Moulding(
        "a wide gilded frame",
        14,
        _joined(
            Run(WORN, ((0, 14), (0, 17))),
            Run(GOLD, _arc((3, 17), (3, 2.5), 180, 0, 6), smooth=True),
            Run(BOLE, ((6, 15.5), (10, 17))),
            Run(GOLD, _arc((10, 42), (34, 25), 270, 360, 12), smooth=True),
            Run(BOLE, ((44, 45), (46, 45))),
            Run(GOLD, _arc((55, 45), (9, 7), 180, 0, 12), smooth=True),
            Run(WORN, ((64, 41), (68, 41))),
            Run(GOLD, _arc((68, 35), (6, 6), 90, 0, 6), smooth=True),
            Run(TOUCHED, ((74, 0),)),
        ),
    ),
}
"""Every frame by the word for it."""
