"""Taking out of a JPEG or PNG file what is no picture, and leaving every byte of the picture as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PNG_HEAD = 8
_PICTURE_CHUNKS = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"cICP",
    )
)
"""PNG, third edition: what decides how the picture looks. Texts, times, EXIF and animation are left out."""
_NO_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))
_SCAN, _END, _APP0, _APP2, _APP14, _APP15, _COMMENT = 0xDA, 0xD9, 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_FRAMES = frozenset((*range(0xC0, 0xD0),)) - {0xC4, 0xC8, 0xCC}
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""The end of a scan: a marker that is neither a stuffed byte nor a restart."""
_KEPT = {_APP0: (b"JFIF\0",), _APP2: (b"ICC_PROFILE\0",), _APP14: (b"Adobe",)}
"""Segments of applications that decide how the picture looks."""


def picture_alone(data: bytes) -> bytes:
    """Return a JPEG or PNG file without metadata; the very same bytes where there is none.

    Raises:
        ValueError: its parts do not follow one another as they should.
    """
    parts = _png(data) if data.startswith(b"\x89PNG") else _jpeg(data)
    kept = b"".join(memoryview(data)[start:end] for start, end in _joined(parts))
    return data if len(kept) == len(data) else kept


def _png(data: bytes) -> Iterator[tuple[int, int]]:
    yield 0, _PNG_HEAD
    place = _PNG_HEAD
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        if end > len(data):
            break
        if kind in _PICTURE_CHUNKS:
            yield place, end
        if kind == b"IEND":
            return
        place = end
    raise ValueError("the chunks of the PNG end too early")


def jpeg_frame(data: bytes) -> int:
    """Return the marker of a JPEG's first frame, which says how it is coded (ITU-T T.81); 0 when there is none."""
    try:
        return next((marker for marker, _, _ in _segments(data) if marker in _FRAMES), 0)
    except ValueError:
        return 0


def _jpeg(data: bytes) -> Iterator[tuple[int, int]]:
    yield 0, 2
    for marker, start, end in _segments(data):
        if _is_picture(data, marker, start + 4):
            yield start, end


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, beginning and end of each segment, the scan with the one that opens it; what follows the end is none."""
    place = 2
    while place + 2 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker == _END:
            yield marker, place, place + 2
            return
        end = place + 2 if marker in _NO_LENGTH else place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if marker == _SCAN:
            following = _AFTER_SCAN.search(data, end)
            if following is None:
                break
            end = following.end() - 2
        yield marker, place, end
        place = end
    raise ValueError("the segments of the JPEG end too early")


def _is_picture(data: bytes, marker: int, body: int) -> bool:
    if _APP0 <= marker <= _APP15:
        return data.startswith(_KEPT.get(marker, ()), body)
    return marker != _COMMENT


def _joined(parts: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what follows one another, so that few pieces are copied."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        if joined and joined[-1][1] == start:
            start, _ = joined.pop()  # noqa: PLW2901 - the two are one now
        joined.append((start, end))
    return joined
