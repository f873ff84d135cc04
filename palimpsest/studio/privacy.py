"""What personal data a studio holds, where it lies, and an archive of it that can be read without Palimpsest."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from palimpsest.engines import faces
from palimpsest.errors import Erased, FileRefused, NotFound, PalimpsestError
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.library.packs import all_packs, read_pack
from palimpsest.lineage.records import Act, AnyRecord, Copy, Description, Person, Portrayal, Work
from palimpsest.media.formats import suffix_of
from palimpsest.media.personal import PLACE, Trace, personal_metadata
from palimpsest.studio.portraying import portrayals, shows_people, unseen
from palimpsest.studio.redacting import Redaction
from palimpsest.studio.studio import Studio


@dataclass(frozen=True)
class Holding:
    """What a studio holds of people."""

    folder: str
    encrypted: bool
    people: dict[str, dict[str, int]]
    """By name: in how many works they are a maker, in how many they are shown, how many acts they performed."""
    shown: tuple[dict[str, Any], ...]
    """Works that show people: id, title, number of faces, names, consent."""
    not_looked_at: int
    faces_checked: str
    """Empty, or why faces are not looked for."""
    metadata: dict[str, tuple[Trace, ...]]
    """By work: what its stored file says of people."""
    acts: int
    first_act: str
    last_act: str
    copies: int
    erased: int
    unreadable: tuple[str, ...]


def holding(studio: Studio, progress: Callable[[float], None] = lambda _: None) -> Holding:
    """Say what personal data a studio holds; every stored file from outside is read for it."""
    gone = queries.erased(studio.library)
    said = portrayals(studio)
    titles = _titles(studio)
    metadata, unreadable = _metadata(studio, gone, progress)
    acts = queries.records_about(studio.library, None, Act)
    shown = [each for each in said.values() if shows_people(each) and each.work not in gone]
    return Holding(
        folder=str(studio.folder),
        encrypted=studio.library.objects.cipher is not None,
        people=_people(studio, acts),
        shown=tuple(
            {
                "work": each.work,
                "title": titles.get(each.work, ""),
                "faces": len(each.faces),
                "people": list(each.people),
                "consent": each.consent,
                "basis": each.basis,
            }
            for each in shown
        ),
        not_looked_at=len(unseen(studio)),
        faces_checked=faces.missing(),
        metadata=metadata,
        acts=len(acts),
        first_act=min((act.at for act in acts), default=""),
        last_act=max((act.at for act in acts), default=""),
        copies=len(queries.records_about(studio.library, None, Copy)),
        erased=len(gone),
        unreadable=unreadable,
    )


def holding_json(held: Holding) -> dict[str, Any]:
    """Write a holding as plain values."""
    return asdict(held) | {"metadata": {work: [asdict(each) for each in said] for work, said in held.metadata.items()}}


def holding_lines(held: Holding) -> list[str]:
    """Write a holding as lines for a person: what there is, and where."""
    lines = [f"{held.folder}{' (encrypted)' if held.encrypted else ''}", f"people named: {len(held.people)}"]
    lines += [f"  {name}: {_roles(roles)}" for name, roles in sorted(held.people.items())]
    lines.append(f"works that show people: {len(held.shown)}")
    lines += [f"  {each['work'][:12]}  {each['title']}: {_portrayed(each)}" for each in held.shown]
    if held.not_looked_at:
        how = held.faces_checked or "`palimpsest privacy --scan` looks for faces in them"
        lines.append(f"  faces not checked in {counted(held.not_looked_at, 'work')}: {how}")
    lines.append(f"stored files that say something of people beside the picture: {len(held.metadata)}")
    for work, said in sorted(held.metadata.items()):
        places = ", WITH A PLACE" if any(each.about == PLACE for each in said) else ""
        lines.append(f"  {work[:12]}{places}: {', '.join(dict.fromkeys(each.name for each in said))}")
    lines.append(f"acts with their times: {held.acts}{_span(held)}")
    lines.append(f"files written from works, known by digest: {held.copies}")
    lines.append(f"works erased: {held.erased}")
    lines += [f"  could not be read: {line}" for line in held.unreadable]
    lines.append("where: pictures and records in objects/, titles and makers also in index/; nothing anywhere else.")
    return lines


def write_archive(studio: Studio, file: Path, name: str = "") -> dict[str, int]:
    """Write what a studio holds of people, or of one person, to a zip: JSON that anybody can read, and the pictures concerned.

    Returns how many records and pictures it holds.

    Raises:
        NotFound: no record names this person.
        FileRefused: the file is there already, or cannot be written; nothing half-written is left.
    """
    records = list(_records(studio, name))
    if name and not records:
        raise NotFound("person", name, "`palimpsest privacy` lists the people whom the studio knows.")
    works = _concerned(studio, name, records)
    draft = file.with_name(f".{file.name}.part")
    try:
        if file.exists():
            raise FileRefused(str(file), "expected a new file, but it is there already", "Choose another name.")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("READ ME.txt", _READ_ME.format(whom=name or "everybody whom the studio knows"))
            archive.writestr("records.json", _json([each.model_dump(mode="json") for each in records]))
            if not name:
                archive.writestr("overview.json", _json(holding_json(holding(studio))))
            pictures = _write_pictures(studio, archive, works)
        draft.replace(file)
    except OSError as fault:
        raise refusal(file, fault) from fault
    finally:
        draft.unlink(missing_ok=True)
    return {"records": len(records), "pictures": pictures}


def _write_pictures(studio: Studio, archive: zipfile.ZipFile, works: Sequence[Work]) -> int:
    count = 0
    for work in works:
        try:
            data = studio.library.image(work)
        except Erased:
            continue
        archive.writestr(f"pictures/{work.id}{suffix_of(work.media_type)}", data, zipfile.ZIP_STORED)
        said = personal_metadata(data) if work.recipe is None else ()
        if said:
            archive.writestr(f"pictures/{work.id}.metadata.json", _json([asdict(each) for each in said]))
        count += 1
    return count


def _records(studio: Studio, name: str) -> Iterator[AnyRecord]:
    """Return the records that concern a person: those that name them, and what they did; of everybody, all records."""
    redaction = Redaction(name, "") if name else None
    people = queries.records_about(studio.library, None, Person)
    theirs = {each.id for each in people if redaction and redaction.is_the_name(each.name)}
    for pack in all_packs(studio.library.objects):
        for entry in read_pack(studio.library.objects, pack):
            record = entry.record
            doer = getattr(record, "person", getattr(record, "by", None))
            if redaction is None or redaction.touches(record) or doer in theirs:
                yield record


def _concerned(studio: Studio, name: str, records: Sequence[AnyRecord]) -> list[Work]:
    """Return the works whose pictures concern a person: that show them, or that are said to be of or by them."""
    if name:
        redaction = Redaction(name, "")
        ids = {
            str(getattr(each, "work", "")) for each in records if not isinstance(each, Act) and redaction.touches(each)
        }
        ids |= {work for work, said in portrayals(studio).items() if any(map(redaction.is_the_name, said.people))}
    else:
        ids = {work for work, said in portrayals(studio).items() if shows_people(said)}
    return queries.works_of(studio.library, sorted(ids - {""}))


def _metadata(
    studio: Studio, gone: dict[str, Any], progress: Callable[[float], None]
) -> tuple[dict[str, tuple[Trace, ...]], tuple[str, ...]]:
    """Read what the stored files from outside say; those made here carry nothing but pixels."""
    known = [each.id for each in queries.list_works(studio.library) if not each.made and each.id not in gone]
    found: dict[str, tuple[Trace, ...]] = {}
    unreadable = []
    for number, work in enumerate(queries.works_of(studio.library, known)):
        progress(number / len(known))
        try:
            said = personal_metadata(studio.library.image(work))
        except PalimpsestError as fault:
            unreadable.append(fault.problem)
            continue
        if said:
            found[work.id] = said
    return found, tuple(unreadable)


def _people(studio: Studio, acts: Sequence[Act]) -> dict[str, dict[str, int]]:
    """Count what people are named for; also those who were once said to be shown, for the word of it stays on record."""
    names = {each.id: each.name for each in queries.records_about(studio.library, None, Person)}
    held = {each.work: each for each in queries.records_about(studio.library, None, Description)}
    counts: dict[str, Counter[str]] = {name: Counter({"artist of this studio": 1}) for name in names.values()}
    for said in held.values():
        for maker in said.makers:
            counts.setdefault(maker, Counter())["maker"] += 1
    for _, name in {
        (each.work, name) for each in queries.records_about(studio.library, None, Portrayal) for name in each.people
    }:
        counts.setdefault(name, Counter())["shown"] += 1
    for act in acts:
        counts.setdefault(names.get(act.person, act.person), Counter())["acts"] += 1
    return {name: dict(roles) for name, roles in counts.items()}


def _titles(studio: Studio) -> dict[str, str]:
    return {each.id: each.title for each in queries.list_works(studio.library)}


def counted(count: int, thing: str) -> str:
    """Say how many of a thing there are."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _roles(roles: dict[str, int]) -> str:
    words = {"maker": ("maker of", "work"), "shown": ("shown in", "work"), "acts": ("performed", "act")}
    return ", ".join(
        f"{words[role][0]} {counted(count, words[role][1])}" if role in words else role for role, count in roles.items()
    )


def _portrayed(each: dict[str, Any]) -> str:
    named = ", ".join(each["people"]) or "nobody named"
    return f"{counted(each['faces'], 'face')} found, {named}; consent {each['consent']}"


def _span(held: Holding) -> str:
    return f", from {held.first_act[:10]} to {held.last_act[:10]}" if held.acts else ""


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


_READ_ME = """What a Palimpsest studio holds of {whom}.

records.json   what is on record, in plain JSON: works, descriptions, terms, acts with their times, who is shown
overview.json  the same counted, if the archive is of everybody
pictures/      the stored files of the works concerned, named by their SHA-256, and what their metadata says
"""
