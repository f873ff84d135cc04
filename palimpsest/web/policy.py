"""What pages may do, how much a request may carry, and how the server is to run: tables, no code that decides.

Three policies. A PAGE of the studio runs our scripts and talks to us alone. A FILE is what people bring or make: shown, never
run. The WALL is the one page whose viewer of models styles itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

Kind = TypeVar("Kind")

MB = 1 << 20

_VIEWER_STYLE = "'sha256-9xTiqzfwFaL2SGb1rmr8gysEwVVjIvqWAgmZgqFqpEE='"  # the one style that OpenSeadragon puts in


def _page(styles: str) -> str:
    """Write the content policy of a page of ours; no `upgrade-insecure-requests`: it would break plain http."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            f"style-src 'self' {styles}",
            "img-src 'self' blob: data:",
            "font-src 'self'",
            "connect-src 'self' blob:",
            "worker-src 'self' blob:",
            "media-src 'self' blob:",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


PAGE_CSP = _page(_VIEWER_STYLE)
WALL_CSP = _page("'unsafe-inline'")  # beside a hash it would count for nothing
FILE_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
)

_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "none",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), usb=(), xr-spatial-tracking=(self)",
}


def _headers(content_policy: str) -> Mapping[str, str]:
    return MappingProxyType({**_ALWAYS, "content-security-policy": content_policy})


PAGE = _headers(PAGE_CSP)
FILE = _headers(FILE_CSP)
WALL = _headers(WALL_CSP)

POLICIES: Mapping[str, Mapping[str, str]] = MappingProxyType({"/api/": FILE, "/wall": WALL, "/wall/": WALL})
"""Which path has which policy: one that ends in `/` holds for all below it; all others have PAGE. No route can loosen it."""

CACHING = "no-store"  # unless the route says otherwise

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "/api/works": 512 * MB,
        "/api/verify": 512 * MB,
        "/api/masks": 64 * MB,
        "/api/masks/": 64 * MB,
        "/api/sketches": 64 * MB,
        "/api/sketches/": 64 * MB,
    }
)
"""The largest body of a request to a path (or, with `/` at its end, to all below it), in bytes."""

LIMIT = MB  # … and of every other

PUBLIC = frozenset({"/favicon.svg", "/favicon.ico"})
"""What is served without a token: nothing but the icon."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
READING = frozenset({"GET", "HEAD"})

HEADER_COUNT = 100
HEADER_BYTES = 32 * 1024  # the browser sends the cookies of every other port of this machine too
ADDRESS_BYTES = 8 * 1024

SILENCE = 60.0  # seconds without a byte of a body that was promised
PATIENCE = 900.0  # … and for all of it

SERVER: Mapping[str, Any] = MappingProxyType(
    {
        "host": "127.0.0.1",
        "proxy_headers": False,  # nobody but the browser speaks to us
        "server_header": False,
        "date_header": True,
        "ws_max_size": 256 * 1024,  # a tab asks and listens; pictures go over POST
        "ws_max_queue": 16,
        "ws_per_message_deflate": False,  # no small message that unpacks to a large one
        "timeout_keep_alive": 15,
    }
)
"""The options of the server that the guard counts on."""


def of_path(table: Mapping[str, Kind], path: str, otherwise: Kind) -> Kind:
    """Look a path up: exactly, else by the longest beginning that ends in `/`."""
    if path in table:
        return table[path]
    above = [key for key in table if key.endswith("/") and path.startswith(key)]
    return table[max(above, key=len)] if above else otherwise
