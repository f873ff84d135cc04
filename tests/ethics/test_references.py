"""References are named, and files of one's own are read or refused with a word."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.references import (
    LISTED,
    MOST_GROUPS,
    even_shares,
    museum,
    museums,
    own_reference,
    read_reference,
)


@pytest.mark.parametrize("name", museums())
def test_a_museum_says_where_its_figures_are_from(name: str) -> None:
    found = [each for each in (museum(name, dimension) for dimension in LISTED) if each]
    assert found
    for each in found:
        assert sum(each.shares.values()) == pytest.approx(1)
        assert each.licence == "CC0-1.0"
        assert each.source
        assert each.caution
        assert each.counted > 0


@pytest.mark.parametrize("dimension", ["region", "period", "century", "medium", "gender"])
def test_museums_count_by_groups_that_our_rules_can_fill(dimension: str) -> None:
    for name in museums():
        found = museum(name, dimension)
        assert found is None or set(found.shares) <= set(LISTED[dimension]())


def test_figures_that_are_known() -> None:
    gender = museum("tate", "gender")
    assert gender is not None
    assert gender.shares["women"] == pytest.approx(522 / 3418)
    assert museum("met", "gender") is None


def test_even_shares_are_over_the_groups_that_the_rules_list() -> None:
    assert len(even_shares("region", []).shares) == 11
    assert even_shares("maker", ["a", "b"]).shares == {"a": 0.5, "b": 0.5}
    assert even_shares("maker", []).shares == {}


TABLES = [
    b"group,share\nEurope,1\nOceania,3\n",
    b"group;count\r\nEurope;1\r\nOceania;3\r\n",
    b"\xef\xbb\xbfShare,Group\n25%,Europe\n75%,Oceania\n",
    "group,share\nEurope,1\nOceania,3\n".encode("utf-16"),
    b'{"Europe": 1, "Oceania": 3}',
    b' {"Europe": 1e300, "Oceania": 3e300}',
]


@pytest.mark.parametrize("data", TABLES)
def test_a_file_of_ones_own_is_read_in_its_usual_forms(data: bytes) -> None:
    assert read_reference(data, "mine") == {"": {"Europe": 0.25, "Oceania": 0.75}}


def test_a_file_may_name_dimensions() -> None:
    csv = read_reference(b"dimension,group,share\nregion,Europe,1\ngender,women,1\ngender,men,1\n", "mine")
    same = read_reference(b'{"region": {"Europe": 1}, "gender": {"women": 1, "men": 1}}', "mine")
    assert csv == same == {"region": {"Europe": 1.0}, "gender": {"women": 0.5, "men": 0.5}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"nothing here",
        b"a,b\n1,2\n",
        b"group,share\n",
        b"group,share\nEurope,-1\n",
        b"group,share\nEurope,nan\n",
        b"group,share\nEurope,1e999\n",
        b"group,share\nEurope,many\n",
        b"group,share\nEurope\n",
        b"group,share\nEurope,1\nEUROPE,2\n",
        b"group,share\nEurope,0\n",
        b"group,share\n,1\n",
        b'group,share\n"' + b"x" * 200_000 + b'",1\n',
        b"\xff\xfe\x00",
        b"group,share\n\xe9,1\n",
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"{",
        b"[1, 2]",
        b'{"Europe": NaN}',
        b'{"Europe": -Infinity}',
        b'{"Europe": true}',
        b'{"Europe": null}',
        b'{"Europe": [1]}',
        b'{"Europe": {"a": {"b": 1}}}',
        b'{"Europe": 1, "Europe": 2}',
        b'{"a": ' * 100_000,
        b'{"Europe": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_reference_is_refused(data: bytes) -> None:
    with pytest.raises(ParameterRefused):
        read_reference(data, "mine")


def test_thousands_of_groups_are_read_and_more_are_refused() -> None:
    many = {f"group {number}": number + 1 for number in range(5000)}
    assert len(read_reference(json.dumps(many).encode(), "mine")[""]) == 5000
    with pytest.raises(ParameterRefused):
        read_reference(json.dumps({str(number): 1 for number in range(MOST_GROUPS + 1)}).encode(), "mine")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read_reference(data, "mine")
    except ParameterRefused:
        return
    assert all(sum(shares.values()) == pytest.approx(1) for shares in found.values())


def test_half_a_sign_is_no_trouble() -> None:
    (shares,) = read_reference(b'{"\\ud800": 1}', "mine").values()
    assert "".join(shares).encode() == b"?"


def test_groups_take_the_names_of_the_rules_and_strange_ones_are_named() -> None:
    found = own_reference({"": {"EUROPE": 0.5, "Atlantis": 0.5}}, "region", "mine.csv")
    assert found is not None
    assert found.shares == {"Europe": 0.5, "Atlantis": 0.5}
    assert found.unknown == ("Atlantis",)
    assert own_reference({"gender": {"women": 1.0}}, "region", "mine.csv") is None
