"""Opening the studio that a call means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from palimpsest.cli.call import Call
from palimpsest.studio.finding import open_studio
from palimpsest.studio.studio import Studio


@contextmanager
def opened(call: Call) -> Iterator[Studio]:
    """Open the studio for one command, and close it whatever happens."""
    studio, new = open_studio(call.studio, os.environ, Path.cwd())
    with studio:
        if new:
            call.note(f"Made your studio in {studio.folder}")
        yield studio
