"""SQLite, chosen and set up so that nothing that was acknowledged is lost."""

from __future__ import annotations

import importlib
import sqlite3
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from palimpsest.errors import Damaged, FileRefused

try:
    driver: types.ModuleType = importlib.import_module("pysqlite3.dbapi2")  # bundles a SQLite newer than the system's
except ImportError:
    driver = sqlite3

WAL_FIXED = (3, 51, 3)
WAL_BACKPORTS = ((3, 44, 6), (3, 50, 7))


def linked_version() -> tuple[int, int, int]:
    """Return the version of the SQLite library in use."""
    major, minor, patch = driver.sqlite_version_info
    return major, minor, patch


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Tell whether a version keeps every commit in WAL mode.

    From 3.7.0 to 3.51.2 (save two backports) two connections that write and checkpoint at once can lose commits.
    """
    return version >= WAL_FIXED or version in WAL_BACKPORTS


def journal_mode() -> str:
    """Return the journal that is safe with the linked SQLite: WAL, or DELETE on an older one."""
    return "WAL" if wal_is_safe(linked_version()) else "DELETE"


@dataclass(frozen=True)
class Database:
    """One SQLite file. Reads see a snapshot; every write transaction takes the lock at its beginning."""

    path: Path
    engine: Engine

    @classmethod
    def open(cls, path: Path, busy_seconds: int) -> Database:
        """Open or create the file."""
        engine = create_engine(
            f"sqlite:///{path}",
            module=driver,
            connect_args={"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False},
        )
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return cls(path, engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one snapshot and takes no lock against writers."""
        with _explained(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a write transaction (BEGIN IMMEDIATE); commits at the end, or leaves all as it was."""
        with _explained(self.path), self.engine.connect() as connection:
            writer = connection.execution_options(writes=True)
            with writer.begin():
                yield writer

    def rewrite(self) -> None:
        """Write the whole file anew, so that nothing of what was deleted stays in its free pages or in the log."""
        with self.reading() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection has no common type
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {journal_mode()}")
    cursor.execute("PRAGMA synchronous = FULL")  # an act is a record of consent and credit: worth its few milliseconds
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin so that a writer waits for the lock now, instead of failing later when it would turn from reader to writer."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        raise _refusal(path, str(fault.orig)) from fault
    except DatabaseError as fault:
        raise _broken(path, str(fault.orig)) from fault


def _refusal(path: Path, text: str) -> FileRefused | Damaged:
    if "full" in text:
        return FileRefused(str(path), "expected room on the disk, but it is full", "Free some space and try again.")
    if "locked" in text or "busy" in text:
        return FileRefused(
            str(path),
            "expected the studio to be free, but another process keeps writing to it",
            "Try again when it is done.",
        )
    if "readonly" in text or "unable to open" in text:
        return FileRefused(str(path), f"expected to be able to write, but {text}", "Look at the folder's permissions.")
    return _broken(path, text)


def _broken(path: Path, text: str) -> Damaged:
    return Damaged(
        f"{path}: expected a sound index, but {text}.",
        "`palimpsest rebuild` makes it anew from the records; nothing that was recorded is lost.",
    )
