"""Adding works from files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from palimpsest.errors import FileRefused, ImageRefused, NotFound, PalimpsestError
from palimpsest.ethics.licences import licence_called
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.library.thumbnails import keep_thumbnail
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import AnyRecord, Description, Grant, Obligation, Terms, Use, Work
from palimpsest.media.formats import FORMATS
from palimpsest.studio.studio import Studio

SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
LARGEST_FILE = 4 * 1024**3
_WORK = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True)
class Said:
    """What a person says of works as they add them: a description, and terms."""

    title: str = ""
    makers: tuple[str, ...] = ()
    date: str = ""
    culture: str = ""
    style: str = ""
    medium: str = ""
    source: str = ""
    licence: str = ""
    allow: tuple[Use, ...] = ()
    refuse: tuple[Use, ...] = ()

    @property
    def describes(self) -> bool:
        """Whether anything is said but terms."""
        return any((self.title, self.makers, self.date, self.culture, self.style, self.medium, self.source))

    @property
    def states_terms(self) -> bool:
        """Whether terms are stated."""
        return bool(self.licence or self.allow or self.refuse)


NOTHING = Said()


@dataclass(frozen=True)
class Added:
    """One file that was added, or why not. `known` tells that the studio had it before."""

    path: Path
    work: str | None
    known: bool = False
    error: PalimpsestError | None = None


def add(studio: Studio, named: Sequence[str | Path], said: Said = NOTHING) -> Iterator[Added]:
    """Add files, and the images in folders, one after the other; each is safe on disk when it is yielded.

    A file that cannot be read is yielded with its error, and the next one follows. The id of a work that is there takes
    what is said of it as the latest word.

    Raises:
        ParameterRefused: the licence is not known; nothing was added.
    """
    if said.licence:
        licence_called(said.licence)
    for name in named:
        for file in _files(Path(name)):
            yield _added(studio, file, said)


def _added(studio: Studio, file: Path, said: Said) -> Added:
    try:
        if _WORK.fullmatch(str(file)) and not file.exists():
            work, known = queries.resolve(studio.library, str(file)), True
            say(studio, work, said)
        else:
            work, known = add_file(studio, file, said)
    except PalimpsestError as error:
        return Added(file, None, error=error)
    return Added(file, work, known)


def add_file(studio: Studio, path: Path, said: Said = NOTHING) -> tuple[str, bool]:
    """Add one image file; returns its work's id, and whether it was known.

    Raises:
        NotFound: there is no such file.
        ImageRefused: it is not an image we open.
        FileRefused: it may not be read, or the disk is full.
    """
    return add_bytes(studio, _read(path), path.name, said)


def add_bytes(studio: Studio, data: bytes, name: str, said: Said = NOTHING) -> tuple[str, bool]:
    """Add an image from memory; `name` is what it is called in messages, and its title if none is said.

    A file that was written from a work of the studio, or has the very pixels of one made here, is that work.

    Raises:
        ImageRefused: it is not an image we open.
        FileRefused: the disk is full.
    """
    work = digest_of_bytes(data)
    known = queries.known_as(studio.library, work)
    if known == work:
        studio.library.put_image(data, queries.work(studio.library, work).media_type)  # mends one that was damaged
    if known is None:
        seen = studio.guard.inspect(data, name)
        known = queries.work_with_pixels(studio.library, seen.pixels, made=True)
    if known is not None:
        say(studio, known, said)
        return known, True
    studio.library.put_image(data, seen.media_type)
    now = studio.now()
    facts = Work(
        id=work,
        pixels=seen.pixels,
        media_type=seen.media_type,
        width=seen.width,
        height=seen.height,
        bits=seen.bits,
        alpha=seen.alpha,
        at=now,
    )
    title = said.title or Path(name).stem.replace("_", " ").strip()
    studio.library.append([facts, *_statements(studio, work, said, title, now)])
    keep_thumbnail(studio.library, work, seen.thumbnail)
    return work, False


def say(studio: Studio, work: str, said: Said) -> None:
    """Record what a person says of a work that is there; what they leave out stays as it was."""
    before = queries.descriptions_of(studio.library, work)
    if said.describes and before:
        last = before[-1]
        said = Said(
            **{
                name: getattr(said, name) or getattr(last, name)
                for name in ("title", "makers", "date", "culture", "style", "medium", "source")
            },
            licence=said.licence,
            allow=said.allow,
            refuse=said.refuse,
        )
    records = _statements(studio, work, said, said.title, studio.now())
    if records:
        studio.library.append(records)


def _statements(studio: Studio, work: str, said: Said, title: str, now: str) -> list[AnyRecord]:
    records: list[AnyRecord] = []
    if said.describes or title:
        records.append(
            Description(
                work=work,
                title=title,
                makers=said.makers,
                date=said.date,
                culture=said.culture,
                style=said.style,
                medium=said.medium,
                source=said.source,
                by=studio.person.id,
                at=now,
            )
        )
    if said.states_terms:
        records.append(terms_said(work, said, studio.person.id, now))
    return records


def terms_said(work: str, said: Said, by: str, now: str) -> Terms:
    """Turn what a person says into terms: the licence's uses, and over them what they allow or refuse by name."""
    licence = licence_called(said.licence) if said.licence else None
    uses = dict(licence.uses) if licence else {}
    uses |= dict.fromkeys(said.allow, Grant.ALLOWED) | dict.fromkeys(said.refuse, Grant.REFUSED)
    owed: tuple[Obligation, ...] = licence.obligations if licence else ()
    name = licence.name if licence else ""
    return Terms(work=work, licence=name, uses=uses, obligations=owed, basis="stated by a person", by=by, at=now)


def _files(path: Path) -> Iterator[Path]:
    """Yield a file, or the images in a folder and its folders, hidden ones left out."""
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.suffix.lower() in SUFFIXES and file.is_file() and not hidden:
            yield file


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileRefused(str(path), "expected an image file, but it is a folder", "Name a file in it.")
        if not path.is_file():
            if path.exists():
                raise FileRefused(str(path), "expected an image file, but it is a device or a pipe", "Name a file.")
            raise NotFound("file", str(path), "Look at the name.")
        if path.stat().st_size > LARGEST_FILE:
            raise ImageRefused(path.name, f"it is larger than {LARGEST_FILE // 1024**3} GB")
        return path.read_bytes()
    except OSError as fault:
        raise refusal(path, fault) from fault
