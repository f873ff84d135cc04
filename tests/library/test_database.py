"""SQLite is asked in the way that keeps every commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from palimpsest.errors import Damaged, FileRefused
from palimpsest.library import database, queries
from palimpsest.library.database import Database, journal_mode, wal_is_safe
from palimpsest.library.library import Library
from tests.library.records import description, some_bytes, work


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 7), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_which_versions_keep_every_commit_in_wal_mode(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 53, 4)])
def test_the_journal_follows_the_version(
    version: tuple[int, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "linked_version", lambda: version)
    library = Library.create(tmp_path / "s", {})
    made = work(some_bytes(0))
    library.append([made])
    with library.reading() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        assert mode == ("wal" if wal_is_safe(version) else "delete")
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert queries.work(library, made.id) == made
    library.close()
    monkeypatch.undo()
    with_another = Library.open(tmp_path / "s")  # a studio goes from one to the other as its SQLite does
    assert queries.work(with_another, made.id) == made
    assert journal_mode() in ("WAL", "DELETE")
    with_another.close()


def test_every_write_begins_immediately_and_no_read_does(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "s", {})
    said: list[str] = []
    event.listen(library.database.engine, "before_cursor_execute", lambda *given: said.append(str(given[2])))
    made = work(some_bytes(0))
    library.append([made, description(made, "Sea")])
    assert said[0] == "BEGIN IMMEDIATE"
    said.clear()
    queries.list_works(library, "sea")
    queries.lineage(library, made.id)
    queries.descendants(library, made.id)
    assert "BEGIN" in said
    assert not any("IMMEDIATE" in line or line.startswith(("INSERT", "UPDATE", "DELETE")) for line in said)
    library.close()


def test_a_writer_that_waits_too_long_says_so(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "s", {})
    other = Database.open(tmp_path / "s" / "index" / "ledger.sqlite3", busy_seconds=0)
    with library.database.writing(), pytest.raises(FileRefused, match="another process"), other.writing():
        pass
    other.close()
    library.close()


def test_a_full_index_is_one_clear_error_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "s", {})
    safe = work(some_bytes(0))
    library.append([safe])
    with library.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    more = [work(some_bytes(seed), seed) for seed in range(1, 400)]
    with pytest.raises(FileRefused, match="full"):
        library.append(more)
    assert queries.work(library, safe.id) == safe
    assert queries.count_works(library) == 1
    with library.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    library.append(more)
    assert queries.count_works(library) == 400
    library.close()


@pytest.mark.parametrize("garbage", [b"this is no database at all" * 400, b"SQLite format 3\0" + bytes(5000)])
def test_an_index_of_garbage_is_one_clear_error(garbage: bytes, tmp_path: Path) -> None:
    Library.create(tmp_path / "s", {}).close()
    for path in (tmp_path / "s" / "index").glob("ledger*"):
        path.unlink()
    (tmp_path / "s" / "index" / "ledger.sqlite3").write_bytes(garbage)
    with pytest.raises(Damaged, match="palimpsest rebuild"):
        Library.open(tmp_path / "s")
