"""Laws of the declaration: a technique says, in words, all that a person needs to use it."""

from __future__ import annotations

import sys

from palimpsest.craft.technique import Technique
from tests.laws.table import CATALOGUE, NAMES, NEEDS, OPT_OUT, cards


def test_is_named_like_its_file(technique: Technique) -> None:
    module = sys.modules[technique.function.__module__]
    assert module.__name__ == f"palimpsest.techniques.{technique.name.replace('-', '_')}"
    assert technique.function.__name__ == module.__name__.rpartition(".")[2]


def test_is_summed_up_in_one_sentence(technique: Technique) -> None:
    summary = technique.summary
    assert summary.endswith("."), "a summary is a sentence"
    assert ". " not in summary, "… and one only"
    assert len(summary) <= 100
    assert summary[0].isupper()
    assert CATALOGUE.summary(technique.name) == summary, "read from the file it must say the same"


def test_describes_every_parameter(technique: Technique) -> None:
    properties = technique.schema["properties"]
    silent = [name for name, part in properties.items() if not part.get("description", "").strip()]
    assert not silent, f"{silent}: expected Field(description=…)"


def test_shows_parameters_only_by_others_that_exist(technique: Technique) -> None:
    properties = technique.schema["properties"]
    for part in properties.values():
        for other, values in part.get("shown_when", {}).items():
            assert other in properties
            for value in values:
                technique.resolve({other: value})


def test_says_what_each_role_is(technique: Technique) -> None:
    assert all(role.meaning.strip() for role in technique.roles)


def test_takes_several_works_last(technique: Technique) -> None:
    required = [role for role in technique.roles if not role.optional]
    assert all(not role.many for role in required[:-1]), "the role that takes several works comes last"


def test_has_a_version(technique: Technique) -> None:
    assert technique.version >= 1


def test_finds_an_engine_for_each_port(technique: Technique) -> None:
    missing = [port for port in technique.ports.values() if port not in cards()]
    assert not missing, f"no module of palimpsest.engines has a CARD for {missing}"


def test_every_exception_in_the_table_names_a_technique() -> None:
    named = {*NEEDS, *(name for _, name in OPT_OUT)}
    assert not named - set(NAMES), "these are not in the catalogue"
