"""Study in batik: wax, crackle and two dyes on cotton."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.cells import Cells
from palimpsest.drawing.composition import COMPOSITIONS, Shape, filled_up
from palimpsest.drawing.distance import coverage, floats, smoothstep
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.ornament import leaf, petals
from palimpsest.drawing.pigment import palette
from palimpsest.drawing.sheet import Band, render
from palimpsest.media.raster import Floats

_PALETTES = {  # cotton, first dye, second dye
    "soga": palette("#f1e5c8", "#2a3a63", "#a06a33"),
    "coast": palette("#f3e8d2", "#24506a", "#b4402f"),
    "indigo": palette("#efe9da", "#2b4a86", "#7f9fbf"),
    "garden": palette("#f2e8cf", "#2f6152", "#c9852e"),
    "mangosteen": palette("#f3e6d6", "#4a2b55", "#b8564a"),
}
_LAYOUTS = ("tree", "vines", "pond", "lozenges", "sprays")
_MARGIN = 0.02
"""How far around a motif its surroundings keep clear of other motifs' lines."""


@dataclass(frozen=True)
class _Design:
    """Everything that a seed decides."""

    shapes: tuple[Shape, ...]
    colours: Floats
    ground: int
    """Which dyes the ground takes, as a shape's role."""
    isen: int
    """The filling of the ground."""
    framed: bool
    lozenges: float
    """Size of the lozenges that divide the ground, or 0."""
    crackle: float
    density: float
    numbers: Floats
    bend: tuple[Noise, Noise]
    tremor: Noise
    dye: tuple[Noise, Noise]
    grain: Noise
    fold: Noise
    cracks: tuple[Cells, Cells]
    turns: Floats


@dataclass
class _Drawn:
    """What the canting drew at each place: distance to the motif, its dyes and filling, place along and across it."""

    distance: Floats
    role: NDArray[np.int8]
    filling: NDArray[np.int8]
    along: Floats
    across: Floats


def _design(
    seed: int, layout: str, colours: Floats, *, scale: float, crackle: float, right: float, bottom: float
) -> _Design:
    rng = np.random.default_rng(seed)
    chosen = _LAYOUTS[seed % len(_LAYOUTS)] if layout == "drawn by lot" else layout
    numbers = rng.random(32, np.float32)
    ground = (2, 1, 0, 3, 3)[(seed + seed // 5) % 5]
    roles = [int(each) for each in rng.permutation([role for role in (0, 1, 2, 3) if role != ground])]
    shapes = COMPOSITIONS[chosen](rng, right, bottom, scale, roles)
    return _Design(
        shapes=tuple(filled_up(rng, shapes, right=right, bottom=bottom, scale=scale, roles=roles)),
        colours=colours,
        ground=ground,
        isen=int(numbers[1] * 5),
        framed=bool(numbers[2] < 0.6) or chosen == "tree",
        lozenges=0.30 / scale if chosen == "lozenges" else 0.0,
        crackle=crackle,
        density=scale**0.5,
        numbers=numbers,
        bend=(Noise.drawn(rng, 6, 3), Noise.drawn(rng, 6, 3)),
        tremor=Noise.drawn(rng, 60, 3, fading=0.7),
        dye=(Noise.drawn(rng, 4, 5, fading=0.65), Noise.drawn(rng, 4, 5, fading=0.65)),
        grain=Noise.drawn(rng, 220, 2, fading=0.8),
        fold=Noise.drawn(rng, 2.2, 3),
        cracks=(Cells.drawn(rng), Cells.drawn(rng)),
        turns=rng.random(4096, np.float32),
    )


def _draw(design: _Design, x: Floats, y: Floats) -> _Drawn:
    """Draw every motif that comes into a band, the later over the earlier; `x` (rows, columns), slightly shaken."""
    shape = x.shape
    drawn = _Drawn(
        np.full(shape, 0.5, np.float32),
        np.full(shape, design.ground, np.int8),
        np.full(shape, -1, np.int8),
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
    )
    columns, rows = x[0], y[:, 0]
    for each in design.shapes:
        reach = (
            _MARGIN
            + 0.01
            + (
                each.size
                if each.kind != "leaf"
                else 0.35 * float(np.hypot(each.end[0] - each.start[0], each.end[1] - each.start[1]))
            )
        )
        end = each.start if each.kind == "flower" else each.end
        left, right = np.searchsorted(columns, [min(each.start[0], end[0]) - reach, max(each.start[0], end[0]) + reach])
        top, low = np.searchsorted(rows, [min(each.start[1], end[1]) - reach, max(each.start[1], end[1]) + reach])
        if left < right and top < low:
            _draw_shape(each, x, y, drawn, (slice(int(top), int(low)), slice(int(left), int(right))))
    return drawn


def _draw_shape(each: Shape, x: Floats, y: Floats, drawn: _Drawn, window: tuple[slice, slice]) -> None:
    px, py = x[window] - np.float32(each.start[0]), y[window] - np.float32(each.start[1])
    dx, dy = each.end[0] - each.start[0], each.end[1] - each.start[1]
    length = max(float(np.hypot(dx, dy)), 1e-6)
    along = floats((px * dx + py * dy) / length)
    across = floats((py * dx - px * dy) / length)
    if each.kind == "leaf":
        distance, across = leaf(px, py, (0.0, 0.0), (dx, dy), width=each.size, bend=each.bend, lobes=each.count)
    elif each.kind == "flower":
        distance = petals(along, across, each.count, each.size, each.bend)
        along, across = np.hypot(px, py), floats(np.arctan2(across, along) * (each.count / (2 * np.pi)))
    else:
        held = np.clip(along, 0, length)
        distance = floats(np.hypot(along - held, across) - each.size)
    old = drawn.distance[window]
    joined = each.kind == "stem"  # stems run into each other; any other motif keeps a clear contour around it
    taken = distance < (np.minimum(old, 0.004) if joined else np.minimum(old, 0.0045) if each.kind == "leaf" else 0.004)
    taken |= distance < 0 if not joined else distance < np.minimum(0, old)
    for store, value in (
        (drawn.role, np.int8(each.role)),
        (drawn.filling, np.int8(each.filling)),
        (drawn.along, along),
        (drawn.across, across),
    ):
        store[window] = np.where(taken, value, store[window])
    drawn.distance[window] = np.where(taken, distance, np.minimum(old, np.maximum(distance, np.minimum(old, 0.004))))


def _filled(design: _Design, drawn: _Drawn) -> Floats:
    """Return the distance to the wax of the fillings (isen) within the motifs."""
    d, along, across = drawn.distance, drawn.along, drawn.across
    pitch = np.float32(0.0085 / design.density)
    rim = np.abs(d + np.float32(0.007))
    dots = np.hypot(rim, (along / pitch - np.round(along / pitch)) * pitch) - pitch * np.float32(0.26)
    ribs = (along - 0.9 * across) / (pitch * np.float32(1.25))
    ribs = np.abs(ribs - np.round(ribs)) * pitch - np.maximum(np.float32(0.0012), pitch * np.float32(0.16))
    ribs = np.maximum(ribs, np.maximum(d + np.float32(0.0045), np.float32(0.0035) - across))
    vein = across - np.float32(0.0013)
    turn = (across * 5 - np.round(across * 5)) * along * np.float32(2 * np.pi / 35)
    rays = np.maximum(np.abs(turn) - np.float32(0.0011), d + np.float32(0.005))
    round_dots = np.hypot(
        (along / pitch - np.round(along / pitch)) * pitch, (across * 2 - np.round(across * 2)) * along * 0.36
    ) - pitch * np.float32(0.24)
    scales = np.hypot(
        (along / pitch / 1.6 - np.round(along / pitch / 1.6)) * pitch * 1.6 + 0.5 * pitch,
        (across / pitch - np.floor(across / pitch) - 0.5) * pitch,
    ) - pitch * np.float32(0.62)
    wax = np.full(d.shape, 9, np.float32)
    for filling, part in (
        (1, rays),
        (2, np.maximum(round_dots, d + 0.003)),
        (3, np.minimum(np.maximum(rays, np.float32(0.002) - along), dots)),
        (4, np.minimum(ribs, vein)),
        (5, np.minimum(dots, vein)),
        (6, np.minimum(np.maximum(ribs, -9), np.where(across > 0.004, dots, 9))),
        (7, np.maximum(np.abs(scales) - np.float32(0.0011), d + np.float32(0.004))),
    ):
        wax = np.where(drawn.filling == filling, part, wax)
    return floats(wax)


def _ground(design: _Design, x: Floats, y: Floats, d: Floats) -> Floats:
    """Return the distance to the wax of the ground's filling: dots, curls, scales, hatching or nothing."""
    pitch = np.float32((0.015, 0.030, 0.026, 0.011, 0.031)[design.isen] / design.density)
    gx, gy = x / pitch, y / pitch
    if design.isen == 3:
        tilt = gx * 0.8 + gy * 0.6
        return floats(np.maximum(floats(np.abs(tilt - np.round(tilt)) * pitch - 0.0012), 0.007 - d))
    row = np.round(gy)
    px = gx + 0.5 * (row % 2)
    fx, fy = floats(px - np.round(px)), floats(gy - row)
    if design.isen == 1:  # curls (ukel), each turned its own way
        own = design.turns[(np.round(px).astype(np.int64) * 57 + row.astype(np.int64) * 131) % 4096] * 6.28
        away, turn = np.hypot(fx, fy), np.arctan2(fy, fx)
        wind = away * 4.4 - (turn + own) / (2 * np.pi)
        wax = np.maximum(np.abs(wind - np.round(wind)) / 4.4 - 0.045, away - 0.44)
    elif design.isen == 2:  # scales
        away = np.hypot(gx - np.round(gx * 1.0), (gy - np.floor(gy)) * 1.0)
        wax = np.minimum(np.abs(away - 0.82) - 0.05, np.hypot(gx - np.round(gx), gy - np.floor(gy) - 0.4) - 0.10)
    elif design.isen == 0:  # dots (cecek)
        wax = np.hypot(fx, fy) - 0.16 - 0.04 * design.turns[(np.round(px).astype(np.int64) * 57) % 4096]
    else:  # seven dots together
        sixth = np.abs((np.arctan2(fy, fx) / (np.pi / 3) + 0.5) % 1 - 0.5) * (np.pi / 3)
        away = np.hypot(fx, fy)
        around = np.hypot(away * np.cos(sixth) - 0.22, away * np.sin(sixth))
        wax = np.minimum(around, away) - 0.065
    return floats(np.maximum(wax * pitch, 0.007 - d))


def _frame(design: _Design, band: Band, drawn: _Drawn) -> Floats:
    """Lay a border of triangles and bands over the rim; return the distance to its wax."""
    inset_x, inset_y = band.across / 2 - np.abs(band.x), band.down / 2 - np.abs(band.y)
    inset, upright = np.minimum(inset_x, inset_y), inset_x < inset_y
    run = np.where(upright, band.down / 2, band.across / 2)
    cells = np.round(run / 0.024)
    place = np.where(upright, band.y, band.x) / run * cells
    f = np.abs(place - np.round(place))
    tooth = (inset - 0.030 - (0.5 - f) * 0.10) * 0.35
    inner = inset - 0.092
    d = np.minimum(np.abs(tooth), np.abs(inset - 0.024))
    d = np.where(inset > 0.092, np.abs(inner), np.minimum(d, np.abs(inner)))
    dots = np.hypot(inset - 0.013, (place * 2 - np.round(place * 2)) * run / cells / 2) - 0.0035
    core = np.abs(np.abs((inset - 0.030 - (0.5 - f) * 0.10) * 0.35 + 0.008)) - 0.0012
    wax = np.minimum(np.where(inset < 0.024, dots, 9), np.where((tooth < 0) & (inset > 0.032), core, 9))
    wax = np.minimum(wax, np.minimum(d, np.where(inset > 0.092, np.abs(inset - 0.102), 9)) - 0.0022)
    framed = inset < 0.092
    other = (2, 1, 2, 1)[design.ground] if design.ground else 3
    role = np.where(inset < 0.024, other, np.where(tooth < 0, 3 if design.ground != 3 else 0, other))
    drawn.role = np.where(framed, role, drawn.role).astype(np.int8)
    drawn.filling = np.where(framed, 0, drawn.filling).astype(np.int8)
    drawn.distance = floats(np.where(framed, 9.0, drawn.distance))
    return floats(np.where(inset < 0.106, wax, 9))


def _veins(design: _Design, band: Band, which: int, tremor: Floats, fold: Floats) -> Floats:
    """Return how far dye crept in where the wax cracked."""
    found = np.zeros(band.shape, np.float32)
    for index, (scale, wide) in enumerate(((5.5 + which, 0.0016), (15.0, 0.0008))):
        shift = 40.0 * which + 64
        border, _ = design.cracks[(index + which) % 2].borders(
            band.x * scale + 0.022 * tremor + shift, band.y * scale - 0.022 * tremor + shift
        )
        edge = border / scale - wide * np.clip(0.7 + 0.8 * fold + 0.35 * tremor, 0, 2.4)
        shown = coverage(edge, max(1.3 * band.pixel, 0.0012)) * np.float32(min(1.0, wide * 2 / band.pixel))
        found = np.maximum(found, shown * np.float32((0.95, 0.6)[index]) * smoothstep(-1.3, 0.9, fold * (1, -1)[which]))
    return found


def _shade(design: _Design, band: Band) -> Floats:
    """Return the cloth's colours on a band: what each dye reached past the wax."""
    bend_x, bend_y = (noise.grid(band.xs, band.ys) for noise in design.bend)
    tremor, fold = design.tremor.grid(band.xs, band.ys), design.fold.grid(band.xs, band.ys)
    x, y = band.x, band.y
    drawn = _draw(design, x, y)
    drawn.distance += np.float32(0.0006) * tremor + np.float32(0.0006) * bend_x
    wax = np.where(drawn.distance < 0, _filled(design, drawn), 9)
    sx, sy = floats(x + 0.0012 * bend_x), floats(y + 0.0012 * bend_y)
    ground = np.where(drawn.distance >= 0, _ground(design, sx, sy, drawn.distance), 9)
    if design.lozenges:
        u, v = sx / design.lozenges, sy / design.lozenges
        edge = np.minimum(np.abs((u + v + 0.5) % 1 - 0.5), np.abs((u - v + 0.5) % 1 - 0.5)) * design.lozenges * 0.7071
        rule = np.abs(edge - 0.0085) - 0.0018
        rule = np.minimum(rule, np.hypot(edge, ((u + 0.0) * 24 - np.round(u * 24)) / 24 * design.lozenges) - 0.0026)
        ground = np.where(drawn.distance >= 0.004, np.where(edge < 0.013, rule, ground), ground)
    rim = np.full(band.shape, 9, np.float32)
    if design.framed:
        rim = _frame(design, band, drawn)
        wax, ground = (np.where(drawn.distance > 8, 9, each) for each in (wax, ground))
    soft = max(1.3 * band.pixel, 0.0014)
    role = np.where(drawn.distance < 0, drawn.role, design.ground)
    if design.framed:
        role = np.where(np.minimum(band.across / 2 - np.abs(x), band.down / 2 - np.abs(y)) < 0.092, drawn.role, role)
    lines = np.minimum(np.abs(drawn.distance) - 0.0021, rim)
    held = coverage(floats(lines), soft)
    inner = coverage(floats(np.minimum(wax, ground)), soft)
    return _dyed(design, band, role, held=held, inner=inner, tremor=tremor, fold=fold)


def _dyed(
    design: _Design, band: Band, role: NDArray[np.int8], *, held: Floats, inner: Floats, tremor: Floats, fold: Floats
) -> Floats:
    """Dye the cloth twice, with wax between, and let the cotton show."""
    grain = design.grain.grid(band.xs, band.ys)
    absorbed = np.zeros((*band.shape, 3), np.float32)
    pale = role == 0  # undyed places take their fillings in the darker dye, where the wax was opened
    for which in (0, 1):
        open_here = ((role >> which) & 1).astype(np.float32)
        open_here = np.where(pale, inner * np.float32((0.15, 0.9)[which]), open_here * (1 - inner)) * (1 - held)
        crack = _veins(design, band, which, tremor, fold) * np.float32(design.crackle * 1.5)
        reached = np.maximum(open_here, np.clip(crack, 0, 1) * np.float32((0.75, 0.6)[which]))
        uneven = 1 + 0.09 * design.dye[which].grid(band.xs, band.ys) + 0.05 * grain
        dye = np.log(design.colours[1 + which] / design.colours[0] * 0.97 + 0.02)
        absorbed += (reached * uneven)[..., None] * dye * np.float32((1.0, 1.0)[which])
    stain = 0.035 + 0.012 * design.dye[1].grid(band.xs, band.ys)  # wax never keeps everything out
    absorbed += stain[..., None] * np.log(design.colours[2] / design.colours[0])
    thread = np.sin(band.x * np.float32(2 * np.pi * 260)) * np.sin(band.y * np.float32(2 * np.pi * 240))
    shown = np.float32(np.clip(0.5 / (260 * band.pixel) - 0.35, 0, 1))
    cloth = 1 + 0.014 * grain + 0.02 * fold + 0.030 * shown * thread - 0.03 * (band.x + band.y)
    return floats(design.colours[0] * np.exp(absorbed) * cloth[..., None])


@technique(version=1)
def study_batik(
    *,
    width: Annotated[int, Field(ge=16, le=8192, description="width of the picture"), Unit("px")] = 1024,
    height: Annotated[int, Field(ge=16, le=8192, description="height of the picture"), Unit("px")] = 1024,
    palette: Annotated[
        Literal["soga", "coast", "indigo", "garden", "mangosteen"], Field(description="the two dyes and the cotton")
    ] = "soga",
    layout: Annotated[
        Literal["drawn by lot", "tree", "vines", "pond", "lozenges", "sprays"],
        Field(description="what is drawn on the cloth"),
    ] = "drawn by lot",
    scale: Annotated[
        float, Field(ge=0.5, le=3, description="how many motifs: 1 is as planned, 2 twice as many across")
    ] = 1.0,
    crackle: Annotated[float, Field(ge=0, le=1, description="how far dye crept in where the wax cracked")] = 0.5,
    seed: int,
) -> Outcome:
    """Draw plants, fish or lozenges in wax on cotton and dye it twice.

    A study of Javanese batik tulis: hot wax is drawn with the canting, a small copper pen; the cloth is dyed in indigo, the wax
    partly scraped off and laid anew, and dyed again in soga, a brown of bark and wood. Fillings of dots and fine lines are called
    isen. UNESCO listed Indonesian batik as living heritage in 2009. The motifs here are new ones, drawn by the seed; patterns
    that the courts of Yogyakarta and Surakarta kept to themselves, parang rusak among them, are left alone.

    Each dye absorbs light where no wax kept it out (Beer's law), and seeps in along cracks. Returns one picture (height, width,
    3), sRGB, 8 bits; the same seed gives the same picture at every size, finer in detail.

    Raises:
        ParameterRefused: a value is out of range.
    """
    unit = min(width, height)
    design = _design(
        seed, layout, _PALETTES[palette], scale=scale, crackle=crackle, right=width / unit, bottom=height / unit
    )
    raster = render(width, height, lambda band: _shade(design, band))
    return Outcome.of(raster, "made from numbers alone: no work was used")
