"""The guard before the local web server: lets in only this person's own browser, on our own pages, and programs with the token.

A server on this computer is in reach of every page that the browser shows and of every other program's pages. So each request is
looked at before any route sees it, in this order: its shape; the host it names (against names that are made to point here);
the page that asks (against other sites and other ports); who it is; what it carries. Pure ASGI: WebSockets and streams go the
same way, and no route can forget it. Every reply, errors too, carries the headers of `policy`.

It does not protect against other users of this computer who can read the process or the token's file, nor against a program
on another port that the person opens in the same browser and that steals the cookie: cookies know no ports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from palimpsest.web import policy, refusals, tokens
from palimpsest.web.asking import Asking
from palimpsest.web.passage import Passage, dressed, give
from palimpsest.web.refusals import Answer, Header, Refusal

LOGIN = "/login"

Check = Callable[[Asking], Refusal | None]

_FORMS = frozenset({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})


class Guard:
    """ASGI middleware around the whole application.

    `public` paths are served to everybody on this computer's own pages; `limits` are sizes of bodies, `policies` headers by path
    (see `policy.of_path`).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        token: str,
        public: frozenset[str] = policy.PUBLIC,
        limits: Mapping[str, int] = policy.LIMITS,
        policies: Mapping[str, Mapping[str, str]] = policy.POLICIES,
    ) -> None:
        self._app = app
        self._token = token
        self._public = public
        self._limits = limits
        self._policies = policies
        self._hosts = _hosts(port)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self._cookie = f"palimpsest_{port}"  # every port of a host gets the cookies of all: ours is named after its own
        self._codes = tokens.Codes()

    def login_path(self) -> str:
        """Make a link that logs one browser in, once, within ten minutes."""
        return f"{LOGIN}?code={self._codes.new()}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through to the application."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asking = Asking.of(scope)
        send = dressed(send, policy.of_path(self._policies, asking.path, policy.PAGE))
        answer = self._answer(asking)
        if answer is not None:
            await give(answer, scope, send)
        elif asking.is_socket:
            await self._app(scope, receive, send)
        else:
            await self._let_through(asking, receive, send)

    async def _let_through(self, asking: Asking, receive: Receive, send: Send) -> None:
        passage = Passage(receive, send, self._limit(asking))
        try:
            await self._app(asking.scope, passage.receive, passage.send)
        except ClientDisconnect:
            return  # gone, or sent away from here; nobody waits for an answer

    def _answer(self, asking: Asking) -> Answer | None:
        """Return the reply when it is the guard's to give: a refusal, the login, the look of its pages."""
        if refusal := _first((_shape, self._host, self._page), asking):
            return refusal.answer(page=asking.wants_page)
        if asking.path == refusals.STYLES_PATH and asking.reads_only:
            return refusals.styles()
        if asking.path == LOGIN and asking.method == "GET" and not asking.is_socket:
            return self._login(asking)
        refusal = _first((self._person, self._change, self._body), asking)
        return refusal.answer(page=asking.wants_page) if refusal else None

    def _login(self, asking: Asking) -> Answer:
        """Trade a code for the cookie; who is logged in already just goes on, as when the link is opened again."""
        if self._codes.take(asking.query("code")):
            return refusals.moved("/", [self._set_cookie()])
        if self._has_cookie(asking):
            return refusals.moved("/")
        return refusals.STALE_LINK.answer(page=asking.wants_page)

    def _set_cookie(self) -> Header:
        lasting = f"Path=/; Max-Age={tokens.LIFETIME}; HttpOnly; SameSite=Strict"
        return b"set-cookie", f"{self._cookie}={self._token}; {lasting}".encode()

    def _host(self, asking: Asking) -> Refusal | None:
        """Refuse what names another host: the one defence against names of others that point to this computer."""
        return None if asking.headers.get("host", "").lower() in self._hosts else refusals.UNKNOWN_HOST

    def _page(self, asking: Asking) -> Refusal | None:
        """Refuse what a page of others asks, but a plain visit of a page; there no cookie counts (see `_has_cookie`)."""
        origin = asking.headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return refusals.FOREIGN_PAGE
        return None if asking.is_ours or asking.is_foreign_visit else refusals.FOREIGN_PAGE

    def _person(self, asking: Asking) -> Refusal | None:
        """Refuse who has no token; what is public may be read all the same."""
        if self._has_token(asking) or self._has_cookie(asking):
            return None
        if asking.reads_only and asking.path in self._public:
            return None
        return refusals.STRANGER if asking.wants_page else refusals.WRONG_TOKEN

    def _change(self, asking: Asking) -> Refusal | None:
        """Refuse a change, or a WebSocket, by the cookie alone: the browser must have said which page asks."""
        if asking.reads_only or self._has_token(asking) or "origin" in asking.headers:
            return None
        return refusals.NO_ORIGIN

    def _body(self, asking: Asking) -> Refusal | None:
        """Refuse forms, which any page could send, and bodies that are announced as too large or in two ways."""
        if not asking.reads_only and asking.headers.get("content-type", "").split(";")[0].strip().lower() in _FORMS:
            return refusals.FORM
        announced = asking.headers.get("content-length", "0")
        if not (announced.isascii() and announced.isdecimal()) or {"content-length", "transfer-encoding"} <= set(
            asking.headers
        ):
            return refusals.BAD_LENGTH
        return refusals.TOO_LARGE if len(announced) > 15 or int(announced) > self._limit(asking) else None

    def _limit(self, asking: Asking) -> int:
        return policy.of_path(self._limits, asking.path, policy.LIMIT)

    def _has_token(self, asking: Asking) -> bool:
        return tokens.same(asking.bearer, self._token)

    def _has_cookie(self, asking: Asking) -> bool:
        if asking.is_foreign_visit:
            return False
        return any(tokens.same(value, self._token) for value in asking.cookies(self._cookie))


def _hosts(port: int) -> frozenset[str]:
    """List the names under which the server is itself: never a beginning or a pattern, and never what DNS says."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset({f"{name}:{port}" for name in names} | (set(names) if port == 80 else set()))


def _first(checks: Iterable[Check], asking: Asking) -> Refusal | None:
    return next((refusal for check in checks if (refusal := check(asking))), None)


def _shape(asking: Asking) -> Refusal | None:
    """Refuse what no browser sends of itself."""
    if not asking.is_socket and asking.method not in policy.METHODS:
        return refusals.UNKNOWN_METHOD
    if asking.address_bytes > policy.ADDRESS_BYTES:
        return refusals.LONG_ADDRESS
    if asking.header_bytes > policy.HEADER_BYTES or len(asking.scope["headers"]) > policy.HEADER_COUNT:
        return refusals.LARGE_HEADERS
    if asking.repeated:
        return refusals.REPEATED_HEADER
    return None if asking.has_plain_path else refusals.BAD_PATH
