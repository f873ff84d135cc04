"""The demonstration, whole: what `make demo` does."""

from __future__ import annotations

import contextlib
import json
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from palimpsest.cli import main
from palimpsest.studio.demo_pieces import BOATS, WITH_ART, WITHOUT_ART, programme
from palimpsest.studio.starter import PHOTOGRAPHS
from palimpsest.studio.starter_museum import museum_works


class References(HTMLParser):
    """Collects what a page asks for from elsewhere, and checks that its tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pictures += tag == "img"
        self.asked += [value for name, value in attrs if name in ("src", "href") and value]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Run the demonstration once."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    capture = folder.parent / "out.json"
    with capture.open("w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
        assert main(["demo", str(folder), "--json"]) == 0
    return folder, json.loads(capture.read_text(encoding="utf-8"))


def test_works_of_art_are_shown_where_they_are() -> None:
    titles = WITH_ART.titles | WITHOUT_ART.titles
    assert BOATS.title not in titles
    assert programme(titles) is WITH_ART
    assert programme(titles - {"The Calm Sea"}) is programme(WITHOUT_ART.titles) is WITHOUT_ART


@pytest.mark.slow
def test_every_act_replays_to_the_same_pixels_in_fresh_processes(demo: tuple[Path, dict[str, Any]]) -> None:
    _, answer = demo
    made = len(answer["starter"]) + len(answer["works"])
    assert len(answer["replays"]) >= made - len(PHOTOGRAPHS) - len(museum_works())  # these came from outside
    assert [each for each in answer["replays"] if not each["same"]] == []


@pytest.mark.slow
def test_the_page_needs_nothing_beside_it_and_shows_everything(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, answer = demo
    text = (folder / "demo.html").read_text(encoding="utf-8")
    pieces = (WITH_ART if museum_works() else WITHOUT_ART).pieces
    found = References()
    found.feed(text)
    assert [each for each in found.asked if not each.startswith("data:image/")] == []
    assert not re.search(r"@import|url\(|<script", text)
    assert found.pictures >= 2 * len(pieces) + len(answer["starter"])
    for each in pieces:
        assert escape(each.remark) in text
    traced = [each for each in pieces if each.technique != "stylize"]
    assert text.count("<details") == len(traced) >= 4


@pytest.mark.slow
def test_the_studio_of_the_demonstration_is_whole(
    demo: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, answer = demo
    studio = str(folder / "studio")
    assert main(["--studio", studio, "check"]) == 0
    work = answer["works"][0]["id"]
    capsys.readouterr()
    before = [_said(capsys, "--studio", studio, "--json", verb, work) for verb in ("lineage", "credits", "show")]
    assert main(["--studio", studio, "rebuild"]) == 0
    capsys.readouterr()
    assert [
        _said(capsys, "--studio", studio, "--json", verb, work) for verb in ("lineage", "credits", "show")
    ] == before
    assert main(["--studio", studio, "export", work, "-o", str(folder / "out.jpg")]) == 0


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 0
    return capsys.readouterr().out
