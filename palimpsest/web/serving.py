"""Serving a studio on this computer alone, and opening the browser on it."""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from palimpsest.errors import FileRefused, UsageRefused
from palimpsest.studio.studio import Studio
from palimpsest.web import policy
from palimpsest.web.app import make_app
from palimpsest.web.guard import Guard
from palimpsest.web.tokens import token_for

PORT = 8765
_TRIED = 20
"""So many ports are tried, when none was asked for."""


def serve(studio: Studio, port: int | None, say: Callable[[str], None], *, browser: bool = True) -> None:
    """Serve a studio on 127.0.0.1 until Ctrl-C; `say` is told the address that lets one browser in, once.

    Raises:
        UsageRefused: the port that was asked for is taken.
    """
    listening = _listening(port)
    chosen = listening.getsockname()[1]
    guard = Guard(make_app(studio, chosen), port=chosen, token=token_for(chosen))
    address = f"http://127.0.0.1:{chosen}{guard.login_path()}"
    server = uvicorn.Server(uvicorn.Config(guard, log_level="warning", **policy.SERVER))
    say(address)
    if browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    with listening, contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one closes it
        server.run(sockets=[listening])


def _listening(port: int | None) -> socket.socket:
    """Take a port: the one asked for, else the usual one or the next that is free."""
    for number in (port,) if port is not None else range(PORT, PORT + _TRIED):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", number))
            one.listen(128)  # from now on a browser that comes early waits
        except OSError as fault:
            one.close()
            if fault.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise FileRefused(f"port {number}", f"it could not be opened: {fault.strerror}") from fault
        else:
            return one
    taken = f"port {port}" if port is not None else f"one of the ports {PORT} to {PORT + _TRIED - 1}"
    raise UsageRefused(f"--port: expected a free port, but {taken} is taken.", "Name another: --port N.")
