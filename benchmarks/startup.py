"""How long an artist waits for the command line itself."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import Row, measure


def run(quick: bool = False) -> list[Row]:
    """Time whole processes."""
    runs = 5 if quick else 15
    with tempfile.TemporaryDirectory() as folder:
        studio = str(Path(folder) / "studio")
        _call("init", studio, "--empty")
        helped = measure(lambda: _call("--help"), runs)
        listed = measure(lambda: _call("--studio", studio, "works"), runs)
    return [
        Row("`palimpsest --help`", helped.median, "s", helped.spread, "< 0.3 s"),
        Row("`palimpsest works` in an empty studio", listed.median, "s", listed.spread),
    ]


def _call(*words: str) -> None:
    command: Sequence[str] = [sys.executable, "-m", "palimpsest", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
