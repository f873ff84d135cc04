"""A command line to call, and files to call it with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from palimpsest.cli import main
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it answered
        """The answer as a value; that it is one document is part of every test that asks for it."""
        return json.loads(self.out)


Palimpsest = Callable[..., Said]


@pytest.fixture
def studio(tmp_path: Path) -> Path:
    """An empty studio."""
    folder = tmp_path / "studio"
    assert main(["init", str(folder), "--empty", "--artist", "Ada"]) == 0
    return folder


@pytest.fixture
def palimpsest(studio: Path, capsys: pytest.CaptureFixture[str]) -> Palimpsest:
    """Call the command line on the studio."""

    def call(*words: object) -> Said:
        capsys.readouterr()
        status = main(["--studio", str(studio), *map(str, words)])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return call


def painted(number: int, width: int = 40, height: int = 30) -> bytes:
    """Return a small PNG that no other number gives."""
    rng = np.random.default_rng(number)
    return encode(Raster(rng.integers(0, 256, (height, width, 3), np.uint8)), "image/png")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """An image file."""
    file = tmp_path / "photo of a cat.png"
    file.write_bytes(painted(1))
    return file


def snapshot(folder: Path) -> dict[str, int]:
    """Return what a studio holds, thumbnails and SQLite's own working files left out."""
    files = (file for file in folder.rglob("*") if file.is_file() and "index" not in file.relative_to(folder).parts)
    return {str(file.relative_to(folder)): file.stat().st_size for file in files}
