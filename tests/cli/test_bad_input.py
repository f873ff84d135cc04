"""Whatever is wrong: one clear error, the right status, the studio as it was, no traceback."""

from __future__ import annotations

import errno
import os
import re
import struct
import zlib
from pathlib import Path
from typing import NoReturn

import pytest

from palimpsest.cli import main
from tests.cli.conftest import Palimpsest, painted, snapshot


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a small PNG that declares to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


FILES = {
    "zero bytes": b"",
    "not an image": b"GIF would be nice, but this is a letter.",
    "truncated": painted(7)[:-200],
    "a bomb": bomb(),
    "half a header": painted(7)[:12],
    "SVG with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
}


def assert_one_clear_error(err: str) -> None:
    lines = err.splitlines()
    assert 1 <= len(lines) <= 2, err
    assert "Traceback" not in err
    assert all(line.rstrip().endswith((".", "?", "'", "…")) or ":" in line for line in lines), err


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("verb", ["add", "crop", "show"])
def test_a_file_that_is_no_image(kind: str, verb: str, palimpsest: Palimpsest, studio: Path, tmp_path: Path) -> None:
    file = tmp_path / "suspicious.png"
    file.write_bytes(FILES[kind])
    before = snapshot(studio)
    said = palimpsest(verb, file)
    assert said.status == 2
    assert "suspicious.png" in said.err
    assert_one_clear_error(said.err)
    assert snapshot(studio) == before


def test_a_bomb_is_named_with_its_size_and_the_limit(palimpsest: Palimpsest, tmp_path: Path) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(bomb())
    said = palimpsest("add", file)
    assert "60000×60000" in said.err
    assert "200 megapixels" in said.err
    assert "PALIMPSEST_PIXEL_LIMIT" in said.err


@pytest.mark.parametrize(
    ("words", "status", "part"),
    [
        (["stylise"], 4, "Did you mean 'stylize'?"),
        (["show", "abcdef0"], 4, "no such work"),
        (["show", "zebra"], 4, "no such work or file"),
        (["show", "nowhere/cat.png"], 4, "no such file"),
        (["crop"], 2, "WORK"),
        (["crop", "PHOTO", "--left", "1.5"], 2, "left: expected a number from 0 to below 1, but got '1.5'"),
        (["crop", "PHOTO", "--left", "nan"], 2, "left: expected a number from 0"),
        (["crop", "PHOTO", "--left", "much"], 2, "left: expected a number from 0"),
        (["crop", "PHOTO", "--left", "0.6", "--right", "0.6"], 2, "at least one pixel"),
        (["crop", "PHOTO", "--leftt", "0.1"], 2, "--leftt"),
        (["crop", "PHOTO", "--seed", "1"], 2, "--seed"),
        (["stylize", "PHOTO"], 2, "STYLE"),
        (["stylize", "PHOTO", "PHOTO", "--weights", "0.5,0.5"], 2, "weights"),
        (["stylize", "PHOTO", "PHOTO", "--weights", "-1"], 2, "weights"),
        (["study-weave", "--seed", "-1"], 2, "seed"),
        (["study-weave", "--seed", "soon"], 2, "seed"),
        (["study-weave", "--width", "4000000000"], 2, "width"),
        (["add", "PHOTO", "--licence", "free for all"], 2, "licence"),
        (["add", "PHOTO", "--allow", "steal"], 2, "--allow"),
        (["check", "--sample", "200%"], 2, "--sample"),
        (["check", "--sample", "0%"], 2, "--sample"),
        (["works", "--limit", "-3"], 2, "--limit"),
        (["lineage", "PHOTO", "--format", "png"], 2, "--format"),
        (["replay", "PHOTO"], 2, "came from outside"),
        (["verify", "nowhere.png"], 4, "no such file"),
        (["crop", "PHOTO", "-o", "picture.xyz"], 2, ".xyz"),
        (["crop", "PHOTO", "-o", "no/such/folder/out.png"], 2, "no/such/folder"),
        (["--studio"], 2, "--studio"),
        (["--nonsense"], 2, "--nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_call_that_does_not_fit(
    words: list[str], status: int, part: str, palimpsest: Palimpsest, studio: Path, photo: Path
) -> None:
    palimpsest("add", photo)
    before = snapshot(studio)
    said = palimpsest(*(photo if word == "PHOTO" else word for word in words))
    assert (said.status, said.out) == (status, "")
    assert part in said.err
    assert_one_clear_error(said.err)
    assert snapshot(studio) == before


def test_an_ambiguous_prefix_shows_what_begins_so(
    palimpsest: Palimpsest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("palimpsest.library.queries.PREFIX", re.compile("[0-9a-f]{1,64}"))
    for number in range(20):
        (tmp_path / f"{number}.png").write_bytes(painted(number))
    ids = [palimpsest("--json", "add", tmp_path / f"{number}.png").json["works"][0]["id"] for number in range(20)]
    twice = next(first for first in "0123456789abcdef" if sum(each.startswith(first) for each in ids) > 1)
    said = palimpsest("show", twice)
    assert said.status == 2
    assert "more works begin so" in said.err
    assert sum(each[:16] in said.err for each in ids) > 1


def test_a_folder_in_place_of_a_file(palimpsest: Palimpsest, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    said = palimpsest("crop", tmp_path / "folder")
    assert said.status == 2
    assert "it is a folder" in said.err


def test_a_device_is_not_read(palimpsest: Palimpsest) -> None:
    said = palimpsest("add", "/dev/zero")
    assert said.status == 2
    assert_one_clear_error(said.err)


def test_among_many_files_the_bad_ones_are_named_and_the_good_ones_kept(palimpsest: Palimpsest, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6):
        (folder / f"good {number}.png").write_bytes(painted(number))
    (folder / "bad.png").write_bytes(b"no")
    (folder / "notes.txt").write_text("left alone")
    said = palimpsest("--json", "add", folder)
    assert said.status == 2
    assert len(said.json["works"]) == 6
    assert [Path(each["file"]).name for each in said.json["refused"]] == ["bad.png"]
    assert palimpsest("--json", "works").json["total"] == 6


def _refuse(code: int) -> NoReturn:
    raise OSError(code, os.strerror(code))


@pytest.mark.parametrize(("code", "part"), [(errno.ENOSPC, "it is full"), (errno.EACCES, "permission was denied")])
def test_a_disk_that_refuses(
    code: int, part: str, palimpsest: Palimpsest, studio: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(studio)
    monkeypatch.setattr(Path, "write_bytes", lambda _path, _data: _refuse(code))
    said = palimpsest("add", photo)
    assert said.status == 2
    assert part in said.err
    monkeypatch.undo()
    assert snapshot(studio) == before
    assert palimpsest("add", photo).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(palimpsest: Palimpsest, photo: Path) -> None:
    photo.chmod(0)
    said = palimpsest("add", photo)
    assert said.status == 2
    assert "permission was denied" in said.err


def test_names_that_would_steer_the_terminal_are_shown_as_what_they_are(palimpsest: Palimpsest, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b[2Jb\nc.png"
    file.write_bytes(b"no")
    said = palimpsest("add", file)
    assert said.status == 2
    assert "\x1b" not in said.err
    assert_one_clear_error(said.err)


def test_a_studio_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--studio", str(tmp_path), "works"]) == 4
    assert "palimpsest init" in capsys.readouterr().err


def test_a_folder_that_holds_something_is_left_alone(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(photo.parent.iterdir())
    assert main(["init", str(photo.parent), "--empty"]) == 2
    assert "holds something" in capsys.readouterr().err
    assert sorted(photo.parent.iterdir()) == before


def test_a_mask_of_another_size(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    mask = tmp_path / "mask.png"
    mask.write_bytes(painted(3, 10, 10))
    said = palimpsest("stylize", photo, photo, "--mask", mask)
    assert said.status == 2
    assert "40×30" in said.err
    assert "10×10" in said.err


def test_a_style_of_one_pixel(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    dot = tmp_path / "dot.png"
    dot.write_bytes(painted(3, 1, 1))
    said = palimpsest("stylize", photo, dot)
    assert said.status in (0, 2)
    if said.status:
        assert_one_clear_error(said.err)
