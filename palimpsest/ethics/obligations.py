"""Obligations that no one result could meet together, found before any work begins.

Share-alike asks that what is made be given on under the same licence, or one that its makers have declared as good. So it
cannot stand beside a licence that lets nothing made be shared, beside a share-alike licence that has no way in common with it,
or beside a reservation of sales that its own licence does not make. The ways in common are those of Creative Commons'
compatibility chart, and for other licences their own texts (`licences.outlets`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from palimpsest.ethics.licences import is_non_commercial, outlets
from palimpsest.lineage.records import Obligation, Owed


@dataclass(frozen=True)
class Conflict:
    """Two works whose obligations exclude each other: what the first comes with, and what the second asks for."""

    work: str
    first: str
    other: str
    second: str


def conflict(owed: Collection[Owed]) -> Conflict | None:
    """Return the first two obligations that exclude each other, in a fixed order; None where all can be met together."""
    ordered = sorted(owed, key=lambda each: (each.licence, each.work))
    alike = [each for each in ordered if each.obligation is Obligation.SHARE_ALIKE]
    if not alike:
        return None
    kept_whole = next((each for each in ordered if each.obligation is Obligation.NO_DERIVATIVES), None)
    if kept_whole is not None:
        return _between(alike[0], kept_whole)
    return _without_a_common_way(alike) or _sold_and_not_sold(alike, ordered)


def ways(owed: Owed) -> frozenset[str]:
    """Return under which licences what is made from a share-alike work may be shared; one without a name has only itself."""
    return outlets(owed.licence) if owed.licence else frozenset({owed.work})


def _without_a_common_way(alike: list[Owed]) -> Conflict | None:
    common = ways(alike[0])
    for each in alike[1:]:
        if not common & ways(each):
            apart = next((one for one in alike if not ways(one) & ways(each)), alike[0])
            return _between(apart, each)
        common &= ways(each)
    return None


def _sold_and_not_sold(alike: list[Owed], owed: list[Owed]) -> Conflict | None:
    """Find a reservation of sales that comes from elsewhere than the share-alike work, whose licence forbids adding one."""
    common = frozenset.intersection(*map(ways, alike))
    if any(is_non_commercial(way) for way in common):
        return None
    bound = {each.work for each in alike}
    reserved = (each for each in owed if each.obligation is Obligation.NON_COMMERCIAL and each.work not in bound)
    first = next(reserved, None)
    return _between(alike[0], first) if first else None


def _between(one: Owed, other: Owed) -> Conflict:
    return Conflict(one.work, _in_words(one), other.work, _in_words(other))


def _in_words(owed: Owed) -> str:
    return f"{owed.obligation.value} under {owed.licence or 'terms that name no licence'}"
