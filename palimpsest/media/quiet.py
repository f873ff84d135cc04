"""Global state that decoding has to touch: the filters of warnings, Pillow's pixel limit, the standard error stream.

Threads that decode at once share one change of it, and the last one out takes it back, so that none undoes another's.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from PIL import Image


class _Shared:
    """A change of global state, made by the first who enters and taken back by the last who leaves."""

    def __init__(self, change: Callable[[], AbstractContextManager[Any]]) -> None:
        self._change = change
        self._lock = threading.Lock()
        self._within = 0
        self._current: AbstractContextManager[Any] | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._current is None:
                self._current = self._change()
                self._current.__enter__()
            self._within += 1

    def __exit__(self, *fault: object) -> None:
        with self._lock:
            self._within -= 1
            if self._within == 0 and self._current is not None:
                self._current.__exit__(None, None, None)
                self._current = None


class _PixelBounds:
    """Pillow's limit on pixels, at the largest of the limits in force; some of its readers check it before they allocate."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limits: list[int] = []
        self._before = Image.MAX_IMAGE_PIXELS

    @contextmanager
    def at(self, pixel_limit: int) -> Iterator[None]:
        with self._lock:
            if not self._limits:
                self._before = Image.MAX_IMAGE_PIXELS
            self._limits.append(pixel_limit)
            self._apply()
        try:
            yield
        finally:
            with self._lock:
                self._limits.remove(pixel_limit)
                self._apply()

    def _apply(self) -> None:
        # Pillow refuses twice this number, and only warns from the number itself
        Image.MAX_IMAGE_PIXELS = (max(self._limits) + 1) // 2 if self._limits else self._before


@contextmanager
def _stderr_to_nowhere() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


_BOUNDS = _PixelBounds()
_WARNINGS = _Shared(lambda: warnings.catch_warnings(action="ignore"))
_STDERR = _Shared(_stderr_to_nowhere)

pixel_bound = _BOUNDS.at
"""Hold Pillow to a number of pixels."""


def no_warnings() -> AbstractContextManager[None]:
    """Let Pillow's warnings pass: they are about odd metadata, and about sizes that we judge ourselves."""
    return _WARNINGS


def no_chatter() -> AbstractContextManager[None]:
    """Swallow what libraries in C print: libtiff and libpng tell the standard error stream of every odd tag."""
    return _STDERR
