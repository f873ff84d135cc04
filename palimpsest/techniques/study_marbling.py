"""A study of marbled paper: drops on a bath, drawn out with combs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.noise import Noise, Paper
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import hex_to_rgb
from palimpsest.media.raster import Floats

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
PatternName = Literal["any", "battal", "gel-git", "nonpareil", "bouquet", "nightingale", "suminagashi"]
PaletteName = Literal["istanbul", "tulip", "paris", "florence", "sumi"]

# paper, then the inks in the order in which they are sprinkled: the first are pressed into veins by the later ones
PALETTES: dict[str, tuple[str, ...]] = {
    "istanbul": ("#efe6d3", "#1d2238", "#8e2a1e", "#2f4f78", "#d09a3c", "#efe3c8", "#47705c"),
    "tulip": ("#f3e9da", "#3a1426", "#b02840", "#e2857c", "#1f7a78", "#f4dcc0", "#d9a52e"),
    "paris": ("#f0e7d6", "#15202e", "#1f4a7c", "#b22a2c", "#f1e6cf", "#d8a83a", "#5d8f9c"),
    "florence": ("#f2e8d5", "#2b1d17", "#7a3320", "#c9793a", "#6d7d4e", "#f0dcae", "#8d9fa6"),
    "sumi": ("#f1ece0", "#22252c", "#5b626d", "#f1ece0", "#2c4266", "#f1ece0", "#9c3b2e"),
}
SAMPLES = 2
_SPREAD = np.array(
    [0.7548776662466927, 0.5698402909980532]
)  # the plastic number's powers: an even scatter (R2 sequence)


class Move(Protocol):
    """Something done to the bath that can be undone exactly, point by point."""

    def undo(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where the ink at these points was before."""
        ...


@dataclass(frozen=True)
class Comb:
    """Tines drawn through the bath at an angle; each drags the ink `pull` far, less with distance (`reach` halves it).

    When it `returns`, every second tine goes the other way. The tines sway by `sway` (amplitude, wavelength).
    """

    angle: float
    spacing: float
    pull: float
    reach: float
    offset: float = 0.0
    returns: bool = False
    sway: tuple[float, float] = (0.0, 1.0)

    def undo(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Slide every point back along the tines."""
        ux, uy = np.float32(np.cos(self.angle)), np.float32(np.sin(self.angle))
        along: Floats = ux * x + uy * y
        across: Floats = ux * y - uy * x
        if self.sway[0]:
            across = across - self._bend(along)
        shift = self._drag(across)
        before = along - shift
        if self.sway[0]:
            across = across + self._bend(before)
            return ux * before - uy * across, uy * before + ux * across
        return x - ux * shift, y - uy * shift

    def _bend(self, along: Floats) -> Floats:
        return np.asarray(np.float32(self.sway[0]) * np.sin(along * np.float32(2 * np.pi / self.sway[1])), np.float32)

    def _drag(self, across: Floats) -> Floats:
        place = (across - np.float32(self.offset)) / np.float32(self.spacing)
        decay = np.float32(-self.spacing / self.reach)
        drag = np.exp(decay * np.abs(place - np.round(place)))
        if self.returns:
            half = place / 2
            there, back = np.abs(half - np.round(half)) * 2, np.abs(half - np.floor(half) - 0.5) * 2
            drag = np.exp(decay * there) - np.exp(decay * back)
        return np.asarray(np.float32(self.pull) * drag, np.float32)


@dataclass(frozen=True)
class Wave:
    """The bath is swayed: points slide at an angle, by a sine of the distance across."""

    angle: float
    amplitude: float
    length: float
    phase: float

    def undo(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Slide every point back."""
        ux, uy = np.float32(np.cos(self.angle)), np.float32(np.sin(self.angle))
        across = (ux * y - uy * x) * np.float32(2 * np.pi / self.length)
        shift = np.float32(self.amplitude) * np.sin(across + np.float32(self.phase))
        return x - ux * shift, y - uy * shift


@dataclass(frozen=True)
class Swirl:
    """A stick stirs the bath around a centre, by `turn` radians there, fading over `reach`."""

    centre: tuple[float, float]
    turn: float
    reach: float

    def undo(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Turn the points within reach back."""
        dx, dy = x - np.float32(self.centre[0]), y - np.float32(self.centre[1])
        squared = dx * dx + dy * dy
        near = np.flatnonzero(squared < (self.reach * 5) ** 2)
        x, y = np.array(x, np.float32), np.array(y, np.float32)
        if near.size:
            dx, dy = dx[near], dy[near]
            fade = np.sqrt(squared[near]) / np.float32(self.reach)
            angle = np.float32(-self.turn) * np.exp(-fade * fade * np.float32(0.5))
            c, s = np.cos(angle), np.sin(angle)
            x[near] = np.float32(self.centre[0]) + c * dx - s * dy
            y[near] = np.float32(self.centre[1]) + s * dx + c * dy
        return x, y


@dataclass(frozen=True)
class Drops:
    """Drops in the order in which they fell: centres and radii `places` (n, 3), and the `inks` (n,) they carry."""

    places: Floats
    inks: Floats

    def trace(self, x: Floats, y: Floats) -> tuple[NDArray[np.int32], Floats]:
        """Follow points (n,) back until each lies in a fresh drop: the drop's number + 1 (0: none), how far out in it."""
        found, depth = np.zeros(len(x), np.int32), np.zeros(len(x), np.float32)
        which = np.arange(len(x))
        for number in range(len(self.places) - 1, -1, -1):
            cx, cy, radius = self.places[number]
            dx, dy = x - cx, y - cy
            squared = dx * dx + dy * dy
            inside = np.flatnonzero(squared < radius * radius)
            if inside.size:
                found[which[inside]] = number + 1
                depth[which[inside]] = squared[inside] / (radius * radius)
                keep = np.flatnonzero(squared >= radius * radius)
                which, dx, dy, squared = which[keep], dx[keep], dy[keep], squared[keep]
            shrink = np.sqrt(1 - radius * radius / squared)
            x, y = cx + dx * shrink, cy + dy * shrink
        return found, depth


@dataclass
class Bath:
    """What a pattern works with: the sheet, chance, how fine the combs are, how many drops fall."""

    sheet: Sheet
    rng: np.random.Generator
    fineness: float
    count: int

    @property
    def size(self) -> float:
        """The geometric mean of the sides."""
        return float(np.sqrt(self.sheet.across * self.sheet.down))

    def sprinkle(self, order: list[int], crowding: float = 2.4, shrinking: float = 0.7, haste: float = 1.0) -> Drops:
        """Let drops fall all over, ink after ink, the later ones smaller (soon so, when `haste` is below 1)."""
        margin = 0.18
        area = (self.sheet.across + 2 * margin) * (self.sheet.down + 2 * margin)
        base = np.sqrt(crowding * area / (self.count * np.pi))
        places, inks = np.empty((self.count, 3)), np.empty(self.count)
        start = self.rng.random(2)
        for index in range(self.count):
            stage = index / self.count
            spot = (start + (index + 1) * _SPREAD + self.rng.normal(0, 0.03, 2)) % 1
            places[index, :2] = spot * (self.sheet.across + 2 * margin, self.sheet.down + 2 * margin) - margin
            places[index, 2] = base * (1.3 - shrinking * stage**haste) * self.rng.lognormal(-0.1, 0.45)
            drift = stage * len(order) + self.rng.normal(0, 0.55)
            inks[index] = order[int(np.clip(drift, 0, len(order) - 1))]
        return Drops(places.astype(np.float32), inks.astype(np.float32))

    def rings(self, centres: int) -> Drops:
        """Touch the water again and again at a few places, with ink and with clear oil in turn."""
        spots = np.column_stack(
            [
                self.rng.uniform(0.12, 0.88, centres) * self.sheet.across,
                self.rng.uniform(0.1, 0.9, centres) * self.sheet.down,
            ]
        )
        weights = self.rng.uniform(0.5, 1.6, centres)
        places, inks = np.empty((self.count, 3)), np.empty(self.count)
        base = self.size * np.sqrt(1.5 / (self.count * np.pi))
        turns = np.zeros(centres, int)
        accents = self.rng.random(centres) < 0.4
        for index in range(self.count):
            spot = int(self.rng.integers(centres))
            places[index, :2] = spots[spot] + self.rng.normal(0, 0.004, 2)
            places[index, 2] = base * weights[spot] * self.rng.uniform(0.7, 1.3)
            turns[spot] += 1
            ink = (1, 0, 1, 0, 2, 0, 3, 0)[turns[spot] % 8]
            inks[index] = 6 if accents[spot] and turns[spot] in (9, 15) else ink
        return Drops(places.astype(np.float32), inks.astype(np.float32))

    def gel_git(self, angle: float, spacing: float) -> Comb:
        """Comb there and back."""
        return Comb(angle, spacing, spacing * 1.7, spacing * 0.7, self.pick(0, spacing), returns=True)

    def pick(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))


Pattern = tuple[Drops, list[Move]]
_ALL = [1, 2, 3, 4, 5, 6]


def _battal(bath: Bath) -> Pattern:
    """Leave the stones as they fell, the bath a little swayed."""
    sway: list[Move] = [
        Wave(bath.pick(0, 3.1), bath.pick(0.008, 0.02), bath.pick(0.4, 0.9), bath.pick(0, 6)) for _ in range(2)
    ]
    crowd = replace(bath, count=round(2.5 * bath.count))
    return crowd.sprinkle([1, *bath.rng.permutation([2, 3, 4, 5]), 6, 5, 2, 4, 3, 6, 2], 6.5, 1.12, 0.45), sway


def _gel_git(bath: Bath) -> Pattern:
    """Draw a stick there and back, once across and once along."""
    angle, spacing = bath.pick(-0.12, 0.12) + bath.rng.choice([0, np.pi / 2]), 0.15 / bath.fineness
    moves: list[Move] = [bath.gel_git(angle, spacing), Wave(angle, 0.012, bath.pick(0.5, 0.8), bath.pick(0, 6))]
    return bath.sprinkle([1, *bath.rng.permutation([2, 3, 4, 5]), 6]), moves


def _nonpareil(bath: Bath) -> Pattern:
    """Go there and back, then draw one fine comb through."""
    angle, spacing = bath.rng.choice([0, np.pi / 2, np.pi]) + bath.pick(-0.03, 0.03), 0.042 / bath.fineness
    moves: list[Move] = [
        bath.gel_git(angle, 0.2),
        bath.gel_git(angle + np.pi / 2, 0.085),
        Comb(angle, spacing, spacing * 2.1, spacing * 0.42, bath.pick(0, spacing)),
        Wave(angle, 0.006, bath.pick(0.3, 0.6), bath.pick(0, 6)),
    ]
    return bath.sprinkle([1, *bath.rng.permutation(_ALL[1:]), 5]), moves


def _bouquet(bath: Bath) -> Pattern:
    """Draw two swaying combs, against each other, through a nonpareil: rows of fans."""
    drops, moves = _nonpareil(bath)
    angle, spacing = bath.rng.choice([0, np.pi / 2]) + bath.pick(-0.02, 0.02), 0.2 / bath.fineness
    sway = (spacing * 0.24, spacing * 1.5)
    for offset in (0.0, spacing / 2):
        moves.append(Comb(angle, spacing, spacing * 0.42, spacing * 0.16, offset, sway=sway))
        sway = (-sway[0], sway[1])
    return drops, moves


def _nightingale(bath: Bath) -> Pattern:
    """Stir a spiral into each field of a combed bath: the nightingale's nest."""
    drops, moves = _nonpareil(bath) if bath.rng.random() < 0.5 else _gel_git(bath)
    step = 0.25 / bath.fineness
    way = bath.rng.choice([-1, 1])
    for row in range(-1, int(bath.sheet.down / step) + 2):
        for column in range(-1, int(bath.sheet.across / step) + 2):
            x = (column + 0.25 + 0.5 * (row % 2)) * step + bath.pick(-0.08, 0.08) * step
            y = (row + 0.4) * step * 0.9 + bath.pick(-0.08, 0.08) * step
            moves.append(Swirl((x, y), way * bath.pick(4.5, 7.5), step * bath.pick(0.2, 0.27)))
    return drops, moves


def _suminagashi(bath: Bath) -> Pattern:
    """Let rings of ink drift on water, moved by a breath."""
    moves: list[Move] = []
    for _ in range(5):
        moves.append(Wave(bath.pick(0, np.pi), bath.pick(0.02, 0.06), bath.pick(0.35, 1.3), bath.pick(0, 6)))
        centre = (bath.pick(0, bath.sheet.across), bath.pick(0, bath.sheet.down))
        moves.append(Swirl(centre, bath.pick(-1.3, 1.3), bath.pick(0.08, 0.24)))
    moves.append(Wave(bath.pick(0, np.pi), 0.003, 0.12, 0.0))
    moves.append(Wave(bath.pick(0, np.pi), 0.002, 0.08, 0.0))
    return bath.rings(int(bath.rng.integers(5, 9))), moves


PATTERNS: dict[str, Callable[[Bath], Pattern]] = {
    "battal": _battal,
    "nonpareil": _nonpareil,
    "suminagashi": _suminagashi,
    "bouquet": _bouquet,
    "gel-git": _gel_git,
    "nightingale": _nightingale,
}


@technique(version=1)
def study_marbling(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1024,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    pattern: Annotated[PatternName, Field(description="how the bath is worked; any: the seed chooses")] = "any",
    palette: Annotated[PaletteName, Field(description="the inks")] = "istanbul",
    drops: Annotated[
        int,
        Field(ge=20, le=1000, description="how many drops fall on the bath; in battal two and a half times as many"),
    ] = 260,
    fineness: Annotated[float, Field(ge=0.4, le=2.5, description="how fine the combs are, 1 being usual")] = 1.0,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Marble a sheet of paper: drops of ink on a bath, drawn out with combs and laid off on the sheet.

    Suminagashi, ink floating on water, has been done in Japan since the twelfth century at the latest; ebru, on water thickened
    with tragacanth, grew in Persia and the Ottoman lands from the fifteenth century and reached Europe about 1600, where the
    combed nonpareil and bouquet papers of the bookbinders came from it. Battal is the plain stone pattern, gel-git ("come and
    go") the raked one, bülbül yuvası the nightingale's nest.

    Every point is traced back through combs, waves and swirls to the drop that it came from, after Shufang Lu, Aubrey Jaffer
    et al., "Mathematical Marbling" (2012); the fading of the combs and swirls, granulation and paper are our own. Gives sRGB of
    width × height pixels; the same seed is the same sheet at every size.
    """
    rng = np.random.default_rng(seed)
    sheet = Sheet(width, height)
    chosen = list(PATTERNS)[seed % len(PATTERNS)] if pattern == "any" else pattern
    bath, moves = PATTERNS[chosen](Bath(sheet, rng, fineness, drops))
    colours = np.array([hex_to_rgb(each) for each in PALETTES[palette]], np.float32)
    laid = Laid.drawn(rng, bath, moves, colours)
    return Outcome.of(sheet.paint(laid.paint, progress), "made from numbers alone: no work was used")


@dataclass(frozen=True)
class Laid:
    """The sheet laid on the bath and lifted off."""

    bath: Drops
    moves: list[Move]
    colours: Floats
    """For paper and every drop, (n + 1, 3)."""
    paper: Paper
    grain: Noise
    clouds: Noise

    @classmethod
    def drawn(cls, rng: np.random.Generator, bath: Drops, moves: list[Move], palette: Floats) -> Laid:
        """Draw what differs from drop to drop and the sheet's own accidents."""
        inks = palette[bath.inks.astype(int)]
        strength = 1 - np.abs(rng.normal(0, 0.05, (len(inks), 1)))
        tinted = palette[0] + (inks * (1 + rng.normal(0, 0.03, (len(inks), 1))) - palette[0]) * strength
        colours = np.vstack([palette[:1], tinted]).astype(np.float32)
        return cls(bath, moves, colours, Paper.drawn(rng), Noise.drawn(rng, 170, 2, fading=0.8), Noise.drawn(rng, 3, 4))

    def paint(self, patch: Patch) -> Floats:
        """Return the colours of a patch: one point for each pixel, several where an edge runs through it."""
        x, y = patch.x.ravel(), patch.y.ravel()
        found, depth, rgb = self._ink(x, y)
        edges = np.flatnonzero(_borders(found.reshape(patch.shape), depth.reshape(patch.shape)))
        offsets = (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5
        down, across = (
            each.ravel().astype(np.float32) * np.float32(patch.pixel) for each in np.meshgrid(offsets, offsets)
        )
        _, _, fine = self._ink(np.add.outer(x[edges], across).ravel(), np.add.outer(y[edges], down).ravel())
        rgb[edges] = fine.reshape(-1, SAMPLES * SAMPLES, 3).mean(axis=1)
        rgb = rgb.reshape(*patch.shape, 3)
        relief = self.paper.grid(patch.xs, patch.ys)
        grain = self.grain.grid(patch.xs, patch.ys) + 0.8 * self.clouds.grid(patch.xs, patch.ys)
        taken = np.clip(0.955 + 0.022 * grain - 0.02 * relief, 0, 1)[:, :, None]
        paper = self.colours[0] * (1 + 0.012 * relief)[:, :, None]
        return np.asarray(paper + (rgb - self.colours[0]) * taken, np.float32)

    def _ink(self, x: Floats, y: Floats) -> tuple[NDArray[np.int32], Floats, Floats]:
        """Return the drops that points (n,) belong to, how far out in them, and the ink (n, 3): denser towards a rim."""
        for move in reversed(self.moves):
            x, y = move.undo(x, y)
        found, depth = self.bath.trace(x, y)
        rim = (depth**4) * np.float32(0.16) * (found > 0)
        return found, depth, np.asarray(self.colours[found] * (1 - rim)[:, None], np.float32)


def _borders(found: NDArray[np.int32], depth: Floats) -> NDArray[np.bool_]:
    """Return where a neighbour belongs to another drop, or to a far part of the same one with a hairline between.

    The outermost rows and columns may have such a neighbour beyond.
    """
    border = np.ones(found.shape, np.bool_)
    border[1:-1, 1:-1] = False
    for turned, drop, out in ((border, found, depth), (border.T, found.T, depth.T)):
        differs = (np.diff(drop, axis=0) != 0) | (np.abs(np.diff(out, axis=0)) > 0.2)
        turned[:-1] |= differs
        turned[1:] |= differs
    return border
