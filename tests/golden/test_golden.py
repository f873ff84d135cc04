"""Every technique still makes the picture that a person has looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from palimpsest.craft.technique import Technique
from palimpsest.lineage.records import Grade
from palimpsest.media.raster import Floats, Raster
from tests.golden.recipes import FOLDER, Golden, read, readme, recipe, works, write
from tests.laws.table import CATALOGUE, NAMES, cards, engine, engines_for

MOST = {Grade.EXACT: 0.0, Grade.SAME_DEVICE: 1.0, Grade.PERCEPTUAL: 8.0}
"""The largest mean difference for each grade, in levels of 255; the README says why."""


@pytest.mark.parametrize("name", NAMES)
def test_makes_its_reference_image(name: str, record: bool, tmp_path: Path) -> None:
    technique = CATALOGUE.get(name)
    for port in technique.ports.values():
        if port not in cards():
            pytest.skip(f"no engine fills the port {port}")
    if record:
        golden = recipe(technique)
        Image.fromarray(perform(technique, golden).pixels).save(FOLDER / f"{name}.png", optimize=True)
        write(golden)
        (FOLDER / "README.md").write_text(readme(on_file()), encoding="utf-8")
        return
    stored = read(name)
    if stored is None:
        pytest.fail(f"{name} has no reference image. Make one: pytest tests/golden --record -k {name}")
    if stored["version"] != technique.version:
        pytest.fail(f"the image is of version {stored['version']}, {name} of {technique.version}: record it anew")
    compare(technique, perform(technique, stored), tmp_path)


def test_the_page_tells_of_every_image() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == readme(on_file()), "record any of them anew"
    assert {file.stem for file in FOLDER.glob("*.png")} == {file.stem for file in FOLDER.glob("*.json")}


def test_the_images_stay_small() -> None:
    assert all(file.stat().st_size < 100_000 for file in FOLDER.glob("*.png"))


def perform(technique: Technique, golden: Golden) -> Raster:
    outcome = technique.run(
        works(technique, golden), golden["parameters"], engines=engines_for(technique), seed=golden["seed"]
    )
    return outcome.made[0].raster


def compare(technique: Technique, made: Raster, report: Path) -> None:
    """Fail when the picture is another one, and leave it, the reference and their difference in a folder."""
    with Image.open(FOLDER / f"{technique.name}.png") as image:
        reference = Raster(np.asarray(image))
    if reference.pixels.shape != made.pixels.shape:
        save(report, made=made, reference=reference)
        pytest.fail(f"expected {reference}, but got {made}; see {report}")
    difference = np.abs(reference.pixels.astype(np.float32) - made.pixels)
    most = MOST[grade(technique)]
    if difference.mean() > most:
        shown: Floats = np.clip(difference[..., :3] * 8 / 255, 0, 1)
        save(report, made=made, reference=reference, difference=Raster.from_floats(shown))
        pytest.fail(f"{difference.mean():.3g} of 255 levels off, and {most:g} are allowed; see {report}")


def grade(technique: Technique) -> Grade:
    """What the technique and its engines promise together."""
    promised = [getattr(engine(port), "card").grade for port in technique.ports.values()]  # noqa: B009 - an object
    return Grade.weakest([technique.grade, *promised])


def save(report: Path, **rasters: Raster) -> None:
    for name, raster in rasters.items():
        Image.fromarray(raster.pixels).save(report / f"{name}.png")


def on_file() -> list[Golden]:
    stored = [read(file.stem) for file in FOLDER.glob("*.json")]
    return [each for each in stored if each]
