"""Who is shown and who is not: shares of groups with their uncertainty, held against a reference, and a balance to ask for.

Everything here is a pure function of numbers. A *unit* is what is counted: a work, an act, a face. It belongs to groups with
shares that sum to 1 at most (a work dated "1390-1410" belongs to two centuries); what is missing to 1 could not be placed.

Intervals take each unit as drawn by itself from a larger source. With shared membership they are a little wider than needed:
for a value between 0 and 1 with mean p the variance is p(1-p) at most, and the same holds for every sum of shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from palimpsest.errors import ParameterRefused

CONFIDENCE = 0.95
FEW = 30
"""Below so many units placed, a table is marked as resting on few."""
LEAST = 10
"""Below so many units placed, no interval is given for an effective number."""
DRAWS = 2000
"""How often a bootstrap draws."""
Interval = tuple[float, float]
Verdict = Literal["fewer", "more", "no clear difference", "not in the reference", ""]
Doubles = NDArray[np.float64]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Tally:
    """How much of some units belongs to each group, and how much could not be placed; `units` counts them."""

    weights: Mapping[str, float]
    units: int
    unplaced: float = 0.0

    @cached_property
    def placed(self) -> float:
        """How many units, in whole and in parts, were placed."""
        return math.fsum(self.weights.values())

    def share(self, group: str) -> float:
        """Return a group's share of what was placed."""
        return self.weights.get(group, 0.0) / self.placed if self.placed else 0.0

    @cached_property
    def shares(self) -> dict[str, float]:
        """Each group's share of what was placed, the largest first."""
        ranked = sorted(self.weights, key=lambda group: (-self.weights[group], group))
        return {group: self.share(group) for group in ranked if self.weights[group] > 0}

    def bounds(self, group: str) -> Interval:
        """Return the least and the greatest share of all units that a group can have, whatever the unplaced ones are."""
        whole = self.placed + self.unplaced
        held = self.weights.get(group, 0.0)
        return (held / whole, (held + self.unplaced) / whole) if whole else (0.0, 1.0)


def tally(units: Iterable[Mapping[str, float]]) -> Tally:
    """Add up units, each given as its share in every group."""
    weights: dict[str, float] = {}
    count = 0
    for unit in units:
        count += 1
        for group, share in unit.items():
            weights[group] = weights.get(group, 0.0) + share
    return Tally(weights, count, max(0.0, count - math.fsum(weights.values())))


def wilson(count: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the Wilson score interval of a share: the shares that `count` of `n` does not contradict.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference. `count` and `n` may be parts of
    units; with none it is 0..1.
    """
    if n <= 0:
        return 0.0, 1.0
    z = float(ndtri(0.5 + confidence / 2))
    share = min(1.0, count / n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    middle, whole = share + z * z / (2 * n), 1 + z * z / n
    low = 0.0 if count <= 0 else max(0.0, (middle - spread) / whole)
    return low, 1.0 if share >= 1 else min(1.0, (middle + spread) / whole)


def exact(count: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a share (Clopper and Pearson 1934): wider than Wilson's, and never too narrow for few."""
    if n <= 0:
        return 0.0, 1.0
    tail, rest = (1 - confidence) / 2, max(0.0, n - count)
    low = float(betaincinv(count, rest + 1, tail)) if count > 0 else 0.0
    return low, float(betaincinv(count + 1, rest, 1 - tail)) if rest > 0 else 1.0


def hill(weights: Iterable[float], order: Literal[0, 1, 2]) -> float:
    """Return the effective number of groups: as many equally common groups would be as diverse (Hill 1973, Jost 2006).

    Order 0 counts every group that is there, order 1 weighs each by its share, order 2 counts the common ones only.
    """
    held = np.array([weight for weight in weights if weight > 0], np.float64)
    return float(_hill(held[None], order)[0]) if held.size else 0.0


def _hill(weights: Doubles, order: int) -> Doubles:
    """Return the Hill number of each row."""
    shares = weights / weights.sum(axis=-1, keepdims=True)
    if order == 0:
        return np.asarray((shares > 0).sum(axis=-1), np.float64)
    if order == 2:
        return np.asarray(1 / np.square(shares).sum(axis=-1), np.float64)
    safe = np.where(shares > 0, shares, 1.0)
    return np.asarray(np.exp(-(safe * np.log(safe)).sum(axis=-1)), np.float64)


def hill_interval(counted: Tally, order: Literal[0, 1, 2], seed: int = 0) -> Interval | None:
    """Return a 95 % interval of the effective number, or None where there is too little to say.

    Orders 1 and 2: basic bootstrap on the logarithm, drawing multinomially; it mirrors the bootstrap's own shortfall, where a
    percentile interval would fall short twice. Order 0: from what was seen to the upper end of Chao's estimate of how many
    groups there are (Chao 1987), with at most one unit as "seen once".
    """
    weights = np.array([weight for weight in counted.weights.values() if weight > 0], np.float64)
    if counted.placed < LEAST or (weights.size < 2 and order):
        return None
    if order == 0:
        return float(weights.size), _chao_upper(weights)
    found = hill(weights, order)
    low, high = np.quantile(_hill(_draws(weights, counted.placed, seed), order), [0.025, 0.975])
    return max(1.0, found * found / float(high)), max(1.0, found * found / float(low))


def _draws(weights: Doubles, n: float, seed: int) -> Doubles:
    """Draw tables of counts like this one; fewer of them where there are thousands of groups."""
    times = max(200, min(DRAWS, 2_000_000 // weights.size))
    rng = np.random.default_rng(seed)
    return rng.multinomial(max(1, int(n)), weights / weights.sum(), times).astype(np.float64)


def _chao_upper(weights: Doubles) -> float:
    """Return the upper end of the log-normal 95 % interval of Chao's estimate (bias-corrected) of the number of groups."""
    seen = float(weights.size)
    once = float((weights <= 1).sum())
    twice = float(((weights > 1) & (weights <= 2)).sum())
    unseen = once * (once - 1) / (2 * (twice + 1))
    if unseen <= 0:
        return seen
    ratio = once / (twice + 1)
    variance = ratio * (once - 1) / 2 + ratio * (2 * once - 1) ** 2 / (4 * (twice + 1))
    variance += ratio**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 2)
    return seen + unseen * math.exp(1.96 * math.sqrt(math.log1p(variance / unseen**2)))


def distance(shares: Mapping[str, float], reference: Mapping[str, float]) -> float:
    """Return the total variation distance: the part of the units that would have to be of another group to match."""
    groups = shares.keys() | reference.keys()
    return math.fsum(abs(shares.get(group, 0.0) - reference.get(group, 0.0)) for group in sorted(groups)) / 2


@dataclass(frozen=True)
class Apart:
    """How far some units are from a reference, and how far a fair draw of as many would be, by chance alone."""

    distance: float
    fair: float
    fair_upper: float


def apart(counted: Tally, reference: Mapping[str, float], seed: int = 0) -> Apart | None:
    """Hold a tally against a reference, beside 95 % of fair draws of the same size; None where nothing was placed."""
    if not counted.placed or not reference:
        return None
    expected = np.array(list(reference.values()), np.float64)
    expected /= expected.sum()
    draws = _draws(expected, counted.placed, seed)
    off = np.abs(draws / draws.sum(axis=-1, keepdims=True) - expected).sum(axis=-1) / 2
    return Apart(distance(counted.shares, normalized(reference)), float(off.mean()), float(np.quantile(off, 0.95)))


@dataclass(frozen=True)
class Row:
    """One group: how much of it is here, its share with a 95 % interval, and what the reference would have."""

    group: str
    weight: float
    share: float
    low: float
    high: float
    reference: float | None
    verdict: Verdict
    least: float
    most: float


def compare(counted: Tally, reference: Mapping[str, float] | None = None) -> list[Row]:
    """Hold every group that is here or in the reference against the reference, the largest first, then the missing.

    Each interval (Wilson) holds by itself. A verdict is given only where the reference lies outside an exact interval, widened
    so that one table in twenty at most has a wrong verdict by chance (Bonferroni).
    """
    expected = normalized(reference) if reference else {}
    missing = [group for group, share in expected.items() if share and group not in counted.shares]
    missing.sort(key=lambda group: (-expected[group], group))
    groups = [*counted.shares, *missing]
    strict = 1 - (1 - CONFIDENCE) / max(1, len(groups))
    return [_row(counted, group, expected.get(group), bool(expected), strict) for group in groups]


def _row(counted: Tally, group: str, expected: float | None, held_against: bool, strict: float) -> Row:
    weight = counted.weights.get(group, 0.0)
    low, high = wilson(weight, counted.placed)
    least, most = counted.bounds(group)
    if not held_against:
        verdict: Verdict = ""
    elif expected is None:
        verdict = "not in the reference"
    else:
        verdict = _verdict(exact(weight, counted.placed, strict), expected)
    return Row(group, weight, counted.share(group), low, high, expected, verdict, least, most)


def _verdict(interval: Interval, expected: float) -> Verdict:
    if interval[1] < expected:
        return "fewer"
    return "more" if interval[0] > expected else "no clear difference"


def normalized(shares: Mapping[str, float]) -> dict[str, float]:
    """Return shares that sum to 1.

    Raises:
        ParameterRefused: one is negative or not a finite number, or all are 0.
    """
    for group, share in shares.items():
        if not math.isfinite(share) or share < 0:
            raise ParameterRefused(f"share of {group!r}", "a finite number from 0", share)
    greatest = max(shares.values(), default=0.0)
    if greatest <= 0:
        raise ParameterRefused("shares", "at least one above 0", dict(shares))
    scaled = {group: share / greatest for group, share in shares.items()}  # first, so that huge ones can be added
    whole = math.fsum(scaled.values())
    return {group: share / whole for group, share in scaled.items()}


def even(groups: Iterable[str]) -> dict[str, float]:
    """Return the same share for every group."""
    listed = list(dict.fromkeys(groups))
    return {group: 1 / len(listed) for group in listed}


def balance_weights(groups: Mapping[str, float], reference: Mapping[str, float], strength: float) -> dict[str, float]:
    """Move the shares of groups towards a reference: 0 leaves them, 1 gives the reference's shares; they sum to 1.

    `groups` holds how much there is of each (0 for one that could be drawn and is not there yet). What the reference does not
    name, or names with 0, keeps its own share, so that nobody is lost; what it names and nobody can draw is left out.

    Raises:
        ParameterRefused: the strength is outside 0..1, or a share is negative or not finite.
    """
    _check_strength(strength)
    own = normalized(groups)
    named = {group: share for group, share in reference.items() if group in own and share > 0}
    if not named:
        return own
    unnamed = [group for group in own if group not in named]
    kept = math.fsum(own[group] for group in unnamed)
    there = any(own[group] > 0 for group in named)
    room = kept if there else len(unnamed) / len(own)  # where none of the named is there yet, they are given room
    target = {group: share * (1 - room) for group, share in normalized(named).items()}
    target |= {group: own[group] * room / kept if kept else 0.0 for group in unnamed}
    return normalized({group: share + strength * (target[group] - share) for group, share in own.items()})


def reorder(
    candidates: Sequence[_T],
    groups: Sequence[str],
    seed: int,
    strength: float,
    reference: Mapping[str, float] | None = None,
) -> list[_T]:
    """Reorder ranked candidates so that every beginning of the list comes nearer to the reference's shares.

    `groups` names each candidate's group; the reference is even shares unless given. Strength 0 leaves the order; at 1 the
    groups come in turn by their shares (Sainte-Laguë). Within a group the order never changes, and nobody is left out.
    The seed decides only who comes first among equals.

    Raises:
        ParameterRefused: the strength is outside 0..1, or candidates and groups are not equally many.
    """
    _check_strength(strength)
    if len(candidates) != len(groups):
        raise ParameterRefused("groups", f"one for each of {len(candidates)} candidates", len(groups))
    if not candidates:
        return []
    names = list(dict.fromkeys(groups))
    counts = dict.fromkeys(names, 0.0)
    for group in groups:
        counts[group] += 1
    weights = balance_weights(counts, reference or even(names), 1.0)
    turn = dict(zip(names, np.random.default_rng(seed).permutation(len(names)).tolist(), strict=True))
    seen = dict.fromkeys(names, 0)
    keys: list[tuple[float, int, int]] = []
    for place, group in enumerate(groups):
        ideal = (seen[group] + 0.5) / weights[group] - 0.5
        seen[group] += 1
        keys.append(((1 - strength) * place + strength * ideal, turn[group] if strength else 0, place))
    return [candidates[key[-1]] for key in sorted(keys)]


def _check_strength(strength: float) -> None:
    if not 0 <= strength <= 1:
        raise ParameterRefused("strength", "a number from 0 to 1", strength)
