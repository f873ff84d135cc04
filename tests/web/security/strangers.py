"""Hostile requests by who asks: other hosts, other pages, forms, forged tokens. Families H1 to H4."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.web.security.conftest import Ground
from tests.web.security.wire import Pairs, request

PNG = b"\x89PNG\r\n\x1a\n"
JSON = ("Content-Type", "application/json")
HANDSHAKE = (
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg=="),
)


@dataclass(frozen=True)
class Hostile:
    """One hostile request: what is odd in it, and its bytes. `wordless` may be answered by closing the line."""

    what: str
    data: bytes
    wordless: bool = False
    ends: bool = False


def wishes(ground: Ground) -> Iterator[tuple[str, str, Pairs, bytes]]:
    """What an attacker would like: to see a page, to read the list and a picture, to add, to change, to listen."""
    yield "GET", "/", [], b""
    yield "GET", ground.at("listing"), [], b""
    yield "GET", ground.at("image"), [], b""
    yield "POST", ground.at("upload"), [("Content-Type", "image/png")], picture()
    yield ground.places.words_method, ground.at("words"), [JSON], ground.places.words_body.encode()
    yield "GET", ground.at("socket"), HANDSHAKE, b""


def picture() -> bytes:
    """A picture that the studio would take, were it not for who sends it."""
    from tests.cli.conftest import painted  # noqa: PLC0415 - the command line's own helpers, needed here only

    return painted(31_337)


def asked(ground: Ground, what: str, headers: Pairs, only: str = "") -> Iterator[Hostile]:
    """Every wish with these headers, or those that begin with the method `only`."""
    for method, path, more, body in wishes(ground):
        if method.startswith(only):
            yield Hostile(f"{what}: {method} {path}", request(method, path, [*headers, *more], body))


def hosts(ground: Ground) -> Iterator[Hostile]:
    """H1: names of others that point to this computer; the browser holds the cookie and says that the page is its own."""
    port, other = ground.port, ground.port + 1
    names = [
        "rebind.test", f"rebind.test:{port}", f"127.0.0.1.rebind.test:{port}", f"localhost.rebind.test:{port}",
        "127.0.0.1", "localhost", "[::1]", f"127.0.0.1:{other}", "127.0.0.1:80", f"127.0.0.1:0{port}", f"127.0.0.1:{port}.",
        f"127.0.0.1.:{port}", f"localhost.:{port}", f"0.0.0.0:{port}", f"[::]:{port}", f"127.1:{port}", f"0:{port}",
        f"2130706433:{port}", f"0x7f000001:{port}", f"0177.0.0.1:{port}", f"127.0.0.2:{port}", f"[::ffff:127.0.0.1]:{port}",
        f"[0:0:0:0:0:0:0:1]:{port}", f"me@127.0.0.1:{port}", f"127.0.0.1:{port}@rebind.test", f"127.0.0.1:{port},rebind.test",
        f"127.0.0.1:{port}/", f"http://127.0.0.1:{port}", f"127.0.0.1:{port}#x", f"127.0.0.1:{port}\\.rebind.test", "null", "*",
        "", f"xn--localhost:{port}", f"localhost:{port}:{port}", f"ⅼocalhost:{port}", "a" * 3000,
    ]  # fmt: skip
    for name in names:
        origin = ("Origin", f"http://{name}")
        yield from asked(ground, f"Host {name[:40]!r}", [("Host", name), ground.cookie, origin, _SAME])
        token = ("Authorization", f"Bearer {ground.token}")  # nothing but the name itself is wrong then
        yield from asked(ground, f"Host {name[:40]!r} and the token", [("Host", name), token, _SAME])
    bare = [ground.cookie, ("Origin", ground.origin), _SAME]
    yield from asked(ground, "no Host", bare)
    for pair in (("rebind.test", ground.host[1]), (ground.host[1], "rebind.test"), (ground.host[1], ground.host[1])):
        yield from asked(ground, f"Host twice {pair}", [("Host", pair[0]), ("Host", pair[1]), *bare])
    for target in (
        f"http://rebind.test:{port}/api/works",
        f"{ground.origin}/api/works",
        "rebind.test:80",
        "*",
        "api/works",
    ):
        yield Hostile(f"target {target}", request("GET", target, [ground.host, *bare]))
    for name in ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host"):
        forwarded = [(name, ground.host[1]), ("Host", f"rebind.test:{port}"), *bare]
        yield from asked(ground, name, forwarded, "GET")


_SAME = ("Sec-Fetch-Site", "same-origin")


def pages(ground: Ground) -> Iterator[Hostile]:
    """H2: another site, another port, or nobody known asks, with the owner's cookie or even the token."""
    port = ground.port
    origins = [
        "null", "", "http://evil.test", f"http://evil.test:{port}", "http://127.0.0.1", f"http://127.0.0.1:{port + 1}",
        f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port}.evil.test", f"http://127.0.0.1:{port}@evil.test",
        f"http://evil.test#{ground.origin}", f"{ground.origin}/", f"{ground.origin} http://evil.test", f"{ground.origin},null",
        "file://", "chrome-extension://abcdefghijklmnop", "moz-extension://abc", f"http://localhost.evil.test:{port}",
        f"ws://127.0.0.1:{port}", f"127.0.0.1:{port}", "about:blank", "data:", "*", f"http://[::ffff:127.0.0.1]:{port}",
    ]  # fmt: skip
    for origin in origins:
        yield from asked(ground, f"Origin {origin!r}", [ground.host, ground.cookie, ("Origin", origin)])
    token = ("Authorization", f"Bearer {ground.token}")
    yield from asked(ground, "the token, from a page of others", [ground.host, token, ("Origin", "http://evil.test")])
    for site in ("cross-site", "same-site", "SAME-SITE", "Cross-Site", "", "same-origin, cross-site", "?1", "no-ne"):
        with_site = [ground.host, ground.cookie, ("Origin", ground.origin), ("Sec-Fetch-Site", site)]
        yield from asked(ground, f"Sec-Fetch-Site {site!r}", with_site)
    for dest in ("iframe", "image", "script", "object", "embed", "document"):
        visit = [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", dest)]
        yield from asked(ground, f"a visit as {dest}", [ground.host, ground.cookie, *visit])
    for method in ("POST", "PUT"):
        yield from asked(ground, "the cookie, and no Origin", [ground.host, ground.cookie], method)
    silent = [ground.host, ground.cookie, *HANDSHAKE]
    yield Hostile("a WebSocket by the cookie, no Origin", request("GET", ground.at("socket"), silent))
    for name in ("Origin", "Sec-Fetch-Site", "Cookie", "Authorization"):
        twice = [*ground.owner, (name, dict([*ground.owner, token])[name])]
        yield from asked(ground, f"{name} twice", [*twice, token] if name == "Authorization" else twice)


def forms(ground: Ground) -> Iterator[Hostile]:
    """H3: what a plain form of any page can send, even if it came from a page of ours."""
    simple = [
        "text/plain", "text/plain; charset=utf-8", "TEXT/PLAIN", " text/plain ;x", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "Multipart/Form-Data", "multipart/form-data; boundary=" + "x" * 300,
    ]  # fmt: skip
    odd = [
        "",
        "*/*",
        "text/xml",
        "application/xml",
        "application/csp-report",
        "application/x-amf",
        "json",
        "image/svg+xml",
    ]
    form = b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../x.png"\r\n\r\n' + PNG + b"\r\n--x--\r\n"
    bodies = [picture(), b'{"title": "taken over"}', form, b"title=taken+over", b""]
    for kind in simple:
        for path, method in ((ground.at("upload"), "POST"), (ground.at("words"), ground.places.words_method)):
            for body in bodies:
                headers = [*ground.owner, ("Content-Type", kind)]
                yield Hostile(f"{kind!r} to {method} {path}", request(method, path, headers, body))
    for kind in odd:
        for body in bodies[1:]:
            headers = [*ground.owner, ("Content-Type", kind)]
            yield Hostile(f"{kind!r} as a picture", request("POST", ground.at("upload"), headers, body))
    for site in ("cross-site", "same-site", "none"):
        foreign = [ground.host, ground.cookie, ("Sec-Fetch-Site", site), ("Content-Type", "text/plain")]
        yield from asked(ground, f"a form from {site}", foreign, "POST")


def tokens(ground: Ground) -> Iterator[Hostile]:
    """H4: no token, forged ones, old ones, those of others, in every place; codes used again, guessed, and sent oddly."""
    for number, forged in enumerate(_forged(ground.token)):
        for place in ("cookie", "bearer"):
            name, value = (
                ("Cookie", f"{ground.cookie_name}={forged}")
                if place == "cookie"
                else ("Authorization", f"Bearer {forged}")
            )
            known = [ground.host, (name, value), ("Origin", ground.origin), _SAME]
            yield from asked(ground, f"token {number} {forged[:20]!r} as {place}", known, "" if number < 8 else "P")
    good = ground.token
    elsewhere: list[tuple[str, str]] = [
        ("Cookie", f"palimpsest_{ground.port + 1}={good}"), ("Cookie", f"palimpsest={good}"), ("Cookie", good),
        ("Cookie", f"x{ground.cookie_name}={good}"), ("Cookie", f"{ground.cookie_name.upper()}={good}"),
        ("Cookie", f'{ground.cookie_name}="{good}"'), ("Authorization", f"Basic {good}"), ("Authorization", good),
        ("Authorization", f"Bearer{good}"), ("Authorization", "Basic " + base64.b64encode(f":{good}".encode()).decode()),
        ("X-Token", good), ("Proxy-Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good},x"),
        ("Sec-WebSocket-Protocol", good), ("X-Palimpsest-Token", good), ("Referer", f"{ground.origin}/?token={good}"),
    ]  # fmt: skip
    for name, value in elsewhere:
        yield from asked(
            ground, f"the token in {name}: {value[:20]}…", [ground.host, (name, value), ("Origin", ground.origin)]
        )
    for query in (f"token={good}", f"access_token={good}", f"code={good}", f"{ground.cookie_name}={good}"):
        yield Hostile(f"?{query[:12]}", request("GET", f"/api/works?{query}", [ground.host]))
    yield from _codes(ground)


def _forged(good: str) -> Iterator[str]:
    yield from ("", "x", "null", "undefined", good[:-1], good + "A", good.swapcase(), "A" * 43)
    yield from (good[::-1], f" {good[1:]}", good + "%00", good.replace(good[0], "%41"), f"{good}\t{good}", "A" * 4096)
    yield from (
        "../../../etc/passwd",
        "${jndi:ldap://127.0.0.1/a}",
        "{{7*7}}",
        "' OR 1=1 --",
        "true",
        "[]",
        "ß",
        "\udcff\udcfe",
    )
    for place in range(len(good)):
        yield good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]


def _codes(ground: Ground) -> Iterator[Hostile]:
    used = urlsplit(ground.link).query
    page = ("Accept", "text/html")
    queries = [
        used, f"{used}&{used}", used.lower(), used[:-1], f"{used}%00", used.replace("code", "CODE"), "code=", "code", "",
        "code=A", "code=" + "A" * 43, "code=" + "A" * 4000, "code=%ff%fe", "code[]=x", "code=../", f"code=x;{used}", "x=" * 500,
        f"code={ground.token}", "code=null", "code=*", "code=%0d%0aSet-Cookie:%20a=b",
    ]  # fmt: skip
    for query in queries:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"):
            yield Hostile(f"{method} /login?{query[:30]}", request(method, f"/login?{query}", [ground.host, page]))
