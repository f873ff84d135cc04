"""The way of one admitted request through the guard: its body is counted and timed, its reply gets our headers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from palimpsest.web import policy
from palimpsest.web.refusals import TOO_LARGE, TOO_SLOW, Answer, Refusal

_STARTS = ("http.response.start", "websocket.http.response.start")


class Passage:
    """Stands between the application and the network.

    When too much comes, or nothing for too long, the answer goes out from here, whatever the application makes of it: to it
    the client has gone away. Counting the announced length alone would not do: a body in chunks announces none.
    """

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._ends = asyncio.get_running_loop().time() + policy.PATIENCE
        self._coming = True
        self._started = False
        self._cut = False

    async def receive(self) -> Message:
        """Take the next piece of the body."""
        if self._cut:
            return {"type": "http.disconnect"}
        if not self._coming:
            return await self._receive()  # waits for the client to go away; that may take as long as it likes
        try:
            async with asyncio.timeout_at(min(self._ends, asyncio.get_running_loop().time() + policy.SILENCE)):
                message = await self._receive()
        except TimeoutError:
            return await self._stop(TOO_SLOW)
        self._left -= len(message.get("body", b""))
        self._coming = message["type"] == "http.request" and bool(message.get("more_body", False))
        return message if self._left >= 0 else await self._stop(TOO_LARGE)

    async def send(self, message: Message) -> None:
        """Pass a piece of the reply on, unless the answer went out already."""
        if not self._cut:
            self._started = True
            await self._send(message)

    async def _stop(self, refusal: Refusal) -> Message:
        self._cut = True
        if not self._started:
            await give(refusal.answer(page=False), {"type": "http"}, self._send)
        return {"type": "http.disconnect"}


def dressed(send: Send, headers: Mapping[str, str]) -> Send:
    """Return a `send` that puts our headers on every reply, in the place of the application's own of the same name."""

    async def dress(message: Message) -> None:
        if message["type"] in _STARTS:
            message["headers"] = _with(message, headers)
        await send(message)

    return dress


async def give(answer: Answer, scope: Scope | Mapping[str, Any], send: Send) -> None:
    """Send a whole reply; to one who wanted a WebSocket it is the refusal of the handshake."""
    kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    length = (b"content-length", str(len(answer.body)).encode())
    await send({"type": f"{kind}.start", "status": answer.status, "headers": [length, *answer.headers]})
    await send({"type": f"{kind}.body", "body": answer.body})


def _with(message: MutableMapping[str, Any], headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    ours = {name.encode(): value.encode() for name, value in headers.items()}
    kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
    if not any(name.lower() == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", policy.CACHING.encode()))
    return [*kept, *ours.items()]
