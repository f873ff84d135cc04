from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.engines.synthesis import PatchMachine, load
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.techniques.vary import vary


@cache
def engine() -> PatchMachine:
    return load()


def work(name: str = "astronaut", width: int = 128, height: int = 112) -> Raster:
    return resize_raster(Raster(getattr(data, name)()), width, height)


def varied(*works: Raster, seed: int = 0, **parameters: object) -> tuple[Made, ...]:
    return vary.run({"works": works}, parameters, engines={"patch-synthesizer": engine()}, seed=seed).made


def unmoved(made: Made) -> float:
    """The share of pixels that stand where they stood in the first work."""
    sources = made.sources
    assert sources is not None
    own = np.array([slot.index == 0 and not slot.mirrored for slot in sources.slots])[sources.slot]
    rows, columns = np.indices(sources.slot.shape)
    still = own & (abs(sources.row - rows) <= 2) & (abs(sources.column - columns) <= 2)
    return float(still.mean())


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
def test_a_variation_is_no_copy(name: str) -> None:
    assert unmoved(varied(work(name))[0]) < 0.4


def test_variations_differ_from_each_other() -> None:
    one, two, three = (made.raster.rgb() for made in varied(work(), count=3))
    for first, second in ((one, two), (two, three), (one, three)):
        assert np.abs(first - second).mean() > 0.05


def test_every_pixel_is_copied_from_a_work() -> None:
    works = (work(), work("coffee"))
    made = varied(*works)[0]
    assert made.sources is not None
    assert made.raster == rebuild(made.sources, {"works": works})
    assert made.shares == made.sources.shares({"works": 2})


def test_several_works_all_take_part() -> None:
    first, second = work("astronaut"), resize_raster(work("astronaut"), 200, 150)
    assert min(varied(first, second, novelty=1.0)[0].shares["works"]) > 0.02


def test_depth_and_transparency_are_those_of_the_works() -> None:
    deep = Raster(work().pixels.astype(np.uint16) * np.uint16(257))
    assert varied(deep)[0].raster.bits == 16
    half = np.full((112, 128, 4), 255, np.uint8)
    half[..., :3] = work().pixels
    half[:, 64:, 3] = 0
    made = varied(Raster(half))[0].raster
    assert made.has_alpha
    assert made.pixels[..., 3].min() == 255


def test_without_mirror_nothing_is_mirrored() -> None:
    sources = varied(work(), mirror=False)[0].sources
    assert sources is not None
    assert not any(slot.mirrored for slot in sources.slots)


def test_a_frame_is_left_out() -> None:
    framed = np.full((150, 160, 3), 20, np.uint8)
    framed[20:-20, 16:-16] = work("coffee", 128, 110).pixels
    sources = varied(Raster(framed), mirror=False)[0].sources
    assert sources is not None
    inside = (sources.row >= 18) & (sources.row < 132) & (sources.column >= 14) & (sources.column < 146)
    assert inside.mean() > 0.99


def test_a_work_smaller_than_a_patch_is_refused() -> None:
    with pytest.raises(ParameterRefused, match="patch"):
        varied(work(width=5, height=40))
