"""What a technique returns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster

Shares = Mapping[str, Sequence[float]]
"""For each role, the share of each of its works in the result. All together they sum to 1, or there are none."""


@dataclass(frozen=True)
class Made:
    """One picture and where it came from: `shares` by role, and in one sentence how they were measured."""

    raster: Raster
    method: str
    shares: Shares = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse shares that are negative or do not add up."""
        each = [share for shares in self.shares.values() for share in shares]
        if any(not share >= 0 for share in each) or (each and not math.isclose(sum(each), 1, abs_tol=1e-6)):
            raise ParameterRefused("shares", "shares from 0 that sum to 1", self.shares)


@dataclass(frozen=True)
class Outcome:
    """One or more pictures made by one run of a technique."""

    made: tuple[Made, ...]

    @classmethod
    def of(cls, raster: Raster, method: str, shares: Shares | None = None) -> Self:
        """Return an outcome of one picture."""
        return cls((Made(raster, method, shares or {}),))
