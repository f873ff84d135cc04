"""Tilings by regular polygons, and the rays that grow star patterns from them.

Polygons in contact: E. H. Hankin, "The Drawing of Geometric Patterns in Saracenic Art", 1925; C. S. Kaplan, "Islamic star
patterns from polygons in contact", Graphics Interface 2005. Every edge is 1 long.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

ACROSS = {"octagon": 2.414, "decagon": 3.078, "dodecagon": 3.732, "great dodecagon": 4.732, "hexagon": 2.732}


@dataclass(frozen=True)
class Tile:
    """A convex polygon of edge 1, its corners (n, 2) anticlockwise about its middle.

    `contacts` names the edges that straps cross; `angle` is the contact angle and `level` tells with which neighbour a ray
    meets: 1 for the next edge's, 2 for the one beyond.
    """

    corners: Doubles
    contacts: tuple[int, ...]
    level: int
    rank: int

    @property
    def middles(self) -> Doubles:
        """The middle of each contact edge (n, 2)."""
        return np.array([(self.corners[e] + self.corners[(e + 1) % len(self.corners)]) / 2 for e in self.contacts])

    def turned(self, degrees: float) -> Tile:
        """Return the tile turned about its middle."""
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        x, y = self.corners.T
        return Tile(np.stack([c * x - s * y, s * x + c * y], 1), self.contacts, self.level, self.rank)


@dataclass(frozen=True)
class Placed:
    """A tile at a place, with the names of the pieces of glaze at its corners."""

    tile: Tile
    x: float
    y: float
    number: int


def _regular(sides: int, level: int, rank: int) -> Tile:
    turns = 2 * np.pi * (np.arange(sides) - 0.5) / sides
    radius = 0.5 / np.sin(np.pi / sides)
    return Tile(radius * np.stack([np.cos(turns), np.sin(turns)], 1), tuple(range(sides)), level, rank)


def apothem_of(sides: int) -> float:
    """Return how far the edges of a regular polygon are from its middle."""
    return float(0.5 / np.tan(np.pi / sides))


def _at(length: float, degrees: float) -> Doubles:
    return length * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


@lru_cache
def pattern(tiling: str, level: int) -> tuple[Doubles, Doubles, tuple[tuple[Tile, float, float], ...]]:
    """Return the two steps of a tiling's lattice and the tiles of one cell, each with its place. Edges are 1 long."""
    cell: list[tuple[Tile, Doubles]]
    if tiling == "octagon":
        reach = 2 * apothem_of(8)
        steps = _at(reach, 0), _at(reach, 90)
        cell = [(_regular(8, level, 0), _at(0, 0)), (_regular(4, 1, 1).turned(45), (steps[0] + steps[1]) / 2)]
    elif tiling == "decagon":
        steps = _at(2 * apothem_of(10), 0), _at(2 * apothem_of(10), 72)
        cell = [(_regular(10, level, 0), _at(0, 0)), *_bow_tie(*steps)]
    elif tiling == "dodecagon":
        steps = _at(2 * apothem_of(12), 0), _at(2 * apothem_of(12), 60)
        centre = (steps[0] + steps[1]) / 3
        three = _regular(3, 1, 1)
        cell = [(_regular(12, level, 0), _at(0, 0)), (three.turned(90), centre), (three.turned(-90), 2 * centre)]
    else:
        great, small = (12, 6) if tiling == "great dodecagon" else (6, 3)
        steps = _at(2 * apothem_of(great) + 1, 0), _at(2 * apothem_of(great) + 1, 60)
        centre = (steps[0] + steps[1]) / 3
        squares = [(steps[0] / 2, 0), (steps[1] / 2, 60), ((steps[0] + steps[1]) / 2, -60)]
        least = _regular(small, 1, 1)
        cell = [(_regular(great, level if great == 12 else 1, 0), _at(0, 0))]
        cell += [(_regular(4, 1, 2).turned(turn), place) for place, turn in squares]
        cell += [(least.turned(-90), centre), (least.turned(90), 2 * centre)]
    return *steps, tuple((tile, float(place[0]), float(place[1])) for tile, place in cell)


def _bow_tie(first: Doubles, second: Doubles) -> list[tuple[Tile, Doubles]]:
    """Return the two halves of the gap that four decagons leave, each with a waist that no strap crosses."""
    radius = 0.5 / np.sin(np.pi / 10)
    corners = [first + _at(radius, turn) for turn in (162, 126, 90)]
    corners += [second + _at(radius, turn) for turn in (342, 306, 270)]
    halves = []
    for order in ((4, 5, 0, 1), (1, 2, 3, 4)):
        half = np.array([corners[index] for index in order])
        halves.append((Tile(half - half.mean(0), (0, 1, 2), 1, 1), half.mean(0)))
    return halves


def placed_tiles(tiling: str, level: int, radius: float) -> list[Placed]:
    """Return every tile that comes within `radius` edges of the origin, in a fixed order, the origin's first."""
    one, two, cell = pattern(tiling, level)
    span = int(radius / min(np.hypot(*one), np.hypot(*two)) * 1.3) + 2
    found = []
    for row in range(-span, span + 1):
        for column in range(-span, span + 1):
            for index, (tile, x, y) in enumerate(cell):
                place = column * one + row * two + (x, y)
                if np.hypot(*place) < radius + 2.5:
                    number = ((row & 63) * 64 + (column & 63)) * 8 + index
                    found.append(Placed(tile, float(place[0]), float(place[1]), number))
    return found


def wedges(tile: Tile, angle: float) -> list[tuple[Doubles, Doubles, Doubles, Doubles]]:
    """Return, for each pair of rays that meet, the first's start and direction, then the second's (polygons in contact)."""
    middles, found = tile.middles, []
    count, sides = len(tile.contacts), len(tile.corners)
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = [tile.corners[(e + 1) % sides] - tile.corners[e] for e in tile.contacts]
    for one in range(count):
        two = (one + tile.level) % count
        t, u = along[one], along[two]
        right = c * t + s * np.array([-t[1], t[0]])
        left = -c * u + s * np.array([-u[1], u[0]])
        found.append((middles[one], right, middles[two], left))
    return found


def corner_names(placed: Placed, waisted: bool) -> NDArray[np.int64]:
    """Return a number for each corner of a tile, the same whichever tile it is reached from."""
    corners = placed.tile.corners + np.array([placed.x, placed.y])
    if waisted and len(corners) == 10:  # two corners of each decagon lie at a bow tie's waist, in one piece
        corners[4] += (-0.11226, 0.15451)
        corners[9] += (0.11226, -0.15451)
    elif waisted:
        corners[[0, 3]] = (corners[0] + corners[3]) / 2
    whole = np.round(corners * 20).astype(np.int64)
    names: NDArray[np.int64] = whole[:, 0] * 7919 + whole[:, 1] * 104729
    return names
