"""EXIF orientation: which way up a photo was taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray
from PIL import Image

from palimpsest.media.refusal import DECODER_FAULTS

_TAG = 0x0112
"""EXIF 2.32, Orientation."""

TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    1: lambda pixels: pixels,
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: pixels[::-1].swapaxes(0, 1),
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: lambda pixels: pixels[:, ::-1].swapaxes(0, 1),
}
"""For each value of the tag, the view of the stored pixels (height, width, …) that stands upright."""


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return the upright view of stored pixels (height, width, …); an orientation that does not exist changes nothing."""
    return TURNS.get(orientation, TURNS[1])(pixels)


def orientation_of(image: Image.Image) -> int:
    """Read the orientation that still has to be applied to a loaded image; 1 when it says nothing that can be read."""
    try:
        orientation = image.getexif().get(_TAG, 1)
    except DECODER_FAULTS:
        return 1
    return orientation if isinstance(orientation, int) else 1
