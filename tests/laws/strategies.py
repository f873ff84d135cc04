"""Hypothesis strategies made from a technique's parameter schema: every value that it says it accepts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from palimpsest.craft.technique import Technique

Schema = Mapping[str, Any]


def parameters(technique: Technique) -> st.SearchStrategy[dict[str, Any]]:
    """Any valid parameters of a technique, each given or left out."""
    each = {name: values(part, technique.schema) for name, part in technique.schema["properties"].items()}
    return st.fixed_dictionaries({}, optional=each)


def values(part: Schema, root: Schema) -> st.SearchStrategy[Any]:
    """Any valid value of one parameter."""
    choices = [_one(each) for each in branches(part, root) if each.get("type") != "null"]
    return st.one_of(*choices)


def branches(part: Schema, root: Schema) -> Iterator[dict[str, Any]]:
    """Follow references and unions to the plain schemas."""
    if "$ref" in part:
        yield from branches(root["$defs"][part["$ref"].rpartition("/")[2]], root)
    elif "anyOf" in part:
        for each in part["anyOf"]:
            yield from branches(each, root)
    else:
        resolved = dict(part)
        for key in ("items",):
            if key in resolved:
                resolved[key] = next(branches(resolved[key], root))
        if "prefixItems" in resolved:
            resolved["prefixItems"] = [next(branches(each, root)) for each in resolved["prefixItems"]]
        yield resolved


def _one(part: Schema) -> st.SearchStrategy[Any]:
    if "const" in part:
        return st.just(part["const"])
    if "enum" in part:
        return st.sampled_from(part["enum"])
    return {"boolean": _booleans, "integer": _integers, "number": _numbers, "array": _arrays, "string": _strings}[
        part["type"]
    ](part)


def _booleans(_: Schema) -> st.SearchStrategy[bool]:
    return st.booleans()


def _integers(part: Schema) -> st.SearchStrategy[int]:
    low = part.get("minimum", part.get("exclusiveMinimum", -1001) + 1)
    high = part.get("maximum", part.get("exclusiveMaximum", low + 1001) - 1)
    return st.integers(math.ceil(low), math.floor(high))


def _numbers(part: Schema) -> st.SearchStrategy[float]:
    return st.floats(
        min_value=part.get("minimum", part.get("exclusiveMinimum", -1e6)),
        max_value=part.get("maximum", part.get("exclusiveMaximum", 1e6)),
        exclude_min="exclusiveMinimum" in part,
        exclude_max="exclusiveMaximum" in part,
        allow_nan=False,
    )


def _arrays(part: Schema) -> st.SearchStrategy[tuple[Any, ...]]:
    if "prefixItems" in part:
        return st.tuples(*(_one(each) for each in part["prefixItems"]))
    items = _one(part["items"])
    return st.lists(items, min_size=part.get("minItems", 0), max_size=part.get("maxItems", 4)).map(tuple)


def _strings(part: Schema) -> st.SearchStrategy[str]:
    if "pattern" in part:
        return st.from_regex(re.compile(str(part["pattern"])), fullmatch=True)
    return st.text(st.characters(categories=("L", "N")), min_size=part.get("minLength", 0), max_size=20)


def extreme(part: Schema, root: Schema, *, high: bool) -> object:
    """The lowest or highest value that a parameter takes; its default where it has no such bound."""
    plain = next(each for each in branches(part, root) if each.get("type") != "null")
    if "enum" in plain:
        return plain["enum"][-1 if high else 0]
    if plain.get("type") == "boolean":
        return high
    return plain.get("maximum" if high else "minimum", part.get("default"))


def as_text(value: object) -> str:
    """Write a value the way a person types it on the command line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return ",".join(as_text(each) for each in value)
    return str(value)


def beyond(part: Schema) -> Iterator[object]:
    """Values just outside what a plain schema accepts."""
    if "enum" in part or "const" in part:
        yield "no-such-choice"
    elif part["type"] == "boolean":
        yield "perhaps"
    elif part["type"] in ("number", "integer"):
        yield from _beyond_number(part)
    elif part["type"] == "array":
        yield from _beyond_array(part)
    elif "pattern" in part:
        yield "\n"


def _beyond_number(part: Schema) -> Iterator[object]:
    yield from (math.nan, math.inf, -math.inf, "nan", "a colour")
    if "minimum" in part:
        yield part["minimum"] - 1
        if part["type"] == "number":
            yield part["minimum"] - max(1e-6, abs(part["minimum"]) * 1e-9)
    if "maximum" in part:
        yield part["maximum"] + 1
        if part["type"] == "number":
            yield part["maximum"] + max(1e-6, abs(part["maximum"]) * 1e-9)
    yield from (part[bound] for bound in ("exclusiveMinimum", "exclusiveMaximum") if bound in part)


def _beyond_array(part: Schema) -> Iterator[object]:
    if "prefixItems" in part:
        yield ()
        return
    for each in beyond(part["items"]):
        yield (each,) * max(1, part.get("minItems", 1))
    if part.get("minItems"):
        yield ()
    if "maxItems" in part:
        yield ("0.5",) * (part["maxItems"] + 1)
