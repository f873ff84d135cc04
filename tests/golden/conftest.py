"""Adds `--record`: `pytest tests/golden --record -k NAME`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="make the reference images of the chosen techniques anew")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    """Whether the reference images are to be made anew; only when this folder is named on the command line."""
    return bool(request.config.getoption("--record", default=False))
