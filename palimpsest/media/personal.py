"""What an image file says of people beside its picture: where and when it was taken, with what, by whom, of whom."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ExifTags, Image

from palimpsest.media.quiet import no_warnings

PLACE, TIME, DEVICE, PERSON, WORDS = "place", "time", "device", "person", "words"
_LONGEST = 120
_ODD = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    SyntaxError,
    EOFError,
    OverflowError,
    struct.error,
    ZeroDivisionError,
)
"""What Pillow raises for metadata that is broken or in strange encodings; a file without a picture does not come here."""


@dataclass(frozen=True, order=True)
class Trace:
    """One statement of a file: what it is about (place, time, device, person, words), its name in the file, and the beginning of
    what it says."""  # noqa: D205, D209

    about: str
    name: str
    value: str


def personal_metadata(data: bytes) -> tuple[Trace, ...]:
    """Return what the metadata of an image file says of people, each once; the pixels are not decoded.

    Whatever cannot be read is reported as being there, since somebody else may be able to read it.
    """
    found: set[Trace] = set()
    with no_warnings():
        try:
            with Image.open(io.BytesIO(data)) as image:
                found.update(_exif(image))
                found.update(_packets(image))
        except _ODD as fault:
            found.add(Trace(WORDS, "metadata", f"could not be read: {type(fault).__name__}"))
    return tuple(sorted(found))


def _exif(image: Image.Image) -> Iterator[Trace]:
    try:
        exif = image.getexif()
        groups = [(exif, ExifTags.TAGS), (exif.get_ifd(ExifTags.IFD.Exif), ExifTags.TAGS)]
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    except _ODD:
        yield Trace(WORDS, "EXIF", "is there, but could not be read")
        return
    for tags, names in groups:
        for number, value in tags.items():
            name = names.get(number, "")
            about = _ABOUT.get(name)
            if about and (text := _text(value)):
                yield Trace(about, name, text)
    if any(number != _GPS_VERSION for number in place):
        yield Trace(PLACE, "GPS", _position(dict(place)))


def _packets(image: Image.Image) -> Iterator[Trace]:
    """Look into XMP, IPTC and the text of PNG for names that matter; of the rest, say that it is there."""
    info = image.info
    for packet in ("xmp", "XML:com.adobe.xmp"):
        if info.get(packet):
            yield from _xmp(_text(info[packet], None))
    if info.get("photoshop"):
        yield Trace(WORDS, "IPTC", "a block in which names, places and captions may stand")
    for key, said in info.items():
        if isinstance(key, str) and key not in _TECHNICAL and (isinstance(said, str) or key == "comment"):
            yield Trace(_TEXTS.get(key.lower(), WORDS), key, _text(said))


def _xmp(packet: str) -> Iterator[Trace]:
    for name, about in _XMP.items():
        found = re.search(rf'{name}="([^"]*)"|<{name}\b[^>]*>(.*?)</{name}>', packet, re.DOTALL)
        if found:
            words = re.sub(r"<[^>]*>", " ", found[1] or found[2] or "")
            if words.strip():
                yield Trace(about, name, _text(words))


def _position(tags: dict[int, object]) -> str:
    """Write latitude and longitude in degrees, where they can be read."""
    try:
        parts = []
        for reference, degrees in ((1, 2), (3, 4)):
            value = tags[degrees]
            assert isinstance(value, tuple)
            whole = sum(float(part) / 60**place for place, part in enumerate(value))
            parts.append(f"{whole:.5f}° {_text(tags.get(reference, ''))}".strip())
        return ", ".join(parts)
    except (*_ODD, AssertionError):
        return "a place that does not read as degrees"


def _text(value: object, longest: int | None = _LONGEST) -> str:
    """Turn whatever stands in a tag into printable text."""
    if isinstance(value, bytes):
        for start, encoding in _ENCODINGS:
            if value.startswith(start):
                value = value[len(start) :].decode(encoding, "replace")
                break
    text = str(value)
    plain = " ".join("".join(sign if sign.isprintable() or sign.isspace() else " " for sign in text).split())
    return plain if longest is None or len(plain) <= longest else f"{plain[: longest - 1]}…"


_ENCODINGS = (
    (b"ASCII\0\0\0", "ascii"),
    (b"UNICODE\0", "utf-16"),
    (b"JIS\0\0\0\0\0", "shift_jis"),
    (b"\0\0\0\0\0\0\0\0", "latin-1"),
    (b"\xff\xfe", "utf-16-le"),
    (b"", "utf-8"),
)
_GPS_VERSION = 0
_ABOUT = {
    "Make": DEVICE,
    "Model": DEVICE,
    "Software": DEVICE,
    "HostComputer": DEVICE,
    "BodySerialNumber": DEVICE,
    "LensSerialNumber": DEVICE,
    "LensModel": DEVICE,
    "ImageUniqueID": DEVICE,
    "MakerNote": DEVICE,
    "Artist": PERSON,
    "CameraOwnerName": PERSON,
    "Copyright": PERSON,
    "XPAuthor": PERSON,
    "DateTime": TIME,
    "DateTimeOriginal": TIME,
    "DateTimeDigitized": TIME,
    "OffsetTimeOriginal": TIME,
    "ImageDescription": WORDS,
    "UserComment": WORDS,
    "XPTitle": WORDS,
    "XPComment": WORDS,
    "XPKeywords": WORDS,
    "XPSubject": WORDS,
}
_XMP = {
    "dc:creator": PERSON,
    "dc:rights": PERSON,
    "Iptc4xmpExt:PersonInImage": PERSON,
    "photoshop:Credit": PERSON,
    "dc:title": WORDS,
    "dc:description": WORDS,
    "photoshop:City": PLACE,
    "photoshop:Country": PLACE,
    "exif:GPSLatitude": PLACE,
    "exif:GPSLongitude": PLACE,
    "Iptc4xmpExt:LocationCreated": PLACE,
    "xmp:CreateDate": TIME,
    "photoshop:DateCreated": TIME,
    "xmp:CreatorTool": DEVICE,
    "aux:SerialNumber": DEVICE,
    "aux:OwnerName": PERSON,
}
_TECHNICAL = ("XML:com.adobe.xmp", "compression")
"""Entries that say nothing of people, or are looked into by themselves."""
_TEXTS = {"author": PERSON, "artist": PERSON, "copyright": PERSON, "creation time": TIME, "software": DEVICE}
