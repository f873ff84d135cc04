"""The everyday edits: crop, resize, adjust, blend."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media import colour
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Raster
from palimpsest.techniques.adjust import adjust
from palimpsest.techniques.blend import Mode, blend
from palimpsest.techniques.crop import crop
from palimpsest.techniques.resize import resize
from tests.laws.table import picture

Given = Mapping[str, object]


def plain(rgb: tuple[float, float, float], width: int = 4, height: int = 3, alpha: float | None = None) -> Raster:
    colours = np.broadcast_to(np.array(rgb, np.float32), (height, width, 3))
    return Raster.from_floats(colours, None if alpha is None else np.full((height, width), alpha, np.float32), 16)


def only(technique: Any, inputs: Mapping[str, Raster], **parameters: object) -> Raster:  # noqa: ANN401 - a Technique
    made: Raster = technique.run(inputs, parameters).made[0].raster
    return made


class TestCrop:
    def test_keeps_the_pixels_that_remain(self) -> None:
        work = picture(40, 20, alpha=True)
        assert np.array_equal(only(crop, {"work": work}, left=0.25, bottom=0.5).pixels, work.pixels[:10, 10:])

    def test_may_leave_one_pixel(self) -> None:
        assert only(crop, {"work": picture(5, 5)}, left=0.4, right=0.4, top=0.4, bottom=0.4).width == 1

    @pytest.mark.parametrize("given", [{"left": 0.5, "right": 0.5}, {"top": 0.8, "bottom": 0.8}])
    def test_refuses_to_leave_nothing(self, given: Given) -> None:
        with pytest.raises(ParameterRefused, match="at least one pixel"):
            crop.run({"work": picture(10, 10)}, given)


class TestResize:
    @pytest.mark.parametrize(
        ("given", "size"),
        [
            ({"width": 20}, (20, 10)),
            ({"height": 40}, (80, 40)),
            ({"width": 7, "height": 9}, (7, 9)),
            ({"scale": 0.5}, (20, 10)),
            ({"scale": 0.001}, (1, 1)),
            ({"width": 1}, (1, 1)),
        ],
    )
    def test_makes_the_size_that_was_asked_for(self, given: Given, size: tuple[int, int]) -> None:
        for kind in ("lanczos", "nearest"):
            made = only(resize, {"work": picture(40, 20, alpha=True, bits=16)}, filter=kind, **given)
            assert ((made.width, made.height), made.bits, made.has_alpha) == (size, 16, True)

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"scale": 2, "width": 10},
            {"scale": 2, "height": 10},
            {"width": 20_000, "height": 20_000},
            {"width": 100_000},
            {"filter": "nearest"},
        ],
    )
    def test_refuses_nothing_contradictions_and_too_much(self, given: Given) -> None:
        with pytest.raises(ParameterRefused, match="resize"):
            resize.run({"work": picture(40, 20)}, given)

    def test_nearest_makes_whole_squares(self) -> None:
        work = picture(5, 4)
        made = only(resize, {"work": work}, scale=3, filter="nearest")
        assert np.array_equal(made.pixels, work.pixels.repeat(3, axis=0).repeat(3, axis=1))

    def test_the_same_size_is_the_same_picture(self) -> None:
        assert only(resize, {"work": picture(9, 7)}, scale=1) == picture(9, 7)

    def test_transparent_pixels_lend_no_colour(self) -> None:
        pixels = np.zeros((8, 8, 4), np.uint8)
        pixels[:, :4] = (255, 0, 0, 255)
        pixels[:, 4:] = (0, 255, 0, 0)
        made = only(resize, {"work": Raster(pixels)}, width=5).pixels
        assert (made[made[..., 3] > 8][:, 1] == 0).all()


class TestAdjust:
    @pytest.mark.parametrize("bits", [8, 16])
    def test_at_rest_the_pixels_come_back_exactly(self, bits: int) -> None:
        work = picture(33, 21, alpha=True, bits=bits)
        assert only(adjust, {"work": work}) == work

    @pytest.mark.parametrize("bits", [8, 16])
    def test_a_hair_from_rest_is_a_hair_from_the_work(self, bits: int) -> None:
        work = picture(33, 21, bits=bits)
        for name in ("contrast", "highlights", "shadows", "temperature", "tint", "saturation", "vibrance", "hue"):
            near = only(adjust, {"work": work}, **{name: 1e-6})
            assert np.abs(near.pixels.astype(int) - work.pixels).max() <= 1, name

    def test_exposure_is_in_stops_of_light(self) -> None:
        work = plain((0.2, 0.3, 0.1))
        brighter = only(adjust, {"work": work}, exposure=1.0)
        assert np.allclose(colour.to_linear(brighter.rgb()), 2 * colour.to_linear(work.rgb()), atol=1e-4)
        darker = only(adjust, {"work": plain((0.9, 0.8, 0.7))}, exposure=-2.0)
        assert np.allclose(colour.to_linear(darker.rgb()) * 4, colour.to_linear(np.array([0.9, 0.8, 0.7])), atol=1e-3)

    def test_light_rises_without_a_break(self) -> None:
        ramp = np.repeat(np.linspace(0, 1, 2048, dtype=np.float32)[None, :, None], 3, axis=2)
        work = Raster.from_floats(ramp, bits=16)
        for given in (
            {"exposure": 5},
            {"contrast": 1},
            {"contrast": -1},
            {"highlights": 1},
            {"highlights": -1},
            {"shadows": 1},
            {"shadows": -1},
            {"shadows": 1, "highlights": -1, "contrast": 0.5},
        ):
            grey = only(adjust, {"work": work}, **given).pixels[0, :, 0].astype(int)
            assert (np.diff(grey) >= -1).all(), given
            assert grey[0] == 0, f"{given}: black stays black"

    def test_greys_stay_grey(self) -> None:
        work = plain((0.5, 0.5, 0.5))
        for given in ({"exposure": 2}, {"contrast": 1}, {"saturation": 1}, {"vibrance": 1}, {"hue": 90}):
            made = only(adjust, {"work": work}, **given).pixels.astype(int)
            assert np.ptp(made, axis=2).max() <= 8, given  # of 65535

    @pytest.mark.parametrize("given", [{"saturation": -1}, {"black_and_white": "red-filter"}])
    def test_no_colour_is_no_colour(self, given: Given) -> None:
        assert np.ptp(only(adjust, {"work": picture(32, 32)}, **given).pixels, axis=2).max() == 0

    def test_warm_light_is_warmer_and_magenta_light_has_less_green(self) -> None:
        work = plain((0.5, 0.5, 0.5))
        red, _, blue = only(adjust, {"work": work}, temperature=0.5).rgb()[0, 0]
        assert red > 0.5 > blue
        red, green, blue = only(adjust, {"work": work}, tint=0.5).rgb()[0, 0]
        assert green < 0.5 < min(red, blue)

    def test_saturation_keeps_hue_and_lightness(self) -> None:
        work = picture(32, 32)
        before = colour.to_oklab(work.rgb())
        after = colour.to_oklab(only(adjust, {"work": work}, saturation=1.0).rgb())
        turned = np.arctan2(after[..., 2], after[..., 1]) - np.arctan2(before[..., 2], before[..., 1])
        coloured = np.hypot(before[..., 1], before[..., 2]) > 0.05
        assert np.abs(np.sin(turned / 2))[coloured].max() < 0.05
        assert np.abs(after[..., 0] - before[..., 0]).max() < 0.02
        assert np.hypot(after[..., 1], after[..., 2]).mean() > 1.1 * np.hypot(before[..., 1], before[..., 2]).mean()

    def test_a_full_turn_of_hue_undone_comes_home(self) -> None:
        work = plain((0.5, 0.45, 0.4))
        there = only(adjust, {"work": work}, hue=60.0)
        assert np.abs(only(adjust, {"work": there}, hue=-60.0).rgb() - work.rgb()).max() < 1e-3

    def test_blur_keeps_the_light_and_takes_the_edges(self) -> None:
        for share in (0.02, 0.1):
            work = picture(96, 64)
            soft = only(adjust, {"work": work}, blur=share)
            before, after = colour.to_linear(work.rgb()), colour.to_linear(soft.rgb())
            assert abs(before.mean() - after.mean()) < 0.02
            assert np.abs(np.diff(after, axis=1)).mean() < 0.6 * np.abs(np.diff(before, axis=1)).mean()

    def test_sharpening_adds_contrast_at_edges_only(self) -> None:
        assert only(adjust, {"work": plain((0.3, 0.5, 0.7))}, sharpen=2.0) == plain((0.3, 0.5, 0.7))
        work = picture(48, 48)
        sharp = only(adjust, {"work": work}, sharpen=1.0)
        assert np.abs(np.diff(sharp.rgb(), axis=1)).mean() > 1.1 * np.abs(np.diff(work.rgb(), axis=1)).mean()

    def test_bands_leave_no_seams(self) -> None:
        rows = np.linspace(0.2, 0.8, 600, dtype=np.float32)
        work = Raster.from_floats(np.broadcast_to(rows[:, None, None], (600, 700, 3)), bits=16)
        made = only(adjust, {"work": work}, shadows=1.0, highlights=-1.0, sharpen=2.0, contrast=0.3)
        steps = np.diff(made.pixels[8:-8, 300, 0].astype(int))
        assert steps.min() >= 0
        assert np.abs(np.diff(steps)).max() < 60  # of 65535


class TestBlend:
    @pytest.mark.parametrize("mode", get_args(Mode))
    def test_follows_the_formulas_of_the_standard(self, mode: Mode) -> None:
        rng = np.random.default_rng(3)
        for _ in range(25):
            below, above = rng.random(3), rng.random(3)
            ground, cover, opacity = (float(each) for each in rng.random(3))
            base, top = plain(tuple(below), alpha=ground), plain(tuple(above), alpha=cover)
            made = only(blend, {"base": base, "top": top}, mode=mode, opacity=opacity)
            rgb, alpha = standard(mode, below, ground, above, cover * opacity)
            assert made.pixels[0, 0, 3] / 65535 == pytest.approx(alpha, abs=5e-5)
            assert made.rgb()[0, 0] * alpha == pytest.approx(rgb, abs=2e-4)

    def test_no_opacity_changes_nothing(self) -> None:
        base = picture(20, 15, alpha=True, bits=16)
        for mode in get_args(Mode):
            made = blend.run({"base": base, "top": picture(9, 9, number=1)}, {"mode": mode, "opacity": 0}).made[0]
            assert made.raster == base
            assert made.shares == {"base": [1.0], "top": [0.0]}

    @pytest.mark.parametrize(("fit", "share"), [("cover", 1.0), ("contain", 0.5), ("stretch", 1.0)])
    def test_fits_the_top(self, fit: str, share: float) -> None:
        made = blend.run({"base": plain((0, 0, 0), 40, 20), "top": plain((1, 1, 1), 9, 9)}, {"fit": fit, "opacity": 1})
        assert made.made[0].shares["top"][0] == pytest.approx(share)
        assert made.made[0].raster.rgb().mean() == pytest.approx(share, abs=1e-3)

    def test_shares_count_opacity_mask_and_alpha(self) -> None:
        mask = np.zeros((4, 4, 3), np.uint8)
        mask[:, :2] = 255
        inputs = {"base": plain((0.1, 0.2, 0.3), 4, 4), "top": plain((1, 1, 1), 4, 4, 0.5), "mask": Raster(mask)}
        assert blend.run(inputs, {"opacity": 0.8}).made[0].shares["top"][0] == pytest.approx(0.2, abs=1e-4)
        half = blend.run(inputs, {"opacity": 0.8, "mode": "multiply"}).made[0]
        assert half.shares["top"][0] == pytest.approx(0.1, abs=1e-4)

    def test_a_mask_of_another_size_is_refused(self) -> None:
        inputs = {"base": plain((0, 0, 0), 4, 3), "top": plain((1, 1, 1), 4, 3), "mask": plain((1, 1, 1), 3, 4)}
        with pytest.raises(RoleRefused, match="4×3, but got 3×4"):
            blend.run(inputs)

    @pytest.mark.parametrize("bits", [8, 16])
    def test_a_mask_counts_by_brightness_and_opacity(self, bits: Literal[8, 16]) -> None:
        colours = np.array([[(1, 1, 1), (0, 1, 0), (0.5, 0.5, 0.5), (0, 0, 0), (1, 1, 1)]])
        mask = Raster.from_floats(colours, np.array([[1, 1, 1, 1, 0.0]]), bits)
        assert cover_of(mask)[0] == pytest.approx([1, 0.7152, 0.5, 0, 0], abs=3e-3)
        made = blend.run({"base": plain((0, 0, 0), 5, 1), "top": plain((1, 1, 1), 5, 1), "mask": mask}, {"opacity": 1})
        assert made.made[0].raster.rgb()[0, :, 0] == pytest.approx([1, 0.7152, 0.5, 0, 0], abs=5e-3)

    def test_an_invisible_base_counts_by_itself(self) -> None:
        inputs = {"base": plain((0.1, 0.2, 0.3), alpha=0), "top": plain((1, 1, 1), alpha=0)}
        assert blend.run(inputs).made[0].shares == {"base": [1.0], "top": [0.0]}


def standard(
    mode: Mode, below: NDArray[np.float64], ground: float, above: NDArray[np.float64], cover: float
) -> tuple[list[float], float]:
    """W3C Compositing and Blending Level 1, sections 5.1, 9 and 10, number by number; colours premultiplied."""
    if mode == "colour":
        mixed = set_lum(list(above), lum(list(below)))
    elif mode == "luminosity":
        mixed = set_lum(list(below), lum(list(above)))
    else:
        mixed = [separable(mode, float(b), float(s)) for b, s in zip(below, above, strict=True)]
    source = [(1 - ground) * float(s) + ground * m for s, m in zip(above, mixed, strict=True)]
    rgb = [cover * s + (1 - cover) * ground * float(b) for s, b in zip(source, below, strict=True)]
    return rgb, cover + ground * (1 - cover)


def separable(mode: Mode, b: float, s: float) -> float:
    bent = ((16 * b - 12) * b + 4) * b if b <= 0.25 else math.sqrt(b)
    return {
        "normal": s,
        "multiply": b * s,
        "screen": b + s - b * s,
        "overlay": 2 * b * s if b <= 0.5 else s + (2 * b - 1) - s * (2 * b - 1),
        "soft-light": b - (1 - 2 * s) * b * (1 - b) if s <= 0.5 else b + (2 * s - 1) * (bent - b),
        "hard-light": b * 2 * s if s <= 0.5 else b + (2 * s - 1) - b * (2 * s - 1),
        "darken": min(b, s),
        "lighten": max(b, s),
        "difference": abs(b - s),
    }[mode]


def lum(c: list[float]) -> float:
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def set_lum(c: list[float], target: float) -> list[float]:
    c = [each + target - lum(c) for each in c]
    middle, low, high = lum(c), min(c), max(c)
    if low < 0:
        c = [middle + (each - middle) * middle / (middle - low) for each in c]
    if high > 1:
        c = [middle + (each - middle) * (1 - middle) / (high - middle) for each in c]
    return c
