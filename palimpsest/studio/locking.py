"""Encrypting a studio's stored files with a passphrase, and taking that back; stopped half-way, both go on when asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree

from palimpsest.craft.progress import Progress
from palimpsest.errors import InputRefused, UsageRefused
from palimpsest.library.encryption import FILE, SEAL, create, is_encrypted, only_reading, turned, unlock
from palimpsest.library.library import is_library
from palimpsest.library.objects import Name, Objects
from palimpsest.library.vectors import drop


@dataclass(frozen=True)
class Turned:
    """How many files were encrypted or decrypted now, and how many there are."""

    changed: int
    files: int


def locked(folder: Path) -> bool:
    """Tell whether a studio needs a passphrase."""
    return is_encrypted(folder)


def encrypt(folder: Path, passphrase: str, progress: Progress | None = None) -> Turned:
    """Encrypt every stored file of a studio: pictures, source maps and records; thumbnails are taken away.

    The index stays as it is, in clear: titles, makers, dates, sizes and fingerprints of the pictures can be read in it. What lay
    on the disk before may be found there by special tools until the space is used again.

    Raises:
        Locked: it is encrypted already, with another passphrase.
        InputRefused: the passphrase is too short.
        FileRefused: the disk does not let us; what is encrypted by then stays so, and the rest is read as it is.
        Cancelled: likewise.
    """
    objects = Objects(folder)
    cipher = unlock(folder, passphrase)
    if cipher is None:
        cipher, kept = create(passphrase)
        objects.put_mark(folder / FILE, kept)
    elif not cipher.writes:
        objects.put_mark(folder / FILE, turned(folder, writes=True))
    done = _convert(replace(objects, cipher=replace(cipher, writes=True)), progress or Progress())
    with suppress(OSError):
        rmtree(folder / "index" / "thumbnails")
    drop(folder)
    return done


def decrypt(folder: Path, passphrase: str, progress: Progress | None = None) -> Turned:
    """Take the encryption of a studio back.

    Raises:
        UsageRefused: it is not encrypted.
        Locked: the passphrase is wrong.
        FileRefused, Damaged, Cancelled: something stood in the way; the studio is readable with its passphrase as before.
    """
    objects = Objects(folder)
    cipher = unlock(folder, passphrase)
    if cipher is None:
        raise UsageRefused(f"{folder}: expected an encrypted studio, but it is not.", "Nothing is to be done.")
    objects.put_mark(folder / FILE, turned(folder, writes=False))
    done = _convert(replace(objects, cipher=only_reading(cipher)), progress or Progress())
    (folder / FILE).unlink()
    objects.files.sync_folder(folder)
    return done


def check_is_studio(folder: Path) -> None:
    """Refuse what is no studio.

    Raises:
        InputRefused: it is none.
    """
    if not is_library(folder):
        raise InputRefused(f"{folder}: expected a studio, but it is none.", f"`palimpsest init {folder}` makes one.")


def _convert(objects: Objects, progress: Progress) -> Turned:
    """Write every file that is not yet as it shall be anew; each is whole at every moment, the old or the new one."""
    names = list(objects.names())
    wanted = bool(objects.cipher and objects.cipher.writes)
    changed = 0
    for number, name in enumerate(names):
        progress(number / len(names))
        if _is_sealed(objects, name) != wanted:
            objects.restore(name, objects.get(name))
            changed += 1
    progress(1.0)
    return Turned(changed, len(names))


def _is_sealed(objects: Objects, name: Name) -> bool:
    with objects.path(name).open("rb") as file:
        return file.read(len(SEAL)) == SEAL


def plain_files(folder: Path) -> Iterator[str]:
    """Name the stored files of an encrypted studio that are not encrypted: an `encrypt` that was stopped left them."""
    objects = Objects(folder)
    return (str(name) for name in objects.names() if is_encrypted(folder) and not _is_sealed(objects, name))
