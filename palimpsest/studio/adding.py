"""Adding works from files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from palimpsest.errors import Erased, FileRefused, ImageRefused, NotFound, PalimpsestError
from palimpsest.ethics import credentials
from palimpsest.ethics.file_terms import FROM_FILE, FileTerms, stated_by
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.library.library import INNER, is_library
from palimpsest.library.thumbnails import keep_thumbnail
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Grant, Terms, Work
from palimpsest.media.formats import FORMATS, format_in
from palimpsest.media.inspection import Inspection
from palimpsest.studio.saying import NOTHING, Said, say, statements
from palimpsest.studio.sizing import check_turn
from palimpsest.studio.studio import Studio, next_moment

SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
LARGEST_FILE = 4 * 1024**3


@dataclass(frozen=True)
class Added:
    """One file that was added, or why not. `known` tells that the studio had it before.

    `file_says` is what the file itself states of its terms, field by field; empty where it states nothing.
    """

    path: Path
    work: str | None
    known: bool = False
    error: PalimpsestError | None = None
    file_says: str = ""


def add(studio: Studio, named: Sequence[str | Path], said: Said = NOTHING) -> Iterator[Added]:
    """Add files, and the images in folders, one after the other; each is safe on disk when it is yielded.

    A file that cannot be read is yielded with its error, and the next one follows. The id of a work that is there takes
    what is said of it as the latest word.

    Raises:
        ParameterRefused, UsageRefused: what is said cannot be recorded; nothing was added.
    """
    said.check(studio.now()[:10])
    for name in named:
        try:
            for file in _files(Path(name)):
                yield _added(studio, file, said)
        except NotFound as error:
            yield Added(Path(name), None, error=error)
        except OSError as fault:  # a name that no file system takes, a folder that may not be read
            yield Added(Path(name), None, error=refusal(Path(name), fault))


def _added(studio: Studio, file: Path, said: Said) -> Added:
    try:
        if queries.PREFIX.fullmatch(str(file).lower()) and not file.exists():
            work, known = queries.resolve(studio.library, str(file).lower()), True
            say(studio, work, said)
        else:
            work, known = add_file(studio, file, said)
    except PalimpsestError as error:
        return Added(file, None, error=error)
    return Added(file, work, known, file_says="" if known else file_says(studio, work))


def add_file(studio: Studio, path: Path, said: Said = NOTHING) -> tuple[str, bool]:
    """Add one image file; returns its work's id, and whether it was known.

    Raises:
        NotFound: there is no such file.
        ImageRefused: it is not an image we open.
        FileRefused: it may not be read, or the disk is full.
    """
    return add_bytes(studio, read_image(path), path.name, said)


def add_bytes(studio: Studio, data: bytes, name: str, said: Said = NOTHING) -> tuple[str, bool]:
    """Add an image from memory; `name` is what it is called in messages, and its title if none is said.

    A file that was written from a work of the studio, or has the very pixels of one made here, is that work.

    Raises:
        ImageRefused: it is not an image we open.
        FileRefused: the disk is full.
    """
    work = digest_of_bytes(data)
    known = queries.known_as(studio.library, work)
    _refuse_erased(studio, known)
    if known == work:
        studio.library.put_image(data, queries.work(studio.library, work).media_type)  # mends one that was damaged
    if known is None:
        seen = studio.guard.inspect(data, name)
        known = queries.work_with_pixels(studio.library, seen.pixels, made=True)
        _refuse_erased(studio, known)
    if known is not None:
        say(studio, known, said)
        return known, True
    if said.size_mm:
        check_turn(said.size_mm, seen.width, seen.height)
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
    stated = _stated_by(seen, data)
    terms = _terms(studio, work, stated, now)
    said = replace(said.entitled(_title(name)), makers=said.makers or stated.makers)
    later = next_moment(now)  # a person's statement goes before the file's
    records = [facts, *terms, *statements(studio, work, said, later, terms, said.collection)]
    studio.library.put_image(data, seen.media_type)
    studio.library.append(records)
    keep_thumbnail(studio.library, work, seen.thumbnail)
    return work, False


def _stated_by(seen: Inspection, data: bytes) -> FileTerms:
    """Return what a file states of its own rights, in its metadata and in its Content Credentials; no connection is opened."""
    signed = any(trace in data for trace in credentials.TRACES)  # else the library that reads them need not be loaded
    return stated_by(seen.rights, credentials.read_claims(data, seen.media_type) if signed else {})


def _terms(studio: Studio, work: str, stated: FileTerms, now: str) -> list[Terms]:
    if not stated.basis:
        return []
    words = {"licence": stated.licence, "uses": dict(stated.uses), "obligations": stated.obligations}
    return [Terms(work=work, **words, basis=stated.basis, by=studio.person.id, at=now)]


def file_says(studio: Studio, work: str) -> str:
    """Return what was read in a file of a work, and the uses that it closes."""
    stated = next(
        (each for each in queries.terms_history(studio.library, work) if each.basis.startswith(FROM_FILE)), None
    )
    if stated is None:
        return ""
    closed = [use.value for use, grant in stated.uses.items() if grant is Grant.REFUSED]
    return f"{stated.basis} (refused: {', '.join(closed)})" if closed else stated.basis


def _refuse_erased(studio: Studio, work: str | None) -> None:
    """Keep out what was erased at somebody's wish; another file of the picture, added knowingly, is another work.

    Raises:
        Erased: it was.
    """
    for tombstone in queries.erased(studio.library, [work] if work else []).values():
        raise Erased(tombstone.work, tombstone.at, tombstone.reason)


def _title(name: str) -> str:
    """Make a title of a file's name; signs that are no text become question marks."""
    return Path(name).stem.encode("utf-8", "replace").decode().replace("_", " ").strip()


def _files(path: Path) -> Iterator[Path]:
    """Yield a file, or the images in a folder and its folders: not hidden ones, and not what studios keep for themselves.

    Raises:
        NotFound: the folder holds no image.
    """
    if not path.is_dir():
        yield path
        return
    found = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES and not _kept(file, path)]
    if not found:
        raise NotFound("image in this folder", str(path), "Name a folder that holds images.")
    yield from (file for file in found if file.is_file())


def _kept(file: Path, top: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(top).parts)
    return hidden or any(folder.name in INNER and is_library(folder.parent) for folder in file.resolve().parents)


def read_image(path: Path) -> bytes:
    """Read a file that is to be an image.

    Raises:
        NotFound: there is no such file.
        FileRefused: it is a folder, a device, or may not be read.
        ImageRefused: its first bytes are those of no image, or it is too large.
    """
    try:
        if path.is_dir():
            raise FileRefused(str(path), "expected an image file, but it is a folder", "Name a file in it.")
        if not path.is_file():
            if path.exists():
                raise FileRefused(str(path), "expected an image file, but it is a device or a pipe", "Name a file.")
            raise NotFound("file", str(path), "Look at the name.")
        if path.stat().st_size > LARGEST_FILE:
            raise ImageRefused(path.name, f"it is larger than {LARGEST_FILE // 1024**3} GB")
        with path.open("rb") as file:
            head = file.read(64)
            if len(head) == 64 and format_in(head) is None:
                raise ImageRefused(path.name, "it is not an image")  # before a large file is read for nothing
            return head + file.read()
    except OSError as fault:
        raise refusal(path, fault) from fault
