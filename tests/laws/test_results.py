"""Laws of the result: pure, repeatable, of the right shape, and with evidence that adds up."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache, partial

import numpy as np
import pytest

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Technique
from palimpsest.errors import Cancelled, InputRefused
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Floats, Raster
from tests.laws.strategies import extreme
from tests.laws.table import OTHER_SEED, Inputs, Watched, digests, inputs, perform, performed, picture, small, watched

ODD = [(1, 1, False, 8), (1, 7, False, 8), (31, 17, False, 8), (31, 17, True, 8), (17, 31, True, 16)]
"""Width, height, alpha and bits of works that few think of."""


def test_is_pure(runnable: Technique) -> None:
    for run in runs(runnable):
        assert run.before == run.after, "it wrote into an input, or drew from a random state that all share"
        assert isinstance(run.outcome, Outcome)
        assert run.outcome.made
        assert all(isinstance(made.raster, Raster) for made in run.outcome.made)


def test_makes_the_same_pixels_twice(runnable: Technique) -> None:
    assert digests(watched(runnable.name).outcome) == digests(performed(runnable.name))


def runs(technique: Technique) -> list[Watched]:
    """One run with the required roles, and one with all if there are others."""
    optional = any(role.optional for role in technique.roles)
    return [watched(technique.name), *([watched(technique.name, optional=True)] if optional else [])]


def test_makes_the_same_pixels_in_another_process(runnable: Technique) -> None:
    assert in_another_process()[runnable.name] == digests(performed(runnable.name))


@cache
def in_another_process() -> dict[str, list[str]]:
    """Perform all in one process with one thread and another hash seed."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.laws.fresh"],
        env={**os.environ, **threads, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("optional", [False, True], ids=["required-roles", "all-roles"])
def test_takes_works_of_any_size(runnable: Technique, optional: bool) -> None:
    if not any(role.optional is optional for role in runnable.roles):
        pytest.skip("it has no such roles")
    for width, height, alpha, bits in ODD:
        draw = partial(_odd, width, height, alpha, bits)
        result = attempt(runnable, inputs(runnable, draw, optional=optional))
        if isinstance(result, InputRefused):
            assert result.problem.endswith("."), "a refusal says what was expected and what came"
        else:
            assert all(made.raster.width and made.raster.height for made in result.made)


def _odd(width: int, height: int, alpha: bool, bits: int, number: int) -> Raster:
    return picture(width, height, alpha=alpha, bits=bits, number=number)


@pytest.mark.parametrize(
    "high", [pytest.param(False, id="lowest"), pytest.param(True, id="highest", marks=pytest.mark.slow)]
)
def test_takes_every_parameter_at_its_bound(runnable: Technique, high: bool) -> None:
    fixed = {*small(runnable), "width", "height"}
    each = runnable.schema["properties"].items()
    bounds = {name: extreme(part, runnable.schema, high=high) for name, part in each if name not in fixed}
    result = attempt(runnable, inputs(runnable, lambda number: picture(24, 20, number=number)), bounds)
    if isinstance(result, InputRefused):
        assert result.problem.endswith(".")
    else:
        assert result.made


def attempt(
    technique: Technique, given: Inputs, parameters: Mapping[str, object] | None = None
) -> Outcome | InputRefused:
    """Perform, or return the refusal: a technique may need more than one pixel, if it says so."""
    try:
        return perform(technique, given, parameters)
    except InputRefused as refused:
        return refused


def test_keeps_depth_and_alpha_of_the_work_that_it_alters(runnable: Technique) -> None:
    if not runnable.roles or runnable.roles[0].optional or runnable.roles[0].use is not Use.ALTER:
        pytest.skip("it does not alter a work")
    given = inputs(runnable, lambda number: picture(48, 40, alpha=True, bits=16, number=number))
    for made in perform(runnable, given).made:
        assert made.raster.bits == 16
        assert made.raster.has_alpha


def test_says_where_the_result_came_from(runnable: Technique) -> None:
    given = inputs(runnable, optional=True)
    for outcome in (run.outcome for run in runs(runnable)):
        for made in outcome.made:
            assert made.method.strip(), "the method says how the shares were measured"
            assert "\n" not in made.method
            assert set(made.shares) <= set(given), "shares are by role"
            for role, shares in made.shares.items():
                works = given[role]
                assert len(shares) == (1 if isinstance(works, Raster) else len(works))
            total = sum(sum(shares) for shares in made.shares.values())
            if any(not role.optional for role in runnable.roles):
                assert math.isclose(total, 1, abs_tol=1e-6)
            elif not runnable.roles:
                assert not made.shares


def test_uses_its_seed(runnable: Technique) -> None:
    if not runnable.seeded:
        pytest.skip("it draws no random numbers")
    assert digests(performed(runnable.name, OTHER_SEED)) != digests(performed(runnable.name))


def test_draws_the_same_picture_at_every_size(runnable: Technique) -> None:
    sized = {"width", "height"} <= set(runnable.parameters.model_fields)
    if runnable.roles or not runnable.seeded or not sized:
        pytest.skip("it draws no picture of a size that can be asked for")
    double = {name: 2 * int(str(small(runnable)[name])) for name in ("width", "height")}
    here = _halved(perform(runnable, parameters=double).made[0].raster.over())
    same, other = (performed(runnable.name, seed).made[0].raster.over() for seed in (None, OTHER_SEED))
    assert np.abs(here - same).mean() < 0.75 * np.abs(here - other).mean(), "twice the size is another picture"


def _halved(rgb: Floats) -> Floats:
    height, width, channels = rgb.shape
    halved: Floats = rgb.reshape(height // 2, 2, width // 2, 2, channels).mean(axis=(1, 3))
    return halved


def test_reports_its_progress_and_stops_when_asked(runnable: Technique) -> None:
    if not runnable.reports:
        pytest.skip("it is quick")
    fractions = watched(runnable.name).fractions
    assert fractions, "it takes progress, but never reports"
    assert list(fractions) == sorted(fractions), "progress goes forward only"
    assert 0 <= fractions[0] <= fractions[-1] <= 1 + 1e-9
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        perform(runnable, progress=stopped)
