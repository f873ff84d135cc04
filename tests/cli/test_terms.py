"""terms on the command line, what add says of a file, and what is owed after a technique."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Palimpsest, painted, snapshot
from tests.media.packets import VOCABULARY, packet, picture

PROHIBITED = packet("<dc:creator>Grace</dc:creator>", f'plus:DataMining="{VOCABULARY}DMI-PROHIBITED"')


@pytest.fixture
def opted(tmp_path: Path) -> Path:
    file = tmp_path / "sea.jpg"
    file.write_bytes(picture("JPEG", PROHIBITED))
    return file


def file_of(folder: Path, number: int) -> Path:
    file = folder / f"no {number}.png"
    file.write_bytes(painted(number))
    return file


def test_add_says_on_the_side_what_the_file_says(palimpsest: Palimpsest, opted: Path) -> None:
    said = palimpsest("add", opted)
    assert len(said.out.splitlines()) == 1
    assert said.err == "  the file: plus:DataMining = DMI-PROHIBITED (refused: imitate, learn)\n"
    assert palimpsest("--json", "add", opted).json["works"][0]["known"] is True
    shown = palimpsest("show", opted).out
    assert "makers    Grace" in shown
    assert "imitate refused" in shown


def test_a_refusal_names_terms_use_whose_and_remedy(palimpsest: Palimpsest, opted: Path, photo: Path) -> None:
    said = palimpsest("stylize", photo, opted)
    assert said.status == 3
    problem, remedy = said.err.splitlines()[-2:]
    for word in ("sea", "'imitate'", "Grace", "plus:DataMining = DMI-PROHIBITED"):
        assert word in problem
    assert "palimpsest terms" in remedy
    assert "--allow imitate" in remedy


def test_terms_are_shown_stated_and_taken_back(palimpsest: Palimpsest, photo: Path) -> None:
    work = palimpsest("--json", "add", photo).json["works"][0]["id"]
    assert "nobody has stated terms" in palimpsest("terms", work).out
    stated = palimpsest("terms", work, "--licence", "CC-BY-SA-4.0", "--until", "2999-12-31")
    assert stated.status == 0
    assert "with credit" in stated.out
    assert "until 2999-12-31" in stated.out
    made = palimpsest("crop", work, "--left", "0.5")
    assert "  owed to the sources: credit, share-alike (CC-BY-SA-4.0)" in made.out.splitlines()
    taken = palimpsest("terms", work, "--refuse", "alter").out
    assert "No longer allowed: alter." in taken
    assert "Crop: photo of a cat" in taken
    assert palimpsest("crop", work, "--left", "0.25").status == 3
    found = palimpsest("--json", "terms", work).json
    assert found["withdrawn"] == ["alter"]
    assert [each["by"] for each in found["history"]] == [found["history"][0]["by"]] * 2
    assert found["uses"]["publish"]["until"] == "2999-12-31"


def test_a_technique_answers_to_whom_something_is_owed(palimpsest: Palimpsest, photo: Path) -> None:
    palimpsest("add", photo, "--licence", "CC-BY-SA-3.0")
    made = palimpsest("--json", "crop", photo, "--left", "0.5").json
    assert made["obligations"] == ["credit", "share-alike"]
    assert {each["licence"] for each in made["owed"]} == {"CC-BY-SA-3.0"}
    for work in (photo, made["works"][0]["id"]):
        assert "  owed      credit, share-alike (CC-BY-SA-3.0)" in palimpsest("show", work).out.splitlines()


def test_the_terms_of_a_collection(palimpsest: Palimpsest, tmp_path: Path) -> None:
    for number in (1, 2):
        assert palimpsest("add", file_of(tmp_path, number), "--collection", "Old prints").status == 0
    assert len(palimpsest("--json", "works", "old", "prints").json["works"]) == 2
    assert "Old prints" in palimpsest("works").out
    said = palimpsest("terms", "--collection", "Old prints", "--licence", "public domain")
    assert "holds for 2 works" in said.out
    shown = palimpsest("--json", "show", file_of(tmp_path, 1)).json
    assert shown["collection"] == "Old prints"
    assert shown["terms"] is None
    assert shown["terms_in_force"]["uses"]["publish"]["collection"] == "Old prints"
    assert "public domain (of the collection Old prints)" in palimpsest("show", file_of(tmp_path, 1)).out
    assert palimpsest("export", file_of(tmp_path, 1), "-o", tmp_path / "out.png", "--preview").status == 0


def test_what_excludes_itself_is_refused_before_work_starts(
    palimpsest: Palimpsest, studio: Path, tmp_path: Path
) -> None:
    one, other = file_of(tmp_path, 1), file_of(tmp_path, 2)
    palimpsest("add", one, "--licence", "CC-BY-SA-4.0")
    palimpsest("add", other, "--licence", "https://creativecommons.org/licenses/by-nc-sa/4.0/")
    before = snapshot(studio)
    said = palimpsest("blend", one, other)
    assert said.status == 3
    assert "no result can be both" in said.err
    assert len(said.err.splitlines()) == 2
    assert snapshot(studio) == before


@pytest.mark.parametrize(
    ("words", "status", "hint"),
    [
        ([], 2, "expected a work, or --collection"),
        (["WORK", "--collection", "Prints"], 2, "expected a work, or --collection"),
        (["--collection", "Nothing"], 4, "no such collection"),
        (["WORK", "--until", "tomorrow"], 2, "a day written as 2027-01-31"),
        (["WORK", "--until", "2030-01-01"], 2, "none are stated"),
        (["WORK", "--allow", "learn", "--refuse", "learn"], 2, "learn is said to be both"),
        (["WORK", "--licence", "do what you like"], 2, "licence: expected one of"),
        (["WORK", "--allow", "sell"], 2, "sell"),
        (["0123456789ab"], 4, "no such work"),
        (["--collection", "x\udcff", "--allow", "learn"], 2, "surrogate"),
    ],
)
def test_bad_words(palimpsest: Palimpsest, photo: Path, words: list[str], status: int, hint: str) -> None:
    work = palimpsest("--json", "add", photo).json["works"][0]["id"]
    said = palimpsest("terms", *(work if word == "WORK" else word for word in words))
    assert said.status == status
    assert hint in said.err
    assert 1 <= len(said.err.splitlines()) <= 2
    assert "Traceback" not in said.err


def test_strange_names_of_makers_cannot_steer_the_terminal(palimpsest: Palimpsest, tmp_path: Path) -> None:
    file = tmp_path / "odd.jpg"
    words = packet("<dc:rights>\u202eall rights reserved\u0085</dc:rights><dc:creator>G\u200bra\u061cce</dc:creator>")
    file.write_bytes(picture("JPEG", words, artist="\x1b[31mGrace\x07"))
    for said in (palimpsest("add", file), palimpsest("show", file), palimpsest("terms", file)):
        assert said.status == 0
        assert "\x1b" not in said.out + said.err
        assert "\u202e" not in said.out + said.err
