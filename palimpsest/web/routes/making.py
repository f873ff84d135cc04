"""Techniques, and the jobs that perform them: all made from the catalogue."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from palimpsest.craft.technique import Technique
from palimpsest.lineage.records import Digest
from palimpsest.studio.performing import plan, standing_title
from palimpsest.web.jobs import Job
from palimpsest.web.place import Here, Place

router = APIRouter(prefix="/api", tags=["making"])


class Asked(BaseModel):
    """What is to be done: works by role, parameters by name. What is left out has its default."""

    model_config = ConfigDict(extra="forbid")

    inputs: dict[str, list[Digest]] = Field(default_factory=dict, max_length=20)
    parameters: dict[str, JsonValue] = Field(default_factory=dict, max_length=100)
    seed: int | None = Field(default=None, ge=0, le=2**53 - 1)


class ToMake(Asked):
    """A recipe to perform; `typed` names the parameters that the person set themselves, for the record."""

    typed: list[str] = Field(default_factory=list, max_length=100)


class ToTry(Asked):
    """A recipe to try out, on works of at most `longest` pixels a side."""

    longest: int = Field(default=384, ge=32, le=1024)


@router.get("/techniques", summary="Everything that can be done")
def techniques(place: Here) -> dict[str, list[dict[str, Any]]]:
    """Return the whole catalogue, with the JSON Schema of each technique's parameters."""
    return {"techniques": [_declared(each) for each in place.studio.catalogue]}


@router.post("/techniques/{name}", status_code=202, summary="Perform a technique")
def make(place: Here, name: str, asked: ToMake) -> dict[str, Any]:
    """Begin a job that performs a recipe and records it. What cannot be done, or may not, is refused at once."""
    plan(place.studio, name, asked.inputs, asked.parameters, seed=asked.seed)
    job = place.jobs.submit("perform", _label(place, name, asked), asked.model_dump() | {"technique": name})
    return {"job": job.as_json()}


@router.post("/techniques/{name}/preview", response_class=Response, summary="Try a technique out")
async def preview(place: Here, name: str, asked: ToTry, x_tab: Annotated[str, Header(max_length=64)] = "") -> Response:
    """Return a small picture (WebP) of what a recipe would give. Nothing is recorded; a newer request of a tab ends an older."""
    await run_in_threadpool(plan, place.studio, name, asked.inputs, asked.parameters, seed=asked.seed)
    job = place.jobs.submit("try", name, asked.model_dump() | {"technique": name}, lane="try", owner=x_tab)
    found = await run_in_threadpool(job.ended.result)
    return Response(found["picture"], media_type="image/webp", headers={"x-seconds": f"{found['seconds']:.3f}"})


@router.get("/jobs", summary="What is being made, and what was")
def jobs(place: Here) -> dict[str, list[dict[str, Any]]]:
    """List the jobs that wait, run or have ended lately, the oldest first."""
    return {"jobs": [job.as_json() for job in place.jobs.all()]}


@router.delete("/jobs/{job}", summary="Stop a job")
def cancel(place: Here, job: str) -> dict[str, Any]:
    """Stop a job; what was acknowledged before is kept, nothing else is written."""
    return place.jobs.cancel(job).as_json()


def told(job: Job) -> dict[str, Any]:
    """Write what a page is told when a job has changed."""
    return {"type": "job", "job": job.as_json()}


def _declared(technique: Technique) -> dict[str, Any]:
    return {
        "name": technique.name,
        "version": technique.version,
        "summary": technique.summary,
        "description": technique.description,
        "roles": [
            {
                "name": role.name,
                "use": role.use.value,
                "meaning": role.meaning,
                "many": role.many,
                "optional": role.optional,
                "named": role.named,
            }
            for role in technique.roles
        ],
        "schema": technique.schema,
        "seeded": technique.seeded,
        "grade": technique.grade.value,
        "study": not technique.roles,
    }


def _label(place: Place, name: str, asked: Asked) -> str:
    titles = [standing_title(place.studio, work) for works in asked.inputs.values() for work in works]
    return f"{name}: {', '.join(dict.fromkeys(titles))}" if titles else name
