"""The guard: whatever a file does to the process that opens it, the studio gets an answer in time."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from palimpsest.errors import ImageRefused, ImageTooLarge, PalimpsestError
from palimpsest.media import guard as module
from palimpsest.media.codecs import FORMATS, decode, encode
from palimpsest.media.guard import Guard
from palimpsest.media.inspection import Inspection, inspect, thumbnail
from palimpsest.media.raster import Raster
from palimpsest.settings import Settings
from tests.media.makers import drawing, mutants, png, random_raster

SETTINGS = Settings(decode_seconds=20, decode_megabytes=1024, thumbnail_pixels=16)
GOOD = encode(Raster(drawing()), "image/png")


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(SETTINGS) as guard:
        yield guard


def child_of(guard: Guard) -> int:
    child = guard._child
    assert child
    return child.pid


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("media_type", [each.media_type for each in FORMATS])
@pytest.mark.parametrize(("channels", "bits"), [(3, 8), (4, 8), (4, 16)])
def test_the_child_sees_what_the_parent_would(guard: Guard, media_type: str, channels: int, bits: int) -> None:
    data = encode(random_raster(np.random.default_rng(1), 40, 30, channels, bits), media_type)
    found = guard.inspect(data, "it")
    assert found == inspect(data, "it", SETTINGS.pixel_limit, SETTINGS.thumbnail_pixels)
    assert (found.media_type, found.width, found.height) == (media_type, 40, 30)
    assert found.pixels == decode(data, "it", 10**6).digest


def test_refusals_come_through_as_they_are(guard: Guard) -> None:
    with pytest.raises(ImageTooLarge) as large:
        guard.inspect(png(60_000, 60_000, bytes(9)), "große Datei.png")
    assert (large.value.width, large.value.limit) == (60_000, SETTINGS.pixel_limit)
    with pytest.raises(ImageRefused, match=r"^große Datei\.png: .* but it is empty"):
        guard.inspect(b"", "große Datei.png")


def test_one_child_opens_all_files(guard: Guard) -> None:
    guard.inspect(GOOD, "it")
    first = child_of(guard)
    for data in (b"", GOOD[:90], b"junk", GOOD):
        try:
            guard.inspect(data, "it")
        except ImageRefused:
            continue
    assert child_of(guard) == first


def test_threads_may_share_a_guard(guard: Guard) -> None:
    files = [encode(Raster(drawing(20 + index, 20)), "image/png") for index in range(24)]
    with ThreadPoolExecutor(12) as pool:
        widths = [found.width for found in pool.map(lambda data: guard.inspect(data, "it"), files)]
    assert widths == list(range(20, 44))


def test_closing_leaves_no_process_behind() -> None:
    with Guard(SETTINGS) as guard:
        guard.inspect(GOOD, "it")
        pid = child_of(guard)
    assert is_gone(pid)
    assert guard.inspect(GOOD, "it").width == 48
    guard.close()
    guard.close()


def test_a_guard_that_opens_nothing_starts_nothing() -> None:
    with Guard(SETTINGS) as guard:
        assert guard._child is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_child_that_died_in_the_meantime_is_replaced() -> None:
    with Guard(SETTINGS) as guard:
        guard.inspect(GOOD, "it")
        pid = child_of(guard)
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert guard.inspect(GOOD, "it").width == 48
        assert is_gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_decoder_that_hangs_is_stopped_in_time() -> None:
    with Guard(replace(SETTINGS, decode_seconds=1)) as guard:
        guard.inspect(GOOD, "it")
        os.kill(child_of(guard), signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(ImageRefused, match="but opening it took longer than 1 seconds"):
            guard.inspect(GOOD, "it")
        assert time.monotonic() - start < 10
        assert guard.inspect(GOOD, "it").width == 48


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_decoder_that_crashes_refuses_the_file_and_the_next_is_opened() -> None:
    with Guard(SETTINGS) as guard:
        guard.inspect(GOOD, "it")
        pid = child_of(guard)
        os.kill(pid, signal.SIGSTOP)
        crash = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
        crash.start()
        with pytest.raises(ImageRefused, match="but the decoder gave up on it: signal 9"):
            guard.inspect(GOOD, "it")
        crash.join()
        assert guard.inspect(GOOD, "it").width == 48


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on memory")
def test_what_takes_too_much_memory_is_refused() -> None:
    flat = png(8_000, 8_000, bytes(8_000 * 24_001))
    with Guard(replace(SETTINGS, decode_megabytes=256)) as guard:
        with pytest.raises(ImageRefused, match=r"too much memory|gave up on it"):
            guard.inspect(flat, "it")
        assert guard.inspect(GOOD, "it").width == 48
        sixteen = encode(random_raster(np.random.default_rng(1), 9, 9, 3, 16), "image/png")
        assert guard.inspect(sixteen, "it").bits == 16


def test_a_child_that_cannot_start_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_environment", lambda: os.environ | {"PYTHONHOME": "/nowhere"})
    with (
        pytest.raises(PalimpsestError, match="expected the process that opens images to start"),
        Guard(SETTINGS) as guard,
    ):
        guard.inspect(GOOD, "it")


def test_modules_in_the_current_folder_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "PIL", "numpy", "palimpsest"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    with Guard(SETTINGS) as guard:
        assert guard.inspect(GOOD, "it").width == 48


def test_the_child_starts_fast_and_light() -> None:
    listing = "import sys, palimpsest.media.guard; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not {"cv2", "tifffile", "scipy", "pydantic", "skimage", "sqlalchemy", "multiprocessing"} & set(loaded)


def test_a_thumbnail_is_small_and_keeps_shape_and_alpha() -> None:
    pixels = random_raster(np.random.default_rng(1), 900, 300, 4, 16)
    with Image.open(io.BytesIO(thumbnail(pixels, 60))) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (60, 20), "RGBA")
    with Image.open(io.BytesIO(thumbnail(Raster(drawing(5, 4)), 60))) as image:
        assert image.size == (5, 4)
    with Image.open(io.BytesIO(thumbnail(Raster(np.zeros((1, 5000, 3), np.uint8)), 60))) as image:
        assert image.size == (60, 1)


def test_a_guard_outlives_a_thousand_damaged_files(guard: Guard) -> None:
    rng = np.random.default_rng(8)
    guard.inspect(GOOD, "it")
    before = child_of(guard)
    for media_type in [each.media_type for each in FORMATS]:
        for mutant in mutants(encode(random_raster(rng, 23, 17, 3, 8), media_type), rng, 150):
            opened_or_refused(guard, mutant)
    assert child_of(guard) == before


@pytest.mark.parametrize("folder", ["fuzzed", "pillow"])
def test_hostile_files_are_opened_or_refused_in_one_line(
    folder: str, shared: Path, guard: Guard, capfd: pytest.CaptureFixture[str]
) -> None:
    guard.inspect(GOOD, "it")
    before, start, opened = child_of(guard), time.monotonic(), 0
    files = sorted(path for path in (shared / "hostile" / folder).iterdir() if path.is_file())
    for path in files:
        opened += opened_or_refused(guard, path.read_bytes())
    assert child_of(guard) == before, "a file ended the child"
    assert 0 < opened < len(files)
    assert time.monotonic() - start < 120
    assert capfd.readouterr() == ("", "")


def opened_or_refused(guard: Guard, data: bytes) -> bool:
    problem = ""
    try:
        found = guard.inspect(data, "it")
        assert isinstance(found, Inspection)
    except ImageRefused as refusal:
        problem = refusal.problem
    assert "gave up" not in problem
    assert "longer than" not in problem
    assert problem.isprintable()
    return not problem
