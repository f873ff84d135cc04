"""Study in weaving: cloth thread by thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.distance import floats, smoothstep
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import palette
from palimpsest.drawing.relief import light
from palimpsest.drawing.sheet import Band, render
from palimpsest.media.raster import Floats

Cells = NDArray[np.int64]
Marks = NDArray[np.bool_]

_PALETTES = {  # from light to accents: natural dyes and undyed wools
    "madder": palette("#eadfc6", "#9c2f25", "#c9603a", "#22355c", "#d3a043", "#4a2a22"),
    "indigo": palette("#ebe6d6", "#1b2f5a", "#4a6f9d", "#93aebf", "#0f1a33", "#c9b48a"),
    "garden": palette("#efe7cf", "#3c6040", "#b8475a", "#e0b04a", "#7f9a5b", "#5a2b46"),
    "dusk": palette("#e6d9cc", "#4b2a55", "#1f5b66", "#c7923e", "#a0465a", "#20222f"),
    "undyed": palette("#eee6d6", "#7a6350", "#b39c7f", "#3b322d", "#d2c2a8", "#8d8780"),
    "coast": palette("#efe6d2", "#20455f", "#5f9c97", "#dc7658", "#e3bf78", "#2a2b3d"),
}
_CLOTHS = ("banded", "ikat", "damask", "blocks", "plaid", "striped")


@dataclass(frozen=True)
class _Design:
    """Everything that a seed decides. Lengths are in threads, from the middle of the cloth."""

    cloth: str
    threads: int
    colours: Floats
    order: Cells
    """The colours' roles, shuffled but for the first."""
    numbers: Floats
    """Free numbers in 0..1 for the layouts."""
    jitter: Floats
    """For each thread: its own shift, thickness, lightness and hue."""
    motifs: Cells
    wobble: tuple[Noise, Noise]
    fuzz: Noise
    fibre: Noise
    drape: Noise
    fade: Noise


@dataclass(frozen=True)
class _Draft:
    """What a weaver plans, for a block of crossings (rows, columns)."""

    warp_up: Marks
    warp: Floats
    weft: Floats


def _design(seed: int, cloth: str, colours: Floats, threads: int) -> _Design:
    rng = np.random.default_rng(seed)
    chosen = _CLOTHS[seed % len(_CLOTHS)] if cloth == "drawn by lot" else cloth
    return _Design(
        cloth=chosen,
        threads=threads,
        colours=colours,
        order=rng.permutation(np.arange(1, 6)),
        numbers=rng.random(256, np.float32),
        jitter=rng.standard_normal((4096, 6), np.float32),
        motifs=rng.permutation(7),
        wobble=(Noise.drawn(rng, 7, 3), Noise.drawn(rng, 7, 3)),
        fuzz=Noise.drawn(rng, 230, 2, fading=0.8),
        fibre=Noise.drawn(rng, 120, 2),
        drape=Noise.drawn(rng, 2.2, 2, stretch=(1.3, 0.7)),
        fade=Noise.drawn(rng, 3, 3),
    )


def _plain(u: Cells, v: Cells) -> Marks:
    up: Marks = (u + v) % 2 == 0
    return up


def _twill(u: Cells, v: Cells, over: int = 2, under: int = 2, *, lean: int = 1) -> Marks:
    up: Marks = (u + lean * v) % (over + under) < over
    return up


def _satin(u: Cells, v: Cells) -> Marks:
    """Return a five-end satin, the warp on top but for one crossing in five."""
    up: Marks = (u * 2 + v) % 5 != 0
    return up


def _motif(kind: int, u: Cells, v: Cells, size: int) -> Marks:
    """Return a geometric motif repeated every `size` threads along u, centred on v = 0 and `size` threads high."""
    half = size // 2
    a, b = np.abs((u + half) % size - half), np.abs(v)
    stepped = a // 2 + b // 2
    cross = (np.minimum(a, b) <= 1) | (np.abs(a - b) <= 1)
    lozenge = stepped <= half // 2
    motifs: list[Marks] = [
        lozenge & (stepped % 3 != 1),  # nested lozenges
        lozenge & (cross | (stepped >= half // 2 - 1)),  # a stepped cross in a lozenge
        (a // 2 + (v + 64 * size) // 2) % (half // 2 + 1) < max(half // 4, 1),  # zigzags
        (a // 2 <= (v + half) // 4) & (b <= half),  # stepped triangles
        ((b // 2 >= a // 2 + 1) & (b <= half)) | (a >= half - 1),  # an hourglass between posts
        ((a // 2 + b // 2) % 2 == 0) & (a + b <= half),  # small checks in lozenges
        (np.abs(a - half // 2) + b <= half // 3) | (a + b <= half // 3),  # seeds
    ]
    return motifs[kind]


def _bands(numbers: Floats, length: int, narrow: int, wide: int) -> Cells:
    """Return where each of some bands ends, in threads from the middle; beyond `length` there are no more."""
    ends, position = [], 0
    for index in range(64):
        share = float(numbers[index * 2 % 128])
        position += narrow + int((wide - narrow) * share**1.6)
        ends.append(position)
        if position > length:
            break
    return np.array(ends)


def _banded(design: _Design, u: Cells, v: Cells) -> _Draft:
    """Weft-faced bands, plain and patterned, mirrored about the middle; patterns in supplementary weft, tied down."""
    scale, numbers, order = design.threads / 160, design.numbers, design.order
    ends = _bands(numbers, 100_000, int(5 * scale) + 2, int(26 * scale) + 3)
    away = np.abs(v) % (ends[-1] + 1)
    band = np.searchsorted(ends, away)
    band = np.minimum(band, len(ends) - 1)
    starts = np.concatenate([[0], ends[:-1]])
    height = (ends - starts)[band]
    middle = np.where(band == 0, away, away - (starts + ends)[band] // 2)
    ground = order[(numbers[band * 3 % 256] * 5).astype(np.int64)]
    figure = np.where(
        numbers[(band * 5 + 2) % 256] < 0.55, 0, order[(numbers[(band * 5 + 3) % 256] * 5).astype(np.int64)]
    )
    figure = np.where(figure == ground, 0, figure)
    up = np.zeros(np.broadcast_shapes(u.shape, v.shape), np.bool_)
    for number in np.unique(band):
        rows = (band == number)[:, 0]
        tall = int(height[rows][0, 0])
        if tall > 9 * scale:
            size = max(tall - 3 if number else 2 * tall - 4, 8)
            inside = np.abs(middle[rows]) <= size // 2
            up[rows] = _motif(int(design.motifs[int(number) % 7]), u, middle[rows], size // 2 * 2) & inside
        elif number % 3 == 0:
            up[rows] = (u // 3 + v[rows] // 3) % 2 == 0
    tied = (u + 3 * (v // 2)) % 7 == 0
    base = _twill(u, v, 1, 3)
    warp = np.broadcast_to(design.colours[0] * np.float32(0.9), (*up.shape, 3))
    weft = np.where(up[..., None], design.colours[figure], design.colours[ground])
    return _Draft(np.where(up, tied, base), floats(warp), floats(weft))


def _lozenges(design: _Design, x: Floats, y: Floats) -> Cells:
    """Return the colour of an ikat figure at each place: nested lozenges with horns, in columns."""
    numbers = design.numbers
    columns = (1.0, 2.0, 3.0)[int(numbers[0] * 3)]
    tall = (0.55, 0.75, 1.0)[int(numbers[1] * 3)] / columns**0.5
    place = x * columns
    column = np.round(place)
    a = np.abs(place - column) * 2
    offset = np.where(column % 2 == 0, 0, 0.5 if numbers[2] < 0.6 else 0)
    row = y / tall + offset
    b = np.abs(row - np.round(row)) * 2
    bulge = 0.10 + 0.16 * numbers[3]
    shape = a + b * (0.95 - 0.15 * numbers[4]) + bulge * np.sin(b * np.pi * (2 + int(numbers[5] * 3))) * (0.4 + 0.6 * a)
    steps = np.searchsorted(np.array([0.13, 0.27, 0.36, 0.58, 0.68, 0.80, 1.02, 1.10]), shape)
    order = design.order
    roles = np.array([order[0], 0, order[1], order[2], 0, order[1], order[3], 0, order[4]])
    stripe = np.abs(a - 0.94) < 0.045
    colours: Cells = np.where(stripe, order[2], roles[steps])
    return colours


def _ikat(design: _Design, u: Cells, v: Cells) -> _Draft:
    """Warp-faced plain weave whose warp was bound and dyed first: each thread has slipped a little along the loom."""
    thread = np.float32(1 / design.threads)
    number = np.abs(u * 7 + 3) % 4096
    slip = design.jitter[number, 0] * np.float32(0.008) + design.jitter[(np.abs(u) // 5 * 11) % 4096, 1] * np.float32(
        0.009
    )
    x, y = u * thread, v * thread + slip
    soak = np.float32(0.010)
    colours = sum(
        design.colours[_lozenges(design, floats(x + 0 * y), floats(y + at * soak))] for at in (-1, -0.3, 0.3, 1)
    )
    warp = np.asarray(colours) * np.float32(0.25)
    weft = np.broadcast_to(design.colours[design.order[0]] * np.float32(0.72), warp.shape)
    return _Draft(_twill(u, v, 3, 1) if design.numbers[9] < 0.4 else _satin(u, v), floats(warp), floats(weft))


def _damask(design: _Design, u: Cells, v: Cells) -> _Draft:
    """Figure and ground in one satin, seen from its two faces: warp-faced leaves on weft-faced ground."""
    numbers, order = design.numbers, design.order
    wide = (0.5, 0.36, 0.66)[int(numbers[0] * 3)]
    tall = wide * (1.25 + 0.5 * numbers[1])
    x, y = u / design.threads / wide, v / design.threads / tall
    row = np.round(y * 2)
    dx = x + (row % 2) * 0.5
    dx = (dx - np.round(dx)) * wide
    dy = (y * 2 - row) / 2 * tall
    lobes = 3 + int(numbers[2] * 4)
    turn, away = np.arctan2(dx, -dy), np.hypot(dx, dy * 0.86) / wide
    heart = away - 0.13 * (0.72 + 0.28 * np.abs(np.cos(turn * lobes / 2)))
    crown = np.abs(away - 0.205 * (0.86 + 0.14 * np.cos(turn * lobes * 2))) - 0.022 - 0.012 * np.cos(turn * lobes)
    ogee = np.abs(np.abs(dx / wide) - 0.25 - 0.235 * np.cos(2 * np.pi * dy / tall)) - 0.028
    leaf_y = (dy / tall + 0.25) % 0.5 - 0.25
    leaf = np.hypot((np.abs(dx) / wide - 0.27) * 0.9, leaf_y * 1.3 + (np.abs(dx) / wide - 0.27) * 0.8) - 0.062
    vein = np.abs(leaf_y * 1.3 + (np.abs(dx) / wide - 0.27) * 0.8) - 0.006
    seed = np.abs(away - 0.055) - 0.016
    figure = (np.maximum(heart, -seed) < 0) | (crown < 0) | (ogee < 0) | (np.maximum(leaf, -vein) < 0)
    near = abs(float(design.colours[order[0]].mean() - design.colours[order[1]].mean())) < 0.16
    warp = np.broadcast_to(design.colours[0 if near or numbers[3] < 0.5 else order[1]], (*figure.shape, 3))
    weft = np.broadcast_to(design.colours[order[0]], (*figure.shape, 3))
    return _Draft(np.where(figure, _satin(u, v), ~_satin(v, u)), floats(warp), floats(weft))


def _blocks(design: _Design, u: Cells, v: Cells) -> _Draft:
    """Divide a wall hanging into blocks on a grid of unequal columns and rows, each in a weave of its own."""
    numbers, unit = design.numbers, design.threads
    widths = 0.06 + 0.16 * numbers[:64] ** 2
    columns, rows = np.cumsum(widths) - 2.0, np.cumsum(0.05 + 0.15 * numbers[64:128] ** 2) - 2.0
    column, row = np.searchsorted(columns, u / unit), np.searchsorted(rows, v / unit)
    merged = np.where(numbers[(column * 13 + row // 2 * 7) % 256] < 0.45, row // 2, row)  # some blocks span two rows
    key = (column * 29 + merged * 53) % 256
    ground = design.order[(numbers[key] * 5).astype(np.int64)]
    other = np.where(
        numbers[(key + 91) % 256] < 0.45, 0, design.order[(numbers[(key + 17) % 256] * 5).astype(np.int64)]
    )
    weave = (numbers[(key + 41) % 256] * 6).astype(np.int64)
    weaves = [
        _plain(u, v),
        _twill(u, v),
        _twill(u, v, lean=-1),
        _satin(u, v),
        ~_satin(v, u),
        (u // 3 + v // 3) % 2 == 0,
    ]
    return _Draft(np.choose(weave, weaves), design.colours[ground], design.colours[other])


def _sett(design: _Design, place: Cells, finest: int) -> Cells:
    """Return each thread's colour in a sequence of stripes that turns back at both ends."""
    numbers, scale = design.numbers, design.threads / 160
    count = 5 + int(numbers[40] * 5)
    widths = np.array(
        [max(finest, int((3 + 20 * float(numbers[50 + index]) ** 1.9) * scale)) for index in range(count)]
    )
    roles = np.array(
        [
            design.order[0] if index % 2 == 0 else (0, *design.order)[int(numbers[70 + index] * 6)]
            for index in range(count)
        ]
    )
    ends = np.cumsum(widths)
    period = 2 * int(ends[-1])
    folded = np.abs((place + period // 2) % period - period // 2)
    colours: Cells = roles[np.minimum(np.searchsorted(ends, folded, side="right"), count - 1)]
    return colours


def _plaid(design: _Design, u: Cells, v: Cells) -> _Draft:
    """One sequence of stripes in warp and weft, crossing in a two-and-two twill."""
    warp, weft = design.colours[_sett(design, u, 2)], design.colours[_sett(design, v, 2)]
    shape = np.broadcast_shapes(u.shape, v.shape)
    return _Draft(_twill(u, v), floats(np.broadcast_to(warp, (*shape, 3))), floats(np.broadcast_to(weft, (*shape, 3))))


def _striped(design: _Design, u: Cells, v: Cells) -> _Draft:
    """Warp-faced stripes; in some of them the warp floats in a small figure."""
    numbers, scale = design.numbers, design.threads / 160
    ends = _bands(numbers, 100_000, int(3 * scale) + 1, int(26 * scale) + 3)
    starts = np.concatenate([[0], ends[:-1]])
    away = np.abs(u) % (ends[-1] + 1)
    stripe = np.minimum(np.searchsorted(ends, away), len(ends) - 1)
    middle = np.where(stripe == 0, away, away - (starts + ends)[stripe] // 2)
    ground = (0, *design.order)
    roles = np.array(ground)[(numbers[stripe * 3 % 256] * 6).astype(np.int64)]
    others = np.array(ground)[(numbers[(stripe * 3 + 1) % 256] * 6).astype(np.int64)]
    figure = np.zeros(np.broadcast_shapes(u.shape, v.shape), np.bool_)
    for number in np.unique(stripe):
        tall = int((ends - starts)[number]) * (1 if number else 2)
        columns = (stripe == number)[0]
        if tall > 9 * scale:
            size = max(8, (tall - 3) // 2 * 2)
            kind = int(design.motifs[int(number) % 7])
            figure[:, columns] = _motif(kind, v, middle[:, columns], size) & (np.abs(middle[:, columns]) <= size // 2)
    warp = np.where(figure[..., None], design.colours[others], design.colours[roles])
    weft = np.broadcast_to(design.colours[design.order[0]] * np.float32(0.8), warp.shape)
    return _Draft(np.where(figure, (v + 2 * u) % 6 != 0, _twill(u, v, 3, 1, lean=-1)), floats(warp), floats(weft))


_DRAFTS = {
    "banded": _banded,
    "ikat": _ikat,
    "damask": _damask,
    "blocks": _blocks,
    "plaid": _plaid,
    "striped": _striped,
}


def _shade(design: _Design, band: Band) -> Floats:
    """Return the cloth's colours on a band: the higher of warp and weft at every place, under one light."""
    threads = np.float32(design.threads)
    bend_x, bend_y = (noise.grid(band.xs, band.ys) for noise in design.wobble)
    x = floats(band.x * threads + 0.22 * bend_x * min(1.0, design.threads / 160))
    y = floats(band.y * threads + 0.22 * bend_y)
    column, row = np.round(x).astype(np.int64), np.round(y).astype(np.int64)
    fx, fy = floats(x - column), floats(y - row)
    u = np.arange(int(column.min()) - 1, int(column.max()) + 2)[None, :]
    v = np.arange(int(row.min()) - 1, int(row.max()) + 2)[:, None]
    draft = _DRAFTS[design.cloth](design, u, v)
    sign = np.where(draft.warp_up, np.float32(1), np.float32(-1))
    return _lit(design, band, draft, sign, (column - u[0, 0], row - v[0, 0], fx, fy, x, y))


def _lit(
    design: _Design,
    band: Band,
    draft: _Draft,
    sign: Floats,
    places: tuple[Cells, Cells, Floats, Floats, Floats, Floats],
) -> Floats:
    column, row, fx, fy, x, y = places
    here = sign[row, column]
    beyond_y = sign[row + np.sign(fy).astype(np.int64), column]
    beyond_x = sign[row, column + np.sign(fx).astype(np.int64)]
    pass_y, pass_x = smoothstep(0.12, 0.88, np.abs(fy)), smoothstep(0.12, 0.88, np.abs(fx))
    thread_u = design.jitter[np.round(x).astype(np.int64) % 4096]
    thread_v = design.jitter[(np.round(y).astype(np.int64) * 5 + 911) % 4096]
    round_u = 1 - (fx / (0.53 + 0.035 * thread_u[..., 2])) ** 2
    round_v = 1 - (fy / (0.53 + 0.035 * thread_v[..., 2])) ** 2
    warp_height = 0.34 * (here + (beyond_y - here) * pass_y) + 0.48 * np.sqrt(np.maximum(round_u, 0)) - (round_u < 0)
    weft_height = 0.34 * -(here + (beyond_x - here) * pass_x) + 0.48 * np.sqrt(np.maximum(round_v, 0)) - (round_v < 0)
    on_warp = warp_height > weft_height
    relief = np.maximum(warp_height, weft_height)
    colour = np.where(on_warp[..., None], draft.warp[row, column], draft.weft[row, column])
    own = np.where(on_warp[..., None], thread_u, thread_v)
    fuzz, fibre = design.fuzz.grid(band.xs, band.ys), design.fibre.grid(band.xs, band.ys)
    along, across = np.where(on_warp, y, x), np.where(on_warp, fx, fy)
    twist = np.sin((along * 1.7 + across * 2.6) * np.float32(2 * np.pi) * 0.8 + own[..., 4] + fibre)
    clear = np.clip(1.6 - 3.2 * band.pixel * design.threads, 0, 1)
    bump = relief + np.float32(0.05 * clear) * twist + np.float32(0.06) * fuzz
    diffuse, shine = light(floats(bump / design.threads), band.pixel, steepness=0.62, shine=0.16, gloss=10)
    deep = smoothstep(-0.75, 0.55, relief)
    shade = (0.30 + 0.70 * deep) * (0.50 + 0.50 * diffuse)
    shade *= 1 + 0.055 * own[..., 3] + 0.05 * fuzz + 0.05 * clear * twist
    drape, fade = design.drape.grid(band.xs, band.ys), design.fade.grid(band.xs, band.ys)
    shade *= 0.98 + 0.055 * drape - 0.05 * (band.x + band.y)
    faded = colour + (colour.mean(-1, keepdims=True) * 0.6 + 0.32 - colour) * (0.05 + 0.035 * fade)[..., None]
    worn = faded * (1 + 0.02 * own[..., 5, None] * np.array([1, 0, -1], np.float32))
    return floats(worn * shade[..., None] + (shine * deep)[..., None] * (0.35 + 0.65 * faded))


@technique(version=1)
def study_weave(
    *,
    width: Annotated[int, Field(ge=16, le=8192, description="width of the picture"), Unit("px")] = 1024,
    height: Annotated[int, Field(ge=16, le=8192, description="height of the picture"), Unit("px")] = 1024,
    palette: Annotated[
        Literal["madder", "indigo", "garden", "dusk", "undyed", "coast"], Field(description="the dyes of the yarn")
    ] = "madder",
    cloth: Annotated[
        Literal["drawn by lot", "banded", "ikat", "damask", "blocks", "plaid", "striped"],
        Field(description="how the cloth is planned"),
    ] = "drawn by lot",
    threads: Annotated[int, Field(ge=24, le=400, description="threads along the shorter side")] = 216,
    seed: int,
) -> Outcome:
    """Weave a cloth thread by thread, with its warp, its weft and their shadows.

    A study of general handloom practice: plain weave, two-and-two twill and five-end satin, weft-faced bands with supplementary
    weft, damask (figure and ground are two faces of one satin; named for Damascus, and woven in China since the Tang), and warp
    ikat, whose yarn is bound and dyed before it meets the loom, so that its figures feather (Malay "mengikat", to bind). Every
    sequence and motif is drawn by the seed from plain geometry; no community's own or sacred motif is taken, nor any registered
    tartan looked up.

    Each thread has a height above the cloth that follows the crossings; the higher one is seen and casts the shade. Returns one
    picture (height, width, 3), sRGB, 8 bits; the same seed gives the same picture at every size, finer in detail.

    Raises:
        ParameterRefused: a value is out of range.
    """
    design = _design(seed, cloth, _PALETTES[palette], threads)
    raster = render(width, height, lambda band: _shade(design, band), samples=3 * threads)
    return Outcome.of(raster, "made from numbers alone: no work was used")
