"""Telling where a work came from: its lineage and its credits."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from palimpsest.library import queries
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Act
from palimpsest.studio.finding import thumbnail_file
from palimpsest.studio.studio import Studio

UNKNOWN_MAKER = "unknown maker"


@dataclass(frozen=True)
class Told:
    """A work's lineage with the words that go with it."""

    lineage: Lineage
    titles: dict[str, str]
    makers: dict[str, tuple[str, ...]]


def tell(studio: Studio, work: str) -> Told:
    """Return a work's lineage with titles and makers.

    Raises:
        NotFound: the work is not known.
    """
    lineage = queries.lineage(studio.library, work)
    titles: dict[str, str] = {}
    makers: dict[str, tuple[str, ...]] = {}
    known = queries.descriptions_in_force(studio.library, lineage.order)
    for each in lineage.order:
        said = known.get(each)
        titles[each] = (said.title if said else "") or "untitled"
        makers[each] = (said.makers if said else ()) or (UNKNOWN_MAKER,)
    return Told(lineage, titles, makers)


@dataclass(frozen=True)
class Credits:
    """Who and what has which share in a work. The shares of works, and those of people, each sum to exactly 1."""

    works: dict[str, Fraction]
    people: dict[str, Fraction]
    engines: tuple[str, ...]
    without_share: tuple[str, ...]
    """Works that it goes back to and that have no share: they gave a form, a place or a mask, and none of their pixels."""
    performed: dict[str, int]
    """How many acts each person performed on the way; on record beside the shares, which are measured in pixels."""


def credits(studio: Studio, told: Told) -> Credits:
    """Compute credits: the evidence of every act, multiplied along the lineage; a work's makers share alike."""
    people: dict[str, Fraction] = {}
    for work, share in told.lineage.shares.items():
        for maker in told.makers[work]:
            people[maker] = people.get(maker, Fraction(0)) + share / len(told.makers[work])
    performed: dict[str, int] = {}
    for person, acts in Counter(act.person for act in told.lineage.acts.values()).items():
        known = queries.person(studio.library, person)
        name = known.name if known else person
        performed[name] = performed.get(name, 0) + acts
    engines = tuple(f"{each.name} {each.version}" for each in told.lineage.engines)
    without = tuple(work for work in told.lineage.roots if work not in told.lineage.shares)
    return Credits(_ranked(told.lineage.shares), _ranked(people), engines, without, performed)


def credits_json(told: Told, found: Credits) -> dict[str, Any]:
    """Write credits as plain values."""
    return {
        "work": told.lineage.work,
        "title": told.titles[told.lineage.work],
        "works": [
            {"work": work, "share": float(share), "title": told.titles[work], "makers": list(told.makers[work])}
            for work, share in found.works.items()
        ],
        "people": [{"name": name, "share": float(share)} for name, share in found.people.items()],
        "without_share": [
            {"work": work, "title": told.titles[work], "makers": list(told.makers[work])}
            for work in found.without_share
        ],
        "engines": [{"name": name} for name in found.engines],
        "performed": [{"name": name, "acts": acts} for name, acts in found.performed.items()],
    }


def credits_csv(told: Told, found: Credits) -> list[Sequence[str]]:
    """Write credits as rows of a table, the heading first."""
    rows: list[Sequence[str]] = [("kind", "id", "name", "share")]
    rows += [("work", work, told.titles[work], f"{float(share):.6f}") for work, share in found.works.items()]
    rows += [("work without share", work, told.titles[work], "0") for work in found.without_share]
    rows += [("person", "", name, f"{float(share):.6f}") for name, share in found.people.items()]
    return rows + [("engine", "", name, "") for name in found.engines]


def lineage_json(told: Told) -> dict[str, Any]:
    """Write a lineage as plain values: works, and the act that made each one made here."""
    lineage = told.lineage
    return {
        "work": lineage.work,
        "depth": lineage.depth,
        "works": [
            {
                "id": work,
                "title": told.titles[work],
                "makers": list(told.makers[work]),
                "width": lineage.works[work].width,
                "height": lineage.works[work].height,
                "act": lineage.acts[work].digest if work in lineage.acts else None,
                "parents": list(lineage.parents(work)),
            }
            for work in lineage.order
        ],
        "acts": [act.model_dump(mode="json") | {"id": act.digest} for act in _acts(lineage)],
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
            f"{lead}{work[:12]}  {told.titles[work]}{'  …' if repeated else ''}  {_how(act, told, work)}".rstrip()
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
    picture = base64.b64encode(thumbnail_file(studio, work).read_bytes()).decode()
    act = told.lineage.acts.get(work)
    caption = act.recipe.technique if act else ", ".join(told.makers[work])
    return (
        f"<g><title>{escape(told.titles[work])} ({work[:12]})</title>"
        f'<image x="{left}" y="{upper}" width="150" height="120" href="data:image/webp;base64,{picture}"/>'
        f'<text x="{left}" y="{upper + 138}" fill="#222">{escape(_short(told.titles[work]))}</text>'
        f'<text x="{left}" y="{upper + 154}" fill="#777" font-style="italic">{escape(_short(caption))}</text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def _how(act: Act | None, told: Told, work: str) -> str:
    if act is None:
        return f"({', '.join(told.makers[work])})"
    return f"— {act.recipe.technique}"


def _acts(lineage: Lineage) -> list[Act]:
    return list({act.digest: act for act in lineage.acts.values()}.values())


def _ranked(shares: dict[str, Fraction] | Any) -> dict[str, Fraction]:  # noqa: ANN401 - any mapping
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))
