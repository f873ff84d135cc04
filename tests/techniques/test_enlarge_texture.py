"""Enlarge-texture: forms grow, grain does not."""

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
from palimpsest.media.sourcemap import Slot, rebuild
from palimpsest.techniques.enlarge_texture import enlarge_texture


@cache
def synthesizer() -> PatchSynthesizer:
    return load()


@cache
def grained() -> Raster:
    """A cat with a grain of single pixels."""
    cat = resize_raster(Raster(data.chelsea()), 100, 66)
    grain = np.random.default_rng(0).normal(0, 0.06, (66, 100, 1)).astype(np.float32)
    return Raster.from_floats(cat.rgb() + grain)


def made(work: Raster, seed: int = 0, **parameters: object) -> Made:
    engines = {"patch-synthesizer": synthesizer()}
    return enlarge_texture.run({"work": work}, parameters, engines=engines, seed=seed).made[0]


def grain(raster: Raster) -> float:
    return float(np.abs(np.diff(raster.rgb(), axis=1)).mean())


def coarse(raster: Raster) -> Raster:
    return resize_raster(raster, 25, 16)


def off(first: Raster, second: Raster) -> float:
    return float(np.abs(coarse(first).rgb() - coarse(second).rgb()).mean())


@pytest.mark.parametrize("times", [2.0, 3.0])
def test_forms_grow_and_grain_stays(times: float) -> None:
    result = made(grained(), times=times)
    width, height = round(100 * times), round(66 * times)
    assert (result.raster.width, result.raster.height) == (width, height)
    assert off(result.raster, grained()) < 0.06
    free = made(grained(), times=times, fidelity=0.2).raster
    assert grain(free) > 0.6 * grain(grained())
    assert grain(result.raster) > 1.05 * grain(resize_raster(grained(), width, height))


def test_every_pixel_is_one_of_the_work_at_its_own_size() -> None:
    result = made(grained())
    assert result.sources
    assert result.sources.slots == (Slot("work", 0, 100, 66),)
    assert rebuild(result.sources, {"work": grained()}) == result.raster


def test_fidelity_keeps_to_the_forms() -> None:
    free, true = (made(grained(), fidelity=fidelity).raster for fidelity in (0, 1))
    assert off(true, grained()) < off(free, grained())


def test_refuses_what_would_be_too_large() -> None:
    large = Raster(np.zeros((2000, 2000, 3), np.uint8))
    with pytest.raises(ParameterRefused, match=r"40 megapixels, so up to 3\.16 times"):
        made(large, times=4)
    with pytest.raises(ParameterRefused, match="patch"):
        made(Raster(np.zeros((2, 2, 3), np.uint8)))
