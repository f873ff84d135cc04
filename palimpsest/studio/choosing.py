"""Choosing: a person keeps a proposal, or sets it aside. That is work by hand too, and goes on record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palimpsest.errors import ParameterRefused
from palimpsest.library import queries
from palimpsest.lineage.records import Choice
from palimpsest.studio.studio import Studio


@dataclass(frozen=True)
class Chosen:
    """A choice with the name of whoever made it. `among` counts all that they chose from, the chosen one too."""

    work: str
    kept: bool
    by: str
    among: int
    seconds: float | None
    at: str

    @property
    def words(self) -> str:
        """Say it in a few words: 'chosen by Ada among 8'."""
        among = f" among {self.among}" if self.among > 1 else ""
        looked = f", looked at for {duration(self.seconds)}" if self.seconds else ""
        return f"{'chosen' if self.kept else 'set aside'} by {self.by}{among}{looked}"


def choose(
    studio: Studio, work: str, *, kept: bool = True, among: Sequence[str] = (), seconds: float | None = None
) -> Choice:
    """Record that the person at work keeps a work, or sets it aside; `among` names the others they chose from.

    What is said last holds. `seconds` is for how long they looked, where the surface knows.

    Raises:
        NotFound: one of the works is not known.
        ParameterRefused: `seconds` is no length of time.
    """
    if seconds is not None and not (math.isfinite(seconds) and seconds >= 0):
        raise ParameterRefused("seconds", "a number from 0", seconds)
    others = tuple(each for each in dict.fromkeys(among) if each != work)
    for each in (work, *others):
        queries.work(studio.library, each)
    choice = Choice(work=work, kept=kept, among=others, seconds=seconds, by=studio.person.id, at=studio.now())
    studio.library.append([choice])
    return choice


def choices_in_force(studio: Studio, works: Iterable[str]) -> dict[str, Chosen]:
    """Return what was last decided of each of these works that anybody has decided of."""
    found = {each.work: each for each in queries.records_about(studio.library, [*works], Choice)}
    names = names_of(studio, (each.by for each in found.values()))
    return {
        work: Chosen(work, each.kept, names[each.by], len(each.among) + 1, each.seconds, each.at)
        for work, each in found.items()
    }


def names_of(studio: Studio, people: Iterable[str]) -> dict[str, str]:
    """Return what each person is called now; one who is not on record goes by their id."""
    known = {each: queries.person(studio.library, each) for each in dict.fromkeys(people)}
    return {id: person.name if person else id for id, person in known.items()}


def duration(seconds: float) -> str:
    """Write a length of time as a person would: '40 s', '3 min', '2 h 5 min'."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
