"""A caption that writes itself, as it hangs beside a picture: artist, title, year, technique, and whom it comes after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Literal

from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Use, Work
from palimpsest.studio.choosing import Chosen
from palimpsest.studio.crediting import Credits
from palimpsest.studio.handwork import Deed
from palimpsest.studio.sizing import size_in_words
from palimpsest.studio.telling import ERASED, UNKNOWN_MAKER, UNTITLED, Told, plain, shortened

Length = Literal["short", "full"]


class Relation(IntEnum):
    """How a work stands to one that it goes back to. On a way of several acts the greatest holds."""

    GUIDE = 0
    AFTER = 1
    MATTER = 2
    MANNER = 3


_WORDS = {Relation.AFTER: "after", Relation.MATTER: "with matter from", Relation.MANNER: "in the manner of"}
_OF_USE = {
    Use.ALTER: Relation.AFTER,
    Use.SAMPLE: Relation.MATTER,
    Use.IMITATE: Relation.MANNER,
    Use.LEARN: Relation.MANNER,
}
_NAMED: Mapping[Length, int] = {"short": 1, "full": 3}


@dataclass(frozen=True)
class Wall:
    """What a caption is made of, each part in words; parts that there are none of are empty."""

    artist: str
    title: str
    year: str
    technique: str
    after: str
    engines: str
    by_hand: str
    chosen: str
    work: str

    def lines(self, length: Length = "full") -> list[str]:
        """Return the caption, line by line."""
        heading = f"{self.title}, {self.year}" if self.year else self.title
        if length == "short":
            made = ", ".join(part for part in (self.technique, self.after) if part)
            return [self.artist, heading, *([_sentence(made)] if made else [])]
        rest = (_sentence(self.technique), _sentence(self.after), self.engines, self.by_hand, _sentence(self.chosen))
        return [self.artist, heading, *(line for line in rest if line), f"Work {self.work[:12]}"]


def caption(told: Told, found: Credits, length: Length = "full") -> Wall:
    """Write the caption of a work. Of many sources the largest are named and the rest counted."""
    work = told.work
    known = told.lineage.works.get(work)
    size = f", {_size(told, known)}" if known and length == "full" else ""
    technique = _technique(told, found.deeds, length)
    return Wall(
        artist=names(told.makers[work]),
        title=shortened(told.titles[work]),
        year=_year(told),
        technique=f"{technique}{size}" if technique or length == "full" else "",
        after=_after(told, found, _NAMED[length]),
        engines=f"Engines: {', '.join(found.engines)}." if found.engines else "",
        by_hand=_by_hand(found.deeds),
        chosen=_chosen(found.choices, work),
        work=work,
    )


def relations(lineage: Lineage) -> dict[str, Relation]:
    """Say of each root how the work stands to it: by the way on which most of it came, or else by the closest way there is."""
    held: dict[str, dict[Relation, Fraction]] = {work: {} for work in lineage.order}
    held[lineage.work][Relation.GUIDE] = Fraction(1)
    for work in lineage.order:
        shares = lineage.shares_of(work)
        for parent, edge in _edges(lineage, work).items():
            for way, share in held[work].items():
                relation = Relation.GUIDE if edge is Relation.GUIDE else max(way, edge)
                passed = share * shares.get(parent, 0)
                held[parent][relation] = held[parent].get(relation, Fraction(0)) + passed
    return {root: _largest(held[root]) for root in lineage.roots if root != lineage.work}


def said_of(told: Told, works: Sequence[str]) -> list[str]:
    """Name works and their makers in running words, those of one maker together: '“The sea” and “A cup” by Grace'."""
    by_makers: dict[tuple[str, ...], list[str]] = {}
    for work in works:
        by_makers.setdefault(told.makers[work], []).append(_quoted(told, work))
    return [f"{listed(titles)} by {_hand(told, makers)}" for makers, titles in by_makers.items()]


def _quoted(told: Told, work: str) -> str:
    title = shortened(told.titles[work])
    return {ERASED: "an erased work", UNTITLED: "an untitled work"}.get(title, f"“{title}”")


def _hand(told: Told, makers: tuple[str, ...]) -> str:
    if makers == (UNKNOWN_MAKER,):
        return "an unknown maker"
    return "the same hand" if makers == told.makers[told.work] else names(makers)


def listed(parts: Sequence[str], rest: int = 0, what: str = "work") -> str:
    """Join parts as in a sentence, and count what is not named: 'a, b, and 3 more works'."""
    every = [*parts, *([f"{rest} more {what}{'s' if rest > 1 else ''}"] if rest else [])]
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])}{',' if len(every) > 2 or rest else ''} and {every[-1]}"


def _edges(lineage: Lineage, work: str) -> dict[str, Relation]:
    """Say how a work stands to each work that it was directly made from. A mask shows nothing of itself."""
    if work not in lineage.acts:
        return {}
    act = lineage.acts[work]
    uses = {(each.role, each.work): each.use for each in act.permit.permissions}
    found: dict[str, Relation] = {}
    for role, works in act.recipe.inputs.items():
        for each in works:
            use = uses.get((role, each), Use.ALTER)
            relation = Relation.GUIDE if "mask" in role else _OF_USE.get(use, Relation.AFTER)
            found[each] = max(relation, found.get(each, Relation.GUIDE))
    return found


def _largest(ways: Mapping[Relation, Fraction]) -> Relation:
    return max(ways, key=lambda way: (ways[way], way)) if ways else Relation.GUIDE


def _after(told: Told, found: Credits, most: int) -> str:
    """Name the largest sources of each relation, the relation with the largest share first after what it is 'after'."""
    ranked = [*found.works, *found.without_share]
    standing = relations(told.lineage)
    parts = []
    for relation, words in _WORDS.items():
        works = [work for work in ranked if standing.get(work) is relation]
        if works:
            parts.append(f"{words} {listed(said_of(told, works[:most]), max(0, len(works) - most))}")
    return "; ".join(parts)


def _technique(told: Told, done: Sequence[Deed], length: Length) -> str:
    """Name the medium that somebody stated, or else the techniques in the order in which they came."""
    stated = told.said[told.work].medium if told.work in told.said else ""
    names = list(dict.fromkeys(each.technique.rpartition("/")[2].replace("-", " ") for each in reversed(done)))
    if stated or not names:
        return shortened(stated) if stated else ""
    if length == "short":
        return names[-1]
    shown = names if len(names) <= 4 else [*names[:2], f"{len(names) - 3} more", names[-1]]
    acts = f" ({len(done)} acts)" if len(done) > 1 else ""
    return f"digital picture: {', then '.join(shown)}{acts}"


def _size(told: Told, known: Work) -> str:
    """Say how large it is: as it was measured, height first, as labels have it; else in pixels."""
    measured = told.said[known.id].size_mm if known.id in told.said else None
    return size_in_words(measured) if measured else f"{known.width} × {known.height} pixels"


def _year(told: Told) -> str:
    work = told.work
    stated = told.said[work].date if work in told.said else ""
    made = told.lineage.acts[work].at[:4] if work in told.lineage.acts else ""
    return shortened(stated, 40) if plain(stated) else made


def _by_hand(done: Sequence[Deed]) -> str:
    """Count what hands did in all acts together; who did it stands with each act in the credits."""
    touched = [each for each in done if each.hands]
    if not touched:
        return ""
    if len(done) == 1:
        return f"By hand: {plain(done[0].person)} {plain(done[0].by_hand)}."
    people = names(tuple(dict.fromkeys(each.person for each in touched)))
    counts = {
        "parameters typed": sum(each.doing == "typed" for deed in touched for each in deed.hands),
        "drawn or masked": sum(each.doing in ("drew", "masked") for deed in touched for each in deed.hands),
        "chosen or arranged": sum(each.doing in ("chose", "arranged") for deed in touched for each in deed.hands),
    }
    said = ", ".join(f"{number} {words}" for words, number in counts.items() if number)
    return f"By hand, in {len(touched)} of {len(done)} acts: {people}, {said}."


def _chosen(choices: Sequence[Chosen], work: str) -> str:
    return next((plain(each.words) for each in choices if each.work == work and each.kept), "")


def names(makers: Sequence[str]) -> str:
    """Name some makers, and count the others."""
    return listed([shortened(each, 60) for each in makers[:3]], max(0, len(makers) - 3), "maker")


def _sentence(text: str) -> str:
    text = text.removeprefix(", ")
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}" if text else ""
