"""Changing the size: exact where nothing changes, smooth where it does, and no colour bleeds from what is transparent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize, resize_raster
from tests.media.makers import drawing, random_raster

sides = st.integers(1, 24)


@given(st.integers(0, 2**32), sides, sides, st.sampled_from([(3, 8), (4, 8), (3, 16), (4, 16)]))
def test_the_same_size_keeps_every_pixel(seed: int, width: int, height: int, kind: tuple[int, int]) -> None:
    raster = random_raster(np.random.default_rng(seed), width, height, *kind)
    assert resize_raster(raster, width, height) == raster
    values = raster.rgb()
    same = resize(values, width, height)
    assert np.array_equal(same, values)
    assert same is not values


@given(st.integers(0, 2**32), st.tuples(sides, sides), st.tuples(sides, sides), st.sampled_from([8, 16]))
def test_one_colour_stays_one_colour(seed: int, size: tuple[int, int], wanted: tuple[int, int], bits: int) -> None:
    one: NDArray[Any] = random_raster(np.random.default_rng(seed), 1, 1, 3, bits).pixels
    resized = resize_raster(Raster(np.tile(one, (size[1], size[0], 1))), *wanted)
    assert (resized.width, resized.height, resized.bits) == (*wanted, bits)
    assert (resized.pixels == one).all()


@given(st.integers(0, 2**32), st.tuples(sides, sides), st.tuples(sides, sides))
def test_channels_are_resampled_each_by_itself(seed: int, size: tuple[int, int], wanted: tuple[int, int]) -> None:
    values = np.random.default_rng(seed).random((size[1], size[0], 3)).astype(np.float32)
    whole = resize(values, *wanted)
    assert whole.dtype == np.float32
    for channel in range(3):
        assert np.array_equal(whole[:, :, channel], resize(values[:, :, channel], *wanted))


def test_fine_lines_turn_grey_instead_of_to_moire() -> None:
    lines = np.zeros((256, 256), np.float32)
    lines[:, ::2] = 1
    assert np.abs(resize(lines, 100, 100)[:, 3:-3] - 0.5).max() < 0.02


def test_enlarging_and_shrinking_gives_the_picture_back() -> None:
    raster = Raster(drawing())
    back = resize_raster(resize_raster(raster, 48 * 4, 32 * 4), 48, 32)
    assert np.abs(back.pixels.astype(int) - raster.pixels).max() <= 3


def test_transparent_pixels_lend_no_colour() -> None:
    pixels = np.zeros((32, 32, 4), np.uint8)
    pixels[:, :16] = (255, 255, 255, 255)
    pixels[:, 16:] = (0, 255, 0, 0)
    resized = resize_raster(Raster(pixels), 13, 13).pixels
    seen = resized[:, :, 3] > 8
    assert (resized[seen][:, :3] > 250).all()


def test_sixteen_bits_are_not_rounded_to_eight() -> None:
    ramp = np.broadcast_to(np.linspace(1000, 1200, 64).astype(np.uint16)[None, :, None], (4, 64, 3))
    assert len(np.unique(resize_raster(Raster(ramp), 128, 8).pixels)) > 60


def test_the_input_is_not_written_to() -> None:
    values = np.random.default_rng(0).random((9, 7, 3)).astype(np.float32)
    values.flags.writeable = False
    resize(values, 5, 4)[:] = 0
    resize(values, 7, 9)[:] = 0


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, -1)])
def test_a_size_of_nothing_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ParameterRefused, match="at least 1×1"):
        resize(np.zeros((4, 4), np.float32), *size)
    with pytest.raises(ParameterRefused, match="at least 1×1"):
        resize_raster(Raster(drawing()), *size)
