"""The file of a source map: exact, small, the same every time, and harmless whoever wrote it."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palimpsest.errors import Damaged
from palimpsest.media.sourcemap import Slot, SourceMap
from palimpsest.media.sourcemap_codec import MAGIC, decode_map, encode_map

SLOTS = (Slot("work", 0, 9, 7), Slot("others é", 3, 40, 5, True, 3), Slot("work", 0, 1, 1))


@st.composite
def maps(draw: st.DrawFn) -> SourceMap:
    """Maps of any shape, from one piece to noise."""
    shape = draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    pieces = rng.integers(0, draw(st.integers(1, 40)), shape)
    slot = rng.integers(0, len(SLOTS), 40)[pieces]
    sizes = np.array([each.laid for each in SLOTS])[slot]
    moved = rng.integers(0, 50, (2, 40))[:, pieces]
    here = np.indices(shape)
    return SourceMap(SLOTS, slot, (here[0] + moved[0]) % sizes[..., 0], (here[1] + moved[1]) % sizes[..., 1])


@given(maps())
def test_every_map_comes_back(sources: SourceMap) -> None:
    data = encode_map(sources)
    again = decode_map(data, sources.width, sources.height)
    assert again == sources
    assert again.slot.dtype == sources.slot.dtype
    assert encode_map(again) == data


def test_a_map_larger_than_a_band_comes_back() -> None:
    rng = np.random.default_rng(1)
    for height, width in ((700, 300), (300, 700), (1, 2000), (2000, 1)):
        slot = Slot("work", 0, 2000, 2000)
        row, column = rng.integers(0, 2000, (2, height, width))
        row[:, width // 3 :] = np.arange(height)[:, None]
        sources = SourceMap((slot,), np.zeros((height, width), np.uint8), row, column)
        assert decode_map(encode_map(sources), width, height) == sources


def test_copies_in_pieces_take_less_than_a_third_of_a_byte_for_each_pixel() -> None:
    sources = pieces(512, 640)
    data = encode_map(sources)
    assert decode_map(data, 640, 512) == sources
    assert len(data) < 0.33 * 512 * 640
    assert len(encode_map(SourceMap.identity("work", 0, 1024, 1024))) < 2000


def pieces(height: int, width: int) -> SourceMap:
    """A field as patch synthesis makes them: coherent pieces of some 20 pixels, and noise along their borders."""
    rng = np.random.default_rng(2)
    y, x = np.indices((height, width))
    wobble = rng.normal(0, 1.5, (2, height, width))
    piece = ((y + wobble[0]) // 20 * 1000 + (x + wobble[1]) // 20).astype(int) % 997
    moved = rng.integers(0, 400, (2, 997))[:, piece]
    slot = Slot("work", 0, width + 400, height + 400)
    return SourceMap((slot,), np.zeros((height, width), np.uint8), y + moved[0], x + moved[1])


@given(st.binary(max_size=200), st.booleans())
def test_random_bytes_are_refused(data: bytes, begins_well: bool) -> None:
    with pytest.raises(Damaged):
        decode_map(MAGIC + data if begins_well else data, 3, 2)


@settings(max_examples=300)
@given(st.data())
def test_a_changed_file_is_refused_or_is_a_map(data: st.DataObject) -> None:
    sources = data.draw(maps())
    file = bytearray(encode_map(sources))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    file = file[: data.draw(st.integers(0, len(file)))] if data.draw(st.booleans()) else file
    _refused_or_a_map(bytes(file), sources)


@settings(max_examples=300)
@given(maps(), st.binary(max_size=400), st.binary(max_size=400))
def test_a_body_of_anything_is_refused_or_is_a_map(sources: SourceMap, symbols: bytes, numbers: bytes) -> None:
    """What is well packed may still say anything, such as moves that add up beyond every number."""
    size = sources.width * sources.height
    body = bytes(each % 5 for each in symbols).ljust(size, b"\4")[:size]
    body += numbers.ljust(12 * body.count(4), b"\xff")[: 12 * body.count(4)]
    _refused_or_a_map(_with_body(encode_map(sources), zlib.compress(body)), sources)


def _refused_or_a_map(file: bytes, sources: SourceMap) -> None:
    with suppress(Damaged):
        read = decode_map(file, sources.width, sources.height)
        assert (read.width, read.height) == (sources.width, sources.height)


def _with_body(file: bytes, body: bytes) -> bytes:
    length = int.from_bytes(file[len(MAGIC) : len(MAGIC) + 4], "big")
    return file[: len(MAGIC) + 4 + length] + body


def _with_head(file: bytes, head: bytes) -> bytes:
    length = int.from_bytes(file[len(MAGIC) : len(MAGIC) + 4], "big")
    return MAGIC + len(head).to_bytes(4, "big") + head + file[len(MAGIC) + 4 + length :]


@pytest.mark.parametrize("size", [(3, 3), (2, 3), (10**9, 10**9)])
def test_a_map_of_another_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Damaged, match=r"another size|×"):
        decode_map(encode_map(SourceMap.identity("work", 0, 3, 2)), *size)


HEADS: list[Callable[[dict[str, Any]], object]] = [
    list,
    lambda head: {**head, "more": 1},
    lambda head: {**head, "slots": []},
    lambda head: {**head, "slots": {}},
    lambda head: {**head, "slots": [["work", 0, 3, 2, 0]]},
    lambda head: {**head, "slots": [["work", 0, 3, 2, 2, 0]]},
    lambda head: {**head, "slots": [["work", 0, 3, 2, 0, 9]]},
    lambda head: {**head, "slots": [["work", 10**12, 3, 2, 0, 0]]},
    lambda head: {**head, "slots": [["work", 0, 10**12, 2, 0, 0]]},
    lambda head: {**head, "slots": [["work", 0, 3.0, 2, 0, 0]]},
    lambda head: {**head, "slots": [[None, 0, 3, 2, 0, 0]]},
    lambda head: {**head, "slots": [["work", 0, 3, 1, 0, 0]]},
]


@pytest.mark.parametrize("change", HEADS)
def test_a_head_that_says_something_else_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    head = {"width": 3, "height": 2, "slots": [["work", 0, 3, 2, 0, 0]]}
    file = encode_map(SourceMap.identity("work", 0, 3, 2))
    assert decode_map(_with_head(file, json.dumps(head).encode()), 3, 2)
    with pytest.raises(Damaged):
        decode_map(_with_head(file, json.dumps(change(head)).encode()), 3, 2)


@pytest.mark.parametrize("head", [b"[" * 100_000, b"1" * 10_000, b"\xff", b""])
def test_a_head_that_is_no_json_is_refused(head: bytes) -> None:
    with pytest.raises(Damaged):
        decode_map(_with_head(encode_map(SourceMap.identity("work", 0, 3, 2)), head), 3, 2)


def test_a_bomb_does_not_fill_the_memory() -> None:
    bomb = _with_body(encode_map(SourceMap.identity("work", 0, 3, 2)), zlib.compress(bytes(2**28), 9))
    tracemalloc.start()
    with pytest.raises(Damaged, match="more follows"):
        decode_map(bomb, 3, 2)
    assert tracemalloc.get_traced_memory()[1] < 2**21
    tracemalloc.stop()


def test_what_follows_is_refused() -> None:
    with pytest.raises(Damaged, match="more follows"):
        decode_map(encode_map(SourceMap.identity("work", 0, 3, 2)) + b"x", 3, 2)
