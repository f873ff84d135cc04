"""Checking that a studio is whole: every object, every record, every permit."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from graphlib import CycleError, TopologicalSorter
from math import ceil
from typing import TypeVar

from palimpsest.errors import PalimpsestError
from palimpsest.ethics.consent import Wish, judge
from palimpsest.library import auditing, queries
from palimpsest.library.database import journal_mode, linked_version
from palimpsest.library.library import image_name
from palimpsest.library.packs import all_packs, read_pack
from palimpsest.lineage.records import Act, Work
from palimpsest.studio.standing import standing
from palimpsest.studio.studio import Studio

_Found = TypeVar("_Found")


@dataclass
class Report:
    """What was looked at and what was found. `damage` is empty when the studio is whole; `notes` need no repair."""

    objects: int = 0
    works: int = 0
    acts: int = 0
    sqlite: str = field(default_factory=lambda: f"{'.'.join(map(str, linked_version()))}, journal {journal_mode()}")
    damage: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damage


def check(studio: Studio, share: Fraction = Fraction(1), progress: Callable[[float], None] = lambda _: None) -> Report:
    """Re-hash images and source maps, read every pack of records, recompute permits and follow each lineage.

    `share` is the part of the images, of the maps and of the permits that is looked at (drawn anew each time); records are always
    read whole.
    """
    report = Report()
    report.damage += auditing.index_damage(studio.library)
    works, acts = _read_records(studio, report)
    gone = queries.erased(studio.library)
    report.damage += [f"{id[:12]}: was erased, but its picture is still here" for id in _not_gone(studio, works, gone)]
    there = sorted(works.keys() - gone.keys())
    chosen = random.Random().sample(there, max(1, int(len(there) * share)) if there else 0)
    for place, id in enumerate(chosen):
        progress(place / len(chosen))
        _check(report, partial(studio.library.image, works[id]))
        report.objects += 1
    for id, name in auditing.indexed_images(studio.library).items():
        if id not in works:  # its record is damaged; the file may be too
            _check(report, partial(studio.library.objects.get, name))
    maps = _maps(acts, gone)
    for digest in random.Random().sample(maps, ceil(len(maps) * share)):
        _check(report, partial(studio.library.sources, digest))
        report.objects += 1
    strays = {work: line for act in acts for work, line in _strays(act, works)}
    report.damage += [line for work, line in strays.items() if not queries.has_work(studio.library, work)]
    report.damage += _circles(works, acts)
    for act in acts:
        if share == 1 or random.random() < share:
            report.damage += _permit_damage(studio, act)
    report.works, report.acts = len(works), len(acts)
    report.notes += auditing.leftovers(studio.library, works, maps)
    return report


def _read_records(studio: Studio, report: Report) -> tuple[dict[str, Work], list[Act]]:
    """Read every pack; note those that the index does not know."""
    works: dict[str, Work] = {}
    acts: list[Act] = []
    indexed = auditing.indexed_packs(studio.library)
    names = list(all_packs(studio.library.objects))
    for name in names:
        report.objects += 1
        if name.digest not in indexed:
            report.notes.append(f"{name.digest[:12]}: recorded but not in the index; `palimpsest rebuild` takes it in")
        for entry in _check(report, partial(read_pack, studio.library.objects, name)) or ():
            if isinstance(entry.record, Work):
                works.setdefault(entry.record.id, entry.record)
            elif isinstance(entry.record, Act):
                acts.append(entry.record)
    report.damage += [
        f"{lost[:12]}: a pack of records is missing" for lost in sorted(indexed - {name.digest for name in names})
    ]
    return works, acts


def _not_gone(studio: Studio, works: Mapping[str, Work], gone: Collection[str]) -> list[str]:
    """Name the works that have a tombstone, and their picture too."""
    return [id for id in gone if id in works and studio.library.objects.has(image_name(works[id]))]


def _maps(acts: list[Act], gone: Collection[str]) -> list[str]:
    """List the source maps that acts name as their evidence; those of erased works are erased."""
    named = (output.evidence.sources for act in acts for output in act.outputs if output.work not in gone)
    return sorted({digest for digest in named if digest})


def _strays(act: Act, works: dict[str, Work]) -> Iterator[tuple[str, str]]:
    """Name the works that an act speaks of and that were not read; another process may have added one just now."""
    for work in (*act.recipe.works, *(output.work for output in act.outputs)):
        if work not in works:
            yield work, f"act {act.digest[:12]}: speaks of the work {work[:12]}, which is not recorded"


def _circles(works: dict[str, Work], acts: list[Act]) -> Iterator[str]:
    """Name a work that comes from itself, by however long a way; one is enough to look for the forgery."""
    inputs = {act.recipe.digest: act.recipe.works for act in acts}
    try:
        TopologicalSorter({id: inputs.get(work.recipe or "", ()) for id, work in works.items()}).prepare()
    except CycleError as circle:
        yield f"{circle.args[1][0][:12]}: comes from itself, over {len(circle.args[1]) - 1} acts; its records are forged or torn"


def _permit_damage(studio: Studio, act: Act) -> list[str]:
    """Recompute a permit from what was known when it was given."""
    try:
        asof = act.permit.asof
        uses = [Wish(each.role, each.use, standing(studio, each.work, asof)) for each in act.permit.permissions]
        permit = judge(uses, asof, act.at, policy=act.permit.policy)
    except PalimpsestError as error:
        return [f"act {act.digest[:12]}: its permit does not hold: {error.problem}"]
    found = [f"act {act.digest[:12]}: its permit is for {line}" for line in _wrong_uses(studio, act)]
    if permit != act.permit:
        found.append(f"act {act.digest[:12]}: its permit is not the one that the terms then gave")
    return found


def _wrong_uses(studio: Studio, act: Act) -> Iterator[str]:
    """Name what is permitted under another use than the technique declares, where that version of it is installed."""
    if act.recipe.technique not in studio.catalogue:
        return
    technique = studio.catalogue.get(act.recipe.technique)
    declared = {role.name: role.use for role in technique.roles}
    for each in act.permit.permissions:
        if technique.version == act.recipe.version and declared.get(each.role) is not each.use:
            yield f"the use '{each.use.value}' of {each.role}, which {technique.name} does not declare"


def _check(report: Report, look: Callable[[], _Found]) -> _Found | None:
    """Look at something; what is wrong with it goes into the report."""
    try:
        return look()
    except PalimpsestError as error:
        report.damage.append(error.problem)
        return None
