"""A work's rights: its credits, caption and statement as files, its originality, what an export shows, and exports."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from palimpsest.errors import TermsRefused
from palimpsest.media.formats import media_type_of
from palimpsest.studio.captions import caption
from palimpsest.studio.credit_page import credit_page
from palimpsest.studio.crediting import Credits, credits, credits_csv, credits_json, credits_text
from palimpsest.studio.exporting import export
from palimpsest.studio.performing import standing_title
from palimpsest.studio.previewing import preview
from palimpsest.studio.statement import statement
from palimpsest.studio.stating import SHOWN, Wish
from palimpsest.studio.studio import Studio
from palimpsest.studio.telling import Told, tell
from palimpsest.studio.terms import in_words
from palimpsest.web.parcel import attached, file_name, parcel
from palimpsest.web.place import Here, Known

router = APIRouter(prefix="/api/works/{work}", tags=["rights"])

Form = Literal["text", "json", "csv", "html"]
Suffix = Literal["png", "jpg", "webp", "tiff", "avif"]


class Wanted(BaseModel):
    """How a work is given away; `name` names the person at work, who is not named without it."""

    model_config = ConfigDict(extra="forbid")

    show: Literal["none", "sources", "all"] = "sources"
    name: str = Field(default="", max_length=200)
    commercial: bool = False
    passphrase: str = Field(default="", max_length=1000, description="Opens the private key, if it is closed.")

    def wish(self) -> Wish:
        """Return it as the studio takes it."""
        return Wish(SHOWN[self.show], self.name.strip(), self.commercial, self.passphrase or None)


class Export(Wanted):
    """What a file for the world shall be."""

    format: Suffix = "png"


@router.get("/caption", summary="The caption for the wall")
def label(place: Here, work: Known) -> dict[str, list[str]]:
    """Return the caption that writes itself, short and in full."""
    told = tell(place.studio, work)
    found = credits(place.studio, told)
    return {"short": caption(told, found, "short").lines("short"), "full": caption(told, found).lines()}


@router.get("/statement", response_class=Response, summary="The statement of authorship")
def authorship(place: Here, work: Known) -> Response:
    """Return one printable page of facts on record, for a gallery or a registrar."""
    name = file_name(standing_title(place.studio, work), "-statement.html")
    return attached(statement(place.studio, work).encode(), "text/html; charset=utf-8", name)


@router.get("/credits/file", response_class=Response, summary="The credits as a file")
def credit_file(place: Here, work: Known, form: Annotated[Form, Query()] = "text") -> Response:
    """Return the credits as text, JSON, a table or a page."""
    told = tell(place.studio, work)
    write, media_type, suffix = _FORMS[form]
    text = write(place.studio, told, credits(place.studio, told))
    return attached(text.encode(), media_type, file_name(standing_title(place.studio, work), f"-credits.{suffix}"))


@router.post("/originality", status_code=202, summary="Hold a work against all others")
def originality(place: Here, work: Known) -> dict[str, Any]:
    """Begin a job that compares a work with its sources and the whole studio."""
    label = f"originality: {standing_title(place.studio, work)}"
    return {"job": place.jobs.submit("originality", label, {"work": work}).as_json()}


@router.get("/overlap", response_class=Response, summary="What a work shares with others, drawn")
async def overlap(place: Here, work: Known) -> Response:
    """Return a picture (WebP) of the work beside those that it is most like."""
    job = place.jobs.submit("overlap", "overlap", {"work": work}, lane="try")
    return Response(await run_in_threadpool(job.ended.result), media_type="image/webp")


@router.post("/export/preview", summary="What an export would reveal")
def before_export(place: Here, work: Known, wanted: Export) -> dict[str, Any]:
    """Say what an export would reveal and what it would leave out, or why it would be refused. Nothing is written."""
    try:
        found = preview(place.studio, work, Path(f"work.{wanted.format}"), wanted.wish())
    except TermsRefused as refusal:  # which is an answer to this question, and no failure
        return {"refused": {"problem": refusal.problem, "remedy": refusal.remedy}}
    told = {"reveals": list(found.reveals), "strips": list(found.strips)}
    return told | {"owed": in_words(found.permit), "refused": None}


@router.post("/export", response_class=Response, summary="A work for the world")
async def for_the_world(place: Here, work: Known, wanted: Export) -> Response:
    """Return the signed file with its statement as `multipart/form-data`: `about` (JSON), `file`, `statement`, `credentials`."""
    answer = await run_in_threadpool(_exported, place.studio, work, wanted)
    place.changed()
    return answer


def _exported(studio: Studio, work: str, wanted: Export) -> Response:
    """Write the files into a folder of nobody's, and pass them on; the folder is gone before they are."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        file = Path(folder, file_name(standing_title(studio, work), f".{wanted.format}"))
        done = export(studio, work, file, wanted.wish())
        about = {
            "owed": in_words(done.permit),
            "signer": done.signer,
            "marked": done.marked,
            "removed": list(done.removed),
            "notes": list(done.notes),
        }
        files = {"file": (file.name, media_type_of(file.suffix), file.read_bytes())}
        files["statement"] = (done.sidecar.name, "application/json", done.sidecar.read_bytes())
        if done.credentials:
            files["credentials"] = (done.credentials.name, "application/c2pa", done.credentials.read_bytes())
    return parcel(about, files)


def _text(_: Studio, told: Told, found: Credits) -> str:
    return "\n".join(credits_text(told, found)) + "\n"


def _json(_: Studio, told: Told, found: Credits) -> str:
    return json.dumps(credits_json(told, found), indent=1, ensure_ascii=False) + "\n"


def _csv(_: Studio, told: Told, found: Credits) -> str:
    table = io.StringIO()
    csv.writer(table).writerows(credits_csv(told, found))
    return table.getvalue()


_FORMS: Mapping[Form, tuple[Callable[[Studio, Told, Credits], str], str, str]] = {
    "text": (_text, "text/plain; charset=utf-8", "txt"),
    "json": (_json, "application/json", "json"),
    "csv": (_csv, "text/csv; charset=utf-8", "csv"),
    "html": (credit_page, "text/html; charset=utf-8", "html"),
}
