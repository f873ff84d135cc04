"""A study of Suprematism: tilted planes in an endless white."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.cells import Cells
from palimpsest.drawing.distance import coverage, smoothstep, to_disc, to_polygon
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import lay
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import hex_to_rgb
from palimpsest.media.raster import Floats

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
PaletteName = Literal["malevich", "popova", "rozanova", "suetin"]
CompositionName = Literal["any", "flight", "cross", "disc", "architectonic", "rhythm", "quadrilateral"]

# ground, dark, leading colour, then the others in the order of their importance
PALETTES: dict[str, tuple[str, ...]] = {
    "malevich": ("#ebe5d6", "#1b1a1c", "#c2321f", "#e0a92b", "#26408f", "#2f6b4a", "#d98d86", "#7c7770"),
    "popova": ("#e6dcc8", "#221f22", "#a3261f", "#c96a2b", "#3d5d84", "#d9a441", "#6e6a68", "#7b3c2e"),
    "rozanova": ("#efeade", "#2a2030", "#c8347a", "#2d8a6b", "#e9c63a", "#5a4a9c", "#d4552c", "#7fb0cf"),
    "suetin": ("#e9e4d8", "#23211f", "#8c3a2b", "#b58a4a", "#6d7360", "#a5a299", "#4a4c52", "#c9b48f"),
}

_WORN = np.array([0.42, 0.4, 0.37], np.float32)
_GRIME = np.array([0.6, 0.55, 0.48], np.float32)
_YELLOWING = np.array([0.015, 0.03, 0.085], np.float32)


@dataclass(frozen=True)
class Plane:
    """One painted shape: `corners` (n, 2) of a convex polygon, or of a disc's centre and a point on its rim."""

    corners: NDArray[np.float64]
    colour: int
    round: bool = False
    fade: int | None = None
    """The colour it passes into along its first side, if it does."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, with room for the hand's wobble."""
        if self.round:
            low, high = self.corners[0] - self.radius, self.corners[0] + self.radius
        else:
            low, high = self.corners.min(axis=0), self.corners.max(axis=0)
        return float(low[0]) - 0.01, float(low[1]) - 0.01, float(high[0]) + 0.01, float(high[1]) + 0.01

    @property
    def radius(self) -> float:
        """Of a disc."""
        return float(np.hypot(*(self.corners[1] - self.corners[0])))

    @property
    def direction(self) -> NDArray[np.float64]:
        """The unit vector along its first side: the way the brush went."""
        side = self.corners[1] - self.corners[0]
        return np.asarray(side / max(float(np.hypot(*side)), 1e-9), np.float64)

    def distance(self, x: Floats, y: Floats) -> Floats:
        """Return the signed distance to its edge."""
        if self.round:
            return to_disc(x, y, (float(self.corners[0, 0]), float(self.corners[0, 1])), self.radius)
        return to_polygon(x, y, self.corners)


class Composer:
    """Places planes along an axis: `u` runs along it, `v` across it, both from -0.5 to 0.5 of the composition."""

    def __init__(self, rng: np.random.Generator, sheet: Sheet, colours: int, satellites: float) -> None:
        self.rng = rng
        self.planes: list[Plane] = []
        self.colours = colours
        self.satellites = satellites
        self.handed = 1 if rng.random() < 0.5 else -1
        self.tilt = np.radians(rng.uniform(28, 62)) * -self.handed
        self.size = float(np.sqrt(sheet.across * sheet.down))
        self.size = min(self.size, 1.16)
        self.middle = np.array([sheet.across / 2, sheet.down / 2])
        self.stretch = np.array([sheet.across, sheet.down]) / self.size

    def at(self, u: float, v: float) -> NDArray[np.float64]:
        """Return the place on the sheet."""
        c, s = np.cos(self.tilt), np.sin(self.tilt)
        place = np.array([c * u - s * v * self.handed, s * u + c * v * self.handed])
        return self.middle + place * self.size * self.stretch

    def bar(
        self,
        u: float,
        v: float,
        length: float,
        breadth: float,
        colour: int,
        *,
        turn: float = 0,
        taper: float = 1,
        fade: int | None = None,
    ) -> None:
        """Lay a bar with its middle at (u, v), turned by degrees from the axis, its far end `taper` times as broad."""
        angle = self.tilt + np.radians(turn) * self.handed
        along = np.array([np.cos(angle), np.sin(angle)])
        over = np.array([-along[1], along[0]])
        halves = self.rng.normal(0, 0.006, 4)
        local = [(-0.5, -0.5), (0.5, -0.5 * taper), (0.5, 0.5 * taper), (-0.5, 0.5)]
        corners = [
            along * (x * length + wobble * breadth) + over * (y * breadth * (1 + wobble))
            for (x, y), wobble in zip(local, halves, strict=True)
        ]
        self.planes.append(Plane(self.at(u, v) + np.array(corners) * self.size, colour, fade=fade))

    def wedge(self, u: float, v: float, length: float, breadth: float, colour: int, *, turn: float = 0) -> None:
        """Lay a triangle that points along the axis, turned by degrees."""
        angle = self.tilt + np.radians(turn) * self.handed
        along = np.array([np.cos(angle), np.sin(angle)])
        over = np.array([-along[1], along[0]])
        corners = np.array([-along * length * 0.4 - over * breadth / 2, along * length * 0.6, over * breadth / 2])
        corners[2] -= along * length * 0.4
        self.planes.append(Plane(self.at(u, v) + corners * self.size, colour))

    def disc(self, u: float, v: float, radius: float, colour: int) -> None:
        """Lay a disc."""
        centre = self.at(u, v)
        rim = centre + np.array([np.cos(self.tilt), np.sin(self.tilt)]) * radius * self.size
        self.planes.append(Plane(np.array([centre, rim]), colour, round=True))

    def turned(self) -> list[Plane]:
        """Return the planes, the whole composition mirrored as chance has it."""
        flip = np.where(self.rng.random(2) < 0.5, -1.0, 1.0)
        return [replace(plane, corners=self.middle + (plane.corners - self.middle) * flip) for plane in self.planes]

    def pick(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def other(self, first: int = 3) -> int:
        """Draw one of the lesser colours."""
        return int(self.rng.integers(first, self.colours))

    def scatter(self, u: float, v: float, count: int) -> None:
        """Lay a small family of parallel bars: the satellites that answer the dominant mass."""
        count = round(count * self.satellites * 2)
        step, turn = self.pick(0.03, 0.05), self.pick(-8, 8) + (90 if self.rng.random() < 0.5 else 0)
        for index in range(count):
            length = 0.13 * 0.78**index * self.pick(0.8, 1.25)
            aside = (index - count / 2) * step
            self.bar(
                u + aside, v - aside * 0.5, length, self.pick(0.008, 0.02), (1, 2, self.other())[index % 3], turn=turn
            )


def _flight(c: Composer) -> None:
    """Send a file of planes climbing along the axis, large to small, with a line that carries them."""
    c.bar(0.02, c.pick(-0.16, -0.12), 0.86, 0.007, 1)
    u, length, breadth = -0.31, c.pick(0.34, 0.44), c.pick(0.13, 0.17)
    for index in range(int(c.rng.integers(5, 8))):
        colour = (1, 1, 3, 2, 1, 4, 3)[index]
        c.bar(u, c.pick(-0.03, 0.03) + 0.02 * index, length, breadth, colour, turn=90 + c.pick(-3, 3))
        u += breadth * 0.5 + c.pick(0.035, 0.05)
        length, breadth = length * c.pick(0.72, 0.84), breadth * 0.72
        u += breadth * 0.5
    c.bar(0.05, 0.24, 0.42, 0.028, 2, taper=0.6, turn=c.pick(-6, 2))
    c.bar(-0.16, 0.30, 0.2, 0.05, c.other(4))
    c.scatter(0.34, -0.2, 3)
    c.scatter(-0.3, -0.3, 2)


def _cross(c: Composer) -> None:
    """Set a great plane under two beams that cross away from the middle."""
    c.bar(-0.1, 0.04, c.pick(0.36, 0.44), c.pick(0.26, 0.32), c.other(3), turn=c.pick(8, 22), taper=c.pick(0.75, 0.95))
    c.bar(0.0, -0.02, c.pick(0.94, 1.06), 0.085, 1, taper=c.pick(0.45, 0.75))
    at = c.pick(0.08, 0.16)
    c.bar(at, 0.02, c.pick(0.5, 0.62), 0.06, 2, turn=c.pick(74, 106), taper=0.8)
    for index in range(int(c.rng.integers(2, 5))):
        c.bar(at + 0.1 + 0.055 * index, 0.03 + 0.015 * index, 0.3 * 0.72**index, 0.02, (1, 3, 4, 1)[index], turn=90)
    c.disc(-0.27, -0.19, c.pick(0.03, 0.05), 1)
    c.bar(-0.2, 0.27, 0.26, 0.012, 4, turn=-4)
    c.bar(-0.18, 0.31, 0.15, 0.024, 3, turn=-4)
    c.scatter(0.3, -0.2, 3)


def _disc(c: Composer) -> None:
    """Hold a heavy disc by a beam."""
    radius = c.pick(0.17, 0.23)
    u, v = c.pick(-0.2, -0.1), c.pick(-0.06, 0.06)
    c.bar(u + 0.22, v + radius * 0.5, 0.44, 0.2, c.other(3), turn=c.pick(-16, -6), taper=0.7)
    c.disc(u, v, radius, c.rng.choice([1, 2]))
    beam = 2 if c.planes[-1].colour == 1 else 1
    c.bar(0.04, v + radius * c.pick(0.55, 0.9), 1.0, 0.04, beam, taper=0.55, turn=c.pick(-5, 5))
    c.bar(0.2, v - radius * 0.7, 0.44, 0.018, 1, turn=c.pick(-3, 3))
    c.bar(0.24, v - radius * 0.95, 0.3, 0.03, 3, turn=c.pick(-3, 3))
    c.wedge(0.33, 0.2, 0.2, 0.09, c.other(4), turn=c.pick(150, 200))
    c.disc(0.3, v - radius * 1.3, 0.032, 4)
    c.scatter(-0.28, 0.24, 3)


def _architectonic(c: Composer) -> None:
    """Large planes built through one another, each turning from light into shade."""
    c.bar(-0.04, -0.03, 0.66, 0.4, c.other(4), turn=c.pick(-12, 4), taper=0.7, fade=0)
    c.bar(-0.1, 0.12, 0.74, 0.2, 1, turn=c.pick(14, 26), taper=0.55, fade=c.colours - 2)
    c.bar(0.08, -0.06, 0.52, 0.25, 2, turn=c.pick(70, 96), taper=c.pick(0.5, 0.8), fade=1)
    c.wedge(0.0, 0.16, 0.6, 0.26, 3, turn=c.pick(-30, -12))
    c.bar(-0.2, -0.13, 0.3, 0.14, 4, turn=c.pick(30, 50), taper=0.8, fade=0)
    c.bar(0.1, 0.04, 0.92, 0.03, 0, turn=c.pick(-8, 0))
    c.bar(0.14, 0.09, 0.7, 0.02, 1, turn=c.pick(2, 10))
    c.bar(0.28, -0.2, 0.26, 0.05, c.other(3), turn=c.pick(80, 100), taper=0.7)


def _rhythm(c: Composer) -> None:
    """Bars of one direction in an uneven beat, and one that goes against it."""
    c.bar(-0.08, -0.04, 0.46, 0.2, c.other(3), turn=c.pick(-10, 10), taper=0.85)
    v, count = -0.34, int(c.rng.integers(10, 14))
    for index in range(count):
        breadth = float(c.rng.choice([0.01, 0.016, 0.028, 0.05]))
        envelope = np.sin(np.pi * (index + 1) / (count + 1)) ** 0.7
        c.bar(
            c.pick(-0.13, 0.13),
            v,
            0.16 + 0.62 * envelope * c.pick(0.45, 1.0),
            breadth,
            c.rng.choice([1, 1, 2, 3, 4, 5]),
        )
        v += breadth / 2 + c.pick(0.022, 0.055)
    c.bar(c.pick(0.02, 0.14), 0.0, 0.6, 0.055, 2, turn=c.pick(70, 86), taper=0.7)
    c.disc(-0.3, 0.26, 0.045, 1)
    c.scatter(0.34, 0.24, 2)


def _quadrilateral(c: Composer) -> None:
    """One great plane in the white, and what it sets in motion."""
    side = c.pick(0.4, 0.5)
    c.bar(
        -0.1,
        -0.04,
        side * c.pick(1.0, 1.2),
        side,
        c.rng.choice([1, 1, 2]),
        turn=c.pick(16, 34),
        taper=c.pick(0.82, 1.0),
    )
    second = 2 if c.planes[-1].colour == 1 else 1
    c.bar(0.27, 0.07, 0.15, 0.14, second, turn=c.pick(-4, 20))
    c.bar(0.16, 0.2, 0.6, 0.022, 1, turn=c.pick(-3, 8), taper=0.6)
    c.bar(0.2, 0.245, 0.36, 0.01, 3, turn=c.pick(-3, 8))
    c.bar(0.35, -0.1, 0.2, 0.045, c.other(3), turn=90, taper=0.8)
    c.scatter(0.4, -0.16, 2)


COMPOSITIONS: dict[str, Callable[[Composer], None]] = {
    "flight": _flight,
    "cross": _cross,
    "disc": _disc,
    "architectonic": _architectonic,
    "rhythm": _rhythm,
    "quadrilateral": _quadrilateral,
}


@technique(version=1)
def study_suprematism(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1024,
    height: Annotated[Side, Field(description="height of the picture")] = 1280,
    composition: Annotated[CompositionName, Field(description="how the planes stand; any: the seed chooses")] = "any",
    palette: Annotated[PaletteName, Field(description="whose colours: four painters' ways")] = "malevich",
    satellites: Annotated[float, Field(ge=0, le=1, description="how many small planes answer the large ones")] = 0.5,
    age: Annotated[float, Field(ge=0, le=1, description="how much time has cracked and toned the paint")] = 0.45,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint an original composition of floating planes, in the manner of the Suprematists.

    Kazimir Malevich showed the first Suprematist canvases, the Black Square among them, at the exhibition 0,10 in Petrograd in
    December 1915; Lyubov Popova (Painterly Architectonics, 1916-18), Olga Rozanova and, with the UNOVIS group in Vitebsk,
    Nikolai Suetin each took the language of plane, colour and white somewhere of their own. The compositions here are made by
    rule (one dominant mass, a diagonal, a counter-movement, satellites) and copy none of theirs.

    Gives sRGB of width × height pixels; the same seed is the same composition at every size.
    """
    rng = np.random.default_rng(seed)
    sheet = Sheet(width, height)
    colours = [np.array(hex_to_rgb(each), np.float32) for each in PALETTES[palette]]
    composer = Composer(rng, sheet, len(colours), satellites)
    chosen = list(COMPOSITIONS)[seed % len(COMPOSITIONS)] if composition == "any" else composition
    COMPOSITIONS[chosen](composer)
    canvas = Canvas.drawn(rng, composer.turned(), colours, age)
    return Outcome.of(sheet.paint(canvas.paint, progress), "made from numbers alone: no work was used")


@dataclass(frozen=True)
class Canvas:
    """The painted matter: a hand that wobbles, brush streaks, weave, cracks."""

    planes: list[Plane]
    colours: list[Floats]
    tints: Floats
    wobble: tuple[Noise, Noise]
    streaks: Noise
    clouds: Noise
    mesh: Cells
    age: float

    @classmethod
    def drawn(cls, rng: np.random.Generator, planes: list[Plane], colours: list[Floats], age: float) -> Canvas:
        """Draw the accidents of one canvas."""
        return cls(
            planes,
            colours,
            rng.normal(0, 1, (len(planes) + 1, 3)).astype(np.float32),
            (Noise.drawn(rng, 9, 3, fading=0.6), Noise.drawn(rng, 9, 3, fading=0.6)),
            Noise.drawn(rng, 26, 4, fading=0.78, stretch=(0.12, 1.9)),
            Noise.drawn(rng, 3, 4, fading=0.6),
            Cells.drawn(rng),
            age,
        )

    def paint(self, patch: Patch) -> Floats:
        """Return the colours of a patch."""
        x = patch.x + self.wobble[0].grid(patch.xs, patch.ys) * np.float32(0.0011)
        y = patch.y + self.wobble[1].grid(patch.xs, patch.ys) * np.float32(0.0011)
        clouds = self.clouds.grid(patch.xs, patch.ys)
        rgb = np.empty((*patch.shape, 3), np.float32)
        strokes = self.streaks.at(0.6 * x + 0.8 * y, 0.8 * x - 0.6 * y)
        rgb[:] = self.colours[0] * (1 + 0.009 * strokes + 0.012 * clouds)[:, :, None]
        for index, plane in enumerate(self.planes):
            window = patch.window(*plane.box)
            if window:
                self._lay(rgb[window], index, (x[window], y[window], clouds[window]), patch.pixel)
        self._age(rgb, patch, clouds)
        return rgb

    def _lay(self, rgb: Floats, index: int, place: tuple[Floats, Floats, Floats], pixel: float) -> None:
        plane, (x, y, clouds) = self.planes[index], place
        distance = plane.distance(x, y)
        if float(distance.min()) > 0.01:
            return
        ux, uy = (np.float32(each) for each in plane.direction)
        strokes = self.streaks.at(ux * x + uy * y + np.float32(index), ux * y - uy * x)
        colour = np.broadcast_to(self.colours[plane.colour] * (1 + 0.025 * self.tints[index]), rgb.shape)
        if plane.fade is not None:
            start, end = plane.corners[0], plane.corners[1]
            length = float(np.hypot(*(end - start)))
            run = ((x - np.float32(start[0])) * ux + (y - np.float32(start[1])) * uy) / np.float32(length)
            mix = smoothstep(0.25, 1.1, run + 0.05 * strokes)[:, :, None]
            colour = colour + (self.colours[plane.fade] - colour) * mix * np.float32(0.72)
        value = (0.045 * strokes + 0.045 * clouds)[:, :, None]
        paint = colour * (1 + value) + np.float32(0.22) * np.maximum(value, 0) * (0.25 + colour)
        ridge = np.exp(-((distance / np.float32(0.0028)) ** 2))[:, :, None]
        paint = paint * (1 - 0.1 * ridge)
        rgb *= 1 - np.float32(0.04) * ridge
        lay(rgb, paint, coverage(distance + 0.0004 * strokes, max(pixel, 0.0011)))

    def _age(self, rgb: Floats, patch: Patch, clouds: Floats) -> None:
        weave = _weave(patch)
        rgb *= (1 + 0.012 * weave)[:, :, None]
        if self.age:
            cracks = self._cracks(patch, clouds) * np.float32(self.age)
            dark = rgb.mean(axis=2) < 0.3
            lay(
                rgb,
                np.where(dark[:, :, None], _WORN, rgb * _GRIME),
                cracks,
            )
            toned = np.float32(1) - np.float32(self.age) * _YELLOWING * (1 + 0.4 * clouds)[:, :, None]
            rgb *= toned

    def _cracks(self, patch: Patch, clouds: Floats) -> Floats:
        """Return how far the paint is cracked, 0..1: borders between the cells of scattered points (Worley, 1996)."""
        cells = np.float32(17)
        x = patch.x * cells + self.wobble[1].grid(patch.xs * 2, patch.ys * 2) * np.float32(0.14) + clouds * 0.3
        y = patch.y * cells + self.wobble[0].grid(patch.xs * 2, patch.ys * 2) * np.float32(0.14)
        gap = self.mesh.borders(x, y)[0] * (2 / cells)
        breadth = max(0.0009, patch.pixel)
        depth = np.float32(0.0009 / breadth) * smoothstep(-0.3, 1.6, clouds + 0.3)
        return coverage(gap - np.float32(breadth / 2), breadth) * depth * np.float32(0.62)


def _weave(patch: Patch) -> Floats:
    """Return the canvas's threads, -1..1, fading where they are finer than the pixels."""
    threads = 190
    strength = float(np.clip(1.5 - patch.pixel * threads * 2.4, 0, 1))
    if not strength:
        return np.zeros(patch.shape, np.float32)
    warp, weft = np.cos(2 * np.pi * threads * patch.xs), np.cos(2 * np.pi * threads * patch.ys)
    return np.asarray(strength * 0.5 * (warp[None, :] + weft[:, None]), np.float32)
