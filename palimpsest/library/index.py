"""The index: what is asked often, in SQLite, made from the packs of records.

Packs may be added in any order, and the same record may come twice: the answers are the same. That is what lets a rebuilt
index stand in for the one that was lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from palimpsest.library.packs import Entry
from palimpsest.library.tables import (
    SEARCH,
    SEARCHED,
    descriptions,
    judgements,
    metadata,
    outputs,
    packs,
    recipe_inputs,
    records,
    works,
)
from palimpsest.lineage.records import (
    Act,
    AnyRecord,
    Choice,
    CollectionTerms,
    Copy,
    Description,
    Erasure,
    Filing,
    Hanging,
    Person,
    Work,
)

Row = dict[str, Any]


def create(connection: Connection) -> None:
    """Make the tables."""
    metadata.create_all(connection)
    connection.execute(text(SEARCH))


def drop(connection: Connection) -> None:
    """Take the tables away."""
    connection.execute(text("DROP TABLE IF EXISTS search"))
    metadata.drop_all(connection)


def add_pack(connection: Connection, digest: str, entries: Sequence[Entry]) -> None:
    """Add a pack's records, within a write transaction; those that are known already stay as they are."""
    if connection.scalar(select(packs.c.no).where(packs.c.digest == digest)) is not None:
        return
    number = _next(connection, packs.c.no)
    connection.execute(insert(packs).values(no=number, digest=digest))
    known = _among(connection, records.c.digest, [entry.digest for entry in entries])
    fresh = list({entry.digest: entry for entry in entries if entry.digest not in known}.values())
    _run(connection, insert(records), [_record_row(entry, number) for entry in fresh])
    _add_works(connection, [entry.record for entry in fresh if isinstance(entry.record, Work)])
    _add_acts(connection, [entry.record for entry in fresh if isinstance(entry.record, Act)])
    _add_descriptions(connection, [entry.record for entry in fresh if isinstance(entry.record, Description)])
    _add_judgements(connection, [each.record for each in fresh if isinstance(each.record, Choice | Filing | Erasure)])


def _add_works(connection: Connection, found: list[Work]) -> None:
    """Add works. Of two records of one work, written by two processes at once, the earlier holds."""
    known = _among(connection, works.c.id, [work.id for work in found], works.c.at)
    earliest: dict[str, Work] = {}
    for work in sorted(found, key=lambda work: (work.at, work.digest), reverse=True):
        earliest[work.id] = work
    new = [work for work in earliest.values() if work.id not in known]
    tied = _first_at_a_moment(connection, [work.id for work in earliest.values() if work.at == known.get(work.id)])
    changed = [
        work
        for work in earliest.values()
        if work.at < known.get(work.id, "") or tied.get((work.id, work.at)) == work.digest
    ]
    first = _next(connection, works.c.no)
    _run(connection, insert(works), [_work_row(work) | {"no": first + place} for place, work in enumerate(new)])
    restated = update(works).where(works.c.id == bindparam("work")).values(recipe=bindparam("r"), at=bindparam("t"))
    _run(connection, restated, [{"work": work.id, "r": work.recipe, "t": work.at} for work in changed])


def _first_at_a_moment(connection: Connection, ids: list[str]) -> dict[tuple[str, str], str]:
    """Return which of several records of a work comes first, where they are of the same moment: the one of the least digest."""
    found: dict[tuple[str, str], str] = {}
    for some in _chunks(ids):
        columns = (records.c.subject, records.c.at, func.min(records.c.digest).label("digest"))
        statement = select(*columns).where(records.c.kind == "work", records.c.subject.in_(some))
        rows = connection.execute(statement.group_by(records.c.subject, records.c.at))
        found.update(((row.subject, row.at), row.digest) for row in rows)
    return found


def _add_acts(connection: Connection, acts: list[Act]) -> None:
    inputs = {(act.recipe.digest, work) for act in acts for work in act.recipe.works}
    made = {(act.recipe.digest, output.work) for act in acts for output in act.outputs}
    for table, pairs in ((recipe_inputs, inputs), (outputs, made)):
        rows = [{"recipe": recipe, "work": work} for recipe, work in sorted(pairs)]
        _run(connection, upsert(table).on_conflict_do_nothing(), rows)


def _add_descriptions(connection: Connection, found: list[Description]) -> None:
    """Add descriptions and make them searchable. Of several of one work the latest holds."""
    latest = {each.work: each for each in sorted(found, key=_moment)}
    known = _among(connection, descriptions.c.work, list(latest), descriptions.c.moment)
    new = [each for each in latest.values() if each.work not in known]
    changed = [each for each in latest.values() if each.work in known and known[each.work] < _moment(each)]
    first = _next(connection, descriptions.c.no)
    rows = [_description_row(each) | {"no": first + place} for place, each in enumerate(new)]
    _run(connection, insert(descriptions), rows)
    _run(connection, text(_INTO_SEARCH), [_spaced_row(row) for row in rows])
    for each in changed:
        row = _description_row(each)
        where = descriptions.c.work == each.work
        row["no"] = connection.scalar(select(descriptions.c.no).where(where))
        connection.execute(update(descriptions).where(where).values(row))
        connection.execute(text("DELETE FROM search WHERE rowid = :no"), row)
        connection.execute(text(_INTO_SEARCH), _spaced_row(row))


def _add_judgements(connection: Connection, found: list[Choice | Filing | Erasure]) -> None:
    """Keep what was last judged of each work: kept or not, on the wall or in the bin, erased."""
    latest = {(each.work, each.kind): each for each in sorted(found, key=_moment)}
    rows = [
        {"work": work, "kind": kind, "moment": _moment(each), "value": _judged(each)}
        for (work, kind), each in latest.items()
    ]
    new = upsert(judgements)
    changed = {name: new.excluded[name] for name in ("moment", "value")}
    later = judgements.c.moment < new.excluded.moment
    _run(connection, new.on_conflict_do_update(index_elements=["work", "kind"], set_=changed, where=later), rows)


def _judged(each: Choice | Filing | Erasure) -> str:
    if isinstance(each, Choice):
        return "kept" if each.kept else "rejected"
    return each.place if isinstance(each, Filing) else "erased"


_INTO_SEARCH = (
    f"INSERT INTO search (rowid, {', '.join(SEARCHED)}) VALUES (:no, {', '.join(f':{name}' for name in SEARCHED)})"
)


def _spaced_row(row: Row) -> Row:
    return {"no": row["no"]} | {name: spaced(row[name]) for name in SEARCHED}


def _moment(each: Description | Choice | Filing | Erasure) -> str:
    return each.at + each.digest


def spaced(words: str) -> str:
    """Set each ideograph and syllable of scripts without spaces apart, so that each can be found."""
    return "".join(f" {sign} " if _stands_alone(sign) else sign for sign in words)


def _stands_alone(sign: str) -> bool:
    return sign > "\u2e7f" and unicodedata.category(sign) == "Lo"


def search_expression(query: str) -> str:
    """Write a person's words as a full-text query: all of them, each as the beginning of a word."""
    words = "".join(sign if sign.isalnum() else " " for sign in spaced(unicodedata.normalize("NFC", query))).split()
    return " ".join(f'"{word}"*' for word in words)


def _record_row(entry: Entry, pack: int) -> Row:
    record = entry.record
    return {
        "digest": entry.digest,
        "kind": record.kind,
        "subject": _subject(record),
        "at": record.at,
        "pack": pack,
        "start": entry.start,
        "length": entry.length,
    }


def _subject(record: AnyRecord) -> str:
    if isinstance(record, Act):
        return record.recipe.digest
    if isinstance(record, (Work, Person)):
        return record.id
    if isinstance(record, Copy):
        return record.file
    if isinstance(record, CollectionTerms):
        return record.collection
    if isinstance(record, Hanging):
        return f"hanging:{record.name}"
    return record.work


def _work_row(work: Work) -> Row:
    return work.model_dump(include={"id", "pixels", "media_type", "width", "height", "recipe", "at"})


def _description_row(each: Description) -> Row:
    row = {name: getattr(each, name) for name in SEARCHED if name != "makers"}
    return row | {"work": each.work, "moment": _moment(each), "makers": "; ".join(each.makers)}


def _next(connection: Connection, column: Column[int]) -> int:
    return (connection.scalar(select(func.max(column))) or 0) + 1


def _among(
    connection: Connection, column: Column[str], wanted: list[str], value: Column[str] | None = None
) -> dict[str, str]:
    """Return those of the wanted that are in the table, each with a value of its row."""
    found: dict[str, str] = {}
    for some in _chunks(wanted):
        rows = connection.execute(select(column, column if value is None else value).where(column.in_(some)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _chunks(items: list[str], size: int = 500) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _run(connection: Connection, statement: Any, rows: list[Row]) -> None:  # noqa: ANN401 - any executable
    if rows:
        connection.execute(statement, rows)
