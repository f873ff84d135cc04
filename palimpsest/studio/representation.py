"""Who is in the collection, who was used, who was suggested: held against a reference that is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from palimpsest.errors import FileRefused, NotFound, ParameterRefused, UsageRefused
from palimpsest.ethics.placing import Genders, read_genders, tate_genders
from palimpsest.ethics.references import (
    EVEN,
    LISTED,
    TONES,
    Reference,
    decoded,
    even_shares,
    museum,
    museums,
    own_reference,
    read_reference,
)
from palimpsest.ethics.representation import (
    FEW,
    Apart,
    Interval,
    Row,
    Tally,
    apart,
    compare,
    hill,
    hill_interval,
    tally,
)
from palimpsest.ethics.trends import Trend, trend
from palimpsest.library.files import refusal
from palimpsest.studio.membership import DIMENSIONS, OF, Counted, Members, Records, places
from palimpsest.studio.representation_people import SKIN_TONE, faces, within_light
from palimpsest.studio.studio import Studio

USUAL = ("region", "period", "medium", "gender")
LARGEST_TABLE = 16 * 1024**2
UNITS = {
    "collection": ("work that came from outside", "works that came from outside"),
    "used": ("act that used works", "acts that used works"),
    "results": ("work that was made here", "works that were made here"),
    "suggested": ("work that was suggested", "works that were suggested"),
}


@dataclass(frozen=True)
class Effective:
    """An effective number of groups (Hill number), with its 95 % interval where there is enough to tell."""

    order: int
    value: float
    interval: Interval | None


@dataclass(frozen=True)
class Table:
    """One dimension: every group with its share and interval, what it is held against, and what could not be placed."""

    dimension: str
    counted: Tally
    rows: tuple[Row, ...]
    reference: Reference | None
    effective: tuple[Effective, ...]
    apart: Apart | None
    left: Mapping[str, float]
    kept: Mapping[str, float] | None
    """Of what was suggested, how much of each group a person kept."""
    trend: Trend | None
    notes: tuple[str, ...]

    @property
    def missing(self) -> tuple[Row, ...]:
        """The groups of the reference with nothing here, those it holds most of first."""
        return tuple(row for row in self.rows if not row.weight)


@dataclass(frozen=True)
class Audit:
    """What was counted, one table for each dimension, and what to bear in mind."""

    of: str
    units: int
    at: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...]

    @property
    def unit(self) -> str:
        """What was counted, in words."""
        return UNITS[self.of][self.units != 1]


def audit(
    studio: Studio,
    of: str = "collection",
    by: Sequence[str] = (),
    against: str = EVEN,
    genders: Path | None = None,
    *,
    people: bool = False,
) -> Audit:
    """Count who is there, by each dimension, against even shares, a museum's figures or a file of one's own.

    With `people`, also the skin tones of the faces on record.

    Raises:
        UsageRefused: there is no such thing to count, or the reference has no figures for what was asked.
        ParameterRefused: a file is not what it should be.
        NotFound, FileRefused: a file is not there, or may not be read.
    """
    _check_words(of, by)
    known = {**tate_genders(), **_own_genders(genders)}
    dimensions = tuple(dict.fromkeys(by)) or USUAL
    given = _own(against, dimensions) if against not in (EVEN, *museums()) else None
    if given is None and against != EVEN:
        _check_museum(against, by)
    records = Records.of(studio)
    counted = records.counted(of)
    tables = [_placed(records, counted, each, against, given, known) for each in dimensions]
    if of == "suggested":
        tables = [replace(each, kept=_kept(records, counted, each.dimension, known)) for each in tables]
    if people:
        tables.append(_people(studio, records, counted, against, given))
    return Audit(of, len(counted), studio.clock(), tuple(tables), _remarks(of, counted, records))


def groups_of(studio: Studio, works: Sequence[str], dimension: str) -> list[str]:
    """Return the group that most of each work belongs to, or "not placed": what `ethics.representation.reorder` asks for.

    Raises:
        UsageRefused: there is no such dimension.
    """
    _check_words("collection", (dimension,))
    records = Records.of(studio)
    place = places(tate_genders())[dimension]
    found = (records.members({work: 1.0}, dimension, place) for work in works)
    return [_largest(_groups(members)) for members in found]


def _largest(groups: Mapping[str, float]) -> str:
    return max(sorted(groups), key=groups.__getitem__, default="not placed")


Given = Mapping[str, Mapping[str, float]] | None
"""What a file of one's own says, by dimension."""


def _placed(
    records: Records, counted: Sequence[Counted], dimension: str, against: str, given: Given, genders: Genders
) -> Table:
    place = places(genders)[dimension]
    units = [(each.at, records.members(each.shares, dimension, place)) for each in counted]
    return _table(dimension, units, against, given)


def _people(studio: Studio, records: Records, counted: Sequence[Counted], against: str, given: Given) -> Table:
    found = faces(studio, records, counted)
    named = given if given is None else {each: shares for each, shares in given.items() if each}
    table = _table(SKIN_TONE, found.units, against, named)
    rows = tuple(within_light((row for row in table.rows if row.group in TONES), found.ranges))
    return replace(table, rows=rows, effective=(), apart=None, notes=(*found.remarks, *table.notes))


def _kept(records: Records, counted: Sequence[Counted], dimension: str, genders: Genders) -> Mapping[str, float]:
    place = places(genders)[dimension]
    chosen = (records.members(each.shares, dimension, place) for each in counted if each.kept)
    return tally(_groups(members) for members in chosen).weights


def _groups(members: Members) -> dict[str, float]:
    return {name: share for (placed, name), share in members.items() if placed}


def _table(dimension: str, units: Sequence[tuple[str, Members]], against: str, given: Given) -> Table:
    whole = tally(_groups(members) for _, members in units)
    reference = _reference(against, given, dimension, whole)
    shares = reference.shares if reference else {}
    left: dict[str, float] = {}
    for _, members in units:
        for (placed, words), share in members.items():
            if not placed:
                left[words] = left.get(words, 0.0) + share
    return Table(
        dimension,
        whole,
        tuple(_ordered(compare(whole, shares), dimension)),
        reference,
        tuple(
            Effective(order, hill(whole.weights.values(), order), hill_interval(whole, order)) for order in (0, 1, 2)
        ),
        apart(whole, shares) if shares else None,
        dict(sorted(left.items(), key=lambda pair: (-pair[1], pair[0]))),
        None,
        trend([(at, _groups(members)) for at, members in units]),
        _notes(dimension, whole, reference, against),
    )


def _ordered(rows: list[Row], dimension: str) -> list[Row]:
    """Put what has an order of its own in that order: times and tones."""
    if dimension not in ("period", "century", SKIN_TONE):
        return rows
    listed = LISTED[dimension]()
    return sorted(rows, key=lambda row: listed.index(row.group) if row.group in listed else len(listed))


def _reference(against: str, given: Given, dimension: str, whole: Tally) -> Reference | None:
    if given is not None:
        return own_reference(given, dimension, Path(against).name)
    if against == EVEN:
        return even_shares(dimension, whole.shares)
    return museum(against, dimension)


def _notes(dimension: str, whole: Tally, reference: Reference | None, against: str) -> tuple[str, ...]:
    notes: list[str] = []
    if not whole.placed:
        notes.append("Nothing could be placed, so nothing is held against anything.")
    elif whole.placed < FEW:
        notes.append(f"This rests on {whole.placed:.4g} only: the intervals are wide, and little can be said.")
    if 0 < whole.placed < whole.unplaced:
        notes.append("More could not be placed than could: everything here speaks only of those that could.")
    if dimension == "gender":
        notes.append(
            "Gender is what a table says of a maker of this very name (Tate's data of 2014, and your own table); "
            "it is never guessed from a name, and whoever no table names is not placed."
        )
    if reference is None:
        notes.append(f"{against} has no figures by {dimension}.")
    elif reference.unknown:
        unknown = ", ".join(reference.unknown[:12]) + (" …" if len(reference.unknown) > 12 else "")
        notes.append(f"The reference names groups that no rule here can fill: {unknown}.")
    silent = [each for each in LISTED.get(dimension, tuple)() if reference and not reference.shares.get(each)]
    if silent and reference is not None and dimension != "culture":
        notes.append(f"The reference itself has none of: {', '.join(silent)}.")
    if reference is not None and reference.caution:
        notes.append(f"{reference.title}: {reference.caution}.")
    return tuple(notes)


def _remarks(of: str, counted: Sequence[Counted], records: Records) -> tuple[str, ...]:
    """Say what is to be borne in mind of everything that was counted."""
    if not counted:
        empty = {
            "collection": "There is no work from outside here yet.",
            "used": "No act has used a work yet.",
            "results": "Nothing was made here yet.",
            "suggested": "Nothing was suggested yet, or nobody has kept or set aside a suggestion: no choice is on record.",
        }
        return (empty[of],)
    remarks = {
        "collection": "Works made here are left out; `--of results` counts them.",
        "used": "An act counts once, shared among its inputs by the evidence of how much of each is in its result; "
        "a guide that gave no pixel has no share, and an act performed again is not counted again.",
        "results": "A work made here counts for the works from outside that it came from, by their credits.",
        "suggested": "Every work that somebody kept, set aside or had before them while choosing; "
        f"{sum(each.kept for each in counted)} of {len(counted)} were kept.",
    }
    gone = f"{len(records.erased)} erased works are not counted." if records.erased and of != "used" else ""
    chance = (
        "The intervals say what chance alone leaves open, as if each had been drawn by itself from a larger source; "
    )
    series = "works that came together, as a series does, say less than their number."
    return tuple(filter(None, (remarks[of], gone, chance + series)))


def _check_words(of: str, by: Sequence[str]) -> None:
    if of not in OF:
        raise UsageRefused(f"Expected one of {', '.join(OF)} to count, but got {of!r}.")
    for each in by:
        if each not in DIMENSIONS:
            raise UsageRefused(f"Expected one of {', '.join(DIMENSIONS)} to count by, but got {each!r}.")


def _check_museum(name: str, by: Sequence[str]) -> None:
    """Refuse a museum that has no figures for what was asked by name."""
    lacking = [each for each in by if museum(name, each) is None]
    if lacking:
        has = ", ".join(each for each in DIMENSIONS if museum(name, each))
        raise UsageRefused(
            f"Expected figures of {name} by {', '.join(lacking)}, but there are none.", f"It has figures by {has}."
        )


def _own(against: str, dimensions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Read a reference of one's own."""
    path = Path(against)
    if not path.suffix and not path.exists():
        names = ", ".join((EVEN, *museums()))
        raise NotFound("reference", against, f"There are {names}, or name a CSV or JSON file of your own.")
    read = read_reference(_bytes(path), path.name)
    strange = [each for each in read if each and each not in (*DIMENSIONS, SKIN_TONE)]
    if strange:
        raise ParameterRefused(f"{path.name}, dimension", f"one of {', '.join(DIMENSIONS)}", strange[0])
    if "" in read and len(dimensions) > 1:
        raise UsageRefused(
            f"{path.name}: expected to know what its groups are, but it names no dimension.",
            f"Say it with --by ({', '.join(DIMENSIONS)}).",
        )
    lacking = [each for each in dimensions if each not in read]
    if "" not in read and len(lacking) == len(dimensions):
        raise UsageRefused(
            f"{path.name}: expected shares by {', '.join(dimensions)}, but it has them by {', '.join(read)}.",
            "Say which with --by.",
        )
    return read


def _own_genders(path: Path | None) -> Genders:
    return read_genders(decoded(_bytes(path), path.name), path.name) if path else {}


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise NotFound("file", str(path), "Look at the name.")
        if not path.is_file():
            raise FileRefused(str(path), "expected a file with a table, but it is a folder or a device", "Name a file.")
        if path.stat().st_size > LARGEST_TABLE:
            raise FileRefused(str(path), f"expected a table, but it is larger than {LARGEST_TABLE // 1024**2} MB")
        return path.read_bytes()
    except (OSError, ValueError) as fault:
        if isinstance(fault, OSError):
            raise refusal(path, fault) from fault
        raise NotFound("file", str(path), "Look at the name.") from fault
