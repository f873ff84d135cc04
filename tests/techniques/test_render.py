"""Render: labels, lines and tones become pictures; the guide may be given or derived."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.outcome import Made
from palimpsest.craft.ports import Mask, PatchSynthesizer
from palimpsest.engines.synthesis import load
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.patchwork.analogy import stacked
from palimpsest.patchwork.derived_guides import by_labels, kind_of, labels_of
from palimpsest.techniques.render import render

RED, BLUE = (230, 40, 40), (40, 60, 230)


@cache
def synthesizer() -> PatchSynthesizer:
    return load()


@cache
def meadow() -> Raster:
    """Blue rippled water above, red grained earth below: which of them a pixel came from is seen by its row."""
    rng = np.random.default_rng(1)
    pixels = np.empty((80, 96, 3), np.int64)
    pixels[:40], pixels[40:] = (50, 90, 200), (180, 80, 50)
    pixels[:40] += (20 * np.sin(np.arange(40) / 1.5)).astype(np.int64)[:, None, None]
    return Raster(np.clip(pixels + rng.integers(-12, 13, (80, 96, 1)), 0, 255).astype(np.uint8))


def labels(height: int, width: int, upper: tuple[int, ...] = BLUE, lower: tuple[int, ...] = RED) -> Raster:
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = upper, lower
    return Raster(pixels)


def disc(size: int) -> Raster:
    y, x = np.mgrid[:size, :size] - size // 2
    return Raster(np.where((x * x + y * y < (size // 3) ** 2)[..., None], BLUE, RED).astype(np.uint8))


def drawing(size: int = 96) -> Raster:
    pixels = np.full((size, size, 3), 255, np.uint8)
    pixels[size // 4 : 3 * size // 4, size // 2 : size // 2 + 2] = 20
    pixels[size // 2 : size // 2 + 2, size // 4 : 3 * size // 4] = 20
    return Raster(pixels)


def made(
    sketch: Raster,
    exemplar: Raster,
    guide: Raster | None = None,
    more: Sequence[tuple[Raster, Raster]] = (),
    seed: int = 0,
    **given: object,
) -> Made:
    inputs: dict[str, Raster | Sequence[Raster]] = {"sketch": sketch, "exemplar": exemplar}
    if guide:
        inputs["exemplar_guide"] = guide
    if more:
        inputs["more_sketches"], inputs["more_guides"] = zip(*more, strict=True)
    return render.run(inputs, given, engines={"patch-synthesizer": synthesizer()}, seed=seed).made[0]


def right(result: Made, blue: Mask) -> float:
    """Which share of the pixels comes from the half of the meadow that was asked for."""
    assert result.sources
    return float(((result.sources.row < 40) == blue).mean())


def wanted(sketch: Raster) -> Mask:
    return sketch.pixels[..., 2] > 128


def test_each_label_is_filled_with_what_has_it_in_the_exemplar() -> None:
    sketch = disc(72)
    result = made(sketch, meadow(), labels(80, 96))
    assert (result.raster.width, result.raster.height) == (72, 72)
    assert right(result, wanted(sketch)) > 0.93
    assert result.shares == {"sketch": [0.0], "exemplar": [1.0]}
    assert result.sources
    assert rebuild(result.sources, {"exemplar": meadow()}) == result.raster


def test_a_guide_means_what_it_says_even_against_the_colours() -> None:
    sketch = disc(72)
    assert right(made(sketch, meadow(), labels(80, 96, RED, BLUE)), ~wanted(sketch)) > 0.93


def test_labels_are_found_in_an_exemplar_without_a_guide() -> None:
    sketch = disc(72)
    assert right(made(sketch, meadow()), wanted(sketch)) > 0.9


def test_several_pairs_count_by_their_weights() -> None:
    one, other = disc(72), labels(72, 72)
    more = [(other, labels(80, 96))]
    towards_one = made(one, meadow(), labels(80, 96), weights=(4, 0.05), more=more)
    towards_other = made(one, meadow(), labels(80, 96), weights=(0.05, 4), more=more)
    assert right(towards_one, wanted(one)) > 0.93
    assert right(towards_other, wanted(other)) > 0.93


def test_a_photograph_gives_its_tones() -> None:
    sketch, exemplar = (resize_raster(Raster(picture), 96, 96) for picture in (data.astronaut(), data.coffee()))
    result = made(sketch, exemplar)
    ours, theirs = (each.rgb().mean(axis=2).ravel() for each in (result.raster, sketch))
    assert np.corrcoef(ours, theirs)[0, 1] > 0.8


def test_no_patch_is_used_over_and_over() -> None:
    result = made(labels(96, 96), meadow(), labels(80, 96)).sources
    assert result
    uses = np.bincount(result.row.ravel() * 96 + result.column.ravel(), minlength=80 * 96)
    assert (uses > 0).mean() > 0.4
    assert uses.max() < 40


def test_another_seed_is_another_picture() -> None:
    first, second = (made(disc(64), meadow(), labels(80, 96), seed=seed).raster for seed in (1, 2))
    assert np.abs(first.rgb() - second.rgb()).mean() > 0.01


@pytest.mark.parametrize(
    ("sketch", "kind"),
    [(disc(120), "labels"), (drawing(120), "lines"), (Raster(data.astronaut()), "tones"), (meadow(), "tones")],
    ids=["disc", "drawing", "photograph", "grain"],
)
def test_judges_what_a_sketch_is(sketch: Raster, kind: str) -> None:
    assert kind_of(np.asarray(sketch.pixels, np.uint8)) == kind


def test_finds_the_labels_of_a_sketch() -> None:
    colours, flat = labels_of(np.asarray(disc(90).pixels, np.uint8))
    assert {tuple(each) for each in colours.tolist()} == {RED, BLUE}
    assert flat > 0.99


def test_a_derived_guide_is_in_the_colours_of_the_sketch() -> None:
    _, guide = by_labels(np.asarray(disc(90).pixels, np.uint8), np.asarray(meadow().pixels, np.uint8))
    assert (np.abs(guide[:36].astype(int) - BLUE).max(axis=2) < 40).mean() > 0.9
    assert (np.abs(guide[44:].astype(int) - RED).max(axis=2) < 40).mean() > 0.9


def test_a_margin_is_left_out_unless_a_guide_says_what_it_is() -> None:
    framed = np.full((120, 136, 3), 250, np.uint8)
    framed[20:100, 20:116] = meadow().pixels
    sources = made(disc(72), Raster(framed)).sources
    assert sources
    assert sources.row.min() >= 19
    assert sources.row.max() <= 100


def test_signs_may_be_chosen() -> None:
    assert made(drawing(), meadow(), signs="lines").raster == made(drawing(), meadow()).raster
    assert made(drawing(), meadow(), signs="tones").raster != made(drawing(), meadow()).raster


def test_many_guides_that_say_nearly_the_same_become_few() -> None:
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (40, 40), dtype=np.uint8)
    pairs = [(np.stack([grey, 255 - grey, grey // 2], axis=2),) * 2 for _ in range(4)]
    canvas, exemplar, weights = stacked(pairs, (0.5,) * 4)
    assert canvas.shape[2] == len(weights) == 1
    assert (canvas == exemplar).all()
    step = np.diff(canvas[0, :2, 0].astype(float))[0] ** 2 * weights[0]
    wanted = sum(0.5 * float(np.diff(one[0, :2].astype(float), axis=0).__pow__(2).sum()) for one, _ in pairs)
    assert step == pytest.approx(wanted, rel=0.1)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(RoleRefused, match="shape 96×80"):
        made(disc(64), meadow(), labels(80, 40))
    inputs: dict[str, Raster | Sequence[Raster]]
    inputs = {"sketch": disc(64), "exemplar": meadow(), "more_sketches": [disc(64)]}
    with pytest.raises(RoleRefused, match="1 further sketches"):
        render.run(inputs, engines={"patch-synthesizer": synthesizer()})
    with pytest.raises(ParameterRefused, match="one for each sketch"):
        made(disc(64), meadow(), labels(80, 96), weights=(1, 2))
