"""The starter collection: photographs that came with a dependency, studies made from numbers alone, and works of art."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from palimpsest.errors import NotFound
from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.performing import perform, standing_title
from palimpsest.studio.saying import NOTHING, Said
from palimpsest.studio.starter_museum import add_museum_works
from palimpsest.studio.studio import Studio
from palimpsest.studio.workers import in_processes


@dataclass(frozen=True)
class Photograph:
    """A photograph that is installed with scikit-image, and what its documentation says of it."""

    file: str
    title: str
    maker: str
    date: str
    licence: str


PHOTOGRAPHS = (
    Photograph("rocket.jpg", "Falcon 9 lifts off with DSCOVR", "SpaceX", "2015", "public domain"),
    Photograph("coffee.png", "A cup of coffee", "Rachel Michetti", "", "CC0-1.0"),
    Photograph("chelsea.png", "Chelsea the cat", "Stefan van der Walt", "", "CC0-1.0"),
    Photograph("astronaut.png", "Eileen Collins, astronaut", "NASA", "1993", "public domain"),
    Photograph("hubble_deep_field.jpg", "Hubble Deep Field", "NASA", "", "public domain"),
    Photograph("camera.png", "The camera operator", "Lav Varshney", "", "CC0-1.0"),
)

STUDY_SIZE = 640
"""Longest side of the starter's studies, in pixels."""


WITHOUT_ART = (
    "This installation was built without its works of art; the starter collection has photographs and studies."
)


def fill(studio: Studio, say: Callable[[str], None] = lambda _: None) -> list[tuple[str, str]]:
    """Put the starter collection into a studio, or what is missing of it; returns each work's id and title.

    Raises:
        NotFound: scikit-image, which brings the photographs, is not installed.
    """
    works = [*add_photographs(studio)]
    for name, work in in_processes(studio, make_study, studies(studio)):
        say(f"made {name}")
        works.append(work)
    art = list(add_museum_works(studio))
    say(f"added {len(art)} works of art" if art else WITHOUT_ART)
    works += art
    return [(work, standing_title(studio, work)) for work in works]


def add_photographs(studio: Studio) -> Iterable[str]:
    """Add the photographs with their makers and licences; of one that is there, what a person has said since stays."""
    folder = photograph_folder()
    for each in PHOTOGRAPHS:
        said = Said(
            title=each.title,
            makers=(each.maker,),
            date=each.date,
            medium="photograph",
            source=f"scikit-image, skimage/data/{each.file}",
            licence=each.licence,
        )
        data = (folder / each.file).read_bytes()
        new = queries.known_as(studio.library, digest_of_bytes(data)) is None
        yield add_bytes(studio, data, each.file, said if new else NOTHING)[0]


def make_study(studio: Studio, name: str, seed: int = 0) -> str:
    """Make one study at the starter's size, in its own proportions."""
    technique = studio.catalogue.get(name)
    defaults = technique.resolve({})
    width, height = (value for key in ("width", "height") if isinstance(value := defaults[key], int))
    scale = STUDY_SIZE / max(width, height)
    size = {"width": round(width * scale), "height": round(height * scale)}
    return perform(studio, name, {}, size, seed=seed).works[0].id


def studies(studio: Studio) -> list[str]:
    """Name the techniques that make a picture from numbers alone."""
    return [name for name in studio.catalogue.names if name.startswith("study-")]


def photograph_folder() -> Path:
    """Return the folder of the installed photographs; scikit-image itself is not loaded.

    Raises:
        NotFound: it is not installed.
    """
    spec = importlib.util.find_spec("skimage")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise NotFound("package", "scikit-image", "Install it: it brings the photographs of the starter collection.")
    return Path(folders[0]) / "data"
