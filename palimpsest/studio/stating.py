"""Bringing together what an export will state about a work, from the studio's records and as the person wishes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from palimpsest.errors import Damaged, Erased, TermsRefused
from palimpsest.ethics.consent import Standing
from palimpsest.ethics.credentials import Ingredient
from palimpsest.ethics.manifest import Declared, Show, Statement, clean_title, ingredients, training
from palimpsest.ethics.source_types import VOCABULARY, by_models, is_trained, stated_in
from palimpsest.library import queries
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Grant, Terms, Use
from palimpsest.media.codecs import encode
from palimpsest.media.metadata import metadata_in
from palimpsest.media.raster import Raster
from palimpsest.media.xmp import Facts
from palimpsest.perception.mark import payload_of
from palimpsest.studio.finding import thumbnail_of
from palimpsest.studio.portraying import portrayal_hold
from palimpsest.studio.standing import permit_to, standing
from palimpsest.studio.studio import SOFTWARE, UNNAMED, Studio
from palimpsest.studio.telling import UNKNOWN_MAKER, Told

THE_ARTIST = "the artist"
"""Who the person at work is called where they do not want to be named."""
TOOL = ("Palimpsest", SOFTWARE.partition(" ")[2])
SHOWN = {each.value: each for each in Show}
"""What a person may ask to show, by its word."""
_THUMBNAIL = 160
_STRICTEST = (Grant.REFUSED, Grant.CREDIT, Grant.UNSTATED, Grant.ALLOWED)
_MINING = {"notAllowed": "PROHIBITED", "constrained": "PROHIBITED-SEECONSTRAINT", "allowed": "ALLOWED"}


@dataclass(frozen=True)
class Wish:
    """How a person wants to give a work away.

    `name` is put in as the maker's; nobody who works here is named without it. `commercial` says that it is to be sold.
    `passphrase` opens the private key, if it is closed.
    """

    show: Show = Show.SOURCES
    name: str = ""
    commercial: bool = False
    passphrase: str | None = None


def statement_of(studio: Studio, told: Told, wish: Wish) -> Statement:
    """Return what the manifest of an export is built from; whether there is a mark is decided here too."""
    lineage = told.lineage
    stated = dict(_stated(studio, lineage))
    statement = Statement(
        lineage=lineage,
        titles={work: _title(studio, told, work, wish) for work in lineage.order},
        makers={work: named(studio, told.makers[work], wish) for work in lineage.order},
        licences=_licences(studio, lineage),
        show=wish.show,
        creators=_creators(studio, told, wish),
        stated=stated,
        grants=_grants(studio, lineage.work),
    )
    wanted = wants_mark(studio, lineage, stated)
    return replace(statement, mark=payload_of(lineage.work, mark_key(studio))) if wanted else statement


def wants_mark(studio: Studio, lineage: Lineage, stated: dict[str, str]) -> bool:
    """Tell whether the setting asks for an invisible mark in this work."""
    return studio.settings.mark >= 2 or (studio.settings.mark == 1 and by_models(lineage, stated))


def mark_key(studio: Studio) -> bytes:
    """Return the key by which this studio, and nobody else, reads and writes its marks."""
    return hashlib.sha256(f"palimpsest mark {studio.library.mark.get('studio', '')}".encode()).digest()


def facts_of(statement: Statement) -> Facts:
    """Return what the XMP says: the same as the manifest, for readers that know nothing else."""
    entries = training(statement.grants)
    mining = entries.get("cawg.data_mining", {})
    engines = [each for each in statement.lineage.engines if is_trained(each)]
    kind = statement.source_type
    return Facts(
        title=clean_title(statement.titles[statement.lineage.work]),
        creators=statement.creators,
        rights=statement.licences.get(statement.lineage.work, ""),
        source_type=VOCABULARY + kind if kind else "",
        mining=_MINING.get(mining.get("use", ""), ""),
        constraints=mining.get("constraint_info", ""),
        system=", ".join(dict.fromkeys(each.name for each in engines)),
        system_version=", ".join(str(each.version) for each in dict.fromkeys(engines)),
        tool=" ".join(TOOL),
    )


def declared_files(studio: Studio, statement: Statement) -> list[Ingredient]:
    """Return the files of the works that the manifest declares; of one that may not be seen, or was erased, an empty page."""
    return [_file(studio, each) for each in ingredients(statement)]


def _file(studio: Studio, each: Declared) -> Ingredient:
    try:
        if not each.open or portrayal_hold(studio, each.work).refused:
            return blank(each.declared)
        work = queries.work(studio.library, each.work)
        small = _small(thumbnail_of(studio, each.work)) if each.thumbnail and _may_be_shown(studio, each.work) else None
        return Ingredient(each.declared, studio.library.image(work), work.media_type, small)
    except (Damaged, Erased, OSError):
        return blank(each.declared)


def _may_be_shown(studio: Studio, work: str) -> bool:
    """Tell whether a small picture of a source may go along: its terms let it be published, and nobody in it is unasked."""
    try:
        permit_to(studio, Use.PUBLISH, work)
    except TermsRefused:
        return False
    return not portrayal_hold(studio, work).unknown


def blank(declared: Mapping[str, Any]) -> Ingredient:
    """Return an ingredient of which only what is declared is seen."""
    return Ingredient(declared, _blank_page(), "image/png")


def _blank_page() -> bytes:
    return encode(Raster(np.full((1, 1, 3), 255, np.uint8)), "image/png")


def _small(webp: bytes) -> bytes:
    with Image.open(io.BytesIO(webp)) as image:
        image.thumbnail((_THUMBNAIL, _THUMBNAIL))
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=75)
    return file.getvalue()


def _stated(studio: Studio, lineage: Lineage) -> Iterator[tuple[str, str]]:
    """Yield what the files from outside say that they are."""
    for work in lineage.roots:
        if work not in lineage.acts and work in lineage.works:
            try:
                kind = stated_in(studio.library.image(lineage.works[work]))
            except (Damaged, Erased):  # erased, or gone: it says nothing any more
                continue
            if kind:
                yield work, kind


def _title(studio: Studio, told: Told, work: str, wish: Wish) -> str:
    """Return a title; where nothing is to be shown, the sources that it is named for are left out of it."""
    title = told.titles[work]
    verb, found, _ = title.partition(": ")
    named_for = found and verb.lower().replace(" ", "-") in studio.catalogue
    return verb if wish.show is Show.NONE and named_for and work in told.lineage.acts else title


def named(studio: Studio, makers: tuple[str, ...], wish: Wish) -> tuple[str, ...]:
    """Return makers without the person at work, unless they want to be named."""
    own = studio.person.name
    return tuple((wish.name or THE_ARTIST) if each == own else each for each in makers if each != UNKNOWN_MAKER)


def _creators(studio: Studio, told: Told, wish: Wish) -> tuple[str, ...]:
    makers = [each for each in told.makers[told.work] if each not in (studio.person.name, UNKNOWN_MAKER, UNNAMED)]
    return tuple(dict.fromkeys([*([wish.name] if wish.name else []), *makers]))


def _licences(studio: Studio, lineage: Lineage) -> dict[str, str]:
    known: dict[str, str] = {}
    for each in queries.records_about(studio.library, list(lineage.order), Terms):
        if each.licence:
            known[each.work] = each.licence
    return known


def _grants(studio: Studio, work: str) -> dict[Use, Grant]:
    """Return what the work's terms say to learning and imitating; everything behind it has a say, and the strictest counts."""
    now = studio.now()
    itself = standing(studio, work, queries.latest_moment(studio.library))
    return {use: _strictest([each.answer(use, now[:10]).grant for each in _answering(itself)]) for use in _ASKED}


_ASKED = (Use.LEARN, Use.IMITATE)


def _answering(itself: Standing) -> tuple[Standing, ...]:
    return itself.sources if itself.sources and itself.terms is None else (*itself.sources, itself)


def _strictest(grants: list[Grant]) -> Grant:
    return min(grants, key=_STRICTEST.index)


def wished(studio: Studio, wish: Wish | None) -> Wish:
    """Return the wish, with the person's name in it if the settings say so."""
    wish = wish or Wish()
    return replace(wish, name=studio.person.name) if studio.settings.named and not wish.name else wish


def removed(studio: Studio, told: Told) -> Iterator[str]:
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
