"""Encryption of what is stored: nothing readable is left, nothing can be exchanged, and a conversion may die at any moment."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from palimpsest.craft.progress import Progress
from palimpsest.errors import Cancelled, Damaged, InputRefused, Locked, UsageRefused
from palimpsest.library import encryption
from palimpsest.library.encryption import FILE, SEAL, Cipher, create, unlock
from palimpsest.settings import Settings
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.checking import check
from palimpsest.studio.finding import list_works, thumbnail_of
from palimpsest.studio.forgetting import forget, plan_person
from palimpsest.studio.locking import decrypt, encrypt, plain_files
from palimpsest.studio.performing import perform
from palimpsest.studio.replaying import replay
from palimpsest.studio.saying import Said
from palimpsest.studio.studio import PASSPHRASE, Studio, rebuild
from tests.studio.conftest import listing, picture

WORDS = "four words nobody guesses"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests guess no passphrases: the work of deriving a key is made small."""
    monkeypatch.setattr(encryption, "_COST", 2**10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "studio"
    with Studio.create(place, "Ada", Settings()) as studio:
        work, _ = add_bytes(
            studio, picture(1), "a.png", Said(title="Secret garden", makers=("Ines",), licence="CC0-1.0")
        )
        perform(studio, "crop", {"work": [work]}, {"left": 0.5})
    return place


def test_bytes_come_back_and_only_under_their_name() -> None:
    cipher = Cipher(bytes(32))
    for data in (b"", b"x", b"y" * 1000):
        sealed = cipher.seal(data, "name")
        assert sealed.startswith(SEAL)
        assert cipher.open(sealed, "name") == data
        assert sealed != cipher.seal(data, "name"), "no two files are alike"
        with pytest.raises(Damaged):
            cipher.open(sealed, "another name")
        with pytest.raises(Damaged):
            Cipher(bytes([1] * 32)).open(sealed, "name")


def test_parts_cannot_be_moved_left_out_or_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_PART", 10)
    cipher = Cipher(bytes(32))
    data = bytes(range(35))
    sealed = cipher.seal(data, "name")
    assert cipher.open(sealed, "name") == data
    head, part = len(SEAL) + 7, 26
    cut = [sealed[head + place : head + place + part] for place in range(0, len(sealed) - head, part)]
    for parts in (cut[:-1], [cut[1], cut[0], *cut[2:]], [*cut, cut[-1]], [cut[0], *cut[2:]], []):
        with pytest.raises(Damaged):
            cipher.open(sealed[:head] + b"".join(parts), "name")
    for place in (0, 5, head, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        if bytes(changed).startswith(SEAL):
            with pytest.raises(Damaged):
                cipher.open(bytes(changed), "name")


def test_nothing_readable_is_left_and_everything_works(folder: Path) -> None:
    before = listing(folder)
    done = encrypt(folder, WORDS)
    assert done.changed == done.files > 3
    stored = {name: data for name, data in listing(folder).items() if name.startswith("objects")}
    assert set(stored) == {name for name in before if name.startswith("objects")}, "names stay"
    assert all(data.startswith(SEAL) for data in stored.values())
    assert not any(b"Ines" in data or b"PNG" in data for data in stored.values())
    assert not (folder / "index" / "thumbnails").exists()
    with pytest.raises(Locked, match="none was given") as refused:
        Studio.open(folder)
    assert refused.value.exit_status == 2
    with pytest.raises(Locked, match="does not open it"):
        Studio.open(folder, passphrase="another one")
    with Studio.open(folder, passphrase=WORDS) as studio:
        made = perform(studio, "crop", {"work": [list_works(studio)[0]["id"]]}, {"top": 0.5}).works[0].id
        assert replay(studio, made).same
        assert thumbnail_of(studio, made).startswith(b"RIFF")
        assert check(studio).damage == []
        forget(studio, plan_person(studio, "Ines"))
        assert check(studio).damage == []
    assert all(data.startswith(SEAL) for name, data in listing(folder).items() if name.startswith("objects"))
    assert not (folder / "index" / "thumbnails").exists()


def test_what_comes_back_is_what_was_there(folder: Path) -> None:
    before = listing(folder)
    encrypt(folder, WORDS)
    with pytest.raises(Locked):
        decrypt(folder, "another one")
    decrypt(folder, WORDS)
    assert listing(folder) == before
    with pytest.raises(UsageRefused):
        decrypt(folder, WORDS)
    with Studio.open(folder) as studio:
        assert check(studio).damage == []


def test_rebuild_takes_the_passphrase_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encrypt(folder, WORDS)
    monkeypatch.setenv(PASSPHRASE, WORDS)
    assert rebuild(folder) >= 3
    with Studio.open(folder) as studio:
        assert len(list_works(studio, "garden")) == 2


@pytest.mark.parametrize("way", ["encrypt", "decrypt"])
def test_a_conversion_that_was_stopped_goes_on(way: str, folder: Path, tmp_path: Path) -> None:
    if way == "decrypt":
        encrypt(folder, WORDS)
    convert = encrypt if way == "encrypt" else decrypt
    for steps in range(1, 6):
        half = tmp_path / f"half {steps}"
        shutil.copytree(folder, half)
        progress = _stopping_after(steps)
        with pytest.raises(Cancelled):
            convert(half, WORDS, progress)
        with Studio.open(half, passphrase=WORDS) as studio:
            assert check(studio).damage == []
            add_bytes(studio, picture(9), "new.png")
        convert(half, WORDS)
        assert list(plain_files(half)) == []
        with Studio.open(half, passphrase=WORDS) as studio:
            assert check(studio).damage == []
            assert len(list_works(studio)) == 3


def _stopping_after(steps: int) -> Progress:
    """A progress that is cancelled when it has been told of so many steps."""
    told: list[float] = []

    def report(fraction: float) -> None:
        told.append(fraction)
        if len(told) == steps:
            progress.cancel()

    progress = Progress(report)
    return progress


def test_a_passphrase_that_is_too_short_is_refused(folder: Path) -> None:
    with pytest.raises(InputRefused, match="at least 8"):
        encrypt(folder, "short")
    assert not (folder / FILE).exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "kdf": {"salt": "zz"}}']
)
def test_a_key_file_that_does_not_read_is_one_clear_error(text: str, folder: Path) -> None:
    encrypt(folder, WORDS)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match="key of an encrypted studio"):
        Studio.open(folder, passphrase=WORDS)


def test_a_changed_file_is_found_by_check(folder: Path) -> None:
    encrypt(folder, WORDS)
    path = next(folder.glob("objects/*/*.png"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with Studio.open(folder, passphrase=WORDS) as studio:
        assert len(check(studio).damage) == 1


def test_the_passphrase_may_be_written_with_composed_letters_or_not(tmp_path: Path) -> None:
    cipher, kept = create("caf\u00e9 au lait")
    (tmp_path / FILE).write_bytes(kept)
    opened = unlock(tmp_path, "cafe\u0301 au lait")
    assert opened is not None
    assert opened.key == cipher.key
    assert cipher.key.hex() not in json.dumps(json.loads(kept))
