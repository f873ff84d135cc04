"""Saying of each pixel of a work which work, and which pixel of it, it was copied from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from palimpsest.errors import Damaged, Erased, NotFound, ParameterRefused
from palimpsest.library import queries
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act
from palimpsest.media.sourcemap import Sizes, SourceMap
from palimpsest.media.sourcemap_codec import decode_map
from palimpsest.studio.performing import raster_of
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import UNKNOWN_MAKER

Point = tuple[int, int]
"""x to the right and y down, from 0 at the upper left."""


@dataclass(frozen=True)
class Sources:
    """A work's source map, with the works that it speaks of."""

    work: str
    act: Act
    map: SourceMap
    digest: str
    """The digest of the map's file."""
    sizes: Sizes
    """Width and height of each input work."""

    def work_of(self, role: str, index: int) -> str:
        """Return the id of an input work."""
        return self.act.recipe.inputs[role][index]

    @property
    def shares(self) -> dict[str, float]:
        """Each input work's share of the pixels, the largest first; also of those that gave none."""
        found: dict[str, float] = {}
        for role, shares in self.map.shares({role: len(works) for role, works in self.sizes.items()}).items():
            for index, share in enumerate(shares):
                work = self.work_of(role, index)
                found[work] = found.get(work, 0.0) + share
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    @property
    def method(self) -> str:
        """How the technique says it measured this."""
        return next(output.evidence.method for output in self.act.outputs if output.work == self.work)


@dataclass(frozen=True)
class Caption:
    """What is said of a work: its title and its makers."""

    title: str
    makers: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """The pixel that another was copied from. `end` says, on a way through generations, why it goes no further."""

    work: str
    title: str
    makers: tuple[str, ...]
    x: int
    y: int
    colour: str
    """The colour of that pixel, as #rrggbb."""
    end: str = ""


def sources(studio: Studio, work: str) -> Sources:
    """Return the source map of a work.

    Raises:
        NotFound: the work is not known, or has no source map: it came from outside, or its technique keeps none.
        Damaged: the map is missing, has changed, or does not fit the work.
    """
    return _sources(studio, queries.lineage(studio.library, work), work)


def origin(studio: Studio, found: Sources, x: int, y: int) -> Origin:
    """Return the pixel of an input work that a pixel was copied from.

    Raises:
        ParameterRefused: the work has no such pixel.
    """
    return origins(studio, found, [(x, y)])[0]


def origins(studio: Studio, found: Sources, points: Sequence[Point]) -> list[Origin]:
    """Do the same for several pixels; each work is opened once. See `origin` for the errors."""
    placed = [_placed(found, point) for point in points]
    return _described(studio, placed, [""] * len(placed))


def trace(studio: Studio, work: str, x: int, y: int) -> tuple[Origin, ...]:
    """Follow a pixel through every generation that kept a source map, back to where it was first seen.

    The first place is the work's own, the last is in a work from outside or in one whose technique keeps no map.

    Raises:
        NotFound: the work is not known.
        ParameterRefused: the work has no such pixel.
        Damaged: one of the maps on the way is missing, has changed, or does not fit; or the lineage goes in a circle.
    """
    lineage = queries.lineage(studio.library, work)
    known = lineage.works[work]
    _check_point((x, y), known.width, known.height)
    way = [(work, x, y)]
    for _ in lineage.order:  # no way is longer, and a lineage that goes in a circle is refused
        here, x, y = way[-1]
        if _end(lineage, here):
            break
        way.append(_placed(_sources(studio, lineage, here), (x, y)))
    return tuple(_described(studio, way, [_end(lineage, place[0]) for place in way]))


def captions(studio: Studio, works: Sequence[str]) -> dict[str, Caption]:
    """Return title and makers of each work, as they are said to be now."""
    said = queries.descriptions_in_force(studio.library, works)
    return {
        work: Caption(
            (said[work].title if work in said else "") or "untitled",
            (said[work].makers if work in said else ()) or (UNKNOWN_MAKER,),
        )
        for work in works
    }


def sources_json(studio: Studio, found: Sources) -> dict[str, Any]:
    """Write what a source map says of the whole picture as plain values."""
    shares = found.shares
    said = captions(studio, [found.work, *shares])
    return {
        "work": found.work,
        "title": said[found.work].title,
        "technique": found.act.recipe.technique,
        "method": found.method,
        "width": found.map.width,
        "height": found.map.height,
        "map": found.digest,
        "sources": [{"work": work, "share": share, **asdict(said[work])} for work, share in shares.items()],
    }


def map_of(lineage: Lineage, work: str) -> str | None:
    """Return the digest of a work's source map, if it has one."""
    return lineage.evidence(work).sources if work in lineage.acts else None


def _sources(studio: Studio, lineage: Lineage, work: str) -> Sources:
    digest = map_of(lineage, work)
    if digest is None:
        raise _none(lineage, work)
    act, known = lineage.acts[work], lineage.works[work]
    try:
        sources = decode_map(studio.library.sources(digest), known.width, known.height)
    except Damaged as fault:
        for tombstone in queries.erased(studio.library, [work]).values():
            raise Erased(work, tombstone.at, tombstone.reason) from None
        raise Damaged(f"{work[:12]}: {fault.problem}", fault.remedy) from fault
    sizes = {
        role: [(lineage.works[each].width, lineage.works[each].height) for each in works]
        for role, works in act.recipe.inputs.items()
    }
    for slot in sources.slots:
        if slot.index >= len(sizes.get(slot.role, ())):
            raise Damaged(f"{work[:12]}: its source map names {slot.role} {slot.index}, which its recipe does not.")
    return Sources(work, act, sources, digest, sizes)


def _none(lineage: Lineage, work: str) -> NotFound:
    """Say why there is no map, and what there is in its place."""
    remedy = "It came from outside: every pixel is its own."
    if work in lineage.acts:
        technique = lineage.acts[work].recipe.technique
        remedy = (
            f"It was made by {technique}, which keeps none; `palimpsest credits {work[:12]}` shows what it measured."
        )
    return NotFound("source map", work[:12], remedy)


def _end(lineage: Lineage, work: str) -> str:
    """Say why a way ends at a work; nothing where it goes on."""
    if work not in lineage.acts:
        return "from outside"
    return "" if map_of(lineage, work) else f"made by {lineage.acts[work].recipe.technique}, which keeps no source map"


def _placed(found: Sources, point: Point) -> tuple[str, int, int]:
    _check_point(point, found.map.width, found.map.height)
    slot, x, y = found.map.origin(*point, found.sizes)
    return found.work_of(slot.role, slot.index), x, y


def _check_point(point: Point, width: int, height: int) -> None:
    if not (0 <= point[0] < width and 0 <= point[1] < height):
        raise ParameterRefused("X,Y", f"a pixel from 0,0 to {width - 1},{height - 1}", f"{point[0]},{point[1]}")


def _described(studio: Studio, placed: Sequence[tuple[str, int, int]], ends: Sequence[str]) -> list[Origin]:
    said = captions(studio, list(dict.fromkeys(work for work, _, _ in placed)))
    colours = _colours(studio, placed)
    return [
        Origin(work, said[work].title, said[work].makers, x, y, colours[work, x, y], end)
        for (work, x, y), end in zip(placed, ends, strict=True)
    ]


def _colours(studio: Studio, placed: Sequence[tuple[str, int, int]]) -> Mapping[tuple[str, int, int], str]:
    """Look up the colours of some pixels, opening one work at a time."""
    colours: dict[tuple[str, int, int], str] = {}
    for work in dict.fromkeys(work for work, _, _ in placed):
        raster = raster_of(studio, work)
        for place in placed:
            if place[0] == work:
                pixel = raster.pixels[place[2], place[1], :3].tolist()
                colours[place] = "#" + "".join(f"{round(level * 255 / (2**raster.bits - 1)):02x}" for level in pixel)
    return colours
