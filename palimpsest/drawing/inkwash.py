"""Painting in ink on absorbent paper: washes that thin out, texture strokes, dry and wet brush lines, mountains' folds.

Ink is kept as optical density; lengths are in units of the shorter side of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.brushline import BrushLine, curve
from palimpsest.drawing.distance import coverage, smoothstep
from palimpsest.drawing.noise import Noise, Paper
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.raster import Floats


@dataclass(frozen=True)
class Hand:
    """The accidents of ink and paper."""

    paper: Paper
    clouds: Noise
    granules: Noise
    fibres: Noise
    jags: Noise
    dry: Noise

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Hand:
        """Draw them."""
        return cls(
            Paper.drawn(rng),
            Noise.drawn(rng, 3.2, 4, stretch=(0.6, 1.5)),
            Noise.drawn(rng, 70, 3, fading=0.8),
            Noise.drawn(rng, 42, 2, fading=0.7, stretch=(1.4, 0.3)),
            Noise.drawn(rng, 6, 6, fading=0.58),
            Noise.drawn(rng, 30, 2, fading=0.8, stretch=(0.35, 4)),
        )


class Wash:
    """The ink on one patch: its optical `density`, and how far the tints of heights and feet are laid, all (h, w)."""

    def __init__(self, patch: Patch, hand: Hand) -> None:
        self.patch, self.hand = patch, hand
        self.clouds = hand.clouds.grid(patch.xs, patch.ys)
        self.granules = hand.granules.grid(patch.xs, patch.ys)
        self.density = np.zeros(patch.shape, np.float32)
        self.high = np.zeros(patch.shape, np.float32)
        self.low = np.zeros(patch.shape, np.float32)

    def stroke(self, stroke: Stroke) -> None:
        """Draw with the brush: dry strokes break up along the bristles, wet ones bleed."""
        window = self.patch.window(*stroke.line.box)
        if window is None:
            return
        part = self.patch.part(window)
        edge, along, across = stroke.line.measure(part.x, part.y)
        edge += np.float32(0.0007) * self.granules[window]
        cover = coverage(edge, max(0.0012 + stroke.wet, self.patch.pixel))
        if stroke.dry:
            bristles = self.hand.dry.at(along + stroke.number * 7.3, across * 0.06 + stroke.number * 3.1)
            cover = cover * smoothstep(
                -1.6 + 2.2 * stroke.dry, -0.9 + 2.2 * stroke.dry, bristles + 0.35 * self.granules[window] + 0.6
            )
        ink = np.float32(stroke.ink) * (1 + 0.12 * self.granules[window]) * cover
        np.maximum(
            self.density[window], ink + self.density[window] * np.float32(0.35) * cover, out=self.density[window]
        )


@dataclass(frozen=True)
class Stroke:
    """One touch of the brush: how dark the `ink`, how `dry` the brush (0..1), how far it bleeds (`wet`, a length)."""

    line: BrushLine
    ink: float = 1.3
    dry: float = 0.0
    wet: float = 0.0
    number: int = 0


@dataclass(frozen=True)
class Fold:
    """One fold of a mountain, standing before the ones painted earlier: a crest over `centre` and a foot lost in mist."""

    centre: float
    half: float
    top: float
    foot: float
    ink: float
    power: float
    number: int
    texture: float = 1.0
    soft: float = 0.002
    dabs: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    """Trees on its crest: where, how tall, how broad, how dark, (n, 4)."""

    def crest(self, xs: Floats, hand: Hand) -> Floats:
        """Return the y of the crest over these columns."""
        aside = np.abs((xs - np.float32(self.centre)) / np.float32(self.half))
        height = np.float32(self.foot - self.top)
        shape = np.exp(-(aside ** np.float32(self.power)) * np.float32(0.9))
        jags = hand.jags.at(xs + self.number * 5.17, np.full(xs.shape, self.number * 0.37))
        return np.asarray(self.foot - height * shape * (1 + 0.11 * jags) - 0.006 * jags, np.float32)

    def paint(self, wash: Wash) -> None:
        """Paint it: a broken outline, a wash that thins downwards, texture strokes that run with the fall of the rock."""
        reach = self.half * (3.2 ** (1 / self.power)) * 1.25
        window = wash.patch.window(
            self.centre - reach, self.top - 0.45 * (self.foot - self.top), self.centre + reach, self.foot + 0.02
        )
        if window is None:
            return
        part = wash.patch.part(window)
        crest = self.crest(part.xs, wash.hand)
        slope = np.gradient(crest) / wash.patch.pixel if len(crest) > 1 else np.zeros_like(crest)
        granules, clouds = wash.granules[window], wash.clouds[window]
        edge = (part.y - crest) / np.sqrt(1 + np.minimum(slope * slope, 60)) + np.float32(0.0009) * granules
        if float(edge.max()) < -0.01:
            return
        depth = np.clip((part.y - np.float32(self.top)) / np.float32(self.foot - self.top), 0, 1)
        mist = 1 - smoothstep(0.3, 0.92, depth + 0.1 * clouds)
        inside = coverage(-edge, max(wash.patch.pixel, self.soft))
        body = 0.2 + 0.5 * np.exp(-np.maximum(edge, 0) / np.float32(0.05)) + 0.16 * clouds * mist
        light = np.clip(0.5 + (part.x - np.float32(self.centre)) / np.float32(1.6 * self.half), 0, 1)
        ink = np.float32(self.ink) * (
            body * (0.62 + 0.5 * light) + self._strokes(part, wash, window, (edge, depth, light))
        )
        breadth = np.float32(0.0026) * (0.7 + 0.5 * clouds + 0.4 * granules)
        outline = coverage(np.abs(edge - breadth) - breadth, max(wash.patch.pixel, 0.0016)) * smoothstep(
            -1.1, 0.0, clouds + granules
        )
        ink = np.maximum(ink, np.float32(1.25 * self.ink) * outline) * mist * (1 + 0.1 * granules)
        cover = inside * (1 - smoothstep(0.64, 0.86, depth + 0.05 * clouds))
        for layer, value in (
            (wash.density, ink),
            (wash.high, mist * 0.75 * smoothstep(0.75, 0.0, depth)),
            (wash.low, mist * 0.8 * smoothstep(0.1, 0.6, depth)),
        ):
            layer[window] += (np.asarray(value, np.float32) - layer[window]) * cover
        self._trees(wash)

    def _strokes(
        self, part: Patch, wash: Wash, window: tuple[slice, slice], fields: tuple[Floats, Floats, Floats]
    ) -> Floats:
        """Return the texture strokes ("hemp fibre"): long, running down and apart, gathered in the hollows."""
        if not self.texture:
            return np.zeros(part.shape, np.float32)
        edge, depth, light = fields
        fan = np.float32(self.centre) + (part.x - np.float32(self.centre)) / (0.5 + 0.8 * depth)
        u = (
            fan
            + np.float32(0.03) * wash.clouds[window]
            + np.float32(0.0012) * wash.granules[window]
            + np.float32(self.number * 1.7)
        )
        lines = wash.hand.fibres.at(u, part.y * np.float32(0.9) + 0.3 * np.maximum(edge, 0))
        gathered = smoothstep(-0.9, 1.2, wash.clouds[window] + 1.5 * light - 0.6)
        strokes = smoothstep(0.35, 1.0, lines + 0.3 * wash.granules[window]) * gathered * smoothstep(0.0, 0.015, edge)
        return np.asarray(np.float32(0.85 * self.texture) * strokes, np.float32)

    def _trees(self, wash: Wash) -> None:
        for x, tall, broad, dark in self.dabs:
            y = float(self.crest(np.array([x], np.float32), wash.hand)[0]) + tall * 0.1
            window = wash.patch.window(x - 2 * broad, y - 1.6 * tall, x + 2 * broad, y + tall)
            if window:
                part = wash.patch.part(window)
                dx, dy = (
                    (part.x - np.float32(x)) / np.float32(broad),
                    (part.y - np.float32(y - 0.4 * tall)) / np.float32(tall),
                )
                away = dx * dx + dy * dy * 2 + np.float32(0.45) * wash.granules[window]
                dab = np.float32(dark) * smoothstep(1.1, 0.35, away)
                wash.density[window] = np.maximum(wash.density[window], dab)


class View:
    """What is painted, far to near: folds of mountains, then strokes; perhaps a moon; where the seal goes."""

    def __init__(self, rng: np.random.Generator, sheet: Sheet, hand: Hand, density: float) -> None:
        self.rng, self.sheet, self.hand, self.density = rng, sheet, hand, density
        self.folds: list[Fold] = []
        self.strokes: list[Stroke] = []
        self.side = int(rng.choice([-1, 1]))
        self.moon: tuple[float, float, float] | None = None
        self.banks: list[Fold] = []
        self.seal = (0.4, 0.955)

    def pick(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place on the sheet: x from -0.5 to 0.5, mirrored as the view has it, y from 0 to 1."""
        return (0.5 + self.side * x) * self.sheet.across, y * self.sheet.down

    def fold(
        self,
        x: float,
        top: float,
        foot: float,
        half: float,
        ink: float,
        *,
        power: float = 2.0,
        trees: int = 0,
        texture: float = 1.0,
    ) -> None:
        """Set a fold of a mountain."""
        centre, crest = self.at(x, top)
        count = round(trees * 5 * self.density)
        groves = self.rng.uniform(-0.5, 0.5, max(1, count // 5)) * half + centre
        spots = self.rng.choice(groves, count) + self.rng.normal(0, 0.014, count)
        spots = np.where(np.abs(spots - centre) < 0.6 * half, spots, centre)
        sizes = self.rng.uniform(0.0035, 0.0095, count) * (0.6 + 0.7 * ink)
        dark = ink * self.rng.uniform(0.6, 1.5, count)
        dabs = np.column_stack([spots, sizes, sizes * self.rng.uniform(0.7, 1.5, count), dark])
        soft = 0.0016 + 0.006 * max(0.0, 0.35 - ink)
        self.folds.append(
            Fold(
                centre,
                half,
                crest,
                foot * self.sheet.down,
                ink,
                power,
                len(self.folds) + int(self.rng.integers(40)),
                texture,
                soft,
                dabs,
            )
        )

    def ground(self, x: float) -> tuple[float, float]:
        """Return a place on the latest bank near x (from -0.5 to 0.5): nearer its middle when x lies off it."""
        middle = self.banks[0].centre
        for share in np.linspace(0, 1, 11):
            across = self.at(x, 0)[0] * (1 - share) + middle * share
            column = np.array([across], np.float32)
            crest = min(float(bank.crest(column, self.hand)[0]) for bank in self.banks)
            if crest < self.banks[0].foot - 0.06:
                break
        return float(across), crest + 0.012

    def mass(
        self, x: float, top: float, foot: float, half: float, ink: float, *, power: float = 2.2, folds: int = 5
    ) -> None:
        """Set a mountain of several folds, the lower before the higher."""
        self.fold(x, top, foot, half, ink * 0.85, power=power, trees=8)
        for number in range(1, folds + 1):
            share = number / (folds + 1)
            lean = self.pick(-1, 1) * half * (0.5 + 0.7 * share)
            crest = top + (foot - top) * (share * 0.78 + self.pick(-0.04, 0.04))
            width = half * self.pick(0.35, 0.62) * (0.8 + 0.5 * share)
            self.fold(x + lean / self.sheet.across, crest, foot, width, ink * (0.9 + 0.3 * share), power=power, trees=9)

    def distance(self, top: float, foot: float, ink: float, count: int = 4) -> None:
        """Set a far range in pale wash."""
        for number in range(count):
            x = -0.55 + 1.1 * (number + self.pick(0.1, 0.9)) / count
            self.fold(
                x,
                top + self.pick(-0.05, 0.07),
                foot,
                self.pick(0.1, 0.22),
                ink * self.pick(0.7, 1.2),
                power=self.pick(1.5, 2.6),
                texture=0.0,
            )

    def brush(
        self,
        points: list[tuple[float, float]],
        widths: list[float],
        *,
        ink: float = 1.4,
        dry: float = 0.0,
        wet: float = 0.0,
    ) -> None:
        """Draw a curved stroke through places on the sheet (in units of the shorter side)."""
        count = max(len(points) * 3, 5)
        place = np.linspace(0, 1, count)
        breadth = np.interp(place, np.linspace(0, 1, len(widths)), widths)
        path = curve(np.array(points), count)
        self.strokes.append(Stroke(BrushLine(path, breadth), ink, dry, wet, len(self.strokes)))
