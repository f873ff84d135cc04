"""A work framed at true size: models for a browser and for telephones."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.concurrency import run_in_threadpool

from palimpsest.studio.framing import FRAMES, Framing, Model, framed_model
from palimpsest.studio.performing import standing_title
from palimpsest.studio.stating import SHOWN, Wish
from palimpsest.studio.terms import in_words
from palimpsest.studio.writing import remember
from palimpsest.web.parcel import attached, file_name
from palimpsest.web.place import Here, Known

router = APIRouter(prefix="/api", tags=["wall"])

Side = Annotated[
    float | None, Query(gt=0, le=100_000, allow_inf_nan=False, description="Of the picture, in millimetres.")
]


def _framing(
    frame: Annotated[str, Query(max_length=40)] = "gallery", width_mm: Side = None, height_mm: Side = None
) -> Framing:
    return Framing(frame, width_mm, height_mm)


def _wish(
    show: Literal["none", "sources", "all"] = "sources",
    name: Annotated[str, Query(max_length=200)] = "",
    commercial: bool = False,
) -> Wish:
    return Wish(SHOWN[show], name.strip(), commercial)


Asked = Annotated[Framing, Depends(_framing)]
Wished = Annotated[Wish, Depends(_wish)]


@router.get("/frames", summary="The frames there are")
def frames() -> dict[str, list[dict[str, str]]]:
    """Return every frame and what it is."""
    return {"frames": [{"name": name, "words": words} for name, words in FRAMES.items()]}


@router.get("/works/{work}/wall.glb", response_class=Response, summary="A framed work, for a browser")
async def glb(place: Here, work: Known, asked: Asked, wish: Wished) -> Response:
    """Return a model (GLB) of a work at true size; the header `x-model` says its size and what it says of the work."""
    return _shown(place, await run_in_threadpool(framed_model, place.studio, work, ".glb", asked, wish))


@router.get("/works/{work}/wall.usdz", response_class=Response, summary="A framed work, for an iPhone")
async def usdz(place: Here, work: Known, asked: Asked, wish: Wished) -> Response:
    """Return the same as USDZ."""
    return _shown(place, await run_in_threadpool(framed_model, place.studio, work, ".usdz", asked, wish))


@router.post("/works/{work}/wall", response_class=Response, summary="A framed work, to be given away")
async def to_send(
    place: Here, work: Known, asked: Asked, wish: Wished, kind: Literal["glb", "usdz"] = "glb"
) -> Response:
    """Return a model to be sent to a telephone; the picture in it is known again should it come back."""

    def made() -> Model:
        model = framed_model(place.studio, work, f".{kind}", asked, wish)
        remember(place.studio, work, model.picture.data)
        return model

    return _shown(place, await run_in_threadpool(made))


def _shown(place: Here, model: Model) -> Response:
    suffix = ".usdz" if "usdz" in model.media_type else ".glb"
    answer = attached(model.data, model.media_type, file_name(standing_title(place.studio, model.work), suffix))
    answer.headers["x-model"] = json.dumps(_about(model))
    return answer


def _about(model: Model) -> dict[str, Any]:
    size = model.size
    return {
        "frame": FRAMES[model.frame],
        "width_mm": round(size.width, 1),
        "height_mm": round(size.height, 1),
        "size": size.words,
        "basis": size.basis,
        "outer_m": [round(each, 4) for each in model.outer],
        "owed": in_words(model.permit),
        "removed": list(model.removed),
        "notes": list(model.notes),
    }
