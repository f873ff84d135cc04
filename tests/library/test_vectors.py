"""Imprints are kept, found missing, forgotten, and begun anew when their file is damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from palimpsest.library.encryption import create
from palimpsest.library.library import Library
from palimpsest.library.vectors import FILE, drop, forget, imprints
from palimpsest.perception import imprint as measured
from palimpsest.perception.imprint import Imprint, imprint
from tests.perception.likenesses import drawn, raster

ONE, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.create(tmp_path / "library", {})


@pytest.fixture(scope="module")
def kept() -> dict[str, Imprint]:
    return {ONE: imprint(raster(drawn(1))), OTHER: imprint(raster(drawn(2)))}


def test_what_is_kept_is_read_again(library: Library, kept: dict[str, Imprint]) -> None:
    with imprints(library) as place:
        assert place.shelf().works == ()
        assert place.read([ONE]) == {}
        place.keep(kept)
        place.keep({ONE: kept[OTHER]})
        place.keep({})
        place.keep({ONE: kept[ONE]})
    with imprints(library) as place:
        assert place.shelf().works == (ONE, OTHER)
        assert place.shelf().short[0].tobytes() == kept[ONE].short.tobytes()
        assert place.read([ONE, OTHER, "c" * 64])[OTHER].as_bytes() == kept[OTHER].as_bytes()


def test_another_version_counts_as_missing(
    library: Library, kept: dict[str, Imprint], monkeypatch: pytest.MonkeyPatch
) -> None:
    with imprints(library) as place:
        place.keep(kept)
    monkeypatch.setattr("palimpsest.library.vectors.VERSION", measured.VERSION + 1)
    with imprints(library) as place:
        assert place.shelf().works == ()
        assert place.read([ONE]) == {}


def test_nothing_of_a_forgotten_imprint_stays_in_the_file(library: Library, kept: dict[str, Imprint]) -> None:
    assert forget(library, [ONE]) == 0
    with imprints(library) as place:
        place.keep(kept)
    assert forget(library, [ONE, "c" * 64]) == 1
    with imprints(library) as place:
        assert place.shelf().works == (OTHER,)
    left = b"".join(path.read_bytes() for path in (library.root / "index").glob(f"{FILE}*"))
    assert kept[ONE].marks.descriptors.tobytes()[:512] not in left
    assert kept[ONE].light.tobytes()[:256] not in left
    assert ONE.encode() not in left
    assert OTHER.encode() in left


@pytest.mark.parametrize("damage", [b"no database at all" * 99, b"SQLite format 3\0" + bytes(range(256)) * 40])
def test_a_damaged_file_is_begun_anew(library: Library, kept: dict[str, Imprint], damage: bytes) -> None:
    (library.root / "index" / FILE).write_bytes(damage)
    with imprints(library) as place:
        assert place.shelf().works == ()
        place.keep(kept)
        assert len(place.shelf().works) == 2


def test_in_an_encrypted_library_no_picture_lies_in_clear(library: Library, kept: dict[str, Imprint]) -> None:
    cipher, _ = create("a long passphrase")
    locked = replace(library, objects=replace(library.objects, cipher=cipher))
    with imprints(locked) as place:
        place.keep(kept)
        assert place.read([ONE])[ONE].as_bytes() == kept[ONE].as_bytes()
    stored = b"".join(path.read_bytes() for path in (library.root / "index").glob(f"{FILE}*"))
    assert kept[ONE].light.tobytes()[:256] not in stored
    with imprints(library) as place:
        assert place.read([ONE]) == {}
    drop(library.root)
    with imprints(library) as place:
        assert place.shelf().works == ()
