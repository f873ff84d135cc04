"""One text for one value: canonical JSON, and the digest taken from it.

Digests can never change, so neither can this module. A value's text is that of RFC 8785 (JSON Canonicalization Scheme)
after every string has been brought to Unicode's composed form (NFC). Thus 1 and 1.0, 0.0 and -0.0, composed and decomposed
é, and any order of keys give one text, and so one digest.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

import rfc8785
from pydantic import JsonValue

from palimpsest.errors import Damaged, ParameterRefused

LARGEST_INTEGER = 2**53 - 1  # beyond it a double cannot tell neighbours apart, and JSON's numbers are doubles
DEEPEST = 64  # records are shallow; anything deeper is an attack on the stack


def canonical(value: object) -> bytes:
    """Write a value as canonical JSON (UTF-8).

    Takes None, bool, int, float, str, and lists, tuples and mappings of these.

    Raises:
        ParameterRefused: the value has no canonical form: NaN or an infinity, an integer beyond ±(2⁵³ - 1), a lone
            surrogate, two keys that are one after composition, a key that is not text, or more than 64 levels.
    """
    plain = _plain(value, 0)
    text = _ENCODER.encode(plain)
    return rfc8785.dumps(plain) if _may_be_written_otherwise(text) else text.encode()


def _may_be_written_otherwise(text: str) -> bool:
    suspect = not text.isascii() or "e-" in text or "e+" in text or ".0" in text
    return suspect and _WRITTEN_OTHERWISE.search(text) is not None


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
_WRITTEN_OTHERWISE = re.compile(r"\de[-+]\d|\d\.0(?:[,\]}]|$)|[^\0-\uffff]")
"""Where Python's encoder, which is ten times as fast, may differ from RFC 8785: floats that are very large, very small or
beyond 2⁵³, and the order of keys beyond Unicode's basic plane."""


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    return digest_of_bytes(canonical(value))


def digest_of_bytes(data: bytes) -> str:
    """Return the SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def parse(data: bytes | str) -> JsonValue:
    """Read JSON back so that `canonical(parse(canonical(x))) == canonical(x)`.

    Raises:
        Damaged: it is not JSON, or holds NaN or an infinity.
    """
    try:
        value: JsonValue = json.loads(data, parse_constant=_no_constant, parse_int=_integer)
    except (ValueError, RecursionError) as fault:
        raise Damaged(f"expected a record in JSON, but it does not parse: {fault}") from fault
    return value


def _integer(text: str) -> int | float:
    """Read an integer; those beyond 2⁵³ were floats when they were written."""
    if len(text) > 400:
        raise ValueError("a number of more than 400 digits")
    value = int(text)
    return value if abs(value) <= LARGEST_INTEGER else float(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _plain(value: object, depth: int) -> JsonValue:  # noqa: RET503 - _refuse never returns
    if depth > DEEPEST:
        _refuse("at most 64 levels", "more")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_INTEGER else _refuse("an integer within ±(2⁵³ - 1)", value)
    if isinstance(value, float):
        return _number(value) if math.isfinite(value) else _refuse("a finite number", value)
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return _object(value, depth)
    _refuse("None, bool, int, float, str, list, tuple or mapping", value)


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) <= LARGEST_INTEGER else value


def _object(value: Mapping[object, object], depth: int) -> JsonValue:
    plain: dict[str, JsonValue] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            _refuse("a key that is text", key)
        composed = _text(key)
        if composed in plain:
            _refuse("keys that differ after Unicode composition", key)
        plain[composed] = _plain(item, depth + 1)
    return plain


def _text(value: str) -> str:
    if value.isascii():
        return value
    composed = unicodedata.normalize("NFC", value)
    try:
        composed.encode()
    except UnicodeEncodeError:
        _refuse("text without lone surrogates", value)
    return composed


def _refuse(expected: str, got: object) -> NoReturn:
    raise ParameterRefused("canonical JSON", expected, got)
