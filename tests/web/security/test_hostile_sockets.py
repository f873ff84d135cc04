"""A tab of the owner's that speaks nonsense over its WebSocket: the line is closed, the server goes on, nothing is written."""

from __future__ import annotations

import random
import socket
import struct
import time
from collections.abc import Iterator

from tests.web.security.conftest import Ground
from tests.web.security.strangers import HANDSHAKE
from tests.web.security.wire import exchange, request

MB = 1 << 20


def frame(opcode: int, data: bytes, *, mask: bool = True, first: int = 0x80, length: int | None = None) -> bytes:
    """Write one frame; `first` holds the bits before the opcode, `length` what is claimed."""
    size = len(data) if length is None else length
    bit = 0x80 if mask else 0
    if size < 126:
        head = struct.pack("!BB", first | opcode, bit | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first | opcode, bit | 126, size)
    else:
        head = struct.pack("!BBQ", first | opcode, bit | 127, size)
    return head + (bytes(4) if mask else b"") + data


def junk() -> Iterator[tuple[str, bytes]]:
    noise = random.Random(3)
    yield "an unmasked frame", frame(1, b"hello", mask=False)
    yield "reserved bits", frame(1, b"hello", first=0xF0)
    yield "packed, though nobody agreed to it", frame(1, b"\xf2\x48\xcd\xc9\xc9\x07\x00", first=0xC0)
    yield from ((f"opcode {opcode}", frame(opcode, b"x")) for opcode in (3, 7, 11, 15))
    yield "a frame of 2**62 bytes", frame(1, b"x", length=2**62)
    yield "a frame of 2**63 bytes", frame(1, b"x", length=2**63 + 1)
    yield "a text of 4 MB", frame(1, b"a" * (4 * MB))
    yield "a text in 100,000 pieces", frame(1, b"a", first=0) + frame(0, b"a" * 40, first=0) * 100_000
    yield "a text that is no UTF-8", frame(1, b"\xff\xfe\xed\xa0\x80")
    yield "a piece without a beginning", frame(0, b"x")
    yield "a long ping", frame(9, b"a" * 500)
    yield "a ping in pieces", frame(9, b"a", first=0)
    yield "100,000 pings", frame(9, b"a") * 100_000
    yield from ((f"a close with {code}", frame(8, struct.pack("!H", code))) for code in (0, 999, 1005, 1006, 65_535))
    yield from (("a close of one byte", frame(8, b"x")), ("HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
    yield from ((f"JSON {text[:20]!r}", frame(1, text)) for text in _json())
    yield from ((f"noise {number}", noise.randbytes(2000)) for number in range(20))
    yield "bytes", frame(2, noise.randbytes(5000))


def _json() -> Iterator[bytes]:
    yield from (
        b"",
        b"null",
        b"[]",
        b"{",
        b"{}",
        b'"x"',
        b"1e999",
        b"NaN",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"9" * 5000,
    )
    yield from (b'{"kind": "nothing"}', b'{"cancel": "../../x"}', b'{"kind": null, "job": -1}', b'{"type": {"$ne": 1}}')


def test_junk_over_a_socket_changes_nothing(ground: Ground) -> None:
    before = ground.writings()
    for what, data in junk():
        seconds = _talk(ground, data)
        assert seconds < 10, what
        assert ground.process.poll() is None, what
    assert ground.writings() == before
    assert ground.memory() < 700
    assert exchange(ground.port, request("GET", ground.at("listing"), ground.owner)).statuses == [200]


def test_the_owner_may_open_one(ground: Ground) -> None:
    """Else the test above would talk to a closed door."""
    with socket.create_connection(("127.0.0.1", ground.port), timeout=10) as line:
        assert _shaken(ground, line).startswith(b"HTTP/1.1 101 ")


def _talk(ground: Ground, data: bytes) -> float:
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", ground.port), timeout=10) as line:
        assert b" 101 " in _shaken(ground, line)
        try:
            line.sendall(data + frame(8, b""))
            while line.recv(65_536):
                pass
        except OSError:
            pass  # closed from there in the middle of it
    return time.monotonic() - start


def _shaken(ground: Ground, line: socket.socket) -> bytes:
    line.sendall(request("GET", ground.at("socket"), [*ground.owner, *HANDSHAKE]))
    return line.recv(4096)
