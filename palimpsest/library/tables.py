"""The tables of the index. All of it can be made anew from the packs of records; so a change here is no migration."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text

INDEX_VERSION = 3
"""Grows with every change below; an index of another version is rebuilt when the studio is opened."""

metadata = MetaData()

packs = Table(
    "packs", metadata, Column("no", Integer, primary_key=True), Column("digest", Text, nullable=False, unique=True)
)

records = Table(
    "records",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column(
        "subject", Text, nullable=False
    ),  # work id; for an act its recipe, for a copy its file, for a person their id
    Column("at", Text, nullable=False),
    Column("pack", ForeignKey("packs.no"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("length", Integer, nullable=False),
)
Index("records_by_subject", records.c.subject, records.c.kind)
Index("records_by_kind", records.c.kind, records.c.at)

works = Table(
    "works",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("pixels", Text, nullable=False, index=True),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("recipe", Text),
    Column("at", Text, nullable=False, index=True),
)

descriptions = Table(
    "descriptions",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("work", Text, nullable=False, unique=True),
    Column("moment", Text, nullable=False),  # when it was said, and its digest: of several the latest holds
    *(
        Column(name, Text, nullable=False)
        for name in ("title", "makers", "date", "culture", "style", "medium", "collection")
    ),
)
Index("descriptions_by_collection", descriptions.c.collection)

judgements = Table(
    "judgements",
    metadata,
    Column("work", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # choice, filing, erasure
    Column("moment", Text, nullable=False),  # as with descriptions
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("judgements_by_value", judgements.c.kind, judgements.c.value, judgements.c.work)

recipe_inputs = Table(
    "recipe_inputs",
    metadata,
    Column("recipe", Text, primary_key=True),
    Column("work", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

outputs = Table(
    "outputs",
    metadata,
    Column("recipe", Text, primary_key=True),
    Column("work", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

SEARCH = """
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    title, makers, date, culture, style, medium, collection, tokenize = "unicode61 remove_diacritics 2"
)
"""
SEARCHED = ("title", "makers", "date", "culture", "style", "medium", "collection")
