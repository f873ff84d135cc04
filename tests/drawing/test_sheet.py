"""The sheet: one picture at every size, whatever the bands."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.craft.progress import Progress
from palimpsest.drawing.relief import lit
from palimpsest.drawing.sheet import Band, Patch, Sheet, render
from palimpsest.media.raster import Floats


def rings(patch: Patch) -> Floats:
    """Paint rings about a corner."""
    grey = 0.5 + 0.5 * np.cos(40 * np.hypot(patch.x, patch.y))
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


@pytest.mark.parametrize("samples", [1, 90])
def test_bands_leave_no_trace(samples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Sheet(50, 40).paint(rings, Progress(), samples=samples)
    monkeypatch.setattr("palimpsest.drawing.sheet._BAND", 700)
    assert Sheet(50, 40).paint(rings, Progress(), samples=samples) == whole


def test_a_halo_hides_the_seams_of_what_looks_at_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    def shaded(patch: Patch) -> Floats:
        return lit(np.full((*patch.shape, 3), 0.5, np.float32), 3 * rings(patch)[..., 0], angle=90)

    whole = Sheet(60, 60).paint(shaded, Progress(), samples=1, halo=1)
    monkeypatch.setattr("palimpsest.drawing.sheet._BAND", 300)
    seamed = Sheet(60, 60).paint(shaded, Progress(), samples=1, halo=1)
    assert np.abs(whole.pixels.astype(int) - seamed.pixels).max() <= 1


def test_a_small_sheet_is_the_large_one_seen_from_afar() -> None:
    small = Sheet(16, 16).paint(rings, Progress(), samples=128).rgb()
    large = Sheet(128, 128).paint(rings, Progress(), samples=1).rgb()
    np.testing.assert_allclose(small, large.reshape(16, 8, 16, 8, 3).mean(axis=(1, 3)), atol=0.01)


def test_a_pattern_is_measured_from_the_middle() -> None:
    def left_half(band: Band) -> Floats:
        return np.repeat((band.x < 0)[..., None], 3, axis=2).astype(np.float32)

    pixels = render(40, 20, left_half).pixels
    assert (pixels[:, :20] == 255).all()
    assert (pixels[:, 20:] == 0).all()
