"""export, verify and identity, as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from palimpsest.studio.identity import Keeping
from tests.cli.conftest import Palimpsest
from tests.ethics.signing import pair, signed, source, step
from tests.ethics.test_credentials import large, loopback, remote

__all__ = ["loopback"]


@pytest.fixture(autouse=True)
def _own_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_preview_says_what_would_leave_and_writes_nothing(
    palimpsest: Palimpsest, photo: Path, tmp_path: Path
) -> None:
    palimpsest("add", photo, "--licence", "CC0")
    said = palimpsest("export", photo, "-o", tmp_path / "out.jpg", "--preview")
    assert said.status == 0
    assert said.out.startswith("It would reveal\n")
    assert said.out.endswith("Nothing was written.\n")
    assert not (tmp_path / "out.jpg").exists()
    assert not Keeping.usual().exists
    assert palimpsest("--json", "export", photo, "-o", tmp_path / "out.jpg", "--preview").json["reveals"]


def test_an_export_is_told_and_verified_in_plain_words(palimpsest: Palimpsest, photo: Path, tmp_path: Path) -> None:
    palimpsest("add", photo, "--licence", "CC0", "--title", "A cat")
    done = palimpsest("--json", "export", photo, "-o", tmp_path / "out.jpg", "--name", "Ada L.").json
    assert done["signer"].startswith("an artist")
    said = palimpsest("verify", tmp_path / "out.jpg")
    assert said.status == 0
    assert said.out.splitlines()[0] == "Intact: not a byte has changed since it was signed."
    assert "your own identity" in said.out
    assert "made from 'A cat'" in said.out
    (tmp_path / "out.jpg").write_bytes((tmp_path / "out.jpg").read_bytes() + b"x")
    changed = palimpsest("verify", tmp_path / "out.jpg")
    assert changed.status == 5
    assert changed.out.startswith("Not intact: the file is not the one that was signed")


def test_what_contradicts_itself_leaves_with_five(palimpsest: Palimpsest, tmp_path: Path) -> None:
    two = [source("p", "parentOf"), source("q", "parentOf")]
    (tmp_path / "two.jpg").write_bytes(signed(step("c2pa.opened", "p"), sources=two).data)
    said = palimpsest("verify", tmp_path / "two.jpg")
    assert said.status == 5
    assert "Contradiction: It claims 2 parents" in said.out
    assert palimpsest("--json", "verify", tmp_path / "two.jpg").json["intact"] is True


def test_credentials_that_lie_elsewhere_cause_no_request_when_added_or_verified(
    palimpsest: Palimpsest, tmp_path: Path, loopback: tuple[str, list[str]]
) -> None:
    address, asked = loopback
    file = tmp_path / "remote.jpg"
    file.write_bytes(remote(address))
    assert palimpsest("add", file, "--licence", "CC0").status == 0
    said = palimpsest("verify", file)
    assert said.status == 0
    assert f"Its credentials lie at {address}. They were not fetched" in said.out
    assert palimpsest("export", file, "-o", tmp_path / "out.jpg").status == 0
    assert palimpsest("verify", tmp_path / "out.jpg").status == 0
    assert asked == []


@pytest.mark.slow
def test_a_store_of_fifty_megabytes_is_verified_added_and_left_behind_with_a_word(
    palimpsest: Palimpsest, tmp_path: Path
) -> None:
    file = tmp_path / "large.jpg"
    file.write_bytes(large(50))
    assert palimpsest("verify", file).status == 0
    assert palimpsest("add", file, "--licence", "CC0", "--maker", "Eve").status == 0
    said = palimpsest("export", file, "-o", tmp_path / "out.jpg")
    assert "were not carried along" in said.out
    assert (tmp_path / "out.jpg").stat().st_size < 1_000_000


def test_an_identity_is_shown_made_and_taken(palimpsest: Palimpsest, tmp_path: Path) -> None:
    assert palimpsest("identity").status == 4
    assert "Ada Lovelace" in palimpsest("identity", "--new", "--name", "Ada Lovelace").out
    made = pair("Ada of the Guild")
    (tmp_path / "cert.pem").write_bytes(made.chain)
    (tmp_path / "key.pem").write_bytes(made.key)
    took = palimpsest("identity", "--certificate", tmp_path / "cert.pem", "--key", tmp_path / "key.pem")
    assert "Ada of the Guild" in took.out
    assert palimpsest("--json", "identity").json["closed"] is False


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--certificate", "cert.pem"), 2),
        (("--name", "Ada"), 2),
        (("--new", "--certificate", "a", "--key", "b"), 2),
        (("--certificate", "nothing.pem", "--key", "nothing.pem"), 4),
        (("--new", "--name", "x" * 65), 2),
    ],
)
def test_what_is_called_wrongly_is_told_in_two_lines(
    words: tuple[str, ...], status: int, palimpsest: Palimpsest
) -> None:
    said = palimpsest("identity", *words)
    assert said.status == status
    assert 1 <= len(said.err.splitlines()) <= 2


def test_a_closed_key_is_opened_by_the_environment_only(
    palimpsest: Palimpsest, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    palimpsest("add", photo, "--licence", "CC0")
    monkeypatch.setenv("PALIMPSEST_PASSPHRASE", "correct horse")
    assert "closed by a passphrase" in palimpsest("identity", "--new").out
    assert palimpsest("export", photo, "-o", tmp_path / "one.jpg").status == 0
    monkeypatch.delenv("PALIMPSEST_PASSPHRASE")
    said = palimpsest("export", photo, "-o", tmp_path / "two.jpg")
    assert said.status == 2
    assert "passphrase" in said.err
    assert not (tmp_path / "two.jpg").exists()


def test_a_part_is_known_beside_its_work(
    palimpsest: Palimpsest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALIMPSEST_MARK", "2")
    work = palimpsest("--json", "study-pointillism", "--width", "400", "--height", "320").json["works"][0]["id"]
    assert palimpsest("export", work, "-o", tmp_path / "out.png").status == 0
    with Image.open(tmp_path / "out.png") as image:
        image.crop((20, 20, 380, 300)).save(tmp_path / "part.png")
    assert palimpsest("--json", "verify", tmp_path / "part.png").json["mark"] is None
    assert palimpsest("--json", "verify", tmp_path / "part.png", "--of", work).json["mark"]["work"] == work
