"""Many acts at once, each in a process of its own that opens the same studio."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
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
    if number < 2:
        yield from ((item, work(studio, item)) for item in items)
        return
    context = multiprocessing.get_context("spawn")  # a fork would take our threads' locks along
    settings = studio.settings
    with ProcessPoolExecutor(number, context, initializer=_open, initargs=(studio.folder, settings)) as pool:
        futures = [(item, pool.submit(_do, work, item)) for item in items]
        try:
            for item, future in futures:
                yield item, future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _open(folder: Path, settings: Settings) -> None:
    global _studio  # noqa: PLW0603 - a worker process has one studio for its whole life
    _studio = Studio.open(folder, settings)


def _do(work: Callable[[Studio, str], _Result], item: str) -> _Result:
    if _studio is None:
        raise RuntimeError("a worker process without a studio")
    return work(_studio, item)
