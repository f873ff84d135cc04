"""Who signs: made on first use, kept from others, replaceable, never lost."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from palimpsest.errors import FileRefused, IdentityRefused, NotFound
from palimpsest.studio.exporting import export
from palimpsest.studio.identity import (
    CHAIN,
    KEY,
    anchors,
    closed,
    is_own,
    new_identity,
    passphrase_in,
    show_identity,
    signing,
    take_identity,
)
from palimpsest.studio.studio import Studio
from palimpsest.studio.verifying import verify
from tests.ethics.signing import pair
from tests.studio.giving import keeping, photo


def test_it_is_made_when_first_needed_and_then_stays(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    with pytest.raises(NotFound):
        show_identity(place)
    first = signing(place)
    assert first.chain == signing(place).chain
    assert show_identity(place).name.startswith("an artist (")


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    signing(place)
    assert stat.S_IMODE((place.own / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(place.own.stat().st_mode) == 0o700
    (place.own / KEY).chmod(0o644)
    with pytest.raises(IdentityRefused, match="only you may read"):
        signing(place)


def test_ten_processes_that_need_it_first_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as pool:
        chains = set(pool.map(lambda _: signing(keeping(tmp_path)).chain, range(10)))
    assert len(chains) == 1
    assert sorted(path.name for path in keeping(tmp_path).folder.iterdir()) == ["own"]


def test_what_an_earlier_identity_signed_is_still_ones_own(studio: Studio, tmp_path: Path) -> None:
    place = keeping(tmp_path)
    done = export(studio, photo(studio), tmp_path / "out.jpg", keeping=place)
    new_identity(place, "Ada")
    verdict = verify(studio, done.file, place)
    assert verdict.trusted
    assert any("your own identity" in each for each in verdict.sentences)
    assert len(list(place.earlier.iterdir())) == 1


def test_a_passphrase_closes_it(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    new_identity(place, "Ada", "correct horse")
    assert closed(place)
    with pytest.raises(IdentityRefused, match="PALIMPSEST_PASSPHRASE"):
        signing(place)
    assert signing(place, "correct horse").algorithm == "es256"
    assert passphrase_in({"PALIMPSEST_PASSPHRASE": "x"}) == "x"
    assert passphrase_in({"PALIMPSEST_PASSPHRASE": ""}) is None


def test_ones_own_certificate_takes_its_place(studio: Studio, tmp_path: Path) -> None:
    place, made = keeping(tmp_path), pair("Ada of the Guild")
    new_identity(place)
    (tmp_path / "cert.pem").write_bytes(made.chain)
    (tmp_path / "key.pem").write_bytes(made.key)
    assert take_identity(place, tmp_path / "cert.pem", tmp_path / "key.pem").name == "Ada of the Guild"
    done = export(studio, photo(studio), tmp_path / "out.jpg", keeping=place)
    assert done.signer == "Ada of the Guild"
    assert verify(studio, done.file, place).trusted
    assert verify(studio, done.file, keeping(tmp_path / "elsewhere")).trusted is False


def test_a_certificate_that_cannot_sign_changes_nothing(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    new_identity(place, "Ada")
    before = (place.own / CHAIN).read_bytes()
    (tmp_path / "cert.pem").write_bytes(pair(identified=False).chain)
    (tmp_path / "key.pem").write_bytes(pair().key)
    with pytest.raises(IdentityRefused):
        take_identity(place, tmp_path / "cert.pem", tmp_path / "key.pem")
    with pytest.raises(NotFound):
        take_identity(place, tmp_path / "nothing.pem", tmp_path / "key.pem")
    with pytest.raises(FileRefused):
        take_identity(place, tmp_path, tmp_path / "key.pem")
    assert (place.own / CHAIN).read_bytes() == before


def test_a_missing_key_and_a_torn_certificate_are_told(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    new_identity(place, "Ada")
    (place.own / CHAIN).write_bytes(b"torn")
    with pytest.raises(IdentityRefused, match="holds none"):
        signing(place)
    (place.own / KEY).unlink()
    with pytest.raises(IdentityRefused, match="missing"):
        signing(place)


def test_somebody_elses_number_is_not_ones_own(tmp_path: Path) -> None:
    place = keeping(tmp_path)
    assert not is_own(place, "1")
    assert anchors(place) == ""
    new_identity(place, "Ada")
    assert not is_own(place, "1")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FileRefused):
        signing(keeping(tmp_path))
