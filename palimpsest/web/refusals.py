"""What the guard says when it lets nobody in: to a person a calm page, to a program the two sentences of an error.

Nothing of the request is repeated in an answer, so that none can carry anything back into a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

Header = tuple[bytes, bytes]

STYLES_PATH = "/guard.css"


@dataclass(frozen=True)
class Answer:
    """A whole reply."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why a request goes no further: what was expected and what came, and what to do about it.

    `way_out` is a link for the page: where to, and its words. An empty target is the page's own address: opened from a page
    of ours the browser sends the cookie along, which it does not when it comes from somebody else's page.
    """

    status: int
    problem: str
    remedy: str
    way_out: tuple[str, str] | None = None
    closes: bool = False
    headers: tuple[Header, ...] = ()

    def answer(self, *, page: bool) -> Answer:
        """Return it as a page or as JSON."""
        kind, body = (b"text/html; charset=utf-8", self._page()) if page else (b"application/json", self._json())
        closing = ((b"connection", b"close"),) if self.closes else ()
        return Answer(self.status, body, ((b"content-type", kind), *closing, *self.headers))

    def _json(self) -> bytes:
        return json.dumps({"error": {"problem": self.problem, "remedy": self.remedy}}, ensure_ascii=False).encode()

    def _page(self) -> bytes:
        link = f'<p><a href="{escape(self.way_out[0])}">{escape(self.way_out[1])}</a></p>' if self.way_out else ""
        return _PAGE.format(problem=escape(self.problem), remedy=_with_commands(self.remedy), link=link).encode()


def _with_commands(text: str) -> str:
    """Set what is to be typed, `between two of these`, as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def styles() -> Answer:
    """Return how the page looks."""
    return Answer(200, _STYLES.encode(), ((b"content-type", b"text/css; charset=utf-8"),))


def moved(target: str, headers: Iterable[Header] = ()) -> Answer:
    """Send the browser on to another page of ours."""
    return Answer(303, b"", ((b"location", target.encode("ascii")), *headers))


_AGAIN = "Run `palimpsest open` in the terminal; it prints a new link and opens it."

STRANGER = Refusal(
    401,
    "This browser is not logged in to the studio.",
    "Open the link that the terminal printed, or run `palimpsest open` for a new one.",
    ("", "Came here from another page? Open it from here"),
)
STALE_LINK = Refusal(
    401,
    "This link was used already, or is older than ten minutes.",
    f"Each link opens the studio once. {_AGAIN}",
    ("/", "Logged in already? Go to the studio"),
)
WRONG_TOKEN = Refusal(
    401,
    "Expected the token of this studio, but none or another one came.",
    "Run `palimpsest open` for a new link, or send the token as `Authorization: Bearer …`.",
)
UNKNOWN_HOST = Refusal(
    421,
    "Expected the address of this studio, but the request names another one.",
    "Use the link that the terminal printed, with 127.0.0.1 in it.",
)
FOREIGN_PAGE = Refusal(
    403,
    "Expected a page of this studio to ask, but another one does.",
    "Open the studio itself, and do it there.",
)
NO_ORIGIN = Refusal(
    403,
    "Expected the browser to say which page asks (the Origin header), but it does not.",
    "Use a browser of these years, or send the token as `Authorization: Bearer …`.",
)
REPEATED_HEADER = Refusal(
    400, "Expected each header once, but one comes twice.", "Send the request again with each header once.", closes=True
)
BAD_PATH = Refusal(
    400,
    "Expected a plain path, but this one climbs, has an empty part, or holds characters that no address of ours has.",
    "Start again from the first page of the studio.",
)
LONG_ADDRESS = Refusal(
    414,
    "The address is longer than any of the studio's.",
    "Start again from the first page of the studio.",
    closes=True,
)
LARGE_HEADERS = Refusal(
    431,
    "The headers of the request are larger than what the studio reads.",
    "Clear the cookies of 127.0.0.1 in this browser; other programs on this computer share them.",
    closes=True,
)
UNKNOWN_METHOD = Refusal(
    405,
    "Expected one of the methods GET, HEAD, POST, PUT, PATCH and DELETE, but another one came.",
    "Look at the description of the interface, /api/openapi.json.",
    headers=((b"allow", b"GET, HEAD, POST, PUT, PATCH, DELETE"),),
)
FORM = Refusal(
    415,
    "Expected JSON or the bytes of a file, but a web form came.",
    "Send JSON as application/json, and a file with its own media type or as application/octet-stream.",
)
BAD_LENGTH = Refusal(
    400,
    "Expected a body with one length, but what the request says of it makes no sense.",
    "Send the request again with a plain Content-Length.",
    closes=True,
)
TOO_LARGE = Refusal(
    413,
    "What was sent is larger than what the studio takes here.",
    "Send less, or add the file with `palimpsest add`, which has no such limit.",
)
TOO_SLOW = Refusal(
    408,
    "Expected the rest of what was announced, but nothing more came for a while.",
    "Send it again; nothing was kept.",
    closes=True,
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Palimpsest</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/guard.css">
</head>
<body>
<main>
<p class="name">Palimpsest</p>
<h1>{problem}</h1>
<p>{remedy}</p>
{link}
<p class="note">Nothing is lost: your works are in their studio on this computer.</p>
</main>
</body>
</html>
"""

_STYLES = """:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: light-dark(#f6f3ee, #1b1a18); color: light-dark(#26231f, #e9e5de);
  font: 1.0625rem/1.6 system-ui, sans-serif;
}
main { max-width: 34rem; }
.name { margin: 0 0 2rem; letter-spacing: .04em; color: light-dark(#6b6257, #a89f92); }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.3; font-weight: 600; text-wrap: balance; }
p { margin: 0 0 1rem; }
code {
  padding: .1em .35em; border-radius: .3em; background: light-dark(#e8e2d8, #2d2b27);
  font: .95em ui-monospace, monospace; white-space: nowrap;
}
a { display: inline-block; padding: .5rem 0; color: light-dark(#7a3b12, #e8ab7a); }
a:focus-visible { outline: 2px solid; outline-offset: 3px; border-radius: .2em; }
.note { margin-top: 2rem; font-size: .9375rem; color: light-dark(#6b6257, #a89f92); }
"""
