"""A study of the woodcut: a picture cut in lines that swell with the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Unit, technique
from palimpsest.drawing.blockprint import Cut, Knife, Press, Scene
from palimpsest.drawing.brushline import BrushLine, curve
from palimpsest.drawing.distance import smoothstep, to_disc, to_polygon
from palimpsest.drawing.landscape import Range, bare_tree, cut_house, fir
from palimpsest.drawing.noise import Noise
from palimpsest.drawing.sheet import Sheet

Side = Annotated[int, Field(ge=16, le=8192), Unit("px")]
SceneName = Literal["any", "mountain", "sea", "village", "tree", "fields", "lighthouse"]
PaletteName = Literal["black", "chiaroscuro", "night", "ember", "moss"]

# paper, key block, tone block, accent block
PALETTES: dict[str, tuple[str, str, str | None, str | None]] = {
    "black": ("#efe8d8", "#1b1917", None, None),
    "chiaroscuro": ("#efe5cf", "#2a1d15", "#c9a878", None),
    "night": ("#ece5d2", "#15192a", "#6f8fae", "#e8b84a"),
    "ember": ("#f0e6d0", "#241613", "#e0b36a", "#c8452a"),
    "moss": ("#eee8d6", "#1a211d", "#a9b48a", "#d98a5a"),
}


def _place(sheet: Sheet, x: float, y: float) -> tuple[float, float]:
    return x * sheet.across, y * sheet.down


def _sky(cut: Cut, light: tuple[float, float], radius: float, horizon: float, *, night: float, rays: bool) -> None:
    """Cut the sky around sun or moon: rings or rays, dark above and away from the light; and the light itself."""
    away = to_disc(cut.x, cut.y, light, radius)
    high = np.clip(1 - cut.y / np.float32(horizon), 0, 1)
    reach = smoothstep(0.0, 0.75, away)
    dark = np.clip(night * (0.25 + 0.75 * reach) * (0.45 + 0.6 * high) + 0.1 * cut.patches * reach, 0, 0.95)
    if rays:
        angle = np.arctan2(cut.y - np.float32(light[1]), cut.x - np.float32(light[0]))
        beams = np.abs((angle * np.float32(26 / (2 * np.pi))) % 1 - 0.5) * 2
        dark = np.clip(dark * (0.35 + 1.2 * smoothstep(0.25, 0.6, beams)), 0, 0.95)
        key = cut.hatch(np.asarray(cut.y + 0.012 * cut.patches, np.float32), np.asarray(dark, np.float32))
    else:
        key = cut.hatch(np.asarray(away + 0.01 * cut.patches, np.float32), np.asarray(dark, np.float32), 0.9)
    glow = np.asarray(np.exp(-np.maximum(away, 0) * 4.0) * 0.5, np.float32)
    cut.region(np.full(cut.patch.shape, -1, np.float32), key, tone=smoothstep(0.0, 0.05, away), accent=glow)
    cut.region(away, 0.0, tone=0.0, accent=1.0, halo=0.008, line=0.0032)


def _water(cut: Cut, top: float, light_x: float, dark: float, swell: Noise) -> None:
    """Cut water: level lines, wider apart near us, broken by the light's path."""
    near = np.clip((cut.y - np.float32(top)) / np.float32(max(cut.foot - top, 0.05)), 0, 1)
    wave = swell.at(cut.x / (0.35 + 1.2 * near), np.log1p(5 * near))
    v = cut.y - 0.16 * near * near + 0.016 * (0.25 + near) * wave
    path = np.exp(-(((cut.x - np.float32(light_x)) / (0.05 + 0.2 * near)) ** 2))
    level = dark * (0.95 - 0.35 * near) + 0.26 * wave - 0.75 * path * (0.8 + 0.5 * wave)
    key = cut.hatch(np.asarray(v, np.float32), np.asarray(np.clip(level, 0, 0.95), np.float32), 0.85)
    tone = np.clip(1 - 1.5 * path * (0.6 + 0.6 * wave), 0, 1)
    cut.region(np.float32(top) - cut.y, key, tone=tone, accent=0.6 * path * (1 - tone), line=0.002)


def _mountain(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Set a mountain over a lake, the moon beside it, firs in front."""
    side = rng.choice([-1, 1])
    light = _place(sheet, 0.5 + side * rng.uniform(0.2, 0.32), rng.uniform(0.14, 0.26))
    shore = sheet.down * rng.uniform(0.66, 0.76)
    main = (sheet.across * (0.5 - side * rng.uniform(0.05, 0.2)), sheet.down * rng.uniform(0.2, 0.32))
    peaks = [(*main, rng.uniform(0.8, 1.25), rng.uniform(0.8, 1.25))]
    for _ in range(4):
        x, fall = rng.uniform(-0.1, 1.1) * sheet.across, rng.uniform(0.7, 1.2, 2)
        peaks.append((x, shore - (shore - main[1]) * rng.uniform(0.3, 0.62), *fall))
    far = [(x * sheet.across, shore - rng.uniform(0.12, 0.25), 0.6, 0.6) for x in rng.uniform(0, 1, 5)]
    ranges = Range(np.array(far), Noise.drawn(rng, 9, 3)), Range(np.array(peaks), Noise.drawn(rng, 8, 4, fading=0.6))
    swell = Noise.drawn(rng, 9, 3, stretch=(0.5, 5))
    stand = 0.5 - side * rng.uniform(0.12, 0.4, 5)
    heights = rng.uniform(0.2, 0.46, 5) * np.append(np.ones(4), 0.6)
    firs = [
        each
        for x, height in zip(stand, heights, strict=True)
        for each in fir(rng, x * sheet.across, sheet.down * 0.97 + 0.05 * height, height)
    ]
    bank = Noise.drawn(rng, 4, 3)
    radius, night = rng.uniform(0.05, 0.085), rng.uniform(0.75, 1.0)

    def cut_scene(cut: Cut) -> None:
        _sky(cut, light, radius, shore, night=night, rays=False)
        ranges[0].cut(cut, 0.55, shore, light_left=side < 0, lines=1.2)
        ranges[1].cut(cut, 1.0, shore, light_left=side < 0)
        _water(cut, shore, light[0], 0.62, swell)
        xs = cut.patch.xs
        falls = side * (xs / sheet.across - 0.5) * 0.1
        rim = (bank.at(xs, xs * 0.1) * 0.018 + falls + sheet.down * 0.915)[None, :].astype(np.float32)
        cut.region(rim - cut.y, 1.0, halo=0.006)
        for line in firs:
            cut.draw(line, halo=0.0035)
        for line in firs:
            cut.draw(line)

    return cut_scene


def _sea(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Send a boat under sail before the sun, on a heavy sea."""
    side = rng.choice([-1, 1])
    light = _place(sheet, 0.5 - side * rng.uniform(0.12, 0.26), rng.uniform(0.3, 0.46))
    horizon = sheet.down * rng.uniform(0.5, 0.62)
    radius, night, rays = rng.uniform(0.09, 0.14), rng.uniform(0.5, 0.8), bool(rng.random() < 0.7)
    swell = Noise.drawn(rng, 7, 3, stretch=(0.6, 4))
    size = rng.uniform(0.3, 0.42)
    bx, by = _place(sheet, 0.5 + side * rng.uniform(0.1, 0.2), 0.0)
    by = horizon + rng.uniform(0.1, 0.16)
    tilt = rng.normal(0, 0.06) + 0.08 * side

    def shape(points: list[tuple[float, float]]) -> NDArray[np.float64]:
        local = np.array(points) * (side, 1) * size
        c, s = np.cos(tilt), np.sin(tilt)
        return np.column_stack([bx + c * local[:, 0] - s * local[:, 1], by + s * local[:, 0] + c * local[:, 1]])

    hull = shape([(-0.42, -0.1), (0.5, -0.14), (0.3, 0.05), (-0.3, 0.06)])
    main = shape([(0.02, -0.16), (0.03, -1.0), (-0.42, -0.18)])
    jib = shape([(0.07, -0.17), (0.05, -0.92), (0.46, -0.19)])
    mast = BrushLine(shape([(0.03, -0.1), (0.04, -1.06)]), np.array([0.02, 0.012]) * size)
    gulls = [
        BrushLine(
            curve(np.array([[x - s, y - s * 0.4], [x, y], [x + s, y - s * 0.5]]), 7),
            np.array([2, 4, 6, 5, 6, 4, 2]) * s * 0.03,
        )
        for x, y, s in zip(
            rng.uniform(0.1, 0.9, 4) * sheet.across,
            rng.uniform(0.08, 0.3, 4) * sheet.down,
            rng.uniform(0.015, 0.035, 4),
            strict=True,
        )
    ]

    def cut_scene(cut: Cut) -> None:
        _sky(cut, light, radius, horizon, night=night, rays=rays)
        _water(cut, horizon, light[0], 0.7, swell)
        for sail, accent in ((main, 0.9), (jib, 0.0)):
            distance = to_polygon(cut.x, cut.y, sail)
            bulge = cut.x * np.float32(side) + 0.5 * (cut.y - np.float32(by)) ** 2 / np.float32(size)
            dark = np.clip(0.85 + 7 * distance / np.float32(size), 0.0, 0.8) * np.float32(0.6)
            cut.region(distance, cut.hatch(bulge, dark, 1.2), tone=0.0, accent=accent, halo=0.005, line=0.0028)
        cut.region(to_polygon(cut.x, cut.y, hull), 1.0, halo=0.006)
        foam = cut.y - np.float32(by + 0.035 * size)
        lap = cut.hatch(np.asarray(cut.y + 0.012 * cut.patches, np.float32), np.full(cut.patch.shape, 0.4, np.float32))
        cut.region(np.maximum(np.abs(foam) - 0.012 * size, np.abs(cut.x - np.float32(bx)) - 0.55 * size), lap, tone=0.4)
        for line in (mast, *gulls):
            cut.draw(line, halo=0.003)

    return cut_scene


def _hills(rng: np.random.Generator, sheet: Sheet, top: float, count: int) -> Callable[[Cut], None]:
    """Cut hills one before the other, each ploughed its own way."""
    rows = []
    for number in range(count):
        level = top + (sheet.down - top) * (number / count) ** 1.1
        rows.append(
            (
                level,
                Noise.drawn(rng, rng.uniform(0.9, 1.7), 2, fading=0.3),
                rng.uniform(-0.4, 1.4) * sheet.across,
                rng.random(),
                rng.random(),
            )
        )

    def cut_hills(cut: Cut) -> None:
        for number, (level, profile, vanishing, way, mood) in enumerate(rows):
            swell = 0.035 + 0.03 * number / count
            ridge = np.float32(level) + np.float32(swell) * profile.at(cut.patch.xs, cut.patch.xs * 0)[None, :]
            below = np.maximum(cut.y - ridge, 0)
            if way < 0.6:
                v = (cut.x - np.float32(vanishing)) / (0.55 + 2.2 * below) * np.float32(0.6) + below * 0.12
            else:
                v = below * np.float32(0.9) + 0.02 * cut.patches
            dark = (
                0.3
                + 0.4 * mood
                + 0.22 * cut.patches
                - 0.5 * smoothstep(0.03, 0.0, below)
                + 0.2 * smoothstep(0.0, 0.3, below)
            )
            key = cut.hatch(np.asarray(v, np.float32), np.asarray(np.clip(dark, 0.05, 0.93), np.float32), 0.8)
            cut.region(
                ridge - cut.y,
                key,
                tone=smoothstep(0.012, 0.03, below),
                accent=0.5 * (mood > 0.6),
                halo=0.004,
                line=0.003,
            )

    return cut_hills


def _tree(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Grow a great bare tree on a hill before a low sun."""
    side = rng.choice([-1, 1])
    light = _place(sheet, 0.5 + side * rng.uniform(0.1, 0.24), rng.uniform(0.36, 0.5))
    radius, night, rays = rng.uniform(0.13, 0.19), rng.uniform(0.35, 0.75), bool(rng.random() < 0.35)
    hills = _hills(rng, sheet, sheet.down * rng.uniform(0.66, 0.74), 3)
    limbs = bare_tree(
        rng, (sheet.across * (0.5 - side * rng.uniform(0.06, 0.16)), sheet.down * 0.95), sheet.down * 0.78
    )

    def cut_scene(cut: Cut) -> None:
        _sky(cut, light, radius, sheet.down * 0.72, night=night, rays=rays)
        hills(cut)
        for line in limbs:
            cut.draw(line, halo=0.003)
        for line in limbs:
            cut.draw(line)
        for line in limbs:
            if line.width[0] > 0.016:
                shift = np.array([side, 0]) * line.width[:, None] * 0.22
                cut.draw(BrushLine(line.path + shift, line.width * 0.16), key=0.0)

    return cut_scene


def _fields(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Plough rolling fields with poplars under a rayed sun."""
    light = _place(sheet, rng.uniform(0.2, 0.8), rng.uniform(0.16, 0.32))
    radius, night = rng.uniform(0.08, 0.12), rng.uniform(0.4, 0.65)
    top = sheet.down * rng.uniform(0.46, 0.58)
    hills = _hills(rng, sheet, top, 5)
    start, count = rng.uniform(0.05, 0.6) * sheet.across, int(rng.integers(4, 8))
    poplars = []
    for number in range(count):
        x = start + number * 0.062 * (1 + 0.08 * number)
        height = rng.uniform(0.2, 0.3) * (1 + 0.12 * number)
        poplars.append((x, sheet.down * 0.7 + 0.012 * number, height))

    def cut_scene(cut: Cut) -> None:
        _sky(cut, light, radius, top, night=night, rays=True)
        hills(cut)
        for x, foot, height in poplars:
            share = np.clip((np.float32(foot) - cut.y) / np.float32(height), 0, 1)
            half = np.float32(0.085 * height) * np.sin(np.pi * share**0.7) + 0.009 * cut.waver * np.float32(height)
            aside = cut.x - np.float32(x)
            distance = np.maximum(
                np.abs(aside) - half, np.abs(cut.y - np.float32(foot - height / 2)) - np.float32(height / 2)
            )
            lit = aside * np.float32(np.sign(light[0] - x)) / np.float32(0.09 * height)
            v = aside * 0.8 + (cut.y - np.float32(foot)) * np.float32(0.5) * np.sign(aside)
            key = cut.hatch(
                np.asarray(v, np.float32), np.asarray(np.clip(0.75 - 0.5 * lit, 0.1, 0.97), np.float32), 1.3
            )
            cut.region(distance, key, tone=1.0, halo=0.004, line=0.0018)

    return cut_scene


def _village(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Crowd houses under a church at night, windows alight."""
    light = _place(sheet, rng.choice([rng.uniform(0.14, 0.3), rng.uniform(0.7, 0.86)]), rng.uniform(0.12, 0.2))
    radius = rng.uniform(0.045, 0.07)
    top = sheet.down * rng.uniform(0.42, 0.5)
    hills = _hills(rng, sheet, top, 3)
    stars = [
        (rng.uniform(0, 1) * sheet.across, rng.uniform(0.02, 0.4) * sheet.down, rng.uniform(0.002, 0.005))
        for _ in range(34)
    ]
    houses: list[tuple[float, float, float, float, float, bool]] = []
    for row, level in enumerate((0.56, 0.66, 0.77, 0.9)):
        x = rng.uniform(-0.08, 0.02)
        while x < sheet.across + 0.1:
            wide = rng.uniform(0.09, 0.15) * (0.8 + 0.22 * row)
            if rng.random() < 0.8:
                houses.append(
                    (
                        x,
                        sheet.down * level + rng.normal(0, 0.012),
                        wide,
                        wide * rng.uniform(0.6, 0.95),
                        wide * rng.uniform(0.5, 0.8),
                        False,
                    )
                )
            x += wide * rng.uniform(0.95, 1.5)
        if row == 0:
            houses.append((rng.uniform(0.3, 0.62) * sheet.across, sheet.down * 0.6, 0.085, 0.26, 0.2, True))
    chances = rng.random((len(houses), 6))

    def cut_scene(cut: Cut) -> None:
        _sky(cut, light, radius, top, night=1.15, rays=False)
        for x, y, size in stars:
            cut.region(to_disc(cut.x, cut.y, (x, y), size), 0.0, tone=0.0, accent=1.0)
        hills(cut)
        for house, chance in zip(houses, chances, strict=True):
            cut_house(cut, house, chance, light[0])

    return cut_scene


def _lighthouse(rng: np.random.Generator, sheet: Sheet) -> Scene:
    """Light a tower on a cliff over the night sea."""
    side = rng.choice([-1, 1])
    lx, ly = _place(sheet, 0.5 + side * rng.uniform(0.1, 0.24), rng.uniform(0.22, 0.3))
    horizon, wide = sheet.down * rng.uniform(0.6, 0.68), rng.uniform(0.045, 0.06)
    foot = horizon - rng.uniform(0.06, 0.1)
    edge = 1.3 * sheet.across * side
    reach = rng.uniform(0.12, 0.2) * side
    cliff = np.array([(lx - reach, foot), (lx + edge, foot - 0.05), (lx + edge, 2), (lx - 2.6 * reach, horizon + 0.3)])
    tower = np.array([(lx - wide, foot + 0.03), (lx - 0.6 * wide, ly), (lx + 0.6 * wide, ly), (lx + wide, foot + 0.03)])
    cap = np.array([(lx - wide, ly - 0.035), (lx, ly - 0.075), (lx + wide, ly - 0.035)])
    swell, rock = Noise.drawn(rng, 7, 3, stretch=(0.6, 4)), Noise.drawn(rng, 7, 4, fading=0.65)

    def cut_scene(cut: Cut) -> None:
        _sky(cut, (lx, ly - 0.017), 0.016, horizon, night=1.2, rays=True)
        _water(cut, horizon, lx, 0.8, swell)
        crag = rock.grid(cut.patch.xs, cut.patch.ys)
        face = to_polygon(cut.x, cut.y, cliff) + 0.012 * crag
        flow = cut.x * np.float32(side) + 0.35 * cut.y + 0.013 * crag
        dark = np.clip(0.62 + 0.3 * crag - 0.6 * smoothstep(0.05, 0.0, -face), 0.08, 0.96)
        cut.region(
            face,
            cut.hatch(flow, np.asarray(dark, np.float32)),
            tone=smoothstep(0.0, 0.05, -face),
            halo=0.006,
            line=0.003,
        )
        wall = np.clip(0.5 + (cut.x - np.float32(lx)) * np.float32(-0.45 * side / wide), 0.05, 0.9).astype(np.float32)
        bands = np.asarray(np.floor((cut.y - np.float32(ly)) / np.float32((foot - ly) / 4.4)) % 2, np.float32)
        cut.region(
            to_polygon(cut.x, cut.y, tower),
            cut.hatch(cut.x, wall, 1.4),
            tone=0.0,
            accent=bands,
            halo=0.005,
            line=0.003,
        )
        cut.region(to_polygon(cut.x, cut.y, cap), 1.0, halo=0.003)

    return cut_scene


SCENES: dict[str, Callable[[np.random.Generator, Sheet], Scene]] = {
    "mountain": _mountain,
    "sea": _sea,
    "village": _village,
    "tree": _tree,
    "fields": _fields,
    "lighthouse": _lighthouse,
}


@technique(version=1)
def study_woodcut(
    *,
    width: Annotated[Side, Field(description="width of the picture")] = 1024,
    height: Annotated[Side, Field(description="height of the picture")] = 1024,
    scene: Annotated[SceneName, Field(description="what is shown; any: the seed chooses")] = "any",
    palette: Annotated[
        PaletteName, Field(description="the inks: black alone, or with one or two colour blocks")
    ] = "black",
    lines: Annotated[int, Field(ge=40, le=200, description="how many lines are cut along the shorter side")] = 84,
    wear: Annotated[float, Field(ge=0, le=1, description="how worn the block, how loose the register")] = 0.4,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Cut and print an original woodcut: a landscape in lines that swell with the dark.

    A tone block and an accent block add colour where the palette has any.

    Woodcuts were printed on cloth and paper in China by the ninth century and in Europe by about 1400; Hans Burgkmair and
    Lucas Cranach in Germany (about 1508) and Ugo da Carpi in Italy (1516) printed several blocks over each other for
    chiaroscuro. Félix Vallotton in the 1890s and the printmakers of the twentieth century made it the art of few, bold
    shapes. The scenes here are invented.

    Gives sRGB of width × height pixels; the same seed is the same print at every size.
    """
    rng = np.random.default_rng(seed)
    sheet = Sheet(width, height)
    chosen = list(SCENES)[seed % len(SCENES)] if scene == "any" else scene
    draw = SCENES[chosen](rng, sheet)
    press = Press.drawn(rng, sheet, draw, Knife.drawn(rng, lines, sheet.down), PALETTES[palette], wear=wear)
    return Outcome.of(sheet.paint(press.paint, progress), "made from numbers alone: no work was used")
