"""Files on their way out: one with a name of its own, or several in one answer."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Response

_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 60


def file_name(title: str, suffix: str) -> str:
    """Call a file after a work, in letters that every computer can write."""
    words = _ODD.sub("-", title)[:_LONGEST].strip("-._").lower()
    return f"{words or 'work'}{suffix}"


def attached(data: bytes, media_type: str, name: str) -> Response:
    """Answer with a file to be saved, not shown."""
    return Response(data, media_type=media_type, headers={"content-disposition": _named("attachment", name)})


def parcel(about: Mapping[str, Any], files: Mapping[str, tuple[str, str, bytes]]) -> Response:
    """Answer with several files as `multipart/form-data`, and with what is to be said of them as the field `about`.

    Nothing has to be kept for a second question, and the page takes it apart by itself. `files` are name, media type, bytes.
    """
    border = secrets.token_hex(24)
    parts = [_part(border, 'form-data; name="about"', "application/json", json.dumps(about).encode())]
    for field, (name, media_type, data) in files.items():
        said = f'form-data; name="{field}"; filename="{quote(name)}"'
        parts.append(_part(border, said, media_type, data))
    body = b"".join([*parts, f"--{border}--\r\n".encode()])
    return Response(body, media_type=f"multipart/form-data; boundary={border}")


def _part(border: str, disposition: str, media_type: str, data: bytes) -> bytes:
    head = f"--{border}\r\ncontent-disposition: {disposition}\r\ncontent-type: {media_type}\r\n\r\n"
    return head.encode() + data + b"\r\n"


def _named(how: str, name: str) -> str:
    plain = name.encode("ascii", "ignore").decode() or "work"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
