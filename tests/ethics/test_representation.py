"""Shares, intervals, effective numbers and balances, held against known values and laws."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import binomtest

from palimpsest.errors import ParameterRefused
from palimpsest.ethics.representation import (
    Tally,
    apart,
    balance_weights,
    compare,
    distance,
    even,
    exact,
    hill,
    hill_interval,
    normalized,
    reorder,
    tally,
    wilson,
)
from palimpsest.ethics.trends import trend

NAMES = st.text(min_size=1, max_size=4)
SHARES = st.dictionaries(NAMES, st.floats(0, 1e9), min_size=1, max_size=12).filter(
    lambda held: max(held.values()) > 1e-6
)
STRENGTHS = st.floats(0, 1)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.999]))
def test_wilson_is_the_interval_that_scipy_gives(n: int, data: st.DataObject, confidence: float) -> None:
    count = data.draw(st.integers(0, n))
    known = binomtest(count, n).proportion_ci(confidence, method="wilson")
    assert wilson(count, n, confidence) == pytest.approx((known.low, known.high), abs=1e-12)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.999]))
def test_the_exact_interval_is_the_one_that_scipy_gives(n: int, data: st.DataObject, confidence: float) -> None:
    count = data.draw(st.integers(0, n))
    known = binomtest(count, n).proportion_ci(confidence, method="exact")
    assert exact(count, n, confidence) == pytest.approx((known.low, known.high), abs=1e-9)


def test_of_nothing_every_share_is_possible() -> None:
    assert wilson(0, 0) == exact(0, 0) == (0.0, 1.0)


@given(st.floats(0, 1), st.floats(0.5, 1e6))
def test_wilson_holds_the_share_it_is_about(share: float, n: float) -> None:
    low, high = wilson(share * n, n)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("groups", [1, 4, 1000])
def test_equally_common_groups_count_as_what_they_are(groups: int, order: int) -> None:
    assert hill([3.0] * groups, order) == pytest.approx(groups)  # type: ignore[arg-type]


def test_hill_numbers_of_a_known_table() -> None:
    weights = [50, 30, 20, 0]
    shares = [0.5, 0.3, 0.2]
    assert hill(weights, 0) == 3
    assert hill(weights, 1) == pytest.approx(math.exp(-sum(p * math.log(p) for p in shares)))
    assert hill(weights, 2) == pytest.approx(1 / 0.38)
    assert hill([], 1) == 0


@given(SHARES)
def test_a_higher_order_sees_no_more_groups(held: dict[str, float]) -> None:
    numbers = [hill(held.values(), 0), hill(held.values(), 1), hill(held.values(), 2)]
    assert numbers[0] >= numbers[1] - 1e-9 >= numbers[2] - 2e-9 >= 1 - 3e-9


@settings(max_examples=30)
@given(st.dictionaries(NAMES, st.integers(1, 60), min_size=2, max_size=8))
def test_the_interval_of_an_effective_number_holds_the_number(counts: dict[str, int]) -> None:
    whole = Tally({name: float(count) for name, count in counts.items()}, sum(counts.values()))
    interval = hill_interval(whole, 0)
    if whole.placed < 10:
        assert interval is None
        return
    assert interval is not None
    assert interval[0] == len(counts) <= interval[1]
    for order in (1, 2):
        found = hill_interval(whole, order)
        assert found is not None
        assert 1 <= found[0] <= found[1]
        assert found == hill_interval(whole, order)


def test_the_interval_covers_what_is_true_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    true = normalized({str(k): 0.8**k for k in range(12)})
    aims = {order: hill(true.values(), order) for order in (1, 2)}
    held = {1: 0, 2: 0}
    for _ in range(100):
        drawn = rng.multinomial(200, list(true.values()))
        whole = Tally({name: float(count) for name, count in zip(true, drawn, strict=True)}, 200)
        for order, aim in aims.items():
            interval = hill_interval(whole, order)  # type: ignore[arg-type]
            held[order] += interval is not None and interval[0] <= aim <= interval[1]
    assert min(held.values()) >= 86


@given(st.integers(2, 200), st.integers(1, 20))
def test_chao_sees_more_groups_where_many_were_seen_once(once: int, twice: int) -> None:
    weights = {f"a{k}": 1.0 for k in range(once)} | {f"b{k}": 2.0 for k in range(twice)}
    interval = hill_interval(Tally(weights, once + 2 * twice), 0)
    if once + 2 * twice >= 10:
        assert interval is not None
        assert interval[1] > once + twice


def test_one_group_or_few_units_have_no_interval() -> None:
    assert hill_interval(Tally({"a": 100.0}, 100), 1) is None
    assert hill_interval(Tally({"a": 3.0, "b": 4.0}, 7), 1) is None


def test_thousands_of_groups_are_no_trouble() -> None:
    weights = {f"g{k}": 1.0 + k % 3 for k in range(5000)}
    whole = Tally(weights, 10_000)
    reference = even(f"g{k}" for k in range(6000))
    assert hill_interval(whole, 1) is not None
    assert len(compare(whole, reference)) == 6000
    found = apart(whole, reference)
    assert found is not None
    assert 0 < found.fair < found.fair_upper < 1


@given(st.lists(st.dictionaries(NAMES, st.floats(0, 0.2), max_size=4), max_size=30))
def test_a_tally_loses_nothing(units: list[dict[str, float]]) -> None:
    counted = tally(units)
    assert counted.units == len(units)
    assert counted.placed + counted.unplaced == pytest.approx(len(units))
    for group in counted.weights:
        least, most = counted.bounds(group)
        assert least <= most <= 1 + 1e-9


def test_what_was_not_placed_widens_what_a_share_can_be() -> None:
    counted = tally([{"a": 1.0}, {"b": 1.0}, {}, {}])
    assert counted.share("a") == 0.5
    assert counted.bounds("a") == (0.25, 0.75)
    assert counted.bounds("c") == (0.0, 0.5)


def test_the_missing_are_named_and_the_surplus_too() -> None:
    rows = {row.group: row for row in compare(Tally({"a": 90.0, "x": 10.0}, 100), {"a": 0.5, "b": 0.5, "c": 0.0})}
    assert list(rows) == ["a", "x", "b"]
    assert rows["a"].verdict == "more"
    assert rows["x"].verdict == "not in the reference"
    assert rows["b"].verdict == "fewer"
    assert rows["b"].weight == 0
    assert rows["b"].high > 0


def test_of_three_works_nothing_is_concluded() -> None:
    rows = compare(Tally({"a": 3.0}, 3), even(["a", "b", "c"]))
    assert {row.verdict for row in rows} == {"no clear difference"}


def test_fair_draws_are_seldom_called_unfair() -> None:
    rng = np.random.default_rng(3)
    reference = normalized({"a": 5, "b": 3, "c": 2, "d": 1})
    wrong = 0
    for _ in range(300):
        drawn = rng.multinomial(150, list(reference.values())).astype(float)
        rows = compare(Tally(dict(zip(reference, drawn.tolist(), strict=True)), 150), reference)
        wrong += any(row.verdict != "no clear difference" for row in rows)
    assert wrong <= 300 * 0.08


@given(SHARES, SHARES)
def test_the_distance_is_one(first: dict[str, float], second: dict[str, float]) -> None:
    one, other = normalized(first), normalized(second)
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0 <= distance(one, other) <= 1 + 1e-9
    assert distance(one, one) == 0


def test_a_collection_like_its_reference_is_no_further_than_chance() -> None:
    found = apart(Tally({"a": 50.0, "b": 50.0}, 100), {"a": 1, "b": 1})
    assert found is not None
    assert found.distance == 0 < found.fair
    assert apart(Tally({}, 0), {"a": 1}) is None


@pytest.mark.parametrize("bad", [{"a": -1.0}, {"a": math.nan}, {"a": math.inf}, {"a": 0.0}, {}])
def test_shares_that_are_none_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ParameterRefused):
        normalized(bad)


def test_huge_numbers_are_shares_all_the_same() -> None:
    assert normalized({"a": 1.5e308, "b": 1.5e308}) == {"a": 0.5, "b": 0.5}


@given(SHARES, SHARES, STRENGTHS)
def test_balanced_weights_sum_to_one_and_lose_no_group(
    groups: dict[str, float], reference: dict[str, float], strength: float
) -> None:
    weights = balance_weights(groups, reference, strength)
    assert math.fsum(weights.values()) == pytest.approx(1)
    assert weights.keys() == groups.keys()
    own = normalized(groups)
    for group, share in own.items():
        assert weights[group] >= 0
        assert weights[group] > 0 or share == 0 or reference.get(group, 0) / max(reference.values()) < 1e-9


@given(SHARES, SHARES)
def test_without_strength_nothing_moves(groups: dict[str, float], reference: dict[str, float]) -> None:
    assert balance_weights(groups, reference, 0) == pytest.approx(normalized(groups))


@given(SHARES, st.data())
def test_with_full_strength_the_shares_are_those_of_the_reference(
    groups: dict[str, float], data: st.DataObject
) -> None:
    reference = {name: data.draw(st.floats(0.01, 1)) for name in groups} | {"nobody can draw this": 1.0}
    weights = balance_weights(groups, reference, 1)
    aimed = normalized({name: reference[name] for name in groups})
    assert weights == pytest.approx(aimed)


@given(SHARES, SHARES, STRENGTHS, STRENGTHS)
def test_more_strength_brings_no_group_further_from_its_aim(
    groups: dict[str, float], reference: dict[str, float], one: float, other: float
) -> None:
    aim = balance_weights(groups, reference, 1)
    weak, strong = (balance_weights(groups, reference, each) for each in sorted((one, other)))
    for group, share in aim.items():
        assert abs(strong[group] - share) <= abs(weak[group] - share) + 1e-9


def test_whoever_is_not_in_the_reference_keeps_their_share() -> None:
    weights = balance_weights({"a": 6, "b": 2, "x": 2}, {"a": 1, "b": 1}, 1)
    assert weights == pytest.approx({"a": 0.4, "b": 0.4, "x": 0.2})


def test_whoever_is_not_there_yet_gets_room() -> None:
    weights = balance_weights({"x": 9, "new": 0}, {"new": 1}, 1)
    assert weights == pytest.approx({"x": 0.5, "new": 0.5})


@pytest.mark.parametrize("strength", [-0.1, 1.1, math.nan])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(ParameterRefused):
        balance_weights({"a": 1}, {"a": 1}, strength)
    with pytest.raises(ParameterRefused):
        reorder(["w"], ["a"], 0, strength)


GROUPS = st.lists(st.sampled_from("abcd"), max_size=40)


@given(GROUPS, st.integers(0, 99), STRENGTHS)
def test_reordering_keeps_everybody_and_the_order_within_a_group(groups: list[str], seed: int, strength: float) -> None:
    found = reorder(range(len(groups)), groups, seed, strength)
    assert sorted(found) == list(range(len(groups)))
    assert found == reorder(range(len(groups)), groups, seed, strength)
    for group in set(groups):
        places = [each for each in found if groups[each] == group]
        assert places == sorted(places)


@given(GROUPS, st.integers(0, 99))
def test_without_strength_the_order_stays(groups: list[str], seed: int) -> None:
    assert reorder(range(len(groups)), groups, seed, 0) == list(range(len(groups)))


@given(st.permutations("a" * 12 + "b" * 12 + "c" * 12), st.integers(0, 99))
def test_with_full_strength_every_beginning_is_near_the_reference(groups: list[str], seed: int) -> None:
    reference = {"a": 0.5, "b": 0.25, "c": 0.25}
    found = reorder(groups, groups, seed, 1, reference)
    for length in range(1, 21):  # until the a's are used up
        for group, share in reference.items():
            assert abs(found[:length].count(group) - length * share) <= 0.5 + share * 1.5 + 1e-9


def test_groups_must_be_as_many_as_candidates() -> None:
    with pytest.raises(ParameterRefused):
        reorder(["w"], [], 0, 0.5)
    assert reorder([], [], 0, 1) == []


def test_a_trend_is_named_only_where_it_is_clear() -> None:
    early = [("2026-01-05T00:00:00.000000Z", {"a": 1.0})] * 40 + [("2026-01-05T00:00:00.000000Z", {"b": 1.0})] * 5
    late = [("2027-03-05T00:00:00.000000Z", {"a": 1.0})] * 5 + [("2027-03-05T00:00:00.000000Z", {"b": 1.0})] * 40
    found = trend(early + late)
    assert found is not None
    assert found.changes == {"a": "less than at first", "b": "more than at first"}
    few = trend([early[0], late[-1]])
    assert few is not None
    assert set(few.changes.values()) == {"no clear change"}
    assert trend(early) is None
    assert trend([]) is None


def test_long_times_are_told_in_months_or_years() -> None:
    units = [
        (f"20{year:02}-{month:02}-01T00:00:00.000000Z", {"a": 1.0}) for year in range(10, 16) for month in range(1, 13)
    ]
    found = trend(units)
    assert found is not None
    assert [span.name for span in found.spans] == [f"20{year}" for year in range(10, 16)]
    assert all(span.units == 12 for span in found.spans)
