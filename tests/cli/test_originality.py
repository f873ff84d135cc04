"""`palimpsest originality` as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from palimpsest.media.codecs import encode
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.studio import Studio
from tests.perception.likenesses import drawn, raster
from tests.studio.conftest import palimpsest


def _filled(folder: Path) -> Path:
    with Studio.create(folder / "studio", "Ada", Settings(busy_seconds=30)) as studio:
        for seed in (1, 2, 3):
            add_bytes(studio, encode(raster(drawn(seed)), "image/png"), f"work {seed}.png")
    return folder / "studio"


def test_a_file_is_judged_drawn_and_not_added(tmp_path: Path) -> None:
    studio, asked, chart = _filled(tmp_path), tmp_path / "asked.jpg", tmp_path / "overlap.png"
    Image.fromarray(np.ascontiguousarray(drawn(2)[:, ::-1])).save(asked, quality=50)
    said = palimpsest(studio, "originality", str(asked), "-o", str(chart))
    assert said.returncode == 0, said.stderr
    assert "copy  work 2" in said.stdout
    assert "A human decides." in said.stdout
    with Image.open(chart) as drawn_chart:
        assert drawn_chart.width > 1200
    found = palimpsest(studio, "--json", "originality", str(asked))
    answer = json.loads(found.stdout)
    assert answer["work"] is None
    assert answer["compared"] == 3
    assert answer["likenesses"][0]["verdict"] == "copy"
    assert answer["likenesses"][0]["mirrored"] is True
    assert len(json.loads(palimpsest(studio, "--json", "works").stdout)["works"]) == 3


def test_bad_input_has_a_word_and_leaves_nothing(tmp_path: Path) -> None:
    studio = _filled(tmp_path)
    (tmp_path / "text.png").write_bytes(b"no picture " * 20)
    for name, status in (("text.png", 2), ("absent.png", 4)):
        said = palimpsest(studio, "originality", str(tmp_path / name))
        assert said.returncode == status
        assert "Traceback" not in said.stderr
        assert len(said.stderr.strip().splitlines()) <= 2
    said = palimpsest(studio, "originality", "abcdef", "-o", str(tmp_path / "chart.xyz"))
    assert said.returncode == 2
    assert not (tmp_path / "chart.xyz").exists()
