"""Parts of a landscape to be cut or drawn: mountains, firs, bare trees, houses. Lengths are in units of the shorter side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.drawing.blockprint import Cut
from palimpsest.drawing.brushline import BrushLine, curve
from palimpsest.drawing.distance import smoothstep, to_polygon
from palimpsest.drawing.noise import Noise


@dataclass(frozen=True)
class Range:
    """Mountains: `peaks` (n, 4) with x, y, and how steeply they fall to the left and to the right."""

    peaks: NDArray[np.float64]
    rough: Noise

    def cut(self, cut: Cut, dark: float, foot: float, *, light_left: bool, lines: float = 1.0) -> None:
        """Cut the range: one flank of each peak in the light, one in the shade, both thinning out towards the foot."""
        jag = self.rough.grid(cut.patch.xs, cut.patch.ys) * np.float32(0.013)
        best = np.full(cut.patch.shape, np.inf, np.float32)
        flow, shade = np.zeros_like(best), np.zeros_like(best)
        for number, (px, py, left, right) in enumerate(self.peaks):
            ys = cut.patch.ys[:, None]
            zigzag = self.rough.at(ys * 0.9 + number * 3.7, ys * 0.2 + number) * np.float32(0.22)
            below = np.maximum(cut.y - np.float32(py), 0)
            aside = cut.x - np.float32(px)
            surface = np.float32(py) + np.where(aside < 0, -aside * np.float32(left), aside * np.float32(right)) + jag
            on_left = aside < zigzag * below
            lean = np.where(on_left, np.float32(left), np.float32(-right))
            closer = surface < best
            np.copyto(best, surface, where=closer)
            v = (cut.y + lean * aside) / np.sqrt(1 + lean * lean)
            np.copyto(flow, v, where=closer)
            np.copyto(shade, np.where(on_left == light_left, np.float32(0.16), np.float32(0.88)), where=closer)
        depth = np.clip((cut.y - best) / np.float32(max(foot - float(self.peaks[:, 1].min()), 0.05)), 0, 1)
        ribs = self.rough.at(flow * 0.9, best * 0.5 + 0.25 * cut.y)
        shade = shade + (np.float32(0.6) - shade * 0.8) * smoothstep(0.5, 0.75, np.where(shade < 0.5, ribs, -ribs))
        tone = dark * shade * (1.1 - 0.75 * depth) + 0.1 * cut.patches * dark * (1 - depth)
        key = cut.hatch(flow, np.asarray(np.clip(tone, 0, 0.97), np.float32), lines)
        lit = np.asarray(np.where(shade < 0.5, 0.0, 1.0), np.float32) * (1 - depth) + depth
        cut.region(best - cut.y, key, tone=lit, halo=0.004, line=0.003)


def fir(rng: np.random.Generator, x: float, foot: float, height: float) -> list[BrushLine]:
    """Draw a fir: a trunk and tiers of hanging boughs, each a short swelling cut."""
    lean = rng.normal(0, 0.02) * height
    lines = [BrushLine(np.array([[x, foot], [x + lean, foot - height]]), np.array([0.035, 0.006]) * height)]
    tiers = 14
    for tier in range(tiers):
        share = (tier + 0.6) / tiers
        y, middle = foot - height * (1.0 - share * 0.86), x + lean * (1 - share)
        for side in (-1, 1):
            reach = height * 0.23 * share**0.8 * rng.uniform(0.7, 1.15)
            points = np.array(
                [
                    [middle, y],
                    [middle + side * reach * 0.6, y + reach * 0.22],
                    [middle + side * reach, y + reach * 0.62],
                ]
            )
            widths = np.array([0.05, 0.06, 0.035, 0.004]) * height * (0.35 + 0.65 * share)
            lines.append(BrushLine(curve(points, 4), widths))
    return lines


def bare_tree(rng: np.random.Generator, foot: tuple[float, float], height: float) -> list[BrushLine]:
    """Draw a bare tree: limbs that fork and thin out, bending towards the light and away from one another."""
    lines: list[BrushLine] = []

    def grow(start: NDArray[np.float64], angle: float, length: float, width: float, depth: int) -> None:
        bend = rng.normal(0, 0.22)
        turns = angle + np.array([0, bend * 0.5, bend, bend * 0.4 + rng.normal(0, 0.12)])
        steps = np.column_stack([np.cos(turns), np.sin(turns)]) * length / 4
        path = np.vstack([start, start + np.cumsum(steps, axis=0)])
        lines.append(BrushLine(curve(path, 7), np.linspace(width, width * 0.62, 7)))
        if depth == 0:
            return
        for side in (-1, 1):
            turn = turns[-1] + side * rng.uniform(0.25, 0.62)
            grow(path[-1], turn * 0.88 + -np.pi / 2 * 0.12, length * rng.uniform(0.66, 0.84), width * 0.6, depth - 1)
        if depth > 1 and rng.random() < 0.6:
            grow(
                path[2], turns[1] + rng.choice([-1, 1]) * rng.uniform(0.6, 0.95), length * 0.6, width * 0.38, depth - 2
            )

    grow(np.array(foot), -np.pi / 2 + rng.normal(0, 0.12), height * 0.34, height * 0.11, 5)
    return lines


def cut_house(
    cut: Cut, house: tuple[float, float, float, float, float, bool], chance: NDArray[np.float64], light_x: float
) -> None:
    """Cut a house: wall, gable roof, lit windows; a tower is a narrow house with a steep roof."""
    x, foot, wide, wall, roof, tower = house
    window = cut.patch.window(x - 0.1 * wide - 0.02, foot - wall - roof - 0.02, x + wide * 1.1 + 0.02, foot + 0.02)
    if window is None:
        return
    part = cut.part(window)
    eaves = foot - wall
    walls = np.array([(x, eaves), (x + wide, eaves), (x + wide, foot), (x, foot)])
    top = np.array(
        [(x - 0.07 * wide, eaves + 0.02 * wide), (x + wide / 2, eaves - roof), (x + wide * 1.07, eaves + 0.02 * wide)]
    )
    lit = light_x < x + wide / 2
    shade = np.clip(0.5 + (part.x - np.float32(x + wide / 2)) / np.float32(wide) * (1 if lit else -1), 0, 1)
    dark = np.asarray(np.clip(0.12 + 0.65 * shade, 0, 0.9), np.float32)
    part.region(
        to_polygon(part.x, part.y, walls),
        part.hatch(part.x, dark, 1.2),
        tone=smoothstep(0.25, 0.5, shade),
        halo=0.004,
        line=0.0026,
    )
    slope = (part.y - np.float32(eaves)) * np.float32(0.75) + np.abs(part.x - np.float32(x + wide / 2)) * np.float32(
        0.6
    )
    roof_dark = np.full(part.patch.shape, 0.82 if chance[0] < 0.6 else 0.55, np.float32)
    part.region(
        to_polygon(part.x, part.y, top),
        part.hatch(slope, roof_dark),
        accent=float(chance[1] < 0.3),
        halo=0.003,
        line=0.0026,
    )
    for number, column in enumerate((0.5,) if tower else (0.28, 0.7)):
        if chance[2 + number] < 0.75:
            wx, wy, w = (
                x + column * wide,
                eaves + (0.3 if tower else 0.45) * min(wall, wide),
                wide * (0.14 if tower else 0.1),
            )
            pane = np.array(
                [(wx - w, wy - w * 1.3), (wx + w, wy - w * 1.3), (wx + w, wy + w * 1.3), (wx - w, wy + w * 1.3)]
            )
            part.region(to_polygon(part.x, part.y, pane), 0.0, tone=0.0, accent=1.0, line=0.003)
