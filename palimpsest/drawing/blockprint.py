"""Printing from cut blocks: hatching that swells with the dark, outlines, and the pull of the press.

A key block prints the lines, a tone block and an accent block lie under it. Lengths are in units of the shorter side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.brushline import BrushLine
from palimpsest.drawing.distance import coverage, smoothstep
from palimpsest.drawing.noise import Noise, Paper
from palimpsest.drawing.pigment import lay
from palimpsest.drawing.sheet import Patch, Sheet
from palimpsest.media.colour import hex_to_rgb
from palimpsest.media.raster import Floats


@dataclass
class Cut:
    """The blocks for one patch: how much the key prints (`key`), the tone and the accent, each (h, w) in 0..1, cut in place."""

    patch: Patch
    knife: Knife
    waver: Floats
    patches: Floats
    key: Floats
    tone: Floats
    accent: Floats

    @classmethod
    def begun(cls, patch: Patch, knife: Knife) -> Cut:
        """Begin with blocks that print nothing."""
        waver, patches = knife.waver.grid(patch.xs, patch.ys), knife.patches.grid(patch.xs, patch.ys)
        key, tone, accent = (np.zeros(patch.shape, np.float32) for _ in range(3))
        return cls(patch, knife, waver, patches, key, tone, accent)

    @property
    def x(self) -> Floats:
        """The x of every point."""
        return self.patch.x

    @property
    def y(self) -> Floats:
        """The y of every point."""
        return self.patch.y

    @property
    def foot(self) -> float:
        """The y of the sheet's lower edge."""
        return self.knife.foot

    def part(self, window: tuple[slice, slice]) -> Cut:
        """Return the part of the blocks inside a window; cutting it cuts these."""
        fields = (each[window] for each in (self.waver, self.patches, self.key, self.tone, self.accent))
        return Cut(self.patch.part(window), self.knife, *fields)

    def hatch(self, v: Floats, dark: Floats, lines: float = 1.0) -> Floats:
        """Return lines along the levels of `v`, as broad as `dark` (0..1) asks, `lines` times as many as usual."""
        place = (v + np.float32(0.0016) * self.waver) * np.float32(self.knife.lines * lines)
        whole = np.floor(place)
        chance = self.knife.chances[whole.astype(np.int64) & 1023]
        ridge = np.abs(2 * (place - whole) - 1)
        breadth = dark + np.float32(0.13) * (chance - 0.5) + np.float32(0.05) * self.waver
        breadth = np.where(dark > 0.02, breadth, 0) * smoothstep(0.03, 0.1, breadth)
        steep = np.hypot(*np.gradient(place)) if min(place.shape) > 1 else np.full_like(place, 0.3)
        edge = np.clip((ridge - 1 + breadth) / np.clip(2 * steep, 1e-4, 4) + 0.5, 0, 1) * smoothstep(0, 0.04, breadth)
        return np.asarray(edge, np.float32)

    def region(
        self,
        distance: Floats,
        key: Floats | float,
        *,
        tone: Floats | float = 1.0,
        accent: Floats | float = 0.0,
        halo: float = 0.0,
        line: float = 0.0,
    ) -> None:
        """Print a region over what stands behind it: a white `halo` cut around it, its outline a black `line` broad."""
        pixel = max(self.patch.pixel, 0.0008)
        distance = distance + np.float32(0.0009) * self.waver
        inside = coverage(distance, pixel)
        if halo:
            self.key *= 1 - coverage(distance - np.float32(halo) * (1 + 0.3 * self.waver), pixel)
        edge = 0.0 if not line else coverage(np.abs(distance) - np.float32(line) * (0.6 + 0.3 * self.waver), pixel)
        self.key += (key - self.key) * inside
        self.key[:] = np.maximum(self.key, edge)
        self.tone += (tone - self.tone) * inside
        self.accent += (accent - self.accent) * inside

    def draw(self, line: BrushLine, key: float = 1.0, halo: float = 0.0) -> None:
        """Draw a line: black, or white when `key` is 0."""
        window = self.patch.window(*line.box)
        if window is None:
            return
        edge, _, _ = line.measure(self.x[window], self.y[window])
        edge += np.float32(0.0009) * self.waver[window]
        pixel = max(self.patch.pixel, 0.0008)
        if halo:
            self.key[window] *= 1 - coverage(edge - np.float32(halo), pixel)
        cover = coverage(edge, pixel)
        self.key[window] += (key - self.key[window]) * cover


@dataclass(frozen=True)
class Knife:
    """The cutter's hand: how many lines along the shorter side, their chances, their waver; `foot` is the sheet's lower edge."""

    lines: float
    foot: float
    chances: Floats
    waver: Noise
    patches: Noise

    @classmethod
    def drawn(cls, rng: np.random.Generator, lines: float, foot: float) -> Knife:
        """Draw a hand."""
        return cls(
            lines,
            foot,
            rng.random(1024, np.float32),
            Noise.drawn(rng, 26, 3, fading=0.6),
            Noise.drawn(rng, 5, 3, fading=0.6),
        )


Scene = Callable[[Cut], None]


@dataclass(frozen=True)
class Press:
    """The printing: blocks inked and laid on paper one after the other, never quite in register."""

    sheet: Sheet
    scene: Scene
    knife: Knife
    inks: tuple[Floats, ...]
    """Paper, key block, and if there are any tone block and accent block."""
    register: NDArray[np.float64]
    wear: float
    paper: Paper
    grain: Noise
    border: Noise

    @classmethod
    def drawn(
        cls,
        rng: np.random.Generator,
        sheet: Sheet,
        scene: Scene,
        knife: Knife,
        palette: tuple[str, str, str | None, str | None],
        *,
        wear: float,
    ) -> Press:
        """Draw one pull of the press."""
        inks = tuple(np.array(hex_to_rgb(each), np.float32) for each in palette if each is not None)
        grain = Noise.drawn(rng, 34, 4, fading=0.75, stretch=(0.06, 1.6))
        shift = rng.normal(0, 0.0028, (2, 2)) * wear * 2
        return cls(sheet, scene, knife, inks, shift, wear, Paper.drawn(rng), grain, Noise.drawn(rng, 12, 3))

    def paint(self, patch: Patch) -> Floats:
        """Return the colours of a patch."""
        ground, key_ink, *colours = self.inks
        relief = self.paper.grid(patch.xs, patch.ys)
        grain = self.grain.grid(patch.xs, patch.ys)
        rgb = np.asarray(np.multiply.outer(1 + 0.016 * relief, ground), np.float32)
        frame = self._frame(patch)
        hold = 1 - 0.8 * smoothstep(0.0, 0.5, 0.8 * grain + 0.8 * relief - np.float32(3.2 - 2.2 * self.wear))
        if colours:
            moved = patch.xs + np.float32(self.register[0, 0]), patch.ys + np.float32(self.register[0, 1])
            other = self._cut(Patch(*moved, patch.pixel))
            thin = (0.84 + 0.09 * grain * self.wear - 0.04 * relief) * frame
            for ink, cover in zip(colours, (other.tone, other.accent), strict=False):
                rgb *= 1 + (ink - 1) * np.clip(cover * thin, 0, 1)[:, :, None]
        key = self._cut(patch).key * frame * hold
        lay(rgb, key_ink, np.asarray(key * (0.97 - 0.02 * relief), np.float32))
        return rgb

    def _cut(self, patch: Patch) -> Cut:
        cut = Cut.begun(patch, self.knife)
        self.scene(cut)
        return cut

    def _frame(self, patch: Patch) -> Floats:
        """Return where the block prints: within a margin, its edge a little chipped."""
        rough = self.border.grid(patch.xs, patch.ys) * np.float32(0.0014)
        middle = self.sheet.across / 2, self.sheet.down / 2
        sides = np.maximum(
            np.abs(patch.x - np.float32(middle[0])) - np.float32(middle[0]),
            np.abs(patch.y - np.float32(middle[1])) - np.float32(middle[1]),
        )
        return coverage(sides + np.float32(0.042) + rough, max(patch.pixel, 0.001))
