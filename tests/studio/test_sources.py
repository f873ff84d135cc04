"""Source maps in a studio: stored before they are named, checked, replayed, and followed through generations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.craft.outcome import Made
from palimpsest.errors import Damaged, NotFound, ParameterRefused
from palimpsest.library.library import Library
from palimpsest.library.objects import Name
from palimpsest.library.packs import SUFFIX
from palimpsest.lineage.canonical import parse
from palimpsest.lineage.records import Evidence
from palimpsest.media.codecs import decode, encode
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import SourceMap, rebuild
from palimpsest.media.sourcemap_codec import SUFFIX as MAP_SUFFIX
from palimpsest.media.sourcemap_codec import encode_map
from palimpsest.settings import Settings
from palimpsest.studio import replaying
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.crediting import credits
from palimpsest.studio.exporting import SIDECAR, export
from palimpsest.studio.performing import Performance, perform, raster_of
from palimpsest.studio.replaying import replay
from palimpsest.studio.saying import Said
from palimpsest.studio.source_chart import chart, hues
from palimpsest.studio.sourcing import origin, origins, sources, sources_json, trace
from palimpsest.studio.studio import Studio
from palimpsest.studio.studio import rebuild as rebuild_index
from palimpsest.studio.telling import lineage_json, tell
from tests.library.power import Recorder
from tests.studio.conftest import listing, picture

COPYING = Catalogue(package="tests.copying", extras=())
BOTH = Catalogue(extras=())


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A studio whose techniques copy."""
    with Studio.create(tmp_path / "studio", "Ada", Settings(busy_seconds=30)) as opened:
        yield replace(opened, catalogue=COPYING)


def added(studio: Studio, seed: int, title: str = "", width: int = 12, height: int = 8) -> str:
    said = Said(title=title or f"No. {seed}", makers=(f"Maker {seed}",), licence="CC0-1.0")
    return add_bytes(studio, picture(seed, width, height), f"{seed}.png", said)[0]


def joined(studio: Studio, left: str, right: str) -> str:
    return perform(studio, "join", {"left": [left], "right": [right]}).works[0].id


def patched(studio: Studio, *seeds: int) -> Performance:
    return perform(studio, "patchwork", {"works": [added(studio, seed) for seed in seeds]}, seed=3)


def map_file(studio: Studio, done: Performance) -> Path:
    digest = done.act.outputs[0].evidence.sources
    assert digest
    return studio.library.objects.path(Name(digest, MAP_SUFFIX))


def test_a_map_is_kept_and_rebuilds_the_picture(studio: Studio) -> None:
    done = patched(studio, 1, 2, 3)
    found = sources(studio, done.works[0].id)
    given = [raster_of(studio, work) for work in done.act.recipe.inputs["works"]]
    assert rebuild(found.map, {"works": given}) == raster_of(studio, done.works[0].id)
    assert {work: round(share, 6) for work, share in found.shares.items() if share} == {
        work: round(float(share), 6) for work, share in done.shares.items()
    }
    assert sum(found.shares.values()) == pytest.approx(1)


def test_what_is_planted_is_credited(studio: Studio) -> None:
    """The left half can only have come from one, the right half only from the other."""
    one, other = added(studio, 1), added(studio, 2)
    made = joined(studio, one, other)
    assert credits(studio, tell(studio, made)).works == {one: Fraction(1, 2), other: Fraction(1, 2)}
    assert [each.work for each in origins(studio, sources(studio, made), [(5, 7), (6, 0)])] == [one, other]


def test_shares_multiply_through_generations(studio: Studio) -> None:
    works = [added(studio, seed) for seed in range(5)]
    made = works[0]
    for each in works[1:]:
        made = joined(studio, made, each)
    told = tell(studio, made)
    found = credits(studio, told)
    assert [found.works.get(work, 0) for work in works] == [
        Fraction(1, 16),
        *(Fraction(1, 2**power) for power in (4, 3, 2, 1)),
    ]
    assert found.people["Maker 4"] == Fraction(1, 2)
    assert told.lineage.depth == 4


def test_a_pixel_is_followed_to_where_it_was_first_seen(studio: Studio) -> None:
    first, *others = (added(studio, seed, "Sea" if seed == 1 else "") for seed in (1, 2, 3, 4))
    made = first
    for each in others:
        made = joined(studio, made, each)
    way = trace(studio, made, 2, 5)
    assert [each.work for each in way[1:]][-1] == first
    assert [(each.x, each.y) for each in way] == [(2, 5)] * 4
    assert [each.end for each in way] == ["", "", "", "from outside"]
    assert (way[-1].title, way[-1].makers) == ("Sea", ("Maker 1",))
    assert {each.colour for each in way} == {way[0].colour}, "a copy of a copy has the same colour"
    assert len(trace(studio, made, 11, 5)) == 2


def test_every_pixel_of_a_patchwork_of_patchworks_is_followed_home(studio: Studio) -> None:
    one = patched(studio, 1, 2).works[0].id
    two = perform(studio, "patchwork", {"works": [one, added(studio, 3)]}, seed=8).works[0].id
    made = decode(studio.library.image(perform(studio, "veil", {"work": [two]}).works[0]), "made", 10**6)
    assert (made.width, made.height) == (12, 8)
    for x, y in ((0, 0), (11, 7), (5, 3)):
        way = trace(studio, two, x, y)
        assert way[-1].end == "from outside"
        last = raster_of(studio, way[-1].work)
        assert 0 <= way[-1].x < last.width
        assert 0 <= way[-1].y < last.height


def test_a_way_ends_where_no_map_is_kept(studio: Studio) -> None:
    adjusted = perform(replace(studio, catalogue=BOTH), "adjust", {"work": [added(studio, 1)]}, {"contrast": 0.5})
    made = joined(studio, adjusted.works[0].id, added(studio, 2))
    way = trace(studio, made, 0, 0)
    assert [each.end for each in way] == ["", "made by adjust, which keeps no source map"]
    alone = trace(studio, way[-1].work, 3, 3)
    assert [(each.work, each.end) for each in alone] == [(way[-1].work, way[-1].end)]


def test_a_resampled_work_is_answered_in_its_own_pixels(studio: Studio) -> None:
    done = patched(studio, 5)
    found = sources(studio, done.works[0].id)
    for x, y in ((0, 0), (9, 4), (11, 7)):
        slot = found.map.slots[found.map.slot[y, x]]
        place = origin(studio, found, x, y)
        assert 0 <= place.x < 12
        assert 0 <= place.y < 8
        if (slot.width, slot.height) == (12, 8):
            pixel = raster_of(studio, done.works[0].id).pixels[y, x]
            assert np.array_equal(raster_of(studio, place.work).pixels[place.y, place.x], pixel)


def test_a_work_without_a_map_says_what_made_it(studio: Studio) -> None:
    work = added(studio, 1)
    with pytest.raises(NotFound, match="no such source map") as outside:
        sources(studio, work)
    assert "outside" in outside.value.remedy
    adjusted = perform(replace(studio, catalogue=BOTH), "adjust", {"work": [work]}, {"contrast": 0.5}).works[0].id
    with pytest.raises(NotFound) as made:
        sources(studio, adjusted)
    assert "made by adjust" in made.value.remedy
    with pytest.raises(NotFound):
        sources(studio, "0" * 64)
    with pytest.raises(ParameterRefused, match="0,0 to 11,7"):
        trace(studio, work, 12, 0)


def test_a_reused_recipe_keeps_its_evidence(studio: Studio) -> None:
    first, second = patched(studio, 1, 2), patched(studio, 1, 2)
    assert second.act.reused
    assert second.act.outputs == first.act.outputs
    assert second.act.outputs[0].evidence.sources


def test_a_lost_map_is_named_and_made_again(studio: Studio) -> None:
    done = patched(studio, 1, 2)
    file = map_file(studio, done)
    assert check(studio).whole
    assert check(studio, Fraction(1, 100)).whole
    kept = file.read_bytes()
    for spoil in (file.unlink, lambda: file.write_bytes(kept[:-1] + b"?")):
        spoil()
        report = check(studio)
        assert [line for line in report.damage if file.stem[:12] in line]
        with pytest.raises(Damaged):
            sources(studio, done.works[0].id)
        again = patched(studio, 1, 2)
        assert not again.act.reused, "it is computed anew, which mends it"
        assert again.act.outputs == done.act.outputs
        assert file.read_bytes() == kept
    assert check(studio).whole


def test_a_map_that_nobody_names_is_noted(studio: Studio) -> None:
    digest = studio.library.put_sources(encode_map(SourceMap.identity("work", 0, 3, 2)))
    report = check(studio)
    assert report.whole
    assert f"{digest[:16]}: a source map that no record speaks of" in report.notes


def test_the_index_is_rebuilt_with_them(studio: Studio) -> None:
    done = patched(studio, 1, 2)
    rebuild_index(studio.folder)
    assert sources(studio, done.works[0].id).digest == done.act.outputs[0].evidence.sources


def test_a_map_that_does_not_fit_its_work_is_damage(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    done = patched(studio, 1)
    for wrong in (SourceMap.identity("works", 0, 3, 3), SourceMap.identity("works", 1, 12, 8)):
        monkeypatch.setattr(Library, "sources", lambda *_, wrong=wrong: encode_map(wrong))
        with pytest.raises(Damaged, match=done.works[0].id[:12]):
            sources(studio, done.works[0].id)


def test_a_replay_compares_the_maps(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    done = patched(studio, 1, 2)
    again = replay(studio, done.works[0].id)
    assert (again.same, again.same_sources) == (True, True)
    assert again.act
    before = listing(studio.folder)
    monkeypatch.setattr(replaying, "run", lambda studio, *_: (_other_sources(studio, done),))
    changed = replay(studio, done.works[0].id)
    assert (changed.same, changed.same_sources, changed.act) == (True, False, None)
    assert listing(studio.folder) == before, "nothing is recorded"


def _other_sources(studio: Studio, done: Performance) -> Made:
    return Made(raster_of(studio, done.works[0].id), "otherwise", {}, SourceMap.identity("works", 0, 12, 8))


def test_a_replay_knows_a_map_that_another_zlib_packed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    done = patched(studio, 1, 2)
    monkeypatch.setattr(replaying, "encode_map", lambda _: b"packed otherwise")
    assert replay(studio, done.works[0].id).same_sources


def test_a_replay_without_a_map_says_nothing_of_it(studio: Studio) -> None:
    both = replace(studio, catalogue=BOTH)
    adjusted = perform(both, "adjust", {"work": [added(studio, 1)]}, {"contrast": 0.5}).works[0].id
    assert replay(both, adjusted).same_sources is None


def test_a_map_is_safe_on_the_disk_before_a_record_names_it(tmp_path: Path) -> None:
    with Studio.create(tmp_path / "studio", "Ada", Settings()) as plain:
        recorder = Recorder()
        objects = replace(plain.library.objects, files=recorder)
        studio = replace(plain, catalogue=COPYING, library=replace(plain.library, objects=objects))
        work = added(studio, 1)
        recorder.steps.clear()
        done = perform(studio, "veil", {"work": [work]})
        file = map_file(studio, done)
        order = [step.kind if step.kind != "rename" else step.target.suffix for step in recorder.steps]
        pack = order.index(SUFFIX)
        renamed = order.index(MAP_SUFFIX)
        assert renamed < pack
        assert order[renamed - 2 : renamed] == ["write", "sync"]
        assert recorder.steps[renamed + 1].kind == "sync_folder"
        assert recorder.steps[renamed + 1].path == file.parent


def test_an_exported_work_names_its_map(studio: Studio, tmp_path: Path) -> None:
    done = patched(studio, 1, 2)
    export(studio, done.works[0].id, tmp_path / "out.png")
    stated = parse((tmp_path / f"out.png{SIDECAR}").read_bytes())
    assert isinstance(stated, dict)
    assert stated["source_map"] == {"sha256": done.act.outputs[0].evidence.sources}
    export(studio, done.act.recipe.works[0], tmp_path / "source.png")
    assert "source_map" not in json.loads((tmp_path / f"source.png{SIDECAR}").read_text())


def test_evidence_without_a_map_is_written_as_it_always_was(studio: Studio) -> None:
    plain = Evidence(method="measured")
    assert plain.canonical == b'{"method":"measured"}'
    told = json.dumps(lineage_json(tell(studio, patched(studio, 1).works[0].id)))
    assert '"sources": "' in told


def test_answers_in_plain_values(studio: Studio) -> None:
    done = patched(studio, 1, 2)
    answer = json.loads(json.dumps(sources_json(studio, sources(studio, done.works[0].id))))
    assert (answer["width"], answer["height"], answer["technique"]) == (12, 8, "patchwork")
    assert [each["makers"] for each in answer["sources"]] in ([["Maker 1"], ["Maker 2"]], [["Maker 2"], ["Maker 1"]])


@pytest.mark.parametrize("size", [(3, 2), (12, 8), (300, 7), (9, 400)])
def test_a_chart_shows_works_of_every_shape(studio: Studio, size: tuple[int, int]) -> None:
    works = [added(studio, seed, "Été à Łódź — 海の絵 " * 9, *size) for seed in (1, 2)]
    done = perform(studio, "patchwork", {"works": works}, seed=1)
    drawn = chart(studio, sources(studio, done.works[0].id))
    assert drawn.width >= 1200
    assert len(np.unique(drawn.pixels.reshape(-1, 3), axis=0)) > 50


def test_a_chart_shows_transparent_works_and_many(studio: Studio) -> None:
    clear = Raster(np.full((64, 96, 4), (200, 30, 30, 128), np.uint8))
    many = [add_bytes(studio, encode(clear, "image/png"), "clear.png", Said(licence="CC0-1.0"))[0]]
    many += [added(studio, seed, width=96, height=64) for seed in range(40)]
    done = perform(studio, "patchwork", {"works": many}, seed=1)
    found = sources(studio, done.works[0].id)
    assert len([share for share in found.shares.values() if share]) > 24
    assert chart(studio, found).height > 1000


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 12, 40])
def test_colours_of_sources_are_all_different(number: int) -> None:
    middle = np.array(0.5)
    places = np.array([hue.of(middle, middle) for hue in hues(number)])
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1) + np.eye(number)
    assert apart.min() > min(0.14, 0.55 / number)
