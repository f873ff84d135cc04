"""Export for the world: scrubbed of what it does not need, marked where it should be, signed, with its statement beside it.

The order matters: pixels, invisible mark, encoding with XMP, credentials last. Nothing touches the file after that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from palimpsest.errors import Damaged, Erased
from palimpsest.ethics import credentials
from palimpsest.ethics.manifest import Show, Statement, clean_title, ingredients, manifest, steps_of, training
from palimpsest.ethics.source_types import MEANINGS
from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Permit, Use
from palimpsest.media.codecs import encode
from palimpsest.media.formats import media_type_of
from palimpsest.media.metadata import metadata_in
from palimpsest.media.xmp import CARRIERS
from palimpsest.perception import mark
from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.holding import hold
from palimpsest.studio.identity import Keeping, show_identity, signing
from palimpsest.studio.performing import raster_of
from palimpsest.studio.portraying import refuse_portrayed
from palimpsest.studio.sourcing import map_of
from palimpsest.studio.standing import permit_to
from palimpsest.studio.stating import (
    THE_ARTIST,
    TOOL,
    Wish,
    blank,
    declared_files,
    facts_of,
    mark_key,
    statement_of,
)
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.studio.telling import Told, lineage_json, tell
from palimpsest.studio.writing import remember, write_files, write_text

__all__ = ["CREDENTIALS", "SIDECAR", "Exported", "Preview", "export", "preview", "write_text"]

SIDECAR = ".palimpsest.json"
CREDENTIALS = ".c2pa"
LARGEST_STORE = 16 * 1024**2
"""How large credentials may become, in bytes, with those of all sources; beyond it the sources are named without theirs."""


@dataclass(frozen=True)
class Exported:
    """The files that were written, and what the permit obliges to.

    `credentials` is the file with the credentials, for formats that cannot hold them. `notes` is what went otherwise than one
    might expect.
    """

    file: Path
    sidecar: Path
    permit: Permit
    credentials: Path | None = None
    marked: bool = False
    signer: str = ""
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What an export would reveal, and what it would leave out. Nothing was written."""

    reveals: tuple[str, ...]
    strips: tuple[str, ...]
    permit: Permit


def export(studio: Studio, work: str, file: Path, wish: Wish | None = None, keeping: Keeping | None = None) -> Exported:
    """Write a work for the world: its pixels scrubbed of metadata and signed, and beside it a statement of lineage and credits.

    Raises:
        TermsRefused: somebody's terms do not allow to publish it, or somebody whom it shows refused; nothing is written.
        HeldBack: it shows more of somebody else's work than the settings let through; nothing is written.
        IdentityRefused: there is an identity, and it cannot sign; nothing is written.
        UsageRefused, FileRefused: the file's name or place does not fit.
    """
    wish, keeping = _wished(studio, wish), keeping or Keeping.usual()
    media_type = media_type_of(file.suffix)
    permit = permit_to(studio, Use.PUBLISH, work, commercial=wish.commercial)
    warning = hold(studio, work)
    portrayed = refuse_portrayed(studio, work)
    told = tell(studio, work)
    statement = statement_of(studio, told, wish)
    data, statement, notes = _encoded(studio, statement, media_type)
    signed, more = _signed(studio, statement, data, media_type, keeping, wish)
    sidecar, beside = file.with_name(file.name + SIDECAR), file.with_name(file.name + CREDENTIALS)
    embeds = media_type in credentials.EMBEDDED
    text = json.dumps(_told(studio, told, permit, wish, signed.data, media_type), indent=1, ensure_ascii=False) + "\n"
    write_files({sidecar: text.encode(), **({} if embeds else {beside: signed.manifest}), file: signed.data})
    remember(studio, work, signed.data)
    return Exported(
        file=file,
        sidecar=sidecar,
        permit=permit,
        credentials=None if embeds else beside,
        marked=bool(statement.mark),
        signer=show_identity(keeping).name,
        removed=tuple(_removed(studio, told)),
        notes=(*([warning] if warning else []), *portrayed, *notes, *more),
    )


def preview(studio: Studio, work: str, file: Path, wish: Wish | None = None, keeping: Keeping | None = None) -> Preview:
    """Say what an export would reveal and what it would leave out. Nothing is written, and no identity is made.

    Raises:
        TermsRefused, UsageRefused: as `export` would.
    """
    wish, keeping = _wished(studio, wish), keeping or Keeping.usual()
    media_type = media_type_of(file.suffix)
    permit = permit_to(studio, Use.PUBLISH, work, commercial=wish.commercial)
    refuse_portrayed(studio, work)
    told = tell(studio, work)
    statement = statement_of(studio, told, wish)
    return Preview(tuple(_reveals(studio, statement, media_type, keeping)), tuple(_removed(studio, told)), permit)


def _wished(studio: Studio, wish: Wish | None) -> Wish:
    wish = wish or Wish()
    return replace(wish, name=studio.person.name) if studio.settings.named and not wish.name else wish


def _encoded(studio: Studio, statement: Statement, media_type: str) -> tuple[bytes, Statement, list[str]]:
    """Mark the picture, if it shall have a mark and can hold one, and encode it."""
    raster = raster_of(studio, statement.lineage.work)
    notes = []
    if statement.mark:
        marked = mark.embed(raster, statement.lineage.work, mark_key(studio))
        if marked is None:
            statement = replace(statement, mark=b"")
            notes.append(f"It has no invisible mark: that needs {mark.LEAST_SIDE} pixels a side, and some tone.")
        raster = marked or raster
    return encode(raster, media_type, facts=facts_of(statement)), statement, notes


def _signed(
    studio: Studio, statement: Statement, data: bytes, media_type: str, keeping: Keeping, wish: Wish
) -> tuple[credentials.Signed, list[str]]:
    signs = signing(keeping, wish.passphrase)
    declared = manifest(statement, media_type, TOOL)
    files = declared_files(studio, statement)
    signed = credentials.sign(declared, files, data, media_type, signs)
    if len(signed.manifest) <= LARGEST_STORE:
        return signed, []
    bare = [blank(each.declared) for each in files]
    note = f"The sources' own credentials are larger than {LARGEST_STORE // 1024**2} MB together and were not carried along."
    return credentials.sign(declared, bare, data, media_type, signs), [note]


def _told(studio: Studio, told: Told, permit: Permit, wish: Wish, data: bytes, media_type: str) -> dict[str, Any]:
    """Write the statement that lies beside the file; where nothing is to be shown it says whose bytes these are, and no more."""
    work = told.lineage.works[told.work]
    statement: dict[str, Any] = {
        "palimpsest": 1,
        "software": SOFTWARE,
        "file": {"sha256": digest_of_bytes(data), "media_type": media_type},
    }
    if wish.show is Show.NONE:
        return statement
    statement |= {
        "work": work.model_dump(mode="json"),
        "permit": permit.model_dump(mode="json"),
        "credits": credits_json(told, credits(studio, told)),
        "lineage": lineage_json(told),
    }
    sources = map_of(told.lineage, told.work)
    if sources:
        statement["source_map"] = {"sha256": sources}
    hidden = {studio.person.name: wish.name or THE_ARTIST, studio.person.id: THE_ARTIST}
    found: dict[str, Any] = _replaced(statement, hidden)
    return found


def _replaced(value: Any, hidden: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with some texts exchanged, wherever they stand, and with titles that give no folder away."""
    if isinstance(value, dict):
        titled = {"title": clean_title(value["title"])} if isinstance(value.get("title"), str) else {}
        return {hidden.get(name, name): _replaced(each, hidden) for name, each in value.items()} | titled
    if isinstance(value, (list, tuple)):
        return [_replaced(each, hidden) for each in value]
    if not isinstance(value, str):
        return value
    name, colon, rest = value.partition(":")  # a line on what somebody did begins with their name
    return f"{hidden.get(name, name)}{colon}{rest}"


def _removed(studio: Studio, told: Told) -> Iterator[str]:
    """List what the files behind a work hold beside their pixels, and what therefore stays here."""
    for work in told.lineage.order:
        if work in told.lineage.acts or work not in told.lineage.works:
            continue
        try:
            found = metadata_in(studio.library.image(told.lineage.works[work]))
        except (Damaged, Erased):
            continue
        if found:
            yield f"{clean_title(told.titles[work])}: {', '.join(found)}"


def _reveals(studio: Studio, statement: Statement, media_type: str, keeping: Keeping) -> Iterator[str]:
    work = statement.lineage.work
    yield f"title: {clean_title(statement.titles[work])}"
    yield f"maker: {', '.join(statement.creators) or 'nobody is named (--name NAME puts you there)'}"
    yield f"signed by: {_signer(keeping)}"
    if statement.source_type:
        yield f"kind of source: {MEANINGS[statement.source_type]} ({statement.source_type})"
    for each in ingredients(statement):
        about = f", {each.declared['description']}" if each.declared.get("description") else ""
        yield f"source: {each.declared['title']}{about}{_shown_of(studio, each.work, seen=each.open, small=each.thumbnail)}"
    steps = [statement.lineage.acts[each].recipe.technique for each in steps_of(statement.lineage)]
    if steps:
        detail = "" if statement.show is Show.NONE else ", with their parameters and times"
        yield f"steps: {', '.join(steps)}{detail}"
    wishes = {
        name.partition(".")[2].replace("_", " "): each["use"] for name, each in training(statement.grants).items()
    }
    if wishes:
        yield "training and mining: " + ", ".join(f"{name} {use}" for name, use in wishes.items())
    if statement.mark:
        yield "an invisible mark, by which this studio knows a copy again"
    yield f"XMP: {'title, kind of source and rights, as above' if media_type in CARRIERS else 'none in this format'}"
    whole = "the whole lineage and the credits; keep it if they are nobody's business"
    yield f"the statement beside it: {'the digest of the file alone' if statement.show is Show.NONE else whole}"


def _signer(keeping: Keeping) -> str:
    return show_identity(keeping).name if keeping.exists else "an identity made then, of no name"


def _shown_of(studio: Studio, work: str, *, seen: bool, small: bool) -> str:
    """Say what else goes along with a source: a small picture of it, its own credentials."""
    if not seen:
        return ""
    parts = ["with a small picture of it"] if small else []
    known = queries.work(studio.library, work)
    try:
        found = credentials.read(studio.library.image(known), known.media_type)
    except (Damaged, Erased):
        return ""
    if found.state in ("Trusted", "Valid", "Invalid"):
        whole = "" if found.intact else " (they are not intact)"
        parts.append(f"with its own credentials, as they are{whole}")
    return f", {' and '.join(parts)}" if parts else ""
