"""Finding things: studios by folder, works by id, prefix, file or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from palimpsest.errors import Erased, FileRefused, InputRefused, NotFound
from palimpsest.library import queries
from palimpsest.library.files import refusal
from palimpsest.library.library import is_library
from palimpsest.library.thumbnails import keep_thumbnail, thumbnail_path
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Act, Description, Erasure, Terms, Work
from palimpsest.media.formats import media_type_of
from palimpsest.media.inspection import thumbnail
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_file, read_image
from palimpsest.studio.choosing import Chosen, choices_in_force
from palimpsest.studio.performing import raster_of
from palimpsest.studio.studio import Studio


def studio_folder(named: Path | None, environment: Mapping[str, str], here: Path) -> Path:
    """Say which studio is meant: the one named, else $PALIMPSEST_STUDIO, else the nearest parent folder that is one,
    else one in the user's data folder."""  # noqa: D205, D209
    if named:
        return named
    if environment.get("PALIMPSEST_STUDIO"):
        return Path(environment["PALIMPSEST_STUDIO"])
    nearest = next((folder for folder in (here, *here.parents) if is_library(folder)), None)
    return nearest or home_studio()


def home_studio() -> Path:
    """Return the folder of the studio that a person has without naming one."""
    return Path(platformdirs.user_data_dir("palimpsest", appauthor=False)) / "studio"


def open_studio(named: Path | None, environment: Mapping[str, str], here: Path) -> tuple[Studio, bool]:
    """Open the studio that is meant, and say whether it was made just now.

    Only the one in the user's data folder is made without asking.

    Raises:
        NotFound: the folder is not a studio.
    """
    folder = studio_folder(named, environment, here)
    new = folder == home_studio() and not is_library(folder)
    return open_or_make(folder) if new else Studio.open(folder), new


def work_named(studio: Studio, text: str) -> str:
    """Return the id of the work that a person means: an id, the beginning of one, or an image file, which is then added.

    Raises:
        NotFound: there is no such work and no such file.
        AmbiguousPrefix: several works begin so.
        ImageRefused, FileRefused: it is a file that cannot be added.
    """
    return known_work(studio, text) or add_file(studio, _path(text))[0]


def work_with_id(studio: Studio, text: str) -> str:
    """Return the id of the work that an id, or the beginning of one, names; never a file.

    Raises:
        NotFound: there is no such work.
        AmbiguousPrefix: several works begin so.
    """
    return queries.resolve(studio.library, text)


def made_from(studio: Studio, work: str) -> tuple[str, ...]:
    """Return every work that was made from this one, directly or not."""
    return tuple(queries.descendants(studio.library, work))


def known_work(studio: Studio, text: str) -> str | None:
    """Return the id of the work that a person means, or None when it is a file that the studio has not seen.

    Raises:
        NotFound: there is no such work and no such file.
        AmbiguousPrefix: several works begin so.
        ImageRefused, FileRefused: it is a file that cannot be read.
    """
    path = _path(text)
    try:
        file, folder = path.is_file(), path.exists() and not path.is_file()
    except (OSError, ValueError):  # a name that no file system takes
        file = folder = False
    if file:
        return queries.known_as(studio.library, digest_of_bytes(read_image(path)))
    if queries.PREFIX.fullmatch(text.lower()):
        try:
            return queries.resolve(studio.library, text.lower())
        except NotFound:
            if not folder:
                raise
    if folder:
        read_image(path)  # says what stands there in place of a file
    if "/" in text or path.suffix:
        raise NotFound("file", text, "Look at the name, or give the first digits of a work's id (`palimpsest works`).")
    return queries.resolve(studio.library, text.lower())


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # the home of somebody who is not there
        return Path(text)


def open_or_make(folder: Path) -> Studio:
    """Open a studio, or make it, with the folders above it.

    Raises:
        InputRefused, FileRefused: the folder cannot become one.
    """
    if not is_library(folder):
        try:
            return Studio.create(folder)
        except InputRefused:
            if not is_library(folder):  # else another process made it in this very moment
                raise
    return Studio.open(folder)


@dataclass(frozen=True)
class Shown:
    """All that is known of one work."""

    work: Work
    description: Description | None
    terms: tuple[Terms, ...]
    origin: Act | None
    file: Path
    made_from_it: int
    chosen: Chosen | None = None
    erased: Erasure | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        said = (
            self.description.model_dump(mode="json", exclude={"kind", "work", "at", "by"}) if self.description else {}
        )
        return {
            **self.work.model_dump(mode="json", exclude={"kind"}),
            **said,
            "file": str(self.file),
            "terms": self.terms[-1].model_dump(mode="json", exclude={"kind", "work"}) if self.terms else None,
            "terms_history": [each.model_dump(mode="json", exclude={"kind", "work"}) for each in self.terms],
            "origin": self.origin.model_dump(mode="json", exclude={"kind"}) if self.origin else None,
            "made_from_it": self.made_from_it,
            **({"erased": self.erased.model_dump(mode="json", exclude={"kind", "work"})} if self.erased else {}),
            "choice": asdict(self.chosen) if self.chosen else None,
        }


def show(studio: Studio, work: str) -> Shown:
    """Return all that is known of a work.

    Raises:
        NotFound: it is not known.
    """
    lineage = queries.lineage(studio.library, work)
    said = queries.descriptions_of(studio.library, work)
    return Shown(
        work=lineage.works[work],
        description=said[-1] if said else None,
        terms=tuple(queries.terms_history(studio.library, work)),
        origin=lineage.acts.get(work),
        file=studio.library.image_path(lineage.works[work]),
        made_from_it=len(queries.descendants(studio.library, work)),
        erased=queries.erased(studio.library, [work]).get(work),
        chosen=choices_in_force(studio, [work]).get(work),
    )


def list_works(studio: Studio, query: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """List works as plain values, and whether each was erased.

    The newest come first, or of those that hold all words of the query the best match.
    """
    found = queries.list_works(studio.library, query, limit)
    gone = queries.erased(studio.library, [each.id for each in found])
    return [asdict(each) | {"erased": each.id in gone} for each in found]


def count_works(studio: Studio) -> int:
    """Count the works of a studio."""
    return queries.count_works(studio.library)


def thumbnail_file(studio: Studio, work: str) -> Path:
    """Return a work's thumbnail (WebP), made again if it is gone.

    Raises:
        NotFound: the work is not known.
    """
    path = thumbnail_path(studio.library, work)
    if not path.is_file():
        keep_thumbnail(studio.library, work, thumbnail(_seen(studio, work), studio.settings.thumbnail_pixels))
    return path


def thumbnail_of(studio: Studio, work: str) -> bytes:
    """Return a work's thumbnail (WebP); of an erased work it is a grey field. In an encrypted studio it is made each time.

    Raises:
        NotFound: the work is not known.
    """
    if studio.library.objects.cipher:
        return thumbnail(_seen(studio, work), studio.settings.thumbnail_pixels)
    return thumbnail_file(studio, work).read_bytes()


def _seen(studio: Studio, work: str) -> Raster:
    """Return a work's picture, or the grey field that stands in for one that was erased."""
    try:
        return raster_of(studio, work)
    except Erased:
        known = queries.work(studio.library, work)
        longest = max(known.width, known.height)
        height, width = (max(1, round(96 * side / longest)) for side in (known.height, known.width))
        return Raster(np.full((height, width, 3), 128, np.uint8))


def work_file(studio: Studio, work: Work) -> Path:
    """Return where a work's file lies in the studio; it is to be read, never written."""
    return studio.library.image_path(work)


def check_place(file: Path, inputs: Sequence[Path] = ()) -> None:
    """Make sure, before any work begins, that an image could be written to this file, and that it is none of the inputs.

    Raises:
        UsageRefused: its suffix is none of ours.
        FileRefused: the folder is not there, or a folder stands in its place.
    """
    media_type_of(file.suffix)
    check_target(file, inputs)


def check_target(file: Path, inputs: Sequence[Path] = ()) -> None:
    """Make sure that a file of any kind could be written there, and that it is none of the inputs.

    Raises:
        FileRefused: the folder is not there, or a folder stands in its place.
    """
    try:
        if file.is_dir():
            raise FileRefused(str(file), "expected a file to write, but it is a folder", "Name a file in it.")
        if file.exists() and any(each.exists() and file.samefile(each) for each in inputs):
            raise FileRefused(str(file), "expected another file than the one you began with", "Choose another name.")
        if not file.parent.is_dir():
            raise FileRefused(str(file.parent), "expected a folder to write to, but it is not there", "Make it first.")
    except OSError as fault:
        raise refusal(file, fault) from fault


def check_new_file(file: Path) -> None:
    """Make sure, before any work begins, that a new file could be written there.

    Raises:
        FileRefused: something stands there already, or the folder is not there.
    """
    try:
        if file.exists():
            raise FileRefused(
                str(file), "expected a new file, but something stands there already", "Choose another name."
            )
        if not file.parent.is_dir():
            raise FileRefused(str(file.parent), "expected a folder to write to, but it is not there", "Make it first.")
    except OSError as fault:
        raise refusal(file, fault) from fault
