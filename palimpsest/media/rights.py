"""What an image file says of its own rights: who made it, under what it stands, and whether it may be mined or learned from.

Read from the bytes of JPEG, PNG, WebP, TIFF, GIF and AVIF files: XMP packets, EXIF, and IPTC-IIM. It is meant to run in the
guard's process, opens no connection, and takes damaged files for what can still be read of them. What it means is judged
elsewhere; here it is only found.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import cast

from PIL import Image

from palimpsest.media.formats import format_in
from palimpsest.media.tiff_tags import tags
from palimpsest.media.xmp_packets import LONGEST_VALUE, Claims, keep, read_packet

LARGEST_BLOCK = 64 * 2**20
"""What a compressed block of metadata may grow to."""
_ARTIST, _COPYRIGHT, _XMP, _IIM, _PHOTOSHOP = 315, 33432, 700, 33723, 34377
_EXIF_FIELDS = {_ARTIST: "EXIF Artist", _COPYRIGHT: "EXIF Copyright"}
_IIM_FIELDS = {(2, 80): "IPTC By-line", (2, 116): "IPTC Copyright Notice"}
_TEXT_FIELDS = {"author": "PNG Author", "copyright": "PNG Copyright"}
_RAW = "raw profile type "
_MOST_TEXTS = 16
"""Of the texts of a PNG that are unpacked; each may grow to the largest block."""
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_JPEG_PHOTOSHOP = b"Photoshop 3.0\0"
_GIF_XMP, _GIF_END = b"XMP DataXMP", b"\x01\xff\xfe\xfd"


def read_rights(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return each field that speaks of rights with what it holds, in the order of the file; nothing is fetched.

    A field may come several times, with the same words or others. `XMP` says what hindered the reading of a packet.
    """
    kind = format_in(data)
    reader = _READERS.get(kind.name) if kind else None
    found: Claims = []
    if reader:
        for field, words in reader(data):
            keep(found, field, words)
    return tuple(found)


def _jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    extended: dict[bytes, list[tuple[int, bytes]]] = {}
    photoshop: list[bytes] = []
    for marker, body in _segments(data):
        if marker == 0xE1 and body.startswith(_JPEG_XMP):
            yield from read_packet(body[len(_JPEG_XMP) :])
        elif marker == 0xE1 and body.startswith(_JPEG_EXTENDED):
            rest = body[len(_JPEG_EXTENDED) :]
            extended.setdefault(rest[:32], []).append((int.from_bytes(rest[36:40], "big"), rest[40:]))
        elif marker == 0xE1 and body.startswith(b"Exif\0"):
            yield from _exif(body)
        elif marker == 0xED and body.startswith(_JPEG_PHOTOSHOP):
            photoshop.append(body[len(_JPEG_PHOTOSHOP) :])
    for pieces in extended.values():
        yield from read_packet(b"".join(piece for _, piece in sorted(pieces)))
    yield from _resources(b"".join(photoshop))


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments before the image itself."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # a filling byte
            place += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        yield marker, data[place + 4 : place + 2 + length]
        place += 2 + max(length, 2)


def _png(data: bytes) -> Iterator[tuple[str, str]]:
    place, texts = 8, 0
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if name == b"eXIf":
            yield from _exif(body)
        elif name in (b"tEXt", b"zTXt", b"iTXt") and texts < _MOST_TEXTS:
            keyword, _, rest = body.partition(b"\0")
            field = keyword.decode("latin-1").strip().lower()
            if field in _TEXT_FIELDS or field == "xml:com.adobe.xmp" or field.startswith(_RAW):
                texts += 1
                yield from _png_text(field, _png_value(name, rest))
        place += 12 + length


def _png_value(kind: bytes, rest: bytes) -> bytes:
    if kind == b"iTXt":
        value = rest[2:].split(b"\0", 2)[-1]
        return _inflated(value) if rest[:1] == b"\1" else value
    return _inflated(rest[1:]) if kind == b"zTXt" else rest


def _png_text(field: str, value: bytes) -> Iterator[tuple[str, str]]:
    if field in _TEXT_FIELDS:
        yield from _said(_TEXT_FIELDS[field], value)
    elif field.startswith(_RAW):
        yield from _raw_profile(field.removeprefix(_RAW), value)
    else:
        yield from read_packet(value)


def _raw_profile(name: str, value: bytes) -> Iterator[tuple[str, str]]:
    """Read a block as ImageMagick writes it into a PNG: its name, its length, then hexadecimal digits."""
    digits = re.sub(rb"\s", b"", value.strip().split(b"\n", 2)[-1])
    try:
        block = bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return
    if name == "iptc":
        yield from _resources(block) if block.startswith(b"8BIM") else _iim(block)
    elif name == "xmp" or block.startswith(_JPEG_XMP):
        yield from read_packet(block.removeprefix(_JPEG_XMP))
    elif name in ("exif", "app1"):
        yield from _exif(block)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, LARGEST_BLOCK)
    except zlib.error:
        return b""


def _webp(data: bytes) -> Iterator[tuple[str, str]]:
    place = 12
    while place + 8 <= len(data):
        name, length = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + length]
        if name == b"XMP ":
            yield from read_packet(body)
        elif name == b"EXIF":
            yield from _exif(body)
        place += 8 + length + length % 2


def _gif(data: bytes) -> Iterator[tuple[str, str]]:
    start = data.find(_GIF_XMP)
    while start >= 0:
        start += len(_GIF_XMP)
        end = data.find(_GIF_END, start)
        yield from read_packet(data[start : end if end >= 0 else len(data)])
        start = data.find(_GIF_XMP, start)


def _tiff(data: bytes) -> Iterator[tuple[str, str]]:
    for tag, value in tags(data, {_ARTIST, _COPYRIGHT, _XMP, _IIM, _PHOTOSHOP}):
        if tag == _XMP:
            yield from read_packet(value)
        elif tag == _IIM:
            yield from _iim(value)
        elif tag == _PHOTOSHOP:
            yield from _resources(value)
        else:
            yield from _said(_EXIF_FIELDS[tag], value)


def _exif(block: bytes) -> Iterator[tuple[str, str]]:
    start = min((place for place in (block.find(b"II*\0"), block.find(b"MM\0*")) if place >= 0), default=None)
    if start is not None and start < 16:
        yield from _tiff(block[start:])


def _avif(data: bytes) -> Iterator[tuple[str, str]]:
    try:
        image = cast("Image.Image", Image.OPEN["AVIF"][0](io.BytesIO(data), ""))
    except (OSError, RuntimeError, SyntaxError, ValueError):
        return
    for name, reader in (("xmp", read_packet), ("exif", _exif)):
        block = image.info.get(name)
        if isinstance(block, bytes):
            yield from reader(block)


def _resources(block: bytes) -> Iterator[tuple[str, str]]:
    """Find the IPTC-IIM record among Photoshop's image resources."""
    place = 0
    while block[place : place + 4] == b"8BIM":
        name = block[place + 6] if place + 6 < len(block) else 0
        start = place + 6 + name + 1 + (name + 1) % 2
        length = int.from_bytes(block[start : start + 4], "big")
        if block[place + 4 : place + 6] == b"\x04\x04":
            yield from _iim(block[start + 4 : start + 4 + length])
        place = start + 4 + length + length % 2


def _iim(block: bytes) -> Iterator[tuple[str, str]]:
    """Read the data sets of IPTC's Information Interchange Model, version 4."""
    place, utf8 = 0, False
    while place + 5 <= len(block) and block[place] == 0x1C:
        record, number, length = struct.unpack(">BBH", block[place + 1 : place + 5])
        if length & 0x8000:  # longer ones tell the length of their length; none of ours is so long
            return
        value = block[place + 5 : place + 5 + length]
        utf8 = utf8 or ((record, number) == (1, 90) and value == b"\x1b%G")
        if (record, number) in _IIM_FIELDS:
            yield from _said(_IIM_FIELDS[record, number], value)
        place += 5 + length


def _said(field: str, value: bytes) -> Iterator[tuple[str, str]]:
    """Read a short text: UTF-8 where it is, else the Latin of Windows, whatever its file declares."""
    value = value.rstrip(b"\0")[: 4 * LONGEST_VALUE]
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("cp1252", "replace")
    words = " ".join(text.replace("\0", " · ").split())[:LONGEST_VALUE]
    if words:
        yield field, words


_READERS: dict[str, Callable[[bytes], Iterator[tuple[str, str]]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
    "TIFF": _tiff,
    "AVIF": _avif,
}
