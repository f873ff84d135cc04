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
from palimpsest.techniques.extend import extend


@cache
def machine() -> PatchMachine:
    return load()


@cache
def coffee() -> Raster:
    return resize_raster(Raster(data.coffee()), 120, 80)


@cache
def meadow() -> Raster:
    """Blue above, green below, both with grain."""
    rng = np.random.default_rng(1)
    rgb = np.empty((80, 100, 3), np.float32)
    rgb[:40], rgb[40:] = (0.4, 0.6, 0.9), (0.2, 0.5, 0.1)
    return Raster.from_floats(rgb + rng.normal(0, 0.04, rgb.shape).astype(np.float32))


def extended(work: Raster, seed: int = 0, **parameters: object) -> Made:
    return extend.run({"work": work}, parameters, engines={"patch-synthesizer": machine()}, seed=seed).made[0]


def test_every_side_grows_by_shares_or_pixels_and_the_work_stays() -> None:
    work = coffee()
    made = extended(work, left="0.25", top="10px", right=0.1, bottom="0")
    assert (made.raster.width, made.raster.height) == (120 + 30 + 12, 80 + 10)
    assert np.array_equal(made.raster.pixels[10:, 30:150], work.pixels)


def test_with_no_side_given_it_goes_on_to_the_left_and_to_the_right() -> None:
    made = extended(coffee()).raster
    assert (made.width, made.height) == (180, 80)
    assert np.array_equal(made.pixels[:, 30:150], coffee().pixels)


def test_the_horizon_goes_on() -> None:
    made = extended(meadow(), left="0.4", right="0.4").raster.rgb()
    assert (made[:36, :, 2] > made[:36, :, 1]).mean() > 0.97
    assert (made[44:, :, 2] < made[44:, :, 1]).mean() > 0.97


def test_sky_goes_on_above_and_ground_below() -> None:
    made = extended(meadow(), top="0.3", bottom="0.3").raster.rgb()
    assert (made[:60, :, 2] > made[:60, :, 1]).mean() > 0.97
    assert (made[70:, :, 2] < made[70:, :, 1]).mean() > 0.97


def test_every_pixel_is_a_copy_of_the_work() -> None:
    made = extended(coffee(), right="0.5")
    assert made.sources is not None
    assert rebuild(made.sources, {"work": coffee()}) == made.raster
    assert made.shares == {"work": [1.0]}


def test_it_does_not_go_on_as_its_mirror_image() -> None:
    made = extended(coffee(), right="0.5").raster.rgb()
    mirrored = coffee().rgb()[:, 60:][:, ::-1]
    other = np.abs(made[:, 120:] - coffee().rgb()[:, :60]).mean()
    assert np.abs(made[:, 120:] - mirrored).mean() > 0.05
    assert other > 0.01, "nor as a plain repetition"


def test_a_rim_is_painted_over_where_it_is_extended() -> None:
    pixels = resize_raster(Raster(data.coffee()), 240, 160).pixels.copy()
    pixels[:, :4] = 0
    pixels[:4] = 0
    work = Raster(pixels)
    made = extended(work, left="0.2").raster
    at = made.width - work.width
    assert made.pixels[20:, at : at + 4].mean() > 20
    assert not made.pixels[:3, at + 10 :].any(), "the upper rim is not touched"
    kept = extended(work, left="0.2", rim=False).raster
    assert np.array_equal(kept.pixels[:, at:], pixels)


def test_depth_and_opacity_are_kept() -> None:
    rng = np.random.default_rng(5)
    pixels = rng.integers(20_000, 40_000, (40, 40, 4)).astype(np.uint16)
    pixels[..., 3] = 65_535
    pixels[:10, :10, 3] = 9
    made = extended(Raster(pixels), right="20px").raster
    assert made.bits == 16
    assert np.array_equal(made.pixels[:, :40], pixels)
    assert (made.pixels[:, 40:, 3] == 65_535).all()


def test_a_length_has_one_spelling() -> None:
    spelled = [extend.resolve({"left": each})["left"] for each in ("0.3", ".30", 0.3, "0.3000")]
    assert set(spelled) == {"0.3"}
    assert extend.resolve({"left": "007px", "top": 1, "right": "0.0"}) == {
        "left": "7px", "top": "1", "right": "0", "bottom": None, "rim": True,
    }  # fmt: skip


@pytest.mark.parametrize("bad", ["", "3", "-0.1", "20%", "0.3px", "px", "0.3\n", "٣px", -1, 2.5, "1e-3"])
def test_what_is_no_length_is_refused(bad: object) -> None:
    with pytest.raises(ParameterRefused, match="a share of the side"):
        extend.resolve({"left": bad})


def test_nothing_too_small_and_too_large_are_refused() -> None:
    with pytest.raises(ParameterRefused, match="nothing"):
        extended(coffee(), left="0", top="0px")
    with pytest.raises(ParameterRefused, match="40 megapixels"):
        extended(coffee(), left="99999px", top="99999px")
    with pytest.raises(RoleRefused, match="extend work"):
        extended(Raster(np.zeros((5, 50, 3), np.uint8)))
