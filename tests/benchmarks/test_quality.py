"""The benchmarks' own measures give known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from benchmarks.quality import (
    Guide,
    coherence,
    commonest_displacement,
    crispness,
    diversity,
    guided_patch_error,
    identity_share,
    nearest_places,
    patch_distance,
)
from palimpsest.media.raster import Floats
from palimpsest.media.sourcemap import Slot, SourceMap


def texture(height: int = 64, width: int = 80, seed: int = 0) -> Floats:
    """Soft blots of every size, as no two places of a painting are alike."""
    rng = np.random.default_rng(seed)
    blots = [gaussian_filter(rng.normal(size=(height, width, 3)), (blur, blur, 0)) * blur for blur in (1, 3, 9)]
    painted: Floats = np.clip(0.5 + 0.15 * np.sum(blots, axis=0), 0, 1).astype(np.float32)
    return painted


def shifted(down: int, across: int, height: int = 40, width: int = 50) -> SourceMap:
    """The map of a work that came around the edges."""
    rows, columns = np.mgrid[:height, :width]
    slot = Slot("works", 0, width, height)
    return SourceMap((slot,), np.zeros((height, width), int), (rows + down) % height, (columns + across) % width)


def test_a_picture_is_at_no_distance_from_itself() -> None:
    assert patch_distance(texture(), texture()) == 0


def test_moving_a_texture_moves_its_patches_little_and_spoiling_it_much() -> None:
    source, rng = texture(128, 160), np.random.default_rng(1)
    moved = patch_distance(np.roll(source, (20, 30), (0, 1)), source)
    noise = [
        patch_distance(source + rng.normal(0, each, source.shape).astype(np.float32), source) for each in (0.1, 0.2)
    ]
    blur = [patch_distance(gaussian_filter(source, (each, each, 0)), source) for each in (1.0, 4.0)]
    assert 0 < moved < min(noise[0], blur[0])
    assert noise[0] < noise[1]
    assert blur[0] < blur[1]


def test_pictures_of_different_sizes_are_compared() -> None:
    source = texture(96, 96)
    part = patch_distance(source[:72], source)
    assert 0 < part < patch_distance(1 - source[:72], source)


def test_a_large_picture_drawn_from_the_same_patches_is_at_no_distance() -> None:
    source = texture(256, 256)
    assert patch_distance(source, source.copy()) == 0


def test_a_picture_too_small_for_patches_is_refused() -> None:
    with pytest.raises(ValueError, match="smaller"):
        patch_distance(texture(6, 6), texture())


def test_a_copy_stands_where_it_stood_and_a_shifted_one_does_not() -> None:
    assert identity_share(SourceMap.identity("works", 0, 50, 40)) == 1
    assert identity_share(shifted(1, -2)) > 0.9
    assert identity_share(shifted(1, 2), tolerance=0) == 0
    assert identity_share(shifted(20, 25)) == 0


def test_a_mirrored_copy_is_no_identity_but_one_displacement() -> None:
    copy = SourceMap.identity("works", 0, 50, 40)
    mirrored = SourceMap((Slot("works", 0, 50, 40, mirrored=True),), copy.slot, copy.row, copy.column)
    assert identity_share(mirrored) == 0
    assert commonest_displacement(mirrored) == 1


def test_a_work_of_another_size_is_stretched() -> None:
    rows, columns = np.mgrid[:40, :50]
    doubled = SourceMap((Slot("works", 0, 100, 80),), np.zeros((40, 50), int), 2 * rows, 2 * columns)
    assert identity_share(doubled, tolerance=0) == 1


def test_the_commonest_displacement_tells_a_shifted_copy() -> None:
    assert commonest_displacement(shifted(0, 0)) == 1
    assert commonest_displacement(shifted(10, 0)) == 0.75
    rng = np.random.default_rng(0)
    thrown = SourceMap(
        (Slot("works", 0, 50, 40),),
        np.zeros((40, 50), int),
        rng.integers(0, 40, (40, 50)),
        rng.integers(0, 50, (40, 50)),
    )
    assert commonest_displacement(thrown) < 0.01


def test_coherence_is_whole_for_a_copy_and_nothing_for_scattered_pixels() -> None:
    assert coherence(SourceMap.identity("works", 0, 50, 40)) == 1
    two_seams = shifted(20, 25)  # one row and one column of joints
    assert coherence(two_seams) == 1 - (50 + 40) / (39 * 50 + 40 * 49)
    rows, columns = np.mgrid[:40, :50]
    upside_down = SourceMap((Slot("works", 0, 50, 40),), np.zeros((40, 50), int), 39 - rows, 49 - columns)
    assert coherence(upside_down) == 0
    assert coherence(SourceMap.identity("works", 0, 1, 1)) == 1


def test_a_copy_is_told_from_the_pictures_alone() -> None:
    source = texture()
    source[:20] = 0.5  # a flat sky is everywhere alike, and must not hide the copy
    assert identity_share(nearest_places(source, source), tolerance=0) == 1
    rolled = nearest_places(np.roll(texture(), 40, axis=1), texture())
    assert identity_share(rolled) < 0.05
    assert commonest_displacement(rolled) > 0.35
    assert coherence(rolled) > 0.8


def test_a_mirrored_copy_is_told_from_the_pictures_alone() -> None:
    found = nearest_places(np.ascontiguousarray(texture()[:, ::-1]), texture())
    assert identity_share(found) < 0.1
    assert commonest_displacement(found) == 1


def test_places_are_told_in_a_result_of_another_size() -> None:
    found = nearest_places(texture()[10:40, 5:60], texture())
    assert np.array_equal(found.row[0], np.full(found.width, 10))
    assert commonest_displacement(found) == 1


def test_diversity_is_nothing_for_one_picture_thrice() -> None:
    source = texture()
    assert diversity([source] * 3, source) == pytest.approx(0, abs=1e-6)
    others = [texture(seed=seed) for seed in (1, 2, 3, 4, 5, 6, 7, 8)]
    assert 0.7 < diversity(others, source) < 1.1


def test_blur_is_less_crisp_and_noise_more() -> None:
    source = texture()
    assert crispness(source[::-1], source) == pytest.approx(1, abs=1e-5)
    assert crispness(gaussian_filter(source, (1, 1, 0)), source) < 0.7
    assert crispness(source + np.random.default_rng(0).normal(0, 0.2, source.shape).astype(np.float32), source) > 1.3


def test_a_style_with_its_own_guides_has_no_guided_error() -> None:
    style, guide = texture(), texture(seed=3)
    assert guided_patch_error(style, style, [Guide(guide, guide, 1.0)], samples=200) == pytest.approx(0, abs=1e-6)


def test_guided_error_counts_look_and_guides_by_their_weights() -> None:
    flat, guide = np.full((30, 30, 3), 0.5, np.float32), np.zeros((30, 30, 1), np.float32)
    off_in_guide = guided_patch_error(flat, flat, [Guide(guide, guide + np.float32(0.1), 2.0)])
    assert off_in_guide == pytest.approx(2.0 * 25.5**2, rel=1e-4)
    off_in_look = guided_patch_error(flat + np.float32(0.1), flat, [Guide(guide, guide, 2.0)], weight=0.5)
    assert off_in_look == pytest.approx(0.5 * 25.5**2, rel=1e-4)
    three_greys = np.repeat(guide, 3, axis=2)
    coloured = guided_patch_error(flat, flat, [Guide(three_greys, three_greys + np.float32(0.1), 2.0)])
    assert coloured == pytest.approx(off_in_guide, rel=1e-4)


def test_guided_error_looks_through_the_whole_style() -> None:
    style, guide = texture(200, 120), texture(200, 120, seed=5)
    there = np.s_[170:195, 80:115]  # a piece from the last rows is found again
    output, target = style[there], guide[there]
    assert guided_patch_error(output, style, [Guide(guide, target, 1.0)], samples=50) == pytest.approx(0, abs=1e-3)
