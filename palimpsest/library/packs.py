"""Packs: the records of one transaction, as lines of canonical JSON in one object.

A pack is written whole or not at all, so an act and the works it made appear together. Packs are the truth; the index is
made from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from palimpsest.errors import Damaged
from palimpsest.library.objects import Name, Objects
from palimpsest.lineage.canonical import canonical, digest_of_bytes, parse
from palimpsest.lineage.records import AnyRecord, known_by, read_record

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
    return objects.put(pack_of(records)[1], SUFFIX)


def pack_of(records: Sequence[AnyRecord]) -> tuple[Name, bytes]:
    """Return the name and the bytes of the pack that holds these records."""
    data = b"".join(line_of(record) + b"\n" for record in records)
    return Name(digest_of_bytes(data), SUFFIX), data


def entries_of(records: Sequence[AnyRecord]) -> list[Entry]:
    """Say where each record lies in the pack that `write_pack` makes of them."""
    entries, start = [], 0
    for record in records:
        length = len(line_of(record))
        entries.append(Entry(record, record.digest, start, length))
        start += length + 1
    return entries


def line_of(record: AnyRecord) -> bytes:
    """Return a record's line: its canonical JSON; for one in which a name was erased, with the digest that others know it by."""
    if digest_of_bytes(record.canonical) == record.digest:
        return record.canonical
    return canonical({"record": parse(record.canonical), "redacted": record.digest})


def record_in(line: bytes) -> AnyRecord:
    """Read a line of a pack.

    Raises:
        Damaged: it is no record.
    """
    if not line.startswith(_REDACTED):
        return read_record(line)
    value = parse(line)
    if not isinstance(value, dict) or set(value) != {"record", "redacted"}:
        raise Damaged("expected a record in which a name was erased, but it is something else.")
    return known_by(read_record(canonical(value["record"])), str(value["redacted"]))


_REDACTED = b'{"record":'


def read_pack(objects: Objects, name: Name) -> list[Entry]:
    """Read every record of a pack.

    Raises:
        Damaged: the pack has changed, or a line is not a record in canonical form.
    """
    records = []
    for line in objects.get(name).splitlines():
        record = record_in(line)
        if line_of(record) != line:
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
        data = objects.slice(pack, start, length)
    except OSError as fault:
        raise Damaged(f"{path}: expected a pack of records, but {fault.strerror}.", _REMEDY) from fault
    if digest_of_bytes(data) == digest:
        return read_record(data)
    if data.startswith(_REDACTED) and (record := record_in(data)).digest == digest:
        return record
    raise Damaged(f"{path}: expected the record {digest[:12]}, but the bytes have changed.", _REMEDY)


def all_packs(objects: Objects) -> Iterator[Name]:
    """List every pack in the store."""
    return objects.names(SUFFIX)


_REMEDY = "Bring the file back from a backup; `palimpsest check` lists all that is damaged."
