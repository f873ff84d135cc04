"""What files say of people, in whatever encoding."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from palimpsest.media.personal import Trace, personal_metadata

PIXELS = np.zeros((4, 6, 3), np.uint8)


def saved(kind: str = "JPEG", **more: object) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.fromarray(PIXELS).save(file, kind, **more)
    return file.getvalue()


def exif(**tags: object) -> Image.Exif:
    made = Image.Exif()
    for name, value in tags.items():
        made[getattr(ExifTags.Base, name)] = value
    return made


def about(data: bytes) -> dict[str, str]:
    return {each.name: each.value for each in personal_metadata(data)}


def test_a_file_without_metadata_says_nothing() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"):
        assert personal_metadata(saved(kind)) == (), kind


@pytest.mark.parametrize(
    ("comment", "read"),
    [
        (b"ASCII\0\0\0hello", "hello"),
        (b"UNICODE\0" + "héllo 漢字".encode("utf-16"), "héllo 漢字"),
        (b"JIS\0\0\0\0\0" + "漢字".encode("shift_jis"), "漢字"),
        (b"\0\0\0\0\0\0\0\0caf\xe9", "café"),
        (b"\xff\xfe" + "abc".encode("utf-16-le"), "abc"),
        (b"\xfe\xff\xfa\x80\x81", "���"),
        (b"two\nlines\x1b[31m", "two lines"),
        (b"x" * 5000, "x" * 119 + "…"),
    ],
)
def test_comments_in_strange_encodings_are_printable_text(comment: bytes, read: str) -> None:
    said = about(saved(exif=exif(UserComment=comment)))["UserComment"]
    assert said.isprintable()
    assert read in said


def test_a_place_is_read_as_degrees_or_reported_all_the_same() -> None:
    made = Image.Exif()
    made.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (33.0, 30.0, 36.0), 3: "W", 4: (70.0, 0.0, 0.0)})
    assert about(saved(exif=made))["GPS"] == "33.51000° S, 70.00000° W"
    odd = Image.Exif()
    odd.get_ifd(ExifTags.IFD.GPSInfo).update({29: "2024:01:01"})
    assert "does not read" in about(saved(exif=odd))["GPS"]


def test_texts_of_png_and_names_in_xmp_are_seen() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ana")
    text.add_text("parameters", "a prompt that somebody wrote")
    assert Trace("person", "Author", "Ana") in personal_metadata(saved("PNG", pnginfo=text))
    assert "a prompt" in about(saved("PNG", pnginfo=text))["parameters"]
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description photoshop:City="Pecs"><dc:creator><rdf:Seq><rdf:li>Ana</rdf:li>'
        b"</rdf:Seq></dc:creator></rdf:Description></x:xmpmeta>"
    )
    said = personal_metadata(saved("JPEG", xmp=packet))
    assert {Trace("person", "dc:creator", "Ana"), Trace("place", "photoshop:City", "Pecs")} <= set(said)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_metadata_raises_nothing(seed: int) -> None:
    made = exif(Artist="Ana", UserComment=b"ASCII\0\0\0x", Copyright="©")
    made.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (1.0, 2.0, 3.0)})
    data = bytearray(saved(exif=made))
    rng = np.random.default_rng(seed)
    for place in rng.integers(12, 200, 12):
        data[place] = rng.integers(0, 256)
    assert isinstance(personal_metadata(bytes(data)), tuple)


def test_what_is_no_image_is_reported_as_unreadable() -> None:
    assert personal_metadata(b"not an image")[0].value.startswith("could not be read")
