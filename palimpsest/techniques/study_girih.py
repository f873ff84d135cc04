"""Study in girih: star patterns in interlaced straps and glazed tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.cells import Cells
from palimpsest.drawing.distance import coverage, smoothstep
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import blend, palette
from palimpsest.drawing.relief import light
from palimpsest.drawing.sheet import Band, render
from palimpsest.drawing.tilings import ACROSS, Placed, Tile, apothem_of, corner_names, pattern, placed_tiles, wedges
from palimpsest.media.raster import Floats

_PALETTES = {  # strap, ground, great star, its heart or petals, small star, accent, grout
    "isfahan": palette("#e9e3d0", "#1d3f7d", "#2f8f9d", "#d9a441", "#12284f", "#7fc0bd", "#8d8268"),
    "fez": palette("#efe9da", "#2b6a4a", "#20508c", "#c98d2b", "#2a2b30", "#8c3b22", "#a2967c"),
    "konya": palette("#1c2b33", "#4faaa8", "#efe6d0", "#2a7f8b", "#1f3c70", "#9ed6cc", "#7a6e5b"),
    "samarkand": palette("#f1ece0", "#2c5fb0", "#1a2f6b", "#e0b64e", "#49a3c4", "#f0d9a8", "#86775c"),
    "granada": palette("#f0eadb", "#a8662c", "#1f5f56", "#24304a", "#7c8f3a", "#d8b25a", "#a3977d"),
}
_CLAY = palette("#b98d66")[0]


@dataclass
class _Laid:
    """What covers each pixel of a band: how far its piece's edge is, which glaze it has, which piece it is."""

    edge: Floats
    glaze: NDArray[np.int32]
    piece: NDArray[np.int32]
    flower: Floats


@dataclass(frozen=True)
class _Design:
    """Everything that a seed decides."""

    tiling: str
    angle: float
    level: int
    turn: float
    unit: float
    """Length of a tile's edge in the picture."""
    shift: tuple[float, float]
    framed: bool
    fillet: bool
    petals: int
    inlaid: int
    bright: bool
    roles: tuple[int, ...]
    strap: float
    """Half the width of a strap, in edges."""
    colours: Floats
    warp: tuple[Noise, Noise]
    mottle: Noise
    wave: Noise
    grain: Noise
    wear: Noise
    cracks: Cells
    tints: Floats
    tilts: Floats
    wearing: float


_CHOICES = {  # contact angles, with the level at which rays of the great polygon meet
    "octagon": ((67.5, 2), (56.0, 1), (67.5, 1), (72.0, 2)),
    "decagon": ((72.0, 2), (54.0, 1), (66.0, 1), (72.0, 1)),
    "dodecagon": ((63.0, 2), (57.0, 1), (60.0, 2), (50.0, 1)),
    "great dodecagon": ((64.0, 1), (60.0, 1), (67.5, 2), (55.0, 1)),
    "hexagon": ((60.0, 1), (52.0, 1), (68.0, 1)),
}


def _design(seed: int, tiling: str, colours: Floats, *, stars: float, wear: float, strap: float) -> _Design:
    rng = np.random.default_rng(seed)
    draws = rng.random(12)
    lot = list(_CHOICES)[(seed * 2 + 1 + seed // 5) % len(_CHOICES)]
    chosen = lot if tiling == "drawn by lot" else tiling
    angle, level = _CHOICES[chosen][int(draws[1] * len(_CHOICES[chosen]))]
    framed = bool(draws[2] < 0.6)
    turns = (0.0, 0.0, 15.0, 18.0, 22.5, 45.0) if not framed else (0.0,)
    finer = 1.35 if chosen == "hexagon" else 1.0
    return _Design(
        tiling=chosen,
        angle=angle,
        level=level,
        turn=turns[int(draws[3] * len(turns))],
        unit=1 / (stars * ACROSS[chosen] * finer),
        shift=(0.0, 0.0) if framed else (float(draws[4] - 0.5) * 0.5, float(draws[5] - 0.5) * 0.5),
        framed=framed,
        fillet=bool(draws[6] < 0.45),
        petals=int(draws[7] * 3),
        inlaid=1 + int(draws[8] * 2) if draws[7] < 1 / 3 else int(draws[8] * 3),
        bright=bool(draws[9] < 0.5),
        roles=tuple(int(each) for each in rng.permutation([1, 2, 4, 5])),
        strap=strap * (0.5 if min(len(tile.corners) for tile, _, _ in pattern(chosen, 1)[2]) > 3 else 0.36),
        colours=colours,
        warp=(Noise.drawn(rng, 5, 2), Noise.drawn(rng, 5, 2)),
        mottle=Noise.drawn(rng, 9, 4, fading=0.7),
        wave=Noise.drawn(rng, 40, 2),
        grain=Noise.drawn(rng, 180, 3, fading=0.8),
        wear=Noise.drawn(rng, 14, 4, fading=0.75),
        cracks=Cells.drawn(rng),
        tints=rng.standard_normal((4096, 3), np.float32),
        tilts=rng.standard_normal((4096, 2), np.float32),
        wearing=wear,
    )


def _lay(design: _Design, x: Floats, y: Floats) -> _Laid:
    """Lay straps and pieces at places `x`, `y` (in edges, after the warp)."""
    shape = x.shape
    laid = _Laid(
        np.full(shape, 9, np.float32), np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.float32)
    )
    radius = float(max(np.hypot(x[r, c], y[r, c]) for r in (0, -1) for c in (0, -1))) if x.size else 0.0
    low_x, high_x, low_y, high_y = float(x.min()), float(x.max()), float(y.min()), float(y.max())
    for placed in placed_tiles(design.tiling, design.level, radius):
        size = float(np.hypot(*placed.tile.corners.T).max())
        if low_x - size < placed.x < high_x + size and low_y - size < placed.y < high_y + size:
            _lay_tile(design, placed, x, y, laid)
    return laid


def _lay_tile(design: _Design, placed: Placed, x: Floats, y: Floats, laid: _Laid) -> None:
    """Lay one tile, over the pixels that it may touch."""
    window = _window(x, y, placed)
    if window is None:
        return
    px, py = x[window] - np.float32(placed.x), y[window] - np.float32(placed.y)
    inside = np.full(px.shape, -9, np.float32)
    corners = placed.tile.corners
    for start, end in zip(corners, np.roll(corners, -1, 0), strict=True):
        dx, dy = (end - start).astype(np.float32)
        inside = np.maximum(inside, -(dx * (py - np.float32(start[1])) - dy * (px - np.float32(start[0]))))
    mask = inside <= 1e-4
    if mask.any():
        edge, glaze, piece, flower = _straps(design, placed, px[mask], py[mask])
        for field, values in ((laid.edge, edge), (laid.glaze, glaze), (laid.piece, piece), (laid.flower, flower)):
            field[window][mask] = values


def _window(x: Floats, y: Floats, placed: Placed) -> tuple[slice, slice] | None:
    """Return rows and columns that hold every pixel within the tile's circle, or None."""
    size = np.float32(np.hypot(*placed.tile.corners.T).max())
    near = (np.abs(x[::4, ::4] - np.float32(placed.x)) < size + 0.3) & (
        np.abs(y[::4, ::4] - np.float32(placed.y)) < size + 0.3
    )
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    if not len(rows):
        return (slice(None), slice(None)) if min(x.shape) < 64 else None
    return (
        slice(max(0, int(rows[0]) * 4 - 4), int(rows[-1]) * 4 + 8),
        slice(max(0, int(columns[0]) * 4 - 4), int(columns[-1]) * 4 + 8),
    )


def _straps(
    design: _Design, placed: Placed, px: Floats, py: Floats
) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32], Floats]:
    """Return edge distance, glaze, piece and painted flower for places inside a tile."""
    tile, half = placed.tile, np.float32(design.strap * 0.13 / 0.5)
    over, under = np.full(px.shape, 9, np.float32), np.full(px.shape, 9, np.float32)
    within, deepest, which = np.zeros(px.shape, np.int32), over.copy(), np.zeros(px.shape, np.int32)
    radius = np.hypot(px, py)
    swapped = _inner(tile, design.angle, radius)
    for index, (start, ray, end, back) in enumerate(wedges(tile, design.angle)):
        a = np.float32(ray[0]) * (py - np.float32(start[1])) - np.float32(ray[1]) * (px - np.float32(start[0]))
        b = np.float32(back[1]) * (px - np.float32(end[0])) - np.float32(back[0]) * (py - np.float32(end[1]))
        pointed = ray[0] * back[1] - ray[1] * back[0] > 0  # else the rays open more than a half turn about the corner
        signed = np.maximum(a, b) if pointed else np.minimum(a, b)
        distance = np.abs(signed)
        above = ((a > b) == pointed) ^ swapped
        over = np.where(above & (distance < over), distance, over)
        under = np.where(~above & (distance < under), distance, under)
        within += signed < 0
        deeper = signed < deepest
        which[deeper] = index
        deepest = np.where(deeper, signed, deepest)
    on_over, on_under = over < half, under < half
    edge = np.where(
        on_over,
        half - over,
        np.where(on_under, np.minimum(half - under, over - half), np.minimum(over, under) - half),
    )
    strap = on_over | on_under
    glaze, piece = _glazes(
        design, placed, within, which, np.arctan2(py, px) - np.float32(np.arctan2(*tile.corners[0, ::-1]))
    )
    heart = (within == 0) & ~strap
    if tile.rank == 0 and tile.level == 1 and design.inlaid:
        edge, glaze, piece = _inlay(design, heart, edge, glaze, piece)
    if design.fillet:  # a line of another glaze along the middle of each strap, where it is not covered
        line = np.where(on_over, over, under) - half * np.float32(0.45)
        shown = strap & (line < 0)
        edge = np.where(strap, np.minimum(edge, 1.7 * np.abs(line)), edge)
        glaze = np.where(shown, 3, np.where(strap, 0, glaze))
        piece = np.where(shown, piece + 77, piece)
    glaze = np.where(strap, np.where(glaze == 3, glaze, 0) if design.fillet else 0, glaze).astype(np.int32)
    flower = np.where(strap, 0, _flower(design, tile, px, py, radius)).astype(np.float32)
    return edge.astype(np.float32), glaze, np.where(strap, piece + 1000 + which, piece).astype(np.int32), flower


def _inlay(
    design: _Design, heart: NDArray[np.bool_], edge: Floats, glaze: NDArray[np.int32], piece: NDArray[np.int32]
) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]]:
    """Set a star within the great star: a ring that follows the straps, a narrow fillet, and a heart of another glaze."""
    near, far = np.float32(0.17), np.float32(0.17 + 0.07)
    band = heart & (edge > near) & (edge <= far)
    core = heart & (edge > far)
    inset = np.where(heart, np.minimum(edge, np.minimum(np.abs(edge - near), np.abs(edge - far))), edge)
    inside = design.roles[0] if design.inlaid == 1 else 3
    return (
        inset.astype(np.float32),
        np.where(band, 0, np.where(core, inside, glaze)),
        np.where(core, piece + 501, np.where(band, piece + 502, piece)),
    )


def _inner(tile: Tile, angle: float, radius: Floats) -> NDArray[np.bool_]:
    """Return where a strap has passed its first crossing inside the tile, so that over and under change places."""
    if tile.level == 1:
        return np.zeros(radius.shape, np.bool_)
    sides = len(tile.contacts)
    apothem = apothem_of(sides)
    crossing = apothem * np.cos(np.radians(angle)) / np.cos(np.radians(angle) - np.pi / sides)
    return radius < np.float32((apothem + crossing) / 2)


def _glazes(
    design: _Design, placed: Placed, within: NDArray[np.int32], which: NDArray[np.int32], turn: Floats
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return which glaze and which piece of it lies at each place between the straps."""
    tile, sides = placed.tile, len(placed.tile.corners)
    ground, star, small, accent = design.roles
    ring = int(np.hypot(placed.x, placed.y) / ACROSS[design.tiling] + 0.5) % 2
    heart = (star, 3 if ring else accent)[tile.rank == 0] if tile.level == 2 else (star if tile.rank == 0 else small)
    if tile.rank == 2:
        heart = accent
    if tile.rank == 1 and design.bright:
        heart = 3
    # a piece about a corner of the tiling is shared by the tiles that meet there: it is named for that corner's place
    sector = np.floor(turn / np.float32(2 * np.pi / sides)).astype(np.int32) % sides
    nearest = (sector + np.round((turn / np.float32(2 * np.pi / sides)) % 1).astype(np.int32)) % sides
    if tile.level == 1:
        nearest = (which + 1) % sides
    corner = corner_names(placed, design.tiling == "decagon")[nearest]
    own = placed.number * 131 + 7
    if tile.level == 2:
        glaze = np.choose(np.minimum(within, 2), [heart, star, ground])
        piece = np.choose(np.minimum(within, 2), [own, own + 1 + sector, corner])
    else:
        glaze = np.where(within > 0, ground, heart)
        piece = np.where(within > 0, corner, own)
    return glaze.astype(np.int32), piece.astype(np.int32)


def _flower(design: _Design, tile: Tile, px: Floats, py: Floats, radius: Floats) -> Floats:
    """Return a small painted rosette in the middle of a tile: 0 outside it, 1 on petals, with soft brush edges."""
    sides = len(tile.contacts)
    if design.petals == 0 or tile.rank or len(tile.corners) != sides:
        return np.zeros_like(radius)
    apothem = apothem_of(sides)
    count = sides if design.petals == 1 else sides // 2
    turn = np.arctan2(py, px) - (0 if tile.level == 1 else np.pi / sides)
    open_to = 0.2 if tile.level == 2 else 0.27
    petal = apothem * (open_to * (0.62 + 0.38 * np.abs(np.cos(turn * count / 2)))) - radius
    hole = radius - apothem * open_to * 0.22
    return smoothstep(0, 0.03, np.minimum(petal, np.abs(hole) - 0.012))


def _frame(design: _Design, band: Band, laid: _Laid) -> None:
    """Lay a border of fillets and a row of lozenges over the rim of the field."""
    half_width, half_height = band.across / 2, band.down / 2
    inset_x, inset_y = half_width - np.abs(band.x), half_height - np.abs(band.y)
    inset = np.minimum(inset_x, inset_y).astype(np.float32)
    upright = inset_x < inset_y
    run = np.where(upright, half_height, half_width).astype(np.float32) - np.float32(0.066)
    count = np.maximum(np.round(run / np.float32(0.03)), 1)
    place = np.where(upright, band.y, band.x) / run * count
    cell = np.where(np.abs(place) > count, 9 * np.sign(place), np.floor(place)).astype(np.int32)
    across = (inset - np.float32(0.046)) / np.float32(0.02)
    along = np.where(np.abs(place) > count, 9, place - np.floor(place) - 0.5) * (run / count) / np.float32(0.02)
    corner = np.abs(place) > count
    corner_along = (np.maximum(inset_x, inset_y) - np.float32(0.046)) / np.float32(0.02)
    along = np.where(corner, corner_along, along).astype(np.float32)
    lozenge = (np.abs(along) / np.where(corner, 0.8, 0.62) + np.abs(across) / 0.8 - 1).astype(np.float32) * 0.4
    ground, star, _, accent = design.roles
    glaze = np.where(lozenge < 0, np.where(corner, 3, np.where(cell % 2 == 0, accent, 3)), star)
    bounds = np.array([0.0, 0.020, 0.026, 0.066, 0.072], np.float32)
    edge = np.min([np.abs(inset - bound) for bound in bounds[1:]], 0)
    edge = np.where((inset > 0.026) & (inset < 0.066), np.minimum(edge, np.abs(lozenge) * np.float32(0.02)), edge)
    joint = np.abs(place * 0.5 - np.round(place * 0.5)) * 2 * run / count
    outer = (inset < 0.020) | ((inset >= 0.066) & (inset < 0.072)) | ((inset >= 0.020) & (inset < 0.026))
    edge = np.where(outer, np.minimum(edge, joint), edge)
    zone = np.searchsorted(bounds, inset.ravel(), side="right").reshape(inset.shape)
    glaze = np.choose(np.minimum(zone, 4), [ground, ground, 0, glaze, 0])
    framed = inset < 0.072
    rim = edge / np.float32(design.unit)
    laid.edge = np.where(framed, rim, np.minimum(laid.edge, np.abs(rim))).astype(np.float32)
    laid.glaze = np.where(framed, glaze, laid.glaze).astype(np.int32)
    laid.piece = np.where(framed, cell * 37 + zone * 911 + upright * 5 + (lozenge < 0) * 3, laid.piece).astype(np.int32)
    laid.flower = np.where(framed, 0, laid.flower).astype(np.float32)


def _shade(design: _Design, band: Band) -> Floats:
    """Return the picture's colours on a band: pieces of glaze in grout, under one light."""
    bend_x, bend_y = (noise.grid(band.xs, band.ys) * np.float32(0.0016) for noise in design.warp)
    c, s = np.cos(np.radians(design.turn)), np.sin(np.radians(design.turn))
    x, y = band.x + bend_x, band.y + bend_y
    unit = np.float32(design.unit)
    laid = _lay(
        design,
        ((c * x + s * y) / unit + np.float32(design.shift[0] / unit)).astype(np.float32),
        ((c * y - s * x) / unit + np.float32(design.shift[1] / unit)).astype(np.float32),
    )
    if design.framed:
        _frame(design, band, laid)
    return _matter(design, band, laid)


def _matter(design: _Design, band: Band, laid: _Laid) -> Floats:
    edge = laid.edge * np.float32(design.unit)
    number = laid.piece & 4095
    mottle, wave = design.mottle.grid(band.xs, band.ys), design.wave.grid(band.xs, band.ys)
    grain, worn = design.grain.grid(band.xs, band.ys), design.wear.grid(band.xs, band.ys)
    tint = design.tints[number]
    colour = design.colours[laid.glaze]
    petal = np.where((laid.glaze == 0) | (laid.glaze == 5), 4, 5)
    colour = blend(colour, design.colours[petal], laid.flower * np.float32(0.85))
    shade = 1 + 0.075 * tint[..., 0] + 0.05 * mottle + 0.012 * grain
    colour = colour * shade[..., None] + tint * np.float32(0.014)
    thin = 1 - smoothstep(0, 0.055 * design.unit, edge)  # glaze runs thin over an arris and lets the body show
    colour = blend(colour, colour * 0.72 + _CLAY * 0.26, thin * np.float32(0.5))
    border, _ = design.cracks.borders((band.x + 0.004 * wave) * 34 + 64, (band.y + 0.004 * mottle) * 34 + 64)
    hair = coverage(border / 34 - 0.0006, max(band.pixel, 0.0004)) * np.float32(min(1.0, 0.0012 / band.pixel))
    colour = blend(colour, colour * 0.66 + _CLAY * 0.08, hair * smoothstep(-0.9, 0.9, worn) * np.float32(0.55))
    bevel = 0.075 * design.unit
    pillow = np.sqrt(np.clip(edge / bevel, 0.0, 1) * (2 - np.clip(edge / bevel, 0, 1)))
    tilt = design.tilts[number]
    relief = pillow * np.float32(bevel * 0.42) + wave * np.float32(0.00045) + grain * np.float32(0.00004)
    diffuse, shine = light(relief, band.pixel, steepness=0.9, shine=0.5, gloss=40)
    sheen = np.clip(1 + 0.05 * tilt[..., 1] - 0.10 * (band.x + band.y), 0.7, 1.3)
    colour = colour * (0.42 + 0.58 * diffuse * sheen)[..., None] + (shine * sheen * 0.45)[..., None]
    grout = design.colours[6] * (0.86 + 0.10 * grain + 0.06 * mottle)[..., None]
    gap = 0.011 * design.unit + 0.0006
    colour = blend(
        colour, grout * (0.62 + 0.38 * smoothstep(0, gap, edge))[..., None], coverage(edge - gap, 1.4 * band.pixel)
    )
    chipped = worn * np.float32(0.5) - edge / np.float32(0.10 * design.unit) + tint[..., 2] * np.float32(0.25)
    threshold = 2.4 - 2.2 * design.wearing
    chips = smoothstep(threshold, threshold + 0.12, chipped + 0.12 * grain) * np.float32(design.wearing > 0)
    colour = blend(colour, _CLAY * (0.9 + 0.12 * grain + 0.05 * mottle)[..., None], chips)
    dust = 0.955 + 0.03 * worn * np.float32(design.wearing) - 0.10 * (band.x**2 + band.y**2)
    return (colour * dust[..., None]).astype(np.float32)


@technique(version=1)
def study_girih(
    *,
    width: Annotated[int, Field(ge=16, le=8192, description="width of the picture"), Unit("px")] = 1024,
    height: Annotated[int, Field(ge=16, le=8192, description="height of the picture"), Unit("px")] = 1024,
    palette: Annotated[
        Literal["isfahan", "fez", "konya", "samarkand", "granada"], Field(description="the glazes")
    ] = "isfahan",
    tiling: Annotated[
        Literal["drawn by lot", "octagon", "decagon", "dodecagon", "great dodecagon", "hexagon"],
        Field(description="the polygons under the stars"),
    ] = "drawn by lot",
    stars: Annotated[float, Field(ge=1, le=16, description="great stars along the shorter side")] = 4.0,
    strap: Annotated[float, Field(ge=0.2, le=1.0, description="how broad the straps are")] = 0.5,
    wear: Annotated[float, Field(ge=0, le=1, description="how chipped and weathered the glaze is")] = 0.35,
    seed: int,
) -> Outcome:
    """Set a panel of interlaced stars in glazed tile.

    A study of girih, the "knots" of Islamic geometric art: star patterns of straps that pass over and under each other, drawn
    with compass and rule from the eleventh century on in Iran, and carried in brick, wood and cut tile from Seljuk Anatolia and
    Timurid Samarkand to the zellij of Fez and Granada.

    The stars are grown from polygons in contact (E. H. Hankin 1925; C. S. Kaplan, "Islamic star patterns from polygons in
    contact", 2005): from the middle of every edge of a tiling two rays leave at one angle and end where they meet another.
    The seed chooses tiling, angle, roles of the glazes, frame and hand. Returns one picture (height, width, 3), sRGB, 8 bits;
    the same seed gives the same picture at every size, finer in detail.

    Raises:
        ParameterRefused: a value is out of range.
    """
    design = _design(seed, tiling, _PALETTES[palette], stars=stars, wear=wear, strap=strap)
    raster = render(width, height, lambda band: _shade(design, band))
    return Outcome.of(raster, "made from numbers alone: no work was used")
