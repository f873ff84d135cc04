"""The starter collection's works of art: what the build took out of an open museum's collection, if it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.saying import NOTHING, Said
from palimpsest.studio.studio import Studio

FOLDER = Path(__file__).parent / "starter_art"
"""Made by `npm run build` (frontend/scripts/starter-art.mjs); in no repository, but in every package that was built with it."""

LIST = "works.json"


@dataclass(frozen=True)
class MuseumWork:
    """A work of art that a museum gave to everybody, and what the museum says of it; empty where it says nothing."""

    file: str
    title: str
    makers: tuple[str, ...]
    date: str
    page: str
    licence: str
    credit: str

    @property
    def said(self) -> Said:
        """Return what goes on record."""
        source = f"{self.credit}, {self.page}"
        return Said(title=self.title, makers=self.makers, date=self.date, source=source, licence=self.licence)


def museum_works() -> list[MuseumWork]:
    """Return the works of art that this installation was built with; none if the build left them out."""
    file = FOLDER / LIST
    if not file.is_file():
        return []
    listed = json.loads(file.read_text(encoding="utf-8"))
    return [MuseumWork(**{**each, "makers": tuple(each["makers"])}) for each in listed]


def add_museum_works(studio: Studio) -> Iterator[str]:
    """Add the works of art with what the museum says of them; of one that is there, what a person has said since stays.

    The last of the list comes first: what is newest hangs first on the wall, in the order of the list.
    """
    for each in reversed(museum_works()):
        data = (FOLDER / each.file).read_bytes()
        new = queries.known_as(studio.library, digest_of_bytes(data)) is None
        yield add_bytes(studio, data, each.file, each.said if new else NOTHING)[0]
