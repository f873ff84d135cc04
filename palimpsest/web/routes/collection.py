"""The works: looking through them, adding, saying what they are, binning and choosing."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from palimpsest.lineage.records import Digest, Use
from palimpsest.studio.adding import add_bytes, file_says
from palimpsest.studio.browsing import Filter, browse, facets, file_works, ratios
from palimpsest.studio.choosing import choose
from palimpsest.studio.finding import show
from palimpsest.studio.performing import standing_title
from palimpsest.studio.saying import Said, say
from palimpsest.studio.terms import terms_in_force
from palimpsest.web.place import Here, Known

router = APIRouter(prefix="/api", tags=["collection"])

Words = Annotated[list[str], Query(default_factory=list, max_length=50)]


def _filter(  # each is a word of the address
    makers: Words,
    culture: Words,
    style: Words,
    medium: Words,
    date: Words,
    collection: Words,
    words: Annotated[str, Query(max_length=500, description="All of these words, each as the beginning of one.")] = "",
    made: Annotated[bool | None, Query(description="Only what was made here, or only what came from outside.")] = None,
    choice: Literal["", "kept", "rejected"] = "",
    used: Annotated[str, Query(pattern="^([0-9a-f]{64})?$", description="Only what was made from this work.")] = "",
    binned: bool = False,
) -> Filter:
    said = {"makers": makers, "culture": culture, "style": style, "medium": medium, "date": date}
    said["collection"] = collection
    chosen = {name: tuple(values) for name, values in said.items() if values}
    return Filter(words, chosen, made, choice, used, binned)


Wanted = Annotated[Filter, Depends(_filter)]


class Entry(BaseModel):
    """A work in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    title: str
    makers: str
    date: str
    culture: str
    style: str
    medium: str
    collection: str
    width: int
    height: int
    made: bool = Field(description="Whether it was made in this studio.")
    at: str
    choice: Literal["", "kept", "rejected"]
    erased: bool
    binned: bool


class Entries(BaseModel):
    """Some works, and how many there are in all."""

    total: int
    works: list[Entry]


class Bin(BaseModel):
    """Works, and where they go."""

    works: list[Digest] = Field(min_length=1, max_length=10_000)
    place: Literal["wall", "bin"]


class Chosen(BaseModel):
    """A person's judgement of a proposal."""

    kept: bool
    among: list[Digest] = Field(default_factory=list, max_length=1000)
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Saying(BaseModel):
    """What somebody says of a work; what is left out stays as it was said before."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=1000)
    makers: list[str] = Field(default_factory=list, max_length=50)
    date: str = Field(default="", max_length=200)
    culture: str = Field(default="", max_length=200)
    style: str = Field(default="", max_length=200)
    medium: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=1000)
    collection: str = Field(default="", max_length=200)
    licence: str = Field(default="", max_length=200)
    allow: list[Use] = []
    refuse: list[Use] = []
    until: str = Field(default="", max_length=40, description="The last day on which the terms hold: 2027-01-31.")

    def said(self) -> Said:
        """Return it as the studio takes it."""
        lists = {name: tuple(getattr(self, name)) for name in ("makers", "allow", "refuse")}
        return Said(**(self.model_dump() | lists))


@router.get("/studio", summary="The studio that is open")
def studio(place: Here) -> dict[str, Any]:
    """Say which studio is open, who works there and how many works it holds."""
    here = place.studio
    return {
        "name": here.folder.name,
        "folder": str(here.folder),
        "artist": here.person.name,
        "works": browse(here, Filter(), limit=0).total,
        "binned": browse(here, Filter(binned=True), limit=0).total,
        "encrypted": here.library.objects.cipher is not None,
    }


@router.get("/works", summary="Some of the works, the newest first")
def works(
    place: Here,
    wanted: Wanted,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=0, le=500)] = 100,
) -> Entries:
    """List works: all, or those that the filters let through."""
    found = browse(place.studio, wanted, offset, limit)
    return Entries(total=found.total, works=[Entry.model_validate(each) for each in found.works])


@router.get("/works/ratios", summary="The shapes of all works, to lay out a wall")
def shapes(place: Here, wanted: Wanted) -> dict[str, list[int]]:
    """Return width by height in hundredths, in the order of the list."""
    return {"ratios": ratios(place.studio, wanted)}


@router.get("/works/facets", summary="By what the works can be told apart")
def values(place: Here, wanted: Wanted) -> dict[str, dict[str, list[dict[str, str | int]]]]:
    """Return the makers, cultures, styles … among the works, with their number."""
    found = facets(place.studio, wanted)
    return {"facets": {name: [{"value": value, "count": n} for value, n in rows] for name, rows in found.items()}}


@router.post("/works", status_code=201, summary="Add an image file")
async def add(
    place: Here,
    request: Request,
    makers: Words,
    name: Annotated[str, Query(max_length=255)] = "untitled",
    licence: Annotated[str, Query(max_length=200)] = "",
    collection: Annotated[str, Query(max_length=200)] = "",
) -> dict[str, Any]:
    """Add the image in the body; `name` is what its file is called. It is safe on disk when the answer comes."""
    data = await request.body()
    said = Said(makers=tuple(makers), licence=licence, collection=collection)

    def added() -> dict[str, Any]:
        said.check(place.studio.now()[:10])
        work, known = add_bytes(place.studio, data, PurePath(name).name or "untitled", said)
        stated = "" if known else file_says(place.studio, work)
        return {"id": work, "known": known, "title": standing_title(place.studio, work), "file_says": stated}

    answer = await run_in_threadpool(added)
    place.changed()
    return answer


@router.post("/bin", summary="Put works into the bin, or back on the wall")
def file(place: Here, asked: Bin) -> dict[str, list[str]]:
    """Hide works, or show them again. Nothing is erased."""
    file_works(place.studio, asked.works, asked.place)
    place.changed()
    return {"works": asked.works}


@router.get("/works/{work}", summary="All that is known of a work")
def one(place: Here, work: Known) -> dict[str, Any]:
    """Return a work's record, its terms and how it came to be."""
    held = terms_in_force(place.studio, work).as_json()
    return show(place.studio, work).as_json() | {"terms_in_force": {name: held[name] for name in ("uses", "owed")}}


@router.post("/works/{work}/said", summary="Say something of a work")
def saying(place: Here, work: Known, words: Saying) -> dict[str, Any]:
    """Record what a work is and what its maker allows, as the latest word."""
    say(place.studio, work, words.said())
    place.changed()
    return one(place, work)


@router.post("/works/{work}/choice", summary="Keep a work, or set it aside")
def chosen(place: Here, work: Known, choice: Chosen) -> dict[str, Any]:
    """Record that the person at work chose a work, or rejected it."""
    made = choose(place.studio, work, kept=choice.kept, among=choice.among, seconds=choice.seconds)
    place.changed()
    return made.model_dump(mode="json")
