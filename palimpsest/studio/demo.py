"""The demonstration: the whole way, on real pictures, ending in a page to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from palimpsest.studio.finding import show
from palimpsest.studio.performing import perform
from palimpsest.studio.replaying import Replay, replay
from palimpsest.studio.starter import fill
from palimpsest.studio.studio import Studio
from palimpsest.studio.workers import in_processes


@dataclass(frozen=True)
class Restyling:
    """One picture of the demonstration: a photograph, the works whose style it takes (by title), and how."""

    remark: str
    photograph: str
    styles: tuple[str, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)


WIDTH = 1024
"""Photographs are brought to this width first, in pixels, so that there is something to look at."""

RESTYLINGS = (
    Restyling("A launch, printed with waves", "Falcon 9 lifts off with DSCOVR", ("Study seigaiha no. 0",)),
    Restyling("A cup, in inks laid off from water", "A cup of coffee", ("Study marbling no. 0",)),
    Restyling("A cat, cut in wood", "Chelsea the cat", ("Study woodcut no. 0",)),
    Restyling(
        "The same cat: three parts woodcut, seven parts thick paint",
        "Chelsea the cat",
        ("Study woodcut no. 0", "Study impasto no. 0"),
        {"weights": (0.3, 0.7)},
    ),
    Restyling("A photographer, in the colours of floating planes", "The camera operator", ("Study suprematism no. 0",)),
    Restyling(
        "A portrait in the strokes of a mosaic, in its own colours",
        "Eileen Collins, astronaut",
        ("Study mosaic no. 0",),
        {"keep_colour": True},
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
    """Fill the studio, restyle photographs, and replay every act in fresh processes.

    In a studio where this was done before nothing is computed again but the replays.
    """
    starter = {title: work for work, title in fill(studio, say)}
    restyled = []
    for each in RESTYLINGS:
        restyled.append(_restyle(studio, each, starter))
        say(f"made: {each.remark}")
    say("replaying every act in fresh processes")
    works = [*starter.values(), *(work for steps in restyled for work in steps)]
    replays = dict(in_processes(studio, replay, [work for work in dict.fromkeys(works) if show(studio, work).origin]))
    exhibits = tuple(
        Exhibit(
            each.remark, result, tuple(starter[title] for title in (each.photograph, *each.styles)), replays[result]
        )
        for each, (_, result) in zip(RESTYLINGS, restyled, strict=True)
    )
    return Demonstration(studio.folder, exhibits, tuple(starter.values()), replays)


def _restyle(studio: Studio, each: Restyling, starter: Mapping[str, str]) -> tuple[str, str]:
    """Enlarge a photograph and restyle it; returns both works."""
    enlarged = perform(studio, "resize", {"work": [starter[each.photograph]]}, {"width": WIDTH}).works[0].id
    inputs = {"content": [enlarged], "styles": [starter[title] for title in each.styles]}
    return enlarged, perform(studio, "stylize", inputs, each.parameters).works[0].id
