"""Which group a work belongs to, read from the words of its record by rules that lie beside this file, in `facts`.

Nothing is guessed: what no rule knows is "not placed" and named, and a maker's gender is only what a table says of that very
name. A record may belong to several groups by parts: "1390-1410" to two centuries, "Franco-Persian" to two regions.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.dating import Years, years_of
from palimpsest.lineage.records import Description

LONGEST = 80
"""So many signs of a record's words are shown or taken as a name."""
EARLIEST_AGE, OLDEST = 5, 110
"""A maker made nothing before the first age and after the second: a namesake is told by it."""


@dataclass(frozen=True)
class Placing:
    """The groups a work belongs to, with its share in each, and the words that could not be placed."""

    groups: Mapping[str, float] = field(default_factory=dict)
    left: tuple[str, ...] = ()


NOT_STATED = Placing()


@dataclass(frozen=True)
class Gendered:
    """What a table says of a maker: their gender in its own word, and the year of birth where it knows it."""

    gender: str
    born: int | None = None


Genders = Mapping[str, tuple[Gendered, ...]]
"""By a maker's name as `name_key` writes it; several where people share a name."""


def text_of(name: str) -> str:
    """Return a file of facts."""
    return files("palimpsest.ethics").joinpath("facts", name).read_text(encoding="utf-8")


@cache
def rules(name: str) -> dict[str, Any]:
    """Return the rules of a TOML file of facts."""
    return tomllib.loads(text_of(name))


def region(said: Description) -> Placing:
    """Place a work in a region of the world, by its culture."""
    return _shared(said.culture, _cultures(), lambda found: found[1])


def culture(said: Description) -> Placing:
    """Place a work in a culture, under its usual name; one that no rule knows stands under its own words."""
    known = _shared(said.culture, _cultures(), lambda found: found[0])
    own = " ".join(said.culture.split())[:LONGEST]
    return Placing({own: 1.0}) if known.left and own else known


def period(said: Description) -> Placing:
    """Place a work in one of the wide periods, or in several by its years."""
    return _dated(said.date, periods())


def century(said: Description) -> Placing:
    """Place a work in a century, or in several by its years."""
    return _dated(said.date, centuries())


def medium(said: Description) -> Placing:
    """Place a work in a family of media: the material that is named first, what it is laid on left aside."""
    whole = tokens(said.medium)
    if not whole:
        return NOT_STATED
    above = tokens(_SUPPORT.sub(" ", said.medium))
    for words in (above, whole):
        found = phrases(words, _media())
        if found:
            return Placing({found[0]: 1.0})
    return Placing(left=(_short(said.medium),))


def gender(said: Description, known: Genders) -> Placing:
    """Place a work by what a table says of the gender of those who made it; its makers share alike."""
    groups: dict[str, float] = {}
    left: list[str] = []
    years = years_of(said.date)
    for maker in said.makers:
        found = {each.gender for each in known.get(name_key(maker), ()) if _could_have(each, years)}
        if len(found) == 1:
            name = found.pop()
            groups[name] = groups.get(name, 0.0) + 1 / len(said.makers)
        else:
            left.append(_short(maker))
    return Placing(groups, tuple(left))


def stated(words: str) -> Placing:
    """Place a work under the very words of its record."""
    own = " ".join(words.split())[:LONGEST]
    return Placing({own: 1.0}) if own else NOT_STATED


def makers(said: Description) -> Placing:
    """Place a work with those who made it; they share alike."""
    names = list(dict.fromkeys(" ".join(name.split())[:LONGEST] for name in said.makers))
    return Placing({name: 1 / len(names) for name in names if name})


def regions() -> tuple[str, ...]:
    """Return every region that the rules know."""
    return tuple(each["name"] for each in rules("regions.toml")["region"])


def cultures() -> tuple[str, ...]:
    """Return every culture that the rules know."""
    return tuple(names[0] for each in rules("regions.toml")["region"] for names in each["cultures"])


def families() -> tuple[str, ...]:
    """Return every family of media that the rules know."""
    return tuple(rules("media.toml")["families"])


def periods() -> tuple[tuple[str, int], ...]:
    """Return every period, the earliest first, with its last year."""
    return tuple((each["name"], int(each["to"])) for each in rules("periods.toml")["period"])


def centuries() -> tuple[tuple[str, int], ...]:
    """Return what a century is counted under, the earliest first, with its last year: whole ones from the year 1000 on."""
    early = (("before our era", 0), ("1–499", 499), ("500–999", 999))
    return (*early, *((f"{start}–{start + 99}", start + 99) for start in range(1000, 2100, 100)))


@cache
def tate_genders() -> Genders:
    """Return the gender of artists as Tate's data of 2014 states it (CC0), by name."""
    return read_genders(text_of("makers_gender.csv"), "makers_gender.csv")


def read_genders(text: str, name: str) -> dict[str, tuple[Gendered, ...]]:
    """Read a table of makers: columns name and gender, and born if one likes.

    Raises:
        ParameterRefused: a column is missing, or a year of birth is no number.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(text)))
    except csv.Error as fault:
        raise ParameterRefused(name, "a table with the columns name and gender", str(fault)) from fault
    if not rows or not {"name", "gender"} <= rows[0].keys():
        raise ParameterRefused(name, "a table with the columns name and gender", list(rows[0]) if rows else "nothing")
    known: dict[str, tuple[Gendered, ...]] = {}
    for row in rows:
        word = (row["gender"] or "").strip()[:LONGEST]
        if word and row["name"]:
            key = name_key(row["name"])
            found = Gendered(_WORDS.get(word.casefold(), word), _born(row.get("born") or "", name))
            known[key] = (*known.get(key, ()), found)
    return known


def _born(text: str, name: str) -> int | None:
    if text.strip() and not re.fullmatch(r"\s*-?[0-9]{1,4}\s*", text):
        raise ParameterRefused(f"{name}, born", "a year", text)
    return int(text) if text.strip() else None


def name_key(name: str) -> str:
    """Write a name so that spaces, letter case and the composition of letters make no difference."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text, without case, accents and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


Lexicon = Mapping[tuple[str, ...], Any]


def phrases(words: Sequence[str], lexicon: Lexicon) -> list[Any]:
    """Find what a lexicon knows in some words, in their order; of phrases that begin at one word the longest counts."""
    longest = max(map(len, lexicon))
    found: list[Any] = []
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            entry = lexicon.get(tuple(words[place : place + length]))
            if entry is not None:
                found.append(entry)
                place += length - 1
                break
        place += 1
    return found


_SUPPORT = re.compile(r"\b(?:up)?on\b[^,;]*|\((?:recto|verso)\)", re.IGNORECASE)
_WORDS = dict.fromkeys(("female", "woman", "women", "f", "w"), "women") | dict.fromkeys(
    ("male", "man", "men", "m"), "men"
)


@cache
def _cultures() -> Lexicon:
    """Return the phrases of `regions.toml`, each with its culture's usual name and its region."""
    listed = ((each["name"], names) for each in rules("regions.toml")["region"] for names in each["cultures"])
    return {tokens(alias): (names[0], place) for place, names in listed for alias in names}


@cache
def _media() -> Lexicon:
    return {tokens(word): family for family, words in rules("media.toml")["families"].items() for word in words}


def _shared(text: str, lexicon: Lexicon, group_of: Callable[[Any], str]) -> Placing:
    words = tokens(text)
    if not words:
        return Placing(left=(_short(text),)) if text.strip() else NOT_STATED
    groups = list(dict.fromkeys(map(group_of, phrases(words, lexicon))))
    return Placing({group: 1 / len(groups) for group in groups}) if groups else Placing(left=(_short(text),))


def _dated(text: str, spans: Sequence[tuple[str, int]]) -> Placing:
    """Spread a date over the periods that it touches, by its years."""
    years = years_of(text)
    if years is None or years[1] > spans[-1][1]:
        return Placing(left=(_short(text),)) if text.strip() else NOT_STATED
    start, end = years
    groups: dict[str, float] = {}
    for name, last in spans:
        within = min(end, last) - start + 1
        if within > 0:
            groups[name] = within / (end - years[0] + 1)
            start = last + 1
        if last >= end:
            break
    return Placing(groups)


def _could_have(maker: Gendered, years: Years | None) -> bool:
    if maker.born is None or years is None:
        return True
    return years[1] >= maker.born + EARLIEST_AGE and years[0] <= maker.born + OLDEST


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
