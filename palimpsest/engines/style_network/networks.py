"""The two networks as onnxruntime sessions, cut into the stages of the painter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from palimpsest.engines.style_network import layers
from palimpsest.engines.style_network.graph import float_model, stretch
from palimpsest.engines.style_network.layers import BLOCKS, EXPANSIONS
from palimpsest.engines.style_network.painter import COLOUR, CONTRACT
from palimpsest.engines.style_network.shortcut import shortened
from palimpsest.engines.style_network.stages import Affine, Stage
from palimpsest.media.raster import Floats

ort.disable_telemetry_events()  # where a host program had started it before `palimpsest` could forbid it

GPU_PROVIDERS = (
    "CUDAExecutionProvider",
    "ROCMExecutionProvider",
    "MIGraphXExecutionProvider",
    "DmlExecutionProvider",
    "CoreMLExecutionProvider",
)
"""Taken when onnxruntime was built with them, in this order."""

Sessions = Callable[[bytes], Any]


def sessions(threads: int, *, in_turn: bool) -> Sessions:
    """Return what opens a serialized network; `threads` 0 takes all there are.

    With `in_turn` the sessions are many, small and run one after the other, so each keeps no memory and lets go of the processor.
    """
    available = ort.get_available_providers()
    providers = [each for each in GPU_PROVIDERS if each in available] + ["CPUExecutionProvider"]
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    if in_turn:
        options.enable_cpu_mem_arena = False  # it would keep the largest tile of every session for ever
        options.enable_mem_pattern = False
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # waiting threads would take the processor
    return lambda network: ort.InferenceSession(network, options, providers=providers)


def describer(file: Path, opened: Sessions) -> Callable[[Floats], Floats]:
    """Return the network that turns a picture (1, 256, 256, 3) into a style vector (100,)."""
    session = opened(float_model(file).SerializeToString())
    (source,) = session.get_inputs()
    return lambda picture: np.asarray(session.run(None, {source.name: picture})[0], np.float32).ravel()


class Painting:
    """The painting network: its stages, and what a style vector asks of each layer."""

    def __init__(self, file: Path, opened: Sessions, whole: Sessions) -> None:
        model = shortened(float_model(file))
        self._model = model
        self._opened = opened
        normalized = tuple(f"{block}/conv{step}" for block in BLOCKS for step in (1, 2)) + EXPANSIONS
        self._normalized = normalized
        wanted = [name for layer in normalized for name in layers.style_affine(layer)]
        self._styling = opened(stretch(model, [layers.STYLE], wanted))
        self.stages: Mapping[str, Stage] = dict(self._cut())
        self._whole = whole(model.SerializeToString())

    def affines(self, style: Floats) -> Mapping[str, Affine]:
        """Return each normalized layer's factor and summand for a style vector (100,)."""
        made = self._styling.run(None, {layers.STYLE: style.reshape(1, 1, 1, 100)})
        return {layer: (made[2 * i], made[2 * i + 1]) for i, layer in enumerate(self._normalized)}

    def in_one_piece(self, content: Floats, style: Floats) -> Floats:
        """Paint a content (height, width, 3) in one run; for pictures whose every layer fits into memory."""
        (painted,) = _run(self._whole, {layers.CONTENT: content[None], layers.STYLE: style.reshape(1, 1, 1, 100)})
        return np.asarray(painted, np.float32)

    def _cut(self) -> Iterator[tuple[str, Stage]]:
        yield CONTRACT, Stage(self._contract(), channels=32, halo=8, shrink=4, cost=0.17, down=4)
        carried = layers.FEATURES
        for block in BLOCKS:
            first, second = f"{block}/conv1", f"{block}/conv2"
            yield first, Stage(self._maps([carried], first), channels=32, halo=1, shrink=4, cost=0.03)
            yield second, Stage(self._maps(_normalized(first), second), channels=32, halo=1, shrink=4, cost=0.03)
            carried = layers.carried(block)
        wide, wider, last = EXPANSIONS
        yield wide, Stage(self._maps([carried], wide), channels=16, halo=1, shrink=2, cost=0.06, up=2)
        yield wider, Stage(self._maps(_normalized(wide), wider), channels=8, halo=1, shrink=1, cost=0.16, up=2)
        yield last, Stage(self._maps(_normalized(wider), last), channels=3, halo=4, shrink=1, cost=0.29)
        yield COLOUR, Stage(self._colour(_normalized(last)), channels=3, halo=0, shrink=1, cost=0.02)

    def _maps(self, inputs: Sequence[str], layer: str) -> Callable[..., Floats]:
        session = self._opened(stretch(self._model, inputs, [layers.raw(layer)]))
        return lambda *given: _run(session, dict(zip(inputs, given, strict=True)))

    def _contract(self) -> Callable[..., Floats]:
        session = self._opened(stretch(self._model, [layers.CONTENT], [layers.FEATURES]))
        return lambda content: _run(session, {layers.CONTENT: content.transpose(0, 2, 3, 1)})

    def _colour(self, inputs: Sequence[str]) -> Callable[..., Floats]:
        session = self._opened(stretch(self._model, inputs, [layers.PAINTED]))
        return lambda *given: _run(session, dict(zip(inputs, given, strict=True))).transpose(0, 3, 1, 2)


def _normalized(layer: str) -> list[str]:
    return [layers.raw(layer), *layers.normalization(layer)]


def _run(session: Any, feed: Mapping[str, Floats]) -> Floats:  # noqa: ANN401 - onnxruntime has no types
    made: Floats = session.run(None, {name: np.ascontiguousarray(value) for name, value in feed.items()})[0]
    return made
