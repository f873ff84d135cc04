"""Our exports in a second reader: the npm package of the C2PA library, as WebAssembly.

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

import pytest

from palimpsest.ethics.manifest import Show
from palimpsest.media.formats import FORMATS
from palimpsest.studio.exporting import export
from palimpsest.studio.identity import ROOT
from palimpsest.studio.stating import Wish
from palimpsest.studio.studio import Studio
from tests.studio.giving import cropped, keeping, photo, restyled

HERE = Path(__file__).parent
PLACE = Path(os.environ.get("SECOND_READER", Path(sys.prefix) / "second-reader"))
CARRIERS = [each for each in FORMATS if each.name != "BMP"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed, so there is no second reader"),
    pytest.mark.skipif(
        not (PLACE / "node_modules" / "@contentauth").is_dir(),
        reason=f"the second reader is not installed in {PLACE}: `make reader` does that, where npm is there",
    ),
]


def _read(root: Path | None, files: Sequence[tuple[str, Path]]) -> list[dict[str, Any]]:
    """Ask the second reader about files."""
    shutil.copyfile(HERE / "read.mjs", PLACE / "read.mjs")  # it finds its library beside itself
    named = [word for media_type, file in files for word in (media_type, str(file))]
    command = ["node", str(PLACE / "read.mjs"), str(root) if root else "-", *named]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture
def studio(tmp_path: Path) -> Any:  # noqa: ANN401 - a studio that is closed afterwards
    with Studio.create(tmp_path / "studio", "Ada") as opened:
        yield opened


def test_it_finds_every_export_intact_and_trusted_by_the_local_root_alone(studio: Studio, tmp_path: Path) -> None:
    works = [cropped(studio, photo(studio)), restyled(studio, photo(studio), photo(studio, 1, "A style"))]
    files = []
    for kind in CARRIERS:
        for show in Show:
            for number, work in enumerate(works):
                file = tmp_path / f"{number}-{show}{kind.suffixes[0]}"
                export(studio, work, file, Wish(show), keeping(tmp_path))
                files.append((kind.media_type, file))
    known = _read(keeping(tmp_path).own / ROOT, files)
    assert {each["state"] for each in known} == {"Trusted"}
    assert len(known) == len(files) == len(CARRIERS) * 6
    strangers = _read(None, files)
    assert {each["state"] for each in strangers} == {"Valid"}


def test_it_finds_what_was_changed(studio: Studio, tmp_path: Path) -> None:
    files = []
    for kind in CARRIERS:
        file = tmp_path / f"out{kind.suffixes[0]}"
        export(studio, cropped(studio, photo(studio)), file, keeping=keeping(tmp_path))
        data = bytearray(file.read_bytes())
        data[-20] ^= 1
        file.write_bytes(data)
        files.append((kind.media_type, file))
    assert {each["state"] for each in _read(keeping(tmp_path).own / ROOT, files)} <= {"Invalid", "Unreadable"}
