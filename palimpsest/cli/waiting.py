"""Showing how far something long is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bar

from palimpsest.cli.call import Call
from palimpsest.craft.progress import Progress


@contextmanager
def waiting(call: Call) -> Iterator[Progress]:
    """Show a bar on a terminal; be silent in a pipe."""
    console = Console(stderr=True)
    if call.json or not console.is_terminal:
        yield Progress()
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield Progress(lambda fraction: bar.update(task, completed=fraction), say=bar.console.print)
