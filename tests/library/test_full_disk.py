"""A disk that is full at any step: one clear error, nothing acknowledged lost, and on it goes when there is room."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

import pytest

from palimpsest.errors import FileRefused
from palimpsest.library import queries
from palimpsest.library.files import Disk, refusal
from palimpsest.library.library import Library
from palimpsest.lineage.records import Work
from tests.library.records import description, some_bytes, work


@dataclass
class FullDisk(Disk):
    """Refuses the operation of a number; a write leaves a part behind, as a disk does."""

    left: int = 10**9
    number: int = errno.ENOSPC

    def _step(self, path: Path) -> None:
        self.left -= 1
        if self.left < 0:
            raise refusal(path, OSError(self.number, "refused"))

    def make_folder(self, folder: Path) -> None:
        self._step(folder)
        super().make_folder(folder)

    def write(self, path: Path, data: bytes) -> None:
        try:
            self._step(path)
        except FileRefused:
            path.write_bytes(data[: len(data) // 2])
            raise
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self._step(path)

    def rename(self, path: Path, target: Path) -> None:
        self._step(path)
        super().rename(path, target)

    def sync_folder(self, folder: Path) -> None:
        self._step(folder)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
def test_adding_on_a_disk_that_refuses_at_each_step(number: int, tmp_path: Path) -> None:
    disk = FullDisk(number=number)
    library = Library.create(tmp_path / "s", {}, files=disk)
    safe = work(some_bytes(0))
    library.put_image(some_bytes(0), "image/png")
    library.append([safe])
    for steps in range(8):
        with pytest.raises(FileRefused) as refused:
            _add(library, disk, steps)
        assert refused.value.exit_status == 2
        assert len(str(refused.value).splitlines()) <= 2
        assert library.objects.unfinished() == []
        assert queries.count_works(library) == 1
        assert library.image(safe) == some_bytes(0)
    added = _add(library, disk, 8)
    assert library.image(queries.work(library, added.id)) == some_bytes(9)
    disk.left = 100
    _add(library, disk, 3)  # one that was refused before
    assert queries.count_works(library) == 3
    library.close()


def _add(library: Library, disk: FullDisk, steps: int) -> Work:
    """Add a work on a disk that refuses after so many steps."""
    disk.left = max(steps, disk.left if disk.left == 100 else 0)
    data = some_bytes(steps + 1)
    made = work(data, 1)
    library.put_image(data, "image/png")
    library.append([made, description(made, "Sea", 1)])
    return made


def test_a_studio_that_could_not_be_begun_can_be_begun_again(tmp_path: Path) -> None:
    root = tmp_path / "new" / "s"
    disk = FullDisk()
    refused = 0
    for steps in (*range(8), *range(8, 272, 24), *range(258, 300)):
        disk.left = steps
        try:
            Library.create(root, {"person": "p"}, files=disk).close()
        except FileRefused:
            refused += 1
            assert not (root / "studio.json").exists() or steps > 263
        else:
            break
        if (root / "studio.json").exists():  # only the last sync was refused: the folder may be opened
            Library.open(root).close()
            return
    assert refused > 20


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    for name in ("notes.txt", "objects/ab/file"):
        root = tmp_path / name.replace("/", "-")
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text("mine")
        with pytest.raises(FileRefused.__mro__[1], match="holds something"):
            Library.create(root, {})
        assert (root / name).read_text() == "mine"
