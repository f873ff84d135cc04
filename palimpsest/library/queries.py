"""What is asked of a library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, text

from palimpsest.errors import AmbiguousPrefix, NotFound
from palimpsest.library.index import search_expression
from palimpsest.library.library import Library
from palimpsest.library.objects import Name
from palimpsest.library.packs import SUFFIX, read_entry
from palimpsest.library.tables import descriptions, outputs, packs, records, works
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import KINDS, Act, AnyRecord, Copy, Description, Erasure, Person, Terms, Work

PREFIX = re.compile("[0-9a-f]{6,64}")
"""What the beginning of a work's id looks like: at least 6 hexadecimal digits."""
_Some = TypeVar("_Some", bound=AnyRecord)


@dataclass(frozen=True)
class Listed:
    """A work as it stands in a list."""

    id: str
    title: str
    makers: str
    date: str
    culture: str
    style: str
    medium: str
    collection: str
    width: int
    height: int
    made: bool
    at: str


def resolve(library: Library, prefix: str) -> str:
    """Return the id of the one work whose id begins so (at least 6 hexadecimal digits).

    Raises:
        NotFound: there is none.
        AmbiguousPrefix: there are several.
    """
    if not PREFIX.fullmatch(prefix):
        raise NotFound(
            "work or file", prefix, "Give a file, or the first 6 or more digits of a work's id (`palimpsest works`)."
        )
    with library.reading() as connection:
        statement = select(works.c.id).where(works.c.id >= prefix, works.c.id <= prefix.ljust(64, "f")).limit(5)
        found: tuple[str, ...] = tuple(connection.scalars(statement))
    if not found:
        raise NotFound("work", prefix, "`palimpsest works` lists all there are.")
    if len(found) > 1:
        raise AmbiguousPrefix(prefix, found)
    return found[0]


def has_work(library: Library, work: str) -> bool:
    """Tell whether a work is known."""
    with library.reading() as connection:
        return connection.scalar(select(works.c.no).where(works.c.id == work)) is not None


def list_works(library: Library, query: str = "", limit: int | None = None) -> list[Listed]:
    """List works: the newest first, or those that hold all the words of the query, the best match first."""
    said = (func.coalesce(descriptions.c[name], "").label(name) for name in _SAID)
    columns: tuple[ColumnElement[Any], ...] = (*works.c, *said, descriptions.c.no.label("place"))
    listing = select(*columns).select_from(works.outerjoin(descriptions, descriptions.c.work == works.c.id))
    with library.reading() as connection:
        if query.strip():
            rows = _matching(connection, listing, search_expression(query), limit)
        else:
            rows = list(connection.execute(listing.order_by(works.c.at.desc(), works.c.id).limit(limit)))
    return [_listed(row) for row in rows]


def _matching(connection: Connection, listing: Select[Any], expression: str, limit: int | None) -> list[Row[Any]]:
    """Run a listing for what the full-text search finds, the best first; of very many, the newest are ranked."""
    if not expression:
        return []
    words = {"words": expression, "ranked": _RANKED, "most": -1 if limit is None else limit}
    ranks = dict(tuple(row) for row in connection.execute(text(_SEARCH), words))
    found = [
        row for some in _chunks(list(ranks)) for row in connection.execute(listing.where(descriptions.c.no.in_(some)))
    ]
    return sorted(found, key=lambda row: (ranks[row.place], row.at, row.id))


def count_works(library: Library) -> int:
    """Count the works."""
    with library.reading() as connection:
        return connection.scalar(select(func.count()).select_from(works)) or 0


def work(library: Library, id: str) -> Work:
    """Return the record of a work; of several, the earliest.

    Raises:
        NotFound: it is not known.
    """
    found = records_about(library, [id], Work)
    if not found:
        raise NotFound("work", id[:12], "`palimpsest works` lists all there are.")
    return found[0]


def latest_moment(library: Library) -> str:
    """Return the moment of the latest record, or an empty text where there is none."""
    with library.reading() as connection:
        each = (connection.scalar(select(func.max(records.c.at)).where(records.c.kind == kind)) for kind in KINDS)
        return max(moment or "" for moment in each)


def works_in_collection(library: Library, name: str) -> list[str]:
    """Return the ids of the works that are said to belong to a collection."""
    with library.reading() as connection:
        return list(connection.scalars(select(descriptions.c.work).where(descriptions.c.collection == name)))


def known_as(library: Library, file: str) -> str | None:
    """Return the work that a file is, by the digest of its bytes: the work itself, or a copy that was written from it."""
    if has_work(library, file):
        return file
    copies = records_about(library, [file], Copy)
    return copies[0].work if copies else None


def work_with_pixels(library: Library, pixels: str, *, made: bool = False) -> str | None:
    """Return the id of the earliest work that decodes to exactly these pixels; with `made`, of those made here."""
    statement = select(works.c.id).where(works.c.pixels == pixels).order_by(works.c.at, works.c.id).limit(1)
    if made:
        statement = statement.where(works.c.recipe.is_not(None))
    with library.reading() as connection:
        found: str | None = connection.scalar(statement)
    return found


def descriptions_of(library: Library, id: str) -> list[Description]:
    """Return what was said about a work, the earliest first; the last one holds."""
    return records_about(library, [id], Description)


def descriptions_in_force(library: Library, ids: Iterable[str], asof: str | None = None) -> dict[str, Description]:
    """Return what was last said about each of these works that has a description, now or at an earlier moment."""
    return {each.work: each for each in records_about(library, list(ids), Description, asof=asof)}


def terms_of(library: Library, ids: Iterable[str], asof: str | None = None) -> dict[str, Terms]:
    """Return the terms in force of each of these works that has any, now or at an earlier moment."""
    return {each.work: each for each in records_about(library, list(ids), Terms, asof=asof)}


def works_of(library: Library, ids: Iterable[str]) -> list[Work]:
    """Return the records of these works, of each the earliest."""
    return list({each.id: each for each in reversed(records_about(library, list(ids), Work))}.values())


def terms_history(library: Library, id: str) -> list[Terms]:
    """Return every statement of terms for a work, the earliest first."""
    return records_about(library, [id], Terms)


def erased(library: Library, ids: Iterable[str] | None = None) -> dict[str, Erasure]:
    """Return the tombstones of those of these works (of all, if none are named) that were erased; of each the first."""
    found = records_about(library, None if ids is None else list(ids), Erasure, first=True)
    return {each.work: each for each in found}


def person(library: Library, id: str) -> Person | None:
    """Return what was last said about a person."""
    found = records_about(library, [id], Person)
    return found[-1] if found else None


def acts_of_recipe(library: Library, recipe: str) -> list[Act]:
    """Return every act that performed a recipe, the earliest first."""
    return records_about(library, [recipe], Act)


def recipes_that_made(library: Library, id: str) -> list[str]:
    """Return the digests of the recipes that have this work as a result."""
    with library.reading() as connection:
        return list(connection.scalars(select(outputs.c.recipe).where(outputs.c.work == id).order_by(outputs.c.recipe)))


def ancestors(library: Library, id: str, asof: str) -> list[str]:
    """Return every work that this one was made from, by any recipe that was performed up to a moment; not itself."""
    with library.reading() as connection:
        found = connection.execute(text(_EVERY_WAY_UP), {"work": id, "asof": asof})
        return sorted(row[0] for row in found if row[0] != id)


def descendants(library: Library, id: str) -> list[str]:
    """Return every work that was made from this one, directly or not."""
    with library.reading() as connection:
        return [row[0] for row in connection.execute(text(_DESCENDANTS), {"work": id}) if row[0] != id]


def lineage(library: Library, id: str) -> Lineage:
    """Return a work's lineage.

    Raises:
        NotFound: the work is not known.
    """
    with library.reading() as connection:
        found = [row[0] for row in connection.execute(text(_ANCESTORS), {"work": id})]
    if not found:
        raise NotFound("work", id[:12], "`palimpsest works` lists all there are.")
    known: dict[str, Work] = {}
    for each in records_about(library, found, Work):
        known.setdefault(each.id, each)
    return Lineage(id, known, _acts_that_made(library, known))


def _acts_that_made(library: Library, known: Mapping[str, Work]) -> dict[str, Act]:
    """Find for each work the first act that made it: mostly the first of its recipe, so the others are read only if needed."""
    acts: dict[str, Act] = {}
    for first in (True, False):
        wanted = {each.recipe for each in known.values() if each.recipe and each.id not in acts}
        for act in records_about(library, sorted(wanted), Act, first=first):
            for output in act.outputs:
                made = known.get(output.work)
                if made is not None and made.recipe == act.recipe.digest:
                    acts.setdefault(output.work, act)
    return acts


_SAID = ("title", "makers", "date", "culture", "style", "medium", "collection")

_RANKED = 10_000
_SEARCH = """
SELECT no, rank FROM (SELECT rowid AS no, rank FROM search WHERE search MATCH :words ORDER BY rowid DESC LIMIT :ranked)
ORDER BY rank, no LIMIT :most
"""

_ANCESTORS = """
WITH RECURSIVE up (work) AS (
    SELECT id FROM works WHERE id = :work
    UNION
    SELECT recipe_inputs.work FROM up JOIN works ON works.id = up.work
        JOIN recipe_inputs ON recipe_inputs.recipe = works.recipe
) SELECT work FROM up
"""

_EVERY_WAY_UP = """
WITH RECURSIVE up (work) AS (
    SELECT :work
    UNION
    SELECT recipe_inputs.work FROM up JOIN outputs ON outputs.work = up.work
        JOIN recipe_inputs ON recipe_inputs.recipe = outputs.recipe
        WHERE EXISTS (SELECT 1 FROM records WHERE subject = outputs.recipe AND kind = 'act' AND at <= :asof)
) SELECT work FROM up
"""

_DESCENDANTS = """
WITH RECURSIVE down (work) AS (
    SELECT :work
    UNION
    SELECT works.id FROM down JOIN recipe_inputs ON recipe_inputs.work = down.work
        JOIN outputs ON outputs.recipe = recipe_inputs.recipe
        JOIN works ON works.id = outputs.work AND works.recipe = outputs.recipe
) SELECT work FROM down
"""


def records_about(
    library: Library,
    subjects: Sequence[str] | None,
    kind: type[_Some],
    *,
    first: bool = False,
    asof: str | None = None,
) -> list[_Some]:
    """Read the records of one kind, the earliest first: about these subjects or, with None, about any; up to a moment.

    With `first`, of each subject only the first. The subject of a record is the work it speaks of; of an act it is its recipe,
    of a copy its file, of a person their id, of terms of a collection its name.
    """
    columns = (
        records.c.subject,
        records.c.at,
        records.c.digest,
        records.c.start,
        records.c.length,
        packs.c.digest.label("pack"),
    )
    statement = select(*columns).join(packs, packs.c.no == records.c.pack)
    statement = statement.where(records.c.kind == kind.model_fields["kind"].default)
    if asof is not None:
        statement = statement.where(records.c.at <= asof)
    with library.reading() as connection:
        wanted = [None] if subjects is None else [records.c.subject.in_(s) for s in _chunks([*dict.fromkeys(subjects)])]
        rows = [
            row
            for where in wanted
            for row in connection.execute(statement if where is None else statement.where(where))
        ]
    rows.sort(key=lambda row: (row.at, row.digest))
    if first:
        rows = list({row.subject: row for row in reversed(rows)}.values())
    read = (read_entry(library.objects, Name(row.pack, SUFFIX), row.start, row.length, row.digest) for row in rows)
    return [record for record in read if isinstance(record, kind)]


_T = TypeVar("_T")


def _chunks(items: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _listed(row: object) -> Listed:
    fields = {name: getattr(row, name) for name in ("id", "width", "height", "at", *_SAID)}
    return Listed(**fields, made=getattr(row, "recipe") is not None)  # noqa: B009 - a row is typed as object
