"""What an export would reveal and what it would leave out, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palimpsest.errors import Damaged, Erased
from palimpsest.ethics import credentials
from palimpsest.ethics.manifest import Show, Statement, clean_title, ingredients, steps_of, training
from palimpsest.ethics.source_types import MEANINGS
from palimpsest.library import queries
from palimpsest.lineage.records import Permit, Use
from palimpsest.media.formats import media_type_of
from palimpsest.media.xmp import CARRIERS
from palimpsest.studio.identity import Keeping, show_identity
from palimpsest.studio.portraying import refuse_portrayed
from palimpsest.studio.standing import permit_to
from palimpsest.studio.stating import Wish, removed, statement_of, wished
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import tell


@dataclass(frozen=True)
class Preview:
    """What an export would reveal, and what it would leave out. Nothing was written."""

    reveals: tuple[str, ...]
    strips: tuple[str, ...]
    permit: Permit


def preview(studio: Studio, work: str, file: Path, wish: Wish | None = None, keeping: Keeping | None = None) -> Preview:
    """Say what an export would reveal and what it would leave out. Nothing is written, and no identity is made.

    Raises:
        TermsRefused, UsageRefused: as `export` would.
    """
    wish, keeping = wished(studio, wish), keeping or Keeping.usual()
    media_type = media_type_of(file.suffix)
    permit = permit_to(studio, Use.PUBLISH, work, commercial=wish.commercial)
    refuse_portrayed(studio, work)
    told = tell(studio, work)
    statement = statement_of(studio, told, wish)
    return Preview(tuple(_reveals(studio, statement, media_type, keeping)), tuple(removed(studio, told)), permit)


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
