"""Export for the world, and what an exported file says when it comes back."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from palimpsest.errors import Damaged, FileRefused, InputRefused, NotFound
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.lineage.canonical import digest_of_bytes, parse
from palimpsest.lineage.records import Copy, Permit, Use
from palimpsest.media.codecs import encode
from palimpsest.media.formats import media_type_of
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import LARGEST_FILE
from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.finding import show
from palimpsest.studio.performing import raster_of
from palimpsest.studio.sourcing import map_of
from palimpsest.studio.standing import permit_to
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.studio.telling import lineage_json, tell

SIDECAR = ".palimpsest.json"


@dataclass(frozen=True)
class Exported:
    """The files that were written, and what the permit obliges to."""

    file: Path
    sidecar: Path
    permit: Permit


def write_image(studio: Studio, work: str, file: Path) -> None:
    """Write a work's pixels to a file in the format of its name, without any metadata, and remember that it is this work.

    Raises:
        UsageRefused: the suffix is none of ours.
        FileRefused: the file cannot be written; nothing half-written is left.
    """
    data = encode(raster_of(studio, work), media_type_of(file.suffix))
    _write({file: data})
    _remember(studio, work, data)


def write_picture(file: Path, raster: Raster) -> None:
    """Write a picture that is no work, as a chart of one, in the format of the file's name.

    Raises:
        UsageRefused: the suffix is none of ours.
        FileRefused: the file cannot be written; nothing half-written is left.
    """
    _write({file: encode(raster, media_type_of(file.suffix))})


def write_text(file: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        FileRefused: the file cannot be written.
    """
    _write({file: text.encode()})


def export(studio: Studio, work: str, file: Path) -> Exported:
    """Write a work for the world: its pixels scrubbed of metadata, and beside it a sidecar with lineage and credits.

    Raises:
        TermsRefused: somebody's terms do not allow to publish it; nothing is written.
        UsageRefused, FileRefused: the file's name or place does not fit.
    """
    media_type = media_type_of(file.suffix)
    permit = permit_to(studio, Use.PUBLISH, work)
    data = encode(raster_of(studio, work), media_type)
    told = tell(studio, work)
    statement = {
        "palimpsest": 1,
        "software": SOFTWARE,
        "file": {"sha256": digest_of_bytes(data), "media_type": media_type},
        "work": show(studio, work).work.model_dump(mode="json"),
        "permit": permit.model_dump(mode="json"),
        "credits": credits_json(told, credits(studio, told)),
        "lineage": lineage_json(told),
    }
    sources = map_of(told.lineage, work)
    if sources:
        statement["source_map"] = {"sha256": sources}
    sidecar = file.with_name(file.name + SIDECAR)
    _write({sidecar: (json.dumps(statement, indent=1, ensure_ascii=False) + "\n").encode(), file: data})
    _remember(studio, work, data)
    return Exported(file, sidecar, permit)


@dataclass(frozen=True)
class Verdict:
    """What is known of a file. `intact` is None when nothing says what it should be."""

    file: Path
    known: str | None
    """The id of the studio's work that the file was written from, or that has the very same pixels."""
    stated: dict[str, JsonValue] | None
    intact: bool | None
    sentences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "file": str(self.file),
            "known": self.known,
            "intact": self.intact,
            "stated": self.stated,
            "sentences": list(self.sentences),
        }


def verify(studio: Studio | None, file: Path) -> Verdict:
    """Say what a file's sidecar states, whether the file is still the one it speaks of, and whether the studio knows it.

    Raises:
        NotFound: there is no such file.
        FileRefused: it is a folder, a device or a pipe, or may not be read.
        Damaged: the sidecar is not one of ours.
    """
    data = _read(file)
    stated = _sidecar(file)
    intact = None if stated is None else _digest_stated(stated) == digest_of_bytes(data)
    known = _known(studio, data, file.name)
    return Verdict(file, known, stated, intact, tuple(_sentences(file, stated, intact, known)))


def _sentences(file: Path, stated: dict[str, JsonValue] | None, intact: bool | None, known: str | None) -> list[str]:
    said = []
    if stated is None:
        said.append(
            f"{file.name} has no statement beside it ({file.name}{SIDECAR}); nothing is claimed about where it came from."
        )
    elif intact:
        said.append(f"{file.name} is byte for byte the file that its statement speaks of.")
    else:
        said.append(
            f"{file.name} is not the file that its statement speaks of: it was changed or exchanged after export."
        )
    if stated is not None:
        said.append("The statement is not signed: anybody could have written it. It proves nothing by itself.")
    if known:
        said.append(f"This studio knows it: it is the work {known[:12]}.")
    return said


def _sidecar(file: Path) -> dict[str, JsonValue] | None:
    path = file.with_name(file.name + SIDECAR)
    try:
        value = parse(_read(path))
    except NotFound:
        return None
    except Damaged as fault:
        raise Damaged(f"{path}: {fault.problem}") from fault
    if not isinstance(value, dict) or value.get("palimpsest") != 1:
        raise Damaged(f"{path}: expected a statement that Palimpsest wrote, but it is something else.")
    return value


def _digest_stated(stated: dict[str, JsonValue]) -> JsonValue:
    about = stated.get("file")
    return about.get("sha256") if isinstance(about, dict) else None


def _read(file: Path) -> bytes:
    """Read a regular file; a pipe would keep us waiting for ever, a device has no end."""
    try:
        if not file.is_file():
            if file.exists():
                raise FileRefused(str(file), "expected a file, but it is a folder, a device or a pipe", "Name a file.")
            raise NotFound("file", str(file), "Look at the name.")
        if file.stat().st_size > LARGEST_FILE:
            raise FileRefused(str(file), f"expected at most {LARGEST_FILE // 1024**3} GB, but it is larger")
        return file.read_bytes()
    except OSError as fault:
        raise refusal(file, fault) from fault


def _known(studio: Studio | None, data: bytes, name: str) -> str | None:
    if studio is None:
        return None
    known = queries.known_as(studio.library, digest_of_bytes(data))
    if known:
        return known
    try:
        return queries.work_with_pixels(studio.library, studio.guard.inspect(data, name).pixels)
    except InputRefused:  # cut short, or no image at all: no work has such pixels
        return None


def _remember(studio: Studio, work: str, data: bytes) -> None:
    """Record that these bytes are a copy of the work, so that lineage goes on when they come back."""
    digest = digest_of_bytes(data)
    if queries.known_as(studio.library, digest) is None:
        studio.library.append([Copy(file=digest, work=work, at=studio.now())])


def _write(files: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all.

    All are complete on the disk before the first gets its name. Two names cannot be given at once, so they are given in
    order: a statement comes before its picture, since a picture alone would have lost its credits.
    """
    drafts = {file: file.with_name(f".{file.name}.{os.getpid()}.part") for file in files}
    try:
        for file, data in files.items():
            _write_draft(file, drafts[file], data)
        for file, draft in drafts.items():
            _rename(draft, file)
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink()


def _write_draft(file: Path, draft: Path, data: bytes) -> None:
    try:
        if file.exists() and not file.is_file():
            what = "a folder" if file.is_dir() else "a device or a pipe"
            raise FileRefused(str(file), f"expected a file to write, but it is {what}", "Name a file.")
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # else a power failure could leave the new name with nothing in it
    except OSError as fault:
        raise refusal(file, fault) from fault


def _rename(draft: Path, file: Path) -> None:
    try:
        draft.replace(file)
    except OSError as fault:
        raise refusal(file, fault) from fault
