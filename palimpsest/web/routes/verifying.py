"""Verifying a file that was dropped on the page."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool

from palimpsest.errors import UsageRefused
from palimpsest.studio.exporting import CREDENTIALS, SIDECAR
from palimpsest.studio.finding import work_with_id
from palimpsest.studio.verifying import verify
from palimpsest.web.place import Here

router = APIRouter(prefix="/api", tags=["rights"])

Length = Annotated[int, Query(ge=0, le=64 << 20)]
_LONGEST_NAME = 200


@router.post("/verify", summary="Verify a file")
async def verified(
    place: Here,
    request: Request,
    name: Annotated[str, Query(max_length=255)] = "file",
    statement: Annotated[Length, Query(description="How many bytes of statement follow those of the file.")] = 0,
    credentials: Annotated[Length, Query(description="How many bytes of credentials follow after that.")] = 0,
    of: Annotated[
        str, Query(pattern="^([0-9a-f]{6,64})?$", description="Look for the mark of this work in a part of it.")
    ] = "",
) -> dict[str, Any]:
    """Say what the file in the body claims of itself, and whether it holds. Nothing is added to the studio or kept."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        file = Path(folder, (PurePath(name).name.replace("\0", "") or "file")[-_LONGEST_NAME:])
        with file.open("wb") as there:
            async for piece in request.stream():
                await run_in_threadpool(there.write, piece)
        return await run_in_threadpool(_verdict, place, file, statement, credentials, of)


def _verdict(place: Here, file: Path, statement: int, credentials: int, of: str) -> dict[str, Any]:
    _split(file, file.with_name(file.name + CREDENTIALS), credentials)
    _split(file, file.with_name(file.name + SIDECAR), statement)
    beside = work_with_id(place.studio, of) if of else None
    found = verify(place.studio, file, beside=beside).as_json()
    return found | {"file": file.name}


def _split(file: Path, rest: Path, length: int) -> None:
    """Move the last bytes of a file into another.

    Raises:
        UsageRefused: there are not so many.
    """
    if not length:
        return
    start = file.stat().st_size - length
    if start < 0:
        raise UsageRefused(
            f"Expected {length} bytes more than came.", "Send the file, its statement and its credentials."
        )
    with file.open("r+b") as there:
        there.seek(start)
        rest.write_bytes(there.read())
        there.truncate(start)
