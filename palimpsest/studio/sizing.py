"""How large a work is: as somebody measured it, as its file says, or as is assumed, and always which of these it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from palimpsest.errors import ParameterRefused
from palimpsest.media.framing.density import dots_per_inch

Size = tuple[int, int]
"""Width and height in millimetres."""

_UNITS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, '"': 25.4, "″": 25.4}
_WRITTEN = re.compile(
    r'(\d+(?:[.,]\d+)?)\s*(?:mm|cm|m|in|"|″)?\s*[x×*]\s*(\d+(?:[.,]\d+)?)\s*(mm|cm|m|in|"|″)', re.IGNORECASE
)
_LARGEST = 100_000
_PLAUSIBLE = (100, 2540)
"""Dots per inch that somebody may have meant; screens say 72 and 96 of everything."""
_SMALLEST_SCAN, _LARGEST_SCAN = 80, 10_000
"""Longest sides, in millimetres, that a file's resolution is believed: 300 is often written without a thought."""
FINE_PIXELS, FINE_DPI = 2000, 300
"""From so many pixels on, a picture of no known size is taken for one of so many dots per inch."""
USUAL_MM = 600
"""The longest side of all others."""
_TOLERANCE = 0.02


@dataclass(frozen=True)
class Sized:
    """How large a work hangs, in millimetres, and where that is from: 'asked', 'recorded', 'file' or 'assumed', and in words."""

    width: float
    height: float
    basis: str
    words: str


def size_from(text: str) -> Size:
    """Read a size as it stands on a label, height first: '73 × 92 cm'; returns width and height in millimetres.

    Raises:
        ParameterRefused: it is no size.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found:
        unit = _UNITS[found[3].lower()]
        height, width = (round(float(side.replace(",", ".")) * unit) for side in (found[1], found[2]))
        if min(height, width) >= 1 and max(height, width) <= _LARGEST:
            return width, height
    raise ParameterRefused("size", "height × width with a unit, as 73x92cm (1 mm to 100 m)", text)


def size_in_words(size: Size) -> str:
    """Write a size as labels do, height first, in centimetres."""
    width, height = size
    return f"{_cm(height)} × {_cm(width)} cm"


def check_size(size: Size | None) -> None:
    """Make sure that a size can be recorded.

    Raises:
        ParameterRefused: a side is too small or too large to hang.
    """
    if size is not None and not all(1 <= side <= _LARGEST for side in size):
        raise ParameterRefused("size", "sides of 1 mm to 100 m", size_in_words(size))


def check_turn(size: Size, width: int, height: int) -> None:
    """Make sure that a size stands the same way as the picture.

    Raises:
        ParameterRefused: one is clearly upright and the other clearly lies.
    """
    said, seen = size[0] / size[1], width / height
    if (said > _CLEAR and seen < 1 / _CLEAR) or (said < 1 / _CLEAR and seen > _CLEAR):
        way = "upright" if seen < 1 else "wider than high"
        turned = size_in_words((size[1], size[0]))
        raise ParameterRefused(
            "size", f"height × width of a picture that is {way}", size_in_words(size), f"Did you mean {turned}?"
        )


_CLEAR = 1.1


def asked_size(pixels: Size, width_mm: float | None, height_mm: float | None) -> Sized:
    """Return the size that somebody asks for, by one side or both; a picture is never stretched.

    Raises:
        ParameterRefused: a side is out of range, or the two do not fit the picture.
    """
    for name, side in (("width", width_mm), ("height", height_mm)):
        if side is not None and not 1 <= side <= _LARGEST:
            raise ParameterRefused(name, "1 mm to 100 m", f"{_cm(side)} cm")
    ratio = pixels[0] / pixels[1]
    if width_mm and height_mm and abs(width_mm / height_mm / ratio - 1) > _TOLERANCE:
        raise ParameterRefused(
            "height",
            f"{_cm(width_mm / ratio)} cm, by the picture's own proportions",
            f"{_cm(height_mm)} cm",
            "Name one side; the other follows.",
        )
    width = width_mm or (height_mm or USUAL_MM) * ratio
    return _sized(width, width / ratio, "asked", "as you asked")


def known_size(pixels: Size, recorded: Size | None, data: bytes) -> Sized:
    """Return the size on record, else what the file's resolution says where that is plausible, else an assumed one."""
    if recorded:
        return _fitted(pixels, recorded)
    return _by_resolution(pixels, dots_per_inch(data)) or _assumed(pixels)


def _fitted(pixels: Size, recorded: Size) -> Sized:
    """Fit the picture into what was measured: a file may show a little more or less than the work, and is not stretched."""
    scale = min(recorded[0] / pixels[0], recorded[1] / pixels[1])
    width, height = pixels[0] * scale, pixels[1] * scale
    off = abs(recorded[0] / recorded[1] / (pixels[0] / pixels[1]) - 1) > _TOLERANCE
    said = size_in_words(recorded)
    if said == size_in_words((round(width), round(height))):
        return _sized(width, height, "recorded", "on record")
    note = ", whose proportions are not the picture's" if off else ""
    return _sized(width, height, "recorded", f"to fit the {said} on record{note}")


def _by_resolution(pixels: Size, dpi: tuple[float, float] | None) -> Sized | None:
    if dpi is None or not all(_PLAUSIBLE[0] <= each <= _PLAUSIBLE[1] for each in dpi):
        return None
    width, height = (side / each * 25.4 for side, each in zip(pixels, dpi, strict=True))
    if not _SMALLEST_SCAN <= max(width, height) <= _LARGEST_SCAN or abs(dpi[0] / dpi[1] - 1) > _TOLERANCE:
        return None
    return _sized(width, height, "file", f"by the file's {dpi[0]:.0f} dots per inch")


def _assumed(pixels: Size) -> Sized:
    longest = max(pixels)
    if longest >= FINE_PIXELS:
        scale, why = 25.4 / FINE_DPI, f"{FINE_DPI} dots per inch"
    else:
        scale, why = USUAL_MM / longest, f"{_cm(USUAL_MM)} cm long side"
    return _sized(pixels[0] * scale, pixels[1] * scale, "assumed", f"assumed, {why}")


def _sized(width: float, height: float, basis: str, words: str) -> Sized:
    return Sized(max(width, 1.0), max(height, 1.0), basis, f"{_cm(height)} × {_cm(width)} cm, {words}")


def _cm(mm: float) -> str:
    return f"{mm / 10:.1f}".removesuffix(".0")
