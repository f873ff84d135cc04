"""Who may come in: the token of a server, kept for its next start, and the codes that log a browser in once.

The token is what a browser's cookie and a program's Authorization header hold. It stays the same over restarts on the same
port, so that open tabs and bookmarks go on working; it lies where only its owner can read it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

DAYS = 30
LIFETIME = DAYS * 24 * 3600
CODE_LIFETIME = 600.0  # seconds
MOST_CODES = 8

_KEPT = re.compile(rb"([A-Za-z0-9_-]{43})\n([0-9]{1,12})\n")  # the token, and when it was made in seconds since 1970
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def token_for(port: int, folder: Path | None = None, now: float | None = None) -> str:
    """Return the token of the server on a port: the one kept from last time, else a new one.

    A new one is made when the file can be read by others, is not ours, is malformed, or the token is older than 30 days. Where
    the file can't be written, the token lives as long as the server.
    """
    file = (folder or platformdirs.user_state_path("palimpsest")) / f"web-{port}.token"
    moment = time.time() if now is None else now
    kept = _kept(file, moment)
    return kept or _made(file, moment)


def same(given: str, expected: str) -> bool:
    """Compare two secrets in a time that tells nothing about them."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


class Codes:
    """One-time codes for logging in; each lives ten minutes, and only the newest few are good."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}

    def new(self) -> str:
        """Make one."""
        self._sweep()
        while len(self._ends) >= MOST_CODES:
            del self._ends[next(iter(self._ends))]
        code = secrets.token_urlsafe(32)
        self._ends[code] = self._clock() + CODE_LIFETIME
        return code

    def take(self, given: str) -> bool:
        """Tell whether a code is good, and use it up."""
        self._sweep()
        hits = [code for code in self._ends if same(given, code)]  # looks at all of them, whichever it is
        for code in hits:
            del self._ends[code]
        return bool(hits)

    def _sweep(self) -> None:
        now = self._clock()
        self._ends = {code: end for code, end in self._ends.items() if end > now}


def _kept(file: Path, now: float) -> str | None:
    """Read the token of last time, if all about it is as we left it."""
    try:
        with open(file, "rb", opener=_opened) as stream:
            found = _KEPT.fullmatch(stream.read(100)) if _is_private(os.fstat(stream.fileno())) else None
    except OSError:  # not there, not a file, not for us
        return None
    if not found or not 0 <= now - int(found[2]) < LIFETIME:
        return None
    return found[1].decode("ascii")


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_FOLLOW)


def _is_private(about: os.stat_result) -> bool:
    if not stat.S_ISREG(about.st_mode):
        return False
    return os.name != "posix" or (about.st_uid == os.getuid() and not stat.S_IMODE(about.st_mode) & 0o077)


def _made(file: Path, now: float) -> str:
    """Make a token and keep it; the file is never, not even for a moment, readable by others."""
    token = secrets.token_urlsafe(32)
    draft = file.with_name(f".{secrets.token_hex(6)}.part")
    with suppress(OSError):
        file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(f"{token}\n{int(now)}\n".encode())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    return token
