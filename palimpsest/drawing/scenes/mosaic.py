"""What a mosaic is drawn with: the plan on the plaster, and the motifs that many designs share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.brushline import BrushLine
from palimpsest.drawing.noise import Noise
from palimpsest.media.raster import Floats

Mask = NDArray[np.bool_]

SUBJECTS = ("sun", "bird", "fish", "vault", "tree", "knot")

PLACES = ("ravenna", "antioch", "delos", "palermo", "thessaloniki")

STONES = {
    "ravenna": {
        "ground": "#16306e #1f4490 #2a5aa8 #18377c", "sea": "#12345e #1d5a86 #2f86a0 #7fc0b8 #dfe9d8",
        "gold": "#c9962f #e0b24a #a87422",
        "warm": "#f3d27a #e8953a #c9562f #8c2f2a", "red": "#b5302f #8a1f2e #d9654a", "leaf": "#1f5a3f #3f8a4a #8cb04f #cfd06a",
        "white": "#f4efe2 #e2d8c4 #c9bfae", "dark": "#1a1f33 #2a2440", "grout": "#b9b0a2",
    },
    "antioch": {
        "ground": "#eee3cc #e4d5b8 #f4ecdb #dccbaa", "sea": "#3f5a5e #5f7f7c #8fa89a #c4ceb8 #efe8d4",
        "gold": "#cf9a3f #e0b565 #b17f2f",
        "warm": "#ecc98a #d99a55 #b9663c #7f3f2c", "red": "#a8442f #7f2f28 #c97a55", "leaf": "#4a5a3a #707f4a #9aa26a #c9c48f",
        "white": "#f6f0e2 #e8dcc6 #d4c6ac", "dark": "#2a2624 #3f3531", "grout": "#a89a86",
    },
    "palermo": {
        "ground": "#c4902c #d9aa44 #b07d26 #e0b95c", "sea": "#1f4a5e #2a7078 #4fa09a #a8cfb8 #f0ead0",
        "gold": "#d4a23a #ecc462 #b07d26",
        "warm": "#f4dc9a #e89a44 #c44a34 #7f1f2f", "red": "#9c1f33 #c93f3f #6f1730", "leaf": "#14463f #1f6f55 #5a9a5a #b8c46a",
        "white": "#f8f3e6 #e6dccb #c6bdb0", "dark": "#201a2a #33203a", "grout": "#8f7f6c",
    },
    "delos": {
        "ground": "#d8e2da #c4d6d0 #e8ebdf #b4cac8", "sea": "#123f63 #1f6a8c #3a9aa8 #8accc0 #eef0dc",
        "gold": "#d8a63f #ebc46a #b98230",
        "warm": "#f6dc9c #f0a257 #d9663f #9a3a33", "red": "#c4483a #93302f #e58a68", "leaf": "#2a5a4f #4a8a6a #8fb87f #d2d898",
        "white": "#f7f5ea #e4e4d8 #c8ccc4", "dark": "#16263a #2a3044", "grout": "#9aa09a",
    },
    "thessaloniki": {
        "ground": "#7f2a35 #93363c #6c2230 #a8484a", "sea": "#2a2f5f #44549a #6f8fc0 #b4c6d8 #f0e8dc",
        "gold": "#d09a38 #e8bc5c #a8722a",
        "warm": "#f8dfae #eda85c #d4633f #93303a", "red": "#d9503f #b02f3a #f08a62", "leaf": "#2a4a3a #4f7a4a #95a655 #d6cf80",
        "white": "#f6eee0 #e4d6c6 #ccbcae", "dark": "#1f1622 #341c2c", "grout": "#9f8f88",
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Region:
    """Lay a part of the picture that is laid by itself: its stones from the outline inwards, then the shades of its field."""

    rows: tuple[tuple[str, int], ...]
    ramp: str
    shade: Floats
    metal: bool
    corner: tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """The drawing on the wet plaster: which region each point (h, w) belongs to. Lengths in shorter sides; `row` a stone's."""

    x: Floats
    y: Floats
    wide: float
    high: float
    row: float
    rng: np.random.Generator
    noise: Noise
    label: NDArray[np.int32]
    regions: list[_Region] = field(default_factory=list)
    corner: tuple[int, int] = (0, 0)

    def part(self, left: float, top: float, right: float, bottom: float) -> Plan:
        """Return a rectangle of the plan, to lay something small without looking at the whole."""
        rows = slice(*(int(each) for each in np.searchsorted(self.y[:, 0], (top, bottom))))
        columns = slice(*(int(each) for each in np.searchsorted(self.x[0], (left, right))))
        window = (rows, columns)
        corner = (self.corner[0] + rows.start, self.corner[1] + columns.start)
        return replace(self, x=self.x[window], y=self.y[window], label=self.label[window], corner=corner)

    def lay(
        self, mask: Mask, ramp: str, shade: NDArray[np.floating] | float = 0.5, rows: tuple[tuple[str, int], ...] = ()
    ) -> int:
        """Give a part to a new region and return its number; `shade` 0..1 picks along the ramp, `rows` outline it."""
        self.label[mask] = len(self.regions)
        tone = np.broadcast_to(np.asarray(shade, np.float32), self.x.shape)
        metal = ramp == "gold"
        self.regions.append(_Region(rows, ramp, tone, metal, self.corner))
        return len(self.regions) - 1

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))


OUTLINE = (("dark", 0),)


def frame(plan: Plan) -> None:
    """Lay a border of a few rows with teeth, over whatever lies there."""
    row, rim = plan.row, np.minimum(np.minimum(plan.x, plan.wide - plan.x), np.minimum(plan.y, plan.high - plan.y))
    ramp = ("red", "sea", "leaf", "warm")[plan.whole(0, 3)]
    run = np.where(np.minimum(plan.x, plan.wide - plan.x) < np.minimum(plan.y, plan.high - plan.y), plan.y, plan.x)
    plan.lay(rim < 6.5 * row, ramp, 0.4)
    tooth = np.abs((run / (6 * row)) % 1 - 0.5) * 2
    plan.lay((rim > 2 * row) & (rim < 2 * row + 4 * row * tooth), "white", 0.1)
    plan.lay(rim < 2 * row, "dark", 0.3)
    plan.lay((rim > 5.8 * row) & (rim < 7 * row), "gold", 0.5)


def waves(plan: Plan, top: float, inside: Mask) -> None:
    """Bands of water below `top`, each with a crest of its own."""
    level, number = top, 0
    while level < plan.high + 0.1:
        swing, length = plan.between(0.015, 0.035), plan.between(3.0, 5.5)
        line = (
            level
            + swing * np.sin(plan.x * length + plan.between(0, 6))
            + 0.012 * np.sin(plan.x * length * 2.3 + number)
        )
        depth = (plan.y - line) / 0.11
        plan.lay(
            inside & (plan.y > line),
            "sea",
            0.62 - 0.5 * np.clip(depth, 0, 1) + 0.12 * (number % 2),
            (("white", 0), ("sea", 3)),
        )
        level += plan.between(0.06, 0.11) * (1 + 0.12 * number)
        number += 1


def cloud(plan: Plan, cx: float, cy: float, size: float) -> None:
    """Lay a cloud of five puffs with a flat base."""
    puff = np.full(plan.x.shape, 9.0, np.float32)
    for number in range(-2, 3):
        reach = size * (0.9 - 0.22 * abs(number))
        puff = np.minimum(puff, np.hypot(plan.x - cx - 0.8 * number * size, (plan.y - cy + 0.3 * reach)) - reach)
    plan.lay(
        (puff < 0) & (plan.y < cy + 0.25 * size),
        "white",
        0.2 + 0.5 * np.clip((plan.y - cy) / size + 0.5, 0, 1),
        (("sea", 2), ("white", 0)),
    )


def weed(plan: Plan, cx: float, tall: float, inside: Mask) -> None:
    """Lay three blades of sea grass that sway."""
    t = (plan.high - plan.y) / tall
    for number in range(3):
        bend = cx + 0.05 * (number - 1) * (1 + t) + 0.022 * np.sin(t * 6 + 2 * number)
        plan.lay(
            inside & (np.abs(plan.x - bend) < 0.022 * np.sqrt(np.clip(1.05 - t, 0, 1))) & (t < 1), "leaf", 0.2 + 0.6 * t
        )


def leaf(plan: Plan, x0: float, y0: float, turn: float, long: float, broad: float, tone: float) -> None:
    """Lay a leaf that grows from (x0, y0), one half lighter."""
    plan = plan.part(x0 - long, y0 - long, x0 + long, y0 + long)
    u = ((plan.x - x0) * np.cos(turn) + (plan.y - y0) * np.sin(turn)) / long
    v = ((plan.y - y0) * np.cos(turn) - (plan.x - x0) * np.sin(turn)) / long
    half = broad * np.sin(np.pi * np.clip(u, 0, 1) ** 0.85)
    plan.lay((np.abs(v) < half) & (u > 0) & (u < 1), "leaf", tone + np.where(v > 0, 0.3, -0.1))


def branch(plan: Plan, points: NDArray[np.floating], thick: float, ramp: str, tone: float) -> None:
    """Lay a band along points (n, 2), thinner towards its end."""
    line = BrushLine(points, 2 * thick * np.linspace(1, 0.55, len(points)))
    plan = plan.part(*line.box)
    away, _, _ = line.measure(plan.x, plan.y)
    plan.lay(away < 0, ramp, tone - 4 * np.maximum(away, -1))


def star(plan: Plan, cx: float, cy: float, size: float, points: int, ramp: str) -> None:
    """Lay a star with a bright heart."""
    plan = plan.part(cx - size, cy - size, cx + size, cy + size)
    far, turn = np.hypot(plan.x - cx, plan.y - cy), np.arctan2(plan.y - cy, plan.x - cx) + plan.between(0, 1)
    plan.lay(far < size * (0.62 + 0.38 * np.cos(points * turn)), ramp, 0.5, ())
    plan.lay(far < 0.26 * size, "white" if ramp == "gold" else "red", 0.2)
