"""A picture held against its own sources and the studio; a limit that holds back an export."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from palimpsest import studio as verbs
from palimpsest.craft.progress import Progress
from palimpsest.errors import Cancelled, HeldBack, ImageRefused, NotFound
from palimpsest.ethics.originality import Verdict
from palimpsest.library.vectors import FILE
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot, SourceMap
from palimpsest.settings import Settings
from palimpsest.studio.holding import hold, is_foreign
from palimpsest.studio.originality import Originality, as_json, originality
from palimpsest.studio.overlap_chart import overlap_chart
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from palimpsest.studio.verbatim import moved_together, verbatim_regions
from tests.perception.likenesses import Pixels, drawn, raster, turned

SEEDS = range(1, 6)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Studio]:
    with Studio.create(tmp_path / "studio", "Ada", Settings(busy_seconds=30)) as place:
        for seed in SEEDS:
            said = Said(title=f"work {seed}", makers=("Berthe",), licence="CC0-1.0")
            verbs.add_bytes(place, encode(raster(drawn(seed)), "image/png"), f"{seed}.png", said)
        yield place


def the_work(place: Studio, seed: int) -> str:
    return next(str(each["id"]) for each in verbs.list_works(place) if each["title"] == f"work {seed}")


def written(tmp_path: Path, pixels: Pixels, name: str = "asked.png") -> str:
    file = tmp_path / name
    file.write_bytes(encode(raster(pixels), "image/jpeg" if name.endswith("jpg") else "image/png"))
    return str(file)


def foremost(found: Originality) -> tuple[Verdict, str]:
    return found.likenesses[0].judgement.verdict, found.said[found.likenesses[0].work].title


def test_a_file_is_asked_about_without_being_added(filled: Studio, tmp_path: Path) -> None:
    edited = turned(drawn(2)[20:280, 40:380][:, ::-1], 10)
    found = originality(filled, written(tmp_path, edited, "edited.jpg"))
    assert foremost(found) == (Verdict.COPY, "work 2")
    assert found.likenesses[0].mirrored
    assert found.work is None
    assert found.compared == len(SEEDS)
    assert verbs.count_works(filled) == len(SEEDS)


def test_a_part_of_a_collage_is_found(filled: Studio, tmp_path: Path) -> None:
    collage = drawn(77, 500, 400).copy()
    collage[30:230, 40:260] = drawn(3)[50:250, 100:320]
    found = originality(filled, written(tmp_path, collage))
    assert foremost(found) == (Verdict.PART, "work 3")
    part = found.likenesses[0]
    assert 0.1 < part.figures.share < 0.4
    assert 0.2 < part.contained < 0.6
    mask = part.overlap.mask
    rows, columns = np.nonzero(mask)
    assert columns.mean() / mask.shape[1] == pytest.approx(150 / 500, abs=0.08)
    assert rows.mean() / mask.shape[0] == pytest.approx(130 / 400, abs=0.08)


def test_nothing_alike_is_said_with_what_came_nearest(filled: Studio, tmp_path: Path) -> None:
    found = originality(filled, written(tmp_path, np.full((300, 400, 3), (120, 90, 60), np.uint8)))
    assert {each.judgement.verdict for each in found.likenesses} <= {Verdict.NONE, Verdict.STYLE}
    assert not found.telling
    assert found.marks == 0


def test_a_made_work_is_held_against_its_sources_apart(filled: Studio) -> None:
    source = the_work(filled, 1)
    cropped = verbs.perform(filled, "crop", {"work": [source]}, {"left": 0.25, "bottom": 0.1}).works[0].id
    found = originality(filled, cropped)
    assert found.likenesses[0].relation == "source"
    assert foremost(found) == (Verdict.COPY, "work 1")
    assert found.likenesses[0].contained == pytest.approx(0.75 * 0.9, abs=0.06)
    assert found.compared == len(SEEDS)
    assert originality(filled, source).likenesses[0].relation == "made from it"


def test_what_was_measured_is_kept_and_what_was_dropped_is_measured_again(filled: Studio, tmp_path: Path) -> None:
    asked = written(tmp_path, drawn(4)[:, ::-1])
    first = as_json(originality(filled, asked))["likenesses"]
    file = filled.folder / "index" / FILE
    taken = file.stat().st_mtime_ns
    again = as_json(originality(filled, asked))["likenesses"]
    assert first == again
    assert file.stat().st_mtime_ns == taken
    for path in file.parent.glob(f"{FILE}*"):
        path.unlink()
    assert as_json(originality(filled, asked))["likenesses"] == first


def test_stopping_keeps_what_was_done(filled: Studio) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        originality(filled, the_work(filled, 1), progress)
    assert originality(filled, the_work(filled, 1)).compared == len(SEEDS) - 1


def test_a_damaged_work_is_left_out_and_named(filled: Studio) -> None:
    damaged = the_work(filled, 3)
    path = next((filled.folder / "objects").rglob(f"{damaged}*"))
    path.chmod(0o644)
    path.write_bytes(b"no more")
    found = originality(filled, the_work(filled, 1))
    assert found.unread == (damaged,)
    assert found.compared == len(SEEDS) - 2


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 700, 3), (300, 200, 4)])
def test_even_tiny_and_clear_pictures_have_an_answer_and_a_chart(
    filled: Studio, tmp_path: Path, shape: tuple[int, int, int]
) -> None:
    file = tmp_path / "even.png"
    file.write_bytes(encode(Raster(np.full(shape, 40, np.uint8)), "image/png"))
    found = originality(filled, str(file))
    assert not found.telling
    assert overlap_chart(filled, found).width > 1000


def test_a_picture_alone_in_a_studio(tmp_path: Path) -> None:
    with Studio.create(tmp_path / "studio", "Ada", Settings(busy_seconds=30)) as place:
        file = written(tmp_path, drawn(1))
        found = originality(place, file)
        assert found.likenesses == ()
        assert found.compared == 0
        assert overlap_chart(place, found).height > 200


def test_what_is_no_picture_is_refused(filled: Studio, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"words" * 50)
    with pytest.raises(ImageRefused):
        originality(filled, str(tmp_path / "text.png"))
    with pytest.raises(NotFound):
        originality(filled, str(tmp_path / "absent.png"))


def test_verbatim_regions_are_what_moved_together() -> None:
    row = np.repeat(np.arange(6)[:, None], 8, axis=1)
    column = np.repeat(np.arange(8)[None], 6, axis=0)
    slot = np.zeros((6, 8), np.uint8)
    column[:, 5:] -= 4  # three columns from elsewhere
    slot[4:, :5] = 1  # and a corner from another work
    areas = moved_together(SourceMap((Slot("works", 0, 8, 6), Slot("works", 1, 8, 6)), slot, row, column))
    assert sorted(np.bincount(areas.ravel())[1:].tolist()) == [10, 18, 20]
    assert len(np.unique(areas[:4, :5])) == 1


def test_the_longest_verbatim_regions_of_a_made_work(filled: Studio) -> None:
    source = the_work(filled, 1)
    cropped = verbs.perform(filled, "crop", {"work": [source]}, {"left": 0.25, "top": 0.1}).works[0].id
    regions = verbatim_regions(filled, cropped)
    if regions is not None:  # a crop keeps a map
        assert regions[0].source == source
        assert regions[0].share == 1
        assert regions[0].origin == (100, 30, 300, 270)
        assert regions[0].of_source == pytest.approx(0.75 * 0.9, abs=0.01)
    varied = verbs.perform(filled, "vary", {"works": [source]}).works[0].id
    found = verbatim_regions(filled, varied)
    assert found is not None
    assert [each.pixels for each in found] == sorted((each.pixels for each in found), reverse=True)
    assert 0 < found[0].share < 0.9
    assert verbatim_regions(filled, source) is None
    assert overlap_chart(filled, originality(filled, varied)).height > 1200


def limited(place: Studio, most: int) -> Studio:
    return dataclasses.replace(place, settings=dataclasses.replace(place.settings, most_contained=most))


def test_a_limit_holds_back_an_export_and_says_what_to_do(filled: Studio, tmp_path: Path) -> None:
    source = the_work(filled, 1)
    cropped = verbs.perform(filled, "crop", {"work": [source]}, {"left": 0.25}).works[0].id
    assert source[:12] in hold(filled, cropped)
    assert hold(limited(filled, 80), cropped)
    with pytest.raises(HeldBack) as held:
        hold(limited(filled, 40), cropped)
    assert held.value.exit_status == 3
    assert held.value.source == source
    assert held.value.contained == pytest.approx(0.75, abs=0.06)
    assert "PALIMPSEST_MOST_CONTAINED" in held.value.remedy
    with pytest.raises(HeldBack):
        verbs.export(limited(filled, 40), cropped, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_ones_own_work_holds_nothing_back(filled: Studio) -> None:
    own, _ = verbs.add_bytes(filled, encode(raster(drawn(9)), "image/png"), "mine.png", Said(makers=("Ada",)))
    licensed, _ = verbs.add_bytes(filled, encode(raster(drawn(8)), "image/png"), "too.png", Said(licence="own work"))
    for work in (own, licensed):
        assert not is_foreign(filled, work)
        made = verbs.perform(filled, "crop", {"work": [work]}, {"left": 0.1}).works[0].id
        assert hold(limited(filled, 5), made) == ""
    assert is_foreign(filled, the_work(filled, 1))
    assert hold(limited(filled, 5), the_work(filled, 1)) == ""  # nobody claims it to be new; its terms decide


def test_a_copy_that_came_from_outside_as_ones_own_is_held_back(filled: Studio) -> None:
    copied = encode(raster(np.ascontiguousarray(drawn(2)[:, 30:])), "image/jpeg")
    claimed, _ = verbs.add_bytes(filled, copied, "mine.jpg", Said(makers=("Ada",)))
    with pytest.raises(HeldBack) as held:
        hold(limited(filled, 50), claimed)
    assert held.value.source == the_work(filled, 2)


def test_of_what_only_gave_the_form_it_is_said_that_no_pixel_of_it_is_there(filled: Studio) -> None:
    content, exemplar = the_work(filled, 1), the_work(filled, 2)
    made = verbs.perform(filled, "remix", {"content": [content], "exemplars": [exemplar]}, {"fidelity": 0.9})
    said = {each.work: each.judgement.why for each in originality(filled, made.works[0].id).likenesses}
    assert "none of its pixels" in said[content]
    assert "none of its pixels" not in said.get(exemplar, "")
    cut = verbs.perform(filled, "crop", {"work": [content]}, {"left": 0.1})
    kept = {each.work: each.judgement.why for each in originality(filled, cut.works[0].id).likenesses}
    assert "none of its pixels" not in kept[content]
