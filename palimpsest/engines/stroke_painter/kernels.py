"""The compiled part of the stroke painter. Imported only when the engine is loaded: numba takes a while."""

# Numba comes without types:
# mypy: disable-error-code="untyped-decorator,no-any-return"

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats


@numba.njit(cache=True, nogil=True)
def _hash(seed: int, i: int, j: int) -> float:
    """Return a number in 0..1 that depends on three whole numbers only (the mixing is that of SplitMix64)."""
    z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(i) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(j) * np.uint64(0x94D049BB133111EB)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((z ^ (z >> np.uint64(31))) >> np.uint64(40)) / 16777216.0


@numba.njit(cache=True, nogil=True)
def _streak(seed: int, across: float, along: float) -> float:
    """Smooth value noise in 0..1."""
    i, j = math.floor(across), math.floor(along)
    s, t = across - i, along - j
    s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
    i, j = i + 4096, j + 4096
    upper = _hash(seed, i, j) * (1 - s) + _hash(seed, i + 1, j) * s
    lower = _hash(seed, i, j + 1) * (1 - s) + _hash(seed, i + 1, j + 1) * s
    return upper * (1 - t) + lower * t


@numba.njit(cache=True, nogil=True)
def _measure(path: Floats, radius: float, left: int, top: int, near: Floats, along: Floats, across: Floats) -> float:
    """For each pixel of a window: squared distance to the path, length along it, and signed distance across it."""
    reached = 0.0
    rows, columns = near.shape
    for k in range(path.shape[0] - 1):
        ax, ay = path[k, 0] - left, path[k, 1] - top
        dx, dy = path[k + 1, 0] - path[k, 0], path[k + 1, 1] - path[k, 1]
        length = math.sqrt(dx * dx + dy * dy)
        inverse = 1.0 / max(length, 1e-6)
        ux, uy = dx * inverse, dy * inverse
        x0 = max(0, math.floor(min(ax, ax + dx) - radius))
        x1 = min(columns, math.ceil(max(ax, ax + dx) + radius) + 1)
        y0 = max(0, math.floor(min(ay, ay + dy) - radius))
        y1 = min(rows, math.ceil(max(ay, ay + dy) + radius) + 1)
        for y in range(y0, y1):
            py = y + 0.5 - ay
            for x in range(x0, x1):
                px = x + 0.5 - ax
                t = px * ux + py * uy
                inside = min(max(t, 0.0), length)
                side = px * uy - py * ux
                square = side * side + (t - inside) * (t - inside)
                if square < near[y, x]:
                    near[y, x] = square
                    along[y, x] = reached + t
                    across[y, x] = side
        reached += length
    return reached


@numba.njit(cache=True, nogil=True)
def lay_band(
    canvas: Floats,
    height: Floats,
    top: int,
    bottom: int,
    paths: Floats,
    widths: Floats,
    colours: Floats,
    loads: Floats,
    bristles: NDArray[np.int64],
) -> None:
    """Lay all strokes, in order, on the rows from `top` to `bottom`, in place. No pixel looks at another one."""
    columns = canvas.shape[1]
    for n in range(paths.shape[0]):
        radius = widths[n] / 2 + 0.5
        y0 = max(top, math.floor(paths[n, :, 1].min() - radius))
        y1 = min(bottom, math.ceil(paths[n, :, 1].max() + radius) + 1)
        x0 = max(0, math.floor(paths[n, :, 0].min() - radius))
        x1 = min(columns, math.ceil(paths[n, :, 0].max() + radius) + 1)
        if y0 >= y1 or x0 >= x1:
            continue
        near = np.full((y1 - y0, x1 - x0), np.float32(np.inf))
        along = np.empty_like(near)
        across = np.empty_like(near)
        length = _measure(paths[n], radius, x0, y0, near, along, across)
        _deposit(
            canvas[y0:y1, x0:x1], height[y0:y1, x0:x1], near, along, across, length, widths[n] / 2, colours[n], loads[n],
            bristles[n],
        )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def _deposit(
    canvas: Floats,
    height: Floats,
    near: Floats,
    along: Floats,
    across: Floats,
    length: float,
    radius: float,
    colour: Floats,
    load: float,
    seed: int,
) -> None:
    limit = (radius + 0.5) * (radius + 0.5)
    tracks = 5.0 + 4.0 * _hash(seed, 1, 7)
    # Hairs finer than a pixel would only flicker: they fade as the brush gets small.
    thick = min(max(radius / tracks - 0.5, 0.0), 1.0)
    thin = min(max(radius / (tracks * 2.6) - 0.6, 0.0), 1.0)
    for y in range(near.shape[0]):
        for x in range(near.shape[1]):
            if near[y, x] >= limit:
                continue
            v = across[y, x] / radius
            run = along[y, x] / radius
            u = min(max((along[y, x] + radius) / (length + 2 * radius), 0.0), 1.0)
            coarse = 0.5 + (_streak(seed, v * tracks, run * 0.22) - 0.5) * thick
            fine = 0.5 + (_streak(seed + 11, v * tracks * 2.6, run * 0.35) - 0.5) * thin
            hair = 0.6 * coarse + 0.4 * fine
            edge = math.sqrt(near[y, x]) / radius + 0.34 * (hair - 0.5) * min(1.0, 0.35 + u)
            cover = min(max((1.0 - edge) * radius + 0.5, 0.0), 1.0)
            if cover <= 0.0:
                continue
            # The brush runs dry towards its end, the thinnest hairs first; what stands proud below still takes paint.
            dry = 1.5 * u - 0.55 - 0.95 * load
            proud = min(height[y, x] / (0.35 * radius + 1e-3), 1.0) * 0.15
            wet = min(max((hair + proud - dry) * 5.0, 0.0), 1.0)
            alpha = cover * wet * (0.90 + 0.10 * load)
            if alpha <= 0.0:
                continue
            tint = 1.0 + 0.16 * (fine - 0.5) + 0.10 * (coarse - 0.5)
            pick = (0.06 + 0.22 * u) * (0.35 + 0.9 * (1.0 - coarse)) * 0.8
            for c in range(3):
                paint = colour[c] * tint * (1 - pick) + canvas[y, x, c] * pick
                canvas[y, x, c] += (paint - canvas[y, x, c]) * alpha
            rim = math.exp(-((edge - 0.82) ** 2) * 40.0)
            tail = math.exp(-((u - 0.93) ** 2) * 90.0)
            body = radius * (0.10 + 0.22 * load) * (0.42 + 0.85 * hair + 0.32 * rim + 0.28 * tail)
            height[y, x] += (body + 0.3 * height[y, x] - height[y, x]) * alpha * min(1.0, (1.0 - edge) * 4.0 + 0.25)
