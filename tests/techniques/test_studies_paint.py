"""The four painted studies: the same picture at every size, another for every seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from palimpsest.craft.technique import Technique
from palimpsest.engines import stroke_painter
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.techniques.study_impasto import study_impasto
from palimpsest.techniques.study_mosaic import study_mosaic
from palimpsest.techniques.study_pointillism import study_pointillism
from palimpsest.techniques.study_watercolour import study_watercolour

QUICK: dict[str, dict[str, Any]] = {
    "study-impasto": {"brush": 2.0},
    "study-mosaic": {"tesserae": 30},
    "study-pointillism": {"point": 0.02},
    "study-watercolour": {},
}
STUDIES = [study_impasto, study_mosaic, study_pointillism, study_watercolour]

each_study = pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)


def _make(study: Technique, width: int, height: int, seed: int, **parameters: object) -> Raster:
    engines = {"stroke-painter": stroke_painter.load(threads=2)} if study.ports else {}
    given = {"width": width, "height": height, **QUICK[study.name], **parameters}
    outcome = study.run({}, given, engines=engines, seed=seed)
    assert outcome.made[0].method == "made from numbers alone: no work was used"
    raster = outcome.made[0].raster
    assert (raster.width, raster.height) == (width, height)
    return raster


def _small(raster: Raster) -> np.ndarray:
    return np.asarray(Image.fromarray(raster.pixels).resize((48, 48), Image.Resampling.BOX), np.float64).ravel()


def _alike(first: Raster, second: Raster) -> float:
    return float(np.corrcoef(_small(first), _small(second))[0, 1])


@each_study
def test_same_seed_same_pixels(study: Technique) -> None:
    assert _make(study, 96, 80, 7) == _make(study, 96, 80, 7)


@each_study
def test_the_picture_does_not_depend_on_the_size(study: Technique) -> None:
    assert _alike(_make(study, 128, 128, 2), _make(study, 256, 256, 2)) > 0.8


@each_study
def test_seeds_differ(study: Technique) -> None:
    pictures = [_make(study, 64, 64, seed) for seed in range(6)]
    for number, first in enumerate(pictures):
        assert all(_alike(first, second) < 0.97 for second in pictures[:number])


@each_study
@pytest.mark.parametrize(("width", "height"), [(16, 16), (300, 40), (40, 300)])
def test_extreme_formats(study: Technique, width: int, height: int) -> None:
    for seed in (0, 3):
        assert _make(study, width, height, seed).pixels.std() > 1


@each_study
@pytest.mark.parametrize("wrong", [{"width": 8}, {"height": 9000}, {"subject": "moon"}, {"palette": "x", "hour": "x"}])
def test_out_of_range_is_refused(study: Technique, wrong: dict[str, object]) -> None:
    with pytest.raises(ParameterRefused):
        study.run({}, wrong, engines={"stroke-painter": None}, seed=0)


@each_study
def test_every_subject_is_painted(study: Technique) -> None:
    schema = study.schema["properties"]
    for subject in schema["subject"]["enum"]:
        assert _make(study, 48, 40, 1, subject=subject).pixels.std() > 5
