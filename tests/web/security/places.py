"""Where the server keeps what an attacker wants, and what its description says that it can do."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CHANGES = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Places:
    """Addresses; `{work}` stands for the id of one."""

    listing: str = "/api/works"
    upload: str = "/api/works"
    image: str = "/api/works/{work}/image"
    words: str = "/api/works/{work}/words"  # says something of a work, in JSON
    words_method: str = "PUT"
    words_body: str = '{"title": "taken over"}'
    script: str = "/assets/app.js"
    socket: str = "/api/socket"
    foreign: str = "/api/foreign.svg"  # a picture with a script in it


REAL = Places(
    image="/api/works/{work}/thumbnail",
    words="/api/works/{work}/said",
    words_method="POST",
    socket="/api/events",
)
"""The same in the studio's own server. It takes no pictures with scripts in them."""


@dataclass(frozen=True)
class Operation:
    """One thing that the server can be asked for, as its description says."""

    method: str
    path: str
    fields: tuple[str, ...]
    query: tuple[str, ...]

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{[^}]+\}", self.path)

    def filled(self, work: str, odd: str = "", which: int = -1) -> str:
        """Write the address for a work, with something odd in the place of one of the parameters."""
        path = self.path
        for number, parameter in enumerate(self.parameters):
            path = path.replace(parameter, odd if number == which else work, 1)
        return path


def operations(description: dict[str, Any]) -> list[Operation]:
    """Read the description of an interface."""
    found = []
    for path, methods in description["paths"].items():
        for method, about in methods.items():
            query = tuple(each["name"] for each in about.get("parameters", ()) if each["in"] == "query")
            found.append(Operation(method.upper(), path, tuple(_fields(description, about)), query))
    return found


def _fields(description: dict[str, Any], about: dict[str, Any]) -> Iterator[str]:
    content = about.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    yield from description.get("components", {}).get("schemas", {}).get(name, {}).get("properties", {})


_ODD: tuple[object, ...] = (
    None, True, False, 0, -1, 2**63, 2**200, -(2**64), 1e308, -0.0, 0.1, "", " ", "\x00", "a" * 10_000, "\u202e", "../../x",
    "NaN", "<script>", "{{7*7}}", "%s%n", "0" * 64, "\ud83d\ude00" * 50, [], [[]], [None] * 500, {}, {"$ref": "#"}, ["a", 1],
    {"": {"": {"": {}}}}, "2026-13-45T99:99:99Z", "file:///etc/passwd", "http://127.0.0.1:1/", "data:image/png;base64,AAAA", "=1",
)  # fmt: skip


def junk_for(operation: Operation, times: int) -> Iterator[tuple[str, bytes]]:
    """Queries and JSON for an operation, with odd values in its own fields; each run has the same."""
    chance = random.Random(operation.method + operation.path)
    for _ in range(times):
        names = [*operation.fields, "id", "kind", "__class__"]
        body = {name: chance.choice(_ODD) for name in names if chance.random() < 0.7}
        query = "&".join(f"{name}={chance.choice(_TEXTS)}" for name in operation.query if chance.random() < 0.7)
        yield query, json.dumps(body).encode()


_TEXTS = (
    "", "-1", "0", "1e400", "NaN", "null", "99999999999999999999", "a" * 2000, "%00", "%ff", "%0d%0a", "..%2f..%2fx", "%22", "'",
    "*", "(", "AND", "NEAR(", "a:b:c", "-", "%25", "true", "[]", "2026-99-99", "%f0%9f%98%80", "<b>", "0x10", "1.5", "^", '"a',
)  # fmt: skip
