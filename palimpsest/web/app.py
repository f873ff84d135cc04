"""The application behind the guard: the routes, the pages, and errors in words."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import FastAPI, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from palimpsest.errors import NotFound, PalimpsestError
from palimpsest.studio.browsing import news
from palimpsest.studio.pending import keep_pending, take_pending
from palimpsest.studio.studio import SOFTWARE, Studio
from palimpsest.web.bell import Bell
from palimpsest.web.jobs import Job, Jobs
from palimpsest.web.place import Place
from palimpsest.web.routes import collection, making, memory, pictures, rights, verifying, wall

PAGES = Path(__file__).with_name("pages")
VIEWS = re.compile(r"|easel|room|verify|works/[0-9a-f]{6,64}(/(sources|lineage|rights))?|wall/[0-9a-f]{6,64}")
"""The addresses of the views, as the pages' router knows them. The page says itself of any other that there is none."""
_LOOK_AGAIN = 1.0
"""Seconds between two looks at whether another program has written to the studio."""
_ABOUT = """What the web studio does, open to programs on this computer that hold the token.

Send it as `Authorization: Bearer TOKEN`. Works are named by their ids. What takes long is a job: its progress comes over the
WebSocket `/api/events`. An error is `{"error": {"problem", "remedy", "kind"}}`.
"""


def make_app(studio: Studio, port: int) -> FastAPI:
    """Build the application around an open studio; what an earlier server on this port had begun goes on."""
    bell = Bell()
    left = take_pending(studio, port)
    jobs = Jobs(studio, lambda job: _tell(bell, job), lambda wishes: keep_pending(studio, port, wishes))
    jobs.resume(left)
    place = Place(studio, jobs, bell)
    app = FastAPI(
        title="Palimpsest",
        version=SOFTWARE.partition(" ")[2],
        description=_ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.place = place
    for each in (collection, pictures, making, memory, rights, verifying, wall):
        app.include_router(each.router)
    _answer_errors(app)

    @app.websocket("/api/events")
    async def events(socket: WebSocket) -> None:
        jobs = [job.as_json() for job in place.jobs.all()]
        await bell.listen(socket, {"type": "hello", "jobs": jobs, "studio": studio.folder.name})

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        return _page(path)

    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    place: Place = app.state.place
    await run_in_threadpool(place.jobs.warm)
    watching = asyncio.create_task(_watch(place))
    yield
    watching.cancel()
    place.jobs.close()


async def _watch(place: Place) -> None:
    """Ring when something was recorded, here or by another program."""
    last = await run_in_threadpool(news, place.studio)
    while True:
        await asyncio.sleep(_LOOK_AGAIN)
        with contextlib.suppress(PalimpsestError):  # a busy studio is looked at again
            now = await run_in_threadpool(news, place.studio)
            if now != last:
                last = now
                place.changed()


def _tell(bell: Bell, job: Job) -> None:
    bell.ring(making.told(job))
    if job.state == "done":
        bell.ring({"type": "changed"})


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(PalimpsestError)
    async def refused(_: Request, error: PalimpsestError) -> JSONResponse:
        return _error(error.http_status, error.problem, error.remedy, type(error).__name__)

    @app.exception_handler(RequestValidationError)
    async def misshapen(_: Request, error: RequestValidationError) -> JSONResponse:
        """Say where the fault is without repeating what came: a number that JSON has not would break the answer."""
        places = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors()[:3])
        return _error(422, f"Expected other values in {places}.", "", "RequestRefused")

    @app.exception_handler(HTTPException)
    async def unknown(_: Request, error: HTTPException) -> JSONResponse:
        return _error(error.status_code, f"{error.detail}.", "", "RequestRefused")


def _error(status: int, problem: str, remedy: str, kind: str) -> JSONResponse:
    return JSONResponse({"error": {"problem": problem, "remedy": remedy, "kind": kind}}, status)


def _page(path: str) -> Response:
    """Return a file of the pages, or for any place in the studio the page that shows it."""
    if path.startswith("api/"):
        raise NotFound("address", f"/{path}")
    file = PAGES / path
    if path and ".." not in path and file.is_file():
        lasting = path.startswith("assets/")  # its name holds a digest of what is in it
        keep = "private, max-age=31536000, immutable" if lasting else "no-store"
        return FileResponse(file, headers={"cache-control": keep})
    index = PAGES / "index.html"
    if path.startswith("assets/") or not index.is_file():
        raise NotFound(
            "page",
            f"/{path}",
            "The pages were not built with this installation: install again without PALIMPSEST_WEB=skip.",
        )
    return FileResponse(index, 200 if VIEWS.fullmatch(path) else 404, headers={"cache-control": "no-store"})
