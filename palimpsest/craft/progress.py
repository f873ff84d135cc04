"""How a long technique says how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from palimpsest.errors import Cancelled


@dataclass(frozen=True)
class Progress:
    """Reports fractions from 0 to 1; the same object carries the wish to stop.

    A technique calls `progress(0.4)` between its steps. When somebody has called `cancel()`, that call raises `Cancelled`. What
    a person who waits should know, and no more, is told to `say`.
    """

    report: Callable[[float], None] = lambda _: None
    start: float = 0.0
    stop: float = 1.0
    _cancelled: Event = field(default_factory=Event)
    say: Callable[[str], None] = lambda _: None

    def __call__(self, fraction: float) -> None:
        """Report how much of this part is done, from 0 to 1.

        Raises:
            Cancelled: somebody has asked to stop.
        """
        if self._cancelled.is_set():
            raise Cancelled
        self.report(self.start + (self.stop - self.start) * fraction)

    def cancel(self) -> None:
        """Ask the technique to stop at its next report; may be called from any thread."""
        self._cancelled.set()

    def part(self, start: float, stop: float) -> Progress:
        """Return a progress whose 0 to 1 is `start` to `stop` of this one."""
        span = self.stop - self.start
        return Progress(self.report, self.start + span * start, self.start + span * stop, self._cancelled, self.say)
