"""Where a work came from: lineage, sources pixel by pixel, credits, terms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.finding import made_from
from palimpsest.studio.sourcing import origins, sources, sources_json, trace
from palimpsest.studio.telling import lineage_json, tell
from palimpsest.studio.terms import terms_in_force
from palimpsest.web.place import Here, Known

router = APIRouter(prefix="/api/works/{work}", tags=["memory"])

Pixel = Annotated[int, Query(ge=0, le=10**6)]


@router.get("/lineage", summary="What a work was made from")
def lineage(place: Here, work: Known) -> dict[str, Any]:
    """Return the graph of works and acts behind a work, back to its roots."""
    return lineage_json(tell(place.studio, work))


@router.get("/descendants", summary="What was made from a work")
def descendants(place: Here, work: Known) -> dict[str, list[str]]:
    """Return the ids of all works that a change of this one would affect."""
    return {"works": list(made_from(place.studio, work))}


@router.get("/credits", summary="Each work's and person's share")
def shares(place: Here, work: Known) -> dict[str, Any]:
    """Return the credits of a work, computed from its lineage."""
    told = tell(place.studio, work)
    return credits_json(told, credits(place.studio, told))


@router.get("/terms", summary="What is allowed with a work")
def terms(place: Here, work: Known) -> dict[str, Any]:
    """Return the terms in force."""
    return terms_in_force(place.studio, work).as_json()


@router.get("/sources", summary="Which works its pixels came from")
def source_works(place: Here, work: Known) -> dict[str, Any]:
    """Return the works in a source map, with their shares. 404 where there is no map."""
    return sources_json(place.studio, sources(place.studio, work))


@router.get("/sources/at", summary="Where one pixel came from")
def source_of_pixel(place: Here, work: Known, x: Pixel, y: Pixel, deep: bool = False) -> dict[str, Any]:
    """Return the pixel that a pixel was copied from; with `deep`, the way back through all generations."""
    here = place.studio
    way = trace(here, work, x, y) if deep else origins(here, sources(here, work), [(x, y)])
    return {"way": [asdict(each) for each in way]}
