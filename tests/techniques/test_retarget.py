from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.engines.synthesis import PatchMachine, load
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.techniques.retarget import retarget


@cache
def machine() -> PatchMachine:
    return load()


@cache
def disc_in_a_field() -> Raster:
    """A red disc 40 pixels wide on a grained green ground."""
    rng = np.random.default_rng(1)
    rgb = np.full((80, 140, 3), (0.2, 0.5, 0.3), np.float32)
    y, x = np.mgrid[:80, :140]
    rgb[(y - 40) ** 2 + (x - 60) ** 2 < 400] = (0.9, 0.1, 0.1)
    return Raster.from_floats(rgb + rng.normal(0, 0.02, rgb.shape).astype(np.float32))


def retargeted(work: Raster, mask: Raster | None = None, seed: int = 0, **parameters: object) -> Made:
    inputs = {"work": work} if mask is None else {"work": work, "mask": mask}
    return retarget.run(inputs, parameters, engines={"patch-synthesizer": machine()}, seed=seed).made[0]


def extent(made: Raster) -> tuple[int, int]:
    """Return width and height of what is red."""
    red = made.rgb()[..., 0] > 0.6
    return int(red.any(axis=0).sum()), int(red.any(axis=1).sum())


@pytest.mark.parametrize("width", [84, 210])
def test_what_matters_is_not_stretched(width: int) -> None:
    made = retargeted(disc_in_a_field(), width=width, whole=0).raster
    assert (made.width, made.height) == (width, 80)
    across, down = extent(made)
    assert across == pytest.approx(39, abs=5)
    assert down == pytest.approx(39, abs=5)


def test_the_whole_is_made_smaller_rather_than_cut_where_asked() -> None:
    across, down = extent(retargeted(disc_in_a_field(), width=84, whole=1).raster)
    assert across == pytest.approx(24, abs=3)
    assert down == pytest.approx(24, abs=6)


def test_both_sides_shrink_evenly_first() -> None:
    made = retargeted(disc_in_a_field(), width=70, height=40).raster
    across, down = extent(made)
    assert across == pytest.approx(20, abs=3)
    assert down == pytest.approx(20, abs=3)


def test_height_alone_keeps_the_width() -> None:
    made = retargeted(disc_in_a_field(), height=56).raster
    assert (made.width, made.height) == (140, 56)


def test_every_pixel_is_a_copy_of_the_work() -> None:
    work = resize_raster(Raster(data.coffee()), 120, 80)
    made = retargeted(work, width=90)
    assert made.sources is not None
    assert rebuild(made.sources, {"work": work}) == made.raster
    assert made.shares == {"work": [1.0]}


def test_what_the_mask_holds_gives_way_last() -> None:
    work = resize_raster(Raster(data.coffee()), 150, 100)
    white = np.zeros((100, 150, 3), np.uint8)
    white[:, :60] = 255
    made = retargeted(work, Raster(white), width=100)
    assert made.sources is not None
    held = len(np.unique(made.sources.column[made.sources.column < 60]))
    assert held == 60
    assert made.shares == {"work": [1.0], "mask": [0.0]}


def test_depth_and_alpha_are_kept() -> None:
    rng = np.random.default_rng(5)
    pixels = rng.integers(40_000, 65_535, (40, 60, 4)).astype(np.uint16)
    made = retargeted(Raster(pixels), width=40).raster
    assert made.bits == 16
    assert made.has_alpha


def test_what_cannot_be_is_refused() -> None:
    work = disc_in_a_field()
    with pytest.raises(ParameterRefused, match="a width or a height"):
        retargeted(work)
    with pytest.raises(ParameterRefused, match="40 megapixels"):
        retargeted(work, width=20_000, height=20_000)
    with pytest.raises(ParameterRefused, match="equal to 7"):
        retargeted(work, width=3)
    with pytest.raises(RoleRefused, match="retarget work"):
        retargeted(Raster(np.zeros((5, 50, 3), np.uint8)), width=20)
    with pytest.raises(RoleRefused, match="retarget mask"):
        retargeted(work, Raster(np.zeros((5, 50, 3), np.uint8)), width=100)
