"""What a source map promises, for the law that holds techniques to it."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.craft.outcome import Made
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import rebuild
from palimpsest.media.sourcemap_codec import decode_map, encode_map
from tests.laws.table import Inputs


def assert_traceable(made: Made, given: Inputs) -> None:
    """The map has the picture's size and its shares, survives being stored, and gives the picture back."""
    sources = made.sources
    assert sources is not None
    picture = made.raster
    assert (sources.width, sources.height) == (picture.width, picture.height)
    works = {role: 1 if isinstance(several, Raster) else len(several) for role, several in given.items()}
    measured = sources.shares(works)
    for role in {*measured, *made.shares}:
        said = list(made.shares.get(role, [0.0] * works[role]))
        assert said == pytest.approx(measured.get(role, [0.0] * works[role]), abs=1e-6), "the shares are the map's"
    assert decode_map(encode_map(sources), sources.width, sources.height) == sources
    distance = float(np.abs(rebuild(sources, given).over() - picture.over()).mean()) * 255
    assert distance <= made.tolerance + 1e-3, "the map does not give the picture back"
