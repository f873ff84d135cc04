"""The stroke painter: the same pixels at every thread count, inputs untouched, odd shapes refused."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from palimpsest.craft.ports import Strokes
from palimpsest.craft.progress import Progress
from palimpsest.engines.stroke_painter import CARD, BristlePainter, load
from palimpsest.errors import Cancelled, ParameterRefused
from palimpsest.media.raster import Floats

SIDE = 96


@pytest.fixture(scope="module")
def painter() -> BristlePainter:
    return load(threads=1)


def _ground() -> tuple[Floats, Floats]:
    return np.full((SIDE, SIDE, 3), 0.8, np.float32), np.zeros((SIDE, SIDE), np.float32)


def _strokes(count: int = 60, seed: int = 0) -> Strokes:
    rng = np.random.default_rng(seed)
    return Strokes(
        paths=rng.uniform(-10, SIDE + 10, (count, 5, 2)).astype(np.float32),
        widths=rng.uniform(2, 18, count).astype(np.float32),
        colours=rng.uniform(0, 1, (count, 3)).astype(np.float32),
        loads=rng.uniform(0, 1, count).astype(np.float32),
        bristles=rng.integers(0, 2**31, count),
    )


def test_thread_count_does_not_matter(painter: BristlePainter) -> None:
    canvas, height = painter.lay(*_ground(), _strokes(), Progress())
    again, relief = load(threads=3).lay(*_ground(), _strokes(), Progress())
    assert np.array_equal(canvas, again)
    assert np.array_equal(height, relief)


def test_paints_anew_and_leaves_the_inputs(painter: BristlePainter) -> None:
    ground, flat = _ground()
    canvas, height = painter.lay(ground, flat, _strokes(), Progress())
    assert (ground == np.float32(0.8)).all()
    assert not flat.any()
    assert np.isfinite(canvas).all()
    assert height.max() > 0.5
    assert np.abs(canvas - ground).max() > 0.3


def test_later_strokes_lie_over_earlier_ones(painter: BristlePainter) -> None:
    line = np.array([[10, 48], [48, 48], [86, 48]], np.float32)
    both = Strokes(
        paths=np.stack([line, line]),
        widths=np.array([30, 30], np.float32),
        colours=np.array([[1, 0, 0], [0, 0, 1]], np.float32),
        loads=np.ones(2, np.float32),
        bristles=np.array([3, 4]),
    )
    canvas, _ = painter.lay(*_ground(), both, Progress())
    red, _, blue = canvas[48, 30]
    assert blue > red + 0.3


def test_no_strokes_change_nothing(painter: BristlePainter) -> None:
    canvas, height = painter.lay(*_ground(), _strokes(0), Progress())
    assert np.array_equal(canvas, _ground()[0])
    assert not height.any()


@pytest.mark.parametrize(
    "fault",
    [
        {"widths": np.zeros(60, np.float32)},
        {"widths": np.ones(3, np.float32)},
        {"paths": np.full((60, 5, 2), np.nan, np.float32)},
        {"paths": np.zeros((60, 1, 2), np.float32)},
        {"paths": np.zeros((60, 5, 3), np.float32)},
    ],
)
def test_refuses_what_is_no_stroke(painter: BristlePainter, fault: dict[str, np.ndarray]) -> None:
    with pytest.raises(ParameterRefused):
        painter.lay(*_ground(), replace(_strokes(), **fault), Progress())


def test_refuses_a_relief_of_another_size(painter: BristlePainter) -> None:
    with pytest.raises(ParameterRefused):
        painter.lay(_ground()[0], np.zeros((3, 3), np.float32), _strokes(), Progress())


def test_can_be_stopped(painter: BristlePainter) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(Cancelled):
        painter.lay(*_ground(), _strokes(), Progress(_cancelled=stop))


def test_card() -> None:
    assert CARD.port == "stroke-painter"
    assert CARD.weights == ()
