"""The guard by itself: logging in, what it says and to whom, its headers, bodies that stop coming, the kept token."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from palimpsest.web import policy, tokens
from palimpsest.web.guard import Guard
from palimpsest.web.tokens import Codes, token_for

Answered = TypeVar("Answered")

PORT = 8765
TOKEN = "t" * 43
OURS = f"http://127.0.0.1:{PORT}"
PAGE = {"accept": "text/html"}
VISIT = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", **PAGE}
BEARER = {"authorization": f"Bearer {TOKEN}"}


async def echo(_: Scope, receive: Receive, send: Send) -> None:
    """An application that says how much came, and sets some headers that are not its business."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    headers = [
        (b"content-security-policy", b"script-src *"),
        (b"Content-Type", b"text/plain"),
        (b"X-Frame-Options", b"ALLOW"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture
def guard() -> Guard:
    return Guard(echo, port=PORT, token=TOKEN)


def ask(guard: Guard, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
    async def once() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url=OURS) as client:
            return await client.request(method, path, **more)

    return apart(once)


def apart(work: Callable[[], Coroutine[Any, Any, Answered]]) -> Answered:
    """Run in a thread of its own: the browser's driver, once started, holds the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    return {"cookie": answer.headers["set-cookie"].split(";")[0]}


def test_a_link_logs_a_browser_in_once(guard: Guard) -> None:
    link = guard.login_path()
    first = ask(guard, "GET", link)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    flags = first.headers["set-cookie"]
    assert flags.startswith(f"palimpsest_{PORT}=")
    assert "HttpOnly" in flags
    assert "SameSite=Strict" in flags
    assert "Domain" not in flags
    assert ask(guard, "GET", "/", headers=cookie_of(first)).status_code == 200
    again = ask(guard, "GET", link, headers=PAGE)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers
    assert "palimpsest open" in again.text


def test_opening_the_link_again_in_the_same_browser_just_goes_on(guard: Guard) -> None:
    link = guard.login_path()
    known = cookie_of(ask(guard, "GET", link))
    again = ask(guard, "GET", link, headers=known)
    assert (again.status_code, again.headers["location"]) == (303, "/")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_only_a_visit_uses_a_link_up(guard: Guard, method: str) -> None:
    link = guard.login_path()
    assert ask(guard, method, link).status_code == 401
    assert ask(guard, "GET", link).status_code == 303


def test_a_code_lives_ten_minutes_and_only_the_newest_few_are_good() -> None:
    now = [0.0]
    codes = Codes(lambda: now[0])
    old = codes.new()
    now[0] = tokens.CODE_LIFETIME - 1
    late = codes.new()
    now[0] = tokens.CODE_LIFETIME
    assert not codes.take(old)
    assert codes.take(late)
    assert not codes.take(late)
    many = [codes.new() for _ in range(tokens.MOST_CODES + 2)]
    assert [codes.take(code) for code in many] == [False, False, *([True] * tokens.MOST_CODES)]


def test_a_person_gets_a_page_and_a_program_gets_json(guard: Guard) -> None:
    page = ask(guard, "GET", "/easel/abc", headers=PAGE)
    assert page.status_code == 401
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "/guard.css" in page.text
    assert ask(guard, "GET", "/guard.css").headers["content-type"].startswith("text/css")
    for path in ("/api/works", "/api/works?x=<script>"):
        error = json.loads(ask(guard, "GET", path, headers=PAGE).text)["error"]
        assert set(error) == {"problem", "remedy"}
        assert all(error.values())


def test_no_answer_repeats_what_came(guard: Guard) -> None:
    for path in ("/easel/marker1?q=marker1", "/login?code=marker1", "/api/marker1"):
        answer = ask(guard, "GET", path, headers={**PAGE, "x-a": "marker1", "referer": "marker1"})
        assert answer.status_code == 401
        assert "marker1" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    ("path", "content_policy"),
    [("/", policy.PAGE_CSP), ("/api/works", policy.FILE_CSP), ("/wall/abc", policy.WALL_CSP), ("/wallpaper", policy.PAGE_CSP)],
)  # fmt: skip
def test_every_reply_has_our_headers_and_no_route_loosens_them(guard: Guard, path: str, content_policy: str) -> None:
    for headers in (BEARER, {}, {"host": "evil.test"}, {"origin": "null"}):
        answer = ask(guard, "GET", path, headers=headers)
        assert answer.headers.get_list("content-security-policy") == [content_policy]
        assert answer.headers.get_list("x-frame-options") == ["DENY"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("content_policy", [policy.PAGE_CSP, policy.FILE_CSP, policy.WALL_CSP])
def test_no_policy_lets_others_in(content_policy: str) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in content_policy.split(";") if " " in rule.strip())
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe-inline" not in rules.get("script-src", "")
    assert "'unsafe-eval'" not in rules.get("script-src", "")
    assert not re.search(r"https?:|\*", content_policy)


def test_a_route_may_let_its_reply_be_kept() -> None:
    async def kept(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Cache-Control", b"max-age=9")]})
        await send({"type": "http.response.body"})

    answer = ask(Guard(kept, port=PORT, token=TOKEN), "GET", "/api/tile", headers=BEARER)
    assert answer.headers.get_list("cache-control") == ["max-age=9"]


def test_a_visit_from_another_site_shows_the_page_that_leads_in(guard: Guard) -> None:
    """The browser sends no cookie along then; one from another port it would send, and there it does not count either."""
    known = cookie_of(ask(guard, "GET", guard.login_path()))
    for site in ("cross-site", "same-site"):
        visit = ask(guard, "GET", "/easel/abc", headers={**VISIT, **known, "sec-fetch-site": site})
        assert visit.status_code == 401
        assert '<a href="">' in visit.text
        assert ask(guard, "GET", "/api/works", headers={**VISIT, **known, "sec-fetch-site": site}).status_code == 403
    assert (
        ask(guard, "GET", "/easel/abc", headers={**VISIT, **known, "sec-fetch-site": "same-origin"}).status_code == 200
    )


def test_a_cookie_of_another_port_does_not_hide_ours(guard: Guard) -> None:
    known = cookie_of(ask(guard, "GET", guard.login_path()))["cookie"]
    name = known.partition("=")[0]
    for jar in (f"{name}=evil; {known}", f"{known}; {name}=evil", f"a; =; ;;{known};"):
        assert ask(guard, "GET", "/", headers={"cookie": jar}).status_code == 200


def test_public_paths_may_be_read_and_not_written(guard: Guard) -> None:
    assert ask(guard, "GET", "/favicon.svg").status_code == 200
    assert ask(guard, "POST", "/favicon.svg", headers={"origin": OURS}).status_code == 401
    assert ask(guard, "GET", "/favicon.svg", headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/x", policy.LIMIT, 200),
        ("/api/x", policy.LIMIT + 1, 413),
        ("/api/works", 2 << 20, 200),
        ("/api/works/x", 2 << 20, 413),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_may_be_as_large_as_its_path_allows(
    guard: Guard, path: str, size: int, status: int, announced: bool
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield b"x" * min(65_536, size - start)

    answer = ask(guard, "POST", path, headers=BEARER, content=b"x" * size if announced else pieces())
    assert answer.status_code == status
    assert status == 200 or json.loads(answer.text)["error"]["problem"]


def test_a_body_that_stops_coming_is_given_up(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "SILENCE", 0.05)
    sent: list[Message] = []

    async def receive() -> Message:
        if not asked:
            asked.append(1)
            return {"type": "http.request", "body": b"x", "more_body": True}
        await asyncio.sleep(30)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    asked: list[int] = []
    headers = [(b"host", f"127.0.0.1:{PORT}".encode()), (b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/x",
        "raw_path": b"/api/x",
        "query_string": b"",
        "headers": headers,
    }
    apart(lambda: guard(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 408


def test_waiting_for_the_end_of_a_request_takes_as_long_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long reply is sent while the application listens for the client to go away; that silence is no fault."""
    monkeypatch.setattr(policy, "SILENCE", 0.02)

    async def patient(_: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        listening = asyncio.create_task(_next(receive))
        await asyncio.sleep(0.2)
        assert not listening.done()
        listening.cancel()
        await send({"type": "http.response.body", "body": b"whole"})

    assert ask(Guard(patient, port=PORT, token=TOKEN), "GET", "/api/x", headers=BEARER).text == "whole"


async def _next(receive: Receive) -> Message:
    return await receive()


def test_the_token_stays_over_a_restart(tmp_path: Path) -> None:
    first = token_for(PORT, tmp_path, now=1000)
    assert re.fullmatch(r"[\w-]{43}", first)
    assert token_for(PORT, tmp_path, now=1000 + tokens.LIFETIME - 1) == first
    assert token_for(PORT + 1, tmp_path, now=1000) != first
    assert token_for(PORT, tmp_path, now=1000 + tokens.LIFETIME) != first


def test_the_token_is_kept_from_others(tmp_path: Path) -> None:
    first = token_for(PORT, tmp_path / "new")
    file = tmp_path / "new" / f"web-{PORT}.token"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    file.chmod(0o640)
    assert token_for(PORT, file.parent) != first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    "kept", [b"", b"\xff" * 60, b"A", b"A\n", b"A\nnow\n", b"A\n1\n", b"A\n1\n" + b"x" * 100, b"A\n99999999999\n"]
)
def test_a_file_that_is_malformed_or_old_is_made_anew(tmp_path: Path, kept: bytes) -> None:
    kept = kept.replace(b"A", b"a" * 43)
    file = tmp_path / f"web-{PORT}.token"
    file.write_bytes(kept)
    file.chmod(0o600)
    made = token_for(PORT, tmp_path)
    assert made != "a" * 43
    assert token_for(PORT, tmp_path) == made


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"a" * 43 + b"\n%d\n" % 10**9)
    target.chmod(0o600)
    (tmp_path / f"web-{PORT}.token").symlink_to(target)
    assert token_for(PORT, tmp_path, now=10**9) != "a" * 43
    assert target.read_bytes().startswith(b"aaa")


def test_a_pipe_or_a_folder_in_the_place_of_the_file_does_no_harm(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / f"web-{PORT}.token", 0o600)
    assert len(token_for(PORT, tmp_path)) == 43
    (tmp_path / f"web-{PORT + 1}.token").mkdir()
    assert len(token_for(PORT + 1, tmp_path)) == 43
    assert len(token_for(PORT, Path("/dev/null/nowhere"))) == 43
