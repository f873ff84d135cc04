"""A work's picture: small, at the size of a screen, and the file itself. What an id names never changes: browsers may keep it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from palimpsest.media.inspection import thumbnail
from palimpsest.studio.finding import show, thumbnail_of
from palimpsest.studio.performing import raster_of
from palimpsest.web.place import Here, Known, Place

router = APIRouter(prefix="/api/works/{work}", tags=["pictures"])

_SCREEN = frozenset({"image/png", "image/jpeg", "image/webp"})


@router.get("/thumbnail", response_class=Response, summary="A small picture")
def small(place: Here, work: Known) -> Response:
    """Return a small WebP."""
    return _kept(place, thumbnail_of(place.studio, work), "image/webp")


@router.get("/picture", response_class=Response, summary="A picture for a screen")
def picture(place: Here, work: Known, longest: Annotated[int, Query(ge=64, le=4096)] = 2048) -> Response:
    """Return the work with at most so many pixels a side: its own file if that fits, else a WebP."""
    known = show(place.studio, work).work
    if known.media_type in _SCREEN and max(known.width, known.height) <= longest:
        return _kept(place, place.studio.library.image(known), known.media_type)
    return _kept(place, thumbnail(raster_of(place.studio, work), longest), "image/webp")


@router.get("/file", response_class=Response, summary="The stored file")
def file(place: Here, work: Known) -> Response:
    """Return a work's file, byte by byte as it was added or made. It is not an export: nothing is scrubbed or signed."""
    known = show(place.studio, work).work
    return _kept(place, place.studio.library.image(known), known.media_type)


def _kept(place: Place, data: bytes, media_type: str) -> Response:
    keep = "no-store" if place.studio.library.objects.cipher else "private, max-age=31536000, immutable"
    return Response(data, media_type=media_type, headers={"cache-control": keep})
