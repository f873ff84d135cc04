"""The catalogue of techniques."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.errors import NotFound, UsageRefused


def entry(name: str, value: str = "palimpsest.techniques.crop:crop") -> EntryPoint:
    return EntryPoint(name, value, "palimpsest.techniques")


def test_finds_a_technique_by_its_file() -> None:
    catalogue = Catalogue(extras=())
    assert "crop" in catalogue
    assert catalogue.names == tuple(sorted(catalogue.names))
    assert catalogue.get("crop").name == "crop"
    assert [each.name for each in catalogue] == list(catalogue.names)


def test_listing_imports_no_technique() -> None:
    code = (
        "import sys; from palimpsest.craft.catalogue import Catalogue; c = Catalogue();"
        "assert c.names and all(c.summary(n) for n in c.names);"
        "print([m for m in sys.modules if m.startswith('palimpsest.techniques.')"
        " or m in ('scipy', 'numba', 'onnxruntime', 'cv2', 'skimage')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_getting_one_imports_just_that_one() -> None:
    code = (
        "import sys; from palimpsest.craft.catalogue import Catalogue; Catalogue().get('crop');"
        "print([m for m in sys.modules if m.startswith('palimpsest.techniques.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['palimpsest.techniques.crop']"


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(NotFound, match="Did you mean 'crop'") as missing:
        Catalogue(extras=()).get("corp")
    assert missing.value.what == "technique"
    with pytest.raises(NotFound, match="lists all there are") as missing:
        Catalogue(extras=()).get("qqqqqq")
    assert "Did you mean" not in str(missing.value)


def test_other_packages_add_theirs() -> None:
    catalogue = Catalogue(extras=(entry("pack/trim"),))
    assert "pack/trim" in catalogue.names
    assert catalogue.get("pack/trim").name == "pack/trim"
    assert catalogue.summary("pack/trim") == Catalogue(extras=()).summary("crop")


@pytest.mark.parametrize("names", [["crop"], ["trim"], ["pack/trim", "pack/trim"]])
def test_refuses_a_name_that_is_taken_or_without_its_pack(names: list[str]) -> None:
    with pytest.raises(UsageRefused, match="pack/name"):
        assert Catalogue(extras=tuple(entry(name) for name in names)).names


def test_refuses_what_is_no_technique() -> None:
    catalogue = Catalogue(extras=(entry("pack/wrong", "palimpsest.techniques.crop:Annotated"),))
    with pytest.raises(UsageRefused, match="expected a technique"):
        catalogue.get("pack/wrong")


def test_a_file_that_declares_nothing_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "odd_techniques"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "_shared.py").touch()
    (package / "half_done.py").write_text("half = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    catalogue = Catalogue("odd_techniques", extras=())
    assert catalogue.names == ("half-done",)
    assert catalogue.summary("half-done") == ""
    with pytest.raises(UsageRefused, match="half-done"):
        catalogue.get("half-done")
