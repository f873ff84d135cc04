from __future__ import annotations

import numpy as np
import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.technique import Technique
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Floats, Raster

NAMES = ("study-girih", "study-seigaiha", "study-weave", "study-azulejo", "study-batik")


@pytest.fixture(params=NAMES)
def study(request: pytest.FixtureRequest) -> Technique:
    return Catalogue().get(request.param)


def _made(study: Technique, width: int, height: int, seed: int = 0, **parameters: object) -> Raster:
    return study.run({}, {"width": width, "height": height, **parameters}, seed=seed).made[0].raster


def _halved(raster: Raster) -> Floats:
    rgb = raster.rgb()
    halved: Floats = rgb.reshape(raster.height // 2, 2, raster.width // 2, 2, 3).mean((1, 3))
    return halved


def test_the_same_seed_makes_the_same_picture(study: Technique) -> None:
    assert _made(study, 64, 80, seed=3) == _made(study, 64, 80, seed=3)


def test_it_takes_no_work_and_says_so(study: Technique) -> None:
    made = study.run({}, {"width": 32, "height": 32}, seed=1).made[0]
    assert not study.roles
    assert not made.shares
    assert "no work" in made.method


@pytest.mark.parametrize("seed", [0, 3])
def test_a_larger_picture_is_the_same_picture(study: Technique, seed: int) -> None:
    small, large = _made(study, 128, 128, seed), _made(study, 256, 256, seed)
    assert np.corrcoef(small.rgb().ravel(), _halved(large).ravel())[0, 1] > 0.8


def test_six_seeds_make_six_pictures(study: Technique) -> None:
    pictures = [_made(study, 48, 48, seed).rgb().ravel() for seed in range(6)]
    likeness = np.corrcoef(pictures) - np.eye(6)
    assert likeness.max() < 0.9


def test_every_palette_differs(study: Technique) -> None:
    palettes = study.schema["properties"]["palette"]["enum"]
    assert len({_made(study, 32, 32, palette=palette).digest for palette in palettes}) == len(palettes)


@pytest.mark.parametrize("size", [(16, 16), (300, 40), (17, 33)])
def test_extreme_sizes_work(study: Technique, size: tuple[int, int]) -> None:
    raster = _made(study, *size, seed=5)
    assert (raster.width, raster.height) == size


@pytest.mark.parametrize("wrong", [{"width": 15}, {"height": 8193}, {"palette": "neon"}, {"unknown": 1}])
def test_it_refuses_what_is_out_of_range(study: Technique, wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterRefused):
        study.run({}, wrong, seed=0)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("study-girih", "tiling"),
        ("study-seigaiha", "layout"),
        ("study-weave", "cloth"),
        ("study-azulejo", "layout"),
        ("study-batik", "layout"),
    ],
)
def test_every_plan_can_be_asked_for(name: str, parameter: str) -> None:
    study = Catalogue().get(name)
    plans = study.schema["properties"][parameter]["enum"]
    assert len({_made(study, 48, 48, seed=2, **{parameter: plan}).digest for plan in plans}) >= len(plans) - 1


def test_a_picture_has_neither_clipped_lights_nor_darks(study: Technique) -> None:
    rgb = _made(study, 96, 96, seed=1).rgb()
    assert (rgb.max(-1) < 0.02).mean() < 0.02
    assert (rgb.min(-1) > 0.995).mean() < 0.05
    assert rgb.std() > 0.08
