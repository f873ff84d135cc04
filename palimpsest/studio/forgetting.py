"""Forgetting: erasing a work's pictures, or a person's name and pictures, for good, with a receipt."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from palimpsest.errors import NotFound
from palimpsest.library import queries, vectors
from palimpsest.library.library import image_name
from palimpsest.library.objects import Name
from palimpsest.library.packs import all_packs, read_pack
from palimpsest.library.thumbnails import thumbnail_path
from palimpsest.lineage.records import Act, AnyRecord, Copy, Description, Erasure, Portrayal
from palimpsest.media.sourcemap_codec import SUFFIX as MAP_SUFFIX
from palimpsest.studio.performing import standing_title
from palimpsest.studio.portraying import carriers, portrayals
from palimpsest.studio.privacy import counted
from palimpsest.studio.redacting import Redaction
from palimpsest.studio.studio import Studio


@dataclass(frozen=True)
class Doomed:
    """A work whose picture goes: its files in the studio by kind, and what stays of it elsewhere."""

    work: str
    title: str
    files: dict[str, int]
    maps: tuple[str, ...]
    carriers: tuple[str, ...]
    """Works made from it that still carry its pixels."""
    copies: tuple[str, ...]
    """Digests of files that were written from it; where they lie now is not known."""


@dataclass(frozen=True)
class Plan:
    """What forgetting would erase. Nothing has been erased yet."""

    works: tuple[Doomed, ...]
    person: str = ""
    records: int = 0
    """Records in which the person's name stands."""
    kept: tuple[str, ...] = ()
    """Where the name stands and cannot be taken out."""
    named: tuple[str, ...] = ()
    """Works whose title or description names the person, and whose picture stays: nobody has said that it shows them."""

    @property
    def carriers(self) -> tuple[str, ...]:
        """Works that would still carry pixels of what is erased."""
        doomed = {each.work for each in self.works}
        found = dict.fromkeys(work for each in self.works for work in each.carriers)
        return tuple(work for work in found if work not in doomed)


@dataclass(frozen=True)
class Receipt:
    """What was erased, and what still carries of it. It names no person who was forgotten."""

    at: str
    studio: str
    by: str
    reason: str
    works: tuple[dict[str, Any], ...]
    records: int
    stands_for_the_name: str
    still_carry_its_pixels: tuple[dict[str, str], ...]
    copies_elsewhere: tuple[str, ...]
    name_still_stands_in: tuple[str, ...]
    may_still_show_them: tuple[dict[str, str], ...] = ()
    """Works that were named after a person who was forgotten; their pictures stay."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"palimpsest": "receipt of an erasure", **asdict(self)}


def plan_works(studio: Studio, works: Sequence[str], *, descendants: bool = False) -> Plan:
    """Say what forgetting these works would erase; with `descendants` also whatever still carries their pixels.

    Raises:
        NotFound: one is not known, or was erased before.
    """
    gone = queries.erased(studio.library, works)
    for work in works:
        if work in gone:
            raise NotFound(
                "work any more", work[:12], f"It was erased on {gone[work].at[:10]}; nothing is left to erase."
            )
    first = [_doomed(studio, work) for work in dict.fromkeys(works)]
    if not descendants:
        return Plan(tuple(first))
    rest = Plan(tuple(first)).carriers
    return Plan((*first, *(_doomed(studio, work) for work in rest)))


def plan_person(studio: Studio, name: str, *, descendants: bool = False) -> Plan:
    """Say what forgetting a person would erase: the pictures of works that show them, and their name in every record.

    Raises:
        NotFound: no record names such a person.
    """
    redaction = Redaction(name, "")
    named = [record for _, found in _packs(studio) for record in found if redaction.touches(record)]
    kept = tuple(sorted({line for _, found in _packs(studio) for each in found for line in redaction.stuck(each)}))
    if not named and not kept:
        raise NotFound("person or work", name, "`palimpsest privacy` lists the people whom the studio knows.")
    said = portrayals(studio).values()
    gone = queries.erased(studio.library)
    shown = [each.work for each in said if any(map(redaction.is_the_name, each.people)) and each.work not in gone]
    plan = plan_works(studio, shown, descendants=descendants)
    known = {*gone, *(each.work for each in plan.works), *plan.carriers}
    stay = {each.work for each in named if isinstance(each, Description) and _describes(each, redaction)} - known
    return Plan(plan.works, name, len(named), kept, tuple(sorted(stay)))


def _describes(said: Description, redaction: Redaction) -> bool:
    """Tell whether a description has the name in its words; whom it names as a maker, the picture need not show."""
    return any(
        map(redaction.stands_in, (said.title, said.medium, said.style, said.culture, said.source, said.collection))
    )


def forget(studio: Studio, plan: Plan, reason: str = "") -> Receipt:
    """Erase what was planned. When this returns, the files are gone from the studio's folder and its index.

    Tombstones (records of erasure) keep the lineage and the credits whole. Backups, and files that were written elsewhere, are
    beyond reach; the receipt names what is known of them.

    Raises:
        FileRefused: the disk does not let us. What was begun is finished when the studio is opened next.
    """
    now = studio.now()
    token = f"a forgotten person ({secrets.token_hex(2)})" if plan.person else ""
    redaction = Redaction(plan.person, token) if plan.person else None
    said = redaction.text(reason) if redaction else reason
    doomed = {each.work for each in plan.works}
    come: list[list[AnyRecord]] = []
    go: list[Name] = []
    if redaction:
        for name, records in _packs(studio):
            if any(map(redaction.touches, records)):
                come.append([redaction.applied(record) for record in records])
                go.append(name)
    tombstones: list[AnyRecord] = [
        Erasure(work=each.work, erased=each.files, reason=said, by=studio.person.id, at=now) for each in plan.works
    ]
    tombstones += [_unlooked(studio, each, now) for each in plan.works if each.work in portrayals(studio, [each.work])]
    if tombstones:
        come.append(tombstones)
    for each in plan.works:
        go.append(image_name(queries.work(studio.library, each.work)))
        go += [Name(digest, MAP_SUFFIX) for digest in each.maps]
    receipt = _receipt(studio, plan, now, said, token)
    vectors.forget(studio.library, doomed)  # first: should we die here, they are only measured again
    studio.library.erase(come, go, sorted(doomed))
    studio.__dict__.pop("person", None)  # the name may have been the artist's own
    return receipt


def _doomed(studio: Studio, work: str) -> Doomed:
    known = queries.work(studio.library, work)
    maps = _maps(studio, work)
    files = {
        "image": int(studio.library.objects.has(image_name(known))),
        "thumbnail": int(thumbnail_path(studio.library, work).is_file()),
        "source map": len(maps),
    }
    copies = [each.file for each in queries.records_about(studio.library, None, Copy) if each.work == work]
    return Doomed(
        work,
        standing_title(studio, work),
        {kind: count for kind, count in files.items() if count},
        maps,
        tuple(carriers(studio, work)),
        tuple(copies),
    )


def _maps(studio: Studio, work: str) -> tuple[str, ...]:
    """Return the source maps of a work that are those of no other."""
    own: set[str] = set()
    others: set[str] = set()
    for act in queries.records_about(studio.library, None, Act):
        for output in act.outputs:
            if output.evidence.sources:
                (own if output.work == work else others).add(output.evidence.sources)
    return tuple(sorted(each for each in own - others if studio.library.objects.has(Name(each, MAP_SUFFIX))))


def _unlooked(studio: Studio, doomed: Doomed, now: str) -> Portrayal:
    """Say of an erased work that it shows nobody any more; its faces' places are personal, too, but say nothing alone."""
    return Portrayal(work=doomed.work, basis="erased", by=studio.person.id, at=now)


def _packs(studio: Studio) -> Iterable[tuple[Name, list[AnyRecord]]]:
    for name in all_packs(studio.library.objects):
        yield name, [entry.record for entry in read_pack(studio.library.objects, name)]


def _receipt(studio: Studio, plan: Plan, now: str, reason: str, token: str) -> Receipt:
    redaction = Redaction(plan.person, token) if plan.person else None
    titles = {each.work: redaction.text(each.title) if redaction else each.title for each in plan.works}
    still = [
        {"work": work, "title": standing_title(studio, work), "carries_pixels_of": each.work}
        for each in plan.works
        for work in each.carriers
        if work in plan.carriers
    ]
    return Receipt(
        at=now,
        studio=str(studio.library.mark.get("studio", "")),
        by=studio.person.id,
        reason=reason,
        works=tuple({"work": each.work, "title": titles[each.work], "erased": each.files} for each in plan.works),
        records=plan.records,
        stands_for_the_name=token,
        still_carry_its_pixels=tuple(
            each | {"title": redaction.text(each["title"])} if redaction else each for each in still
        ),
        copies_elsewhere=tuple(sorted({file for each in plan.works for file in each.copies})),
        name_still_stands_in=plan.kept,
        may_still_show_them=tuple(
            {"work": work, "title": redaction.text(standing_title(studio, work))} for work in plan.named if redaction
        ),
    )


def receipt_lines(receipt: Receipt) -> list[str]:
    """Write a receipt as lines for a person."""
    total = Counter[str]()
    for each in receipt.works:
        total.update(each["erased"])
    lines = (
        [f"Erased on {receipt.at[:10]}: {counted(len(receipt.works), 'work')} ({_counted(total)})."]
        if receipt.works
        else []
    )
    lines += [f"  {each['work'][:12]}  {each['title']}" for each in receipt.works]
    if receipt.stands_for_the_name:
        lines.append(
            f"The name was taken out of {counted(receipt.records, 'record')}; “{receipt.stands_for_the_name}” stands for it."
        )
    lines += [
        f"  still carries its pixels: {each['work'][:12]}  {each['title']}" for each in receipt.still_carry_its_pixels
    ]
    if receipt.copies_elsewhere:
        files = len(receipt.copies_elsewhere)
        were, they = ("was", "it is") if files == 1 else ("were", "they are")
        lines.append(f"  {counted(files, 'file')} {were} written from it; where {they} now is not known.")
    lines += [f"  the name still stands in: {line}" for line in receipt.name_still_stands_in]
    named = receipt.may_still_show_them
    lines += [f"  the picture stays, and may show them: {each['work'][:12]}  {each['title']}" for each in named]
    lines += [remedy_for_pictures(named[0]["work"])] if named else []
    return [*lines, "Backups, and what others copied, are beyond reach."]


def remedy_for_pictures(work: str) -> str:
    """Say what to do about pictures that may show a person."""
    short = work[:12]
    return f"  `palimpsest forget {short}` erases one; `palimpsest forget --faces-like {short}` looks for more."


def _counted(total: Counter[str]) -> str:
    return ", ".join(counted(count, kind) for kind, count in total.items() if count) or "no files"
