"""Study in azulejo: a wall of painted tin-glazed tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.cells import Cells
from palimpsest.drawing.distance import coverage, floats, smoothstep
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.ornament import curl, leaf, petals
from palimpsest.drawing.pigment import blend, palette
from palimpsest.drawing.relief import light
from palimpsest.drawing.sheet import Band, render
from palimpsest.media.raster import Floats

_PALETTES = {  # glaze, line, wash, accent, second accent
    "cobalt": palette("#f1efe6", "#16307c", "#3f6cbc", "#2a4f9e", "#5f8ccb"),
    "cobalt and yellow": palette("#f3efdf", "#1b3580", "#4672bd", "#dfa32a", "#e8bf55"),
    "polychrome": palette("#f4f0e2", "#20366f", "#3d78b8", "#dd9a2b", "#4c8a58"),
    "manganese": palette("#f2ece2", "#40203f", "#86577f", "#5b2f5a", "#c49a3a"),
    "copper": palette("#efefe2", "#23433a", "#4f9377", "#c9a13a", "#2f6a86"),
}
_CLAY = palette("#b57d54")[0]
_LEAVES = ((0, 0.24, -0.23, 0.06), (0, 0.2, 0.24, 0.1), (0, 0.06, 0.2, -0.1), (0, 0.04, -0.19, -0.1))
_LAYOUTS = ("carpet", "single figures", "framed carpet", "star", "chequer")


@dataclass(frozen=True)
class _Design:
    """Everything that a seed decides. Lengths are in tiles."""

    layout: str
    across: int
    down: int
    right: float
    bottom: float
    wear: float
    colours: Floats
    numbers: Floats
    hand: Floats
    """For each tile: shift, turn, strength of paint, tone of glaze, tilt, and numbers for a figure."""
    shake: tuple[Noise, Noise]
    brush: Noise
    blot: Noise
    wave: Noise
    grain: Noise
    age: Noise
    cracks: Cells


@dataclass
class _Painting:
    """Pigment on the raw glaze: densities (rows, columns, 4) of line, wash, accent and second accent."""

    density: Floats
    brush: Floats
    blot: Floats
    soft: float

    def part(self, where: NDArray[np.bool_]) -> _Painting:
        """Return some places of this painting as a painting of their own, to be put back when it is done."""
        return _Painting(self.density[where], self.brush[where], self.blot[where], self.soft)

    def fill(self, distance: Floats, pigment: int, strength: float, line: float = 0.011) -> None:
        """Fill a shape with a loaded brush: it clears what lay there, pools at its rim, and is outlined when `line` > 0."""
        inside = coverage(distance + np.float32(0.004) * self.blot, self.soft)
        pooled = (
            0.66 + 0.42 * np.exp(np.minimum(distance, 0) / np.float32(0.028)) + 0.20 * self.brush + 0.06 * self.blot
        )
        self.density *= (1 - inside)[..., None]
        self.density[..., pigment] += inside * np.float32(strength) * np.maximum(pooled, 0.12)
        if line:
            self.line(np.abs(distance), line)

    def clear(self, distance: Floats) -> None:
        """Leave a shape unpainted."""
        self.density *= (1 - coverage(distance, self.soft))[..., None]

    def line(self, distance: Floats, half: float, strength: float = 1.0) -> None:
        """Draw along the zero of a distance with the point of a brush, now thick, now thin."""
        wide = np.float32(half) * (1 + 0.34 * self.blot + 0.2 * self.brush)
        drawn = (
            coverage(distance - wide, self.soft) * np.float32(strength) * (0.86 + 0.20 * self.brush + 0.06 * self.blot)
        )
        self.density[..., 0] = np.maximum(self.density[..., 0], drawn)


def _design(
    seed: int, layout: str, colours: Floats, *, tiles: int, wear: float, right: float, bottom: float
) -> _Design:
    rng = np.random.default_rng(seed)
    return _Design(
        layout=_LAYOUTS[seed % len(_LAYOUTS)] if layout == "drawn by lot" else layout,
        across=max(1, round(right * tiles)),
        down=max(1, round(bottom * tiles)),
        right=right,
        bottom=bottom,
        wear=wear,
        colours=colours,
        numbers=rng.random(64, np.float32),
        hand=rng.standard_normal((4096, 12), np.float32),
        shake=(Noise.drawn(rng, 2.3 * tiles, 3), Noise.drawn(rng, 2.3 * tiles, 3)),
        brush=Noise.drawn(rng, 9 * tiles, 3, stretch=(1.0, 0.35), fading=0.7),
        blot=Noise.drawn(rng, 6 * tiles, 3, fading=0.6),
        wave=Noise.drawn(rng, 3.2 * tiles, 3, fading=0.45),
        grain=Noise.drawn(rng, 200, 2, fading=0.8),
        age=Noise.drawn(rng, 1.7 * tiles, 5, fading=0.72),
        cracks=Cells.drawn(rng),
    )


def _carpet(design: _Design, paint: _Painting, x: Floats, y: Floats) -> None:
    """Paint a pattern that eight mirrors repeat: rosettes at A (0, 0) and B (1, 1), leaves and curls between, C at (1, 0)."""
    n = design.numbers
    x, y = np.abs(x - 2 * np.round(x / 2)), np.abs(y - 2 * np.round(y / 2))
    x, y = floats(np.maximum(x, y)), floats(np.minimum(x, y))
    bx, by = x - 1, y - 1
    frame = [
        lambda: np.hypot(x - 0.42, y) - 0.30 - 0.06 * n[20],
        lambda: (x + y - 0.92 - 0.14 * n[20]) * 0.7071,
        lambda: np.hypot(x, y) - 0.66 - 0.1 * n[20],
        lambda: np.maximum(np.hypot(x - 0.30, y - 0.30) - 0.36, -9) - 0.02 * n[20],
    ][int(n[0] * 4)]()
    frame = floats(frame)
    ground = int(n[1] * 3)
    if ground:
        paint.fill(frame if ground == 1 else -frame, 1 if n[2] < 0.7 else 2, 0.8, 0)
    lobes = int(n[3] * 3) * 2 + 1
    one, vein = leaf(
        bx, by, (-0.02, -0.06), (-0.16 - 0.1 * n[4], -0.74), width=0.13, bend=0.10 + 0.12 * n[5], lobes=lobes
    )
    paint.fill(one, 1 if ground != 2 else 2, 0.62)
    paint.line(vein, 0.008)
    paint.fill(curl(x, y, (0.86 - 0.08 * n[6], 0.19), radius=0.155, start=2.4), 1, 1.0, 0.006)
    if n[7] < 0.75:
        two, vein = leaf(x, y, (0.2, 0.0), (0.80 + 0.1 * n[8], 0.05), width=0.12, bend=0.02, lobes=lobes)
        paint.fill(two, 3 if n[9] < 0.6 else 1, 0.6)
        paint.line(vein, 0.008)
    band = np.abs(frame) - (0.030 + 0.02 * n[10])
    paint.fill(floats(band), 2 if n[11] < 0.6 else 1, 0.75)
    paint.line(np.abs(frame), 0.006, 0.8)
    diagonal, vein = leaf(x, y, (0.16, 0.16), (0.52 + 0.08 * n[12], 0.52 + 0.08 * n[12]), width=0.16, bend=0.0, lobes=3)
    paint.fill(diagonal, 1, 0.7)
    paint.line(vein, 0.008)
    _rosette(paint, x, y, n[24:], 0.30 + 0.08 * float(n[13]))
    _rosette(paint, bx, by, n[32:], 0.20 + 0.07 * float(n[14]))
    paint.fill(floats(np.hypot(x - 1, y) - 0.05), 2, 0.9)
    ring = np.hypot(bx, by) - (0.33 + 0.04 * n[15])
    turn = np.arctan2(by, bx) * (24 / (2 * np.pi))
    dots = np.hypot(ring, (turn - np.round(turn)) * 2 * np.pi * 0.34 / 24) - 0.016
    paint.line(np.maximum(floats(dots), 0), 0.004)


def _rosette(paint: _Painting, x: Floats, y: Floats, n: Floats, radius: float) -> None:
    """Paint a flower of two or three rings of petals."""
    near = np.hypot(x, y) < radius * 1.2
    part = paint.part(near)
    _bloom(part, x[near], y[near], n, radius)
    paint.density[near] = part.density


def _bloom(paint: _Painting, x: Floats, y: Floats, n: Floats, radius: float) -> None:
    count = (8, 12, 4, 16, 8)[int(n[0] * 5)]
    paint.clear(petals(x, y, count, radius * 1.10, 0.24))
    paint.fill(
        petals(x, y, count, radius, 0.26 + 0.2 * float(n[1]), sharp=0.6 + float(n[2])), 1, 0.55 + 0.4 * float(n[3])
    )
    turn = np.arctan2(y, x) * count / (2 * np.pi)
    seam = np.abs(turn - np.floor(turn) - 0.5) * 2 * np.pi / count * np.hypot(x, y)
    veins = np.maximum(seam, np.abs(np.hypot(x, y) - radius * 0.62) - radius * 0.2)
    paint.line(floats(veins), 0.007, 0.9)
    paint.fill(petals(x, y, count // 2 if n[4] < 0.5 else 8, radius * 0.52, 0.28), 3 if n[5] < 0.5 else 2, 0.7)
    paint.fill(floats(np.hypot(x, y) - radius * 0.2), 2, 1.0)


def _star(design: _Design, paint: _Painting, x: Floats, y: Floats) -> None:
    """Paint a geometric tile: an eight-pointed star, its echo, and knots where four tiles meet."""
    n = design.numbers
    x, y = floats(np.abs(x - np.floor(x) - 0.5)), floats(np.abs(y - np.floor(y) - 0.5))
    star = floats(np.minimum(np.maximum(x, y), (x + y) * 0.7071) - 0.29 - 0.05 * n[0])
    field = floats(np.maximum(x, y) - 0.47)
    paint.fill(np.maximum(field, -star - 0.02), 1, 0.45 + 0.5 * float(n[1]), 0.008)
    paint.clear(star - 0.03)
    paint.fill(star, 2 if n[2] < 0.5 else 3, 0.75)
    paint.clear(star + 0.05)
    paint.line(np.abs(star + 0.05), 0.011)
    paint.line(np.abs(star + 0.075), 0.005, 0.8)
    _rosette(paint, np.maximum(x, y), np.minimum(x, y), n[24:], 0.17 + 0.03 * float(n[3]))
    cx, cy = x - 0.5, y - 0.5
    corner = floats(np.hypot(cx, cy) - 0.17 - 0.05 * n[4])
    paint.clear(corner - 0.02)
    paint.fill(corner, 1, 0.9)
    paint.fill(petals(cx, cy, 8 if n[5] < 0.5 else 4, 0.15, 0.4), 2, 0.85)
    paint.clear(floats(np.hypot(cx, cy) - 0.035))


def _figures(design: _Design, paint: _Painting, x: Floats, y: Floats, hand: Floats) -> None:
    """Paint one small plant on each tile, no two alike, with a quarter flower in every corner."""
    mirror = np.where(hand[..., 6] > 0, 1, -1)
    corner_x, corner_y = floats(0.5 - np.abs(x - np.floor(x) - 0.5)), floats(0.5 - np.abs(y - np.floor(y) - 0.5))
    px, py = floats((x - np.floor(x) - 0.5) * mirror * 0.74), floats((y - np.floor(y) - 0.5) * 0.74 + 0.015)
    sway = 0.10 * np.clip(hand[..., 7], -1.2, 1.2)
    stem = np.abs(px - sway * np.sin((py + 0.3) * 5.0) * 0.5)
    paint.line(floats(np.hypot(stem, np.maximum(np.abs(py - 0.08) - 0.20, 0))), 0.008)
    for index, (sx, sy, ex, ey) in enumerate(_LEAVES):
        shown = hand[..., 8 + index % 3] > (-0.9, -0.9, 0.1, 0.0)[index]
        blade, vein = leaf(px, py, (sx, sy), (ex, ey), width=0.15, bend=0.12 if ex > 0 else -0.12)
        away = np.where(shown, 0, 9)
        paint.fill(floats(blade + away), 3 if index < 2 else 1, 0.7, 0.009)
        paint.line(floats(vein + away), 0.005)
    for index, (fx, fy, size) in enumerate(((0.0, -0.16, 0.13), (0.2, -0.06, 0.075), (-0.2, -0.05, 0.075))):
        shown = (hand[..., 9 + index] > -0.35) | (index == 0)
        ox, oy = px - fx - sway * 0.4, py - fy
        count = 4 + np.clip(np.round(np.abs(hand[..., 10]) * 2.4), 0, 5)
        away, turn = np.hypot(ox, oy), np.arctan2(ox, -oy)
        rim = size * (0.66 + 0.34 * np.abs(np.cos(turn * count / 2)))
        hidden = np.where(shown, 0, 9)
        paint.fill(floats((away - rim) * 0.8 + hidden), 1 if index == 0 else 2, 0.72, 0.009)
        paint.line(floats(np.abs(away - size * 0.55) + hidden), 0.004, 0.8)
        paint.fill(floats(away - size * 0.3 + hidden), 2 if index == 0 else 1, 0.9, 0.006)
    around = (4, 8, 12)[int(design.numbers[0] * 3)]
    paint.fill(petals(corner_x, corner_y, around, 0.14, 0.4), 1, 0.8, 0.009)
    paint.fill(floats(np.hypot(corner_x, corner_y) - 0.045), 2, 0.9, 0.006)


def _chequer(design: _Design, paint: _Painting, x: Floats, y: Floats, odd: NDArray[np.bool_]) -> None:
    """Paint two tiles in turn: a dark one with a light flower and a light one with a dark wreath."""
    n = design.numbers
    px, py = floats(np.abs(x - np.floor(x) - 0.5)), floats(np.abs(y - np.floor(y) - 0.5))
    px, py = floats(np.maximum(px, py)), floats(np.minimum(px, py))
    paint.fill(floats(np.where(odd, px - 0.47, 9)), 1, 1.1, 0)
    wreath = floats(np.where(odd, 9, np.abs(np.hypot(px, py) - 0.34) - 0.05 - 0.02 * np.cos(np.arctan2(py, px) * 24)))
    paint.fill(wreath, 1 if n[0] < 0.5 else 3, 0.75)
    blade, vein = leaf(px, py, (0.12, 0.12), (0.45, 0.44), width=0.19, bend=0.0, lobes=3)
    paint.clear(floats(np.where(odd, blade - 0.012, 9)))
    paint.fill(floats(np.where(odd, blade, 9)), 2, 0.35 + 0.4 * float(n[1]), 0.009)
    paint.line(floats(np.where(odd, vein, 9)), 0.007)
    tip, vein = leaf(px, py, (0.16, 0.0), (0.46, 0.0), width=0.17, bend=0.0)
    paint.clear(floats(np.where(odd, tip - 0.012, 9)))
    paint.line(floats(np.where(odd, np.abs(tip), 9)), 0.008)
    _rosette(paint, px, py, n[24:], 0.17 + 0.06 * float(n[2]))


def _border(design: _Design, paint: _Painting, along: Floats, depth: Floats, corner: NDArray[np.bool_]) -> None:
    """Paint a running scroll between two bands; `depth` is 0 at the outer rim and 1 at the inner one."""
    s, t = floats(along), floats(depth - 0.5)
    wave = t - 0.17 * np.sin(np.pi * s)
    dark = bool(design.numbers[48] < 0.5)
    paint.fill(floats(0.42 - np.abs(t)), 2 if dark else 1, 0.95, 0.010)
    if dark:
        paint.fill(floats(np.abs(t) - 0.40), 1, 0.85, 0.008)
    side = np.where(np.sin(np.pi * s) > 0, 1, -1)
    place = s - np.floor(s) - 0.5
    blade, vein = leaf(floats(place), floats(t * side), (-0.34, 0.10), (0.26, -0.22), width=0.15, bend=0.16, lobes=3)
    if dark:
        paint.clear(floats(np.abs(floats(wave * 0.85)) - 0.034))
        paint.clear(blade - 0.016)
        paint.clear(petals(floats(place), floats(t * side - 0.20), 8, 0.16, 0.35))
    paint.line(np.abs(floats(wave * 0.85)), 0.016)
    other, rib = leaf(floats(place), floats(t * side), (0.30, 0.02), (-0.12, -0.16), width=0.16, bend=-0.2, lobes=2)
    paint.fill(other, 3, 0.6)
    paint.line(rib, 0.006)
    paint.fill(blade, 1, 0.65)
    paint.line(vein, 0.007)
    paint.fill(petals(floats(place), floats(t * side - 0.20), 8, 0.13, 0.35), 2, 0.85)
    paint.fill(floats(np.hypot(place, t * side - 0.20) - 0.04), 3, 0.9)
    x, y = floats(np.abs(s - np.floor(s) - 0.5)), floats(np.abs(t))
    x, y = np.where(corner, x, 9).astype(np.float32), np.where(corner, y, 9).astype(np.float32)
    paint.clear(floats(np.maximum(x, y) - 0.6))
    paint.line(floats(np.abs(np.maximum(x, y) - 0.43)), 0.012)
    _rosette(paint, x, y, design.numbers[40:], 0.32)


def _paint(design: _Design, paint: _Painting, x: Floats, y: Floats, hand: Floats) -> None:
    """Paint every tile; `x`, `y` count tiles from the panel's middle."""
    rim_x, rim_y = floats(design.across / 2 - np.abs(x)), floats(design.down / 2 - np.abs(y))
    depth = np.minimum(rim_x, rim_y)
    bordered = design.layout not in ("carpet", "single figures") and min(design.across, design.down) > 4
    rim = (depth < 1) & bordered
    field = paint.part(~rim)
    _paint_field(design, field, x[~rim], y[~rim], hand[~rim])
    paint.density[~rim] = field.density
    border = paint.part(rim)
    along = np.where(rim_x < rim_y, y + design.down / 2, x + design.across / 2)
    _border(design, border, floats(along[rim]), depth[rim], ((rim_x < 1) & (rim_y < 1))[rim])
    paint.density[rim] = border.density


def _paint_field(design: _Design, paint: _Painting, x: Floats, y: Floats, hand: Floats) -> None:
    if design.layout == "single figures":
        _figures(design, paint, x, y, hand)
    elif design.layout == "star":
        _star(design, paint, x, y)
    elif design.layout == "chequer":
        _chequer(design, paint, x, y, (np.floor(x) + np.floor(y)) % 2 == 0)
    else:
        _carpet(design, paint, x, y)


def _shade(design: _Design, band: Band) -> Floats:
    """Return the panel's colours on a band."""
    wide, high = design.right / design.across, design.bottom / design.down
    x, y = floats(band.x / wide), floats(band.y / high)
    shift_x, shift_y = design.across / 2, design.down / 2
    column, row = np.floor(x + shift_x).astype(np.int64), np.floor(y + shift_y).astype(np.int64)
    hand = design.hand[(column * 67 + row * 131) % 4096]
    px, py = x + shift_x - column - 0.5, y + shift_y - row - 0.5
    turn = hand[..., 2] * 0.006
    dx, dy = px + turn * py + hand[..., 0] * 0.006, py - turn * px + hand[..., 1] * 0.006
    inset = 0.5 - np.maximum(np.abs(dx), np.abs(dy))
    shaken_x = column + 0.5 - shift_x + dx + 0.010 * design.shake[0].grid(band.xs, band.ys) + 0.006 * hand[..., 4]
    shaken_y = row + 0.5 - shift_y + dy + 0.010 * design.shake[1].grid(band.xs, band.ys) + 0.006 * hand[..., 5]
    low_x, low_y = column - shift_x + 0.004, row - shift_y + 0.004
    brush, blot = design.brush.grid(band.xs, band.ys), design.blot.grid(band.xs, band.ys)
    paint = _Painting(np.zeros((*band.shape, 4), np.float32), brush, blot, max(1.4 * band.pixel / wide, 0.012))
    on_tile = floats(np.clip(shaken_x, low_x, low_x + 0.992)), floats(np.clip(shaken_y, low_y, low_y + 0.992))
    _paint(design, paint, *on_tile, hand)
    return _fired(design, band, paint, hand, (floats(inset), floats(px), floats(py), wide))


def _fired(
    design: _Design, band: Band, paint: _Painting, hand: Floats, place: tuple[Floats, Floats, Floats, float]
) -> Floats:
    """Fire the panel: pigment sinks into white glaze, the glaze shines, crazes and chips, the tiles stand in mortar."""
    inset, px, py, unit = place
    grain, age = design.grain.grid(band.xs, band.ys), design.age.grid(band.xs, band.ys)
    wave = design.wave.grid(band.xs, band.ys)
    glaze = design.colours[0] * (1 + 0.016 * hand[..., 3] + 0.012 * wave + 0.006 * grain)[..., None]
    glaze = glaze + hand[..., 4, None] * np.array([0.006, 0.0, -0.010], np.float32)
    strength = np.clip(1 + 0.10 * hand[..., 5], 0.7, 1.3)
    absorbed = np.zeros((*band.shape, 3), np.float32)
    for index in range(4):
        absorbed += paint.density[..., index, None] * np.log(
            design.colours[index + 1] / design.colours[0] * 0.97 + 0.015
        )
    colour = glaze * np.exp(absorbed * strength[..., None])
    border, _ = design.cracks.borders(band.x * 42 + 0.5 * wave + 64, band.y * 42 + 0.4 * age + 64)
    hair = coverage(border / 42 - 0.0004, max(band.pixel, 0.0004)) * np.float32(min(1.0, 0.0009 / band.pixel))
    colour = blend(colour, colour * 0.78, hair * smoothstep(-0.4, 1.6, age) * np.float32(0.75))
    gap, bevel = 0.012, 0.03
    edge = np.clip((inset - gap) / bevel, 0, 1)
    relief = np.sqrt(edge * (2 - edge)) * bevel * 0.55 * unit + wave * np.float32(0.0022 * unit)
    tilted = relief + (hand[..., 6] * px + hand[..., 7] * py) * np.float32(0.010 * unit)
    diffuse, shine = light(floats(tilted), band.pixel, steepness=1.1, shine=0.42, gloss=46)
    window = np.exp(-((px + 0.26 + 0.03 * wave) ** 2 + (py + 0.27) ** 2) / 0.012) * (0.5 + 0.3 * hand[..., 8])
    thin = 1 - smoothstep(gap, gap + 0.022, inset + 0.004 * age)
    colour = blend(colour, _CLAY * np.float32(0.55) + colour * np.float32(0.40), floats(thin * 0.55))
    colour = colour * (0.36 + 0.64 * diffuse)[..., None] + (shine * 0.36 + np.maximum(window, 0) * 0.10)[..., None]
    corner = np.hypot(0.5 - np.abs(px), 0.5 - np.abs(py))
    chipped = 0.42 * age - np.minimum(inset * 9, corner * 4.5) + 0.10 * grain + 0.2 * hand[..., 9]
    threshold = 1.75 - 1.7 * design.wear
    chips = smoothstep(threshold, threshold + 0.08, chipped) * np.float32(design.wear > 0)
    body = _CLAY * (0.92 + 0.07 * grain + 0.06 * age)[..., None]
    colour = blend(colour, body * (1 - 0.35 * smoothstep(threshold + 0.2, threshold, chipped))[..., None], chips)
    mortar = np.array([0.62, 0.58, 0.50], np.float32) * (0.85 + 0.10 * grain + 0.08 * age)[..., None]
    colour = blend(colour, mortar * np.float32(0.8), coverage((inset - gap) * unit, 1.4 * band.pixel))
    room = 1.02 - 0.10 * (band.x + band.y) - 0.10 * (band.x**2 + band.y**2) + 0.012 * age
    return floats(colour * room[..., None])


@technique(version=1)
def study_azulejo(
    *,
    width: Annotated[int, Field(ge=16, le=8192, description="width of the picture"), Unit("px")] = 1024,
    height: Annotated[int, Field(ge=16, le=8192, description="height of the picture"), Unit("px")] = 1024,
    palette: Annotated[
        Literal["cobalt", "cobalt and yellow", "polychrome", "manganese", "copper"], Field(description="the pigments")
    ] = "cobalt",
    layout: Annotated[
        Literal["drawn by lot", "carpet", "single figures", "framed carpet", "star", "chequer"],
        Field(description="how the panel is planned"),
    ] = "drawn by lot",
    tiles: Annotated[int, Field(ge=1, le=24, description="tiles along the shorter side")] = 6,
    wear: Annotated[float, Field(ge=0, le=1, description="how chipped the tiles are")] = 0.3,
    seed: int,
) -> Outcome:
    """Paint a wall of tin-glazed tiles by hand.

    A study of azulejo, from Arabic al-zulayj, "polished stone": tiles of white tin glaze that came to Seville and, after 1500, to
    Portugal, were painted in the maiolica manner from the sixteenth century, covered whole church walls as carpets of repeating
    tiles in the seventeenth, and turned cobalt blue around 1700 beside the single figures (figura avulsa) of tiles like Delft's.

    A brush lays pigment on unfired glaze: it pools at the rim of each stroke and sinks in; no two tiles are quite alike. Returns
    one picture (height, width, 3), sRGB, 8 bits; the same seed gives the same picture at every size, finer in detail.

    Raises:
        ParameterRefused: a value is out of range.
    """
    unit = min(width, height)
    design = _design(seed, layout, _PALETTES[palette], tiles=tiles, wear=wear, right=width / unit, bottom=height / unit)
    raster = render(width, height, lambda band: _shade(design, band), samples=max(256, 48 * tiles))
    return Outcome.of(raster, "made from numbers alone: no work was used")
