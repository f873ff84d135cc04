"""Records made for the tests."""

from __future__ import annotations

import numpy as np

from palimpsest.lineage.canonical import digest_of_bytes
from palimpsest.lineage.records import Description, Work


def moment(number: int = 0) -> str:
    hours, rest = divmod(number, 3600)
    return f"2026-01-01T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}.000000Z"


def work(data: bytes, number: int = 0, recipe: str | None = None) -> Work:
    return Work(
        id=digest_of_bytes(data),
        pixels=digest_of_bytes(b"pixels" + data),
        media_type="image/png",
        width=4,
        height=3,
        bits=8,
        alpha=False,
        recipe=recipe,
        at=moment(number),
    )


def description(of: Work, title: str, number: int = 0) -> Description:
    return Description(work=of.id, title=title, by="p", at=moment(number))


def some_bytes(seed: int, size: int = 200) -> bytes:
    return np.random.default_rng(seed).bytes(size)
