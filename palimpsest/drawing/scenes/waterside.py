"""What a waterside is made of: sky, water that mirrors it, boats, houses, trees and people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from palimpsest.drawing.noise import Noise
from palimpsest.drawing.pigment import along, oklab_ramps
from palimpsest.media.raster import Floats

Mask = NDArray[np.bool_]

SUBJECTS = ("harbour", "poplars", "lighthouse", "riverbank", "bridge", "pines")

HOURS = ("noon", "evening", "morning", "dusk")

PLAN = 384

_LIGHTS = {
    "morning": {
        "sky": "#a9c9e6 #cfdff0 #f7dfe0 #fff0cf", "water": "#6f9fc9 #a4c6e0 #ecd8dd #fdf3da", "land": "#9db36a #c9cf86 #e8d59a",
        "leaf": "#4f8a6a #86b06a #d4cf74 #4f6fa8", "shade": "#55629e #7a6fb0 #5a8aa8", "wall": "#f6dcc0 #eeb59a #c98f9a",
        "sail": "#fff6e2 #f2b98a #d97f66", "sun": "#fffbe0",
    },
    "noon": {
        "sky": "#4f97dc #86bfec #bfe0f0 #f2f1dc", "water": "#1f6fc0 #3fa0cf #8cd0d6 #f4f6e0", "land": "#8fc04a #cfd858 #f2dc7a",
        "leaf": "#2f8050 #6aae3f #c8d648 #2a5a9a", "shade": "#2f4a9a #5a4fa0 #2a7a8a", "wall": "#fdf0d2 #f5c48a #c98a8a",
        "sail": "#fffdf0 #f6a24a #e0563a", "sun": "#fffde0",
    },
    "evening": {
        "sky": "#6f86c9 #c79ac0 #f7b184 #ffe08a", "water": "#4a5fae #9a7fc0 #f29a7a #ffdf94", "land": "#a8a04a #d9a94f #7f7a5a",
        "leaf": "#3f6a5a #7a8f4a #e0a84a #4a4a94", "shade": "#3a3a86 #6a3f8a #8a4a6a", "wall": "#ffd9a0 #f09a6a #a8628a",
        "sail": "#fff0c4 #f58a4a #b83f5a", "sun": "#fff4b8",
    },
    "dusk": {
        "sky": "#2f4a94 #5f6fb8 #b88fc0 #f4b48a", "water": "#24408a #4a62b0 #8f80c0 #f2b894", "land": "#4a6a6a #6f7f6a #94806f",
        "leaf": "#1f4a5f #3f6a5a #7f8a5a #3a3a80", "shade": "#22265f #40307a #1f4a70", "wall": "#d9b4b0 #a87f9a #6a5f94",
        "sail": "#f2d8c0 #d88a7a #7a4a80", "sun": "#ffe9b0",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """The picture to be dissolved into points, small: `lab` (h, w, 3) and the direction of its dabs (h, w)."""

    x: Floats
    y: Floats
    wide: float
    high: float
    lab: Floats
    lean: Floats
    ramps: dict[str, Floats]
    noise: Noise
    rng: np.random.Generator

    def ramp(self, name: str, t: NDArray[np.floating]) -> Floats:
        """Return OKLab colours along a ramp; `t` from 0 to 1."""
        return along(self.ramps[name], t)

    def fill(self, mask: Mask, name: str, t: NDArray[np.floating] | float, lean: float | None = None) -> None:
        """Lay colours of a ramp where the mask is set; `lean` turns the dabs there."""
        self.lab[mask] = self.ramp(name, np.broadcast_to(np.asarray(t, np.float32), mask.shape)[mask])
        if lean is not None:
            self.lean[mask] = lean

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def wavy(self, frequency: float, octaves: int = 2) -> Floats:
        """Return noise (h, w) around 0."""
        return self.noise.with_cells(frequency, octaves).grid(self.x[0], self.y[:, 0])

    def skyline(self, level: float, swing: float, frequency: float) -> Floats:
        """Return a level (1, w), in units of the shorter side, that rises and falls along x."""
        x = self.x[:1]
        return level + swing * self.noise.with_cells(frequency, 3).at(x, np.full_like(x, self.between(0, 90)))


def blank(wide: float, high: float, light: str, rng: np.random.Generator) -> Plan:
    """Return an empty plan, the same at every size of the picture."""
    rows, columns = max(2, round(high * PLAN)), max(2, round(wide * PLAN))
    y, x = np.meshgrid(
        (np.arange(rows, dtype=np.float32) + 0.5) * (high / rows),
        (np.arange(columns, dtype=np.float32) + 0.5) * (wide / columns),
        indexing="ij",
    )
    lab, lean = np.zeros((rows, columns, 3), np.float32), np.zeros((rows, columns), np.float32)
    return Plan(
        x.astype(np.float32),
        y.astype(np.float32),
        wide,
        high,
        lab,
        lean,
        oklab_ramps(_LIGHTS[light]),
        Noise.drawn(rng, octaves=4),
        rng,
    )


def sky(plan: Plan, horizon: float, sun_x: float | None = None) -> None:
    """Sky and its light down to the horizon, with drifts of cloud."""
    y, x = plan.y / horizon, plan.x / plan.wide
    drift = plan.noise.with_cells(3.2, 4).grid(plan.x[0] * 0.6, plan.y[:, 0] * 2.2)
    plan.fill(plan.y < horizon + 0.02, "sky", y * 0.95 + 0.05 * drift, 0.0)
    cloud = np.clip(drift * 0.7 - 0.35, 0, 0.8)[..., None] * (plan.y < horizon)[..., None]
    plan.lab[:] = plan.lab * (1 - cloud) + plan.ramps["sail"][0] * cloud
    if sun_x is not None:
        far = np.hypot(plan.x - sun_x * plan.wide, plan.y - horizon * 0.62)
        glow = (np.exp(-((far / 0.16) ** 2)) * 0.75 + (far < 0.05))[..., None]
        plan.lab[:] = plan.lab * (1 - np.clip(glow, 0, 1)) + plan.ramps["sun"][0] * np.clip(glow, 0, 1)
    plan.lab[..., 0] += 0.02 * np.cos(x * 3)


def water(plan: Plan, horizon: float, sun_x: float | None = None, mirror: float = 0.55) -> None:
    """Water below the horizon: it mirrors what stands above, drawn out, and ripples across."""
    below = plan.y >= horizon
    depth = (plan.y - horizon) / max(plan.high - horizon, 1e-3)
    ripple = plan.noise.with_cells(6, 3).grid(plan.x[0] * 0.5, plan.y[:, 0] * 5)
    rows = (2 * horizon - plan.y - 0.02 * ripple) / plan.high * plan.lab.shape[0]
    columns = (plan.x + 0.012 * ripple) / plan.wide * plan.lab.shape[1]
    base = plan.ramp("water", 0.75 - 0.7 * depth + 0.13 * ripple)
    for channel in range(3):
        image = map_coordinates(plan.lab[:, :, channel], [rows, columns], order=1, mode="nearest")
        base[:, :, channel] += mirror * (image - base[:, :, channel])
    if sun_x is not None:
        track = np.exp(-(((plan.x - sun_x * plan.wide) / (0.035 + 0.11 * depth)) ** 2)) * (ripple > -0.2) * 0.8
        base += track[..., None] * (plan.ramps["sun"][0] - base)
    plan.lab[below] = base[below]
    plan.lean[below] = 0.0


def boat(plan: Plan, cx: float, foot: float, tall: float, ramp: float) -> None:
    """Paint a sailing boat, waterline at `foot`; sizes in shorter sides."""
    x, y = plan.x - cx, foot - plan.y
    plan.fill(
        (y > -0.004) & (y < tall * 0.09) & (np.abs(x - 0.25 * y) < tall * 0.26 + 1.1 * y),
        "shade",
        0.3 + 0.3 * ramp,
        0.0,
    )
    t = y / tall
    belly = 0.42 * tall * np.clip(1.05 - t, 0, 1) ** 0.8
    plan.fill((t > 0.13) & (t < 1) & (x > 0.006) & (x < belly), "sail", ramp + 0.35 * x / tall - 0.1 * t, 1.2)
    jib = 0.3 * tall * np.clip(0.85 - t, 0, 1)
    plan.fill((t > 0.16) & (t < 0.8) & (x < -0.006) & (x > -jib), "sail", ramp + 0.25, -1.2)
    plan.fill((t > 0) & (t < 1.06) & (np.abs(x) < 0.004), "shade", 0.1, 1.57)


def house(plan: Plan, left: float, foot: float, wide: float, tall: float, tone: float) -> None:
    """Paint a house with a roof and windows, lit from the left."""
    x, y = plan.x - left, foot - plan.y
    body = (x > 0) & (x < wide) & (y > 0) & (y < tall)
    plan.fill(body, "wall", tone + 0.35 * (x / wide > 0.62), 1.57)
    roof = (
        (x > -0.01)
        & (x < wide + 0.01)
        & (y >= tall)
        & (y < tall + 0.4 * (wide / 2 + 0.01 - np.abs(x - wide / 2)) + 0.012)
    )
    plan.fill(roof, "sail", 0.75 + 0.25 * (x / wide > 0.6), 0.0)
    windows = body & ((x / 0.026) % 1 > 0.55) & ((y / 0.036) % 1 > 0.5) & (y < tall - 0.012)
    plan.fill(windows, "shade", 0.4 * tone)


def tree(plan: Plan, cx: float, foot: float, half: float, tall: float, *, slim: bool = False) -> None:
    """Paint a tree in full leaf, lit from the left; a slim one is a poplar."""
    x, y = plan.x - cx, foot - plan.y
    plan.fill((np.abs(x) < 0.02 * tall + 0.002) & (y > -0.004) & (y < tall * 0.6), "shade", 0.5, 1.57)
    t = y / tall
    edge = half * (np.sqrt(np.clip(t - 0.1, 0, 1) * np.clip(1.02 - t, 0, 1)) * 2 if slim else 1)
    rough = 0.25 * half * plan.wavy(0.9 / half, 3)
    crown = (
        (np.abs(x) < edge + 0.8 * rough) & (t > 0.12) & (t < 1)
        if slim
        else np.hypot(x / half, (y - tall * 0.64) / (tall * 0.4)) < 1 + 1.1 * rough / half
    )
    light = 0.42 - 0.3 * x / half + 0.22 * (t - 0.5) + 0.16 * plan.wavy(1.8 / half)
    dark = crown & (light < 0.2)
    plan.fill(crown, "leaf", np.clip(light, 0, 0.66), 1.3 if slim else 0.8)
    plan.fill(dark, "leaf", 1.0)


def shadow(plan: Plan, cx: float, cy: float, wide: float, tall: float, strength: float = 0.6) -> None:
    """Lay a soft cast shadow."""
    fall = np.exp(-((((plan.x - cx) / wide) ** 2 + ((plan.y - cy) / tall) ** 2) ** 2)) * strength
    plan.lab[:] = plan.lab + fall[..., None] * (plan.ramp("shade", 0.5 + 0.5 * plan.wavy(4)) - plan.lab)


def meadow(plan: Plan, top: Floats, tone: float = 0.5) -> Mask:
    """Paint grass below a line (1, w) or (h, w); returns where."""
    below = plan.y > top
    plan.fill(below, "land", tone + 0.25 * plan.wavy(3, 3) + 0.5 * (plan.y - top), 1.2)
    return below


def walker(plan: Plan, cx: float, foot: float) -> None:
    """Somebody who takes the air with a parasol."""
    tall = 0.05 + 0.09 * (foot / plan.high - 0.5)
    x, y, tone = (plan.x - cx) / tall, (foot - plan.y) / tall, plan.between(0, 1)
    shadow(plan, cx + 0.5 * tall, foot, 0.6 * tall, 0.09 * tall, 0.9)
    plan.fill((y > 0) & (y < 0.62) & (np.abs(x) < 0.24 - 0.22 * y), "shade", tone, 1.57)
    plan.fill((y >= 0.45) & (y < 0.8) & (np.abs(x) < 0.13), "sail", 0.5 + 0.5 * tone, 1.57)
    plan.fill(np.hypot(x, y - 0.88) < 0.09, "wall", 0.5)
    plan.fill((np.hypot(x - 0.1, (y - 1.0) * 1.7) < 0.36) & (y > 1.0), "sail", 1 - tone, 0.0)


def pine(plan: Plan, cx: float, foot: float, tall: float, lean: float) -> None:
    """Paint an umbrella pine: a leaning trunk and flat cushions of needles."""
    y = foot - plan.y
    bend = cx + lean * (y / tall) ** 2 * tall
    trunk = (np.abs(plan.x - bend) < 0.015 * (1.3 - y / tall)) & (y > 0) & (y < tall * 0.92)
    plan.fill(trunk, "sail", 0.7 + 0.3 * np.clip((plan.x - bend) * 60, -1, 1), 1.57)
    plan.fill(trunk & (plan.x - bend > 0.003), "shade", 0.8)
    for _ in range(5):
        px, py = cx + lean * tall + plan.between(-0.15, 0.15), foot - tall * plan.between(0.74, 1.02)
        rx, ry = plan.between(0.09, 0.17), plan.between(0.032, 0.055)
        far = np.hypot((plan.x - px) / rx, (plan.y - py) / ry) + 0.3 * plan.wavy(10)
        light = 0.4 - 0.4 * (plan.y - py) / ry - 0.12 * (plan.x - px) / rx
        plan.fill(far < 1, "leaf", np.clip(light, 0, 0.66), 0.4)
        plan.fill((far < 1) & (light < 0.15), "leaf", 1.0)
