"""The technique of the how-to page is put into a package of its own, found there, and performed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.technique import Technique
from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from tests.docs.fences import DOCS, blocks

PAGE = DOCS / "how-to-add-a-technique.md"


@pytest.fixture
def fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Technique:
    package = tmp_path / "added_techniques"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "fold.py").write_text(blocks(PAGE, "python")[0], encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    catalogue = Catalogue(package="added_techniques", extras=())
    assert catalogue.names == ("fold",)
    assert catalogue.summary("fold") == "Mirror one half of a work onto the other."
    return catalogue.get("fold")


@pytest.mark.parametrize("width", [1, 4, 5])
@pytest.mark.parametrize("keep", ["left", "right"])
def test_the_example_folds(fold: Technique, width: int, keep: str) -> None:
    pixels = np.arange(2 * width * 3, dtype=np.uint8).reshape(2, width, 3)
    made = fold.run({"work": Raster(pixels)}, {"keep": keep}).made[0]
    assert np.array_equal(made.raster.pixels, made.raster.pixels[:, ::-1])
    side = slice(0, (width + 1) // 2) if keep == "left" else slice(width // 2, None)
    assert np.array_equal(made.raster.pixels[:, side], pixels[:, side])
    assert made.shares == {"work": [1.0]}


def test_the_example_refuses_what_is_out_of_range(fold: Technique) -> None:
    with pytest.raises(ParameterRefused, match="'left' or 'right'"):
        fold.resolve({"keep": "top"})


def test_it_takes_six_lines() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [line[:2] for line in text.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5.", "6."]
