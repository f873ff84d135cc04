"""The studies made by formula: one seed is one picture, at every size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Technique
from palimpsest.errors import Cancelled, ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.techniques.study_ink_wash import study_ink_wash
from palimpsest.techniques.study_marbling import study_marbling
from palimpsest.techniques.study_suprematism import study_suprematism
from palimpsest.techniques.study_woodcut import study_woodcut

STUDIES = (study_marbling, study_woodcut, study_suprematism, study_ink_wash)
ROUGH = {"study-marbling": {"drops": 40}, "study-woodcut": {"lines": 48}}
"""What keeps small pictures readable and the tests quick."""

each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)


def make(study: Technique, width: int, height: int, seed: int = 0, **more: object) -> Raster:
    given = {**ROUGH.get(study.name, {}), "width": width, "height": height, **more}
    return study.run({}, given, seed=seed).made[0].raster


def grey(raster: Raster, parts: int) -> NDArray[np.float32]:
    """Return the mean brightness of `parts` × `parts` tiles."""
    side = raster.height // parts
    tiles = raster.rgb().mean(axis=2).reshape(parts, side, parts, side)
    return np.asarray(tiles.mean(axis=(1, 3)), np.float32)


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@each_study
def test_the_same_seed_gives_the_same_pixels(study: Technique) -> None:
    assert make(study, 90, 70, 3) == make(study, 90, 70, 3)


@each_study
def test_another_seed_gives_another_picture(study: Technique) -> None:
    pictures = [grey(make(study, 96, 96, seed), 24) for seed in range(3)]
    alike = [likeness(pictures[i], pictures[j]) for i in range(3) for j in range(i)]
    assert max(alike) < 0.85


@each_study
@pytest.mark.parametrize("seed", [0, 2])
def test_a_larger_picture_is_the_same_picture(study: Technique, seed: int) -> None:
    assert likeness(grey(make(study, 128, 128, seed), 64), grey(make(study, 256, 256, seed), 64)) > 0.8


@each_study
@pytest.mark.parametrize(("width", "height"), [(16, 16), (300, 40), (24, 200)])
def test_it_works_at_extreme_sizes(study: Technique, width: int, height: int) -> None:
    raster = make(study, width, height, 1)
    assert (raster.width, raster.height) == (width, height)
    assert raster.pixels.std() > 3


@each_study
def test_the_picture_uses_light_and_dark(study: Technique) -> None:
    brightness = make(study, 160, 160).rgb().mean(axis=2)
    assert np.percentile(brightness, 2) < 0.45
    assert np.percentile(brightness, 98) > 0.8


@each_study
def test_it_names_no_work_and_takes_none(study: Technique) -> None:
    assert not study.roles
    assert study.seeded
    assert not study.run({}, {"width": 16, "height": 16}).made[0].shares


@each_study
@pytest.mark.parametrize(("name", "value"), [("width", 15), ("height", 8193), ("palette", "neon")])
def test_it_refuses_what_is_out_of_range(study: Technique, name: str, value: object) -> None:
    with pytest.raises(ParameterRefused):
        study.run({}, {name: value})


@each_study
def test_every_choice_works(study: Technique) -> None:
    for name, spec in study.schema["properties"].items():
        for choice in spec.get("enum", ()):
            made = make(study, 24, 32, **{name: choice})
            assert (made.width, made.height) == (24, 32)


@each_study
def test_it_can_be_stopped(study: Technique) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        study.run({}, {"width": 64, "height": 64}, progress=progress)
