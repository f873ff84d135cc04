"""Framing works for a wall: true size and where it is from, what is said of the work, and who has to agree."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from palimpsest.errors import Erased, FileRefused, HeldBack, ParameterRefused, TermsRefused, UsageRefused
from palimpsest.ethics.manifest import Show
from palimpsest.library import queries
from palimpsest.lineage.records import Description, read_record
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.captions import caption
from palimpsest.studio.crediting import credits
from palimpsest.studio.finding import show
from palimpsest.studio.forgetting import forget, plan_works
from palimpsest.studio.framing import FRAMES, Framing, Model, framed_model, write_model
from palimpsest.studio.portraying import portray
from palimpsest.studio.saying import Said, say
from palimpsest.studio.sizing import size_from
from palimpsest.studio.stating import Wish
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import tell
from tests.media.test_framed_models import opened
from tests.studio.conftest import listing, palimpsest
from tests.studio.giving import cropped, photo, photograph, restyled

PRIVATE = (b"Telephone", b"Grace Private", b"secret", b"2026:01:02", b"Exif")


def picture_in(model: Model) -> bytes:
    document, binary = opened(model.data)
    view = document["bufferViews"][document["images"][0]["bufferView"]]
    return binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]


def extras(model: Model) -> dict[str, Any]:
    said: dict[str, Any] = opened(model.data)[0]["asset"]
    return said


def large(studio: Studio, longest: int) -> str:
    pixels = np.zeros((longest // 2, longest, 3), np.uint8)
    return add_bytes(studio, encode(Raster(pixels), "image/png"), "large.png", Said(licence="CC0-1.0"))[0]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("suffix", [".glb", ".usdz", ".GLB"])
def test_a_work_is_framed_in_every_way(frame: str, suffix: str, studio: Studio) -> None:
    model = framed_model(studio, photo(studio), suffix, Framing(frame, width_mm=400))
    assert (model.size.width, model.size.height, model.size.basis) == (400, 360, "asked")
    assert model.outer[0] >= 0.4
    assert not [word for word in PRIVATE if word in model.data]
    assert len(model.removed) == 1


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("73x92cm", (920, 730)),
        ("73,7 × 92.1 cm", (921, 737)),
        ("730 x 920 mm", (920, 730)),
        ('28.75x36"', (914, 730)),
        ("1 m x 2 m", (2000, 1000)),
    ],
)
def test_a_size_is_read_as_labels_have_it_height_first(text: str, size: tuple[int, int]) -> None:
    assert size_from(text) == size


@pytest.mark.parametrize(
    "text", ["", "73", "73x92", "0x5cm", "x5cm", "-3x5cm", "3x5km", "1e3x5cm", "500x500m", "5x5cm²"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ParameterRefused, match="height × width"):
        size_from(text)


def test_the_size_on_record_holds_and_stands_in_the_caption(studio: Studio) -> None:
    work = photo(studio, said=Said(title="Sea", medium="Oil on canvas", licence="CC0-1.0", size_mm=(1000, 900)))
    assert framed_model(studio, work).size.words == "90 × 100 cm, on record"
    said = show(studio, work).description
    assert said is not None
    assert said.size_mm == (1000, 900)
    assert show(studio, work).as_json()["size_mm"] == [1000, 900] or show(studio, work).as_json()["size_mm"] == (
        1000,
        900,
    )
    told = tell(studio, work)
    assert caption(told, credits(studio, told)).technique == "Oil on canvas, 90 × 100 cm"
    say(studio, work, Said(title="The sea"))
    assert framed_model(studio, work).size.basis == "recorded"
    say(studio, work, Said(size_mm=(500, 300)))
    assert framed_model(studio, work).size.words == (
        "30 × 33.3 cm, to fit the 30 × 50 cm on record, whose proportions are not the picture's"
    )


def test_a_size_that_lies_where_the_picture_stands_is_refused(studio: Studio) -> None:
    upright = encode(Raster(np.zeros((40, 20, 3), np.uint8)), "image/png")
    with pytest.raises(ParameterRefused, match="Did you mean 92 × 73 cm"):
        add_bytes(studio, upright, "upright.png", Said(size_mm=(920, 730)))
    work, _ = add_bytes(studio, upright, "upright.png")
    with pytest.raises(ParameterRefused, match="upright"):
        say(studio, work, Said(size_mm=(920, 730)))
    with pytest.raises(ParameterRefused, match="1 mm to 100 m"):
        say(studio, work, Said(size_mm=(0, 730)))
    assert queries.descriptions_of(studio.library, work)[-1].size_mm is None


def test_descriptions_without_a_size_keep_their_digests() -> None:
    at = "2026-01-01T00:00:00.000000Z"
    plain = Description(work="0" * 64, title="Sea", by="ada", at=at)
    assert b"size" not in plain.canonical
    sized = Description(work="0" * 64, title="Sea", size_mm=(920, 730), by="ada", at=at)
    assert read_record(sized.canonical) == sized
    assert read_record(sized.canonical).digest == sized.digest != plain.digest


@pytest.mark.parametrize(
    ("dpi", "words"),
    [
        (150, "10.2 × 20.3 cm, by the file's 150 dots per inch"),
        (72, "30 × 60 cm, assumed, 60 cm long side"),
        (96, "30 × 60 cm, assumed, 60 cm long side"),
        (2400, "30 × 60 cm, assumed, 60 cm long side"),
    ],
)
def test_a_files_resolution_is_believed_where_it_is_plausible(dpi: int, words: str, studio: Studio) -> None:
    file = io.BytesIO()
    Image.new("RGB", (1200, 600), "teal").save(file, "JPEG", dpi=(dpi, dpi))
    work, _ = add_bytes(studio, file.getvalue(), "scan.jpg", Said(licence="CC0-1.0"))
    assert framed_model(studio, work).size.words == words


def test_a_fine_picture_of_no_known_size_is_taken_for_300_dots_per_inch(studio: Studio) -> None:
    size = framed_model(studio, large(studio, 3000)).size
    assert (size.basis, size.words) == ("assumed", "12.7 × 25.4 cm, assumed, 300 dots per inch")


@pytest.mark.parametrize(
    ("width", "height", "refused"),
    [(0.5, None, "width"), (None, 10**6, "height"), (400, 400, "proportions"), (float("nan"), None, "width")],
)
def test_a_size_that_does_not_fit_is_refused(
    width: float | None, height: float | None, refused: str, studio: Studio
) -> None:
    with pytest.raises(ParameterRefused, match=refused):
        framed_model(studio, photo(studio), ".glb", Framing("thin", width, height))


def test_the_works_own_bytes_are_in_it_and_are_known_when_they_come_back(studio: Studio, tmp_path: Path) -> None:
    work = cropped(studio, photo(studio))
    model = write_model(studio, work, tmp_path / "out.glb")
    assert picture_in(model) == studio.library.image(queries.work(studio.library, work))
    taken = photo(studio, 5, "Another")
    stripped = picture_in(write_model(studio, taken, tmp_path / "other.glb"))
    assert stripped != photograph(5)
    assert add_bytes(studio, stripped, "back.jpg") == (taken, True)


def test_it_says_what_it_goes_back_to_and_names_the_person_only_if_they_want_it(studio: Studio) -> None:
    own = photo(studio, said=Said(title="Mine", makers=("Ada",), licence="own work"))
    work = restyled(studio, own, photo(studio, 1, "Waves"))
    quiet = framed_model(studio, work)
    said = extras(quiet)
    assert "Waves, by Grace, CC0-1.0" in said["extras"]["sources"][1] + said["extras"]["sources"][0]
    assert said["extras"]["made"] == "made partly by a trained model"
    assert b"Ada" not in quiet.data
    assert studio.person.id.encode() not in quiet.data
    loud = extras(framed_model(studio, work, wish=Wish(name="Ada Lovelace")))
    assert loud["extras"]["makers"] == ["Ada Lovelace"]
    assert "Ada Lovelace" in loud["copyright"]
    none = framed_model(studio, work, wish=Wish(Show.NONE))
    assert not [word for word in (b"Waves", b"Mine", b"Grace", work.encode()) if word in none.data]


def test_what_a_trained_model_had_a_part_in_is_marked(studio: Studio) -> None:
    work = restyled(studio, photo(studio), photo(studio, 1, "Waves"))
    model = framed_model(studio, work)
    assert model.marked
    assert any("invisible mark" in each for each in model.notes)
    assert picture_in(model) != studio.library.image(queries.work(studio.library, work))
    with Studio.open(studio.folder, Settings(mark=0)) as never:
        assert not framed_model(never, work).marked


def test_it_asks_who_an_export_asks_and_writes_nothing_before(studio: Studio, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    unstated = add_bytes(studio, photograph(3), "a.jpg")[0]
    with pytest.raises(TermsRefused):
        write_model(studio, unstated, tmp_path / "out.glb")
    shown = photo(studio, 4)
    portray(studio, shown, ["Jo"], "refused")
    with pytest.raises(TermsRefused, match="refused to be shown"):
        write_model(studio, shown, tmp_path / "out.glb")
    unsold = photo(studio, 6, said=Said(title="NC", makers=("Mary",), licence="CC-BY-NC-4.0"))
    with pytest.raises(TermsRefused):
        write_model(studio, unsold, tmp_path / "out.glb", wish=Wish(commercial=True))
    work = cropped(studio, photo(studio))
    with Studio.open(studio.folder, Settings(most_contained=10)) as strict, pytest.raises(HeldBack):
        write_model(strict, work, tmp_path / "out.glb")
    gone = photo(studio, 7)
    forget(studio, plan_works(studio, [gone]))
    with pytest.raises(Erased):
        write_model(studio, gone, tmp_path / "out.glb")
    assert sorted(tmp_path.iterdir()) == before


def test_bad_places_and_kinds_are_refused_before_anything_is_made(studio: Studio, tmp_path: Path) -> None:
    work, records = photo(studio), listing(studio.folder)
    with pytest.raises(UsageRefused, match="usdz"):
        write_model(studio, work, tmp_path / "out.obj")
    with pytest.raises(FileRefused):
        write_model(studio, work, tmp_path / "no" / "out.glb")
    with pytest.raises(ParameterRefused, match="gallery"):
        framed_model(studio, work, ".glb", Framing("baroque"))
    assert listing(studio.folder) == records


def test_the_command_line_says_which_size_it_was(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(photograph())
    studio.close()
    added = palimpsest(studio.folder, "add", str(tmp_path / "a.jpg"), "--size", "36x40cm", "--licence", "CC0-1.0")
    assert added.returncode == 0, added.stderr
    work = added.stdout[:12]
    assert "size      36 × 40 cm" in palimpsest(studio.folder, "show", work).stdout
    done = palimpsest(studio.folder, "wall", work, "-o", str(tmp_path / "a.usdz"), "--frame", "oak")
    assert done.returncode == 0, done.stderr
    assert "size: 36 × 40 cm, on record" in done.stdout
    asked = palimpsest(studio.folder, "wall", work, "-o", str(tmp_path / "a.glb"), "--height-cm", "18", "--json")
    answer = json.loads(asked.stdout)
    assert (answer["width_mm"], answer["height_mm"], answer["size_from"]) == (200, 180, "asked")
    assert (tmp_path / "a.glb").is_file()
    assert palimpsest(studio.folder, "wall", work, "-o", str(tmp_path / "a.obj")).returncode == 2
