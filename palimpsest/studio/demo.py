"""The demonstration: the whole way, on real pictures, ending in a page to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.finding import show
from palimpsest.studio.performing import perform
from palimpsest.studio.replaying import Replay, replay
from palimpsest.studio.saying import NOTHING, Said
from palimpsest.studio.starter import fill
from palimpsest.studio.studio import Studio
from palimpsest.studio.workers import in_processes


@dataclass(frozen=True)
class Piece:
    """One picture of the demonstration: the technique, the works by role (by title), and how.

    The first work is brought to `width` pixels before, unless that is None, so that there is something to look at.
    """

    remark: str
    technique: str
    inputs: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, object] = field(default_factory=dict)
    width: int | None = None
    seed: int | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of the works that it is made from."""
        return tuple(title for titles in self.inputs.values() for title in titles)


def _restyled(remark: str, photograph: str, *styles: str, **parameters: object) -> Piece:
    return Piece(remark, "stylize", {"content": (photograph,), "styles": styles}, parameters, width=1024)


TREE = "A mask over the tree"
PIECES = (
    Piece(
        "A cat, laid stroke for stroke in another picture's paint",
        "remix",
        {"content": ("Chelsea the cat",), "exemplars": ("Study impasto no. 0",)},
        width=720,
    ),
    Piece("A deep field that nobody has seen", "vary", {"works": ("Hubble Deep Field",)}, width=720, seed=1),
    Piece("A field that goes on", "extend", {"work": ("Study impasto no. 0",)}, {"right": "0.5"}),
    Piece("The field without its tree", "fill", {"work": ("Study impasto no. 0",), "mask": (TREE,)}),
    _restyled("A launch, printed with waves", "Falcon 9 lifts off with DSCOVR", "Study seigaiha no. 0"),
    _restyled("A cup, in inks laid off from water", "A cup of coffee", "Study marbling no. 0"),
    _restyled(
        "A cat, three parts woodcut, seven parts thick paint",
        "Chelsea the cat",
        "Study woodcut no. 0",
        "Study impasto no. 0",
        weights=(0.3, 0.7),
    ),
    _restyled(
        "A portrait in the strokes of a mosaic, in its own colours",
        "Eileen Collins, astronaut",
        "Study mosaic no. 0",
        keep_colour=True,
    ),
)


@dataclass(frozen=True)
class Exhibit:
    """A picture that was made, what it was made from, and how its replay went."""

    remark: str
    work: str
    sources: tuple[str, ...]
    replay: Replay


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration made. `replays` holds one for every act of the studio that made something."""

    studio: Path
    exhibits: tuple[Exhibit, ...]
    starter: tuple[str, ...]
    replays: Mapping[str, Replay]

    @property
    def same(self) -> int:
        """How many replays gave the same pixels."""
        return sum(each.same for each in self.replays.values())


def demonstrate(studio: Studio, say: Callable[[str], None] = lambda _: None) -> Demonstration:
    """Fill the studio, make pictures of what is there, and replay every act in fresh processes.

    In a studio where this was done before nothing is computed again but the replays.
    """
    starter = {title: work for work, title in fill(studio, say)}
    known = {**starter, TREE: _add_mask(studio)}
    made = []
    for each in PIECES:
        made.append(_make(studio, each, known))
        say(f"made: {each.remark}")
    say("replaying every act in fresh processes")
    works = [*starter.values(), *(work for steps in made for work in steps)]
    replays = dict(in_processes(studio, replay, [work for work in dict.fromkeys(works) if show(studio, work).origin]))
    exhibits = tuple(
        Exhibit(each.remark, result, tuple(known[title] for title in each.titles), replays[result])
        for each, (*_, result) in zip(PIECES, made, strict=True)
    )
    return Demonstration(studio.folder, exhibits, tuple(starter.values()), replays)


def _make(studio: Studio, each: Piece, known: Mapping[str, str]) -> tuple[str, ...]:
    """Bring the first work to its width and perform the technique; returns the works that were made."""
    inputs = {role: [known[title] for title in titles] for role, titles in each.inputs.items()}
    steps = []
    if each.width is not None:
        first = next(iter(inputs))
        steps.append(perform(studio, "resize", {"work": inputs[first]}, {"width": each.width}).works[0].id)
        inputs[first] = steps[:]
    steps.append(perform(studio, each.technique, inputs, each.parameters, seed=each.seed).works[0].id)
    return tuple(steps)


def _add_mask(studio: Studio) -> str:
    """Mark, as a person would with a broad brush, what is to be taken out of a study, and add the mask."""
    sheet = Image.new("RGB", (640, 512))
    brush = ImageDraw.Draw(sheet)
    for crown_and_trunk in ((340, 46, 552, 218), (410, 170, 480, 246)):
        brush.ellipse(crown_and_trunk, "white")
    said = Said(
        title=TREE, makers=("Palimpsest",), medium="mask", source="drawn for the demonstration", licence="CC0-1.0"
    )
    data = encode(Raster(np.asarray(sheet)), "image/png")
    new = queries.known_as(studio.library, digest_of_bytes(data)) is None
    return add_bytes(studio, data, "mask.png", said if new else NOTHING)[0]
