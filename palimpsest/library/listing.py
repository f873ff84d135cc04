"""The works as a person looks through them: filtered, counted, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, literal_column, select, text

from palimpsest.errors import ParameterRefused
from palimpsest.library.index import search_expression
from palimpsest.library.library import Library
from palimpsest.library.queries import Listed
from palimpsest.library.tables import descriptions, judgements, recipe_inputs, works

SAID = ("title", "makers", "date", "culture", "style", "medium", "collection")
FACETS = ("makers", "culture", "style", "medium", "date", "collection")
"""What works can be told apart by, of all that is said of them."""


@dataclass(frozen=True)
class Filter:
    """Which works are meant: those that hold all words, of these makers, cultures …, kept, made here, in the bin.

    `said` gives of a facet the values that are let through; a value is the whole text that was said.
    """

    words: str = ""
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made: bool | None = None
    choice: str = ""
    """`kept` or `rejected`; empty for all."""
    used: str = ""
    """The id of a work: only what was directly made from it."""
    binned: bool = False

    def __post_init__(self) -> None:
        for name in self.said:
            if name not in FACETS:
                raise ParameterRefused("filter", f"one of {', '.join(FACETS)}", name)
        if self.choice not in ("", "kept", "rejected"):
            raise ParameterRefused("choice", "kept or rejected", self.choice)


@dataclass(frozen=True)
class Shelved(Listed):
    """A work in a list, with what was judged of it."""

    choice: str = ""
    erased: bool = False
    binned: bool = False


def page(library: Library, wanted: Filter, offset: int = 0, limit: int | None = None) -> list[Shelved]:
    """Return some of the works that are meant, the newest first."""
    said = (func.coalesce(descriptions.c[name], "").label(name) for name in SAID)
    columns: tuple[ColumnElement[Any], ...] = (
        *works.c,
        *said,
        _judgement("choice").label("choice"),
        _judgement("erasure").label("erasure"),
    )
    statement = _ordered(_filtered(select(*columns), wanted)).offset(offset).limit(-1 if limit is None else limit)
    with library.reading() as connection:
        rows = connection.execute(statement).all()
    return [_shelved(row, wanted.binned) for row in rows]


def count(library: Library, wanted: Filter) -> int:
    """Count the works that are meant."""
    with library.reading() as connection:
        return connection.scalar(_filtered(select(func.count()), wanted)) or 0


def ratios(library: Library, wanted: Filter) -> list[int]:
    """Return width by height of every work that is meant, in hundredths, in the order of `page`."""
    ratio = func.max(1, works.c.width * 100 / works.c.height)
    with library.reading() as connection:
        return [int(value) for value in connection.scalars(_ordered(_filtered(select(ratio), wanted)))]


def facets(library: Library, wanted: Filter, most: int = 40) -> dict[str, list[tuple[str, int]]]:
    """Return of each facet its commonest values among the works that are meant, with how many there are of each."""
    with library.reading() as connection:
        return {name: list(_values(connection, wanted, name, most)) for name in FACETS}


def _values(connection: Connection, wanted: Filter, name: str, most: int) -> Iterator[tuple[str, int]]:
    column = descriptions.c[name]
    others = Filter(
        wanted.words,
        {key: values for key, values in wanted.said.items() if key != name},
        wanted.made,
        wanted.choice,
        wanted.used,
        wanted.binned,
    )
    statement = _filtered(select(column, func.count().label("number")), others).where(column != "")
    rows = connection.execute(statement.group_by(column).order_by(func.count().desc(), column).limit(most))
    yield from ((str(row[0]), int(row[1])) for row in rows)


def _filtered(statement: Select[Any], wanted: Filter) -> Select[Any]:
    joined = works.outerjoin(descriptions, descriptions.c.work == works.c.id)
    statement = statement.select_from(joined)
    binned = _judged("filing", "bin")
    statement = statement.where(binned if wanted.binned else ~binned)
    if wanted.words.strip():
        expression = search_expression(wanted.words)
        found = text("descriptions.no IN (SELECT rowid FROM search WHERE search MATCH :words)")
        statement = statement.where(found.bindparams(words=expression) if expression else literal_column("0"))
    for name, values in wanted.said.items():
        statement = statement.where(func.coalesce(descriptions.c[name], "").in_(values))
    if wanted.made is not None:
        statement = statement.where(works.c.recipe.is_not(None) if wanted.made else works.c.recipe.is_(None))
    if wanted.choice:
        statement = statement.where(_judged("choice", wanted.choice))
    if wanted.used:
        uses = select(recipe_inputs.c.recipe).where(recipe_inputs.c.work == wanted.used)
        statement = statement.where(works.c.recipe.in_(uses))
    return statement


def _ordered(statement: Select[Any]) -> Select[Any]:
    return statement.order_by(works.c.at.desc(), works.c.id)


def _judged(kind: str, value: str) -> ColumnElement[bool]:
    same = (judgements.c.work == works.c.id, judgements.c.kind == kind, judgements.c.value == value)
    return exists().where(*same).correlate(works)


def _judgement(kind: str) -> ColumnElement[Any]:
    wanted = select(judgements.c.value).where(judgements.c.work == works.c.id, judgements.c.kind == kind)
    return func.coalesce(wanted.correlate(works).scalar_subquery(), "")


def _shelved(row: object, binned: bool) -> Shelved:
    fields = {name: getattr(row, name) for name in ("id", "width", "height", "at", "choice", *SAID)}
    made, erased = getattr(row, "recipe") is not None, getattr(row, "erasure") != ""  # noqa: B009 - a row is typed as object
    return Shelved(**fields, made=made, erased=erased, binned=binned)
