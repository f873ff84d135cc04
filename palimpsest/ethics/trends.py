"""How shares change over time: simple, and slow to call a difference a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from palimpsest.ethics.representation import Interval, hill, tally, wilson

MOST_SPANS = 12
"""Days where there are no more, else months, else years."""
FOLLOWED = 3
"""So many groups are followed: the largest."""
Change = Literal["more than at first", "less than at first", "no clear change"]


@dataclass(frozen=True)
class Moment:
    """One span of time: what it is called, how many units it holds, and of those the share of each followed group."""

    name: str
    units: int
    placed: float
    shares: Mapping[str, tuple[float, Interval]]
    effective: float


@dataclass(frozen=True)
class Trend:
    """The followed groups through time, and for each whether the last span clearly differs from the first."""

    groups: tuple[str, ...]
    spans: tuple[Moment, ...]
    changes: Mapping[str, Change]


Dated = tuple[str, Mapping[str, float]]
"""A moment (ISO 8601) and a unit's share in every group."""


def trend(units: Sequence[Dated]) -> Trend | None:
    """Follow the largest groups through time; None where everything happened in one day, or nothing was placed.

    A change is named only where the intervals of the first and the last span do not touch, which is stricter than a test.
    """
    spans = _spans(units)
    groups = tuple(tally(unit for _, unit in units).shares)[:FOLLOWED]
    if len(spans) < 2 or not groups:
        return None
    moments = tuple(_moment(name, members, groups) for name, members in sorted(spans.items()))
    return Trend(groups, moments, {group: _change(group, moments) for group in groups})


def _spans(units: Sequence[Dated]) -> dict[str, list[Mapping[str, float]]]:
    for length in (10, 7, 4):  # a day, a month, a year of ISO 8601
        spans: dict[str, list[Mapping[str, float]]] = {}
        for at, unit in units:
            spans.setdefault(at[:length], []).append(unit)
        if len(spans) <= MOST_SPANS:
            break
    return spans


def _moment(name: str, members: Sequence[Mapping[str, float]], groups: Sequence[str]) -> Moment:
    counted = tally(members)
    shares = {
        group: (counted.share(group), wilson(counted.weights.get(group, 0.0), counted.placed)) for group in groups
    }
    return Moment(name, counted.units, counted.placed, shares, hill(counted.weights.values(), 1))


def _change(group: str, moments: Sequence[Moment]) -> Change:
    (_, first), (_, last) = moments[0].shares[group], moments[-1].shares[group]
    if last[0] > first[1]:
        return "more than at first"
    return "less than at first" if last[1] < first[0] else "no clear change"
