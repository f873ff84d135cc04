"""Packs: the records of one transaction, as lines of canonical JSON in one object.

A pack is written whole or not at all, so an act and the works it made appear together. Packs are the truth; the index is
made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from palimpsest.errors import Damaged
from palimpsest.library.objects import Name, Objects
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import AnyRecord, read_record

SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Entry:
    """A record and where its bytes lie in its pack."""

    record: AnyRecord
    digest: str
    start: int
    length: int


def write_pack(objects: Objects, records: Sequence[AnyRecord]) -> Name:
    """Store records as one pack; when this returns they survive a power failure."""
    return objects.put(b"".join(record.canonical + b"\n" for record in records), SUFFIX)


def entries_of(records: Sequence[AnyRecord]) -> list[Entry]:
    """Say where each record lies in the pack that `write_pack` makes of them."""
    entries, start = [], 0
    for record in records:
        entries.append(Entry(record, record.digest, start, len(record.canonical)))
        start += len(record.canonical) + 1
    return entries


def read_pack(objects: Objects, name: Name) -> list[Entry]:
    """Read every record of a pack.

    Raises:
        Damaged: the pack has changed, or a line is not a record in canonical form.
    """
    records = []
    for line in objects.get(name).splitlines():
        record = read_record(line)
        if record.canonical != line:
            raise Damaged(f"{name}: expected records in canonical form, but one is not.")
        records.append(record)
    return entries_of(records)


def read_entry(objects: Objects, pack: Name, start: int, length: int, digest: str) -> AnyRecord:
    """Read one record of a pack and verify it.

    Raises:
        Damaged: its bytes are not those that were recorded.
    """
    path = objects.path(pack)
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(length)
    except OSError as fault:
        raise Damaged(f"{path}: expected a pack of records, but {fault.strerror}.", _REMEDY) from fault
    if digest_of_bytes(data) != digest:
        raise Damaged(f"{path}: expected the record {digest[:12]}, but the bytes have changed.", _REMEDY)
    return read_record(data)


def all_packs(objects: Objects) -> Iterator[Name]:
    """List every pack in the store."""
    return objects.names(SUFFIX)


_REMEDY = "Bring the file back from a backup; `palimpsest check` lists all that is damaged."
