"""A process that works for the server: opens the same studio, does one task after the other, tells how far it is.

It gets `(id, task, arguments)` or `("cancel", id)` over a pipe, and answers `(id, what, value)`, where `what` is `progress`,
`saying`, `done` or `failed`. None ends it. It may be killed at any moment: a studio stands that.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from palimpsest.craft.progress import Progress
from palimpsest.errors import InputRefused, PalimpsestError
from palimpsest.settings import Settings
from palimpsest.studio.studio import Studio
from palimpsest.web.tasks import TASKS

Answer = tuple[str, str, Any]
"""Which job, what of it, and the value."""

_OFTEN = 0.05
"""Progress is told at most every so many seconds."""
_GONE = (EOFError, OSError)


class Worker:
    """The server's end of one such process. `heard` is called, in a thread of its own, with each answer, and None at its end."""

    def __init__(self, folder: Path, settings: Settings, heard: Callable[[Worker, Answer | None], None]) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would take our threads' locks along
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, folder, settings), daemon=True)
        self._heard = heard
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, daemon=True).start()

    def give(self, job: str, task: str, arguments: dict[str, Any]) -> None:
        """Hand over a task; one that has ended meanwhile is heard of as ended."""
        self._send((job, task, arguments))

    def cancel(self, job: str) -> None:
        """Ask it to stop a job at the job's next report."""
        self._send(("cancel", job))

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.terminate()

    def _send(self, message: object) -> None:
        try:
            self._pipe.send(message)
        except _GONE:
            return  # `_listen` notices too, and says so

    def _listen(self) -> None:
        while True:
            try:
                answer = self._pipe.recv()
            except _GONE:
                break
            self._heard(self, answer)
        self._process.join()
        self._heard(self, None)


def work(pipe: Connection, folder: Path, settings: Settings) -> None:
    """Do what comes over the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server to answer, who then ends us
    waiting: SimpleQueue[tuple[str, str, dict[str, Any]] | None] = SimpleQueue()
    running: dict[str, Progress] = {}
    threading.Thread(target=_receive, args=(pipe, waiting, running), daemon=True).start()
    with Studio.open(folder, settings) as studio:
        while (given := waiting.get()) is not None:
            job, task, arguments = given
            running[job] = progress = _reporting(pipe, job)
            pipe.send(_outcome(studio, job, task, arguments, progress))
            running.clear()


def _receive(pipe: Connection, waiting: SimpleQueue[Any], running: dict[str, Progress]) -> None:
    while True:
        try:
            message = pipe.recv()
        except _GONE:
            message = None
        if message is not None and message[0] == "cancel":
            if message[1] in running:
                running[message[1]].cancel()
            continue
        waiting.put(message)
        if message is None:
            return


def _reporting(pipe: Connection, job: str) -> Progress:
    told = 0.0

    def report(fraction: float) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _OFTEN:
            told = now
            pipe.send((job, "progress", fraction))

    return Progress(report, say=lambda words: pipe.send((job, "saying", words)))


def _outcome(studio: Studio, job: str, task: str, arguments: dict[str, Any], progress: Progress) -> Answer:
    try:
        return job, "done", TASKS[task](studio, progress, **arguments)
    except PalimpsestError as error:
        return job, "failed", error
    except MemoryError:
        words = "Expected enough memory for this picture, but there is not."
        return job, "failed", InputRefused(words, "Make it smaller and try again.")
    except OSError as fault:
        return job, "failed", InputRefused(f"Expected the system to do its part, but: {fault}")
    except Exception as fault:
        return job, "failed", PalimpsestError(f"A fault of ours: {type(fault).__name__}.", "Nothing was lost.")
