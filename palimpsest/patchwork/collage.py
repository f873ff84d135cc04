"""A first, rough picture: pieces of works that were moved about, cut where the joints show least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from palimpsest.craft.ports import Bytes
from palimpsest.patchwork.joining import Whole, joined

_GRID = 48
"""The longer side of the small picture on which the joints are found."""
_LONGINGS = (60, 120, 240, 480)
"""What it costs a piece, in levels, to be shown as far from its middle as pieces lie from each other: more if one takes all."""
_LARGEST = 0.55
"""No piece is to cover more than this share of the sheet, or the result would be a moved copy."""
_DRAWN = 4
"""Of so many sheets the one is taken whose colours are most those of the pictures."""
_OUTSIDE = 400
"""What it costs to show what lies beyond a picture's edge, where it is continued in the mirror."""


@dataclass(frozen=True)
class Freedom:
    """How pieces are moved: `pieces` of them, each up to `sideways` of the width and `upward` of the height."""

    pieces: int
    sideways: float
    upward: float


def collage(pictures: Sequence[Bytes], height: int, width: int, freedom: Freedom, rng: np.random.Generator) -> Bytes:
    """Cover a sheet (height, width, 3) with pieces of pictures, each taken from near the same place.

    Every piece has its middle somewhere on the sheet, and may be from any of the pictures. Joints go around what stands out.
    What is above stays above as long as pieces are not moved upward.
    """
    share = min(1.0, _GRID / max(height, width))
    rows, columns = max(2, round(height * share)), max(2, round(width * share))
    small = [_sized(each, rows, columns) for each in pictures]
    sheets = [_laid(small, freedom, rng) for _ in range(_DRAWN)]
    return min(sheets, key=lambda sheet: _missing(sheet, small))


def _laid(pictures: Sequence[Bytes], freedom: Freedom, rng: np.random.Generator) -> Bytes:
    """Lay pieces of small pictures, all of one size, and cut them."""
    rows, columns = pictures[0].shape[:2]
    pieces, far, beyond = [], [], []
    for y, x in _spread(freedom.pieces, rows, columns, rng):
        piece, outside = _moved(pictures[int(rng.integers(len(pictures)))], *_step(rows, columns, freedom, rng))
        pieces.append(piece)
        beyond.append(outside)
        far.append((np.arange(rows)[:, None] - y) ** 2 + (np.arange(columns)[None] - x) ** 2)
    stacked, home = np.stack(pieces), np.stack(far) * freedom.pieces
    for longing in _LONGINGS:
        labels = joined(stacked, longing * home // (rows * columns) + _OUTSIDE * np.stack(beyond))
        if np.bincount(labels.ravel()).max() <= _LARGEST * labels.size:
            break
    sheet: Bytes = np.take_along_axis(stacked, labels[None, :, :, None], axis=0)[0]
    return sheet


def _missing(sheet: Bytes, pictures: Sequence[Bytes]) -> int:
    """Return how far a sheet's colours are, rank by rank, from those of the pictures."""
    own = np.sort(sheet.reshape(-1, 3).astype(np.int64), axis=0)
    theirs = np.sort(np.concatenate([each.reshape(-1, 3) for each in pictures]).astype(np.int64), axis=0)
    return int(np.abs(own - theirs[:: len(pictures)]).sum())


def _spread(count: int, rows: int, columns: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Draw points that keep apart: of some at random, each time the one farthest from those drawn before."""
    points: list[tuple[int, int]] = []
    for _ in range(count):
        tries = [(int(rng.integers(rows)), int(rng.integers(columns))) for _ in range(8)]
        points.append(
            max(tries, key=lambda point: min(((point[0] - y) ** 2 + (point[1] - x) ** 2 for y, x in points), default=0))
        )
    return points


def _step(rows: int, columns: int, freedom: Freedom, rng: np.random.Generator) -> tuple[int, int]:
    up, side = (round(share * length) for share, length in ((freedom.upward, rows), (freedom.sideways, columns)))
    return int(rng.integers(-up, up + 1)), int(rng.integers(-side, side + 1))


def _sized(picture: Bytes, rows: int, columns: int) -> Bytes:
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((columns, rows), Image.Resampling.BOX))


def _moved(picture: Bytes, down: int, right: int) -> tuple[Bytes, Whole]:
    """Return a picture moved, continued by its mirror image, and 1 where that was needed."""
    places = [np.arange(side) - step for side, step in zip(picture.shape[:2], (down, right), strict=True)]
    inside = [(each >= 0) & (each < side) for each, side in zip(places, picture.shape[:2], strict=True)]
    folded = [_folded(each, side) for each, side in zip(places, picture.shape[:2], strict=True)]
    outside = ~(inside[0][:, None] & inside[1][None])
    return picture[folded[0][:, None], folded[1][None]], outside.astype(np.int64)


def _folded(place: Whole, side: int) -> Whole:
    """Fold places beyond a side of pixels back into it."""
    around = place % (2 * side)
    back: Whole = np.where(around >= side, 2 * side - 1 - around, around)
    return back
