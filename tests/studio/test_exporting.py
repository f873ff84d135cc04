"""What goes out: scrubbed, marked, signed; shown before; as much of the lineage as the person wants to show."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from palimpsest.errors import IdentityRefused, TermsRefused
from palimpsest.ethics.credentials import Found, read
from palimpsest.ethics.manifest import Show
from palimpsest.library import queries
from palimpsest.lineage.records import Use, Work
from palimpsest.media.codecs import decode, encode
from palimpsest.media.formats import FORMATS
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.exporting import CREDENTIALS, SIDECAR, Exported, export
from palimpsest.studio.identity import KEY, anchors, new_identity
from palimpsest.studio.performing import raster_of
from palimpsest.studio.portraying import portray
from palimpsest.studio.previewing import preview
from palimpsest.studio.saying import Said
from palimpsest.studio.stating import Wish
from palimpsest.studio.studio import Studio
from palimpsest.studio.verifying import verify
from tests.ethics.signing import signed
from tests.studio.conftest import listing
from tests.studio.giving import REFUSES_LEARNING, cropped, keeping, photo, restyled

PRIVATE = (b"Telephone", b"Grace Private", b"secret", b"2026:01:02", b"Exif")


def _found(done: Exported, folder: Path) -> Found:
    media_type = next(each.media_type for each in FORMATS if done.file.suffix in each.suffixes)
    store = done.credentials.read_bytes() if done.credentials else None
    return read(done.file.read_bytes(), media_type, anchors(keeping(folder)), store)


def _actions(found: Found) -> list[dict[str, Any]]:
    (assertion,) = [each for each in found.active["assertions"] if each["label"].startswith("c2pa.actions")]
    actions: list[dict[str, Any]] = assertion["data"]["actions"]
    return actions


@pytest.mark.parametrize("suffix", [each.suffixes[0] for each in FORMATS])
def test_every_format_leaves_signed_scrubbed_and_is_known_when_it_comes_back(
    suffix: str, studio: Studio, tmp_path: Path
) -> None:
    work = cropped(studio, photo(studio))
    done = export(studio, work, tmp_path / f"out{suffix}", keeping=keeping(tmp_path))
    data = done.file.read_bytes()
    assert _found(done, tmp_path).state == "Trusted"
    assert (done.credentials is not None) == (suffix == ".bmp")
    assert not [word for word in PRIVATE if word in data]
    verdict = verify(studio, done.file, keeping(tmp_path))
    assert (verdict.known, verdict.intact, verdict.sound, verdict.trusted) == (work, True, True, True)
    stranger = verify(None, done.file, keeping(tmp_path / "elsewhere"))
    assert (stranger.intact, stranger.trusted) == (True, False)


def test_the_pixels_are_those_of_the_work_where_no_model_took_part(studio: Studio, tmp_path: Path) -> None:
    work = cropped(studio, photo(studio))
    done = export(studio, work, tmp_path / "out.png", keeping=keeping(tmp_path))
    assert not done.marked
    assert decode(done.file.read_bytes(), "out", 10**7) == raster_of(studio, work)


def test_what_was_left_out_is_told(studio: Studio, tmp_path: Path) -> None:
    done = export(studio, cropped(studio, photo(studio)), tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert len(done.removed) == 1
    for word in (
        "A photo: ",
        "place where it was taken",
        "camera",
        "name of a person",
        "date and time",
        "comment",
        "XMP",
    ):
        assert word in done.removed[0]


def test_a_preview_says_it_all_and_writes_nothing(studio: Studio, tmp_path: Path) -> None:
    work = restyled(studio, photo(studio), photo(studio, 1, "A style"))
    before = listing(studio.folder)
    shown = preview(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert listing(studio.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["studio"]
    said = "\n".join(shown.reveals)
    for word in (
        "A photo, by Grace",
        "invisible mark",
        "compositeWithTrainedAlgorithmicMedia",
        "nobody is named",
        "stylize",
    ):
        assert word in said
    assert any("place where it was taken" in each for each in shown.strips)


def test_the_person_is_named_only_if_they_want_it(studio: Studio, tmp_path: Path) -> None:
    own = photo(studio, said=Said(title="Mine", makers=("Ada",), licence="own work"))
    work = cropped(studio, own)
    quiet = export(studio, work, tmp_path / "quiet.jpg", keeping=keeping(tmp_path))
    for file in (quiet.file, quiet.sidecar):
        assert b"Ada" not in file.read_bytes()
        assert studio.person.id.encode() not in file.read_bytes()
    loud = export(studio, work, tmp_path / "loud.jpg", Wish(name="Ada Lovelace"), keeping(tmp_path))
    assert b"Ada Lovelace" in loud.file.read_bytes()
    found = _found(loud, tmp_path)
    (said,) = [each["data"] for each in found.active["assertions"] if each["label"] == "cawg.metadata"]
    assert said["dc:creator"] == ["Ada Lovelace"]


def test_a_setting_names_the_person_every_time(studio: Studio, tmp_path: Path) -> None:
    work = cropped(studio, photo(studio))
    with Studio.open(studio.folder, Settings(named=1)) as naming:
        done = export(naming, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert b"<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li>" in done.file.read_bytes()


@pytest.mark.parametrize("show", Show)
def test_as_much_of_the_lineage_is_shown_as_is_wished(show: Show, studio: Studio, tmp_path: Path) -> None:
    middle = cropped(studio, photo(studio, 0, "Grandmother's garden"))
    work = restyled(studio, middle, photo(studio, 1, "Her shawl"))
    done = export(studio, work, tmp_path / "out.jpg", Wish(show), keeping(tmp_path))
    found = _found(done, tmp_path)
    titles = [each["title"] for each in found.active["ingredients"]]
    kinds = [each["relationship"] for each in found.active["ingredients"]]
    small = [each for each in found.active["ingredients"] if "thumbnail" in each]
    whole = done.file.read_bytes() + done.sidecar.read_bytes()
    assert verify(studio, done.file, keeping(tmp_path)).sound
    if show is Show.NONE:
        assert titles == ["a work that is not shown"]
        assert not [word for word in (b"Grandmother", b"shawl", b"Grace", b"strength") if word in whole]
    elif show is Show.SOURCES:
        assert titles == ["Grandmother's garden", "Her shawl"]
        assert kinds == ["parentOf", "inputTo"]
        assert small == []
    else:
        assert len(titles) == 3
        assert len(small) == 3
        assert len(done.file.read_bytes()) < 300_000


def test_actions_say_what_was_done_by_what_with_which_parameters(studio: Studio, tmp_path: Path) -> None:
    work = restyled(studio, cropped(studio, photo(studio)), photo(studio, 1, "A style"))
    done = export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    opened, crop, stylize, marked = _actions(_found(done, tmp_path))
    assert opened["action"] == "c2pa.opened"
    assert (crop["action"], crop["digitalSourceType"].rpartition("/")[2]) == ("c2pa.cropped", "humanEdits")
    assert crop["parameters"]["org.palimpsest.parameters"]["left"] == 0.05
    assert stylize["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert stylize["parameters"]["org.palimpsest.engines"] == ["magenta-arbitrary 1"]
    assert {each["softwareAgent"]["name"] for each in (opened, crop, stylize)} == {"Palimpsest"}
    assert marked["action"] == "c2pa.watermarked.bound"


def test_xmp_says_the_same_to_readers_that_know_nothing_else(studio: Studio, tmp_path: Path) -> None:
    work = restyled(studio, photo(studio, said=REFUSES_LEARNING), photo(studio, 1, "A style"))
    done = export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    packet = Image.open(io.BytesIO(done.file.read_bytes())).info["xmp"].decode()
    assert "digitalsourcetype/compositeWithTrainedAlgorithmicMedia" in packet
    assert "DMI-PROHIBITED" in packet
    assert "<Iptc4xmpExt:AISystemUsed>magenta-arbitrary<" in packet
    entries = next(
        each["data"]["entries"] for each in _found(done, tmp_path).active["assertions"] if "training" in each["label"]
    )
    assert entries["cawg.ai_training"]["use"] == "notAllowed"


def test_somebody_elses_credentials_go_along_and_the_stored_file_stays_as_it_was(
    studio: Studio, tmp_path: Path
) -> None:
    data = signed(data=encode(decode(_square(), "x", 10**6), "image/jpeg")).data
    work, _ = add_bytes(studio, data, "signed.jpg", Said(title="Signed", makers=("Eve",), licence="CC0-1.0"))
    assert studio.library.image(studio_work(studio, work)) == data
    shown = preview(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert any("with its own credentials" in each for each in shown.reveals)
    done = export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    found = _found(done, tmp_path)
    assert len(found.store["manifests"]) == 2
    assert found.state == "Trusted"
    alone = export(studio, work, tmp_path / "alone.jpg", Wish(Show.NONE), keeping(tmp_path))
    assert len(_found(alone, tmp_path).store["manifests"]) == 1


def test_broken_credentials_are_kept_and_reported(studio: Studio, tmp_path: Path) -> None:
    broken = bytearray(signed(data=encode(decode(_square(), "x", 10**6), "image/jpeg")).data)
    broken[-40] ^= 1
    work, _ = add_bytes(studio, bytes(broken), "broken.jpg", Said(makers=("Eve",), licence="CC0-1.0"))
    shown = preview(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert any("they are not intact" in each for each in shown.reveals)
    done = export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    verdict = verify(studio, done.file, keeping(tmp_path))
    assert (verdict.intact, verdict.sound) == (True, False)
    assert any("was not intact when it was used" in each for each in verdict.contradictions)


def test_an_identity_that_cannot_sign_stops_the_export_before_anything_is_written(
    studio: Studio, tmp_path: Path
) -> None:
    work = cropped(studio, photo(studio))
    new_identity(keeping(tmp_path), "Ada")
    (keeping(tmp_path).own / KEY).unlink()
    before = listing(studio.folder)
    with pytest.raises(IdentityRefused, match="missing"):
        export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert listing(studio.folder) == before
    assert not (tmp_path / "out.jpg").exists()


def test_terms_that_forbid_a_sale_hold_a_commercial_export_back(studio: Studio, tmp_path: Path) -> None:
    work = cropped(studio, photo(studio, said=Said(title="Free to show", makers=("Mary",), licence="CC-BY-NC-4.0")))
    with pytest.raises(TermsRefused):
        export(studio, work, tmp_path / "out.jpg", Wish(commercial=True), keeping(tmp_path))
    with pytest.raises(TermsRefused):
        preview(studio, work, tmp_path / "out.jpg", Wish(commercial=True), keeping(tmp_path))
    assert (
        export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path)).permit.permissions[0].use is Use.PUBLISH
    )


@pytest.mark.parametrize(("setting", "marked"), [(0, False), (1, True), (2, True)])
def test_the_mark_is_there_where_a_model_took_part_unless_the_setting_says_otherwise(
    setting: int, marked: bool, studio: Studio, tmp_path: Path
) -> None:
    work = restyled(studio, photo(studio), photo(studio, 1, "A style"))
    with Studio.open(studio.folder, Settings(mark=setting)) as chosen:
        done = export(chosen, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
        assert done.marked is marked
        resaved = tmp_path / "resaved.jpg"
        Image.open(done.file).save(resaved, quality=60)
        verdict = verify(chosen, resaved, keeping(tmp_path))
    assert verdict.credentials.state is None
    assert (verdict.mark is not None and verdict.mark.work == work) is marked


def test_a_part_of_a_marked_picture_is_known_beside_its_work(studio: Studio, tmp_path: Path) -> None:
    work = photo(studio)
    with Studio.open(studio.folder, Settings(mark=2)) as marking:
        done = export(marking, work, tmp_path / "out.png", keeping=keeping(tmp_path))
        with Image.open(done.file) as image:
            image.crop((30, 30, 300, 270)).save(tmp_path / "part.png")
        assert verify(marking, tmp_path / "part.png", keeping(tmp_path)).mark is None
        assert verify(marking, tmp_path / "part.png", keeping(tmp_path), beside=work).mark is not None


def test_a_picture_too_small_for_a_mark_goes_without_and_says_so(studio: Studio, tmp_path: Path) -> None:
    work, _ = add_bytes(studio, _square(), "small.png", Said(makers=("Eve",), licence="CC0-1.0"))
    with Studio.open(studio.folder, Settings(mark=2)) as marking:
        done = export(marking, work, tmp_path / "out.png", keeping=keeping(tmp_path))
    assert not done.marked
    assert "no invisible mark" in done.notes[0]
    assert b"watermarked" not in done.file.read_bytes()


def test_no_path_and_no_control_sign_leaves_with_a_title(studio: Studio, tmp_path: Path) -> None:
    said = Said(title="/home/ada/private/garden\x1b[31m", makers=("Grace",), licence="CC0-1.0")
    done = export(studio, cropped(studio, photo(studio, said=said)), tmp_path / "out.jpg", keeping=keeping(tmp_path))
    for file in (done.file, done.sidecar):
        assert b"/home/ada" not in file.read_bytes()
        assert b"\x1b[31m" not in file.read_bytes()


def test_credentials_beyond_the_limit_are_not_carried_along(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = cropped(studio, photo(studio))
    monkeypatch.setattr("palimpsest.studio.exporting.LARGEST_STORE", 100)
    done = export(studio, work, tmp_path / "out.jpg", keeping=keeping(tmp_path))
    assert any("were not carried along" in each for each in done.notes)
    assert _found(done, tmp_path).state == "Trusted"


def test_the_statement_beside_it_has_the_digest_of_the_signed_file(studio: Studio, tmp_path: Path) -> None:
    done = export(studio, photo(studio), tmp_path / "out.bmp", keeping=keeping(tmp_path))
    assert done.sidecar.name == f"out.bmp{SIDECAR}"
    assert done.credentials == tmp_path / f"out.bmp{CREDENTIALS}"
    stated = json.loads(done.sidecar.read_text())
    assert verify(studio, done.file, keeping(tmp_path)).stated == stated


def _square() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "teal").save(file, "PNG")
    return file.getvalue()


def studio_work(studio: Studio, work: str) -> Work:
    return queries.work(studio.library, work)


@pytest.mark.parametrize("consent", ["refused", "unknown"])
def test_who_was_hidden_is_not_shown_in_a_small_picture_of_the_source(
    consent: str, studio: Studio, tmp_path: Path
) -> None:
    """What hides somebody may be given away; the picture in which they are still seen may not go along inside it."""
    source = photo(studio)
    portray(studio, source, ["Grace Private"], consent)
    hidden = cropped(studio, source)
    portray(studio, hidden, nobody=True)
    done = export(studio, hidden, tmp_path / "out.jpg", Wish(Show.ALL), keeping=keeping(tmp_path))
    assert not [each for each in _found(done, tmp_path).active["ingredients"] if "thumbnail" in each]
