"""Telling where a work came from: its lineage, in words, as values and as a picture."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from palimpsest.errors import Damaged
from palimpsest.library import queries
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act, Description, Erasure
from palimpsest.studio.embedding import thumbnail_data
from palimpsest.studio.studio import Studio

UNKNOWN_MAKER = "unknown maker"
UNTITLED = "untitled"
ERASED = "erased work"
"""What a work is called of which only the tombstone is left."""


@dataclass(frozen=True)
class Told:
    """A work's lineage with the words that go with it."""

    lineage: Lineage
    titles: Mapping[str, str]
    makers: Mapping[str, tuple[str, ...]]
    said: Mapping[str, Description]
    """What is said of each work, now; of some nothing is."""
    erased: Mapping[str, Erasure]
    """The tombstones among them."""

    @property
    def work(self) -> str:
        """The work that all of it leads to."""
        return self.lineage.work

    def marked(self, work: str) -> str:
        """Return a work's title, and that it was erased, if it was and the title does not say so."""
        title = self.titles[work]
        return f"{title} (erased)" if work in self.erased and title != ERASED else title


def tell(studio: Studio, work: str) -> Told:
    """Return a work's lineage with titles and makers. Of an erased work, what is left of them.

    Raises:
        NotFound: the work is not known.
        Damaged: the lineage goes in a circle, or speaks of works or acts that are not recorded.
    """
    lineage = queries.lineage(studio.library, work)
    erased = {each.work: each for each in queries.records_about(studio.library, lineage.order, Erasure)}
    said = queries.descriptions_in_force(studio.library, lineage.order)
    titles: dict[str, str] = {}
    makers: dict[str, tuple[str, ...]] = {}
    for each in lineage.order:
        if each not in erased:
            _check_recorded(lineage, each)
        known = said.get(each)
        title = known.title if known and plain(known.title) else ""
        titles[each] = title or (ERASED if each in erased else UNTITLED)
        makers[each] = tuple(name for name in (known.makers if known else ()) if plain(name)) or (UNKNOWN_MAKER,)
    return Told(lineage, titles, makers, said, erased)


def _check_recorded(lineage: Lineage, work: str) -> None:
    known = lineage.works.get(work)
    if known is None or (known.recipe and work not in lineage.acts):
        what = "this work" if known is None else "the act that made this work"
        raise Damaged(
            f"{work[:12]}: expected {what} to be recorded, because others were made from it, but it is not.",
            "`palimpsest check` names what is missing; bring it back from a backup.",
        )


def plain(text: str) -> str:
    """Bring text to one line that can stand on a page, in a table or on a wall.

    Signs that steer a device or turn the direction of writing for all that follows are left out.
    """
    shown = "".join(" " if unicodedata.category(sign) in _STEERING else sign for sign in text if sign not in _TURNING)
    return " ".join(shown.split())


def shortened(text: str, longest: int = 90) -> str:
    """Bring a text to one line of at most so many signs."""
    text = plain(text)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


_STEERING = ("Cc", "Cs", "Zl", "Zp", "Cn")
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def lineage_json(told: Told) -> dict[str, Any]:
    """Write a lineage as plain values: works, and the act that made each one made here."""
    lineage = told.lineage
    acts = {act.digest: act for act in lineage.acts.values()}
    return {
        "work": lineage.work,
        "depth": lineage.depth,
        "works": [
            {
                "id": work,
                "title": told.titles[work],
                "makers": list(told.makers[work]),
                "width": lineage.works[work].width if work in lineage.works else None,
                "height": lineage.works[work].height if work in lineage.works else None,
                "erased": work in told.erased,
                "act": lineage.acts[work].digest if work in lineage.acts else None,
                "parents": list(lineage.parents(work)),
            }
            for work in lineage.order
        ],
        "acts": [act.model_dump(mode="json") | {"id": digest} for digest, act in acts.items()],
    }


def lineage_text(told: Told) -> list[str]:
    """Draw a lineage as lines of text, the work on top; what was drawn before is not drawn again."""
    lines: list[str] = []
    drawn: set[str] = set()
    stack = [(told.lineage.work, "", "")]
    while stack:
        work, lead, below = stack.pop()
        act = told.lineage.acts.get(work)
        repeated = act is not None and work in drawn
        lines.append(
            f"{lead}{work[:12]}  {told.marked(work)}{'  …' if repeated else ''}  {_how(act, told, work)}".rstrip()
        )
        drawn.add(work)
        parents = () if repeated else told.lineage.parents(work)
        for place, parent in reversed(list(enumerate(parents))):
            last = place == len(parents) - 1
            stack.append((parent, f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}"))
    return lines


def lineage_svg(studio: Studio, told: Told) -> str:
    """Draw a lineage as a picture (SVG) with thumbnails: the work on the left, what it was made from to its right."""
    columns = _columns(told.lineage)
    places = {
        work: (60 + column * 240, 50 + row * 190)
        for column, works in enumerate(columns)
        for row, work in enumerate(works)
    }
    width = 60 + len(columns) * 240
    height = 50 + max(len(works) for works in columns) * 190
    lines = [_thread(places[work], places[parent]) for work in places for parent in told.lineage.parents(work)]
    nodes = [_node(studio, told, work, place) for work, place in places.items()]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' font-family="Georgia, serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="#f7f4ee"/>',
            *lines,
            *nodes,
            "</svg>",
        ]
    )


def _columns(lineage: Lineage) -> list[list[str]]:
    """Put each work one column after the last work that was made from it."""
    level = {lineage.work: 0}
    for work in lineage.order:
        for parent in lineage.parents(work):
            level[parent] = max(level.get(parent, 0), level[work] + 1)
    columns: list[list[str]] = [[] for _ in range(max(level.values()) + 1)]
    for work in lineage.order:
        columns[level[work]].append(work)
    return columns


def _thread(start: tuple[int, int], end: tuple[int, int]) -> str:
    (left, upper), (right, lower) = (start[0] + 150, start[1] + 60), (end[0], end[1] + 60)
    bend = (left + right) // 2
    return f'<path d="M{left} {upper} C{bend} {upper} {bend} {lower} {right} {lower}" fill="none" stroke="#8a6d3b"/>'


def _node(studio: Studio, told: Told, work: str, place: tuple[int, int]) -> str:
    left, upper = place
    picture = "" if work in told.erased else thumbnail_data(studio, work)
    act = told.lineage.acts.get(work)
    caption = act.recipe.technique if act else ", ".join(told.makers[work])
    return (
        f"<g><title>{escape(plain(told.titles[work]))} ({work[:12]})</title>"
        f"{_pictured(picture, left, upper)}"
        f'<text x="{left}" y="{upper + 138}" fill="#222">{escape(shortened(told.titles[work], 30))}</text>'
        f'<text x="{left}" y="{upper + 154}" fill="#777" font-style="italic">{escape(shortened(caption, 30))}</text></g>'
    )


def _pictured(picture: str, left: int, upper: int) -> str:
    if not picture:
        return f'<rect x="{left}" y="{upper}" width="150" height="120" fill="none" stroke="#8a6d3b" stroke-dasharray="4 4"/>'
    return f'<image x="{left}" y="{upper}" width="150" height="120" href="{picture}"/>'


def _how(act: Act | None, told: Told, work: str) -> str:
    if act is None:
        return f"({', '.join(told.makers[work])})"
    return f"— {act.recipe.technique}"
