"""The law of source maps, held against techniques that keep one and against results that break it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.outcome import Made
from palimpsest.craft.technique import Technique
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import SourceMap
from tests.laws.table import inputs, picture, watched
from tests.laws.traceable import assert_traceable

COPYING = Catalogue(package="tests.copying", extras=())


def test_is_rebuilt_from_its_sources(runnable: Technique) -> None:
    runs = [watched(runnable.name), watched(runnable.name, optional=True)]
    made = [(each, number == 1) for number, run in enumerate(runs) for each in run.outcome.made if each.sources]
    if not made:
        pytest.skip("it keeps no source map")
    for each, optional in made:
        assert_traceable(each, inputs(runnable, optional=optional))


@pytest.mark.parametrize("name", COPYING.names)
@pytest.mark.parametrize(("alpha", "bits"), [(False, 8), (True, 16)])
def test_holds_for_techniques_that_copy(name: str, alpha: bool, bits: int) -> None:
    technique = COPYING.get(name)
    given = inputs(technique, lambda number: picture(37, 29, alpha=alpha, bits=bits, number=number))
    for made in technique.run(given).made:
        assert_traceable(made, given)


@pytest.fixture
def made() -> Made:
    return COPYING.get("join").run({"left": picture(10, 6), "right": picture(10, 6, number=1)}).made[0]


def test_sees_shares_that_are_not_those_of_the_map(made: Made) -> None:
    with pytest.raises(AssertionError, match="shares"):
        assert_traceable(replace(made, shares={"left": [1.0], "right": [0.0]}), _given())


def test_sees_a_map_of_other_pixels(made: Made) -> None:
    assert made.sources
    rolled = SourceMap(made.sources.slots, made.sources.slot, made.sources.row[::-1], made.sources.column)
    with pytest.raises(AssertionError, match="back"):
        assert_traceable(replace(made, sources=rolled), _given())


def test_sees_a_picture_that_was_changed_more_than_it_says(made: Made) -> None:
    changed = Raster(made.raster.pixels // np.uint8(2))
    with pytest.raises(AssertionError, match="back"):
        assert_traceable(replace(made, raster=changed, tolerance=1.0), _given())


def _given() -> dict[str, Raster]:
    return {"left": picture(10, 6), "right": picture(10, 6, number=1)}
