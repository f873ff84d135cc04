from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.engines.style_network import MagentaStyleNetwork, load
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.colour import to_oklab
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.techniques.stylize import stylize


@cache
def network() -> MagentaStyleNetwork:
    return load()


@cache
def content(side: int = 160) -> Raster:
    return resize_raster(Raster(data.astronaut()), side, side)


def coffee() -> Raster:
    return resize_raster(Raster(data.coffee()), 150, 100)


def stars() -> Raster:
    """A dark blue ground with bright flecks: as far from coffee as can be."""
    rng = np.random.default_rng(3)
    flecks = (rng.random((100, 100, 1)) > 0.93).astype(np.float32)
    return Raster.from_floats(np.array([0.05, 0.1, 0.4], np.float32) + flecks * np.array([0.9, 0.8, 0.2], np.float32))


def made(work: Raster, *styles: Raster, mask: Raster | None = None, **parameters: object) -> Made:
    inputs: dict[str, Raster | Sequence[Raster]] = {"content": work, "styles": styles}
    if mask:
        inputs["mask"] = mask
    return stylize.run(inputs, parameters, engines={"style-network": network()}).made[0]


def apart(first: Raster, second: Raster) -> float:
    return float(np.abs(first.rgb() - second.rgb()).mean())


def test_a_blend_lies_between_its_styles() -> None:
    one, other = made(content(), coffee()).raster, made(content(), stars()).raster
    blend = made(content(), coffee(), stars(), weights=(0.3, 0.7)).raster
    assert 0.02 < apart(blend, other) < apart(one, other)
    assert 0.02 < apart(blend, one) < apart(one, other)
    assert apart(blend, other) < apart(blend, one)


def test_a_weight_of_nothing_is_no_style() -> None:
    assert made(content(), coffee(), stars(), weights=(2, 0)).raster == made(content(), coffee()).raster


def test_strength_leads_from_the_content_to_the_style() -> None:
    weak, middle, strong = (made(content(), stars(), strength=each) for each in (0, 0.5, 1))
    assert apart(weak.raster, content()) < apart(middle.raster, content()) < apart(strong.raster, content())
    assert weak.shares["styles"][0] < middle.shares["styles"][0] < strong.shares["styles"][0] <= 0.5


def test_colours_become_those_of_the_style_or_stay() -> None:
    style = stars()
    goal, own = style.rgb().mean(axis=(0, 1)), to_oklab(content().rgb())[..., 1:]
    assert np.abs(made(content(), style).raster.rgb().mean(axis=(0, 1)) - goal).max() < 0.06
    kept = to_oklab(made(content(), style, keep_colour=True).raster.rgb())[..., 1:]
    assert np.abs(kept - own).mean() < 0.01


def test_the_mask_limits_style_and_share() -> None:
    half = np.zeros((160, 160, 3), np.uint8)
    half[:, 80:] = 255
    masked, whole = made(content(), stars(), mask=Raster(half)), made(content(), stars())
    assert np.array_equal(masked.raster.pixels[:, :80], content().pixels[:, :80])
    assert np.array_equal(masked.raster.pixels[:, 80:], whole.raster.pixels[:, 80:])
    assert masked.shares["styles"][0] == pytest.approx(whole.shares["styles"][0] / 2, rel=1e-6)


def test_a_mask_of_another_size_is_refused_naming_both() -> None:
    with pytest.raises(RoleRefused, match=r"160×160.*100×100"):
        made(content(), coffee(), mask=stars())


@pytest.mark.parametrize("weights", [(1.0,), (0.0, 0.0), (1.0, -1.0), (1.0, 1.0, 1.0)])
def test_weights_that_do_not_fit_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ParameterRefused, match="weights"):
        made(content(), coffee(), stars(), weights=weights)


def test_a_style_of_one_pixel_and_a_content_of_one() -> None:
    dot = Raster(np.full((1, 1, 3), (200, 30, 30), np.uint8))
    assert made(content(), dot).raster.rgb()[..., 0].mean() > 0.6
    assert made(dot, coffee()).raster.pixels.shape == (1, 1, 3)
    assert made(dot, dot, strength=0).shares["content"][0] == pytest.approx(1, abs=0.5)


def test_depth_and_opacity_stay() -> None:
    rng = np.random.default_rng(1)
    deep = Raster.from_floats(rng.random((40, 50, 3)), rng.random((40, 50)), bits=16)
    result = made(deep, coffee()).raster
    assert result.bits == 16
    assert np.array_equal(result.pixels[..., 3], deep.pixels[..., 3])


def test_detail_sets_how_fine_the_strokes_are() -> None:
    def fineness(raster: Raster) -> float:
        light = raster.rgb().mean(axis=-1)
        return float(np.abs(np.diff(light, axis=0)).mean() / light.std())

    broad, usual, fine = (fineness(made(content(), stars(), detail=each).raster) for each in (0.25, 1, 3))
    assert broad < usual
    assert usual != fine


@pytest.mark.slow
def test_a_large_picture_holds_detail_that_its_canvas_does_not() -> None:
    large = content(1200)
    result = made(large, coffee()).raster.rgb().mean(axis=-1)
    power = np.abs(np.fft.fftshift(np.fft.fft2(result - result.mean()))) ** 2
    y, x = np.indices(power.shape) - 600
    assert power[np.maximum(abs(y), abs(x)) > 512].sum() / power.sum() > 1e-4
