"""The starter collection: works of art with what their museum says of them, where the build brought them along."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from palimpsest.studio import starter, starter_museum
from palimpsest.studio.finding import show
from palimpsest.studio.saying import Said, say
from palimpsest.studio.starter_museum import add_museum_works, museum_works
from palimpsest.studio.studio import Studio

LISTED = [
    {
        "file": "one.webp",
        "title": "A Bouquet",
        "makers": ["Clara Peeters"],
        "date": "ca. 1612",
        "page": "https://museum.example/1",
        "licence": "CC0-1.0",
        "credit": "A museum, Open Access",
    },
    {
        "file": "two.webp",
        "title": "A plaque",
        "makers": [],
        "date": "",
        "page": "https://museum.example/2",
        "licence": "CC0-1.0",
        "credit": "A museum, Open Access",
    },
]


@pytest.fixture
def art(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put two works of art in the place of what the build brings along."""
    folder = tmp_path / "art"
    folder.mkdir()
    for seed, each in enumerate(LISTED):
        noise = np.random.default_rng(seed).integers(0, 255, (40, 60, 3), np.uint8)
        Image.fromarray(noise).save(folder / str(each["file"]))
    (folder / "works.json").write_text(json.dumps(LISTED), encoding="utf-8")
    monkeypatch.setattr(starter_museum, "FOLDER", folder)
    return folder


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the studies few and small."""
    monkeypatch.setattr(starter, "studies", lambda _: ["study-weave"])
    monkeypatch.setattr(starter, "STUDY_SIZE", 64)


@pytest.mark.usefixtures("art")
def test_a_work_of_art_says_whose_it_is_and_where_it_comes_from(tmp_path: Path) -> None:
    with Studio.create(tmp_path / "studio", "Ada") as studio:
        plaque, bouquet = (show(studio, work) for work in add_museum_works(studio))
        assert bouquet.description is not None
        assert bouquet.description.title == "A Bouquet"
        assert bouquet.description.makers == ("Clara Peeters",)
        assert bouquet.description.date == "ca. 1612"
        assert bouquet.description.source == "A museum, Open Access, https://museum.example/1"
        assert bouquet.description.medium == bouquet.description.culture == ""
        assert [terms.licence for terms in bouquet.terms] == ["CC0-1.0"]
        assert plaque.description is not None
        assert plaque.description.makers == ()


@pytest.mark.usefixtures("art", "_short")
def test_works_of_art_come_last_so_that_they_hang_first_and_keep_what_a_person_said(tmp_path: Path) -> None:
    said: list[str] = []
    with Studio.create(tmp_path / "studio", "Ada") as studio:
        works = starter.fill(studio, said.append)
        assert [title for _, title in works][-2:] == ["A plaque", "A Bouquet"]
        assert said[-1] == "added 2 works of art"
        say(studio, works[-1][0], Said(title="Mine"))
        assert starter.fill(studio)[-1] == (works[-1][0], "Mine")


@pytest.mark.usefixtures("_short")
def test_without_works_of_art_the_collection_is_photographs_and_studies_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter_museum, "FOLDER", tmp_path / "nothing")
    said: list[str] = []
    with Studio.create(tmp_path / "studio", "Ada") as studio:
        assert len(starter.fill(studio, said.append)) == len(starter.PHOTOGRAPHS) + 1
    assert said[-1] == starter.WITHOUT_ART
    assert "\n" not in starter.WITHOUT_ART


def test_what_the_build_brought_along_is_whole() -> None:
    listed = museum_works()
    if not listed:
        pytest.skip("this installation was built without works of art")
    assert len({each.title for each in listed}) == len(listed) == 47
    assert {each.file for each in listed} == {file.name for file in starter_museum.FOLDER.glob("*.webp")}
    assert (starter_museum.FOLDER / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    for each in listed:
        assert each.title.strip()
        assert "&" not in f"{each.title}{each.makers}"
        assert each.page.rpartition("/")[2] == each.file.removeprefix("met-").removesuffix(".webp")
        with Image.open(starter_museum.FOLDER / each.file) as image:
            assert min(image.size) >= 390
