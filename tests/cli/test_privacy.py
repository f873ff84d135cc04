"""people, privacy, forget, encrypt and decrypt on the command line: what they answer, what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from palimpsest.library import encryption
from tests.cli.conftest import Palimpsest


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    file = tmp_path / "portrait.png"
    Image.fromarray(skimage.data.astronaut()).save(file)
    return file


@pytest.fixture
def known(palimpsest: Palimpsest, portrait: Path) -> str:
    return palimpsest("add", portrait, "--title", "Eileen", "--licence", "CC0-1.0").out.split()[0]


def test_people_looks_records_and_lists(palimpsest: Palimpsest, known: str) -> None:
    assert "No work is marked" in palimpsest("people").out
    assert "1 face found" in palimpsest("people", known).out
    said = palimpsest("--json", "people", known, "--name", "Eileen Collins", "--consent", "refused").json
    assert said["works"][0]["people"] == ["Eileen Collins"]
    assert "consent refused" in palimpsest("people").out
    assert palimpsest("people", "--name", "X").status == 2
    assert palimpsest("people", known, "--consent", "perhaps").status == 2
    assert palimpsest("people", known, "--nobody", "--name", "X").status == 2


def test_what_people_refused_is_not_exported(palimpsest: Palimpsest, known: str, tmp_path: Path) -> None:
    palimpsest("people", known, "--consent", "refused")
    refused = palimpsest("export", known, "-o", tmp_path / "out.png")
    assert refused.status == 3
    assert "blur-faces" in refused.err
    hidden = palimpsest("--json", "blur-faces", known).json["works"][0]["id"]
    assert palimpsest("export", hidden, "-o", tmp_path / "out.png").status == 0


def test_privacy_lists_scans_and_archives(palimpsest: Palimpsest, known: str, tmp_path: Path) -> None:
    assert "faces not checked in 1 work" in palimpsest("privacy").out
    scanned = palimpsest("privacy", "--scan")
    assert "Looked at 1 work; faces in 1." in scanned.err
    assert palimpsest("--json", "privacy").json["shown"][0]["work"] == known
    archived = palimpsest("privacy", "--export", tmp_path / "all.zip")
    assert (tmp_path / "all.zip").is_file()
    assert "not encrypted" in archived.out
    assert palimpsest("privacy", "--export", tmp_path / "all.zip").status == 2
    assert palimpsest("privacy", "--person", "Eileen").status == 2
    assert palimpsest("privacy", "--export", tmp_path / "b.zip", "--person", "Nobody").status == 4


def test_forget_previews_erases_and_leaves_a_receipt(palimpsest: Palimpsest, known: str, tmp_path: Path) -> None:
    before = palimpsest("forget", known, "--preview")
    assert f"would erase {known[:12]}" in before.out
    assert palimpsest("forget", known).status == 2, "nobody is there to be asked"
    receipt = tmp_path / "receipt.json"
    done = palimpsest("forget", known, "--yes", "--reason", "asked", "--receipt", receipt)
    assert "Erased on" in done.out
    assert json.loads(receipt.read_text(encoding="utf-8"))[0]["works"][0]["work"] == known
    assert "erased" in palimpsest("show", known).out
    assert palimpsest("--json", "show", known).json["erased"]["reason"] == "asked"
    assert "Eileen  ·  erased" in palimpsest("works").out
    assert palimpsest("--json", "works").json["works"][0]["erased"] is True
    for verb in ("lineage", "credits"):
        assert "Eileen (erased)" in palimpsest(verb, known).out
    for words in (
        ("forget", known, "--yes"),
        ("export", known, "-o", tmp_path / "x.png"),
        ("crop", known, "--left", "0.5"),
    ):
        refused = palimpsest(*words)
        assert refused.status == 4
        assert "erased" in refused.err
        assert len(refused.err.splitlines()) <= 2
    assert palimpsest("check").status == 0


def test_forget_refuses_what_it_does_not_know(palimpsest: Palimpsest, portrait: Path, tmp_path: Path) -> None:
    nothing = palimpsest("forget")
    assert (nothing.status, len(nothing.err.splitlines())) == (2, 2)
    assert "--preview" in nothing.err
    assert palimpsest("forget", "Nobody Known", "--preview").status == 4
    unknown = palimpsest("forget", portrait, "--yes")
    assert unknown.status == 4
    assert palimpsest("works").out.startswith("No works"), "asking to forget a file does not add it"
    (tmp_path / "r.json").touch()
    assert palimpsest("forget", "Ada", "--yes", "--receipt", tmp_path / "r.json").status == 2


def test_a_person_is_forgotten_by_name(palimpsest: Palimpsest, known: str) -> None:
    palimpsest("people", known, "--name", "Eileen Collins")
    (receipt,) = palimpsest("--json", "forget", "eileen collins", "--yes").json["receipts"]
    assert receipt["works"][0]["work"] == known
    assert "Collins" not in palimpsest("privacy").out


def test_a_picture_that_was_only_named_after_somebody_is_listed_when_they_are_forgotten(
    palimpsest: Palimpsest, known: str
) -> None:
    short = known[:12]
    before = palimpsest("forget", "Eileen", "--preview").out
    assert f"the picture would stay, and may show them: {short}  Eileen" in before
    assert f"`palimpsest forget {short}` erases one" in before
    assert "out of 1 record\n" in before
    assert palimpsest("--json", "forget", "Eileen", "--preview").json["would_erase"][0]["named"] == [known]
    done = palimpsest("forget", "Eileen", "--yes").out
    assert f"the picture stays, and may show them: {short}  a forgotten person" in done
    assert "--faces-like" in done
    assert "Eileen" not in done


def test_faces_like_only_proposes(palimpsest: Palimpsest, known: str, tmp_path: Path) -> None:
    file = tmp_path / "darker.png"
    Image.fromarray(skimage.data.astronaut() // 2).save(file)
    palimpsest("add", file)
    palimpsest("privacy", "--scan")
    said = palimpsest("--json", "forget", "--faces-like", known).json
    assert len(said["proposed"]) == 1
    assert said["erased"] == []
    assert "Nothing was erased" in palimpsest("forget", "--faces-like", known).out


def test_encrypt_and_decrypt(palimpsest: Palimpsest, known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_COST", 2**10)
    assert palimpsest("encrypt").status == 2, "nobody is there to be asked"
    monkeypatch.setenv("PALIMPSEST_PASSPHRASE", "short")
    assert palimpsest("encrypt").status == 2
    monkeypatch.setenv("PALIMPSEST_PASSPHRASE", "four words nobody guesses")
    assert "Not encrypted: the index" in palimpsest("encrypt").out
    assert palimpsest("check").status == 0
    monkeypatch.setenv("PALIMPSEST_PASSPHRASE", "another one that is wrong")
    wrong = palimpsest("works")
    assert (wrong.status, len(wrong.err.splitlines())) == (2, 2)
    assert palimpsest("decrypt").status == 2
    monkeypatch.delenv("PALIMPSEST_PASSPHRASE")
    assert palimpsest("show", known).status == 2
    monkeypatch.setenv("PALIMPSEST_PASSPHRASE", "four words nobody guesses")
    assert palimpsest("decrypt").status == 0
    monkeypatch.delenv("PALIMPSEST_PASSPHRASE")
    assert palimpsest("show", known).status == 0
    assert palimpsest("decrypt").status == 2
