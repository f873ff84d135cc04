"""A request as the guard sees it: where it goes, what it claims, nothing believed yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.types import Scope

from palimpsest.web.policy import READING

_ONCE = frozenset(
    {
        "host", "origin", "authorization", "cookie", "content-type", "content-length", "transfer-encoding", "upgrade",
        "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest",
    }
)  # fmt: skip

_ODD = re.compile(r"[\x00-\x1f\x7f\\]|//|(?:^|/)\.{1,2}(?:/|$)")


@dataclass(frozen=True)
class Asking:
    """One request, or one wish for a WebSocket."""

    scope: Scope
    headers: dict[str, str]
    repeated: bool

    @classmethod
    def of(cls, scope: Scope) -> Asking:
        """Read the headers; of a repeated one the first is kept."""
        pairs = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        names = [name for name, _ in pairs if name in _ONCE]
        return cls(scope, dict(reversed(pairs)), len(names) > len(set(names)))

    @property
    def path(self) -> str:
        """Where to, decoded."""
        return str(self.scope["path"])

    @property
    def is_socket(self) -> bool:
        """Whether it wants a WebSocket."""
        return bool(self.scope["type"] == "websocket")

    @property
    def method(self) -> str:
        """What is wanted: GET, POST or another."""
        return str(self.scope.get("method", "GET"))

    @property
    def reads_only(self) -> bool:
        """Whether it changes nothing by its nature; a WebSocket may do anything."""
        return self.method in READING and not self.is_socket

    @property
    def is_api(self) -> bool:
        """Whether a program asks for data, not a person for a page."""
        return self.is_socket or self.path == "/api" or self.path.startswith("/api/")

    @property
    def wants_page(self) -> bool:
        """Whether a person will see the answer in the place of a page."""
        return not self.is_api and self.reads_only and "text/html" in self.headers.get("accept", "")

    @property
    def is_foreign_visit(self) -> bool:
        """Whether somebody follows a link from a page that is not ours to one of our pages."""
        whole = (self.headers.get("sec-fetch-mode"), self.headers.get("sec-fetch-dest")) == ("navigate", "document")
        return whole and self.reads_only and not self.is_api and not self.is_ours

    @property
    def is_ours(self) -> bool:
        """Whether the browser says that one of our pages asks, or nobody's (an address typed, a bookmark, no browser).

        `same-site` is another port of this computer: a stranger too.
        """
        return self.headers.get("sec-fetch-site") in (None, "same-origin", "none")

    @property
    def has_plain_path(self) -> bool:
        """Whether the path is one that a page of ours could have: no climbing, nothing empty or hidden."""
        return self.path.startswith("/") and not _ODD.search(self.path)

    @property
    def address_bytes(self) -> int:
        """The length of path and query as they came."""
        return len(self.scope.get("raw_path") or b"") + len(self.scope["query_string"])

    @property
    def header_bytes(self) -> int:
        """The length of all headers together."""
        return sum(len(name) + len(value) for name, value in self.scope["headers"])

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, or nothing."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def cookies(self, name: str) -> Iterator[str]:
        """All cookies of a name: another port of this host may have set one of the same name before ours."""
        for pair in self.headers.get("cookie", "").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                yield value

    def query(self, name: str) -> str:
        """Return a value of the query, or nothing."""
        asked = self.scope["query_string"].decode("latin-1")
        return str(parse_qs(asked).get(name, [""])[0])
