"""What goes wrong while an image is opened, and how it is said."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

DECODER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    Image.DecompressionBombError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
)
"""What Pillow and its libraries are known to raise on damaged files (found on 1,470 of them, and on 6,000 mutants)."""

_FOREIGN = (
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 image"),
    (0, b"\xff\x0a", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (4, b"ftyphei", "a HEIC photo"),
    (4, b"ftyphev", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftyp", "a film"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"gimp xcf", "a GIMP file"),
    (0, b"%PDF", "a PDF"),
    (0, b"%!PS", "a PostScript file"),
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an XML file"),
    (0, b"<!DOCTYPE", "a web page"),
    (0, b"<html", "a web page"),
)

_SIGNS = (
    ("truncated", "it ends too early"),
    ("incomplete", "it ends too early"),
    ("not enough image data", "it ends too early"),
    ("unexpected end", "it ends too early"),
    ("too large", "it carries more metadata than is read"),
    ("unsupported", "it is of a kind of {kind} that is not supported"),
    ("unknown pixel mode", "it is of a kind of {kind} that is not supported"),
    ("unknown data organization", "it is of a kind of {kind} that is not supported"),
    ("not support", "it is of a kind of {kind} that is not supported"),
)


def foreign_kind(data: bytes) -> str:
    """Say what bytes that begin like none of our formats are."""
    if not data:
        return "it is empty"
    if len(data) < 8 or not any(data[:4096]):
        return "it is not an image"
    for offset, magic, kind in _FOREIGN:
        if data.startswith(magic, offset):
            return f"it is {kind}"
    return "it is not an image"


def reason_of(fault: BaseException, kind: str) -> str:
    """Say in a few words why a file of our format `kind` could not be opened."""
    if isinstance(fault, MemoryError):
        return "opening it would take too much memory"
    if isinstance(fault, Image.DecompressionBombError):
        return "one of its frames or tiles is larger than the limit on pixels"
    if isinstance(fault, EOFError):
        return "it ends too early"
    if isinstance(fault, OSError | SyntaxError | RuntimeError | ValueError):
        said = str(fault).lower()
        for sign, reason in _SIGNS:
            if sign in said:
                return reason.format(kind=kind)
    return f"its {kind} data is damaged or incomplete"
