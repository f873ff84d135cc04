"""What a studio holds of people is listed with its place, and can be taken along in a form that anybody can read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from palimpsest.errors import FileRefused, NotFound
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.forgetting import forget, plan_works
from palimpsest.studio.performing import perform
from palimpsest.studio.portraying import portray
from palimpsest.studio.privacy import holding, holding_json, holding_lines, write_archive
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.studio.conftest import picture


def photo() -> bytes:
    """A photograph that says where it was taken, with what, and by whom."""
    image = Image.fromarray(np.random.default_rng(5).integers(0, 256, (20, 30, 3), np.uint8))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Kamera"
    exif[ExifTags.Base.Artist] = "Maria Kovács"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (47.0, 30.0, 0.0), 3: "E", 4: (19.0, 3.0, 0.0)})
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.fixture
def works(studio: Studio) -> tuple[str, str]:
    taken, _ = add_bytes(studio, photo(), "holiday.jpg", Said(makers=("Maria Kovács",), licence="CC0-1.0"))
    other, _ = add_bytes(studio, picture(1), "other.png", Said(makers=("Somebody Else",), licence="CC0-1.0"))
    perform(studio, "crop", {"work": [taken]}, {"left": 0.5})
    portray(studio, other, ["Tom"], "given")
    return taken, other


def test_everything_personal_is_listed(studio: Studio, works: tuple[str, str]) -> None:
    taken, other = works
    held = holding(studio)
    assert held.people["Maria Kovács"] == {"maker": 1}
    assert held.people["Tom"] == {"shown": 1}
    assert held.people["Ada"]["acts"] == 1
    assert [(each["work"], each["people"], each["consent"]) for each in held.shown] == [(other, ["Tom"], "given")]
    assert held.not_looked_at == 2
    said = {(each.about, each.name) for each in held.metadata[taken]}
    assert {("place", "GPS"), ("device", "Make"), ("person", "Artist")} <= said
    assert any(each.value.startswith("47.50000°") for each in held.metadata[taken])
    assert list(held.metadata) == [taken], "what is made here carries nothing"
    lines = "\n".join(holding_lines(held))
    assert "WITH A PLACE" in lines
    assert "faces not checked in 2 works" in lines
    assert json.loads(json.dumps(holding_json(held)))["acts"] == 1


def test_the_archive_of_a_person_holds_what_concerns_them_and_no_more(
    studio: Studio, works: tuple[str, str], tmp_path: Path
) -> None:
    taken, other = works
    counts = write_archive(studio, tmp_path / "maria.zip", "maria kovács")
    with zipfile.ZipFile(tmp_path / "maria.zip") as archive:
        names = set(archive.namelist())
        assert archive.read(f"pictures/{taken}.jpg") == photo()
        assert not any(other in name for name in names)
        assert "Artist" in archive.read(f"pictures/{taken}.metadata.json").decode()
        records = json.loads(archive.read("records.json"))
        assert "maria kovács" in archive.read("READ ME.txt").decode()
    assert counts == {"records": len(records), "pictures": 1}
    assert "Somebody Else" not in json.dumps(records)


def test_the_archive_of_everybody_holds_all_records(studio: Studio, works: tuple[str, str], tmp_path: Path) -> None:
    write_archive(studio, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.testzip() is None
        assert f"pictures/{works[1]}.png" in archive.namelist()
        assert {each["kind"] for each in json.loads(archive.read("records.json"))} >= {
            "work",
            "act",
            "person",
            "portrayal",
        }
        assert json.loads(archive.read("overview.json"))["people"]["Tom"] == {"shown": 1}


def test_an_archive_is_refused_where_something_stands_or_nobody_is_meant(
    studio: Studio, works: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "there.zip").write_bytes(b"mine")
    with pytest.raises(FileRefused):
        write_archive(studio, tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_bytes() == b"mine"
    with pytest.raises(FileRefused):
        write_archive(studio, tmp_path / "no folder" / "a.zip")
    with pytest.raises(NotFound):
        write_archive(studio, tmp_path / "nobody.zip", "Nobody Known")
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")] == ["there.zip"]
    del works


def test_what_was_erased_is_neither_listed_nor_archived(studio: Studio, works: tuple[str, str], tmp_path: Path) -> None:
    forget(studio, plan_works(studio, works))
    held = holding(studio)
    assert (held.shown, held.metadata, held.erased) == ((), {}, 2)
    assert write_archive(studio, tmp_path / "after.zip")["pictures"] == 0
    assert check(studio).damage == []


def test_a_damaged_file_is_named_and_the_rest_is_listed(studio: Studio, works: tuple[str, str]) -> None:
    (path,) = studio.folder.glob("objects/*/*.jpg")
    path.write_bytes(b"rotten")
    held = holding(studio)
    assert len(held.unreadable) == 1
    assert held.people["Tom"]
    del works
