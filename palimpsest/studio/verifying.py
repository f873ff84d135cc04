"""What a file says when it comes back: its credentials, the statement beside it, an invisible mark, and whether they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from palimpsest.errors import Damaged, ImageRefused, ImageTooLarge, InputRefused, NotFound
from palimpsest.ethics import credentials
from palimpsest.ethics.account import account
from palimpsest.ethics.claims import contradictions
from palimpsest.ethics.credentials import Found
from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes, parse
from palimpsest.lineage.records import Copy
from palimpsest.media.codecs import decode, media_type_in
from palimpsest.media.guard import Guard
from palimpsest.media.inspection import Inspection
from palimpsest.media.raster import Raster
from palimpsest.perception import mark
from palimpsest.settings import Settings
from palimpsest.studio.exporting import CREDENTIALS, SIDECAR
from palimpsest.studio.identity import Keeping, anchors, is_own
from palimpsest.studio.performing import raster_of
from palimpsest.studio.stating import mark_key
from palimpsest.studio.studio import Studio
from palimpsest.studio.writing import read_file


@dataclass(frozen=True)
class Mark:
    """An invisible mark that was found: which work it names, and how many of its 64 bits agree."""

    work: str
    bits: int


@dataclass(frozen=True)
class Verdict:
    """What is known of a file.

    `intact` is None when nothing says what it should be. `sound` is False when it is not intact, and also when its credentials
    contradict themselves or admit that a source was changed; None when there is nothing to judge.
    """

    file: Path
    known: str | None
    """The id of the studio's work that the file was written from, or that has the very same pixels."""
    stated: dict[str, JsonValue] | None
    intact: bool | None
    sentences: tuple[str, ...]
    sound: bool | None = None
    trusted: bool = False
    credentials: Found = field(default_factory=lambda: Found(None))
    contradictions: tuple[str, ...] = ()
    mark: Mark | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        found = self.credentials
        return {
            "file": str(self.file),
            "known": self.known,
            "intact": self.intact,
            "sound": self.sound,
            "trusted": self.trusted,
            "stated": self.stated,
            "credentials": {
                "state": found.state,
                "failures": list(found.failures),
                "remote": found.remote,
                "manifests": found.store or None,
            },
            "contradictions": list(self.contradictions),
            "mark": {"work": self.mark.work, "bits": self.mark.bits} if self.mark else None,
            "sentences": list(self.sentences),
        }


def verify(studio: Studio | None, file: Path, keeping: Keeping | None = None, beside: str | None = None) -> Verdict:
    """Say what a file's credentials and statement claim, whether they hold, and whether the studio knows it.

    No connection is opened. `beside` is a work of the studio: if the file may be a part of it, or a mirrored or turned copy, its
    mark is looked for so.

    Raises:
        NotFound: there is no such file, or no such work.
        FileRefused: it is a folder, a device or a pipe, or may not be read.
    """
    keeping = keeping or Keeping.usual()
    data = read_file(file)
    stated, unreadable = _statement(file)
    found = _credentials(data, file, keeping)
    seen = _seen(studio, data, file.name)
    known = _known(studio, data, seen)
    marked = _mark(studio, data, seen, beside)
    matches = None if stated is None else _digest_stated(stated) == digest_of_bytes(data)
    broken = isinstance(seen, ImageRefused) and not isinstance(seen, ImageTooLarge)
    intact = _all((matches, found.intact, False if broken and stated is None and found.state is None else None))
    against = tuple(contradictions(found.store))
    return Verdict(
        file=file,
        known=known,
        stated=stated,
        intact=intact,
        sound=False if against or unreadable else intact,
        trusted=found.trusted,
        credentials=found,
        contradictions=against,
        mark=marked,
        sentences=(
            *(
                account(found, found.trusted and is_own(keeping, _serial_number(found)))
                if media_type_in(data)
                else [f"{file.name} is not an image that Palimpsest opens; credentials in other files are not read."]
            ),
            *(f"Contradiction: {each}" for each in against),
            *([f"The picture itself is damaged: {seen.reason}."] if isinstance(seen, ImageRefused) and broken else []),
            *([unreadable] if unreadable else _about_statement(file, stated, matches)),
            *_about_mark(studio, marked),
            *([f"This studio knows it: it is the work {known[:12]}."] if known else []),
        ),
    )


def _all(judged: tuple[bool | None, ...]) -> bool | None:
    """Return whether all hold of those that say anything; None when none does."""
    said = [each for each in judged if each is not None]
    return all(said) if said else None


def _credentials(data: bytes, file: Path, keeping: Keeping) -> Found:
    media_type = media_type_in(data)
    if media_type is None:
        return Found(None)
    try:
        store = read_file(file.with_name(file.name + CREDENTIALS))
    except NotFound:
        store = None
    known = anchors(keeping)
    found = credentials.read(data, media_type, known)
    if found.state is None and store is not None:
        return credentials.read(data, media_type, known, store)
    return found


def _serial_number(found: Found) -> str:
    signature = found.active.get("signature_info")
    return str(signature.get("cert_serial_number")) if isinstance(signature, dict) else ""


def _about_statement(file: Path, stated: dict[str, JsonValue] | None, matches: bool | None) -> list[str]:
    if stated is None:
        return [f"{file.name} has no statement beside it ({file.name}{SIDECAR})."]
    if matches:
        said = f"{file.name} is byte for byte the file that its statement speaks of."
    else:
        said = f"{file.name} is not the file that its statement speaks of: it was changed or exchanged after export."
    return [said, "The statement beside it is not signed: anybody could have written it. It proves nothing by itself."]


def _about_mark(studio: Studio | None, marked: Mark | None) -> list[str]:
    if marked is None or studio is None:
        return []
    title = queries.descriptions_of(studio.library, marked.work)
    name = f"'{title[-1].title}' " if title and title[-1].title else ""
    return [
        f"It carries this studio's invisible mark of the work {name}({marked.work[:12]}); {marked.bits} of 64 bits agree."
    ]


def _statement(file: Path) -> tuple[dict[str, JsonValue] | None, str]:
    """Read the statement beside a file, or say in a sentence why it cannot be read."""
    path = file.with_name(file.name + SIDECAR)
    try:
        value = parse(read_file(path))
    except NotFound:
        return None, ""
    except Damaged as fault:
        return None, f"The statement beside it ({path.name}) cannot be read: {fault.problem}"
    if not isinstance(value, dict) or value.get("palimpsest") != 1:
        return None, f"What lies beside it as its statement ({path.name}) is not one that Palimpsest wrote."
    return value, ""


def _digest_stated(stated: dict[str, JsonValue]) -> JsonValue:
    about = stated.get("file")
    return about.get("sha256") if isinstance(about, dict) else None


def _seen(studio: Studio | None, data: bytes, name: str) -> Inspection | InputRefused | None:
    """Open the file out of harm's way; None for what is no image at all, the refusal for one that is damaged or too large."""
    if media_type_in(data) is None:
        return None
    guard = studio.guard if studio else Guard(Settings())
    try:
        return guard.inspect(data, name)
    except InputRefused as refusal:
        return refusal
    finally:
        if studio is None:
            guard.close()


def _known(studio: Studio | None, data: bytes, seen: Inspection | InputRefused | None) -> str | None:
    if studio is None:
        return None
    known = queries.known_as(studio.library, digest_of_bytes(data))
    if known is None and isinstance(seen, Inspection):
        return queries.work_with_pixels(studio.library, seen.pixels)
    return known


def _mark(
    studio: Studio | None, data: bytes, seen: Inspection | InputRefused | None, beside: str | None
) -> Mark | None:
    """Read the invisible mark; only one that names a work of this studio counts, so that chance has no say."""
    if studio is None or not isinstance(seen, Inspection):
        return None
    raster = decode(data, "the file", studio.settings.pixel_limit)
    if beside is not None:
        found = mark.read_beside(raster, raster_of(studio, beside), mark_key(studio))
        bits = found.agreement(beside) if found else 0
        return Mark(beside, bits) if bits >= mark.ENOUGH else None
    return _blind(studio, raster)


def _blind(studio: Studio, raster: Raster) -> Mark | None:
    """Read the mark of a whole copy: by its own check, or by comparing it with the works that ever left the studio."""
    reading = mark.read(raster, mark_key(studio))
    left = {each.work for each in queries.records_about(studio.library, None, Copy)}
    agreeing = {work: reading.agreement(work) for work in left}
    best = max(agreeing, key=lambda work: (agreeing[work], work), default=None)
    return Mark(best, agreeing[best]) if best is not None and agreeing[best] >= mark.ENOUGH else None
