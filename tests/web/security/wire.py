"""HTTP by hand: bytes to a port, and what came back. No library that would mend what is meant to be broken."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")

PATIENCE = 20.0  # seconds until a server that says nothing counts as hung
PAUSE = 0.7  # seconds of silence after an answer until it counts as whole, where the server keeps the line open

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """What a server answered to some bytes; without a status it closed the line without a word, or hung."""

    raw: bytes
    seconds: float
    hung: bool

    @property
    def statuses(self) -> list[int]:
        return [int(status) for status in _STATUS.findall(self.raw)]

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]


def request(method: str, target: str, headers: Pairs, body: bytes = b"", *, length: bool = True) -> bytes:
    """Write a request with exactly these headers, and the length of the body, if it has one."""
    pairs = list(headers)
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs)]
    after = "Upgrade" if ("Upgrade", "websocket") in pairs else "close"
    if body and length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, f"Connection: {after}", "", ""]).encode("utf-8", "surrogateescape") + body


def chunked(method: str, target: str, headers: Pairs, pieces: Iterable[bytes]) -> bytes:
    """Write a request whose body comes in chunks."""
    head = request(method, target, [*headers, ("Transfer-Encoding", "chunked")])
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def exchange(port: int, data: bytes, *, ends: bool = False) -> Reply:
    """Send bytes and read until the server closes, or has said something and then nothing more; `ends` closes our side."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        try:
            line.sendall(data)
            if ends:
                line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has answered, or hung up, before it heard all
        raw, hung = _read(line, start + PATIENCE)
    return Reply(raw, time.monotonic() - start, hung)


def _read(line: socket.socket, until: float) -> tuple[bytes, bool]:
    raw = b""
    while time.monotonic() < until:
        line.settimeout(PAUSE if raw else max(0.1, until - time.monotonic()))
        try:
            piece = line.recv(65536)
        except TimeoutError:
            return raw, not raw
        except OSError:
            return raw, False
        if not piece:
            return raw, False
        raw += piece
    return raw, True
