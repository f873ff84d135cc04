"""Looking for damage: what the index, the packs and the images say of each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from palimpsest.library.library import Library, image_name
from palimpsest.library.objects import Name
from palimpsest.library.packs import SUFFIX
from palimpsest.library.tables import packs, works
from palimpsest.lineage.records import Work
from palimpsest.media.formats import suffix_of
from palimpsest.media.sourcemap_codec import SUFFIX as MAP_SUFFIX


def index_damage(library: Library) -> list[str]:
    """Let SQLite verify its own file; returns what it finds."""
    library.database.close()  # a connection that has seen an older search index would call the newer one corrupt
    with library.reading() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if found == ["ok"] else [f"index: {line}" for line in found]


def indexed_packs(library: Library) -> set[str]:
    """Return the digests of the packs that the index knows."""
    with library.reading() as connection:
        return set(connection.scalars(select(packs.c.digest)))


def indexed_images(library: Library) -> dict[str, Name]:
    """Return the file of every work that the index knows, also of those whose records cannot be read any more."""
    with library.reading() as connection:
        rows = connection.execute(select(works.c.id, works.c.media_type))
        return {row.id: Name(row.id, suffix_of(row.media_type)) for row in rows}


def leftovers(library: Library, known: Mapping[str, Work], maps: Collection[str]) -> list[str]:
    """Name images and source maps that no record speaks of, and drafts: what a process that died left behind.

    They do no harm.
    """
    named = {image_name(work) for work in known.values()} | {Name(digest, MAP_SUFFIX) for digest in maps}
    orphans = [name for name in library.objects.names() if name.suffix != SUFFIX and name not in named]
    drafts = [path.name for path in library.objects.unfinished()]
    return [
        f"{str(name)[:16]}: {'a source map' if name.suffix == MAP_SUFFIX else 'an image'} that no record speaks of"
        for name in orphans
    ] + [f"{name}: begun and never finished" for name in drafts]
