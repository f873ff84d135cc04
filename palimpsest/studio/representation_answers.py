"""A judgement of representation as plain values, and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from palimpsest.ethics.representation import CONFIDENCE, Row
from palimpsest.studio.representation import Audit, Effective, Table
from palimpsest.studio.representation_people import SKIN_TONE

SHOWN = 12
"""So many groups, missing ones and words are written out for a person; JSON and the page have more."""
FEW_HERE = 5
"""Below so many, a group's count is marked as small."""


def audit_json(found: Audit) -> dict[str, Any]:
    """Write a judgement as plain values."""
    return {
        "of": found.of,
        "counted": found.unit,
        "units": found.units,
        "at": found.at,
        "confidence": CONFIDENCE,
        "interval": "Wilson score",
        "notes": list(found.notes),
        "tables": [_table_json(each) for each in found.tables],
    }


def _table_json(table: Table) -> dict[str, Any]:
    reference = table.reference
    return {
        "by": table.dimension,
        "placed": table.counted.placed,
        "not_placed": table.counted.unplaced,
        "against": asdict(reference) | {"shares": dict(reference.shares)} if reference else None,
        "groups": [asdict(row) | _kept(table, row) for row in table.rows if row.weight],
        "missing": [asdict(row) for row in table.missing],
        "effective_number": [asdict(each) for each in table.effective],
        "distance": asdict(table.apart) if table.apart else None,
        "words_not_placed": dict(table.left),
        "trend": asdict(table.trend) if table.trend else None,
        "notes": list(table.notes),
    }


def _kept(table: Table, row: Row) -> dict[str, float]:
    return {} if table.kept is None else {"kept": table.kept.get(row.group, 0.0)}


def audit_lines(found: Audit) -> Iterator[str]:
    """Write a judgement for a person."""
    yield f"{found.units} {found.unit}"
    yield from found.notes
    if found.units:
        for table in found.tables:
            yield ""
            yield from _table_lines(table)


def _table_lines(table: Table) -> Iterator[str]:
    against = f", against {table.reference.title}" if table.reference else ""
    yield f"By {table.dimension}: {number(table.counted.placed)} placed, {number(table.counted.unplaced)} not{against}"
    here = [row for row in table.rows if row.weight]
    width = max((len(row.group) for row in here[:SHOWN]), default=0)
    yield from (f"  {row_line(row, width, table)}" for row in here[:SHOWN])
    if len(here) > SHOWN:
        yield f"  … and {len(here) - SHOWN} more groups (--json, or -o FILE.html)"
    if table.counted.placed and table.missing:
        yield f"  none here: {named([row.group for row in table.missing])}"
    if here and table.effective:
        yield f"  {effective_words(table.effective)}"
    if table.apart:
        yield f"  {apart_words(table)}"
    if table.left:
        yield f"  not placed: {named([f'{words} ({number(count)})' for words, count in table.left.items()])}"
    yield from (f"  note: {note}" for note in table.notes)


def row_line(row: Row, width: int, table: Table) -> str:
    """Write one group: its share, its interval, its count, and what the reference would have."""
    parts = [f"{row.group:<{width}}  {row.share:6.1%}  ({row.low:.1%} to {row.high:.1%})  n {number(row.weight)}"]
    if table.dimension == SKIN_TONE:
        parts.append(f"sure of {row.least:.1%}, may be {row.most:.1%}")
    elif row.reference is not None:
        parts.append(f"reference {row.reference:.1%}: {row.verdict}")
    elif row.verdict:
        parts.append(row.verdict)
    if table.kept is not None:
        parts.append(f"kept {number(table.kept.get(row.group, 0.0))}")
    return "  ".join([*parts, *(["few"] if row.weight < FEW_HERE else [])])


def effective_words(effective: tuple[Effective, ...]) -> str:
    """Say how many equally common groups would be as diverse."""
    parts = [
        f"{each.value:.3g}"
        + (f" ({each.interval[0]:.3g} to {each.interval[1]:.3g})" if each.interval else " (too little for an interval)")
        for each in effective
    ]
    return f"groups seen {parts[0]}; effective number {parts[1]}, of the common ones {parts[2]}"


def apart_words(table: Table) -> str:
    """Say how far a table is from its reference, beside what chance alone would do."""
    if table.apart is None:
        return ""
    return (
        f"{table.apart.distance:.0%} would have to be of another group to match; of as many drawn fairly, "
        f"chance makes it {table.apart.fair:.0%}, seldom more than {table.apart.fair_upper:.0%}"
    )


def number(count: float) -> str:
    """Write a count: whole where it is whole, else with one decimal."""
    return f"{count:.0f}" if abs(count - round(count)) < 0.05 else f"{count:.1f}"


def named(names: list[str], most: int = SHOWN) -> str:
    """List names, and say how many more there are."""
    rest = f" … and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
