"""Models of framed works before the Khronos validator of glTF, in every frame and from every format of picture.

`make test` installs it into `.venv/second-reader` where npm and its registry are there; else these tests skip and say why.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from palimpsest.media.codecs import encode
from palimpsest.media.formats import FORMATS
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.framing import FRAMES, Framing, write_model
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.studio.giving import photo

HERE = Path(__file__).parent
PLACE = Path(os.environ.get("SECOND_READER", Path(sys.prefix) / "second-reader"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("node") is None, reason="node is not installed, so there is no validator of models"
    ),
    pytest.mark.skipif(
        not (PLACE / "node_modules" / "gltf-validator").is_dir(),
        reason=f"the validator of models is not installed in {PLACE}: `make reader` does that, where npm is there",
    ),
]


def _validated(files: Sequence[Path]) -> list[dict[str, Any]]:
    shutil.copyfile(HERE / "validate.mjs", PLACE / "validate.mjs")  # it finds its library beside itself
    command = ["node", str(PLACE / "validate.mjs"), *map(str, files)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(found) == len(files)
    return found


def _sound(found: dict[str, Any]) -> bool:
    counts = found["errors"], found["warnings"], found["hints"]
    said = {each.partition(" ")[0] for each in found["said"]}
    return counts == (0, 0, 0) and said <= {"IMAGE_NPOT_DIMENSIONS"}


@pytest.fixture
def studio(tmp_path: Path) -> Any:  # noqa: ANN401 - a studio that is closed afterwards
    with Studio.create(tmp_path / "studio", "Ada") as opened:
        yield opened


def test_it_finds_nothing_wrong_with_any_frame_or_size(studio: Studio, tmp_path: Path) -> None:
    work, files = photo(studio, title='A "title" \\ é 海'), []
    for frame in FRAMES:
        for width in (30, 450, 9000):
            files.append(tmp_path / f"{frame}-{width}.glb")
            write_model(studio, work, files[-1], Framing(frame, width))
    assert [each for each in _validated(files) if not _sound(each)] == []


def test_it_finds_nothing_wrong_with_a_picture_of_any_format(studio: Studio, tmp_path: Path) -> None:
    files = []
    pixels = np.random.default_rng(3).integers(0, 65536, (48, 64, 4), np.uint16)
    for kind in FORMATS:
        for bits in (8, 16):
            raster = Raster(pixels if bits == 16 else (pixels >> 8).astype(np.uint8))
            work, _ = add_bytes(studio, encode(raster, kind.media_type), "a", Said(licence="CC0-1.0"))
            files.append(tmp_path / f"{kind.name}-{bits}.glb")
            write_model(studio, work, files[-1])
    assert [each for each in _validated(files) if not _sound(each)] == []


def test_it_finds_what_is_wrong(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "broken.glb"
    write_model(studio, photo(studio), file)
    data = file.read_bytes()
    file.write_bytes(data.replace(b'"componentType":5126', b'"componentType":5123', 1))
    assert not _sound(_validated([file])[0])
