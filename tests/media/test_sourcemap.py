"""Source maps: they say true, take nothing that points outside, and copy the picture together again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize_raster
from palimpsest.media.sourcemap import Slot, SourceMap, rebuild, sizes_of
from tests.laws.table import picture

LAID = [(mirrored, turns) for mirrored in (False, True) for turns in range(4)]


def whole(slot: Slot) -> SourceMap:
    """A map that shows a slot's picture as it was laid out."""
    return SourceMap((slot,), np.zeros(slot.laid, np.uint8), *np.indices(slot.laid))


@pytest.mark.parametrize(("mirrored", "turns"), LAID)
def test_a_work_may_be_mirrored_and_turned(mirrored: bool, turns: int) -> None:
    work = picture(7, 5)
    sources = whole(Slot("work", 0, 7, 5, mirrored, turns))
    rebuilt = rebuild(sources, {"work": work})
    flipped = work.pixels[:, ::-1] if mirrored else work.pixels
    assert np.array_equal(rebuilt.pixels, np.rot90(flipped, turns))
    for y in range(rebuilt.height):
        for x in range(rebuilt.width):
            slot, left, top = sources.origin(x, y)
            assert slot is sources.slots[0]
            assert np.array_equal(work.pixels[top, left], rebuilt.pixels[y, x])


def test_a_work_may_be_resampled() -> None:
    work = picture(40, 30)
    sources = whole(Slot("work", 0, 20, 10, True, 1))
    small = resize_raster(work, 20, 10)
    assert np.array_equal(rebuild(sources, {"work": work}).pixels, np.rot90(small.pixels[:, ::-1]))
    _, x, y = sources.origin(0, 0, sizes_of({"work": work}))
    assert (x, y) == (1, 1), "the middle of the first of 20 pixels lies in the second of 40"
    assert sources.origin(0, 19, sizes_of({"work": work}))[1:] == (39, 1)
    assert sources.origin(0, 0)[1:] == (0, 0)


def test_a_work_may_be_enlarged() -> None:
    sources = whole(Slot("work", 0, 9, 9))
    assert [sources.origin(x, 0, {"work": [(3, 3)]})[1] for x in range(9)] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_identity_gives_the_work_back() -> None:
    sources = SourceMap.identity("others", 2, 6, 4)
    work = picture(6, 4, alpha=True, bits=16)
    assert rebuild(sources, {"others": [picture(1, 1), picture(2, 2), work]}) == work
    assert sources.origin(5, 3) == (Slot("others", 2, 6, 4), 5, 3)
    assert sources.shares() == {"others": [0.0, 0.0, 1.0]}
    assert sources.shares({"work": 1, "others": 4, "mask": 0}) == {"work": [0.0], "others": [0.0, 0.0, 1.0, 0.0]}


def test_shares_are_pixels() -> None:
    slots = (Slot("work", 0, 4, 4), Slot("others", 1, 4, 4), Slot("work", 0, 4, 4, mirrored=True))
    slot = np.array([[0, 0, 1, 2], [0, 1, 1, 1]])
    sources = SourceMap(slots, slot, np.zeros_like(slot), np.zeros_like(slot))
    assert sources.shares() == {"work": [0.5], "others": [0.0, 0.5]}
    with pytest.raises(ParameterRefused, match="given"):
        sources.shares({"work": 1, "others": 1})


def test_works_of_every_depth_come_together_in_the_deepest() -> None:
    slots = (Slot("work", 0, 1, 1), Slot("work", 1, 1, 1))
    zero = np.zeros((1, 2), np.int32)
    shallow, deep = Raster(np.full((1, 1, 3), 255, np.uint8)), Raster(np.full((1, 1, 4), 7, np.uint16))
    rebuilt = rebuild(SourceMap(slots, np.array([[0, 1]]), zero, zero), {"work": [shallow, deep]})
    assert rebuilt.pixels.tolist() == [[[65535] * 4, [7] * 4]]


def test_a_work_that_is_missing_is_named() -> None:
    with pytest.raises(RoleRefused, match="others"):
        rebuild(SourceMap.identity("others", 1, 1, 1), {"others": [picture(1, 1)]})


def test_a_pixel_outside_is_refused() -> None:
    for x, y in ((-1, 0), (0, -1), (3, 0), (0, 2)):
        with pytest.raises(ParameterRefused, match="0,0 to 2,1"):
            SourceMap.identity("work", 0, 3, 2).origin(x, y)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slot", np.full((2, 3), 1)),
        ("slot", np.full((2, 3), -1)),
        ("row", np.full((2, 3), 5)),
        ("row", np.full((2, 3), -1)),
        ("column", np.full((2, 3), 4)),
        ("column", np.full((2, 3), 2**40)),
        ("column", np.zeros((2, 3))),
        ("column", np.zeros((3, 2), int)),
        ("slot", np.zeros((2, 3, 1), int)),
        ("slots", ()),
    ],
)
def test_what_points_nowhere_is_refused(field: str, value: Any) -> None:  # noqa: ANN401 - whatever somebody gives
    fields: dict[str, Any] = {name: np.zeros((2, 3), int) for name in ("slot", "row", "column")}
    fields |= {"slots": (Slot("work", 0, 5, 4, turns=1),), field: value}
    with pytest.raises(ParameterRefused):
        SourceMap(**fields)


@pytest.mark.parametrize("wrong", [{"role": ""}, {"index": -1}, {"width": 0}, {"height": 2**30}, {"turns": 4}])
def test_a_slot_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ParameterRefused):
        Slot(**{"role": "work", "index": 0, "width": 2, "height": 2, **wrong})


def test_a_map_cannot_be_changed() -> None:
    sources = SourceMap.identity("work", 0, 3, 2)
    for array in (sources.slot, sources.row, sources.column):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1
    assert [str(each.dtype) for each in (sources.slot, sources.row, sources.column)] == ["uint8", "int32", "int32"]


def test_many_slots_need_two_bytes() -> None:
    slots = tuple(Slot("work", index, 1, 1) for index in range(300))
    zero = np.zeros((1, 300), np.int32)
    sources = SourceMap(slots, np.arange(300)[None], zero, zero)
    assert sources.slot.dtype == np.uint16
    assert sources == SourceMap(slots, np.arange(300)[None], zero, zero)
    assert sources != SourceMap(slots, np.arange(300)[None, ::-1], zero, zero)
