"""palimpsest sources: shares, single pixels, the chart, and what has no map."""

from __future__ import annotations

from pathlib import Path

import pytest

from palimpsest.craft.catalogue import Catalogue
from palimpsest.media.codecs import decode
from palimpsest.studio import studio as studio_module
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.cli.conftest import Palimpsest, painted


@pytest.fixture
def works(studio: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two works from outside, one joined from both, and one joined from that and a third."""
    monkeypatch.setattr(studio_module, "Catalogue", lambda: Catalogue(package="tests.copying", extras=()))
    with Studio.open(studio) as opened:
        sea, cup, tree = (
            add_bytes(opened, painted(number), "a.png", Said(title=title, makers=("Ada",), licence="CC0-1.0"))[0]
            for number, title in ((1, "The sea"), (2, "A cup"), (3, "A tree"))
        )
        once = perform(opened, "join", {"left": [sea], "right": [cup]}).works[0].id
        twice = perform(opened, "join", {"left": [tree], "right": [once]}).works[0].id
    return [sea, cup, once, twice]


def test_says_which_works(palimpsest: Palimpsest, works: list[str]) -> None:
    said = palimpsest("sources", works[2])
    assert said.status == 0
    assert f"   50.00%  The sea — Ada  ({works[0][:12]})" in said.out
    assert "each pixel is a copy" in said.out


def test_says_where_pixels_are_from(palimpsest: Palimpsest, works: list[str]) -> None:
    said = palimpsest("sources", works[3], "--at", "38,4", "--at", "0,29")
    assert said.out.count("←") == 2
    assert f"← 38,4 of Join: The sea, A cup — Ada  ({works[2][:12]})" in said.out
    answer = palimpsest("--json", "sources", works[3], "--at", "38,4").json
    assert [(each["x"], each["y"]) for each in answer["at"]] == [(38, 4)]
    assert answer["at"][0]["from"][0]["work"] == works[2]


def test_follows_pixels_through_generations(palimpsest: Palimpsest, works: list[str]) -> None:
    said = palimpsest("sources", works[3], "--at", "39,29", "--deep")
    assert f"    ← 39,29 of A cup — Ada  ({works[1][:12]})" in said.out
    assert "[from outside]" in said.out
    answer = palimpsest("--json", "sources", works[3], "--at", "20,0", "--deep").json
    assert [each["work"] for each in answer["at"][0]["from"]] == [works[2], works[1]]


def test_draws_the_chart(palimpsest: Palimpsest, works: list[str], tmp_path: Path) -> None:
    file = tmp_path / "map.png"
    assert palimpsest("--json", "sources", works[3], "-o", file).json["file"] == str(file)
    assert decode(file.read_bytes(), "map", 10**8).width > 1000


def test_a_work_from_outside_has_none(palimpsest: Palimpsest, works: list[str]) -> None:
    said = palimpsest("sources", works[0])
    assert said.status == 4
    assert said.err == f"{works[0][:12]}: no such source map.\nIt came from outside: every pixel is its own.\n"


@pytest.mark.parametrize(
    "words",
    [["--at", "3"], ["--at", "3,4,5"], ["--at", "a,b"], ["--at", "40,0"], ["--at=-1,0"], ["--deep"], ["-o", "map.txt"]],
)
def test_refuses_what_it_cannot_answer(palimpsest: Palimpsest, works: list[str], words: list[str]) -> None:
    said = palimpsest("sources", works[3], *words)
    assert said.status == 2
    assert "Traceback" not in said.err
    assert said.out == ""
