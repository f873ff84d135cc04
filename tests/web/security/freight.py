"""Hostile requests by what they carry, from somebody who is logged in: paths, bodies, broken HTTP, junk. Families H5 to H7."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import struct
import zlib
from collections.abc import Iterator

from tests.web.security.conftest import Ground
from tests.web.security.strangers import HANDSHAKE, JSON, Hostile
from tests.web.security.wire import chunked, request

MB = 1 << 20


def climbing() -> list[str]:
    """Ways out of a folder, and names that are more than names, as they go into an address."""
    plain = [
        "..", ".", "../", "../..", "../../../../etc/passwd", "/etc/passwd", "//etc/passwd", "....//....//etc/passwd",
        "..;/..;/etc/passwd", "./././etc/passwd", "studio.json", "index/ledger.sqlite3", "~", "~root", "*", "?", ".hidden",
        "..\\..\\windows\\win.ini", "C:/windows/win.ini", "C%3a%5cwindows", "file:///etc/passwd", "http://127.0.0.1:1/x",
    ]  # fmt: skip
    coded = [
        "%2e%2e", "%2e%2e%2f", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "%5c..%5c", "..%5c..%5c",
        "%252e%252e%252f", "%25252e%25252e", "..%c0%af..%c0%afetc", "%c0%ae%c0%ae/", "%e0%80%ae", "..%00", "%00", "x%00.png",
        "%0d%0aSet-Cookie:%20a=b", "%0a", "%ff%fe", "%u002e%u002e", "%", "%zz", "%2", "%09", "%7f", "%e2%80%ae", "%ef%bc%8e",
    ]  # fmt: skip
    words = [
        "a" * 64, "0" * 64, "A" * 64, "a" * 63, "g" * 64, "a" * 5000, "0x" + "a" * 62, "-1", "0", "1e400", "NaN", "null",
        "undefined", "true", "[]", "{}", "%7b%7b7*7%7d%7d", "${7*7}", "$(id)", "`id`", ";id", "|id", "&&id", "%22", "<script>",
        "'%20OR%201=1--", "__proto__", "constructor", "%25s%25s%25n", "con", "nul.png", "%f0%9f%98%80" * 20, "%ed%a0%80", "-",
        "--help", "-rf",
    ]  # fmt: skip
    return plain + coded + words


def paths(ground: Ground) -> Iterator[Hostile]:
    """H5: traversal and other odd names in every parameter of every path, and in the place of the front end's files."""
    for each in ground.operations:
        body = b'{"title": 7}' if each.fields else b""
        for which, name in itertools.product(range(len(each.parameters)), climbing()):
            target = each.filled(ground.work, name, which)
            yield Hostile(f"{each.method} {target[:70]}", request(each.method, target, [*ground.owner, JSON], body))
    for method, name in itertools.product(("GET", "POST", "DELETE"), climbing()):
        yield Hostile(f"{method} /api/{name[:60]}", request(method, f"/api/{name}", [*ground.owner, JSON]))
    for front in ("/assets/", "/static/", "/fonts/", "/"):
        for name in climbing()[:48]:
            if front + name not in ("/.", "/?"):  # that is the first page
                yield Hostile(f"GET {front}{name}", request("GET", front + name, ground.owner))
    yield Hostile("a long address", request("GET", "/api/works?" + "a" * 20_000, ground.owner))
    yield Hostile("a very long address", request("GET", "/" + "a" * 200_000, ground.owner), wordless=True)


def bodies(ground: Ground) -> Iterator[Hostile]:
    """H6: JSON that is none or too much, lengths that lie, bombs, and files that are no pictures."""
    words, put = ground.at("words"), ground.places.words_method
    for what, body in _json():
        yield Hostile(f"JSON, {what}", request(put, words, [*ground.owner, JSON], body))
    yield from _lengths(ground, words, put)
    for what, body in _no_pictures():
        for kind in ("image/png", "application/octet-stream"):
            headers = [*ground.owner, ("Content-Type", kind)]
            yield Hostile(f"{what} as {kind}", request("POST", ground.at("upload"), headers, body))
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, gzip", "x"):
        packed = [*ground.owner, JSON, ("Content-Encoding", coding)]
        yield Hostile(f"a bomb in {coding}", request(put, words, packed, gzip.compress(b" " * (100 * MB), 9)))


def _json() -> Iterator[tuple[str, bytes]]:
    title = b'{"title": %s}'
    deep = 100_000
    yield from (("nothing", b""), ("white space", b" \n"), ("null", b"null"), ("a list", b"[]"), ("a text", b'"title"'))
    yield from (("cut off", b'{"title": "a'), ("a comma more", b'{"title": "a",}'), ("quotes", b"{'title': 'a'}"))
    yield from (
        ("two documents", b'{"title":"a"}{"title":"b"}'),
        ("a byte mark", b'\xef\xbb\xbf{"title": 1}'),
        ("no UTF-8", b"\xff\xfe{}"),
    )
    yield from (
        ("lists in lists", b"[" * deep),
        ("objects in objects", b'{"a":' * deep),
        ("deep and whole", b"[" * deep + b"]" * deep),
    )
    yield "a deep title", title % (b"[" * 20_000 + b"]" * 20_000)
    for value in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "9" * 5000,
        "0.1e-99999",
        "null",
        "true",
        "[]",
        "{}",
        "1",
        "0x10",
    ):
        yield f"a title that is {value[:12]}", title % value.encode()
        yield f"a share that is {value[:12]}", b'{"title": 7, "share": %s}' % value.encode()
    for text in ('"\\ud800"', '"\\udfff"', '"a\\u0000b"', '"\\x"', '"\x00"', '"a\nb"'):
        yield f"a title {text!r}", b'{"title": %s, "share": "x"}' % text.encode()
    yield "many keys", json.dumps({f"k{number}": number for number in range(20_000)}).encode()
    yield "foreign keys", b'{"__proto__": {"a": 1}, "constructor": 1, "$ref": "#"}'
    yield "a title of 2 MB", title % (b'"' + b"a" * (2 * MB) + b'"')
    yield "UTF-16", '{"title": 1}'.encode("utf-16")


def _lengths(ground: Ground, words: str, put: str) -> Iterator[Hostile]:
    for length in (
        "2000000", "999999999999999", "99999999999999999999", "9" * 300, "-1", "+5", "0x10", "5, 5", "5 5", "", "abc", "1e3",
        "٣", "5.0",
    ):  # fmt: skip
        headers = [*ground.owner, JSON, ("Content-Length", length)]
        wordless = not length.isascii() or "," in length  # some read it as one length, and wait for the rest
        yield Hostile(
            f"Content-Length {length[:20]!r}", request(put, words, headers, b"{}", length=False), wordless, ends=True
        )
    yield Hostile(
        "600 MB announced", request("POST", ground.at("upload"), [*ground.owner, ("Content-Length", str(600 * MB))])
    )
    piece = b" " * 65_536
    yield Hostile("3 MB in chunks", chunked(put, words, [*ground.owner, JSON], [piece] * 48))
    yield Hostile("2 MB in small chunks", chunked(put, words, [*ground.owner, JSON], [b" " * 50] * 42_000))
    for size in (b"-1", b"zz", b"0x5", b"ffffffffffffffffff", b" 5", b"5;" + b"a" * 100_000, b""):
        head = request(put, words, [*ground.owner, JSON, ("Transfer-Encoding", "chunked")])
        yield Hostile(f"a chunk of {size[:12]!r}", head + size + b"\r\n{}   \r\n0\r\n\r\n", wordless=True, ends=True)


def _no_pictures() -> Iterator[tuple[str, bytes]]:
    yield from (
        ("nothing", b""),
        ("text", b"hello"),
        ("a script", b"#!/bin/sh\nid\n"),
        ("a page", b"<html><script>1</script>"),
    )
    yield "an SVG with a script", b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("/")</script></svg>'
    yield "an SVG that names files", b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    yield from (
        ("a pickle", b"\x80\x04cos\nsystem\n(S'id'\ntR."),
        ("a program", b"\x7fELF" + bytes(100)),
        ("a PDF", b"%PDF-1.7\n%%EOF"),
    )
    yield from (
        ("PostScript", b"%!PS-Adobe-3.0\nshowpage"),
        ("a zip", b"PK\x03\x04" + bytes(60)),
        ("noise", random.Random(7).randbytes(5000)),
    )
    yield "a packed bomb", gzip.compress(bytes(50 * MB), 9)
    for side in (12_000, 30_000, 65_000, 2_000_000_000):
        yield f"a PNG of {side}×{side}", _png(side, side)
    yield from (
        ("a wide PNG", _png(2**31 - 1, 1)),
        ("a PNG of no size", _png(0, 0)),
        ("a PNG with a bomb for a profile", _profiled()),
    )
    yield "a large GIF", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x00\x00\x00," + bytes(20)
    yield (
        "a large BMP",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield "a large TIFF", _tiff(200_000, 200_000)
    yield "a JPEG of nothing but markers", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 20_000
    yield (
        "a large JPEG",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
    )
    yield "a WebP of nothing", b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(18)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, before: bytes = b"") -> bytes:
    """A PNG that claims a size; up to 30,000 a side every pixel is in it, white, in a few hundred bytes a million."""
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = bytes(min(height, 30_000) * (1 + min(width, 30_000) // 8))
    return head + before + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _profiled() -> bytes:
    """A PNG whose colour profile, and whose text, unpack to hundreds of megabytes, in a picture that ends too early."""
    bomb = zlib.compress(bytes(200 * MB), 9)
    before = _chunk(b"iCCP", b"x\0\0" + bomb) + _chunk(b"zTXt", b"Comment\0\0" + bomb)
    return _png(500, 500, before)[:-40]


def _tiff(width: int, height: int) -> bytes:
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 2**32 - 1),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def broken(ground: Ground) -> Iterator[Hostile]:
    """H7: HTTP that is none: methods, header floods, requests hidden in requests, other protocols, noise."""
    yield from _methods(ground)
    yield from _floods(ground)
    yield from _smuggled(ground)
    yield from _other_languages()


def _methods(ground: Ground) -> Iterator[Hostile]:
    names = "OPTIONS TRACE TRACK CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH DEBUG LINK PURGE PRI get Post X"
    for method in [*names.split(), "G" * 5000, "GE T", "", "POST\t", "P\x00ST", "ＧＥＴ"]:
        for path in ("/", ground.at("listing"), ground.at("words")):
            yield Hostile(f"method {method[:20]!r} {path[:20]}", request(method, path, ground.owner), wordless=True)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"):
        yield Hostile(
            f"{name}",
            request("OPTIONS", ground.at("words"), [*ground.owner, (name, "PUT"), JSON], b'{"title":"x"}'),
        )


def _floods(ground: Ground) -> Iterator[Hostile]:
    for count in (150, 1000, 20_000):
        many = [(f"X-{number}", "a") for number in range(count)]
        yield Hostile(f"{count} headers", request("GET", "/api/works", [*ground.owner, *many]), wordless=True)
    for size in (40_000, 1_000_000, 20_000_000):
        large = [*ground.owner, ("X-Large", "a" * size)]
        yield Hostile(f"a header of {size} bytes", request("GET", "/api/works", large), wordless=True)
    cookies = "; ".join(f"c{number}=x" for number in range(10_000))
    yield Hostile("10,000 cookies", request("GET", "/api/works", [ground.host, ("Cookie", cookies)]), wordless=True)
    for header in (
        "X: a\r\n b",
        "X : a",
        "X\x00: a",
        "X: a\x00b",
        ": a",
        "no colon",
        "X: a\rb",
        "Host\t: a",
        "X: \x7f",
        "(x): a",
    ):
        head = request("GET", "/api/works", ground.owner).replace(b"Connection", f"{header}\r\nConnection".encode())
        yield Hostile(f"header {header!r}", head.replace(ground.token.encode(), b"x"), wordless=True)


def _smuggled(ground: Ground) -> Iterator[Hostile]:
    """A second request hidden behind the first, which the first one's reader is to take for its own."""
    hidden = request("POST", ground.at("upload"), [("Host", ground.host[1]), ("Content-Type", "image/png")], b"x")
    codings = [
        "chunked", "Chunked ", "\tchunked", "xchunked", "chunked, identity", "identity, chunked", "chunked, chunked",
        "chunked\x0b", "gzip, chunked", "identity", "", "x", '"chunked"', "chunked;q=1",
    ]  # fmt: skip
    for coding in codings:
        for length in ("4", "0", str(len(hidden) + 5)):
            lines = [*ground.owner, JSON, ("Content-Length", length), ("Transfer-Encoding", coding)]
            head = request(ground.places.words_method, ground.at("words"), lines).replace(b"Connection: close\r\n", b"")
            yield Hostile(f"length {length} and {coding!r}", head + b"0\r\n\r\n" + hidden, wordless=True, ends=True)
    for lengths in (("4", "5"), ("0", str(len(hidden))), ("4", "4"), ("4", "-4")):
        lines = [*ground.owner, JSON, *(("Content-Length", length) for length in lengths)]
        head = request(ground.places.words_method, ground.at("words"), lines).replace(b"Connection: close\r\n", b"")
        yield Hostile(f"lengths {lengths}", head + b"null" + hidden, wordless=True, ends=True)
    for line in (
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\x00: chunked",
        "Transfer_Encoding: chunked",
        " Transfer-Encoding: chunked",
    ):
        head = request(ground.places.words_method, ground.at("words"), [*ground.owner, JSON], b"{}")
        yield Hostile(
            f"{line!r}", head.replace(b"Connection", line.encode() + b"\r\nConnection"), wordless=True, ends=True
        )
    upgrade = [ground.host, ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA")]
    yield Hostile("h2c", request("GET", "/api/works", upgrade) + hidden, wordless=True)
    yield Hostile(
        "expects more", request("POST", "/api/works", [ground.host, ("Expect", "100-continue")], b"x"), wordless=True
    )


def _other_languages() -> Iterator[Hostile]:
    noise = random.Random(11)
    lines = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + noise.randbytes(500), b"GET /\r\n",
        b"GET / HTTP/0.9\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\n\n", b"\r\n\r\n\r\n",
        b"HELO x\r\nMAIL FROM:<a>\r\n", b"*1\r\n$4\r\nPING\r\n", b"SSH-2.0-x\r\n", b"\x00" * 1000, b"GET /api/works",
        b"\x12\x01\x00\x2f\x00\x00\x01\x00", b"HTTP/1.1 200 OK\r\n\r\n", b"GET http:// HTTP/1.1\r\nHost:\r\n\r\n", b"",
    ]  # fmt: skip
    for data in [*lines, *(noise.randbytes(noise.randrange(1, 4000)) for _ in range(30))]:
        yield Hostile(f"{data[:24]!r}", data, wordless=True, ends=True)


def handshakes(ground: Ground) -> Iterator[Hostile]:
    """H7: wishes for a WebSocket that no browser of the owner's would have."""
    whole, socket = [*ground.owner, *HANDSHAKE], ground.at("socket")
    paths = ("/api/nothing", "/api/works", "/", "/login", "/guard.css", f"/api/..{socket}", f"{socket}/../socket")
    odd = [(path, whole) for path in paths]
    odd += [
        (ground.at("socket"), [*ground.owner, *(line for line in HANDSHAKE if line is not missing)])
        for missing in HANDSHAKE[1:]
    ]
    odd += [(ground.at("socket"), [ground.host, who, *HANDSHAKE]) for who in (ground.cookie, ("Origin", ground.origin))]
    for path, headers in odd:
        yield Hostile(f"a WebSocket at {path}", request("GET", path, headers), wordless=True)
