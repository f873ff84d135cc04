"""What an exported file says when it comes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from palimpsest.cli import main
from tests.cli.conftest import Palimpsest


@pytest.fixture
def exported(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> Path:
    """A work that was exported, with its statement."""
    out = tmp_path / "out.png"
    palimpsest("add", photo, "--licence", "CC0")
    assert palimpsest("export", photo, "-o", out).status == 0
    return out


@pytest.mark.parametrize("bytes_kept", [0, 100, -1])
def test_a_file_that_was_cut_short_is_not_what_its_statement_speaks_of(
    bytes_kept: int, palimpsest: Palimpsest, exported: Path
) -> None:
    exported.write_bytes(exported.read_bytes()[:bytes_kept])
    said = palimpsest("verify", exported)
    assert said.status == 5
    assert "not the file that its statement speaks of" in said.out
    assert palimpsest("--json", "verify", exported).json["intact"] is False


def test_what_is_no_image_and_has_no_statement_is_simply_not_known(palimpsest: Palimpsest, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no image")
    answer = palimpsest("--json", "verify", tmp_path / "notes.txt")
    assert answer.status == 0
    assert (answer.json["known"], answer.json["intact"]) == (None, None)
    assert answer.json["sentences"][0].startswith("notes.txt is not an image")


def test_a_folder_a_pipe_a_device_and_nothing_are_refused(palimpsest: Palimpsest, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    for name in (tmp_path, tmp_path / "pipe.png", Path(os.devnull)):
        assert palimpsest("verify", name).status == 2
    assert palimpsest("verify", tmp_path / "nothing.png").status == 4


def test_a_pipe_in_place_of_the_statement_is_refused(palimpsest: Palimpsest, photo: Path) -> None:
    os.mkfifo(f"{photo}.palimpsest.json")
    assert palimpsest("verify", photo).status == 2


def test_a_statement_that_is_none_of_ours_is_named(palimpsest: Palimpsest, photo: Path) -> None:
    sidecar = Path(f"{photo}.palimpsest.json")
    for text in ("{", "[]", '{"palimpsest": 2}'):
        sidecar.write_text(text)
        said = palimpsest("verify", photo)
        assert said.status == 5
        assert sidecar.name in said.out
        assert "no Content Credentials" in said.out, "what else is known of it is said all the same"


def test_to_verify_makes_no_studio(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr("palimpsest.studio.finding.home_studio", lambda: home)
    monkeypatch.setattr("palimpsest.cli.world.home_studio", lambda: home)
    monkeypatch.delenv("PALIMPSEST_STUDIO", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(exported)]) == 0
    assert not home.exists()
    assert main(["--studio", str(tmp_path / "elsewhere"), "verify", str(exported)]) == 4


def test_an_export_that_fails_leaves_neither_picture_nor_statement(
    palimpsest: Palimpsest, photo: Path, tmp_path: Path
) -> None:
    palimpsest("add", photo, "--licence", "CC0")
    out = tmp_path / "there" / "out.png"
    out.mkdir(parents=True)
    assert palimpsest("export", photo, "-o", out).status == 2
    assert list(out.parent.iterdir()) == [out]


def test_a_device_is_never_replaced_by_a_picture(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    assert palimpsest("crop", photo, "--left", "0.5", "-o", pipe).status == 2
    assert pipe.is_fifo()
