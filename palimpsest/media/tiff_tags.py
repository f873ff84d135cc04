"""The tags of a TIFF structure, which EXIF blocks are as well: read from bytes, whatever lies in them (TIFF 6.0; BigTIFF)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8, 18: 8}
"""Bytes for one value of each type; fractions and floats hold no text."""
MOST_DIRECTORIES = 8
MOST_TAGS = 4096


def tags(data: bytes, wanted: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """Yield each wanted tag of the first directories with its bytes, as far as the data reaches."""
    order = {b"II": "little", b"MM": "big"}.get(data[:2])
    if order is None:
        return
    big = _whole(data[2:4], order) == 43
    count, entry, word = (8, 20, 8) if big else (2, 12, 4)
    place = _whole(data[8:16] if big else data[4:8], order)
    seen: set[int] = set()
    while place and place not in seen and len(seen) < MOST_DIRECTORIES:
        seen.add(place)
        total = min(_whole(data[place : place + count], order), MOST_TAGS)
        for number in range(total):
            start = place + count + number * entry
            tag = _whole(data[start : start + 2], order)
            if tag in wanted:
                yield tag, _value(data, start, order, word)
        end = place + count + total * entry
        place = _whole(data[end : end + word], order)


def _value(data: bytes, start: int, order: str, word: int) -> bytes:
    size = _SIZES.get(_whole(data[start + 2 : start + 4], order), 0)
    length = size * _whole(data[start + 4 : start + 4 + word], order)
    place = start + 4 + word
    if length > word:
        place = _whole(data[place : place + word], order)
    return data[place : place + length]


def _whole(data: bytes, order: str) -> int:
    return int.from_bytes(data, "little" if order == "little" else "big")
