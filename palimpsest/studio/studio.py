"""An open studio: the library, the techniques, the engines, the settings and the person at work."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from palimpsest.craft.catalogue import Catalogue
from palimpsest.errors import Damaged
from palimpsest.library import queries
from palimpsest.library.library import Library, Rebuilt, remove_index
from palimpsest.lineage.records import Person
from palimpsest.media.guard import Guard
from palimpsest.settings import Settings
from palimpsest.studio.machines import Machines

UNNAMED = "unnamed artist"
PASSPHRASE = "PALIMPSEST_PASSPHRASE"
"""Where in the environment the passphrase of an encrypted studio may stand."""
SOFTWARE = f"palimpsest {version('palimpsest-studio')}"
"""What made a picture, as acts record it."""
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


def moment() -> str:
    """Return the time now, as records write it."""
    return datetime.now(UTC).strftime(_MOMENT)


@dataclass(frozen=True)
class Studio:
    """What the verbs work on. Use it in a `with` statement, or call `close`."""

    library: Library
    settings: Settings
    catalogue: Catalogue
    machines: Machines
    guard: Guard
    clock: Callable[[], str] = field(default=moment, repr=False)

    @classmethod
    def create(cls, folder: Path, artist: str = UNNAMED, settings: Settings | None = None) -> Studio:
        """Make an empty studio in a new or empty folder, and open it.

        Raises:
            InputRefused: the folder holds something already.
            FileRefused: the file system does not let us.
        """
        chosen = settings or Settings.from_environment(os.environ)
        person = uuid.uuid4().hex
        library = Library.create(folder, {"studio": uuid.uuid4().hex, "person": person}, chosen.busy_seconds)
        library.append([Person(id=person, name=artist, at=moment())])
        return cls._of(library, chosen)

    @classmethod
    def open(cls, folder: Path, settings: Settings | None = None, passphrase: str | None = None) -> Studio:
        """Open a studio; an encrypted one with its passphrase, by default `PALIMPSEST_PASSPHRASE` of the environment.

        Raises:
            Locked: it is encrypted, and the passphrase is missing or wrong.
            NotFound: the folder is not a studio.
            Damaged: its mark or its index cannot be read, or it was written by a newer version.
        """
        chosen = settings or Settings.from_environment(os.environ)
        words = passphrase if passphrase is not None else os.environ.get(PASSPHRASE)
        return cls._of(Library.open(folder, chosen.busy_seconds, passphrase=words), chosen)

    @classmethod
    def _of(cls, library: Library, settings: Settings) -> Studio:
        return cls(library, settings, Catalogue(), Machines(settings.threads), Guard(settings))

    @property
    def folder(self) -> Path:
        """Where the studio is."""
        return self.library.root

    def now(self) -> str:
        """Return the time for a record: the clock's, but always after every record there is.

        What is said last must hold, also when a computer's clock was put back in between.
        """
        return max(self.clock(), next_moment(queries.latest_moment(self.library)))

    @cached_property
    def person(self) -> Person:
        """The person at work."""
        known = queries.person(self.library, self.library.mark.get("person", ""))
        return known or Person(id=self.library.mark.get("person", "unknown"), name=UNNAMED, at=self.now())

    def close(self) -> None:
        """Close the index and end the helper process."""
        self.guard.close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def next_moment(moment: str) -> str:
    """Return the next moment that records can tell apart."""
    if not moment:
        return ""
    return (datetime.strptime(moment, _MOMENT) + timedelta(microseconds=1)).strftime(_MOMENT)


def rebuild(folder: Path) -> int:
    """Make the index of a studio anew from its records; returns how many packs of records there are.

    It is made in one transaction, so that another process may go on writing. An index that is damaged beyond reading is
    taken away first.

    Raises:
        NotFound: the folder is not a studio.
        Damaged: packs of records could not be read; the index was made from all the others.
    """
    try:
        made = _rebuilt(folder)
    except Damaged:
        remove_index(folder)
        made = _rebuilt(folder)
    if made.damaged:
        raise Damaged(
            f"{folder}: made the index from {made.packs} packs of records; {len(made.damaged)} more could not be read.",
            "`palimpsest check` names them; bring them back from a backup and rebuild again.",
        )
    return made.packs


def _rebuilt(folder: Path) -> Rebuilt:
    library = Library.open(folder, passphrase=os.environ.get(PASSPHRASE))
    try:
        return library.rebuild()
    finally:
        library.close()
