"""Who is in a studio: what was added, used, made and suggested, counted by what is on record."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from palimpsest.errors import InputRefused, NotFound, UsageRefused
from palimpsest.ethics import placing
from palimpsest.ethics.representation import reorder
from palimpsest.lineage.records import Choice, Description, Portrayal
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.choosing import choose
from palimpsest.studio.finding import list_works
from palimpsest.studio.forgetting import forget, plan_works
from palimpsest.studio.membership import DIMENSIONS, NOT_STATED, OF, Records
from palimpsest.studio.performing import perform
from palimpsest.studio.representation import Audit, Table, audit, groups_of
from palimpsest.studio.representation_answers import audit_json, audit_lines
from palimpsest.studio.representation_page import page
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.studio.conftest import picture


def added(studio: Studio, seed: int, culture: str = "", makers: tuple[str, ...] = (), **words: str) -> str:
    said = Said(culture=culture, makers=makers, licence="CC0-1.0", title=f"work {seed}", **words)  # type: ignore[arg-type]
    return add_bytes(studio, picture(seed), "work.png", said)[0]


@pytest.fixture
def filled(studio: Studio) -> Studio:
    """Three works from Europe, one from East Asia, one that says nothing."""
    for seed in range(3):
        added(studio, seed, "French", ("Claude Monet",), date="1890", medium="oil on canvas")
    added(studio, 3, "Japanese", ("Berthe Morisot", "a friend"), date="1390-1409", medium="woodblock print")
    added(studio, 4)
    return studio


def only(found: Audit) -> Table:
    (table,) = found.tables
    return table


def weights(table: Table) -> dict[str, float]:
    return {group: round(weight, 6) for group, weight in table.counted.weights.items()}


def test_a_collection_is_counted(filled: Studio) -> None:
    table = only(audit(filled, by=["region"]))
    assert weights(table) == {"Europe": 3, "East Asia": 1}
    assert table.left == {NOT_STATED: 1}
    assert {row.group for row in table.missing} >= {"Oceania", "South Asia and the Himalaya"}
    assert len(table.missing) == 9
    assert weights(only(audit(filled, by=["gender"]))) == {"men": 3}, "Morisot of 1390 is a namesake"
    assert weights(only(audit(filled, by=["period"]))) == {"1800–1899": 3, "1000–1399": 0.5, "1400–1599": 0.5}
    assert weights(only(audit(filled, by=["medium"]))) == {"oil painting": 3, "print": 1}


def test_what_was_used_counts_by_the_evidence(filled: Studio) -> None:
    european, japanese = added(filled, 10, "French"), added(filled, 11, "Japanese")
    for opacity in (0.25, 0.25, 0.75):  # the second is the first performed again, and is not counted twice
        perform(filled, "blend", {"base": [european], "top": [japanese]}, {"opacity": opacity})
    found = audit(filled, "used", by=["region"])
    assert found.units == 2
    table = only(found)
    assert sum(table.counted.weights.values()) == pytest.approx(2)
    assert table.counted.share("East Asia") == pytest.approx(0.5, abs=0.01)


def test_results_count_for_what_they_came_from_through_every_generation(filled: Studio) -> None:
    european, japanese = added(filled, 10, "French"), added(filled, 11, "Japanese")
    mixed = perform(filled, "blend", {"base": [european], "top": [japanese]}, {"opacity": 0.5}).works[0].id
    for left in (0.1, 0.2, 0.3):
        perform(filled, "crop", {"work": [mixed]}, {"left": left})
    found = audit(filled, "results", by=["region"])
    assert found.units == 4
    assert only(found).counted.share("Europe") == pytest.approx(0.5, abs=0.01)
    assert only(found).counted.unplaced == pytest.approx(0)


def test_what_was_made_from_numbers_alone_is_said_to_be(studio: Studio) -> None:
    perform(studio, "study-weave", {}, {"width": 64, "height": 64})
    table = only(audit(studio, "results", by=["region"]))
    assert table.counted.placed == 0
    assert list(table.left) == ["(made here from numbers alone)"]
    assert audit(studio, "used").units == 0


def test_suggestions_kept_and_set_aside(filled: Studio) -> None:
    european, japanese, third = added(filled, 10, "French"), added(filled, 11, "Japanese"), added(filled, 12, "Dutch")
    choose(filled, european, among=[japanese, third])
    choose(filled, japanese, kept=False)
    found = audit(filled, "suggested", by=["region"])
    table = only(found)
    assert weights(table) == {"Europe": 2, "East Asia": 1}
    assert table.kept == {"Europe": 1}
    assert any("1 of 3 were kept" in note for note in found.notes)
    assert "kept 1" in "\n".join(audit_lines(found))


@pytest.mark.parametrize("of", OF)
def test_an_empty_studio_says_so(studio: Studio, of: str) -> None:
    found = audit(studio, of, DIMENSIONS, people=True)
    assert found.units == 0
    assert "\n".join(audit_lines(found)).strip()
    assert audit_json(found)["units"] == 0
    assert "<table" not in page(found)
    if of == "suggested":
        assert "no choice is on record" in found.notes[0]


def test_of_a_single_work_nothing_is_concluded(studio: Studio) -> None:
    added(studio, 0, "French", ("Claude Monet",), date="1890", medium="oil")
    found = audit(studio, by=DIMENSIONS, people=True)
    for table in found.tables:
        assert {row.verdict for row in table.rows} <= {"", "no clear difference"}
        assert all(each.interval is None for each in table.effective if each.order)
    assert "rests on 1 only" in "\n".join(audit_lines(found))
    _check_page(page(found))


def test_thousands_of_groups_are_counted(studio: Studio) -> None:
    works = [added(studio, seed) for seed in range(4)]
    said = [Description(work=works[0], culture=f"people {k}", by="a", at=studio.now()) for k in range(3)]
    studio.library.append(said)
    assert weights(only(audit(studio, by=["culture"]))) == {"people 2": 1}
    makers = tuple(f"maker {k}" for k in range(3000))
    studio.library.append([Description(work=works[1], makers=makers, by="a", at=studio.now())])
    found = audit(studio, by=["maker", "gender", "culture"])
    assert len(found.tables[0].rows) == 3000
    assert len(page(found)) < 400_000
    assert len(list(audit_lines(found))) < 100


def test_against_a_museum_and_a_file_of_ones_own(filled: Studio, tmp_path: Path) -> None:
    against = only(audit(filled, by=["region"], against="met")).reference
    assert against is not None
    assert against.counted == 8080
    with pytest.raises(UsageRefused, match="figures of met by gender"):
        audit(filled, by=["gender"], against="met")
    assert [each.reference is None for each in audit(filled, against="met").tables] == [False, False, False, True]
    file = tmp_path / "mine.csv"
    file.write_text("group,share\neurope,1\nAtlantis,1\n", encoding="utf-8")
    table = only(audit(filled, by=["region"], against=str(file)))
    assert [(row.group, row.verdict) for row in table.rows] == [
        ("Europe", "no clear difference"),
        ("East Asia", "not in the reference"),
        ("Atlantis", "no clear difference"),
    ]
    assert any("Atlantis" in note for note in table.notes)
    with pytest.raises(UsageRefused, match="names no dimension"):
        audit(filled, against=str(file))


@pytest.mark.parametrize("against", ["nowhere", "nowhere.csv", ".", "a\0b", "x" * 5000])
def test_a_reference_that_is_not_there(filled: Studio, against: str) -> None:
    with pytest.raises((NotFound, InputRefused, OSError)):
        audit(filled, by=["region"], against=against)


def test_a_reference_of_something_else(filled: Studio, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"planet": {"Mars": 1}}', encoding="utf-8")
    with pytest.raises(InputRefused, match="planet"):
        audit(filled, by=["region"], against=str(file))
    file.write_text('{"gender": {"women": 1}}', encoding="utf-8")
    with pytest.raises(UsageRefused, match="expected shares by region"):
        audit(filled, by=["region"], against=str(file))


def test_words_that_are_no_choice_are_refused(studio: Studio) -> None:
    with pytest.raises(UsageRefused):
        audit(studio, "everything")
    with pytest.raises(UsageRefused):
        audit(studio, by=["shoe size"])
    with pytest.raises(UsageRefused):
        groups_of(studio, [], "shoe size")


def test_ones_own_table_of_genders_goes_first(filled: Studio, tmp_path: Path) -> None:
    file = tmp_path / "genders.csv"
    file.write_text("name,gender\nClaude Monet,unsaid\na friend,women\n", encoding="utf-8")
    assert weights(only(audit(filled, by=["gender"], genders=file))) == {"unsaid": 3, "women": 0.5}


def test_a_trend_is_told_by_when_works_came(studio: Studio) -> None:
    for seed in range(18):
        day = f"{2101 if seed < 9 else 2103}-06-0{seed % 9 + 1}T00:00:00.000000Z"
        added(replace(studio, clock=partial(str, day)), seed, "French" if seed < 9 else "Japanese")
    studio_trend = only(audit(studio, by=["region"])).trend
    assert studio_trend is not None
    assert studio_trend.changes["East Asia"] == "more than at first"
    _check_page(page(audit(studio, by=["region"])))


def test_suggestions_can_be_balanced_by_what_is_on_record(filled: Studio) -> None:
    works = [each["id"] for each in list_works(filled)]
    groups = groups_of(filled, works, "region")
    found = reorder(works, groups, seed=1, strength=1.0)
    assert len({dict(zip(works, groups, strict=True))[work] for work in found[:3]}) == 3


def face(seed: int, colour: tuple[int, int, int]) -> bytes:
    pixels = np.full((80, 80, 3), colour, np.uint8)
    pixels[0, 0] = seed
    return encode(Raster(pixels), "image/png")


@pytest.fixture
def portraits(studio: Studio) -> tuple[Studio, list[str]]:
    colours = [(160, 126, 86), (96, 65, 52), (128, 128, 128)]
    works = [
        add_bytes(studio, face(seed, colour), "face.png", Said(medium="photograph"))[0]
        for seed, colour in enumerate(colours)
    ]
    boxes = [((5, 5, 60, 60),), ((5, 5, 60, 60), (900, 0, 9, 9)), ((5, 5, 60, 60),)]
    for work, faces in zip(works, boxes, strict=True):
        studio.library.append([Portrayal(work=work, faces=faces, basis="stated", by="a", at=studio.now())])
    return studio, works


def test_tones_are_counted_over_all_faces_as_ranges_without_a_verdict(portraits: tuple[Studio, list[str]]) -> None:
    found = audit(portraits[0], by=["region"], people=True)
    table = found.tables[-1]
    assert table.counted.placed == pytest.approx(2)
    assert table.left == {"(outside the picture)": 1, "(without colour)": 1}
    rows = {row.group: row for row in table.rows}
    assert {row.verdict for row in table.rows} == {""}
    assert rows["tone 6"].most >= 0.5 > rows["tone 1"].most == 0
    assert any("4 in photographs" in note for note in table.notes)
    assert any("CC BY 4.0" in note for note in table.notes)
    _check_page(page(found))


def test_a_picture_that_is_gone_is_no_trouble(portraits: tuple[Studio, list[str]]) -> None:
    studio, works = portraits
    for file in studio.folder.rglob(f"*{works[0]}*"):
        if file.is_file():
            file.unlink()
    table = audit(studio, by=["region"], people=True).tables[-1]
    assert table.left["(in a picture that cannot be read)"] == 1


@pytest.mark.parametrize("of", OF)
def test_no_word_on_record_is_taken_for_markup(filled: Studio, of: str) -> None:
    nasty = '<script>alert("x")</script>&\'"'
    work = added(filled, 20, nasty, (nasty,), date=nasty, medium=nasty, style=nasty)
    choose(filled, work)
    perform(filled, "crop", {"work": [work]}, {"left": 0.1})
    text = page(audit(filled, of, DIMENSIONS))
    assert "<script" not in text
    _check_page(text)


def test_choices_of_works_that_are_unknown_are_passed_over(filled: Studio) -> None:
    filled.library.append([Choice(work="f" * 64, kept=True, by="a", at=filled.now())])
    assert audit(filled, "suggested").units == 0


class _Tags(HTMLParser):
    """Every tag is closed in its turn."""

    VOID = frozenset({"meta", "line", "circle", "path", "rect", "polyline", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs


def _check_page(text: str) -> None:
    parser = _Tags()
    parser.feed(text.partition(">")[2])
    assert parser.open == []
    assert not re.search(r"(src|href)=|url\(|@import|\bnan\b|>None<|None%", text.partition("</style>")[2])
    for drawing in re.findall(r'<svg class="(?:row|trend)"[^>]*>', text):
        assert 'aria-hidden="true"' in drawing, "its numbers stand in the table beside it"


def test_a_circle_from_outside_is_not_stated_and_ends() -> None:
    records = Records({}, {}, (), (), frozenset(), {"a": {"b": 1.0}, "b": {"c": 0.5, "a": 0.5}, "c": {"c": 1.0}})
    members = records.members({"a": 1.0}, "region", placing.region)
    assert members == {(False, NOT_STATED): 1.0}


def test_a_lineage_of_any_depth_is_followed() -> None:
    parents = {str(depth): {str(depth + 1): 0.5, "root": 0.5} for depth in range(20_000)}
    records = Records({}, {}, (), (), frozenset(), parents)
    (share,) = records.members({"0": 1.0}, "region", placing.region).values()
    assert share == pytest.approx(1)


def test_what_was_erased_is_counted_no_more(filled: Studio) -> None:
    forget(filled, plan_works(filled, [_newest(filled)]))
    found = audit(filled, by=["region"])
    assert found.units == 4
    assert any("1 erased" in note for note in found.notes)


def _newest(studio: Studio) -> str:
    return str(list_works(studio)[0]["id"])
