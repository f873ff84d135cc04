"""Writing files outside the studio, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from palimpsest.errors import FileRefused, NotFound
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Copy
from palimpsest.media.codecs import encode
from palimpsest.media.formats import media_type_of
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import LARGEST_FILE
from palimpsest.studio.performing import raster_of
from palimpsest.studio.studio import Studio


def write_image(studio: Studio, work: str, file: Path) -> None:
    """Write a work's pixels to a file in the format of its name, without any metadata, and remember that it is this work.

    Raises:
        UsageRefused: the suffix is none of ours.
        FileRefused: the file cannot be written; nothing half-written is left.
    """
    data = encode(raster_of(studio, work), media_type_of(file.suffix))
    write_files({file: data})
    remember(studio, work, data)


def write_picture(file: Path, raster: Raster) -> None:
    """Write a picture that is no work, as a chart of one, in the format of the file's name.

    Raises:
        UsageRefused: the suffix is none of ours.
        FileRefused: the file cannot be written; nothing half-written is left.
    """
    write_files({file: encode(raster, media_type_of(file.suffix))})


def write_text(file: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        FileRefused: the file cannot be written.
    """
    write_files({file: text.encode()})


def read_file(file: Path) -> bytes:
    """Read a regular file; a pipe would keep us waiting for ever, a device has no end.

    Raises:
        NotFound: there is no such file.
        FileRefused: it is a folder, a device or a pipe, is too large, or may not be read.
    """
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


def remember(studio: Studio, work: str, data: bytes) -> None:
    """Record that these bytes are a copy of the work, so that lineage goes on when they come back."""
    digest = digest_of_bytes(data)
    if queries.known_as(studio.library, digest) is None:
        studio.library.append([Copy(file=digest, work=work, at=studio.now())])


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, each whole or not at all.

    All are complete on the disk before the first gets its name. Two names cannot be given at once, so they are given in
    order: a statement comes before its picture, since a picture alone would have lost its credits.

    Raises:
        FileRefused: one cannot be written; none of them is.
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
