"""What could only come from one work is credited to it."""

from __future__ import annotations

import numpy as np

from palimpsest.engines.synthesis import load
from palimpsest.media.raster import Raster
from palimpsest.techniques.remix import remix

SIDE = 128


def texture(mean: tuple[int, int, int], seed: int) -> Raster:
    """A grain around one colour."""
    grain = np.random.default_rng(seed).integers(-25, 26, (SIDE, SIDE, 1))
    return Raster(np.clip(np.array(mean) + grain, 0, 255).astype(np.uint8))


def test_the_left_is_credited_to_the_dark_work_and_the_right_to_the_bright_one() -> None:
    dark, bright = texture((40, 40, 90), 1), texture((225, 200, 120), 2)
    halves = np.where(np.arange(SIDE)[None, :, None] < SIDE // 2, dark.pixels, bright.pixels)
    made = remix.run(
        {"content": Raster(halves.astype(np.uint8)), "exemplars": [dark, bright]},
        {},
        engines={"patch-synthesizer": load()},
        seed=0,
    ).made[0]
    assert made.sources is not None
    index = np.array([slot.index for slot in made.sources.slots])[made.sources.slot]
    assert (index[:, : SIDE // 2 - 4] == 0).all()
    assert (index[:, SIDE // 2 + 4 :] == 1).all()
    assert abs(made.shares["exemplars"][0] - 0.5) < 0.02
