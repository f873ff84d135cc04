"""Proposing works with faces that look like those of another. It only proposes: who somebody is, no picture's look can say."""

from __future__ import annotations

from dataclasses import dataclass

from palimpsest.craft.progress import Progress
from palimpsest.errors import InputRefused
from palimpsest.library import queries
from palimpsest.perception.likeness import Look, distance, look_of
from palimpsest.perception.seeing import shown
from palimpsest.studio.performing import raster_of
from palimpsest.studio.portraying import look_at, portrayals
from palimpsest.studio.studio import Studio

ALIKE = 80
"""Bits of 256 in which two faces may differ and still be proposed."""


@dataclass(frozen=True)
class Alike:
    """A work with a face that looks like one of those asked for, and in how many of 256 bits the two differ."""

    work: str
    distance: int


def faces_like(studio: Studio, work: str, progress: Progress | None = None) -> list[Alike]:
    """Return the works with faces that look like those in one, the most alike first; only those that were looked at for faces.

    Raises:
        InputRefused: no face was found in the work.
        Cancelled: `progress` was told to stop.
    """
    look_at(studio, work)
    wanted = _looks(studio, work)
    if not wanted:
        raise InputRefused(f"{work[:12]}: expected a work with faces, but none was found in it.", "Name another.")
    said = progress or Progress()
    gone = queries.erased(studio.library)
    others = [
        each.work for each in portrayals(studio).values() if each.faces and each.work != work and each.work not in gone
    ]
    found = []
    for number, each in enumerate(others):
        said(number / len(others))
        nearest = min(distance(one, other) for one in wanted for other in _looks(studio, each))
        if nearest <= ALIKE:
            found.append(Alike(each, nearest))
    said(1.0)
    return sorted(found, key=lambda alike: (alike.distance, alike.work))


def _looks(studio: Studio, work: str) -> list[Look]:
    known = portrayals(studio, [work]).get(work)
    if known is None or not known.faces:
        return []
    pixels = shown(raster_of(studio, work))
    return [look_of(pixels[top : top + height, left : left + width]) for left, top, width, height in known.faces]
