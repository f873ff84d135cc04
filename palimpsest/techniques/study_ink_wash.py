"""A study of ink landscape: mountains, mist and water."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.brushline import BrushLine
from palimpsest.drawing.distance import coverage, smoothstep, to_disc
from palimpsest.drawing.inkwash import Hand, Stroke, View, Wash
from palimpsest.drawing.pigment import lay
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import hex_to_rgb
from palimpsest.media.raster import Floats

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
ViewName = Literal["any", "peaks", "river", "gorge", "corner", "islets", "clouds"]
PaletteName = Literal["ink", "silk", "ochre-indigo", "dusk"]


@dataclass(frozen=True)
class Matter:
    """Paper or silk, what thick ink leaves of the light, and the tints of heights and of feet of mountains."""

    ground: str
    ink: tuple[float, float, float]
    high: str | None = None
    low: str | None = None


PALETTES: dict[str, Matter] = {
    "ink": Matter("#f0ebdf", (0.93, 0.94, 0.96)),
    "silk": Matter("#d8c39a", (1.0, 1.0, 0.97)),
    "ochre-indigo": Matter("#efe6d2", (0.96, 0.95, 0.94), "#6f93a8", "#d39a68"),
    "dusk": Matter("#e9d9c4", (1.02, 0.96, 0.86), "#5d6f93", "#e0927c"),
}


def _pine(view: View, x: float, y: float, height: float) -> None:
    """Draw an old pine: a crooked trunk, bare below, needles in flat fans."""
    lean = view.pick(-0.25, 0.25) * height
    bends = [
        (x + lean * share + view.pick(-0.05, 0.05) * height, y - height * share) for share in (0.0, 0.3, 0.55, 0.8, 1.0)
    ]
    view.brush(bends, [0.07 * height, 0.05 * height, 0.035 * height, 0.015 * height], ink=1.25, dry=0.45)
    for number in range(round(7 + 4 * view.density)):
        share = 0.42 + 0.58 * (number + view.pick(0, 0.8)) / (8 + 4 * view.density)
        way = (-1) ** number * view.pick(0.6, 1.1)
        start = (x + lean * share, y - height * share)
        end = (start[0] + way * height * 0.42 * (1.15 - share), start[1] - view.pick(-0.02, 0.1) * height)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + view.pick(-0.03, 0.05) * height)
        view.brush([start, middle, end], [0.022 * height, 0.014 * height, 0.006 * height], ink=1.4, dry=0.25)
        for spot in (0.6, 0.8, 1.0):
            _needles(view, start[0] + (end[0] - start[0]) * spot, start[1] + (end[1] - start[1]) * spot, height * 0.12)
    _needles(view, *bends[-1], height * 0.13)


def _needles(view: View, x: float, y: float, size: float) -> None:
    """Draw a fan of needles."""
    for angle in np.linspace(-0.15, np.pi + 0.15, 7) + view.pick(-0.15, 0.15):
        reach = size * view.pick(0.7, 1.1)
        tip = (x + np.cos(angle) * reach, y - np.sin(angle) * reach * 0.62)
        view.strokes.append(
            Stroke(BrushLine(np.array([[x, y], tip]), np.array([0.07, 0.03]) * size), view.pick(0.8, 1.7))
        )


def _boat(view: View, x: float, y: float, size: float) -> None:
    """Draw a small boat with somebody in it."""
    s = view.side * size
    view.brush(
        [(x - s, y - 0.1 * size), (x, y + 0.1 * size), (x + s, y - 0.16 * size)],
        [0.03 * size, 0.12 * size, 0.03 * size],
        ink=1.7,
    )
    view.brush(
        [(x - 0.45 * s, y), (x - 0.4 * s, y - 0.34 * size), (x + 0.05 * s, y - 0.36 * size), (x + 0.12 * s, y)],
        [0.05 * size] * 2,
        ink=1.1,
        dry=0.2,
    )
    view.brush([(x + 0.5 * s, y - 0.02 * size), (x + 0.5 * s, y - 0.3 * size)], [0.16 * size, 0.08 * size], ink=1.5)
    view.brush([(x + 0.52 * s, y - 0.34 * size), (x + 0.95 * s, y + 0.22 * size)], [0.025 * size, 0.02 * size], ink=1.2)
    for number in range(3):
        shift = view.pick(-0.5, 0.5) * size
        view.brush(
            [
                (x - 1.2 * size + shift, y + (0.3 + 0.16 * number) * size),
                (x + 0.9 * size + shift, y + (0.3 + 0.16 * number) * size),
            ],
            [0.02 * size, 0.05 * size, 0.015 * size],
            ink=0.4,
            dry=0.5,
        )


def _hut(view: View, x: float, y: float, size: float) -> None:
    """Draw a thatched hut, open to the water."""
    for dx, dark in ((-0.5, 1.2), (-0.1, 0.8), (0.5, 1.2)):
        view.brush([(x + dx * size, y), (x + dx * size, y - 0.55 * size)], [0.05 * size, 0.045 * size], ink=dark)
    view.brush([(x - 0.6 * size, y), (x + 0.62 * size, y + 0.02 * size)], [0.04 * size, 0.05 * size], ink=1.0, dry=0.2)
    for row in range(5):
        half, level = size * (0.12 + 0.155 * row), y - size * (1.02 - 0.105 * row)
        view.brush(
            [(x - half, level + 0.04 * size), (x, level - 0.02 * size), (x + half, level + 0.04 * size)],
            [0.05 * size, 0.14 * size, 0.05 * size],
            ink=1.25,
            dry=0.3,
        )


def _birds(view: View, x: float, y: float, count: int) -> None:
    for number in range(count):
        size = view.pick(0.008, 0.014)
        bx, by = x + number * view.pick(0.02, 0.035), y + view.pick(-0.02, 0.02)
        view.brush(
            [(bx - size, by - 0.4 * size), (bx, by), (bx + size, by - 0.55 * size)], [0.0008, 0.0026, 0.0008], ink=0.9
        )


def _shore(view: View, x: float, top: float, half: float, ink: float) -> None:
    """Set a bank of rocks, low and long, for trees and huts to stand on."""
    view.banks = []
    for number in range(6):
        away = view.pick(-0.55, 0.55) if number else 0.0
        crest = top + 0.05 * abs(away) + 0.014 * number + view.pick(0, 0.012)
        width = half * view.pick(0.3, 0.55) if number else half * 0.85
        view.fold(
            x + away * half, crest, crest + 0.13, width, ink * (0.8 + 0.05 * number), power=2.6, trees=4, texture=1.2
        )
        view.banks.append(view.folds[-1])


def _ripples(view: View, x: float, y: float, spread: float, count: int) -> None:
    for _ in range(count):
        px, py = view.at(x + view.pick(-0.5, 0.5) * spread, y + view.pick(0, 0.1))
        long = view.pick(0.05, 0.16)
        view.brush([(px - long, py), (px, py + 0.002), (px + long, py)], [0.001, 0.003, 0.001], ink=0.35, dry=0.6)


def _peaks(view: View) -> None:
    """Raise one great mountain among lesser ones; a bank with pines below."""
    view.distance(view.pick(0.3, 0.36), 0.62, 0.16)
    view.mass(view.pick(-0.34, -0.26), view.pick(0.3, 0.38), 0.7, 0.13, 0.34, power=2.8, folds=3)
    view.mass(
        view.pick(0.05, 0.16),
        view.pick(0.12, 0.18),
        0.78,
        view.pick(0.16, 0.2),
        0.55,
        power=view.pick(2.4, 3.4),
        folds=7,
    )
    view.mass(view.pick(0.36, 0.46), view.pick(0.42, 0.5), 0.84, 0.14, 0.7, folds=3)
    _shore(view, -0.22, 0.84, 0.3, 0.95)
    for number in range(3):
        _pine(view, *view.ground(-0.34 + 0.085 * number), view.pick(0.18, 0.28))
    _hut(view, *view.ground(-0.12), 0.06)
    _boat(view, *view.at(view.pick(0.2, 0.32), view.pick(0.9, 0.94)), 0.052)
    _birds(view, *view.at(-0.3, 0.2), 5)


def _river(view: View) -> None:
    """Leave the middle to the water; far hills, a near bank, a boat between."""
    view.moon = (*view.at(view.pick(-0.3, -0.15), view.pick(0.12, 0.18)), view.pick(0.04, 0.06))
    view.distance(view.pick(0.28, 0.33), 0.46, 0.2, 5)
    view.mass(view.pick(0.24, 0.36), view.pick(0.2, 0.27), 0.52, 0.17, 0.4, folds=5, power=1.8)
    view.mass(view.pick(-0.46, -0.38), view.pick(0.36, 0.4), 0.53, 0.15, 0.46, folds=3, power=1.7)
    _ripples(view, 0.0, 0.56, 0.9, 9)
    _boat(view, *view.at(view.pick(-0.12, 0.1), view.pick(0.6, 0.67)), 0.062)
    _shore(view, -0.3, 0.8, 0.36, 0.95)
    for number in range(3):
        _pine(view, *view.ground(-0.4 + 0.1 * number + view.pick(0, 0.02)), view.pick(0.22, 0.36))
    _hut(view, *view.ground(-0.13), 0.065)
    _shore(view, 0.44, 0.9, 0.22, 0.8)
    view.seal = (0.14, 0.955)
    _birds(view, *view.at(0.02, 0.14), 6)


def _gorge(view: View) -> None:
    """Let two walls of rock part, with the mist rising between them."""
    view.distance(view.pick(0.2, 0.26), 0.56, 0.18, 3)
    view.mass(view.pick(-0.05, 0.05), view.pick(0.24, 0.3), 0.62, 0.1, 0.26, power=3.2, folds=3)
    for x, top, ink in ((-0.42, view.pick(0.06, 0.14), 0.5), (0.46, view.pick(0.2, 0.3), 0.62)):
        view.mass(x, top, 0.84, view.pick(0.2, 0.25), ink, power=view.pick(2.8, 4.0), folds=7)
    view.mass(-0.36, view.pick(0.56, 0.62), 0.95, 0.2, 0.9, folds=4)
    _shore(view, 0.34, 0.86, 0.3, 1.0)
    for number in range(2):
        _pine(view, *view.ground(0.28 + 0.1 * number), view.pick(0.2, 0.3))
    view.seal = (-0.02, 0.965)
    _boat(view, *view.at(view.pick(-0.02, 0.08), view.pick(0.88, 0.93)), 0.045)
    _ripples(view, 0.02, 0.84, 0.3, 5)
    _birds(view, *view.at(0.0, 0.16), 4)


def _corner(view: View) -> None:
    """Gather everything in one corner, and leave the rest empty."""
    view.moon = (*view.at(view.pick(0.18, 0.3), view.pick(0.18, 0.26)), view.pick(0.06, 0.085))
    view.distance(view.pick(0.5, 0.54), 0.66, 0.13, 3)
    view.mass(-0.52, view.pick(0.3, 0.36), 0.76, 0.2, 0.34, power=2.2, folds=4)
    _shore(view, -0.4, 0.74, 0.34, 0.95)
    _pine(view, *view.ground(-0.28), view.pick(0.42, 0.52))
    _pine(view, *view.ground(-0.4), view.pick(0.24, 0.32))
    _shore(view, -0.36, 0.87, 0.36, 1.0)
    _boat(view, *view.at(view.pick(0.16, 0.28), view.pick(0.76, 0.84)), 0.07)
    _birds(view, *view.at(0.0, 0.36), 5)


def _islets(view: View) -> None:
    """Scatter low islands over a wide water, under a far shore."""
    view.distance(view.pick(0.19, 0.23), 0.33, 0.17, 6)
    view.mass(view.pick(-0.3, -0.2), view.pick(0.16, 0.2), 0.36, 0.16, 0.3, folds=4, power=1.6)
    _ripples(view, 0.1, 0.36, 0.8, 7)
    for x, top, half, pine in ((0.24, 0.46, 0.13, 0.12), (-0.3, 0.6, 0.18, 0.19), (0.26, 0.8, 0.26, 0.3)):
        _shore(view, x + view.pick(-0.05, 0.05), top + view.pick(-0.01, 0.02), half, 0.55 + 0.5 * top)
        for number in range(3):
            _pine(view, *view.ground(x + (0.36 * number - 0.36) * half), pine * view.pick(0.65, 1.1))
    _hut(view, *view.ground(0.08), 0.065)
    _boat(view, *view.at(view.pick(-0.1, 0.05), view.pick(0.48, 0.54)), 0.045)
    _boat(view, *view.at(view.pick(-0.34, -0.2), view.pick(0.82, 0.88)), 0.07)
    _birds(view, *view.at(0.2, 0.12), 5)
    view.seal = (-0.4, 0.955)


def _clouds(view: View) -> None:
    """Look from high up over summits that stand out of a sea of mist."""
    view.moon = (*view.at(view.pick(-0.34, -0.2), view.pick(0.1, 0.15)), view.pick(0.045, 0.06))
    view.distance(view.pick(0.22, 0.27), 0.38, 0.15, 5)
    for x, top, half, ink in (
        (-0.1, 0.33, 0.1, 0.3),
        (-0.42, 0.47, 0.13, 0.42),
        (0.1, 0.53, 0.1, 0.52),
        (-0.24, 0.68, 0.15, 0.72),
    ):
        crest = top + view.pick(-0.03, 0.03)
        view.mass(
            x + view.pick(-0.06, 0.06), crest, crest + view.pick(0.2, 0.26), half, ink, power=view.pick(1.8, 3), folds=4
        )
    view.mass(0.5, view.pick(0.36, 0.42), 1.02, 0.22, 0.85, power=3.2, folds=6)
    _shore(view, 0.36, view.pick(0.66, 0.7), 0.16, 1.0)
    _pine(view, *view.ground(0.3), view.pick(0.24, 0.3))
    _pine(view, *view.ground(0.38), view.pick(0.16, 0.22))
    _hut(view, *view.ground(0.22), 0.05)
    _birds(view, *view.at(-0.08, 0.2), 6)
    view.seal = (-0.4, 0.955)


VIEWS: dict[str, Callable[[View], None]] = {
    "peaks": _peaks,
    "river": _river,
    "corner": _corner,
    "gorge": _gorge,
    "islets": _islets,
    "clouds": _clouds,
}


@technique(version=1)
def study_ink_wash(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 960,
    height: Annotated[Side, Field(description="height of the picture")] = 1280,
    view: Annotated[ViewName, Field(description="how the landscape is composed; any: the seed chooses")] = "any",
    palette: Annotated[PaletteName, Field(description="the ground and the ink, or ink with light colours")] = "ink",
    density: Annotated[float, Field(ge=0, le=1, description="how richly trees grow on the crests")] = 0.5,
    depth: Annotated[float, Field(ge=0.5, le=1.6, description="how dark the ink is ground, 1 being usual")] = 1.0,
    seal: Annotated[bool, Field(description="a small red mark, abstract, in a corner")] = True,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint an original landscape of mountains and water in ink, its distances lost in mist.

    Landscape in ink, shan shui ("mountains and water"), became a great art in China under the Five Dynasties and the Song
    (Dong Yuan, Guo Xi's Early Spring of 1072, Ma Yuan's one-corner views about 1200) and lived on in Korea and, with Sesshū
    (1420-1506), in Japan. From it come the mist between the distances, the texture strokes called cun, and the weight of what
    is left empty. The views here are invented; the red mark bears no name.

    Gives sRGB of width × height pixels; the same seed is the same landscape at every size.
    """
    rng = np.random.default_rng(seed)
    sheet = Sheet(width, height)
    hand = Hand.drawn(rng)
    scene = View(rng, sheet, hand, density)
    chosen = list(VIEWS)[seed % len(VIEWS)] if view == "any" else view
    VIEWS[chosen](scene)
    scroll = Scroll(scene, hand, PALETTES[palette], depth, seal)
    return Outcome.of(sheet.paint(scroll.paint, progress), "made from numbers alone: no work was used")


@dataclass(frozen=True)
class Scroll:
    """The absorbent sheet on which the view is painted."""

    view: View
    hand: Hand
    matter: Matter
    depth: float
    seal: bool

    def paint(self, patch: Patch) -> Floats:
        """Return the colours of a patch."""
        wash = Wash(patch, self.hand)
        self._sky(wash)
        for fold in self.view.folds:
            fold.paint(wash)
        for stroke in self.view.strokes:
            wash.stroke(stroke)
        relief = self.hand.paper.grid(patch.xs, patch.ys)
        ground = np.array(hex_to_rgb(self.matter.ground), np.float32)
        rgb = np.asarray(np.multiply.outer(1 + 0.014 * relief + 0.012 * wash.clouds, ground), np.float32)
        for tint, cover in ((self.matter.high, wash.high), (self.matter.low, wash.low)):
            if tint:
                rgb *= (
                    1 + (np.array(hex_to_rgb(tint), np.float32) - 1) * (cover * (0.8 + 0.1 * wash.granules))[:, :, None]
                )
        density = wash.density * np.float32(1.25 * self.depth) * (1 + 0.05 * relief)
        rgb *= np.exp(-density[:, :, None] * np.array(self.matter.ink, np.float32) * np.float32(1.35))
        rgb += np.float32(0.045) * (1 - np.exp(-density))[:, :, None]
        if self.seal:
            self._stamp(rgb, wash, relief)
        return rgb

    def _sky(self, wash: Wash) -> None:
        fade = smoothstep(0.55 * self.view.sheet.down, 0.0, wash.patch.y)
        wash.density += np.maximum(0.035 + 0.03 * wash.clouds, 0) * fade
        if self.view.moon:
            x, y, radius = self.view.moon
            away = to_disc(wash.patch.x, wash.patch.y, (x, y), radius) + 0.0006 * wash.granules
            glow = np.exp(-np.maximum(away, 0) / np.float32(3 * radius)) * (1 + 0.4 * wash.clouds)
            wash.density += np.float32(0.1) * np.maximum(glow, 0)
            wash.density *= 1 - coverage(np.asarray(away, np.float32), 0.004)

    def _stamp(self, rgb: Floats, wash: Wash, relief: Floats) -> None:
        """Press a red mark: an uneven square with a moon left out; it is no writing."""
        x, y = self.view.at(*self.view.seal)
        size = 0.017
        window = wash.patch.window(x - 2 * size, y - 2 * size, x + 2 * size, y + 2 * size)
        if window is None:
            return
        part = wash.patch.part(window)
        u, v = (part.x - np.float32(x)) / np.float32(size), (part.y - np.float32(y)) / np.float32(size)
        wander = 0.05 * wash.granules[window]
        square = coverage(
            (np.hypot(np.maximum(np.abs(u) - 0.8, 0), np.maximum(np.abs(v) - 0.8, 0)) - 0.2 + wander) * size, 0.0014
        )
        moon = np.hypot(u - 0.22, v + 0.2) - 0.42 + wander
        cover = square * (1 - coverage(np.asarray(moon * size, np.float32), 0.0014)) * (0.88 - 0.08 * relief[window])
        lay(rgb[window], (0.7, 0.15, 0.11), np.asarray(np.clip(cover, 0, 1), np.float32))
