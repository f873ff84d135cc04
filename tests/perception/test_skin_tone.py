"""A tone is a range that holds the truth in any usual light, and a face that says nothing is not read."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.errors import ParameterRefused
from palimpsest.media.colour import hex_to_rgb, to_linear, to_srgb
from palimpsest.media.raster import Raster
from palimpsest.perception.skin_tone import MONK, NotRead, Tone, skin_tone

BOX = (60, 60, 180, 180)
LIGHTS = {"white": (1.0, 1.0, 1.0), "lamp": (1.15, 1.0, 0.75), "shade": (0.8, 1.0, 1.25)}


def portrait(colour: str, light: tuple[float, float, float] = (1, 1, 1), exposure: float = 1.0) -> Raster:
    """A square of one tone on grey with a white wall, lit from one side, with some grain."""
    rng = np.random.default_rng(0)
    picture = np.full((300, 300, 3), 0.5)
    picture[:30] = 0.95
    picture[60:240, 60:240] = hex_to_rgb(colour)
    lit = to_linear(picture) * np.linspace(0.75, 1.1, 300)[None, :, None] * np.array(light) * exposure
    return Raster.from_floats(np.clip(to_srgb(lit) + rng.normal(0, 0.02, picture.shape), 0, 1))


@pytest.mark.parametrize("exposure", [0.6, 1.0])
@pytest.mark.parametrize("light", LIGHTS.values(), ids=LIGHTS)
@pytest.mark.parametrize("number", range(1, 11))
def test_the_range_holds_the_tone_in_any_usual_light(
    number: int, light: tuple[float, float, float], exposure: float
) -> None:
    found = skin_tone(portrait(MONK[number - 1], light, exposure), BOX)
    assert isinstance(found, Tone)
    assert found.lightest <= number <= found.darkest
    assert sum(found.shares) == pytest.approx(1)
    assert sum(found.shares[found.lightest - 1 : found.darkest]) >= 0.9


def test_it_is_the_same_every_time_and_leaves_the_picture_alone() -> None:
    picture = portrait(MONK[5])
    before = picture.digest
    assert skin_tone(picture, BOX) == skin_tone(picture, BOX)
    assert Raster(picture.pixels.copy()).digest == before


def test_sixteen_bits_say_the_same() -> None:
    picture = portrait(MONK[6])
    deep = Raster(picture.pixels.astype(np.uint16) * 257)
    assert skin_tone(deep, BOX) == skin_tone(picture, BOX)


@pytest.mark.parametrize("colour", ["#808080", "#20c040", "#2030ff"])
def test_grey_and_green_faces_are_not_read(colour: str) -> None:
    assert isinstance(skin_tone(portrait(colour), BOX), NotRead)


def test_small_faces_and_those_beyond_the_edge_are_not_read() -> None:
    picture = portrait(MONK[4])
    assert isinstance(skin_tone(picture, (60, 60, 20, 20)), NotRead)
    assert isinstance(skin_tone(picture, (-170, -170, 180, 180)), NotRead)


@pytest.mark.parametrize("box", [(300, 0, 50, 50), (0, 900, 50, 50), (-50, 0, 50, 50)])
def test_a_box_outside_the_picture_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ParameterRefused):
        skin_tone(portrait(MONK[4]), box)


@pytest.mark.parametrize("fill", [0, 255])
def test_black_and_white_pictures_are_no_trouble(fill: int) -> None:
    assert isinstance(skin_tone(Raster(np.full((64, 64, 3), fill, np.uint8)), (0, 0, 64, 64)), NotRead)
