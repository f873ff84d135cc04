"""Thumbnails: small pictures that can be made again at any time."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from palimpsest.library.library import Library


def thumbnail_path(library: Library, work: str) -> Path:
    """Return where a work's thumbnail lies, or would."""
    return library.root / "index" / "thumbnails" / work[:2] / f"{work}.webp"


def keep_thumbnail(library: Library, work: str, data: bytes) -> None:
    """Keep a thumbnail. It is a convenience: a disk that refuses it is no reason to fail. An encrypted library keeps none."""
    if library.objects.cipher:
        return
    path = thumbnail_path(library, work)
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
