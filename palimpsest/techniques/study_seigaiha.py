"""Study in seigaiha: seas of overlapping waves, dyed or printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.distance import coverage, floats, smoothstep, to_box
from palimpsest.drawing.noise import Noise, Paper
from palimpsest.drawing.pigment import palette
from palimpsest.drawing.sheet import Band, render
from palimpsest.media.raster import Floats

_PALETTES = {  # sheet, near sea, far sea, sky, disc
    "indigo": palette("#f3ecd9", "#173a6e", "#3f78a3", "#7fa7b8", "#c8432c"),
    "dawn": palette("#f5ead6", "#7c2b4c", "#d0685a", "#f0b47a", "#d23b2a"),
    "pine": palette("#efe9d2", "#1f4d45", "#5f9277", "#d8c98a", "#c9892b"),
    "ink": palette("#efe8da", "#23262b", "#5d6166", "#b4b0a6", "#b8321f"),
    "night": palette("#e9e6dc", "#101d3c", "#2b3f78", "#1b2a52", "#f0d28a"),
    "wisteria": palette("#f4eee2", "#3d3570", "#8577b0", "#d9b8c4", "#e0a53f"),
}
_LAYOUTS = ("swell", "mist", "moon", "counterchange", "horizon")


@dataclass(frozen=True)
class _Design:
    """Everything that a seed decides."""

    layout: str
    cloth: bool
    colours: Floats
    radii: Floats
    """Radius of the scales in each layer of the sea, back to front."""
    crests: Floats
    """For each layer: height of its crest line, two amplitudes, two frequencies, two phases."""
    fillings: NDArray[np.int64]
    """The filling of each scale, by its number."""
    tints: Floats
    disc: tuple[float, float, float]
    bars: Floats
    """Bars of mist: x, y, half length, half thickness."""
    bend: tuple[Noise, Noise]
    ragged: Noise
    dye: Noise
    sheet: Paper
    streaks: Noise
    flecks: Noise
    gradation: float


@dataclass(frozen=True)
class _Fan:
    """Where each place lies within the scale that covers it: distance from its centre and angle from upright."""

    away: Floats
    angle: Floats
    number: NDArray[np.int64]
    x: Floats
    y: Floats


def _design(
    seed: int, layout: str, colours: Floats, *, cloth: bool, scales: float, gradation: float, bottom: float
) -> _Design:
    rng = np.random.default_rng(seed)
    draws = rng.random(16)
    chosen = _LAYOUTS[seed % 5] if layout == "drawn by lot" else layout
    layers = 4 if chosen == "swell" else 1
    radius = 0.5 / scales
    shrink = np.array([0.62, 0.72, 0.92, 1.25]) if layers == 4 else np.array([1.0])
    crests = _crests(rng, chosen, layers, bottom)
    mood = rng.permutation(8)[: 2 + int(draws[0] * 3)]
    weights = np.sort(rng.random(len(mood)))[::-1] + 0.15
    bars = _bars(rng, chosen, bottom)
    place = {
        "counterchange": (0.0, -0.04, 0.33),
        "horizon": (0.12 * (draws[1] - 0.5), (0.56 - 0.5) * bottom - 0.03, 0.2 + 0.06 * draws[3]),
        "swell": (0.5 * (draws[1] - 0.5), -0.36 * bottom, 0.085 + 0.04 * draws[3]),
    }.get(chosen, (0.5 * (draws[1] - 0.5), (-0.30 + 0.06 * draws[2]) * bottom, 0.13 + 0.06 * draws[3]))
    return _Design(
        layout=chosen,
        cloth=cloth,
        colours=colours,
        radii=(radius * shrink).astype(np.float32),
        crests=crests,
        fillings=rng.choice(mood, 4096, p=weights / weights.sum()),
        tints=rng.standard_normal((4096, 4), np.float32),
        disc=(float(place[0]), float(place[1]), float(place[2])),
        bars=bars,
        bend=(Noise.drawn(rng, 4, 2), Noise.drawn(rng, 4, 2)),
        ragged=Noise.drawn(rng, 110, 3, fading=0.75),
        dye=Noise.drawn(rng, 5, 5, fading=0.62),
        sheet=Paper.drawn(rng),
        streaks=Noise.drawn(rng, 14, 3, stretch=(0.18, 5.0), fading=0.7),
        flecks=Noise.drawn(rng, 240, 1),
        gradation=gradation,
    )


def _crests(rng: np.random.Generator, layout: str, layers: int, bottom: float) -> Floats:
    """Draw the crest line of each layer of the sea, back to front."""
    high = {"swell": 0.30, "mist": -9.0, "moon": 0.44, "counterchange": -9.0, "horizon": 0.56}[layout]
    swing = {"swell": 0.055, "moon": 0.035}.get(layout, 0.0)
    crests = np.zeros((layers, 7), np.float32)
    crests[:, 0] = (high + (1 - high) * np.arange(layers) / layers * 0.95) * bottom - bottom / 2
    crests[:, 1:3] = swing * (0.5 + rng.random((layers, 2))) * (1.0, 0.45)
    crests[:, 3:5] = (3.0, 7.5) * (0.7 + 0.6 * rng.random((layers, 2)))
    crests[:, 5:7] = rng.random((layers, 2)) * 2 * np.pi
    return crests


def _bars(rng: np.random.Generator, layout: str, bottom: float) -> Floats:
    """Draw the bars of mist, spread over the height."""
    drawn = rng.random((7, 4), np.float32)
    count = {"mist": 5, "moon": 3, "horizon": 4, "counterchange": 0, "swell": 2}[layout]
    longer, thicker = (0.28, 0.028) if layout == "mist" else (0.16, 0.018)
    heights = ((np.arange(7) + 0.3 + 0.5 * drawn[:, 1]) / 7 - 0.5) * bottom
    bars = np.stack([drawn[:, 0] - 0.5, heights, longer + 0.3 * drawn[:, 2], thicker + 0.02 * drawn[:, 3]], 1)
    return floats(bars[rng.permutation(7)[:count]])


def _layers(design: _Design, x: Floats, y: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the layer of the sea at each place (-1 is sky), how far it is below its crest, and the layer's scale radius."""
    layer = np.full(x.shape, -1, np.int64)
    below = np.zeros(x.shape, np.float32)
    for index, (base, a, b, f, g, p, q) in enumerate(design.crests):
        depth = y - (base + a * np.sin(f * x + p) + b * np.sin(g * x + q))
        layer[depth > 0] = index
        below = np.where(depth > 0, depth, below).astype(np.float32)
    return layer, below, design.radii[np.maximum(layer, 0)]


def _fan(x: Floats, y: Floats) -> _Fan:
    """Find the scale that covers each place; scales have radius 1, rows lie half a radius apart, lower ones in front."""
    shape = x.shape
    away, number = np.full(shape, 2, np.float32), np.zeros(shape, np.int64)
    centre_x, centre_y = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    front = np.floor((y + 1) * 2).astype(np.int64)
    for back in range(5):
        row = front - back
        shift = (row & 1).astype(np.float32)
        column = np.round((x - shift) / 2)
        dx, dy = x - (column * 2 + shift), y - row * np.float32(0.5)
        distance = np.hypot(dx, dy)
        hit = (away > 1.5) & (distance < 1)
        away = np.where(hit, distance, away)
        centre_x, centre_y = np.where(hit, dx, centre_x), np.where(hit, dy, centre_y)
        number = np.where(hit, (row * 61 + column.astype(np.int64) * 17) & 4095, number)
    return _Fan(
        away.astype(np.float32),
        np.arctan2(centre_x, -centre_y).astype(np.float32),
        number,
        centre_x.astype(np.float32),
        centre_y.astype(np.float32),
    )


def _rings(fan: _Fan, count: int, width: float) -> Floats:
    place = fan.away * count
    nearest = np.maximum(np.round(place), 1)
    return floats(np.abs(place - nearest) / count - width * (0.55 + 0.45 * nearest / count))


def _rays(fan: _Fan) -> Floats:
    part = np.float32(2 * np.pi / 36)
    off = np.abs(fan.angle / part - np.round(fan.angle / part)) * part * fan.away
    lines = np.maximum(off - 0.014, 0.42 - fan.away)
    return floats(np.minimum(lines, np.minimum(np.abs(fan.away - 0.42), np.abs(fan.away - 0.22)) - 0.022))


def _dots(fan: _Fan) -> Floats:
    ring = np.clip(np.round(fan.away * 6.0), 1, 6)
    part = (2 * np.pi / (ring * 6)).astype(np.float32)
    turn = fan.angle / part + (ring % 2) * 0.5
    off = (turn - np.round(turn)) * part * fan.away
    return floats(np.hypot(off, fan.away - ring / 6.0) - 0.034 - 0.016 * (ring % 2))


def _bold(fan: _Fan) -> Floats:
    lines = [np.abs(fan.away - at) - width for at, width in ((0.82, 0.016), (0.66, 0.06), (0.5, 0.016), (0.30, 0.045))]
    return floats(np.min([*lines, fan.away - 0.12], 0))


def _petals(fan: _Fan) -> Floats:
    part = np.float32(2 * np.pi / 18)
    turn = fan.angle / part
    off = np.abs(turn - np.round(turn)) * part * fan.away
    tip = fan.away - 0.80 + 2.2 * off * off / np.maximum(fan.away, 0.1)
    seam = np.abs(np.abs(turn - np.round(turn)) - 0.5) * part * fan.away
    body = np.maximum(tip, 0.028 - seam)
    return floats(np.where(fan.away > 0.30, body, np.abs(fan.away - 0.18) - 0.05))


def _small_scales(fan: _Fan) -> Floats:
    inner = _fan(fan.x * np.float32(5.0), fan.y * np.float32(5.0))
    return floats((np.minimum(1 - inner.away - 0.17, np.abs(inner.away - 0.36) - 0.1)) / 5)


def _hemp(fan: _Fan) -> Floats:
    """Three families of lines through a lattice of triangles, and the short spokes within: an open star lattice."""
    found = np.full(fan.away.shape, 9, np.float32)
    for turn in (0.0, np.pi / 3, 2 * np.pi / 3):
        across = (fan.x * np.cos(turn) + fan.y * np.sin(turn)).astype(np.float32) * np.float32(4.2)
        along = (fan.y * np.cos(turn) - fan.x * np.sin(turn)).astype(np.float32) * np.float32(4.2 / 3**0.5)
        found = np.minimum(found, np.abs(across - np.round(across)) / 4.2)
        found = np.minimum(found, np.abs(along - np.round(along)) * np.float32(3**0.5 / 4.2))
    return floats(found - 0.014)


def _resist(fan: _Fan, filling: NDArray[np.int64]) -> Floats:
    """Return the signed distance, in radii, to the paste that keeps the dye away: negative where the sheet stays white."""
    drawn = np.full(fan.away.shape, 9, np.float32)
    for kind in np.unique(filling):
        where = filling == kind
        part = _Fan(fan.away[where], fan.angle[where], fan.number[where], fan.x[where], fan.y[where])
        if kind == 0:
            drawn[where] = _rings(part, 4, 0.03)
        elif kind == 1:
            drawn[where] = _rays(part)
        elif kind == 2:
            drawn[where] = _dots(part)
        elif kind == 3:
            drawn[where] = _bold(part)
        elif kind == 4:
            drawn[where] = _petals(part)
        elif kind == 5:
            drawn[where] = _small_scales(part)
        elif kind == 6:
            drawn[where] = _hemp(part)
        else:
            drawn[where] = _rings(part, 7, 0.017)
    framed = np.where(fan.away > 0.86, np.maximum(drawn, 0.86 + 0.02 - fan.away), drawn)
    return floats(np.minimum(framed, 0.945 - fan.away))


def _shade(design: _Design, band: Band) -> Floats:
    """Return the picture's colours on a band: dyes in layers over the sheet."""
    bend_x, bend_y = (noise.grid(band.xs, band.ys) * np.float32(0.0028) for noise in design.bend)
    ragged = design.ragged.grid(band.xs, band.ys)
    x, y = (band.x + bend_x).astype(np.float32), (band.y + bend_y).astype(np.float32)
    layer, below, radius = _layers(design, x, y)
    fan = _fan(x / radius + layer * np.float32(0.7), (np.where(layer < 0, y, below) / radius).astype(np.float32) - 1)
    filling = design.fillings[fan.number]
    if design.layout == "swell":  # each swell keeps to a few fillings, so that the layers read apart
        own = np.where(layer == 0, 0, design.fillings[np.maximum(layer, 0) * 7 + 3])
        filling = np.where((design.tints[fan.number, 3] > 0.6) & (layer > 1), filling, own)
    resist = _resist(fan, filling) * radius + ragged * np.float32(0.0007)
    soft = max(1.3 * band.pixel, 0.0016)
    inked = 1 - coverage(resist, soft)
    sea = _sea(design, band, fan, inked, layer=layer, below=below)
    sky = _sky(design, band, x, y, ragged)
    density = sky + (sea - sky) * np.where(layer >= 0, np.clip(below / np.float32(soft), 0, 1), 0)[..., None]
    density *= (1 - _mist(design, x, y, ragged, soft))[..., None]
    return _print(design, band, density, ragged)


def _sea(design: _Design, band: Band, fan: _Fan, inked: Floats, *, layer: NDArray[np.int64], below: Floats) -> Floats:
    """Return the density of four dyes (near, far, sky, disc) in the sea."""
    tint = design.tints[fan.number]
    fade = 1 - design.gradation * (0.65 - 0.65 * fan.away**2)
    depth = (band.y / np.float32(band.down) + 0.5).astype(np.float32)
    layers = len(design.radii)
    near = (layer + 1) / layers if layers > 1 else 0.25 + 0.75 * smoothstep(0.05, 0.95, depth)
    if design.layout == "counterchange":
        near = np.float32(0.75) + 0 * depth
    body = inked * fade * (1 + 0.10 * tint[..., 0])
    density = np.zeros((*fan.away.shape, 4), np.float32)
    density[..., 0] = body * near * (0.90 + 0.18 * depth)
    density[..., 1] = body * (1 - near) * 1.05 + 0.10 * inked
    accent = (tint[..., 1] > 1.75) & (layers == 1)
    density[..., 3] = np.where(accent, body * 0.9, 0)
    density[..., 0] = np.where(accent, density[..., 0] * 0.12, density[..., 0])
    density[..., 1] = np.where(accent, 0, density[..., 1])
    if layers > 1:  # a bright crest along each swell, and a shadow of dye beneath it
        crest = smoothstep(0.012, 0.005, below)
        density *= (1 - crest)[..., None]
        density[..., 0] += 0.22 * smoothstep(0.12, 0.0, below) * (1 - crest) * inked
    if design.layout == "counterchange":
        density = _counterchanged(design, band, density, inked, fade)
    return density


def _counterchanged(design: _Design, band: Band, density: Floats, inked: Floats, fade: Floats) -> Floats:
    """Exchange dyed and undyed within the disc."""
    x, y, radius = design.disc
    away = np.hypot(band.x - x, band.y - y) - radius
    disc = coverage(away, max(1.3 * band.pixel, 0.0016))[..., None]
    swapped = np.zeros_like(density)
    swapped[..., 3] = 0.95 * (1 - inked) + 0.16 * inked * fade
    rim = smoothstep(0.012, 0.009, np.abs(away - 0.004))[..., None]
    return (density * (1 - disc) + swapped * disc) * (1 - rim)


def _sky(design: _Design, band: Band, x: Floats, y: Floats, ragged: Floats) -> Floats:
    """Return the density of four dyes in the sky: a gradation (bokashi) from the top, another at the horizon, and a disc."""
    depth = (band.y / np.float32(band.down) + 0.5).astype(np.float32)
    density = np.zeros((*band.shape, 4), np.float32)
    top = smoothstep(0.34, 0.0, depth) * design.gradation
    density[..., 2] = 0.28 + 0.75 * top + 0.04 * ragged * top
    density[..., 1] = 0.55 * smoothstep(0.14, 0.0, depth) * design.gradation
    cx, cy, radius = design.disc
    disc = coverage(np.hypot(x - cx, y - cy) - radius + ragged * np.float32(0.0006), max(1.3 * band.pixel, 0.0016))
    density *= (1 - disc)[..., None]
    glow = smoothstep(cy + radius * 1.1, cy - radius * 1.2, y)
    moon = 0.05 if design.colours[3].mean() < 0.4 else 0.38  # undyed under a dark sky
    pale = moon if design.layout == "moon" else 0.55 + 0.45 * glow
    density[..., 3] += disc * pale
    return density


def _mist(design: _Design, x: Floats, y: Floats, ragged: Floats, soft: float) -> Floats:
    """Return how far bars of mist (kasumi) keep the dye away."""
    shown = np.zeros(x.shape, np.float32)
    for bx, by, length, thickness in design.bars:
        bar = to_box(x - bx, y - by, float(length), 0.0) - thickness
        tail = to_box(x - bx - length * 0.55, y - by - thickness * 1.7, float(length) * 0.6, 0.0) - thickness * 0.75
        both = np.minimum(bar, tail) + ragged * np.float32(0.0006)
        veil = 0.80 + 0.2 * smoothstep(-0.004, -0.010, -np.abs(both + 0.006))
        shown = np.maximum(shown, coverage(both, soft) * veil)
    return shown


def _print(design: _Design, band: Band, density: Floats, ragged: Floats) -> Floats:
    """Let the dyes absorb the sheet's light (Beer's law), with the marks of cloth or of block and paper."""
    relief = design.sheet.grid(band.xs, band.ys)
    dye = design.dye.grid(band.xs, band.ys)
    uneven = 1 + 0.07 * dye + 0.05 * ragged
    sheet = design.colours[0] * (1 + 0.012 * relief + 0.008 * dye)[..., None]
    if design.cloth:
        thread = np.sin(band.x * np.float32(2 * np.pi * 210)) * np.sin(band.y * np.float32(2 * np.pi * 190))
        shown = np.float32(np.clip(0.5 / (210 * band.pixel) - 0.4, 0, 1))
        uneven = uneven + 0.10 * shown * thread + 0.03 * design.streaks.grid(band.xs, band.ys)
        sheet = sheet * (1 + 0.05 * shown * thread)[..., None]
        edge = np.ones(band.shape, np.float32)
    else:
        uneven = uneven + 0.05 * design.streaks.grid(band.xs, band.ys) - 0.06 * np.maximum(relief - 0.8, 0)
        margin = to_box(band.x, band.y, band.across / 2 - 0.045, band.down / 2 - 0.045)
        edge = coverage(margin + 0.0011 * ragged, max(1.3 * band.pixel, 0.0018))
        uneven = uneven + 0.22 * smoothstep(-0.006, 0.0, margin)
    pinholes = 1 - 0.75 * smoothstep(2.5, 3.0, design.flecks.grid(band.xs, band.ys))
    strength = (uneven * edge * pinholes)[..., None]
    absorbed = np.zeros((*band.shape, 3), np.float32)
    for index in range(4):
        absorbed += density[..., index, None] * np.log(design.colours[index + 1] / design.colours[0] * 0.98 + 0.02)
    return floats(sheet * np.exp(absorbed * np.maximum(strength, 0)))


@technique(version=1)
def study_seigaiha(
    *,
    width: Annotated[int, Field(ge=16, le=8192, description="width of the picture"), Unit("px")] = 1024,
    height: Annotated[int, Field(ge=16, le=8192, description="height of the picture"), Unit("px")] = 1280,
    palette: Annotated[
        Literal["indigo", "dawn", "pine", "ink", "night", "wisteria"], Field(description="the dyes")
    ] = "indigo",
    layout: Annotated[
        Literal["drawn by lot", "swell", "mist", "moon", "counterchange", "horizon"],
        Field(description="how the sea lies in the picture"),
    ] = "drawn by lot",
    matter: Annotated[
        Literal["printed paper", "dyed cloth"], Field(description="a block print on washi, or stencil-dyed cloth")
    ] = "printed paper",
    scales: Annotated[float, Field(ge=2, le=24, description="wave scales along the shorter side")] = 7.0,
    gradation: Annotated[float, Field(ge=0, le=1, description="how far each dye fades out (bokashi)")] = 0.6,
    seed: int,
) -> Outcome:
    """Print a sea of overlapping waves on paper or cloth.

    A study of seigaiha, "waves of the blue sea": concentric scales in rows, worn in Japan for the court dance of that name since
    the Heian period (it reached the court along the Silk Road, and is older in West Asia), spread on lacquer by Seigai Kanshichi
    around 1700 and ever since a wish for calm seas. Katazome keeps dye from cloth with rice paste through a cut paper stencil;
    bokashi is the block printer's hand-wiped gradation; kasumi are the bars of mist that divide a picture.

    The seed chooses layout, fillings of the scales, crests, disc and mist. Returns one picture (height, width, 3), sRGB, 8 bits;
    the same seed gives the same picture at every size, finer in detail.

    Raises:
        ParameterRefused: a value is out of range.
    """
    design = _design(
        seed,
        layout,
        _PALETTES[palette],
        cloth=matter == "dyed cloth",
        scales=scales,
        gradation=gradation,
        bottom=height / min(width, height),
    )
    raster = render(width, height, lambda band: _shade(design, band))
    return Outcome.of(raster, "made from numbers alone: no work was used")
