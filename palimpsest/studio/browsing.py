"""Looking through the works: filters, pages, and the bin, which hides a work and erases nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from palimpsest.library import listing, queries
from palimpsest.library.listing import Filter, Shelved
from palimpsest.lineage.records import Filing
from palimpsest.studio.studio import Studio

__all__ = ["Filter", "Page", "Shelved", "browse", "facets", "file_works", "news", "ratios"]


@dataclass(frozen=True)
class Page:
    """Some of the works that are meant, and how many there are in all."""

    works: tuple[Shelved, ...]
    total: int


def browse(studio: Studio, wanted: Filter, offset: int = 0, limit: int | None = None) -> Page:
    """Return a page of the works that are meant, the newest first."""
    total = listing.count(studio.library, wanted)
    return Page(tuple(listing.page(studio.library, wanted, offset, limit)), total)


def ratios(studio: Studio, wanted: Filter) -> list[int]:
    """Return width by height of every work that is meant, in hundredths, in the order of `browse`; to lay out a wall."""
    return listing.ratios(studio.library, wanted)


def facets(studio: Studio, wanted: Filter) -> dict[str, list[tuple[str, int]]]:
    """Return by what the works that are meant can be told apart: of each facet its values, with how many have it."""
    return listing.facets(studio.library, wanted)


def news(studio: Studio) -> str:
    """Return the moment of the latest record: when it differs, somebody has said or made something."""
    return queries.latest_moment(studio.library)


def file_works(studio: Studio, works: Sequence[str], place: Literal["wall", "bin"]) -> None:
    """Put works into the bin, or back on the wall. Nothing is erased; what was made from them stays as it is.

    Raises:
        NotFound: one of them is not known; nothing was put anywhere.
    """
    for each in works:
        queries.work(studio.library, each)
    now = studio.now()
    studio.library.append(
        [Filing(work=each, place=place, by=studio.person.id, at=now) for each in dict.fromkeys(works)]
    )
