"""Mashup: regions keep their pixels, joints do not show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import PatchSynthesizer
from palimpsest.engines.synthesis import load
from palimpsest.errors import RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.patchwork.layout import PLANS, planned
from palimpsest.techniques.mashup import mashup


@cache
def synthesizer() -> PatchSynthesizer:
    return load()


@cache
def works() -> tuple[Raster, ...]:
    return (
        resize_raster(Raster(data.chelsea()), 144, 96),
        resize_raster(Raster(data.coffee()), 150, 100),
        resize_raster(Raster(data.astronaut()), 128, 128),
    )


def half(width: int = 144, height: int = 96) -> Raster:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, width // 2 :] = 255
    return Raster(pixels)


def made(*given: Raster, masks: Sequence[Raster] | None = None, seed: int = 0, **parameters: object) -> Made:
    inputs = {"works": given} if masks is None else {"works": given, "masks": masks}
    return mashup.run(inputs, parameters, engines={"patch-synthesizer": synthesizer()}, seed=seed).made[0]


def steps(raster: Raster) -> NDArray[np.floating]:
    across: NDArray[np.floating] = np.abs(np.diff(raster.rgb(), axis=1)).mean(axis=(0, 2))
    return across


def test_regions_by_masks_keep_their_own_pixels_away_from_the_joint() -> None:
    first, second = works()[0], resize_raster(works()[1], 144, 96)
    result = made(first, second, masks=[half()], melding=0.3)
    assert (result.raster.pixels[:, :50] == first.pixels[:, :50]).all()
    assert (result.raster.pixels[:, 94:] == second.pixels[:, 94:]).all()
    assert result.sources
    assert rebuild(result.sources, {"works": (first, second)}) == result.raster
    assert result.shares["works"] == pytest.approx([0.5, 0.5], abs=0.1)


def test_the_joint_does_not_show() -> None:
    first, second = works()[0], resize_raster(works()[1], 144, 96)
    cut = np.where(half().pixels > 0, second.pixels, first.pixels)
    result = made(first, second, masks=[half()], melding=0.3).raster
    assert steps(Raster(cut))[71] > 3 * np.median(steps(Raster(cut)))
    assert steps(result)[48:95].max() < 0.75 * steps(Raster(cut))[71]


def test_a_mask_for_each_work_says_the_same() -> None:
    first, second = works()[:2]
    opposite = Raster(255 - half().pixels)
    assert made(first, second, masks=[opposite, half()]).raster == made(first, second, masks=[half()]).raster


@pytest.mark.parametrize("plan", PLANS)
def test_each_plan_shows_every_work(plan: str) -> None:
    result = made(*works(), plan=plan)
    assert (result.raster.width, result.raster.height) == (144, 96)
    assert min(result.shares["works"]) > 0.12
    assert result.sources
    assert rebuild(result.sources, {"works": works()}) == result.raster


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_covers_the_canvas_with_regions_of_about_one_size(plan: str) -> None:
    rng = np.random.default_rng(2)
    pictures = [np.asarray(resize_raster(each, 90, 70).pixels, np.uint8) for each in works()]
    labels = planned(pictures, plan, rng)  # type: ignore[arg-type]
    assert labels.shape == (70, 90)
    assert np.bincount(labels.ravel(), minlength=3).min() > 0.12 * labels.size


def test_a_drawn_plan_is_drawn_by_the_seed() -> None:
    pictures = {made(*works()[:2], seed=seed).raster.digest for seed in range(4)}
    assert len(pictures) == 4


def test_tones_come_nearer_only_when_asked() -> None:
    dark = Raster((works()[1].pixels // 3).astype(np.uint8))
    plain, tuned = (made(works()[0], dark, masks=[half()], tones=tones) for tones in (0, 1))
    apart = [abs(float(each.raster.rgb()[:, :60].mean() - each.raster.rgb()[:, 84:].mean())) for each in (plain, tuned)]
    assert apart[1] < 0.5 * apart[0]
    assert plain.tolerance == 0
    assert tuned.sources
    off = np.abs(rebuild(tuned.sources, {"works": (works()[0], dark)}).pixels.astype(float) - tuned.raster.pixels)
    assert off.mean() <= tuned.tolerance < 60


def test_melding_says_how_much_is_made_anew() -> None:
    first, second = works()[0], resize_raster(works()[1], 144, 96)
    cut = np.where(half().pixels > 0, second.pixels, first.pixels)
    anew = [
        (made(first, second, masks=[half()], melding=melding).raster.pixels != cut).any(axis=2).mean()
        for melding in (0.1, 0.6)
    ]
    assert 0 < anew[0] < 0.8 * anew[1]


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(RoleRefused, match="two works or more"):
        made(works()[0])
    with pytest.raises(RoleRefused, match="for each but the first"):
        made(*works(), masks=[half()])
    with pytest.raises(RoleRefused, match="144×96"):
        made(*works()[:2], masks=[half(20, 30)])
