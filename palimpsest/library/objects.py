"""Objects: files that are named by the SHA-256 of their bytes, written so that a crash leaves all or nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from palimpsest.errors import Damaged, FileRefused, Locked, NotFound
from palimpsest.library.encryption import SEAL, Cipher
from palimpsest.library.files import Disk, Files, refusal
from palimpsest.lineage.canonical import digest_of_bytes

FOLDERS = ("objects", "unfinished")
_NAME = re.compile(r"^([0-9a-f]{64})(\.[a-z0-9]+)$")


@dataclass(frozen=True, order=True)
class Name:
    """An object's name: its digest, and a suffix so that other programs know what it is."""

    digest: str
    suffix: str

    def __str__(self) -> str:
        return f"{self.digest}{self.suffix}"


@dataclass(frozen=True)
class Objects:
    """The store under `root/objects`; what is being written lies in `root/unfinished` until it is whole."""

    root: Path
    files: Files = field(default_factory=Disk)
    cipher: Cipher | None = None
    _serial: Iterator[int] = field(default_factory=count, repr=False)
    _token: str = field(default_factory=lambda: secrets.token_hex(6), repr=False)

    def create(self) -> None:
        """Make the folders of an empty store, all of them at once, so that no later write depends on a new folder's name."""
        missing = [folder for folder in (self.root, *self.root.parents) if not folder.is_dir()]
        for folder in (*reversed(missing), self._objects, self._unfinished):
            self.files.make_folder(folder)
        for folder in missing or [self.root]:
            self.files.sync_folder(folder.parent)
        for number in range(256):
            self.files.make_folder(self._objects / f"{number:02x}")
        self.files.sync_folder(self._objects)
        self.files.sync_folder(self.root)

    def path(self, name: Name) -> Path:
        """Return where an object lies, or would."""
        return self._objects / name.digest[:2] / str(name)

    def put(self, data: bytes, suffix: str) -> Name:
        """Store bytes; when this returns they survive a power failure. Storing the same twice keeps one, and mends it.

        The order is what makes it safe: content on the disk, then the name, then the folder that holds the name.

        Raises:
            FileRefused: the disk is full or does not let us write; nothing half-written is left under a final name.
        """
        name = Name(digest_of_bytes(data), suffix)
        target = self.path(name)
        if not self._holds(name, data):
            self._write(self.sealed(name, data), target)
        self.files.sync_folder(target.parent)
        return name

    def restore(self, name: Name, data: bytes) -> None:
        """Write an object's bytes anew, in place of the file that is there: encrypted, or no longer so."""
        self._write(self.sealed(name, data), self.path(name))
        self.files.sync_folder(self.path(name).parent)

    def get(self, name: Name) -> bytes:
        """Read an object and verify it.

        Raises:
            NotFound: there is none of that name.
            Damaged: the bytes are not those that were stored.
        """
        try:
            stored = self.path(name).read_bytes()
        except FileNotFoundError:
            raise NotFound("object", str(name), "`palimpsest check` lists what is missing.") from None
        except OSError as fault:
            raise refusal(self.path(name), fault) from fault
        data = self.opened(name, stored)
        if digest_of_bytes(data) != name.digest:
            raise Damaged(
                f"{self.path(name)}: expected the bytes that were stored, but they have changed.",
                "Bring the file back from a backup; `palimpsest check` lists all that is damaged.",
            )
        return data

    def slice(self, name: Name, start: int, length: int) -> bytes:
        """Read a part of an object's bytes; whoever asks verifies it.

        Raises:
            OSError: the file cannot be read.
            Damaged, Locked: it is encrypted, and does not open.
        """
        with self.path(name).open("rb") as file:
            head = file.read(len(SEAL))
            if head == SEAL:
                return self.opened(name, head + file.read())[start : start + length]
            file.seek(start)
            return file.read(length)

    def sealed(self, name: Name, data: bytes) -> bytes:
        """Return the bytes as they are stored: encrypted in a studio that has a passphrase."""
        return self.cipher.seal(data, str(name)) if self.cipher and self.cipher.writes else data

    def opened(self, name: Name, stored: bytes) -> bytes:
        """Return the bytes of what was stored.

        Raises:
            Damaged, Locked: it is encrypted, and does not open.
        """
        if not stored.startswith(SEAL):
            return stored
        if self.cipher is None:
            raise Locked(str(self.root))
        return self.cipher.open(stored, str(name))

    def has(self, name: Name) -> bool:
        """Tell whether there is an object of that name."""
        return self.path(name).is_file()

    def names(self, suffix: str | None = None) -> Iterator[Name]:
        """List the objects, all or those of one suffix, in the order of their digests."""
        for folder in sorted(self._objects.iterdir()) if self._objects.is_dir() else ():
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                match = _NAME.match(path.name)
                if match and suffix in (None, match[2]):
                    yield Name(match[1], match[2])

    def unfinished(self) -> list[Path]:
        """List what was being written when a process died, or is being written now."""
        return sorted(self._unfinished.iterdir()) if self._unfinished.is_dir() else []

    def put_mark(self, path: Path, data: bytes) -> None:
        """Write the file that says that the store is whole."""
        self._write(data, path)
        self.files.sync_folder(path.parent)

    def _write(self, data: bytes, target: Path) -> None:
        draft = self._unfinished / f"{self._token}-{next(self._serial)}-{target.name[:16]}"
        try:
            self.files.write(draft, data)
            self.files.sync(draft)
            self.files.rename(draft, target)
        except FileRefused:
            self.files.discard(draft)
            raise

    def _holds(self, name: Name, data: bytes) -> bool:
        """Tell whether the very bytes are there; those that have rotted are written again."""
        try:
            return self.opened(name, self.path(name).read_bytes()) == data
        except (OSError, Damaged):
            return False

    @property
    def _objects(self) -> Path:
        return self.root / FOLDERS[0]

    @property
    def _unfinished(self) -> Path:
        return self.root / FOLDERS[1]
