"""The shape of a framed work: flat faces of a picture, and a profile that runs around it with mitred corners.

Metres; x to the right, y up, the picture looks along z; its middle lies above the origin, its back on the wall at z = 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.framing.mouldings import Finish, Moulding, Point, Run, scale_for

Floats = NDArray[np.float32]

_SIDES = ((0, -1), (1, 0), (0, 1), (-1, 0))
"""Where the four sides look: down, right, up, left; each ends where the next begins."""


@dataclass(frozen=True)
class Part:
    """Triangles of one finish, or of the picture where that is None: vertices of shape (n, 3), `at` in the picture (n, 2).

    `at` goes from 0, 0 in the upper left corner to 1, 1 in the lower right one.
    """

    name: str
    finish: Finish | None
    positions: Floats
    normals: Floats
    triangles: NDArray[np.uint32]
    at: Floats | None = None


@dataclass(frozen=True)
class Shape:
    """All parts of a framed work, and its outer size in metres."""

    parts: tuple[Part, ...]
    size: tuple[float, float, float]


def shape_of(moulding: Moulding, width: float, height: float) -> Shape:
    """Build a framed work; the picture's sides are in metres."""
    scale = scale_for(max(width, height) * 1000) / 1000
    half = width / 2, height / 2
    front = moulding.forward * scale
    quads = [(None, _rectangle(*half, front)), *_wrap(moulding.wrapped * scale, (width, height), front)]
    found = [_picture(quads)]
    profile = [(run, [(out * scale, forward * scale) for out, forward in run.points]) for run in moulding.runs]
    finishes = dict.fromkeys(run.finish for run, _ in profile)
    for finish in finishes:
        strips = [strip for run, points in profile if run.finish == finish for strip in _strips(run, points, half)]
        found.append(_surface(finish.name, finish, strips))
    outer = max((out for _, points in profile for out, _ in points), default=0.0)
    found.append(_surface("Back", moulding.back, [_back(half[0] + outer, half[1] + outer)]))
    deepest = max([front, *(forward for _, points in profile for _, forward in points)])
    return Shape(tuple(found), (width + 2 * outer, height + 2 * outer, deepest))


Strip = tuple[Floats, Floats]
"""The corners of a quad, counterclockwise from the front, and the normal at each: (4, 3) and (4, 3)."""


def _strips(run: Run, points: list[Point], half: tuple[float, float]) -> Iterator[Strip]:
    """Yield the quads of a run: one for each side of the frame and each step of the profile."""
    normals = _profile_normals(points, smooth=run.smooth)
    for side, (across, up) in enumerate(_SIDES):
        before, after = _SIDES[side - 1], _SIDES[(side + 1) % 4]
        for (inner, outer), (first, last) in zip(pairwise(points), normals, strict=True):
            corners = [
                _corner(half, (across, up), before, inner),
                _corner(half, (across, up), before, outer),
                _corner(half, (across, up), after, outer),
                _corner(half, (across, up), after, inner),
            ]
            looks = [(out * across, out * up, forward) for out, forward in (first, last, last, first)]
            yield np.array(corners, np.float32), np.array(looks, np.float32)


def _corner(
    half: tuple[float, float], side: tuple[int, int], other: tuple[int, int], point: Point
) -> tuple[float, ...]:
    """Return where the profile's point lies at the corner of two sides."""
    out, forward = point
    x, y = side[0] + other[0], side[1] + other[1]
    return x * (half[0] + out), y * (half[1] + out), forward


def _profile_normals(points: list[Point], *, smooth: bool) -> list[tuple[Point, Point]]:
    """Return the normals at both ends of each step, turned a quarter to the left of the way outwards."""
    steps = np.diff(np.array(points), axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    flat = np.stack([-steps[:, 1], steps[:, 0]], axis=1)
    ends = np.stack([flat, flat], axis=1)
    if smooth:
        between = flat[:-1] + flat[1:]
        between /= np.linalg.norm(between, axis=1, keepdims=True)
        ends[:-1, 1], ends[1:, 0] = between, between
    return [((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for a, b in ends]


def _surface(name: str, finish: Finish, strips: list[Strip]) -> Part:
    return Part(
        name,
        finish,
        np.concatenate([corners for corners, _ in strips]),
        np.concatenate([normals for _, normals in strips]),
        _two_triangles(len(strips)),
    )


def _two_triangles(quads: int) -> NDArray[np.uint32]:
    first = np.arange(quads, dtype=np.uint32)[:, None, None] * 4
    return (first + np.array([[0, 1, 2], [0, 2, 3]], np.uint32)).reshape(-1, 3)


def _back(right: float, top: float) -> Strip:
    corners = np.array([(right, -top, 0), (-right, -top, 0), (-right, top, 0), (right, top, 0)], np.float32)
    return corners, np.tile(np.array([0, 0, -1], np.float32), (4, 1))


def _rectangle(right: float, top: float, front: float) -> Floats:
    return np.array(
        [(-right, -top, front), (right, -top, front), (right, top, front), (-right, top, front)], np.float32
    )


def _wrap(depth: float, size: tuple[float, float], front: float) -> Iterator[tuple[tuple[int, int], Floats]]:
    """Yield the edges of a canvas: the way each looks, and its corners, the front ones last."""
    if not depth:
        return
    right, top = size[0] / 2, size[1] / 2
    back = front - depth
    ring = [(-right, -top), (right, -top), (right, top), (-right, top)]
    for side, look in enumerate(_SIDES):
        start, end = ring[side], ring[(side + 1) % 4]
        yield look, np.array([(*start, back), (*end, back), (*end, front), (*start, front)], np.float32)


def _picture(quads: list[tuple[tuple[int, int] | None, Floats]]) -> Part:
    """Lay the picture over its front, and mirrored over the edges of the canvas."""
    face = quads[0][1]
    low, high = face[0, :2], face[2, :2]
    positions, normals, at = [], [], []
    for look, corners in quads:
        normal = (0, 0, 1) if look is None else (*look, 0)
        inwards = (face[0, 2] - corners[:, 2:]) * -np.array(look or (0, 0), np.float32)
        part = (corners[:, :2] + inwards - low) / (high - low)
        positions.append(corners)
        normals.append(np.tile(np.array(normal, np.float32), (4, 1)))
        at.append(np.clip(np.stack([part[:, 0], 1 - part[:, 1]], axis=1), 0, 1))
    joined = [np.concatenate(each).astype(np.float32) for each in (positions, normals, at)]
    return Part("Picture", None, joined[0], joined[1], _two_triangles(len(quads)), joined[2])
