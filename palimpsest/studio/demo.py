"""The demonstration: the whole way, on real pictures, ending in a page to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from palimpsest.library import queries
from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.media.codecs import encode
from palimpsest.media.raster import Raster
from palimpsest.studio.adding import add_bytes
from palimpsest.studio.demo_pieces import Mask, Piece, programme
from palimpsest.studio.finding import show
from palimpsest.studio.performing import perform
from palimpsest.studio.replaying import Replay, replay
from palimpsest.studio.saying import NOTHING, Said
from palimpsest.studio.starter import fill
from palimpsest.studio.studio import Studio
from palimpsest.studio.workers import in_processes


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
    shown = programme(set(starter))
    known = {**starter, shown.mask.title: _add_mask(studio, shown.mask)}
    made = []
    for each in shown.pieces:
        made.append(_make(studio, each, known))
        say(f"made: {each.remark}")
    say("replaying every act in fresh processes")
    works = [*starter.values(), *(work for steps in made for work in steps)]
    replays = dict(in_processes(studio, replay, [work for work in dict.fromkeys(works) if show(studio, work).origin]))
    exhibits = tuple(
        Exhibit(each.remark, result, tuple(known[title] for title in each.titles), replays[result])
        for each, (*_, result) in zip(shown.pieces, made, strict=True)
    )
    return Demonstration(studio.folder, exhibits, tuple(starter.values()), replays)


def _make(studio: Studio, each: Piece, known: Mapping[str, str]) -> tuple[str, ...]:
    """Prepare the works and perform the technique; returns the works that were made, the piece last."""
    inputs = {role: [known[title] for title in titles] for role, titles in each.inputs.items()}
    steps: list[str] = []

    def step(
        technique: str,
        inputs: Mapping[str, Sequence[str]],
        parameters: Mapping[str, object],
        seed: int | None = None,
    ) -> str:
        steps.append(perform(studio, technique, inputs, parameters, seed=seed).works[0].id)
        return steps[-1]

    if each.trim:
        sides = dict.fromkeys(("left", "top", "right", "bottom"), each.trim)
        inputs = {role: [step("crop", {"work": [work]}, sides) for work in works] for role, works in inputs.items()}
    if each.width is not None:
        first = next(iter(inputs))
        inputs[first] = [step("resize", {"work": inputs[first]}, {"width": each.width})]
    step(each.technique, inputs, each.parameters, each.seed)
    return tuple(steps)


def _add_mask(studio: Studio, mask: Mask) -> str:
    """Mark, as a person would with a broad brush, what is to be taken out of a work, and add the mask."""
    sheet = Image.new("RGB", mask.size)
    brush = ImageDraw.Draw(sheet)
    for oval in mask.ovals:
        brush.ellipse(oval, "white")
    said = Said(
        title=mask.title, makers=("Palimpsest",), medium="mask", source="drawn for the demonstration", licence="CC0-1.0"
    )
    data = encode(Raster(np.asarray(sheet)), "image/png")
    new = queries.known_as(studio.library, digest_of_bytes(data)) is None
    return add_bytes(studio, data, "mask.png", said if new else NOTHING)[0]
