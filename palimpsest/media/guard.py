"""Open files from outside in a process of their own, with a limit on memory and time, so that none can harm the studio.

The process speaks over its standard streams: a message is the length of its head (four bytes), the head as JSON, and as many
bytes as the head's `bytes` says. What the decoders' libraries print goes nowhere.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import palimpsest
from palimpsest.errors import ImageRefused, ImageTooLarge, PalimpsestError
from palimpsest.media.inspection import Inspection, inspect
from palimpsest.settings import Settings

if sys.platform != "win32":
    import resource

_LENGTH = struct.Struct("<I")
_LONGEST_HEAD = 1 << 20
_START_SECONDS = 60
"""A quarter of a second is usual; a machine that is busy or has just been switched on may need far longer."""
_GONE = (OSError, EOFError, ValueError)
"""How it shows that the child is no longer there, or no longer itself."""


class Guard:
    """Opens image files in a child process; a context manager, safe to use from several threads (one file at a time)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process; the next file would start another."""
        with self._lock:
            self._end()

    def inspect(self, data: bytes, name: str) -> Inspection:
        """Decode a file and measure it, as `inspection.inspect` does, but out of harm's way.

        Raises:
            ImageTooLarge: it declares more pixels than the settings allow.
            ImageRefused: it is not an image of ours, is damaged, or took too long or too much memory.
        """
        head: dict[str, Any] | None = None
        thumbnail, status = b"", None
        with self._lock:
            child = self._running()
            watch = _Watch(child, self._settings.decode_seconds)
            try:
                head, thumbnail = self._ask(child, data, name)
            except _GONE:
                pass
            finally:  # whatever happened, a child that still owes an answer is not asked again
                if watch.called_off() or head is None or head.get("last"):
                    status = self._end()
        if head is None:
            raise ImageRefused(name, self._fate(status, overdue=watch.overdue))
        return _read_answer(head, thumbnail, name)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child and self._child.poll() is not None:
            self._end()
        return self._child or self._start()

    def _ask(self, child: subprocess.Popen[bytes], data: bytes, name: str) -> tuple[dict[str, Any], bytes]:
        assert child.stdin
        assert child.stdout
        question = {
            "name": name,
            "seconds": self._settings.decode_seconds,
            "pixel_limit": self._settings.pixel_limit,
            "thumbnail_pixels": self._settings.thumbnail_pixels,
        }
        _send(child.stdin, question, data)
        return _receive(child.stdout)

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "palimpsest.media.guard", str(self._settings.decode_megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._child = child
        watch = _Watch(child, _START_SECONDS)
        try:
            assert child.stdout
            _receive(child.stdout)
        except _GONE:
            status = self._end()
            raise PalimpsestError(
                f"expected the process that opens images to start, but it ended with status {status}.",
                "Check the installation, and that PALIMPSEST_DECODE_MEGABYTES is not too small.",
            ) from None
        finally:
            watch.called_off()
        return child

    def _end(self) -> int | None:
        """Kill the child if there is one, and wait for it, so that no zombie stays."""
        child, self._child = self._child, None
        if child is None:
            return None
        status = child.poll()
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream:
                _close(stream)
        return child.wait() if status is None else status

    def _fate(self, status: int | None, *, overdue: bool) -> str:
        if overdue:
            return f"opening it took longer than {self._settings.decode_seconds} seconds"
        how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
        return f"the decoder gave up on it: {how}"


class _Watch:
    """Kills a child that is not done in time."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.overdue = False
        self._child = child
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self._timer.start()

    def called_off(self) -> bool:
        """Stop watching; whether it was too late."""
        self._timer.cancel()
        self._timer.join()
        return self.overdue

    def _bite(self) -> None:
        self.overdue = True
        self._child.kill()


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:  # bytes that the child never took
        return


def _environment() -> dict[str, str]:
    """Return what the child needs: our package wherever it lies, and no threads that would each reserve memory."""
    home = str(Path(palimpsest.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _read_answer(head: dict[str, Any], thumbnail: bytes, name: str) -> Inspection:
    if "too_large" in head:
        raise ImageTooLarge(name, *head["too_large"])
    if "refused" in head:
        raise ImageRefused(name, head["refused"])
    fields = head["inspection"]
    fields["rights"] = tuple((field, words) for field, words in fields["rights"])
    return Inspection(thumbnail=thumbnail, **fields)


def _send(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(head | {"bytes": len(body)}).encode()
    stream.write(_LENGTH.pack(len(text)) + text)
    stream.write(body)
    stream.flush()


def _receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read one message; EOFError when the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > _LONGEST_HEAD:
        raise ValueError("not a message")
    head: dict[str, Any] = json.loads(_exactly(stream, length))
    return head, _exactly(stream, head["bytes"])


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def main() -> None:
    """Be the child: answer until the other side is gone."""
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the studio's to answer
    _limit_memory(int(sys.argv[1]))
    _send(answers, {"ready": True})
    while True:
        try:
            head, data = _receive(source)
        except EOFError:
            return
        _alarm(head["seconds"] + 2)
        _answer(answers, head, data)
        _alarm(0)


def _alarm(seconds: int) -> None:
    """End this process after so long, 0 for not at all: should the studio be gone, nobody else would."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def _answer(answers: IO[bytes], question: dict[str, Any], data: bytes) -> None:
    name = question["name"]
    try:
        found = inspect(data, name, question["pixel_limit"], question["thumbnail_pixels"])
    except ImageTooLarge as refusal:
        _send(answers, {"too_large": [refusal.width, refusal.height, refusal.limit]})
    except ImageRefused as refusal:
        # after a lack of memory a library may be half loaded: leave, and let a fresh process open the next file
        _send(answers, {"refused": refusal.reason, "last": isinstance(refusal.__cause__, MemoryError)})
    else:
        fields = {key: value for key, value in vars(found).items() if key != "thumbnail"}
        _send(answers, {"inspection": fields}, found.thumbnail)


def _limit_memory(megabytes: int) -> None:
    """Limit what may be taken on top of what Python and its libraries hold already, and leave no core behind."""
    if sys.platform == "win32":  # it has no limits of this kind; the time limit holds there too
        return
    statm = Path("/proc/self/statm")
    held = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        limit = held + megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ValueError, OSError):  # macOS does not know the limit; the system may hold a lower one already
        return


if __name__ == "__main__":
    main()
