"""The detector: a picture is looked at as a whole and in parts, and what was found twice counts once."""

from __future__ import annotations

from typing import ClassVar

from palimpsest.craft.ports import Bytes, Card, Face
from palimpsest.craft.progress import Progress
from palimpsest.engines.faces import CARD
from palimpsest.engines.faces.looks import looks, merged
from palimpsest.engines.faces.network import Network


class CenterFace:
    """Fills the port `face-detector`."""

    card: ClassVar[Card] = CARD

    def __init__(self, weights: bytes) -> None:
        self._network = Network(weights)

    def find(self, picture: Bytes, certainty: float, progress: Progress) -> tuple[Face, ...]:
        """Find faces in sRGB of 8 bits (height, width, 3), the surest first; `certainty` from 0 to 1 is the least that counts.

        The whole is looked at with a longer side of at most 1280 pixels. A larger picture is looked at again in overlapping
        parts, at up to 2560 pixels a side, so that small faces in it are seen: from about a hundredth of the longer side.

        Raises:
            Cancelled: `progress` was told to stop.
        """
        found: list[Face] = []
        parts = looks(picture.shape[0], picture.shape[1])
        for number, part in enumerate(parts):
            progress(number / len(parts))
            found += part.placed(self._network.find(part.seen(picture), certainty), picture.shape[0], picture.shape[1])
        progress(1.0)
        return merged(found)
