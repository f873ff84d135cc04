"""Image files made for the tests: with a profile, with a lie in the head, damaged with a seed."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from palimpsest.media.raster import Raster

RGB_COLUMNS = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
"""The primaries of Adobe RGB (1998) adapted to D50."""


def drawing(width: int = 48, height: int = 32, channels: int = 3) -> NDArray[np.uint8]:
    """A picture in which every corner differs, smooth enough for lossy formats."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [255 * x / (width - 1), 255 * y / (height - 1), 255 - 127 * (x + y) / (width + height - 2)]
    planes.append(255 * (x > width // 3))
    return np.stack(planes[:channels], axis=-1).astype(np.uint8)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own options
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def random_raster(rng: np.random.Generator, width: int, height: int, channels: int, bits: int) -> Raster:
    values = rng.integers(0, 2**bits, (height, width, channels))
    return Raster(values.astype(np.uint8) if bits == 8 else values.astype(np.uint16))


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, rows: bytes, *, bits: int = 8, colour: int = 2, extra: bytes = b"") -> bytes:
    """A PNG that declares any size, whatever its data holds."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + body + chunk(b"IEND", b"")


def profile(*, space: bytes = b"RGB ", gamma: float = 563 / 256, parametric: bool = False) -> bytes:
    """An ICC profile (version 2 or 4) of matrix and curves, as Adobe RGB (1998) is, or of one curve for grey."""
    if parametric:
        curve = b"para\0\0\0\0" + struct.pack(">HHi", 0, 0, round(gamma * 65_536))
    else:
        curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {b"wtpt": _xyz((0.9642, 1.0, 0.8249))}
    if space == b"RGB ":
        tags |= {name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), RGB_COLUMNS, strict=True)}
        tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    else:
        tags[b"kTRC"] = curve
    start = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, tag in tags.items():
        table += name + struct.pack(">II", start + len(body), len(tag))
        body += tag
    head = bytearray(128)
    head[0:4] = struct.pack(">I", start + len(body))
    head[8:24] = (b"\x04\x30\0\0" if parametric else b"\x02\x10\0\0") + b"mntr" + space + b"XYZ "
    head[36:40] = b"acsp"
    head[68:80] = struct.pack(">3i", 63_190, 65_536, 54_061)
    return bytes(head) + table + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65_536) for value in values))


def mutants(data: bytes, rng: np.random.Generator, count: int) -> Iterator[bytes]:
    """Damage a file in one of four ways: cut it, change bytes, put bytes in, take bytes out."""
    for index in range(count):
        changed = bytearray(data)
        place = int(rng.integers(0, len(data)))
        length = int(rng.integers(1, 24))
        if index % 4 == 0:
            del changed[place:]
        elif index % 4 == 1:
            for each in rng.integers(0, len(data), length):
                changed[each] = int(rng.integers(0, 256))
        elif index % 4 == 2:
            changed[place:place] = rng.bytes(length)
        else:
            del changed[place : place + length]
        yield bytes(changed)
