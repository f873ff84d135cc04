"""Imprints of works: derived from their pixels, kept so that originality need not open every work, and free to be dropped.

They lie in a file of their own, `index/imprints.sqlite3`, so that the ledger stays small; whoever deletes it loses nothing but
the time to measure again. The short parts are read whole for every question, the long ones for the few that came nearest; in
an encrypted studio the long ones, in which a small picture can be seen, are encrypted too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from palimpsest.errors import Damaged
from palimpsest.library.database import Database
from palimpsest.library.encryption import SEAL
from palimpsest.library.files import refusal
from palimpsest.library.library import Library
from palimpsest.library.tables import works
from palimpsest.perception.imprint import SHORT, VERSION, Imprint

FILE = "imprints.sqlite3"
_BUSY_SECONDS = 60

metadata = MetaData()
_short = Table(
    "short",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("work", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
_long = Table("long", metadata, Column("work", Text, primary_key=True), Column("data", LargeBinary, nullable=False))


@dataclass(frozen=True, eq=False)
class Shelf:
    """The short parts of every imprint there is: `works` are the ids, `short` an array of SHORT in the same order."""

    works: tuple[str, ...]
    short: NDArray[np.void]


@contextmanager
def imprints(library: Library) -> Iterator[Imprints]:
    """Open the imprints of a library, for as long as they are needed; a file that is damaged is begun anew.

    Raises:
        FileRefused: the file system does not let us.
    """
    path = library.root / "index" / FILE
    database = _opened(path)
    try:
        yield Imprints(library, database)
    finally:
        database.close()


@dataclass(frozen=True)
class Imprints:
    """The imprints of a library, open."""

    library: Library
    database: Database

    def missing(self) -> list[str]:
        """List the works of which there is no imprint, or one of another version, the earliest first."""
        with self.library.reading() as connection:
            every = list(connection.scalars(select(works.c.id).order_by(works.c.no)))
        with self.database.reading() as connection:
            there = set(connection.scalars(select(_short.c.work).where(_short.c.version == VERSION)))
        return [work for work in every if work not in there]

    def keep(self, measured: Mapping[str, Imprint]) -> None:
        """Keep imprints, all of them or none."""
        if not measured:
            return
        parts = {work: each.as_bytes() for work, each in measured.items()}
        short = [{"work": work, "version": VERSION, "data": part[0]} for work, part in parts.items()]
        long = [{"work": work, "data": self._sealed(work, part[1])} for work, part in parts.items()]
        with self.database.writing() as connection:
            for table, rows in ((_short, short), (_long, long)):
                wanted = upsert(table)
                fresh = {name: wanted.excluded[name] for name in rows[0] if name != "work"}
                connection.execute(wanted.on_conflict_do_update(index_elements=["work"], set_=fresh), rows)

    def shelf(self) -> Shelf:
        """Read the short parts of all; about a tenth of a second for 10,000 works."""
        statement = select(_short.c.work, _short.c.data).where(_short.c.version == VERSION).order_by(_short.c.no)
        with self.database.reading() as connection:
            rows = connection.execute(statement).all()
        whole = [row for row in rows if len(row[1]) == SHORT.itemsize]
        return Shelf(tuple(row[0] for row in whole), np.frombuffer(b"".join(row[1] for row in whole), SHORT))

    def read(self, wanted: Sequence[str]) -> dict[str, Imprint]:
        """Read the whole imprints of some works; those that are not there, or do not read, are left out."""
        statement = select(_short.c.work, _short.c.data, _long.c.data).join(_long, _long.c.work == _short.c.work)
        found = {}
        with self.database.reading() as connection:
            for some in _chunks(wanted):
                where = (_short.c.work.in_(some), _short.c.version == VERSION)
                for work, short, long in connection.execute(statement.where(*where)):
                    try:
                        found[work] = Imprint.from_bytes(short, self._opened(work, long))
                    except (ValueError, Damaged):  # one that is damaged counts as missing
                        continue
        return found

    def _sealed(self, work: str, data: bytes) -> bytes:
        """Encrypt a long part in a studio that is encrypted, since a small picture can be seen in it."""
        cipher = self.library.objects.cipher
        return cipher.seal(data, work) if cipher and cipher.writes else data

    def _opened(self, work: str, stored: bytes) -> bytes:
        cipher = self.library.objects.cipher
        return cipher.open(stored, work) if cipher and stored.startswith(SEAL) else stored

    def forget(self, erased: Iterable[str]) -> int:
        """Take the imprints of works away so that nothing of them stays in the file; returns how many there were."""
        wanted = list(erased)
        with self.database.writing() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            number = 0
            for some in _chunks(wanted):
                number += connection.execute(delete(_short).where(_short.c.work.in_(some))).rowcount
                connection.execute(delete(_long).where(_long.c.work.in_(some)))
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return number


def forget(library: Library, erased: Iterable[str]) -> int:
    """Take the imprints of works away, if any were kept; returns how many there were."""
    if not (library.root / "index" / FILE).is_file():
        return 0
    with imprints(library) as kept:
        return kept.forget(erased)


def drop(root: Path) -> None:
    """Take all imprints of a library away; they are measured again when they are needed.

    Raises:
        FileRefused: the file system does not let us.
    """
    _remove(root / "index" / FILE)


def _opened(path: Path) -> Database:
    """Open the file; what is no database of ours is taken away, since all of it can be measured again."""
    database = Database.open(path, _BUSY_SECONDS)
    try:
        _prepare(database)
    except Damaged:
        database.close()
        _remove(path)
        database = Database.open(path, _BUSY_SECONDS)
        _prepare(database)
    return database


def _prepare(database: Database) -> None:
    with database.writing() as connection:
        metadata.create_all(connection)
        _sound(connection)


def _sound(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        connection.execute(select(table).limit(1)).first()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + suffix)
        try:
            file.unlink(missing_ok=True)
        except OSError as fault:
            raise refusal(file, fault) from fault


def _chunks(items: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
