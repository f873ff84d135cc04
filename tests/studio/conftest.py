"""A studio with a few pictures of our own, and the command line in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.settings import Settings
from palimpsest.studio.studio import Studio

COMMAND = (sys.executable, "-c", "import sys; from palimpsest.cli import main; sys.exit(main())")


def picture(seed: int, width: int = 12, height: int = 8) -> bytes:
    """A small PNG; each seed gives another."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return encode(Raster(pixels), "image/png")


def palimpsest(studio: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--studio", str(studio), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def listing(folder: Path) -> dict[str, bytes]:
    """Every file outside the index, with its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file() and "index" not in path.relative_to(folder).parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.create(tmp_path / "studio", "Ada", Settings(busy_seconds=30)) as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"picture {seed}.png" for seed in range(4)]
    for seed, file in enumerate(files):
        file.write_bytes(picture(seed))
    return files
