"""Many acts at once, each in a process of its own that opens the same studio."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TypeVar

from palimpsest.settings import Settings
from palimpsest.studio.studio import Studio

_Result = TypeVar("_Result")

_studio: Studio | None = None


def in_processes(
    studio: Studio, work: Callable[[Studio, str], _Result], items: Sequence[str]
) -> Iterator[tuple[str, _Result]]:
    """Call `work(studio, item)` for each item in fresh processes, as many as there are cores; yields in the order of items.

    `work` is a function of a module, so that the processes find it. What it raises is raised here.
    """
    number = min(os.cpu_count() or 1, len(items))
    if number < 2 or multiprocessing.current_process().daemon:  # a process of a server may have none of its own
        yield from ((item, work(studio, item)) for item in items)
        return
    context = multiprocessing.get_context("spawn")  # a fork would take our threads' locks along
    settings = studio.settings
    with ProcessPoolExecutor(number, context, initializer=_open, initargs=(studio.folder, settings)) as pool:
        before = multiprocessing.active_children()
        with _interrupts_held_back():
            futures = [(item, pool.submit(_do, work, item)) for item in items]
            started = [each for each in multiprocessing.active_children() if each not in before]
        try:
            for item, future in futures:
                yield item, future.result()
        except (KeyboardInterrupt, GeneratorExit):
            for (
                process
            ) in started:  # nobody waits for them any more; a studio stands a writer that is ended at any moment
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started within: it is for us to answer, who then end them.

    They inherit the mask. To ignore the signal in `_open` alone would be too late: importing takes a while, and an interrupt
    then would print its traceback from each of them.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # when it starts it lets interrupts through again, so it has to run before
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _open(folder: Path, settings: Settings) -> None:
    global _studio  # noqa: PLW0603 - a worker process has one studio for its whole life
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for systems that cannot hold it back
    _studio = Studio.open(folder, settings)


def _do(work: Callable[[Studio, str], _Result], item: str) -> _Result:
    if _studio is None:
        raise RuntimeError("a worker process without a studio")
    return work(_studio, item)
