"""What a technique returns."""

from __future__ import annotations

import math

import pytest

from palimpsest.craft.outcome import Made, Outcome
from palimpsest.errors import ParameterRefused
from tests.laws.table import picture


def test_holds_one_picture_with_its_shares() -> None:
    outcome = Outcome.of(picture(2, 2), "measured", {"work": [0.25], "others": [0.25, 0.5]})
    assert outcome.made == (Made(picture(2, 2), "measured", {"work": [0.25], "others": [0.25, 0.5]}),)


def test_may_come_from_nothing() -> None:
    assert Outcome.of(picture(2, 2), "drawn").made[0].shares == {}


@pytest.mark.parametrize("shares", [[0.5], [0.7, 0.4], [1.5, -0.5], [math.nan, 1.0], [0.0]])
def test_refuses_shares_that_do_not_add_up(shares: list[float]) -> None:
    with pytest.raises(ParameterRefused, match="sum to 1"):
        Outcome.of(picture(2, 2), "measured", {"work": shares})


def test_shares_may_be_a_rounding_error_off() -> None:
    made = Outcome.of(picture(2, 2), "measured", {"others": [0.1] * 10}).made[0]
    assert len(made.shares["others"]) == 10
