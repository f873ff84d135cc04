"""Cells about scattered points: the cracks of paint and glaze, pebbles, pools of wax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats


@dataclass(frozen=True)
class Cells:
    """Cells about jittered points, one in each square of a lattice (Voronoi; Worley 1996): cracks, pebbles, pools."""

    jitter: Floats
    tints: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Cells:
        """Draw the points of 128 × 128 squares, after which they repeat."""
        return cls(rng.random((2, 128 * 128), np.float32) * np.float32(0.9), rng.random(128 * 128, np.float32))

    def borders(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[Floats, Floats]:
        """Return the distance to the nearest border between cells, in squares (about, never too great), and each cell's tint."""
        column, row = np.floor(x), np.floor(y)
        fx, fy = (x - column).astype(np.float32), (y - row).astype(np.float32)
        column_of, row_of = column.astype(np.int32), row.astype(np.int32)
        first = np.full(np.shape(x), 9, np.float32)
        second, owner = first.copy(), np.zeros(np.shape(x), np.int32)
        for down in (-1, 0, 1):
            base = ((row_of + down) & 127) << 7
            for across in (-1, 0, 1):
                square = base | ((column_of + across) & 127)
                dx = self.jitter[0][square] + (np.float32(across) - fx)
                dy = self.jitter[1][square] + (np.float32(down) - fy)
                distance = dx * dx + dy * dy
                nearer = distance < first
                second = np.minimum(second, np.maximum(distance, first))
                first = np.minimum(first, distance)
                owner[nearer] = square[nearer]
        gap: Floats = (np.sqrt(second) - np.sqrt(first)) * np.float32(0.5)
        return gap, self.tints[owner]
