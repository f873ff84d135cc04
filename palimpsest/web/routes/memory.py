"""Where a work came from: lineage, sources pixel by pixel, credits, terms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from palimpsest.studio.affected import affected_json
from palimpsest.studio.choosing import names_of
from palimpsest.studio.crediting import credits, credits_json
from palimpsest.studio.finding import made_from
from palimpsest.studio.performing import standing_title
from palimpsest.studio.replaying import origin_of
from palimpsest.studio.small_map import small_map
from palimpsest.studio.sourcing import origins, sources, sources_json, trace
from palimpsest.studio.telling import lineage_json, tell
from palimpsest.studio.terms import terms_in_force
from palimpsest.web.place import Here, Known, Place

router = APIRouter(prefix="/api/works/{work}", tags=["memory"])

Pixel = Annotated[int, Query(ge=0, le=10**6)]


@router.get("/lineage", summary="What a work was made from")
def lineage(place: Here, work: Known) -> dict[str, Any]:
    """Return the graph of works and acts behind a work, back to its roots, and the names of who acted."""
    return _with_people(place, lineage_json(tell(place.studio, work)))


@router.get("/descendants", summary="What was made from a work")
def descendants(place: Here, work: Known) -> dict[str, list[str]]:
    """Return the ids of all works that a change of this one would affect."""
    return {"works": list(made_from(place.studio, work))}


@router.get("/descendants/lineage", summary="The graph of what was made from a work")
def affected(place: Here, work: Known) -> dict[str, Any]:
    """Return the works that a change of this one would affect, with the acts between them; of very many only some."""
    return _with_people(place, affected_json(place.studio, work))


@router.post("/replay", status_code=202, summary="Perform a work's act again and compare")
def replay(place: Here, work: Known) -> dict[str, Any]:
    """Begin a job that makes a work again and says how near it comes. A work from outside is refused at once."""
    origin_of(place.studio, work)
    job = place.jobs.submit("replay", standing_title(place.studio, work), {"work": work})
    return {"job": job.as_json()}


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


@router.get("/sources/map", response_class=Response, summary="Where its pixels came from, to look up in a page")
def source_map(place: Here, work: Known, longest: Annotated[int, Query(ge=16, le=2048)] = 1024) -> Response:
    """Return the source map at the size of a screen: a head in JSON, then three numbers for each pixel (`small_map` says how)."""
    keep = "no-store" if place.studio.library.objects.cipher else "private, max-age=31536000, immutable"
    data = small_map(sources(place.studio, work), longest)
    return Response(data, media_type="application/octet-stream", headers={"cache-control": keep})


@router.get("/sources/at", summary="Where one pixel came from")
def source_of_pixel(place: Here, work: Known, x: Pixel, y: Pixel, deep: bool = False) -> dict[str, Any]:
    """Return the pixel that a pixel was copied from; with `deep`, the way back through all generations."""
    here = place.studio
    way = trace(here, work, x, y) if deep else origins(here, sources(here, work), [(x, y)])
    return {"way": [asdict(each) for each in way]}


def _with_people(place: Place, graph: dict[str, Any]) -> dict[str, Any]:
    return graph | {"people": names_of(place.studio, [act["person"] for act in graph["acts"]])}
