"""What a server had begun and not ended, kept beside the index: after a crash it says what happened, and goes on.

It is no record: what is lost with it is a wish, never a work. An encrypted studio keeps none, because it would tell what is made.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from palimpsest.studio.studio import Studio


def keep_pending(studio: Studio, port: int, wishes: Sequence[Mapping[str, Any]]) -> None:
    """Note what a server on a port still has to do. A disk that is full or read-only is no reason to stop making."""
    if studio.library.objects.cipher is not None:
        return
    file = _file(studio, port)
    fresh = file.with_suffix(".new")
    with suppress(OSError):
        fresh.write_text(json.dumps(list(wishes)), encoding="utf-8")
        os.replace(fresh, file)


def take_pending(studio: Studio, port: int) -> list[dict[str, Any]]:
    """Return what an earlier server on this port did not get to, and forget it; what cannot be read counts as nothing."""
    file = _file(studio, port)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
    except (OSError, ValueError):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _file(studio: Studio, port: int) -> Path:
    return studio.folder / "index" / f"pending-{port}.json"
