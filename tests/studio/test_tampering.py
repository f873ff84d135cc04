"""500 files that somebody changed after they were signed: none is taken for whole."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from palimpsest.ethics.credentials import EMBEDDED, Signed, sign
from palimpsest.media.codecs import encode
from palimpsest.media.formats import suffix_of
from palimpsest.media.raster import Raster
from palimpsest.media.xmp import CARRIERS, Facts
from palimpsest.studio.exporting import CREDENTIALS
from palimpsest.studio.studio import Studio
from palimpsest.studio.verifying import verify
from tests.ethics.signing import claim, created, picture, signs, source, step
from tests.studio.giving import keeping

TITLE = "A title that somebody may want to change"
ROUNDS = 12


@dataclass(frozen=True)
class Case:
    """A signed file that can be tampered with, and a random generator to do it with."""

    media_type: str
    done: Signed
    rng: np.random.Generator

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.done.data

    def flipped(self, place: int) -> bytes:
        """Return the file with one bit changed."""
        changed = bytearray(self.data)
        changed[place] ^= 1 << int(self.rng.integers(8))
        return bytes(changed)


def case(media_type: str, number: int) -> Case:
    rng = np.random.default_rng(number)
    raster = Raster(rng.integers(0, 256, (48, 64, 3), np.uint8))
    data = encode(raster, media_type, facts=Facts(title=TITLE))
    return Case(media_type, sign(claim(created()), [], data, media_type, signs()), rng)


def store_of(data: bytes) -> tuple[int, int]:
    """Return where the credentials begin and roughly end in a file."""
    return data.index(b"jumb"), data.rindex(b"c2pa.signature")


def pixels(each: Case) -> bytes:
    """Change one bit of the file outside the credentials, in the half that holds the picture's data."""
    start, end = store_of(each.data)
    before, after = start - 600, len(each.data) - end - 16_000
    if after > before:
        return each.flipped(int(each.rng.integers(len(each.data) - after // 2, len(each.data) - 12)))
    return each.flipped(int(each.rng.integers(before // 2, before)))


def manifest(each: Case) -> bytes:
    """Change one bit of the credentials that says something; filler between them says nothing."""
    start, end = store_of(each.data)
    while True:
        place = int(each.rng.integers(start, end))
        if each.data[place - 4 : place + 5].count(0) == 0:
            return each.flipped(place)


def ingredient(each: Case) -> bytes:
    """Make a child of a parent whose picture was changed."""
    start = each.data.index(b"jumb")
    spot = start - 40 if start > 1000 else len(each.data) - 40
    part = source("p", "parentOf", each.flipped(spot), each.media_type)
    return sign(claim(step("c2pa.opened", "p")), [part], picture(2, each.media_type), each.media_type, signs()).data


def truncated(each: Case) -> bytes:
    return each.data[: int(len(each.data) * each.rng.uniform(0.3, 0.99))]


def trailing(each: Case) -> bytes:
    return each.data + each.rng.bytes(int(each.rng.integers(1, 50)))


def transplanted(each: Case) -> bytes:
    """Give another picture these credentials, by hand, where the format is simple enough."""
    other = picture(int(each.rng.integers(1000)), each.media_type)
    if each.media_type == "image/jpeg":
        return other[:2] + _segments(each.data) + other[2:]
    if each.media_type == "image/png":
        start = each.data.index(b"caBX") - 4
        length = struct.unpack(">I", each.data[start : start + 4])[0] + 12
        return other[:33] + each.data[start : start + length] + other[33:]
    return other  # the credentials lie beside it


def _segments(data: bytes) -> bytes:
    """Return the segments of a JPEG that hold credentials."""
    found, place = b"", 2
    while data[place + 1] != 0xDA:
        length = struct.unpack(">H", data[place + 2 : place + 4])[0] + 2
        if data[place + 1] == 0xEB:
            found += data[place : place + length]
        place += length
    return found


def packet(each: Case) -> bytes:
    """Change what the XMP says, or, where there is none, the first bytes after the credentials' end."""
    if each.media_type not in CARRIERS:
        return each.data[:-1] + bytes([each.data[-1] ^ 0xFF])
    changed = list(TITLE)
    changed[int(each.rng.integers(len(changed)))] = "#"
    return each.data.replace(TITLE.encode(), "".join(changed).encode())


KINDS: tuple[Callable[[Case], bytes], ...] = (
    pixels,
    manifest,
    ingredient,
    truncated,
    trailing,
    transplanted,
    packet,
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_was_tampered_with_is_not_taken_for_whole(
    kind: Callable[[Case], bytes], studio: Studio, tmp_path: Path
) -> None:
    looked = 0
    for media_type in EMBEDDED:
        for number in range(ROUNDS):
            each = case(media_type, number)
            file = tmp_path / f"{kind.__name__}-{number}{suffix_of(media_type)}"
            changed = kind(each)
            assert changed != each.data
            file.write_bytes(changed)
            if kind is transplanted and media_type not in ("image/jpeg", "image/png"):
                file.with_name(file.name + CREDENTIALS).write_bytes(each.done.manifest)
            verdict = verify(studio, file, keeping(tmp_path))
            assert verdict.sound is False, f"{file.name}: {verdict.sentences}"
            looked += 1
    assert looked * len(KINDS) >= 500


@pytest.mark.parametrize("media_type", EMBEDDED)
def test_what_was_left_alone_is_whole(media_type: str, studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / f"whole{suffix_of(media_type)}"
    file.write_bytes(case(media_type, 1).data)
    assert verify(studio, file, keeping(tmp_path)).sound is True
