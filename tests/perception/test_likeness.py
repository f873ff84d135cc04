"""Fingerprints, marks, words, composition and overlap: what edits leave of them, and what they say of even pictures."""

from __future__ import annotations

import numpy as np
import pytest

from palimpsest.media.raster import Raster
from palimpsest.perception import layout
from palimpsest.perception.fingerprints import TURNS, distances, fingerprint, laid_out, question
from palimpsest.perception.imprint import LIGHT_SIDE, SHORT, Imprint, ask, imprint
from palimpsest.perception.local_features import align, features, find
from palimpsest.perception.overlap import overlap, scaled, whole
from palimpsest.perception.reduction import grey, reduced
from palimpsest.perception.style_vector import NUMBERS, style_vector
from palimpsest.perception.words import votes
from tests.perception.likenesses import Pixels, drawn, raster, sized, turned

PICTURE = drawn(1)


def test_a_fingerprint_stays_when_the_picture_is_made_smaller_and_is_far_from_another() -> None:
    kept = fingerprint(PICTURE)
    apart = distances(question(sized(PICTURE, 160, 120)), kept.pdq[None], kept.phash[None])
    assert apart.pdq[0] <= 20
    assert apart.phash[0] <= 4
    other = distances(question(drawn(2)), kept.pdq[None], kept.phash[None])
    assert other.pdq[0] > 62


@pytest.mark.parametrize("laying", range(TURNS))
def test_a_turned_or_mirrored_picture_has_the_same_fingerprint_in_one_laying(laying: int) -> None:
    kept = fingerprint(PICTURE)
    asked = np.ascontiguousarray(laid_out(PICTURE, laying))
    apart = distances(question(asked), kept.pdq[None], kept.phash[None])
    assert apart.pdq[0] <= 31
    assert apart.phash[0] <= 2
    assert np.array_equal(laid_out(asked, int(apart.laying[0])), PICTURE)


def test_a_negative_is_known_by_the_complement() -> None:
    kept = fingerprint(PICTURE)
    apart = distances(question(255 - PICTURE), kept.pdq[None], kept.phash[None])
    assert apart.inverted[0] <= 31 < apart.pdq[0]


def test_marks_mirror_without_looking_again() -> None:
    mirrored, seen = features(PICTURE).mirrored, features(np.ascontiguousarray(PICTURE[:, ::-1]))
    found = align(mirrored, seen)
    assert found is not None
    assert found.inliers > 0.8 * len(seen)
    assert np.allclose(found.affine, [[1, 0, 0], [0, 1, 0]], atol=0.3)


def test_marks_find_a_turned_part_and_say_how_it_lies() -> None:
    part = turned(PICTURE[40:280, 60:380], 20)
    found = find(features(part), features(PICTURE))
    assert found is not None
    assert found.cells > 20
    assert not found.mirrored
    angle = np.degrees(np.arctan2(found.affine[1, 0], found.affine[0, 0]))
    assert abs(abs(angle) - 20) < 1


def test_a_mirrored_part_is_found_as_mirrored() -> None:
    found = find(features(np.ascontiguousarray(PICTURE[30:250, 50:350][:, ::-1])), features(PICTURE))
    assert found is not None
    assert found.mirrored
    assert np.linalg.det(found.affine[:, :2]) < 0


def test_different_pictures_have_no_marks_in_common() -> None:
    for seed in range(2, 8):
        found = find(features(drawn(seed)), features(PICTURE))
        assert found is None or found.cells <= 5


def test_stretching_beyond_twice_is_no_edit() -> None:
    found = align(features(sized(PICTURE, 400, 110)), features(PICTURE))
    assert found is None or found.cells < 7


def test_every_measure_is_the_same_each_time() -> None:
    one, other = (ask(raster(PICTURE)) for _ in range(2))
    assert one.imprint.as_bytes() == other.imprint.as_bytes()
    assert np.array_equal(one.question.pdq, other.question.pdq)
    found = [find(each.marks, imprint(raster(turned(PICTURE, 10))).marks) for each in (one, other)]
    assert found[0] is not None
    assert found[1] is not None
    assert np.array_equal(found[0].affine, found[1].affine)


def test_words_are_shared_with_the_same_picture_and_few_others() -> None:
    every = [imprint(raster(drawn(seed))) for seed in range(1, 9)]
    short = np.concatenate([each.short for each in every])
    for asked in (turned(PICTURE, 10), PICTURE[:, ::-1], PICTURE[:220, :300]):
        counted = votes(ask(raster(asked)).marks, short["words"], short["angles"], short["count"])
        assert counted.argmax() == 0
        assert counted[0] > 3 * counted[1:].max()


def test_the_overlap_is_the_part_that_is_shared() -> None:
    asked, kept = grey(PICTURE).copy(), grey(PICTURE)
    asked[:, 200:] = grey(drawn(5))[:, 200:]
    found = overlap(asked, kept, np.eye(3)[:2])
    assert 0.4 < found.share < 0.6
    assert 0.4 < found.contained < 0.6
    assert found.mask[:, :170].mean() > 0.95
    assert found.mask[:, 230:].mean() < 0.25
    assert found.alike > 0.9


def test_a_border_does_not_spoil_the_overlap_beside_it() -> None:
    asked = np.pad(grey(PICTURE), 40, constant_values=230)
    found = overlap(asked, grey(PICTURE), np.array([[1.0, 0, 40], [0, 1, 40]]))
    assert found.contained > 0.95
    assert abs(found.share - PICTURE[:, :, 0].size / asked.size) < 0.04


@pytest.mark.parametrize("laying", range(TURNS))
def test_the_whole_of_a_picture_is_laid_on_a_turned_one(laying: int) -> None:
    asked = grey(np.ascontiguousarray(laid_out(PICTURE, laying)))
    found = distances(question(np.ascontiguousarray(laid_out(PICTURE, laying))), *_kept())
    lies = whole((asked.shape[0], asked.shape[1]), (300, 400), int(found.laying[0]))
    assert overlap(asked, grey(PICTURE), lies).share > 0.97


def _kept() -> tuple[Pixels, Pixels]:
    kept = fingerprint(PICTURE)
    return kept.pdq[None], kept.phash[None]


def test_a_map_between_pictures_holds_at_other_sizes() -> None:
    lies = np.array([[0.5, 0.1, 20.0], [-0.1, 0.5, 30.0]])
    small = scaled(lies, 0.25, 0.5)
    place = np.array([80.0, 60.0, 1.0])
    assert np.allclose(small @ (place * [0.25, 0.25, 1]), 0.5 * (lies @ place))


def test_composition_is_the_same_mirrored_in_other_colours_and_not_in_another_picture() -> None:
    vectors = [
        layout.whole(layout.layout(np.ascontiguousarray(each)))
        for each in (PICTURE, PICTURE[:, ::-1], 255 - PICTURE, drawn(3))
    ]
    alike = layout.likeness(vectors[0], np.stack(vectors))
    assert alike[:3].min() > 0.95
    assert alike[3] < 0.5


def test_style_is_nearer_within_a_manner_than_between() -> None:
    soft = [style_vector(sized(sized(drawn(seed), 20, 15), 400, 300)) for seed in (1, 2)]
    crisp = [style_vector(drawn(seed)) for seed in (1, 2)]
    assert all(each.shape == (NUMBERS,) and np.isfinite(each).all() for each in (*soft, *crisp))
    assert np.linalg.norm(soft[0] - soft[1]) < np.linalg.norm(soft[0] - crisp[1])


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (900, 1, 4), (17, 17, 3), (2, 2, 4), (3000, 40, 3)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_even_and_tiny_pictures_are_measured_and_tell_nothing(shape: tuple[int, int, int], level: int) -> None:
    asked = ask(Raster(np.full(shape, level, np.uint8)))
    assert len(asked.marks) == 0
    assert int(asked.imprint.short["quality"][0]) < 50
    assert np.isfinite(asked.imprint.short["style"].astype(np.float32)).all()
    assert find(asked.marks, asked.marks) is None
    same = Imprint.from_bytes(*asked.imprint.as_bytes())
    assert np.array_equal(same.light, asked.imprint.light)


def test_a_picture_is_measured_as_it_looks_on_white() -> None:
    clear = np.zeros((300, 400, 4), np.uint16)
    clear[:, :, :3] = PICTURE.astype(np.uint16) * 257
    clear[:, 200:, 3] = 65535
    small = reduced(Raster(clear), 512)
    assert (small[:, :200] == 255).all()
    assert np.array_equal(small[:, 200:], PICTURE[:, 200:])


def test_a_large_picture_is_made_small_and_an_imprint_reads_back() -> None:
    kept = imprint(raster(np.tile(PICTURE, (8, 8, 1))))
    assert max(kept.light.shape) == LIGHT_SIDE
    short, long = kept.as_bytes()
    assert len(short) == SHORT.itemsize
    again = Imprint.from_bytes(short, long)
    assert np.array_equal(again.marks.descriptors, kept.marks.descriptors)
    assert np.abs(again.marks.places - kept.marks.places).max() < 0.01
    with pytest.raises(ValueError, match="buffer"):
        Imprint.from_bytes(short, long[:40])
