"""Framing a work: a model of it at true size, for a telephone or a browser to show on the wall where it would hang.

A model leaves the house as an export does, and the same is asked of it: terms, people, what it shows of others, the mark. It can
hold no Content Credentials, so that it says in its own words what the work is and what it goes back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from palimpsest.errors import UsageRefused
from palimpsest.ethics.manifest import Show, Statement, clean_title, ingredients
from palimpsest.ethics.source_types import MEANINGS
from palimpsest.library import queries
from palimpsest.lineage.records import Permit, Use, Work
from palimpsest.media.framing import glb, usdz
from palimpsest.media.framing.framed import Facts, Framed, moulding_called
from palimpsest.media.framing.mouldings import MOULDINGS
from palimpsest.media.framing.picture import MOST_PIXELS, Picture, converted, picture_of
from palimpsest.perception import mark
from palimpsest.studio.crediting import credits, percent
from palimpsest.studio.finding import check_target
from palimpsest.studio.performing import raster_of
from palimpsest.studio.portraying import refuse_portrayed
from palimpsest.studio.sizing import Sized, asked_size, known_size
from palimpsest.studio.standing import permit_to
from palimpsest.studio.stating import Wish, facts_of, mark_key, removed, statement_of, wished
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.studio.telling import Told, plain, tell
from palimpsest.studio.writing import remember, write_files

FRAMES = {name: each.words for name, each in MOULDINGS.items()}
"""Every frame, and what it is."""
KINDS = {".glb": glb.MEDIA_TYPE, ".usdz": usdz.MEDIA_TYPE}
"""The models there are: by the suffix of a file, its media type."""
_LARGEST = 2**32 - 2**20
"""What a model can hold: both kinds count its bytes in 32 bits."""


@dataclass(frozen=True)
class Framing:
    """How a work shall be framed: in which frame, and how large; one side is enough, and none asks what is on record."""

    frame: str = "gallery"
    width_mm: float | None = None
    height_mm: float | None = None


@dataclass(frozen=True)
class Model:
    """A model of a work. `outer` is the size with the frame, in metres; `notes` what went otherwise than one might expect."""

    data: bytes
    media_type: str
    work: str
    frame: str
    size: Sized
    outer: tuple[float, float, float]
    picture: Picture
    permit: Permit
    marked: bool = False
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def framed_model(
    studio: Studio, work: str, suffix: str = ".glb", asked: Framing | None = None, wish: Wish | None = None
) -> Model:
    """Make a model of a work at true size: GLB or USDZ, by the suffix.

    The picture within it is the work's own file, byte for byte, where such a model can hold it; `notes` says where it cannot.

    Raises:
        TermsRefused: somebody's terms do not allow to publish it, or somebody whom it shows refused.
        HeldBack: it shows more of somebody else's work than the settings let through.
        Erased: its picture was erased.
        ParameterRefused, UsageRefused: there is no such frame or kind of model, or the size does not fit.
    """
    from palimpsest.studio.holding import hold  # noqa: PLC0415 - what compares pictures loads OpenCV: a fifth of a second

    asked, wish = asked or Framing(), wished(studio, wish)
    media_type = model_of(suffix)
    moulding = moulding_called(asked.frame)
    known = queries.work(studio.library, work)
    permit = permit_to(studio, Use.PUBLISH, work, commercial=wish.commercial)
    warning = hold(studio, work)
    portrayed = refuse_portrayed(studio, work)
    data = studio.library.image(known)
    size = size_of(studio, known, data, asked)
    told = tell(studio, work)
    statement = statement_of(studio, told, wish)
    picture, statement, notes = _pictured(studio, statement, data, grey=media_type == glb.MEDIA_TYPE)
    facts = _facts(studio, told, statement, permit, size)
    framed = Framed(picture, size.width, size.height, moulding, facts)
    _check_length(picture)
    return Model(
        data=glb.glb(framed) if media_type == glb.MEDIA_TYPE else usdz.usdz(framed),
        media_type=media_type,
        work=work,
        frame=asked.frame,
        size=size,
        outer=framed.shape.size,
        picture=picture,
        permit=permit,
        marked=bool(statement.mark),
        removed=tuple(removed(studio, told)),
        notes=(*([warning] if warning else []), *portrayed, *notes, *_heavy(known)),
    )


def write_model(studio: Studio, work: str, file: Path, asked: Framing | None = None, wish: Wish | None = None) -> Model:
    """Write a model of a work to a file; the picture in it is known again should it come back.

    Raises:
        FileRefused: it cannot be written. Otherwise as `framed_model`; in every case nothing half-written is left.
    """
    model_of(file.suffix)
    check_target(file)
    model = framed_model(studio, work, file.suffix, asked, wish)
    write_files({file: model.data})
    remember(studio, work, model.picture.data)
    return model


def model_of(suffix: str) -> str:
    """Return the media type of a model by its suffix.

    Raises:
        UsageRefused: there is no such model.
    """
    if suffix.lower() not in KINDS:
        raise UsageRefused(
            f"{suffix or 'no suffix'}: expected a model that hangs on a wall.",
            "Name a file ending in .glb (Android, browsers) or .usdz (iPhone, iPad).",
        )
    return KINDS[suffix.lower()]


def size_of(studio: Studio, known: Work, data: bytes, asked: Framing) -> Sized:
    """Say how large a work hangs: as asked, else as recorded, else as its file says, else assumed; and which it was."""
    pixels = known.width, known.height
    if asked.width_mm is not None or asked.height_mm is not None:
        return asked_size(pixels, asked.width_mm, asked.height_mm)
    said = queries.descriptions_in_force(studio.library, [known.id]).get(known.id)
    return known_size(pixels, said.size_mm if said else None, data)


def _pictured(studio: Studio, statement: Statement, data: bytes, *, grey: bool) -> tuple[Picture, Statement, list[str]]:
    """Take the picture as it is; mark it first if it shall have a mark and can hold one."""
    work, unmarked = statement.lineage.work, []
    if statement.mark:
        marked = mark.embed(raster_of(studio, work), work, mark_key(studio))
        if marked is not None:
            picture = converted(marked, data, "it carries an invisible mark now", facts_of(statement))
            return picture, statement, _noted(picture)
        unmarked = [f"it has no invisible mark: that needs {mark.LEAST_SIDE} pixels a side, and some tone"]
        statement = replace(statement, mark=b"")
    picture = picture_of(data, lambda: raster_of(studio, work), grey=grey, facts=facts_of(statement))
    return picture, statement, _noted(picture) + unmarked


def _noted(picture: Picture) -> list[str]:
    return [f"the picture: {each}" for each in picture.done]


def _facts(studio: Studio, told: Told, statement: Statement, permit: Permit, size: Sized) -> Facts:
    """Gather what the model says: what an export says in its credentials, in words."""
    said = facts_of(statement)
    own = statement.show is not Show.NONE
    kind = statement.source_type
    known = told.said.get(told.work)
    more: dict[str, str | tuple[str, ...]] = {
        "date": clean_title(known.date) if known and known.date and own else "",
        "medium": clean_title(known.medium) if known and known.medium and own else "",
        "size": size.words,
        "work": told.work if own else "",
        "licence": said.rights,
        "owed": tuple(dict.fromkeys(each.value for each in permit.obligations)) if own else (),
        "sources": tuple(_sources(studio, told, statement)),
        "made": MEANINGS[kind] if kind else "",
        "digitalSourceType": said.source_type,
        "training": said.mining,
    }
    makers = tuple(plain(each) for each in statement.creators)
    rights = ", ".join(part for part in (", ".join(makers), said.rights) if part)
    return Facts(said.title, makers, rights, SOFTWARE, more)


def _sources(studio: Studio, told: Told, statement: Statement) -> Iterator[str]:
    """Name the works behind it that may be seen, with makers, licences and shares."""
    shares = credits(studio, told).works
    for each in ingredients(statement):
        if each.open and each.work != told.work:
            makers, licence = statement.makers[each.work], statement.licences.get(each.work, "")
            by = f", by {', '.join(makers)}" if makers else ""
            share = f" ({percent(shares[each.work])})" if each.work in shares else ""
            yield f"{clean_title(statement.titles[each.work])}{by}{f', {licence}' if licence else ''}{share}"


def _heavy(known: Work) -> list[str]:
    if max(known.width, known.height) <= MOST_PIXELS:
        return []
    return [f"its longest side has more than {MOST_PIXELS} pixels: many telephones show it smaller, or not at all"]


def _check_length(picture: Picture) -> None:
    if len(picture.data) > _LARGEST:
        raise UsageRefused(
            f"Expected a picture of at most {_LARGEST // 1024**2} MB, but it has {len(picture.data) // 1024**2} MB.",
            "Make a smaller work of it first: palimpsest resize.",
        )
