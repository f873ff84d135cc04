"""The bell: tells every open page what has changed, over one WebSocket for each tab."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

_MOST_UNHEARD = 1000
"""A page that takes nothing for so long is let go; it connects again by itself."""


class Bell:
    """Rings in every tab. `ring` may be called from any thread."""

    def __init__(self) -> None:
        self._ears: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def ring(self, message: dict[str, Any]) -> None:
        """Tell a message to every tab."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, message)

    def _tell(self, message: dict[str, Any]) -> None:
        for ear in list(self._ears):
            if ear.qsize() < _MOST_UNHEARD:
                ear.put_nowait(message)
            else:
                self._ears.discard(ear)
                ear.put_nowait(None)

    async def listen(self, socket: WebSocket, hello: dict[str, Any]) -> None:
        """Serve one tab until it goes."""
        self._loop = asyncio.get_running_loop()
        await socket.accept()
        ear: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._ears.add(ear)
        gone = asyncio.create_task(_until_gone(socket))
        try:
            await self._forward(socket, ear, hello, gone)
        finally:
            self._ears.discard(ear)
            gone.cancel()

    async def _forward(
        self,
        socket: WebSocket,
        ear: asyncio.Queue[dict[str, Any] | None],
        hello: dict[str, Any],
        gone: asyncio.Task[None],
    ) -> None:
        message: dict[str, Any] | None = hello
        while message is not None:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # a tab may close between two words
                await socket.send_json(message)
            next_word = asyncio.create_task(ear.get())
            await asyncio.wait({next_word, gone}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                next_word.cancel()
                return
            message = next_word.result()
        await socket.close(1013)


async def _until_gone(socket: WebSocket) -> None:
    """Wait until the tab closes; what it says meanwhile is not listened to."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, KeyError):
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
