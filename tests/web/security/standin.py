"""A small server with the powers of the real one, to be run with the guard or, to see that an attack is one, without.

python -m tests.web.security.standin STUDIO PORT guarded|bare
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel
from starlette.types import ASGIApp

from palimpsest import studio
from palimpsest.errors import NotFound, PalimpsestError
from palimpsest.studio import Studio
from palimpsest.studio.finding import known_work
from palimpsest.studio.saying import Said
from palimpsest.web import policy, tokens
from palimpsest.web.guard import Guard

PAGE = "<!doctype html><html lang=en><title>The studio</title><h1>The studio</h1></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.setAttribute("ran", "yes")</script></svg>'


class Words(BaseModel):
    """What is said of a work."""

    title: str
    share: float = 1.0


def application(folder: Path) -> FastAPI:
    app = FastAPI(openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False)

    @app.exception_handler(PalimpsestError)
    async def refused(_: Request, error: PalimpsestError) -> JSONResponse:
        return JSONResponse({"error": {"problem": error.problem, "remedy": error.remedy}}, error.http_status)

    @app.exception_handler(RequestValidationError)
    async def misshapen(_: Request, error: RequestValidationError) -> JSONResponse:
        """Say where the fault is without repeating what came: a number that JSON has not would break the answer."""
        places = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors()[:3])
        return JSONResponse({"error": {"problem": f"Expected other values in {places}.", "remedy": ""}}, 422)

    @app.get("/", include_in_schema=False)
    @app.get("/easel/{work}", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @app.get("/assets/app.js", include_in_schema=False)
    async def script() -> Response:
        return Response("document.title = 'ran'", media_type="text/javascript")

    @app.get("/api/works")
    def works() -> list[dict[str, Any]]:
        with Studio.open(folder) as place:
            return studio.list_works(place)

    @app.post("/api/works", status_code=201)
    async def add(request: Request) -> dict[str, Any]:
        data = await request.body()

        def keep() -> str:
            with Studio.open(folder) as place:
                return studio.add_bytes(place, data, "from outside")[0]

        return {"work": await run_in_threadpool(keep)}

    @app.get("/api/works/{work}/image")
    def image(work: str) -> Response:
        with Studio.open(folder) as place:
            return Response(studio.thumbnail_file(place, _known(place, work)).read_bytes(), media_type="image/png")

    @app.put("/api/works/{work}/words")
    def words(work: str, said: Words) -> dict[str, Any]:
        with Studio.open(folder) as place:
            studio.say(place, _known(place, work), Said(title=said.title))
        return {"title": said.title}

    @app.get("/api/foreign.svg", include_in_schema=False)
    async def foreign() -> Response:
        return Response(SVG, media_type="image/svg+xml")

    @app.websocket("/api/socket")
    async def socket(tab: WebSocket) -> None:
        await tab.accept()
        async for text in tab.iter_text():
            await tab.send_json({"heard": len(text)})

    return app


def _known(place: Studio, text: str) -> str:
    """Return the id of a work; what comes from outside is never taken for a path, as `work_named` would."""
    found = known_work(place, text) if re.fullmatch("[0-9a-f]{64}", text) else None
    if found is None:
        raise NotFound("work", text[:16])
    return found


def main(folder: Path, port: int, *, guarded: bool) -> None:
    inner = application(folder)
    app: ASGIApp = inner
    if guarded:
        app = guard = Guard(inner, port=port, token=tokens.token_for(port))
        print(f"http://127.0.0.1:{port}{guard.login_path()}", flush=True)
    else:
        print(f"http://127.0.0.1:{port}/", flush=True)
    options: dict[str, Any] = dict(policy.SERVER)
    uvicorn.run(app, port=port, log_level="warning", **options)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), guarded=sys.argv[3] == "guarded")
