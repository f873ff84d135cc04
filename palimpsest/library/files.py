"""The file operations that durability rests on, as a port, so that a model of power loss can stand in for the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from palimpsest.errors import FileRefused


class Files(Protocol):
    """What a crash-safe writer needs. Each call is one step after which the power may fail."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder that may exist already; its own parent does."""
        ...

    def write(self, path: Path, data: bytes) -> None:
        """Write a new file; it may be lost until `sync`."""
        ...

    def sync(self, path: Path) -> None:
        """Bring a file's content to the disk."""
        ...

    def rename(self, path: Path, target: Path) -> None:
        """Give a file its final name at once; the name may be lost until the folder is synced."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Bring the names in a folder to the disk."""
        ...

    def discard(self, path: Path) -> None:
        """Take away what was begun and cannot be finished; never fails."""
        ...


class Disk:
    """The real file system."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder."""
        with _explained(folder):
            folder.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file."""
        with _explained(path):
            path.write_bytes(data)

    def sync(self, path: Path) -> None:
        """Sync a file."""
        _sync(path, os.O_RDWR)

    def rename(self, path: Path, target: Path) -> None:
        """Rename, replacing what is there."""
        with _explained(target):
            path.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Sync a folder, where the system can (Windows cannot and need not)."""
        if os.name == "posix":
            _sync(folder, os.O_RDONLY)

    def discard(self, path: Path) -> None:
        """Take a file away."""
        with suppress(OSError):
            path.unlink()


def _sync(path: Path, flags: int) -> None:
    with _explained(path):
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system says into an error for a person."""
    try:
        yield
    except OSError as fault:
        raise refusal(path, fault) from fault


def refusal(path: Path, fault: OSError) -> FileRefused:
    """Say in words what the file system refused."""
    problem, remedy = _REASONS.get(
        fault.errno or 0, (fault.strerror or str(fault), "Look at the folder and try again.")
    )
    return FileRefused(str(path), problem, remedy)


_REASONS = {
    errno.ENOSPC: ("expected room on the disk, but it is full", "Free some space and try again; nothing was lost."),
    errno.EDQUOT: ("expected room on the disk, but the quota is used up", "Free some space and try again."),
    errno.EACCES: (
        "expected to be allowed, but permission was denied",
        "Give yourself the right to it, or choose another place.",
    ),
    errno.EPERM: (
        "expected to be allowed, but the system refused",
        "Give yourself the right to it, or choose another place.",
    ),
    errno.EROFS: ("expected to write, but the disk is read-only", "Choose another place."),
    errno.EISDIR: ("expected a file, but it is a folder", "Name a file."),
    errno.ENOTDIR: ("expected a folder, but a file stands in the way", "Choose another place."),
    errno.ENOENT: ("expected it to be there, but it is not", "Look at the name."),
    errno.ENAMETOOLONG: ("expected a shorter name", "Choose another name."),
}
