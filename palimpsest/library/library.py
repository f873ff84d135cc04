"""The library: where works live. A folder of objects, and an index that is made from them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from palimpsest.errors import Damaged, Erased, FileRefused, InputRefused, NotFound
from palimpsest.library import erasing, index
from palimpsest.library.database import Database
from palimpsest.library.encryption import unlock
from palimpsest.library.files import Disk, Files, refusal
from palimpsest.library.objects import FOLDERS, Name, Objects
from palimpsest.library.packs import SUFFIX as PACK
from palimpsest.library.packs import all_packs, entries_of, read_pack, write_pack
from palimpsest.library.tables import INDEX_VERSION, records
from palimpsest.lineage.records import AnyRecord, Work
from palimpsest.media.formats import suffix_of
from palimpsest.media.sourcemap_codec import SUFFIX as MAP_SUFFIX

FORMAT = 1
"""Version of the folder's layout and of the records."""
MARK = "studio.json"
INNER = ("index", "objects", "unfinished", erasing.FOLDER)
"""The folders that a library keeps for itself."""
_AN_HOUR = 3600.0


@dataclass(frozen=True)
class Rebuilt:
    """How many packs of records an index was made from, and what is wrong with each of those that could not be read."""

    packs: int
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """An open library. Several processes may have the same one open."""

    root: Path
    objects: Objects
    database: Database
    mark: dict[str, str] = field(default_factory=dict)

    @classmethod
    def create(cls, root: Path, mark: dict[str, str], busy_seconds: int = 60, files: Files | None = None) -> Library:
        """Make an empty library in a folder that is new or empty, and open it. `mark` is kept in its `studio.json`.

        A folder in which an earlier attempt died half-way counts as empty.

        Raises:
            InputRefused: the folder holds something already.
            FileRefused: the file system does not let us.
        """
        objects = Objects(root, files or Disk())
        try:
            if root.is_dir() and _holds_something(root):
                raise InputRefused(
                    f"{root}: expected a new or an empty folder, but it holds something.", "Choose another."
                )
        except OSError as fault:
            raise refusal(root, fault) from fault
        objects.create()
        objects.put_mark(root / MARK, (json.dumps({"format": FORMAT} | mark, indent=2) + "\n").encode())
        return cls.open(root, busy_seconds, files)

    @classmethod
    def open(
        cls, root: Path, busy_seconds: int = 60, files: Files | None = None, passphrase: str | None = None
    ) -> Library:
        """Open a library; an index that is missing or of another version is made anew, and an erasure that died is finished.

        Raises:
            Locked: it is encrypted, and the passphrase is missing or wrong.
            NotFound: the folder is not a library.
            Damaged: its mark or its index cannot be read, or it was written by a newer version.
        """
        mark = _read_mark(root)
        objects = Objects(root, files or Disk(), unlock(root, passphrase))
        _sweep(objects)
        intent = erasing.intended(root)
        if intent:
            erasing.carry_out(objects, intent)
        try:
            (root / "index").mkdir(exist_ok=True)
        except OSError as fault:
            raise refusal(root / "index", fault) from fault
        database = Database.open(root / "index" / "ledger.sqlite3", busy_seconds)
        library = cls(root, objects, database, mark)
        if library._index_version() != INDEX_VERSION:
            library.rebuild()
        if intent:
            library._settle(intent)
        return library

    def close(self) -> None:
        """Close the index."""
        self.database.close()

    def append(self, records: Sequence[AnyRecord]) -> None:
        """Record something: all of it or nothing. When this returns it survives a power failure.

        The pack is on the disk before the index speaks of it; images must be stored before (`put_image`).
        """
        pack = write_pack(self.objects, records)
        with self.database.writing() as connection:
            index.add_pack(connection, pack.digest, entries_of(records))

    def put_image(self, data: bytes, media_type: str) -> str:
        """Store an image file and return its digest, the work's id."""
        return self.objects.put(data, suffix_of(media_type)).digest

    def image(self, work: Work) -> bytes:
        """Read a work's file and verify it.

        Raises:
            Erased: it was erased at somebody's wish.
            Damaged: it has changed, or is missing.
        """
        try:
            return self.objects.get(image_name(work))
        except NotFound as fault:
            self._refuse_erased(work.id)
            raise Damaged(
                f"{work.id[:12]}: expected its image in the studio, but it is missing.", fault.remedy
            ) from fault

    def put_sources(self, data: bytes) -> str:
        """Store the file of a source map and return its digest. As with images, before the records that name it."""
        return self.objects.put(data, MAP_SUFFIX).digest

    def sources(self, digest: str) -> bytes:
        """Read the file of a source map and verify it.

        Raises:
            Damaged: it has changed, or is missing.
        """
        try:
            return self.objects.get(Name(digest, MAP_SUFFIX))
        except NotFound as fault:
            raise Damaged(
                f"{digest[:12]}: expected a source map in the studio, but it is missing.", fault.remedy
            ) from fault

    def image_path(self, work: Work) -> Path:
        """Return where a work's file lies."""
        return self.objects.path(image_name(work))

    def rebuild(self) -> Rebuilt:
        """Make the index anew from the packs, in one transaction. A pack that is damaged is left out, and named."""
        with self.database.writing() as connection:
            if self._version_within(connection) != INDEX_VERSION or self._holds_anything(connection):
                index.drop(connection)
                index.create(connection)
            number = 0
            damaged = []
            for name in all_packs(self.objects):
                try:
                    index.add_pack(connection, name.digest, read_pack(self.objects, name))
                    number += 1
                except (Damaged, FileRefused) as fault:
                    damaged.append(fault.problem)
            connection.exec_driver_sql(f"PRAGMA user_version = {INDEX_VERSION}")
        return Rebuilt(number, tuple(damaged))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection to the index."""
        with self.database.reading() as connection:
            yield connection

    def erase(self, come: Sequence[Sequence[AnyRecord]], go: Sequence[Name], works: Sequence[str]) -> None:
        """Take objects out for ever and put packs of records in: all of it or, until this has begun, nothing.

        When packs go, the index is made anew and its file rewritten, so that no trace of what they said stays in it. `works` lose
        their thumbnails.

        Raises:
            FileRefused: the disk does not let us. What was begun is carried out when the library is opened next.
        """
        intent = erasing.intend(self.objects, come, go, works)
        erasing.carry_out(self.objects, intent)
        self._settle(intent)

    def _settle(self, intent: erasing.Intent) -> None:
        """Bring the index and the thumbnails in line with what was erased."""
        for work in intent.works:
            self.objects.files.discard(self.root / "index" / "thumbnails" / work[:2] / f"{work}.webp")
        if intent.packs_go:
            self.rebuild()
            self.database.rewrite()
        else:
            for digest in intent.packs_come:
                with self.database.writing() as connection:
                    index.add_pack(connection, digest, read_pack(self.objects, Name(digest, PACK)))
        erasing.done(self.objects)

    def _refuse_erased(self, work: str) -> None:
        """Say of a missing image that it was erased, if it was.

        Raises:
            Erased: it was.
        """
        statement = select(records.c.at).where(records.c.subject == work, records.c.kind == "erasure")
        with self.reading() as connection:
            at = connection.scalar(statement.order_by(records.c.at).limit(1))
        if at:
            raise Erased(work, at)

    def _index_version(self) -> int:
        with self.database.reading() as connection:
            return self._version_within(connection)

    def _version_within(self, connection: Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)

    def _holds_anything(self, connection: Connection) -> bool:
        return connection.exec_driver_sql("SELECT 1 FROM packs LIMIT 1").scalar() is not None


def image_name(work: Work) -> Name:
    """Return the name of a work's file in the store."""
    return Name(work.id, suffix_of(work.media_type))


def remove_index(root: Path) -> None:
    """Take the index away, so that the next opening makes it anew; for one that is damaged beyond reading."""
    for name in ("ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm", "ledger.sqlite3-journal"):
        try:
            (root / "index" / name).unlink(missing_ok=True)
        except OSError as fault:
            raise refusal(root / "index" / name, fault) from fault


def is_library(folder: Path) -> bool:
    """Tell whether a folder is a library."""
    return (folder / MARK).is_file()


def _read_mark(root: Path) -> dict[str, str]:
    try:
        mark = json.loads((root / MARK).read_text(encoding="utf-8"))
        version = int(mark["format"])
    except FileNotFoundError:
        raise NotFound("studio", str(root), f"`palimpsest init {root}` makes one.") from None
    except OSError as fault:
        raise refusal(root / MARK, fault) from fault
    except (ValueError, KeyError, TypeError) as fault:
        raise Damaged(
            f"{root / MARK}: expected a studio's mark, but it does not read.", "Bring it back from a backup."
        ) from fault
    if version > FORMAT:
        raise Damaged(
            f"{root}: expected a studio of format {FORMAT} or older, but it is {version}.", "Update Palimpsest."
        )
    return {name: str(value) for name, value in mark.items() if name != "format"}


def _holds_something(root: Path) -> bool:
    """Tell whether a folder holds anything but the empty folders of a `create` that died before it set the mark."""
    others = any(path.name not in FOLDERS for path in root.iterdir())
    return others or any(path.is_file() for path in (root / FOLDERS[0]).rglob("*"))


def _sweep(objects: Objects) -> None:
    """Take away what a process that died had begun to write."""
    for path in objects.unfinished():
        try:
            if time.time() - path.stat().st_mtime > _AN_HOUR and os.access(path.parent, os.W_OK):
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
