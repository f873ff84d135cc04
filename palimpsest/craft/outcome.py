"""What a technique returns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from palimpsest.errors import ParameterRefused
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import SourceMap

Shares = Mapping[str, Sequence[float]]
"""For each role, the share of each of its works in the result. All together they sum to 1, or there are none."""


@dataclass(frozen=True)
class Made:
    """One picture and where it came from: `shares` by role, and in one sentence how they were measured.

    `sources` says it of each pixel, where the technique can; the shares are then those of the map. A picture with a source
    map is a pure copy of its sources unless `tolerance` says how far it may be from what the map rebuilds: the mean
    difference of its values, in 8-bit steps.
    """

    raster: Raster
    method: str
    shares: Shares = field(default_factory=dict)
    sources: SourceMap | None = None
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        """Refuse shares that are negative or do not add up, and a map of another size."""
        each = [share for shares in self.shares.values() for share in shares]
        if any(not share >= 0 for share in each) or (each and not math.isclose(sum(each), 1, abs_tol=1e-6)):
            raise ParameterRefused("shares", "shares from 0 that sum to 1", self.shares)
        size = (self.raster.width, self.raster.height)
        if self.sources is not None and (self.sources.width, self.sources.height) != size:
            raise ParameterRefused("sources", f"a map of {size[0]}×{size[1]} pixels, as the picture", self.sources)


@dataclass(frozen=True)
class Outcome:
    """One or more pictures made by one run of a technique."""

    made: tuple[Made, ...]

    @classmethod
    def of(
        cls,
        raster: Raster,
        method: str,
        shares: Shares | None = None,
        sources: SourceMap | None = None,
        tolerance: float = 0.0,
    ) -> Self:
        """Return an outcome of one picture."""
        return cls((Made(raster, method, shares or {}, sources, tolerance),))
