"""Export for the world: scrubbed of what it does not need, marked where it should be, signed, with its statement beside it.

The order matters: pixels, invisible mark, encoding with XMP, credentials last. Nothing touches the file after that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from palimpsest.ethics import credentials
from palimpsest.ethics.manifest import Show, Statement, clean_title, manifest
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Permit, Use
from palimpsest.media.codecs import encode
from palimpsest.media.formats import media_type_of
from palimpsest.perception import mark
from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.finding import check_place
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
    removed,
    statement_of,
    wished,
)
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.studio.telling import Told, lineage_json, tell
from palimpsest.studio.writing import remember, write_files

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


def export(studio: Studio, work: str, file: Path, wish: Wish | None = None, keeping: Keeping | None = None) -> Exported:
    """Write a work for the world: its pixels scrubbed of metadata and signed, and beside it a statement of lineage and credits.

    Raises:
        TermsRefused: somebody's terms do not allow to publish it, or somebody whom it shows refused; nothing is written.
        HeldBack: it shows more of somebody else's work than the settings let through; nothing is written.
        IdentityRefused: there is an identity, and it cannot sign; nothing is written.
        UsageRefused, FileRefused: the file's name or place does not fit.
    """
    from palimpsest.studio.holding import hold  # noqa: PLC0415 - what compares pictures loads OpenCV: a fifth of a second

    check_place(file)
    wish, keeping = wished(studio, wish), keeping or Keeping.usual()
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
        removed=tuple(removed(studio, told)),
        notes=(*([warning] if warning else []), *portrayed, *notes, *more),
    )


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
