"""Holding a picture against its own sources and against the whole studio."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from palimpsest.craft.progress import Progress
from palimpsest.errors import Damaged, Erased
from palimpsest.ethics.originality import COPY_PHASH_BITS, NEAR_BITS, Figures, Judgement, Verdict, contained, judge
from palimpsest.library import queries
from palimpsest.library.vectors import Imprints, Shelf, imprints
from palimpsest.media.codecs import decode
from palimpsest.media.raster import Raster
from palimpsest.perception import layout
from palimpsest.perception.fingerprints import WORTHY, Distances, distances
from palimpsest.perception.imprint import Asked, Imprint, ask, imprint, styles
from palimpsest.perception.local_features import Alignment, Features, find
from palimpsest.perception.overlap import Affine, Overlap, alignment_scaled, nothing_shared, overlap, whole
from palimpsest.perception.words import votes
from palimpsest.studio.adding import read_image
from palimpsest.studio.finding import known_work
from palimpsest.studio.performing import raster_of
from palimpsest.studio.sourcing import Caption, captions
from palimpsest.studio.studio import Studio
from palimpsest.studio.verbatim import Region, verbatim_regions
from palimpsest.studio.workers import in_processes

Relation = Literal["source", "made from it", "in the studio"]

_BY_WORDS, _BY_BITS, _BY_LAYOUT, _BY_STYLE = 6, 3, 2, 3
_MOST_SOURCES = 24
_BATCH = 32
_WORTH_PROCESSES = 64
_FOUND = (Verdict.COPY, Verdict.PART, Verdict.COMPOSITION)
_MOST_ALIKE = 12


@dataclass(frozen=True, eq=False)
class Likeness:
    """How alike a picture is to one work, and where. `lies` maps the work's small light onto the picture's."""

    work: str
    relation: Relation
    judgement: Judgement
    figures: Figures
    overlap: Overlap
    lies: Affine
    light: tuple[int, int]
    """Width and height of the work's small light."""
    mirrored: bool

    @property
    def contained(self) -> float:
        """How much of the work the picture shows, 0 to 1."""
        return contained(self.judgement, self.figures)


@dataclass(frozen=True, eq=False)
class Originality:
    """What came of holding a picture against a studio; `work` is its id, or None when it is none of the studio's.

    `likenesses` hold what is alike, from most to least, and where nothing is, the one that came nearest. `unread` are works
    that could not be opened.
    """

    work: str | None
    name: str
    raster: Raster
    likenesses: tuple[Likeness, ...]
    regions: tuple[Region, ...] | None
    said: Mapping[str, Caption]
    telling: bool
    marks: int
    compared: int
    unread: tuple[str, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)


def originality(studio: Studio, text: str, progress: Progress | None = None) -> Originality:
    """Hold a work, or an image file that is not added for it, against its own sources and the whole studio.

    What was not measured before is measured first; that is kept.

    Raises:
        NotFound, AmbiguousPrefix, ImageRefused, FileRefused: it is no work and no image file.
        Cancelled: `progress` was told to stop; what was measured so far is kept.
    """
    work = known_work(studio, text)
    raster = raster_of(studio, work) if work else _looked_at(studio, Path(text).expanduser())
    return of_raster(studio, raster, work, "" if work else Path(text).name, progress or Progress())


def of_raster(studio: Studio, raster: Raster, work: str | None, name: str, progress: Progress) -> Originality:
    """Do the same with a picture that is decoded already; see `originality`."""
    with imprints(studio.library) as kept:
        unread = measure_missing(studio, kept, progress)
        began = time.perf_counter()
        asked = ask(raster)
        looked = time.perf_counter()
        shelf = kept.shelf()
        likenesses = _likenesses(studio, kept, shelf, asked, work)
        found = time.perf_counter()
    regions = verbatim_regions(studio, work) if work else None
    named = [each.work for each in likenesses] + [each.source for each in regions or ()] + ([work] if work else [])
    return Originality(
        work=work,
        name=name,
        raster=raster,
        likenesses=likenesses,
        regions=regions,
        said=captions(studio, list(dict.fromkeys(named))),
        telling=int(asked.imprint.short["quality"][0]) >= WORTHY,
        marks=len(asked.marks),
        compared=len(shelf.works) - (work in shelf.works),
        unread=unread,
        seconds={"looking": looked - began, "searching": found - looked},
    )


def of_sources(studio: Studio, raster: Raster, work: str) -> tuple[Likeness, ...]:
    """Hold a work against those that it was made from and that came from outside, at most 24; no other is measured."""
    above, _ = _family(studio, work)
    outside = [each.id for each in queries.works_of(studio.library, above) if each.recipe is None][:_MOST_SOURCES]
    if not outside:
        return ()
    with imprints(studio.library) as kept:
        _measure(studio, kept, [each for each in kept.missing() if each in outside], Progress())
        there = kept.read(outside)
    asked = ask(raster)
    return tuple(sorted((compare(asked, there[each], each, "source") for each in there), key=_place))


def measure_missing(studio: Studio, kept: Imprints, progress: Progress) -> tuple[str, ...]:
    """Measure every work that was not measured before; returns those that could not be opened.

    Each batch is kept at once, so that what is stopped goes on where it was.
    """
    return _measure(studio, kept, kept.missing(), progress)


def _measure(studio: Studio, kept: Imprints, missing: Sequence[str], progress: Progress) -> tuple[str, ...]:
    if len(missing) >= _BATCH:
        progress.say(f"Measuring {len(missing)} works that are new to this; it is done once.")
    unread: list[str] = []
    batch: dict[str, Imprint] = {}
    for done, (work, taken) in enumerate(_measured(studio, missing), 1):
        if taken is None:
            unread.append(work)
        elif taken:
            batch[work] = taken
        if len(batch) == _BATCH or done == len(missing):
            kept.keep(batch)
            batch = {}
        progress(done / len(missing))
    return tuple(unread)


def _measured(studio: Studio, works: Sequence[str]) -> Iterator[tuple[str, Imprint | Literal[False] | None]]:
    if len(works) >= _WORTH_PROCESSES:
        yield from in_processes(studio, measured, works)
    else:
        yield from ((work, measured(studio, work)) for work in works)


def measured(studio: Studio, work: str) -> Imprint | Literal[False] | None:
    """Measure a work; False when it was erased, None when its file is damaged."""
    try:
        return imprint(raster_of(studio, work))
    except Erased:
        return False
    except Damaged:
        return None


def _looked_at(studio: Studio, path: Path) -> Raster:
    """Open a file from outside: first where it can do no harm, then, as it did none, here."""
    data = read_image(path)
    studio.guard.inspect(data, path.name)
    return decode(data, path.name, studio.settings.pixel_limit)


def _likenesses(studio: Studio, kept: Imprints, shelf: Shelf, asked: Asked, work: str | None) -> tuple[Likeness, ...]:
    above, below = _family(studio, work)
    near = nearest(asked, shelf, {work} if work else set())
    wanted = list(dict.fromkeys([*near, *above[:_MOST_SOURCES]]))
    pixels = queries.work(studio.library, work).pixels if work else None
    guides = _guides(studio, work) if work else set()
    found = []
    for other, kept_of_it in kept.read(wanted).items():
        if other == work:
            continue
        relation: Relation = "source" if other in above else "made from it" if other in below else "in the studio"
        same = pixels is not None and queries.work(studio.library, other).pixels == pixels
        likeness = compare(asked, kept_of_it, other, relation, same_pixels=same)
        found.append(_painted_anew(likeness) if other in guides and likeness.judgement.verdict in _FOUND else likeness)
    found.sort(key=_place)
    alike = [each for each in found if each.judgement.verdict in _FOUND][:_MOST_ALIKE]
    style = [each for each in found if each.judgement.verdict is Verdict.STYLE][:_BY_STYLE]
    sources = [each for each in found if each.relation == "source" and each.judgement.verdict is Verdict.NONE]
    return tuple([*alike, *style, *sources[:_BY_STYLE]] or found[:1])


def _guides(studio: Studio, work: str) -> set[str]:
    """Return the works from outside that gave a work no pixel, if the source map of every act on the way says so."""
    lineage = queries.lineage(studio.library, work)
    mapped = all(lineage.evidence(each).sources for each in lineage.acts)
    return {root for root in lineage.roots if root not in lineage.shares} if mapped else set()


def _painted_anew(likeness: Likeness) -> Likeness:
    """Say that forms agree, and pixels do not: what looks like a copy follows its guide."""
    why = f"{likeness.judgement.why}; painted anew: by the source map it has none of its pixels"
    return replace(likeness, judgement=replace(likeness.judgement, why=why))


def _family(studio: Studio, work: str | None) -> tuple[list[str], set[str]]:
    """Return what a work was made from, and what was made from it."""
    if work is None:
        return [], set()
    above = queries.ancestors(studio.library, work, queries.latest_moment(studio.library))
    return above, set(queries.descendants(studio.library, work))


def nearest(asked: Asked, shelf: Shelf, without: set[str]) -> list[str]:
    """Return the works that are worth a closer look: by shared words, by fingerprint, by composition and by style.

    Every imprint is looked at; the whole takes about a tenth of a second for 10,000.
    """
    if not shelf.works:
        return []
    short = shelf.short
    words = votes(asked.marks, short["words"], short["angles"], short["count"])
    apart = distances(asked.question, short["pdq"], short["phash"])
    bits = np.minimum(np.minimum(apart.pdq, apart.inverted), 4 * apart.phash)
    layouts_apart = -layout.likeness(asked.imprint.short["layout"][0], short["layout"])
    styles_apart = np.abs(styles(short) - styles(asked.imprint.short)[0]).sum(axis=1)
    rankings = ((-words, _BY_WORDS), (bits, _BY_BITS), (layouts_apart, _BY_LAYOUT), (styles_apart, _BY_STYLE))
    found: dict[str, None] = {}
    for ranking, most in rankings:
        first = np.argpartition(ranking, min(most, len(ranking) - 1))[: most + 1]
        ordered = [shelf.works[place] for place in first[np.argsort(ranking[first], kind="stable")]]
        found |= dict.fromkeys([each for each in ordered if each not in without][:most])
    return list(found)


def compare(
    asked: Asked, kept: Imprint, work: str, relation: Relation = "in the studio", *, same_pixels: bool = False
) -> Likeness:
    """Hold a picture against one work, and judge."""
    apart = distances(asked.question, kept.short["pdq"], kept.short["phash"])
    found = find(asked.marks, kept.marks)
    shared, lies = _shared(asked, kept, found, apart)
    figures = Figures(
        pdq=int(apart.pdq[0]),
        phash=int(apart.phash[0]),
        inverted=int(apart.inverted[0]),
        telling=min(int(asked.imprint.short["quality"][0]), int(kept.short["quality"][0])) >= WORTHY,
        places=found.cells if found else 0,
        marks=min(len(asked.marks), len(kept.marks)),
        agreeing=_agreeing(asked.marks, kept.marks, found) if found else 0.0,
        share=shared.share,
        contained=shared.contained,
        alike=shared.alike,
        layout=float(layout.likeness(asked.imprint.short["layout"][0], kept.short["layout"])[0]),
        style=float(np.sqrt(((styles(asked.imprint.short)[0] - styles(kept.short)[0]) ** 2).sum())),
        same_pixels=same_pixels,
    )
    mirrored = bool(np.linalg.det(lies[:, :2]) < 0)
    light = kept.light.shape[1], kept.light.shape[0]
    return Likeness(work, relation, judge(figures), figures, shared, lies, light, mirrored)


def _shared(asked: Asked, kept: Imprint, found: Alignment | None, apart: Distances) -> tuple[Overlap, Affine]:
    """Find the common part: by the marks if enough of them agree, else by the fingerprints, as if one lay on the other."""
    ours, theirs = asked.imprint.light, kept.light
    if found is not None and found.cells >= _FEWEST_PLACES:
        factors = theirs.shape[1] / kept.marks.width, ours.shape[1] / asked.marks.width
        lies, marks = alignment_scaled(found, *factors)
        return overlap(ours, theirs, lies, marks), lies
    near = min(int(apart.pdq[0]), int(apart.inverted[0])) <= NEAR_BITS or int(apart.phash[0]) <= COPY_PHASH_BITS
    lies = whole((ours.shape[0], ours.shape[1]), (theirs.shape[0], theirs.shape[1]), int(apart.laying[0]))
    return overlap(ours, theirs, lies) if near else nothing_shared(ours), lies


_FEWEST_PLACES = 5


def _agreeing(asked: Features, kept: Features, found: Alignment) -> float:
    """Return the share of the marks in the common part that agree, of the picture that has fewer there."""
    linear, moved = found.affine[:, :2], found.affine[:, 2]
    there = kept.places @ linear.T + moved
    back = (asked.places - moved) @ np.linalg.inv(linear).T
    fewer = min(
        int(((place >= 0) & (place < (each.width, each.height))).all(axis=1).sum())
        for place, each in ((there, asked), (back, kept))
    )
    return found.inliers / max(1, fewer)


def _place(each: Likeness) -> tuple[float, ...]:
    order = list(Verdict).index(each.judgement.verdict)
    by_style = each.figures.style if each.judgement.verdict is Verdict.STYLE else 0.0
    return (order, by_style, -each.figures.share, -each.figures.places, each.figures.pdq)


def as_json(found: Originality) -> dict[str, Any]:
    """Write what was found as plain values."""
    return {
        "work": found.work,
        "file": found.name or None,
        "compared": found.compared,
        "telling": found.telling,
        "marks": found.marks,
        "seconds": {name: round(value, 4) for name, value in found.seconds.items()},
        "likenesses": [
            {
                "work": each.work,
                **asdict(found.said[each.work]),
                "relation": each.relation,
                "verdict": each.judgement.verdict.value,
                "certain": each.judgement.certain,
                "why": each.judgement.why,
                "contained": round(each.contained, 4),
                "mirrored": each.mirrored,
                "figures": {
                    name: round(value, 4) if isinstance(value, float) else value
                    for name, value in asdict(each.figures).items()
                },
            }
            for each in found.likenesses
        ],
        "verbatim": None if found.regions is None else [asdict(region) for region in found.regions],
        "unread": list(found.unread),
    }
