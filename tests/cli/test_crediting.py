"""credits, caption, statement, keep and reject, as an artist and a script use them; with odd names and many sources."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from palimpsest.studio.adding import add_bytes
from palimpsest.studio.performing import perform
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import Studio
from tests.cli.conftest import Palimpsest, painted

ODD = (
    '=HYPERLINK("http://x")',
    '<script>alert(1)</script> & "quotes"',
    "line\nbreak\x1b[31m\x00",
    "\u202eright to left\u202c",
    "עצמי 具区林屋图 🖼️",
    "x" * 4000,
    "-1+2",
    "  ",
)


class _Page(HTMLParser):
    """Notes what a page would load, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(page: str) -> _Page:
    found = _Page()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


@pytest.fixture
def odd(studio: Path) -> str:
    """A work with many sources, whose titles and makers are hard to print."""
    with Studio.open(studio) as opened:
        made = add_bytes(opened, painted(100), "a.png", Said(title="Ground", licence="CC0-1.0"))[0]
        for number, words in enumerate(ODD * 3):
            said = Said(title=words, makers=(words, "Grace"), date=words, licence="CC0-1.0") if number % 4 else Said()
            top = add_bytes(opened, painted(number), "b.png", said)[0]
            made = perform(opened, "blend", {"base": [made], "top": [top]}, {"opacity": 0.2}).works[0].id
    return made


@pytest.fixture
def blended(palimpsest: Palimpsest, tmp_path: Path) -> str:
    sea, cup, mask = (tmp_path / f"{name}.png" for name in ("sea", "cup", "mask"))
    for number, (file, maker) in enumerate(((sea, "Grace"), (cup, "Emmy"), (mask, "Ada"))):
        file.write_bytes(painted(number))
        palimpsest(
            "add", file, "--title", f"The {file.stem}", "--maker", maker, "--date", "1888", "--licence", "CC-BY-4.0"
        )
    made = palimpsest("--json", "blend", sea, cup, "--mask", mask, "--opacity", "0.5")
    return str(made.json["works"][0]["id"])


def test_credits_name_what_was_typed_and_given(palimpsest: Palimpsest, blended: str) -> None:
    said = palimpsest("credits", blended).out
    assert "Ada: typed 1 of 3 parameters, gave the mask; machine: blend 1" in said
    answer = palimpsest("--json", "credits", blended).json
    assert [(each["doing"], each["what"]) for each in answer["acts"][0]["hands"]] == [
        ("typed", "opacity"),
        ("masked", "mask"),
    ]
    assert answer["collections"] == [{"name": "in no collection", "share": 1.0, "rest": True}]
    assert palimpsest("lineage", blended, "--format", "json").json["acts"][0]["hands"][0]["what"] == "opacity"


def test_keep_and_reject_are_shown(palimpsest: Palimpsest, blended: str, photo: Path) -> None:
    other = palimpsest("add", photo).out.split()[0]
    kept = palimpsest("keep", blended, "--among", other, "--among", photo, "--seconds", "40")
    assert (kept.status, kept.out.split(": ")[-1]) == (0, "chosen by Ada among 2, looked at for 40 s\n")
    assert "chosen by Ada among 2" in palimpsest("show", blended).out
    assert "chosen by Ada among 2" in palimpsest("credits", blended).out
    assert "Chosen by Ada among 2" in palimpsest("caption", blended).out
    assert palimpsest("--json", "show", blended).json["choice"]["among"] == 2
    assert palimpsest("--json", "reject", blended, other).json["choices"][1]["kept"] is False
    assert "set aside by Ada" in palimpsest("show", blended).out
    assert "hosen" not in palimpsest("caption", blended).out


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("keep",), 2),
        (("reject",), 2),
        (("keep", "0123456789"), 4),
        (("reject", "0123456789"), 4),
        (("caption", "0123456789"), 4),
        (("caption", "0123456789", "--length", "long"), 2),
        (("statement", "0123456789", "-o", "a.html"), 4),
        (("statement", "0123456789", "-o", "a.pdf"), 2),
        (("statement", "0123456789"), 2),
        (("--json", "credits", "0123456789", "--format", "html"), 2),
    ],
)
def test_what_cannot_be_done_is_one_clear_word(palimpsest: Palimpsest, words: tuple[str, ...], status: int) -> None:
    said = palimpsest(*words)
    assert (said.status, said.out) == (status, "")
    assert 1 <= len(said.err.splitlines()) <= 2


def test_a_work_is_not_chosen_from_itself(palimpsest: Palimpsest, blended: str) -> None:
    said = palimpsest("keep", blended, "--among", blended)
    assert (said.status, said.out) == (2, "")
    assert "is the one that you keep" in said.err
    assert "chosen by" not in palimpsest("show", blended).out


def test_seconds_are_a_length_of_time(palimpsest: Palimpsest, blended: str) -> None:
    for seconds in ("-1", "nan", "inf", "x"):
        assert palimpsest("keep", blended, "--seconds", seconds).status == 2


def test_a_caption_writes_itself(palimpsest: Palimpsest, blended: str) -> None:
    assert palimpsest("caption", blended).out.splitlines() == [
        "Ada",
        "Blend: The sea, The cup, The mask, 2026",
        "Digital picture: blend, 40 × 30 pixels.",
        "After “The sea” by Grace; with matter from “The cup” by Emmy.",
        "By hand: Ada typed 1 of 3 parameters, gave the mask.",
        f"Work {blended[:12]}",
    ]
    assert palimpsest("caption", blended, "--length", "short").out.splitlines() == [
        "Ada",
        "Blend: The sea, The cup, The mask, 2026",
        "Blend, after “The sea” by Grace; with matter from “The cup” by Emmy.",
    ]
    answer = palimpsest("--json", "caption", blended).json
    assert (answer["artist"], answer["year"], len(answer["lines"])) == ("Ada", "2026", 6)


def test_a_caption_of_a_work_from_outside_or_from_numbers_alone(palimpsest: Palimpsest, photo: Path) -> None:
    assert palimpsest("caption", photo, "--length", "short").out.splitlines() == ["unknown maker", "photo of a cat"]
    palimpsest(
        "add", photo, "--maker", "Hokusai", "--title", "Wave", "--date", "about 1831", "--medium", "Woodblock print"
    )
    assert palimpsest("caption", photo).out.splitlines()[:3] == [
        "Hokusai",
        "Wave, about 1831",
        "Woodblock print, 40 × 30 pixels.",
    ]


def test_of_dozens_of_sources_the_main_ones_are_named_and_the_rest_counted(palimpsest: Palimpsest, odd: str) -> None:
    said = palimpsest("caption", odd).out
    assert ", and 21 more works" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert max(map(len, said.splitlines())) < 1200
    assert all(palimpsest("caption", odd, "--length", length).status == 0 for length in ("short", "full"))


def test_a_title_is_no_formula_for_a_spreadsheet(palimpsest: Palimpsest, odd: str) -> None:
    rows = list(csv.reader(io.StringIO(palimpsest("credits", odd, "--format", "csv").out)))
    assert {len(row) for row in rows} == {4}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert {"work", "person", "collection", "act"} <= {row[0] for row in rows}


def test_pages_hold_any_name_and_load_nothing(palimpsest: Palimpsest, odd: str, tmp_path: Path) -> None:
    file = tmp_path / "statement.html"
    assert palimpsest("statement", odd, "-o", file).status == 0
    for page in (palimpsest("credits", odd, "--format", "html").out, file.read_text(encoding="utf-8")):
        found = read(page)
        assert found.scripts == 0
        assert found.loads
        assert all(each.startswith("data:image/") for each in found.loads)
        assert "&lt;script&gt;" in page
        assert "<" not in page.partition("<title>")[2].partition("</title>")[0], (
            "a browser shows tags in a title as they are"
        )
        assert not re.search("[\x00-\x08\x1b\u202a-\u202e]", page)


def test_a_statement_says_what_is_on_record_and_what_is_not_known(
    palimpsest: Palimpsest, blended: str, tmp_path: Path
) -> None:
    file = tmp_path / "statement.html"
    said = palimpsest("--json", "statement", blended, "-o", file)
    assert said.json == {"work": blended, "file": str(file)}
    page = file.read_text(encoding="utf-8")
    shown = palimpsest("--json", "show", blended).json
    for fact in (blended, shown["pixels"], shown["recipe"], "CC-BY-4.0", "Grace", "gave the mask", "name the makers"):
        assert fact in page
    assert "What is not known" in page
    assert palimpsest("statement", tmp_path / "sea.png", "-o", file).status == 0
    assert "It came from outside" in file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_statement_prints_as_one_page(palimpsest: Palimpsest, odd: str, blended: str, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no browser that prints: chromium is not installed")
    for work in (odd, blended):
        file, pdf = tmp_path / "statement.html", tmp_path / "statement.pdf"
        palimpsest("statement", work, "-o", file)
        words = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            f"--user-data-dir={tmp_path}/b",
        )
        subprocess.run(
            [browser, *words, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
        assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
