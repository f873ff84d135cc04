"""Laws of the parameters: one value, one recipe, however it is written; nothing beyond its range gets in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palimpsest.craft.technique import Technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import recipe_from
from tests.laws.strategies import as_text, beyond, branches, parameters
from tests.laws.table import inputs, perform, picture, small

many = settings(
    max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def digest(technique: Technique, given: dict[str, Any]) -> str:
    parameters = technique.resolve(given)
    return recipe_from({"technique": technique.name, "version": technique.version, "parameters": parameters}).digest


@many
@given(data=st.data())
def test_reads_its_parameters_as_text(technique: Technique, data: st.DataObject) -> None:
    values = data.draw(parameters(technique))
    resolved = technique.resolve(values)
    typed = {name: as_text(value) for name, value in resolved.items() if value is not None}
    assert technique.resolve(typed) == resolved


@many
@given(data=st.data())
def test_resolves_what_is_resolved_to_itself(technique: Technique, data: st.DataObject) -> None:
    resolved = technique.resolve(data.draw(parameters(technique)))
    assert technique.resolve(resolved) == resolved


@many
@given(data=st.data())
def test_gives_one_recipe_however_it_is_written(technique: Technique, data: st.DataObject) -> None:
    values = data.draw(parameters(technique))
    resolved = technique.resolve(values)
    spelled: list[dict[str, Any]] = [
        resolved,
        {name: _as_integer(value) for name, value in resolved.items()},
        {name: as_text(value) for name, value in resolved.items() if value is not None},
        dict(reversed(list(resolved.items()))),
    ]
    assert {digest(technique, each) for each in spelled} == {digest(technique, values)}


def _as_integer(value: object) -> object:
    if isinstance(value, list):
        return [_as_integer(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_gives_one_recipe_with_defaults_left_out_or_spelled_out(technique: Technique) -> None:
    assert digest(technique, {}) == digest(technique, technique.resolve({}))


def test_refuses_what_is_out_of_range(technique: Technique) -> None:
    for name, part in technique.schema["properties"].items():
        plain = list(branches(part, technique.schema))
        if len([each for each in plain if each.get("type") != "null"]) > 1:
            continue  # what one branch refuses, another may take
        for value in (value for each in plain if each.get("type") != "null" for value in beyond(each)):
            with pytest.raises(ParameterRefused) as refused:
                technique.resolve({name: value})
            assert refused.value.name == f"{technique.name} {name}", f"{value!r} is refused under another name"
            assert refused.value.expected
            assert str(refused.value).partition("\n")[0].endswith(".")


def test_refuses_a_parameter_that_it_does_not_have(technique: Technique) -> None:
    with pytest.raises(ParameterRefused, match="no-such-parameter"):
        technique.resolve({"no-such-parameter": 1})
    with pytest.raises(ParameterRefused, match="no-such-parameter"):
        technique.run(inputs(technique), {"no-such-parameter": 1})


def test_refuses_to_run_without_a_required_role(technique: Technique) -> None:
    for role in technique.roles:
        if not role.optional:
            without = {name: value for name, value in inputs(technique).items() if name != role.name}
            with pytest.raises(RoleRefused) as refused:
                technique.run(without, small(technique))
            assert refused.value.role == f"{technique.name} {role.name}"


def test_refuses_a_role_that_it_does_not_have(runnable: Technique) -> None:
    with pytest.raises(RoleRefused, match="no-such-role"):
        perform(runnable, {**inputs(runnable), "no-such-role": picture(8, 8)})
