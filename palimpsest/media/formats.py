"""The image formats that Palimpsest opens and writes: one list, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from palimpsest.errors import UsageRefused

PLUGINS = (
    PngImagePlugin,
    JpegImagePlugin,
    WebPImagePlugin,
    TiffImagePlugin,
    GifImagePlugin,
    BmpImagePlugin,
    AvifImagePlugin,
)
"""Pillow's readers and writers of these formats; the three dozen others are never loaded."""


@dataclass(frozen=True)
class Format:
    """One format: its name in Pillow, its media type, the suffixes it goes by (the first is ours), its longest side."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    longest_side: int

    def begins(self, data: bytes) -> bool:
        """Whether the first bytes are those of this format."""
        accept = cast("Callable[[bytes], bool | str]", Image.OPEN[self.name][1])
        return accept(data[:16]) is True


FORMATS = (
    Format("PNG", "image/png", (".png", ".apng"), 2**31 - 1),
    Format("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), 65_535),
    Format("WEBP", "image/webp", (".webp",), 16_383),
    Format("TIFF", "image/tiff", (".tiff", ".tif"), 2**31 - 1),
    Format("GIF", "image/gif", (".gif",), 65_535),
    Format("BMP", "image/bmp", (".bmp", ".dib"), 2**31 - 1),
    Format("AVIF", "image/avif", (".avif",), 65_535),
)


def format_in(data: bytes) -> Format | None:
    """Tell the format from the first bytes; None when it is none of ours."""
    return next((each for each in FORMATS if each.begins(data)), None)


def format_of(media_type: str) -> Format:
    """Find the format of a media type.

    Raises:
        UsageRefused: no format of ours has it.
    """
    for each in FORMATS:
        if each.media_type == media_type:
            return each
    raise _unknown(media_type, [each.media_type for each in FORMATS])


def media_type_of(path_suffix: str) -> str:
    """Tell the media type from a file's suffix, such as '.jpg'; the letters' case does not matter.

    Raises:
        UsageRefused: no format of ours goes by it.
    """
    for each in FORMATS:
        if path_suffix.lower() in each.suffixes:
            return each.media_type
    raise _unknown(path_suffix or "no suffix", [each.suffixes[0] for each in FORMATS])


def suffix_of(media_type: str) -> str:
    """Return the suffix that a file of this media type gets.

    Raises:
        UsageRefused: no format of ours has this media type.
    """
    return format_of(media_type).suffixes[0]


def _unknown(got: str, known: list[str]) -> UsageRefused:
    return UsageRefused(
        f"{got}: expected an image format that Palimpsest writes.", f"Choose one of {', '.join(known)}."
    )
