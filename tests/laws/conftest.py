"""Crosses each law with each technique."""

from __future__ import annotations

import pytest

from palimpsest.craft.technique import Technique
from tests.laws.table import CATALOGUE, NAMES, OPT_OUT, cards


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "technique" in metafunc.fixturenames:
        metafunc.parametrize("technique", NAMES, indirect=True)


@pytest.fixture
def technique(request: pytest.FixtureRequest) -> Technique:
    """One technique of the catalogue; a law that does not hold for it is skipped with the reason in the table."""
    name: str = request.param
    reason = OPT_OUT.get((request.node.originalname, name))
    if reason:
        pytest.skip(reason)
    return CATALOGUE.get(name)


@pytest.fixture
def runnable(technique: Technique) -> Technique:
    """One technique whose engines are all there. That none is missing is a law of its own."""
    for port in technique.ports.values():
        if port not in cards():
            pytest.skip(f"no engine fills the port {port}")
    return technique
