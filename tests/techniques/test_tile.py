"""Tile: the edges meet, and the middle stays."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import PatchSynthesizer
from palimpsest.engines.synthesis import load
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.patchwork.windows import window_in
from palimpsest.techniques.tile import tile


@cache
def synthesizer() -> PatchSynthesizer:
    return load()


@cache
def coffee() -> Raster:
    return resize_raster(Raster(data.coffee()), 150, 100)


def made(work: Raster, seed: int = 0, **parameters: object) -> Made:
    return tile.run({"work": work}, parameters, engines={"patch-synthesizer": synthesizer()}, seed=seed).made[0]


def seam(raster: Raster, axis: int) -> float:
    """How much larger the step over the wrapped edge is than the steps elsewhere, on the mean."""
    pixels = raster.rgb()
    steps = np.abs(pixels - np.roll(pixels, 1, axis)).mean(axis=(1 - axis, 2))
    return float(steps[0] / steps[1:].mean())


@pytest.mark.parametrize("anew", [0.3, 0.6, 1.0])
def test_the_edges_meet(anew: float) -> None:
    result = made(coffee(), anew=anew)
    assert [seam(coffee(), axis) > 2 for axis in (0, 1)] == [True, True]
    assert [seam(result.raster, axis) < 1.7 for axis in (0, 1)] == [True, True]
    assert result.sources
    assert rebuild(result.sources, {"work": coffee()}) == result.raster


def test_the_middle_stays() -> None:
    result = made(coffee(), anew=0.3).raster
    assert (result.width, result.height) == (150, 100)
    assert (result.pixels[16:84, 24:126] == coffee().pixels[16:84, 24:126]).all()


def test_all_of_it_may_be_anew() -> None:
    result = made(coffee(), anew=1.0)
    assert result.sources
    rows, columns = np.mgrid[:100, :150]
    assert ((result.sources.row == rows) & (result.sources.column == columns)).mean() < 0.5


def test_a_tile_may_be_smaller_or_larger_than_the_work() -> None:
    small = made(coffee(), width=64, height=48).raster
    assert (small.width, small.height) == (64, 48)
    assert (small.pixels[10:38, 14:50] == coffee().pixels[36:64, 57:93]).all()
    large = made(coffee(), width=200).raster
    assert (large.width, large.height) == (200, 100)
    assert seam(large, 1) < 1.7


def test_margins_are_left_out() -> None:
    framed = np.full((140, 190, 3), 245, np.uint8)
    framed[20:120, 20:170] = coffee().pixels
    result = made(Raster(framed)).raster
    assert abs(result.width - 150) <= 6
    assert abs(result.height - 100) <= 6
    assert (result.pixels.min(axis=2) > 240).mean() < 0.02


def test_the_window_avoids_what_may_not_be_used() -> None:
    usable = np.ones((30, 40), np.bool_)
    usable[:4], usable[:, 35:] = False, False
    assert window_in(usable) == (slice(4, 30), slice(0, 35))
    assert window_in(usable, 10, 15) == (slice(12, 22), slice(10, 25))


def test_refuses_a_work_smaller_than_a_patch() -> None:
    with pytest.raises(ParameterRefused, match="patch"):
        made(Raster(np.zeros((3, 5, 3), np.uint8)))
