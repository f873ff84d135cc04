"""Whom works show: found, stated, followed through what was made from them, and asked before anything is published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data

from palimpsest.craft.progress import Progress
from palimpsest.engines import faces
from palimpsest.errors import Cancelled, InputRefused, NotFound, ParameterRefused, RoleRefused, TermsRefused
from palimpsest.library import queries
from palimpsest.lineage.records import Portrayal
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.studio import portraying
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.exporting import export
from palimpsest.studio.performing import perform
from palimpsest.studio.portraying import look_at, portray, portrayal_hold, portrayals, scan, unseen
from palimpsest.studio.resembling import faces_like
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.studio.conftest import picture


@pytest.fixture
def portrait(studio: Studio) -> str:
    return _added(studio, skimage.data.astronaut(), "Eileen")


def _added(studio: Studio, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], title: str) -> str:
    data = encode(Raster(pixels), "image/png")
    return add_bytes(studio, data, f"{title}.png", Said(title=title, licence="CC0-1.0"))[0]


def made(studio: Studio, technique: str, work: str, **parameters: object) -> str:
    return perform(studio, technique, {"work": [work]}, parameters).works[0].id


def held(studio: Studio, work: str) -> bool:
    return bool(portrayal_hold(studio, work).refused)


def test_refusal_is_followed_to_everything_that_still_carries_the_face(studio: Studio, portrait: str) -> None:
    (face,) = [each.faces for each in scan(studio, [portrait])]
    assert len(face) == 1
    upper, lower = made(studio, "crop", portrait, bottom=0.5), made(studio, "crop", portrait, top=0.6)
    small = made(studio, "resize", upper, scale=0.5)
    blurred, squares = made(studio, "blur-faces", portrait), made(studio, "pixelate", portrait)
    for work in (portrait, upper, lower, small, blurred, squares):
        assert not held(studio, work)
    portray(studio, portrait, ["Eileen Collins"], "refused")
    assert {work for work in (portrait, upper, lower, small, blurred, squares) if held(studio, work)} == {
        portrait,
        upper,
        small,
    }
    assert not held(studio, made(studio, "crop", blurred, bottom=0.5))
    portray(studio, portrait, consent="given")
    assert not held(studio, small)


def test_an_export_is_refused_and_says_what_would_make_it_possible(
    studio: Studio, portrait: str, tmp_path: Path
) -> None:
    portray(studio, portrait, ["Eileen Collins"], "refused")
    upper = made(studio, "crop", portrait, bottom=0.5)
    with pytest.raises(TermsRefused, match="Eileen Collins refused") as refused:
        export(studio, upper, tmp_path / "out.png")
    assert "blur-faces" in refused.value.remedy
    assert refused.value.exit_status == 3
    assert list(tmp_path.glob("out*")) == []
    portray(studio, portrait, consent="unknown")
    assert any("agreed is not known" in note for note in export(studio, upper, tmp_path / "out.png").notes)
    portray(studio, portrait, consent="given")
    assert not any("agreed" in note for note in export(studio, upper, tmp_path / "two.png").notes)


def test_where_no_face_is_known_the_whole_picture_counts(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(1), "back.png", Said(licence="CC0-1.0"))
    portray(studio, work, ["Somebody seen from behind"], "refused")
    half = made(studio, "crop", work, left=0.5)
    assert held(studio, half)
    portray(studio, half, nobody=True)
    assert not held(studio, half), "a person has said that it shows nobody"


def test_what_somebody_says_is_kept_and_the_latest_holds(studio: Studio, portrait: str) -> None:
    portray(studio, portrait, ["One", " Two ", "One", " "], "given")
    said = portray(studio, portrait, ["Three"])
    assert (said.people, said.consent) == (("One", "Two", "Three"), "given")
    (scanned,) = scan(studio, [portrait])
    assert (scanned.people, scanned.consent, len(scanned.faces)) == (said.people, "given", 1)
    assert portray(studio, portrait, nobody=True).faces == ()
    with pytest.raises(ParameterRefused):
        portray(studio, portrait, consent="perhaps")
    with pytest.raises(ParameterRefused):
        portray(studio, portrait, ["One"], nobody=True)
    with pytest.raises(NotFound):
        portray(studio, "0" * 64, ["One"])
    assert check(studio).damage == []


def test_a_scan_looks_at_each_work_once_and_can_be_stopped(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    works = {add_bytes(studio, picture(number), f"{number}.png")[0] for number in range(5)}
    monkeypatch.setattr(portraying, "BATCH", 2)
    assert set(unseen(studio)) == works
    progress = Progress()
    looking = scan(studio, progress=progress)
    for _ in range(3):
        next(looking)
    progress.cancel()
    with pytest.raises(Cancelled):
        next(looking)
    assert len(portrayals(studio)) == 3, "what was found before is recorded"
    assert len(list(scan(studio))) == 2
    assert list(scan(studio)) == []
    assert all(not each.faces for each in portrayals(studio).values())


def test_without_the_detector_it_is_said_and_nothing_is_guessed(
    studio: Studio, portrait: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "PACKAGE", "no_such_package_of_weights")
    assert look_at(studio, portrait) is None
    assert "--no-deps" in portraying.cannot_look()
    with pytest.raises(NotFound, match="no such engine"):
        list(scan(studio))
    assert queries.records_about(studio.library, None, Portrayal) == []


def test_a_picture_without_faces_is_not_called_blurred(studio: Studio) -> None:
    work, _ = add_bytes(studio, picture(1), "a.png", Said(licence="CC0-1.0"))
    with pytest.raises(RoleRefused, match="--area"):
        made(studio, "blur-faces", work)


def test_three_hundred_faces_are_found_marked_and_followed(studio: Studio) -> None:
    head = skimage.data.astronaut()[30:210:2, 130:310:2]
    crowd = np.full((15 * 96, 20 * 96, 3), 90, np.uint8)
    for place in range(300):
        top, left = place // 20 * 96, place % 20 * 96
        crowd[top : top + 90, left : left + 90] = head
    work = _added(studio, crowd, "crowd")
    found = look_at(studio, work)
    assert found is not None
    assert len(found.faces) == 300
    portray(studio, work, consent="refused")
    assert held(studio, made(studio, "crop", work, left=0.9))
    assert not held(studio, made(studio, "blur-faces", work))


def test_faces_that_look_alike_are_proposed_and_nothing_is_erased(studio: Studio, portrait: str) -> None:
    darker = _added(studio, skimage.data.astronaut() // np.uint8(2), "darker")
    other = _added(studio, skimage.data.coffee(), "coffee")
    list(scan(studio))
    assert [each.work for each in faces_like(studio, portrait)] == [darker]
    with pytest.raises(InputRefused, match="none was found"):
        faces_like(studio, other)
    assert queries.erased(studio.library) == {}
