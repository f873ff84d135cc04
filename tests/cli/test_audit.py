"""The audit on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Palimpsest, painted, snapshot


@pytest.fixture
def works(tmp_path: Path, palimpsest: Palimpsest) -> None:
    for number, culture in enumerate(("French", "French", "Japanese")):
        file = tmp_path / f"{number}.png"
        file.write_bytes(painted(number))
        assert palimpsest("add", file, "--culture", culture, "--date", "1888").status == 0


@pytest.mark.usefixtures("works")
def test_it_answers_in_words_and_in_json(palimpsest: Palimpsest) -> None:
    said = palimpsest("audit", "--by", "region")
    assert said.status == 0
    assert "Europe" in said.out
    assert "none here: Africa south of the Sahara" in said.out
    found = palimpsest("audit", "--by", "region", "--by", "period", "--against", "met", "--json").json
    assert found["units"] == 3
    assert [table["by"] for table in found["tables"]] == ["region", "period"]
    (europe, asia) = found["tables"][0]["groups"]
    assert (europe["group"], europe["weight"], asia["weight"]) == ("Europe", 2, 1)
    assert europe["low"] < 2 / 3 < europe["high"]
    assert found["tables"][0]["against"]["licence"] == "CC0-1.0"


@pytest.mark.usefixtures("works")
def test_it_writes_one_page_and_nothing_into_the_studio(palimpsest: Palimpsest, studio: Path, tmp_path: Path) -> None:
    before = snapshot(studio)
    page = tmp_path / "report.html"
    said = palimpsest("audit", "-o", page, "--people")
    assert said.status == 0
    assert said.out.rstrip().endswith(str(page))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert snapshot(studio) == before


def test_an_empty_studio_is_no_trouble(palimpsest: Palimpsest) -> None:
    for of in ("collection", "used", "results", "suggested"):
        said = palimpsest("audit", "--of", of)
        assert said.status == 0
        assert said.out.startswith("0 ")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--of", "everything"), 2),
        (("--by", "shoe size"), 2),
        (("--against", "louvre"), 4),
        (("--against", "gone.csv"), 4),
        (("--against", "."), 2),
        (("--by", "gender", "--against", "met"), 2),
        (("--genders", "gone.csv"), 4),
        (("-o", "report.pdf"), 2),
        (("-o", "nowhere/report.html"), 2),
        (("--against", "x" * 5000), 2),
    ],
)
def test_what_cannot_be_is_refused_in_a_line_or_two(
    palimpsest: Palimpsest, words: tuple[str, ...], status: int
) -> None:
    said = palimpsest("audit", *words)
    assert said.status == status
    assert 1 <= len(said.err.splitlines()) <= 2
    assert "Traceback" not in said.err


def test_a_report_is_not_said_to_be_one_page(palimpsest: Palimpsest) -> None:
    said = palimpsest("audit", "-o", "report.txt")
    assert "ends in .txt" in said.err
    assert "A4" not in said.err


def test_a_table_that_is_none_is_refused(palimpsest: Palimpsest, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    for data in (b"", b"\xff\xfe\x00", b"group,share\nEurope,nan\n", b"group,share\nEurope,-3\n", b'{"Europe": 1e999}'):
        file.write_bytes(data)
        assert palimpsest("audit", "--by", "region", "--against", file).status == 2
        assert palimpsest("audit", "--genders", file).status == 2
