from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import PatchSynthesizer
from palimpsest.engines.synthesis import load
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.colour import luminance, to_oklab
from palimpsest.media.raster import Floats, Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.techniques.remix import remix


@cache
def synthesizer() -> PatchSynthesizer:
    return load()


@cache
def face() -> Raster:
    """The astronaut's head and shoulders."""
    return resize_raster(Raster(data.astronaut()[:256, 96:352]), 120, 120)


@cache
def fur() -> Raster:
    return resize_raster(Raster(data.chelsea()), 150, 100)


@cache
def cup() -> Raster:
    return resize_raster(Raster(data.coffee()), 150, 100)


@cache
def hatched(ground: float = 0.92, ink: float = 0.15) -> Raster:
    """Ink on paper: strokes that lie closer towards the right."""
    y, x = np.mgrid[0:120, 0:160].astype(np.float32)
    lines = np.sin((x + 2 * y) * 0.9 + np.sin(y / 7)) < 2.6 * x / 160 - 1.4
    rng = np.random.default_rng(4)
    grey = np.where(lines, ink, ground) + rng.normal(0, 0.015, lines.shape)
    return Raster.from_floats(np.repeat(grey[..., None], 3, axis=-1).astype(np.float32))


def made(
    content: Raster, *exemplars: Raster, masks: Sequence[Raster] = (), seed: int = 1, **parameters: object
) -> Made:
    inputs: dict[str, Raster | Sequence[Raster]] = {"content": content, "exemplars": exemplars}
    if masks:
        inputs["masks"] = masks
    return remix.run(inputs, parameters, engines={"patch-synthesizer": synthesizer()}, seed=seed).made[0]


def form(work: Raster, radius: float = 3) -> Floats:
    """Light and dark, each by its rank, at the scale of strokes."""
    smooth = gaussian_filter(luminance(work.over()), radius)
    return np.argsort(np.argsort(smooth.ravel())).astype(np.float32)


def likeness(first: Raster, second: Raster) -> float:
    return float(np.corrcoef(form(first), form(second))[0, 1])


def half(work: Raster) -> Raster:
    """A mask that is white on the left."""
    pixels = np.zeros((work.height, work.width, 3), np.uint8)
    pixels[:, : work.width // 2] = 255
    return Raster(pixels)


def test_keeps_the_form_and_takes_the_matter() -> None:
    result = made(face(), fur())
    assert (result.raster.width, result.raster.height) == (120, 120)
    assert likeness(result.raster, face()) > 0.75
    assert result.shares == {"content": [0.0], "exemplars": [1.0]}
    assert result.sources is not None
    assert result.tolerance == 0
    assert rebuild(result.sources, {"exemplars": [fur()]}) == result.raster


def test_a_pale_drawing_keeps_the_forms_of_a_dark_content() -> None:
    dark = Raster.from_floats(face().rgb() * 0.35)
    result = made(dark, hatched()).raster
    assert likeness(result, dark) > 0.6
    paper = (luminance(result.over()) > 0.5).mean()
    assert 0.3 < paper < 0.9, "neither a silhouette nor an empty sheet"


def test_a_dark_exemplar_keeps_the_forms_of_a_light_content() -> None:
    light = Raster.from_floats(0.7 + 0.3 * face().rgb())
    night = Raster.from_floats(fur().rgb() * 0.3)
    assert likeness(made(light, night).raster, light) > 0.7


def test_fidelity_leads_from_the_matter_to_the_form() -> None:
    free, middle, true = (made(face(), fur(), fidelity=each).raster for each in (0, 0.5, 1))
    assert likeness(free, face()) < likeness(middle, face()) < likeness(true, face())


def test_the_shares_are_those_asked_for() -> None:
    for weights, wanted in (((), (0.5, 0.5)), ((1, 3), (0.25, 0.75)), ((4, 1), (0.8, 0.2))):
        found = made(face(), fur(), cup(), weights=weights).shares["exemplars"]
        assert found == pytest.approx(wanted, abs=0.06), weights


def test_three_exemplars_are_all_seen() -> None:
    found = made(face(), fur(), cup(), hatched(), weights=(0.5, 0.2, 0.3)).shares["exemplars"]
    assert found == pytest.approx((0.5, 0.2, 0.3), abs=0.08)


def test_a_weight_of_nothing_is_no_exemplar() -> None:
    result = made(face(), fur(), cup(), weights=(2, 0))
    assert result.raster == made(face(), fur()).raster
    assert result.shares["exemplars"] == [1.0, 0.0]


def test_scale_sets_the_size_of_the_strokes() -> None:
    fine, broad = (made(face(), fur(), scale=each).sources for each in (0.5, 2))
    assert fine is not None
    assert broad is not None
    assert broad.slots[0].width == pytest.approx(4 * fine.slots[0].width, abs=4)


def test_colours_are_the_exemplars_or_the_contents() -> None:
    ink = hatched()
    assert np.abs(to_oklab(made(face(), ink).raster.rgb())[..., 1:]).max() < 0.02, "ink has no colour"
    kept = made(face(), ink, colour="content")
    hues, own = (to_oklab(each.rgb())[..., 1:] for each in (kept.raster, face()))
    assert np.corrcoef(hues.ravel(), own.ravel())[0, 1] > 0.8
    assert kept.sources is not None
    copy = rebuild(kept.sources, {"exemplars": [ink]})
    assert float(np.abs(copy.rgb() - kept.raster.rgb()).mean()) * 255 == pytest.approx(kept.tolerance, abs=0.01)


def test_a_mask_says_what_may_be_copied() -> None:
    sources = made(face(), fur(), masks=[half(fur())]).sources
    assert sources is not None
    assert sources.column.max() < sources.slots[0].width // 2


def test_margins_and_frames_do_not_leak() -> None:
    sheet = np.full((140, 190, 3), (250, 10, 200), np.uint8)
    sheet[20:120, 20:170] = fur().pixels
    result = made(face(), Raster(sheet)).raster.pixels.astype(int)
    assert (np.abs(result - (250, 10, 200)).max(axis=-1) > 25).all()


def test_keeps_the_contents_transparency() -> None:
    alpha = np.zeros((120, 120), np.float32)
    alpha[30:90, 30:90] = 1
    cut = Raster.from_floats(face().rgb(), alpha)
    result = made(cut, fur())
    assert result.raster.has_alpha
    assert np.array_equal(result.raster.pixels[..., 3], cut.pixels[..., 3])
    assert result.tolerance > 0


@pytest.mark.parametrize("size", [(1, 1), (3, 90), (90, 5), (8, 8)])
def test_takes_contents_of_any_size(size: tuple[int, int]) -> None:
    small = resize_raster(face(), *size)
    result = made(small, fur(), cup()).raster
    assert (result.width, result.height) == size


def test_works_of_other_kinds_and_sizes_go_together() -> None:
    deep = Raster((cup().pixels.astype(np.uint16)) * 257)
    result = made(face(), deep, resize_raster(hatched(), 24, 18), resize_raster(fur(), 400, 266))
    assert result.raster.bits == 16
    assert all(share > 0.15 for share in result.shares["exemplars"])


@pytest.mark.parametrize("weights", [(1,), (0, 0), (1, 2, 3)])
def test_refuses_weights_that_do_not_fit(weights: tuple[float, ...]) -> None:
    with pytest.raises(ParameterRefused, match="weights"):
        made(face(), fur(), cup(), weights=weights)


def test_refuses_masks_that_do_not_fit() -> None:
    black = Raster(np.zeros((100, 150, 3), np.uint8))
    dotted = np.zeros((100, 150, 3), np.uint8)
    dotted[::9, ::9] = 255
    for masks in ([half(face())], [half(fur()), half(fur())], [black], [Raster(dotted)]):
        with pytest.raises(RoleRefused, match="masks"):
            made(face(), fur(), masks=masks)


def test_refuses_what_would_not_fit_into_memory() -> None:
    large = Raster(np.zeros((2000, 2000, 3), np.uint8))
    with pytest.raises(ParameterRefused, match="megapixels"):
        made(large, large, scale=4)


def test_refuses_an_exemplar_smaller_than_a_patch() -> None:
    with pytest.raises(RoleRefused, match="patch"):
        made(face(), Raster(np.zeros((5, 5, 3), np.uint8)))
