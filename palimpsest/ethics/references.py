"""What a collection is held against: even shares, a museum's figures, or a file of one's own; always named, with its source."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.placing import LONGEST, centuries, cultures, families, name_key, periods, regions, rules, text_of
from palimpsest.ethics.representation import even, normalized

EVEN = "even"
MOST_GROUPS = 20_000
"""So many groups a file of one's own may name."""
GENDERS = ("women", "men")
"""What even shares by gender are taken over; whoever a record calls otherwise is shown beside."""
TONES = tuple(f"tone {number}" for number in range(1, 11))
"""The ten tones of the Monk scale, as groups."""
LISTED: Mapping[str, Callable[[], tuple[str, ...]]] = {
    "region": regions,
    "culture": cultures,
    "period": lambda: tuple(name for name, _ in periods()),
    "century": lambda: tuple(name for name, _ in centuries()),
    "medium": families,
    "gender": lambda: GENDERS,
    "skin tone": lambda: TONES,
}
"""The groups that the rules list, for each dimension that has a list."""


@dataclass(frozen=True)
class Reference:
    """Shares that a collection is held against, and whose they are. `unknown` are groups that no rule of ours can fill."""

    name: str
    title: str
    shares: Mapping[str, float]
    source: str = ""
    licence: str = ""
    caution: str = ""
    counted: float = 0.0
    unit: str = ""
    unknown: tuple[str, ...] = ()


def museums() -> tuple[str, ...]:
    """Return the names of the museums whose figures are here."""
    return tuple(dict.fromkeys(each["name"] for each in rules("references.toml")["reference"]))


def museum(name: str, dimension: str) -> Reference | None:
    """Return a museum's figures for a dimension, or None where it has none."""
    for each in rules("references.toml")["reference"]:
        if (each["name"], each["dimension"]) == (name, dimension):
            counts = _counts()[name, dimension]
            facts = {key: each[key] for key in ("title", "source", "licence", "caution", "unit")}
            return Reference(name, shares=normalized(counts), counted=math.fsum(counts.values()), **facts)
    return None


def even_shares(dimension: str, here: Iterable[str]) -> Reference:
    """Return even shares over the groups that the rules list, or over those that are here where there is no list."""
    if dimension in LISTED:
        groups = LISTED[dimension]()
        return Reference(EVEN, f"even shares over {len(groups)} groups", even(groups))
    groups = tuple(here)
    return Reference(EVEN, f"even shares over the {len(groups)} groups that are here", even(groups))


@cache
def _counts() -> dict[tuple[str, str], dict[str, float]]:
    counts: dict[tuple[str, str], dict[str, float]] = {}
    for row in csv.DictReader(io.StringIO(text_of("references.csv"))):
        counts.setdefault((row["reference"], row["dimension"]), {})[row["group"]] = float(row["count"])
    return counts


def read_reference(data: bytes, name: str) -> dict[str, dict[str, float]]:
    """Read a reference of one's own: shares or counts of groups, by dimension ("" where the file names none).

    CSV: columns `group` and `share` (or `count`), and `dimension` if one likes. JSON: `{"group": number}`, or these by
    dimension. UTF-8, or UTF-16 that says so in its first bytes.

    Raises:
        ParameterRefused: it is none of these, names a group twice, or holds a share that is negative or not finite.
    """
    text = decoded(data, name)
    entries = _json_entries(text, name) if text.lstrip()[:1] in ("{", "[") else _csv_entries(text, name)
    found: dict[str, dict[str, float]] = {}
    keys: set[tuple[str, str]] = set()
    for dimension, group, share in entries:
        shown = " ".join(group.encode("utf-8", "replace").decode().split())[:LONGEST]  # JSON may hold half a sign
        key = (dimension, name_key(shown))
        if not shown or key in keys:
            raise ParameterRefused(f"{name}, group", "each group once, by its name", shown)
        if not math.isfinite(share) or share < 0:
            raise ParameterRefused(f"{name}, share of {shown}", "a finite number from 0", share)
        keys.add(key)
        found.setdefault(dimension, {})[shown] = share
    if not found:
        raise ParameterRefused(name, "at least one group with its share", "none")
    if len(keys) > MOST_GROUPS:
        raise ParameterRefused(name, f"at most {MOST_GROUPS} groups", len(keys))
    return {dimension: normalized(shares) for dimension, shares in found.items()}


def own_reference(read: Mapping[str, Mapping[str, float]], dimension: str, name: str) -> Reference | None:
    """Return what a file of one's own says of a dimension, its groups under the names that the rules give them."""
    said = read.get(dimension) or read.get("")
    if not said:
        return None
    usual = {name_key(group): group for group in (LISTED[dimension]() if dimension in LISTED else ())}
    shares = {usual.get(name_key(group), group): share for group, share in said.items()}
    unknown = tuple(group for group in shares if usual and group not in usual.values() and dimension != "gender")
    return Reference(name, f"your own choice ({name})", shares, unknown=unknown)


def decoded(data: bytes, name: str) -> str:
    """Read the text of a file.

    Raises:
        ParameterRefused: it is in an encoding that cannot be told.
    """
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ParameterRefused(name, "text in UTF-8 or UTF-16", str(fault), "Save it again as UTF-8.") from fault
    if "\0" in text:
        raise ParameterRefused(name, "text in UTF-8 or UTF-16", "bytes that are no text", "Save it again as UTF-8.")
    return text


Entry = tuple[str, str, float]


def _csv_entries(text: str, name: str) -> list[Entry]:
    wanted = "a table with the columns group and share"
    try:
        first = text.partition("\n")[0]
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ","))
    except csv.Error as fault:
        raise ParameterRefused(name, wanted, str(fault)) from fault
    columns = {(column or "").strip().casefold(): column for column in (rows[0] if rows else {})}
    amount = columns.get("share", columns.get("count"))
    if "group" not in columns or amount is None:
        raise ParameterRefused(name, wanted, ", ".join(columns) or "nothing")
    dimension = columns.get("dimension", "")
    return [
        ((row.get(dimension) or "").strip(), row[columns["group"]] or "", _number(row[amount], name)) for row in rows
    ]


def _json_entries(text: str, name: str) -> list[Entry]:
    wanted = "an object of groups and their shares"
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as fault:
        raise ParameterRefused(name, wanted, str(fault)) from fault
    entries: list[Entry] = []
    for key, value in _pairs(pairs, name):
        if isinstance(value, list):
            entries += [(key, group, _number(share, name)) for group, share in _pairs(value, name)]
        else:
            entries.append(("", key, _number(value, name)))
    return entries


def _pairs(value: object, name: str) -> list[tuple[str, object]]:
    if not isinstance(value, list) or not all(isinstance(each, tuple) for each in value):
        raise ParameterRefused(name, "an object of groups and their shares", value)
    return value


def _number(value: object, name: str) -> float:
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, OverflowError):
        raise ParameterRefused(f"{name}, share", "a number", value) from None
