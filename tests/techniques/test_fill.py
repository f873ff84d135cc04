from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.engines.synthesis import PatchMachine, load
from palimpsest.errors import RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.techniques.fill import fill


@cache
def machine() -> PatchMachine:
    return load()


@cache
def meadow(height: int = 96, width: int = 128) -> Raster:
    """Blue above, green below, both with grain."""
    rng = np.random.default_rng(1)
    rgb = np.empty((height, width, 3), np.float32)
    rgb[: height // 2], rgb[height // 2 :] = (0.4, 0.6, 0.9), (0.2, 0.5, 0.1)
    return Raster.from_floats(rgb + rng.normal(0, 0.04, rgb.shape).astype(np.float32))


def with_a_thing(work: Raster, hole: np.ndarray) -> Raster:
    pixels = work.pixels.copy()
    pixels[hole] = (255, 0, 0)
    return Raster(pixels)


def disc(work: Raster, radius: int = 16) -> np.ndarray:
    y, x = np.mgrid[: work.height, : work.width]
    inside: np.ndarray = (y - work.height // 2) ** 2 + (x - work.width // 2) ** 2 < radius**2
    return inside


def mask(hole: np.ndarray) -> Raster:
    return Raster(np.repeat(hole[..., None], 3, axis=2).astype(np.uint8) * np.uint8(255))


def filled(work: Raster, hole: Raster, others: Sequence[Raster] = (), seed: int = 0, **parameters: object) -> Made:
    inputs: dict[str, Raster | Sequence[Raster]] = {"work": work, "mask": hole}
    if others:
        inputs["others"] = others
    return fill.run(inputs, parameters, engines={"patch-synthesizer": machine()}, seed=seed).made[0]


def test_a_thing_goes_and_the_horizon_goes_on() -> None:
    hole = disc(meadow())
    made = filled(with_a_thing(meadow(), hole), mask(hole)).raster.rgb()
    half = meadow().height // 2
    above, below = made[:half][hole[:half]], made[half:][hole[half:]]
    assert (above[:, 2] > above[:, 1]).mean() > 0.9, "sky above"
    assert (below[:, 2] < below[:, 1]).mean() > 0.9, "grass below"
    assert made[hole][:, 0].max() < 0.7, "nothing of the thing is left"


def test_everything_outside_the_mask_is_kept_to_the_pixel() -> None:
    work = resize_raster(Raster(data.coffee()), 150, 100)
    hole = disc(work)
    made = filled(work, mask(hole))
    assert np.array_equal(made.raster.pixels[~hole], work.pixels[~hole])
    sources = made.sources
    assert sources is not None
    rows, columns = np.nonzero(~hole)
    assert np.array_equal(sources.row[~hole], rows)
    assert np.array_equal(sources.column[~hole], columns)


def test_what_is_filled_is_a_pure_copy_of_known_pixels() -> None:
    hole = disc(meadow())
    work = with_a_thing(meadow(), hole)
    made = filled(work, mask(hole))
    assert made.sources is not None
    assert rebuild(made.sources, {"work": work}) == made.raster
    assert not hole[made.sources.row[hole], made.sources.column[hole]].any()
    assert made.shares["work"] == [1.0]


def test_depth_and_opacity_are_kept() -> None:
    rng = np.random.default_rng(5)
    pixels = rng.integers(20_000, 40_000, (64, 64, 4)).astype(np.uint16)
    pixels[..., 3] = 65_535
    pixels[:20, :20, 3] = rng.integers(0, 60_000, (20, 20))
    work = Raster(pixels)
    hole = disc(work, 8)
    made = filled(work, mask(hole)).raster
    assert made.bits == 16
    assert np.array_equal(made.pixels[~hole], pixels[~hole])
    assert made.pixels[hole][:, 3].min() > 32_767, "nothing that is more clear than opaque is copied"


def test_a_scratch_heals() -> None:
    work = resize_raster(Raster(data.chelsea()), 160, 106)
    hole = np.zeros((work.height, work.width), np.bool_)
    hole[40:44] = True
    scratched = with_a_thing(work, hole)
    made = filled(scratched, mask(hole)).raster.rgb()
    assert np.abs(made - work.rgb())[hole].mean() < 0.2 * np.abs(scratched.rgb() - work.rgb())[hole].mean()


def test_others_lend_what_the_work_does_not_have() -> None:
    work = Raster(np.full((64, 64, 3), 128, np.uint8))
    hole = np.zeros((64, 64), np.bool_)
    hole[:, 3:61] = True  # no whole patch of the work itself is left
    other = meadow()
    with pytest.raises(RoleRefused, match="fill work"):
        filled(work, mask(hole))
    made = filled(work, mask(hole), others=[other])
    assert made.shares["others"][0] == pytest.approx(hole.mean())
    assert made.shares["work"][0] == pytest.approx(1 - hole.mean())


def test_a_large_work_is_filled_in_parts() -> None:
    rng = np.random.default_rng(2)
    work = Raster(rng.integers(90, 120, (2000, 1700, 3)).astype(np.uint8))
    hole = np.zeros((2000, 1700), np.bool_)
    hole[30:40, 30:60] = hole[1950:1960, 1600:1680] = True
    made = filled(with_a_thing(work, hole), mask(hole))
    assert made.raster.pixels[..., 0].max() < 120
    assert np.array_equal(made.raster.pixels[~hole], work.pixels[~hole])


def test_another_seed_is_another_try() -> None:
    work = resize_raster(Raster(data.coffee()), 150, 100)
    hole = mask(disc(work, 30))
    assert filled(work, hole, seed=1).raster != filled(work, hole, seed=2).raster


def test_masks_that_do_not_fit_are_refused() -> None:
    work = meadow()
    size = (work.height, work.width)
    for bad, told in (
        (np.ones((5, 5), np.bool_), "128×96"),
        (np.zeros(size, np.bool_), "no white"),
        (np.ones(size, np.bool_), "no black"),
    ):
        with pytest.raises(RoleRefused, match=told):
            filled(work, mask(bad))


def test_half_white_is_the_edge_of_a_soft_mask() -> None:
    work = meadow()
    soft = np.zeros((work.height, work.width, 3), np.uint8)
    soft[40:60, 40:60], soft[40:60, 60:70] = 200, 100
    made = filled(work, Raster(soft)).raster
    assert np.array_equal(made.pixels[:, 60:], work.pixels[:, 60:])
    assert not np.array_equal(made.pixels[40:60, 40:60], work.pixels[40:60, 40:60])
