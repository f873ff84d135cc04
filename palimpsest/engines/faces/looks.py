"""How a picture is looked at: as a whole, and in parts where it is large; and how what was found twice is counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from palimpsest.craft.ports import Bytes, Face

LONGEST = 1280
"""Longer side, in pixels, of what is looked at in one go."""
FINEST = 2560
"""Longer side, in pixels, of the largest copy that is looked at in parts."""
_OVERLAP = 160
_SAME = 0.3


@dataclass(frozen=True)
class Look:
    """A part of a picture, in pixels of a copy that is `scale` times as large."""

    scale: float
    left: int
    top: int
    width: int
    height: int

    def seen(self, picture: Bytes) -> Bytes:
        """Return the part at the copy's size."""
        if self.scale == 1:
            return picture[self.top : self.top + self.height, self.left : self.left + self.width]
        upper, lower = (round(y / self.scale) for y in (self.top, self.top + self.height))
        first, last = (round(x / self.scale) for x in (self.left, self.left + self.width))
        part = np.ascontiguousarray(picture[upper:lower, first:last])
        small: Bytes = cv2.resize(part, (self.width, self.height), interpolation=cv2.INTER_AREA)
        return small

    def placed(self, found: Iterable[Face], rows: int, columns: int) -> list[Face]:
        """Return what was found in the part in pixels of the picture, cut off at its edges."""
        placed = []
        for each in found:
            left, top = ((each.left + self.left) / self.scale, (each.top + self.top) / self.scale)
            right, bottom = left + each.width / self.scale, top + each.height / self.scale
            left, top, right, bottom = (
                max(0.0, left),
                max(0.0, top),
                min(float(columns), right),
                min(float(rows), bottom),
            )
            if right > left and bottom > top:
                placed.append(Face(left, top, right - left, bottom - top, each.certainty))
        return placed


def looks(rows: int, columns: int) -> list[Look]:
    """Say which parts of a picture are looked at: all of it, and if it is larger than one look, in parts that overlap."""
    longest = max(rows, columns)
    scale = min(1.0, LONGEST / longest)
    every = [Look(scale, 0, 0, max(1, round(columns * scale)), max(1, round(rows * scale)))]
    scale = min(1.0, FINEST / longest)
    width, height = round(columns * scale), round(rows * scale)
    if longest > LONGEST:
        every += [
            Look(scale, left, top, min(LONGEST, width - left), min(LONGEST, height - top))
            for top in _starts(height)
            for left in _starts(width)
        ]
    return every


def merged(found: Iterable[Face]) -> tuple[Face, ...]:
    """Keep the surest of those that are the same face: whose common part is more than 3 tenths of both together."""
    ranked = sorted(found, key=lambda face: (-face.certainty, face.top, face.left))
    boxes = np.array([(each.left, each.top, each.left + each.width, each.top + each.height) for each in ranked])
    boxes = boxes.reshape(-1, 4)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = np.ones(len(ranked), bool)
    kept = []
    for place, each in enumerate(ranked):
        if left[place]:
            kept.append(each)
            sides = np.minimum(boxes[:, 2:], boxes[place, 2:]) - np.maximum(boxes[:, :2], boxes[place, :2])
            common = np.prod(np.maximum(sides, 0), axis=1)
            left &= common <= _SAME * (areas + areas[place] - common)
    return tuple(kept)


def _starts(side: int) -> list[int]:
    """Return where the parts along a side begin, so that neighbours share at least 160 pixels."""
    if side <= LONGEST:
        return [0]
    count = -(-(side - _OVERLAP) // (LONGEST - _OVERLAP))
    return [round(number * (side - LONGEST) / (count - 1)) for number in range(count)]
