"""What is hidden cannot be brought back: nothing but a few mean colours of it enters the picture."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.craft.ports import Face
from palimpsest.errors import RoleRefused
from palimpsest.media.raster import Raster
from palimpsest.perception.hiding import Paint, Place, around, blurred, hidden, marked, pixelated

PAINTS = pytest.mark.parametrize("paint", [blurred, pixelated])


def noise(height: int = 60, width: int = 80, bits: int = 8, channels: int = 3, seed: int = 1) -> Raster:
    top = 2**bits
    values = np.random.default_rng(seed).integers(0, top, (height, width, channels))
    return Raster(values.astype(np.uint8) if bits == 8 else values.astype(np.uint16))


def hide(work: Raster, place: Place, squares: int, paint: Paint) -> Raster:
    return hidden(work, [place], squares, paint, "refuse", "test").made[0].raster


@PAINTS
@pytest.mark.parametrize("bits", [8, 16])
def test_another_picture_with_the_same_means_gives_the_same_result(paint: Paint, bits: int) -> None:
    place = Place(20, 16, 32, 24)
    work = noise(bits=bits)
    shuffled = work.pixels.copy()
    rng = np.random.default_rng(2)
    for top in range(16, 40, 6):
        for number in range(5):
            first, last = number * 32 // 5 + 20, (number + 1) * 32 // 5 + 20
            cell = shuffled[top : top + 6, first:last].reshape(-1, 3)
            shuffled[top : top + 6, first:last] = rng.permutation(cell).reshape(6, last - first, 3)
    assert (shuffled != work.pixels).any()
    one, other = (hide(each, place, 4, paint).pixels[16:40, 20:52] for each in (work, Raster(shuffled)))
    assert np.array_equal(one, other)


@PAINTS
def test_only_the_place_and_its_soft_edge_change(paint: Paint) -> None:
    work, place = noise(), Place(30, 20, 20, 20)
    made = hide(work, place, 4, paint)
    changed = np.argwhere((made.pixels != work.pixels).any(axis=2))
    assert changed.min(axis=0).tolist() >= [20 - place.soft, 30 - place.soft]
    assert changed.max(axis=0).tolist() <= [39 + place.soft, 49 + place.soft]
    inside = (made.pixels == work.pixels).all(axis=2)[20:40, 30:50]
    assert inside.mean() < 0.02


@PAINTS
@pytest.mark.parametrize("place", [Place(0, 0, 1, 1), Place(79, 59, 1, 1), Place(0, 0, 80, 60), Place(0, 0, 80, 2)])
def test_places_at_the_edge_and_of_any_size(paint: Paint, place: Place) -> None:
    made = hide(noise(channels=4), place, 8, paint)
    assert (made.width, made.height, made.has_alpha) == (80, 60, True)


def test_a_small_place_keeps_no_more_than_one_colour_for_nine_pixels() -> None:
    made = hide(noise(), Place(10, 10, 6, 6), 8, pixelated).pixels[10:16, 10:16]
    assert len(np.unique(made.reshape(-1, 3), axis=0)) <= 4


def test_a_box_is_enlarged_and_cut_off_at_the_edges() -> None:
    assert around(Face(10.2, 10, 20, 10, 0.9), 0.5, noise()) == Place(0, 5, 41, 20)
    assert around(Face(70, 50, 10, 10, 0.9), 1.0, noise()) == Place(60, 40, 20, 20)


def test_each_part_of_a_drawn_area_is_covered_by_itself_and_nothing_beside_it() -> None:
    area = np.zeros((60, 80), bool)
    area[5:15, 5:15] = True
    area[30:50, 40:70] = np.eye(20, 30, dtype=bool) | np.eye(20, 30, k=1, dtype=bool)
    places = marked(area)
    assert len(places) == 2
    work = noise()
    made = hidden(work, places, 2, pixelated, "refuse", "test").made[0].raster
    assert np.array_equal(made.pixels[~area], work.pixels[~area])


def test_no_place_is_a_refusal_or_by_wish_the_work_itself() -> None:
    with pytest.raises(RoleRefused, match="finds none"):
        hidden(noise(), [], 4, blurred, "refuse", "test")
    kept = hidden(noise(), [], 4, blurred, "keep", "test").made[0]
    assert kept.raster == noise()
    assert "nothing was changed" in kept.method
