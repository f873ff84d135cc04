"""Digests can never change; this is what holds them."""

from __future__ import annotations

import json
import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from palimpsest.errors import Damaged, ParameterRefused
from palimpsest.lineage.canonical import LARGEST_INTEGER, canonical, digest, parse

text = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | text
keys = text.map(lambda key: unicodedata.normalize("NFC", key))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values)
def test_reading_back_and_writing_again_gives_the_same_bytes(value: JsonValue) -> None:
    written = canonical(value)
    assert canonical(parse(written)) == written


@given(values)
def test_the_text_is_json_and_its_meaning_is_the_value(value: JsonValue) -> None:
    assert json.loads(canonical(value)) == json.loads(canonical(json.loads(json.dumps(value))))


@given(st.dictionaries(keys, values))
def test_the_order_of_keys_does_not_matter(value: dict[str, JsonValue]) -> None:
    assert digest(dict(reversed(value.items()))) == digest(value)


@given(text)
def test_composed_and_decomposed_text_are_one(value: str) -> None:
    assert digest(unicodedata.normalize("NFD", value)) == digest(unicodedata.normalize("NFC", value))
    assert canonical({unicodedata.normalize("NFD", value): 1}) == canonical({unicodedata.normalize("NFC", value): 1})


@given(st.integers(-LARGEST_INTEGER, LARGEST_INTEGER))
def test_a_whole_number_is_one_however_it_is_held(value: int) -> None:
    assert digest(value) == digest(float(value))


def test_equal_values_that_python_writes_differently() -> None:
    assert canonical([1, 1.0, 0.0, -0.0, 1e3, "e\u0301", (2,)]) == '[1,1,0,0,1000,"é",[2]]'.encode()
    assert canonical(True) == b"true"
    assert canonical(1e21) == b"1e+21"
    assert canonical(0.1 + 0.2) == b"0.30000000000000004"


def test_a_digest_made_long_ago_still_holds() -> None:
    assert digest({"technique": "stylize", "parameters": {"strength": 0.5}, "title": "Café"}) == (
        "fd0dbe3c4bfbef0eb15ca599d9bf0f780a94759c78e37737caed920d8590e775"
    )


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        2**53,
        -(2**53),
        "\ud800",
        {"a": "\udfff"},
        {1: 2},
        {"é": 1, "e\u0301": 2},
        b"bytes",
        {1, 2},
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ParameterRefused):
        canonical(value)


def test_nesting_has_an_end() -> None:
    value: JsonValue = 1
    for _ in range(100):
        value = [value]
    with pytest.raises(ParameterRefused):
        canonical(value)


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_what_is_not_json_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        parse(data)
