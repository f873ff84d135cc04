"""Shares over random lineages: exactly 1, whatever the order, at any depth; and a clear word for what cannot be a lineage."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palimpsest.errors import Damaged
from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import Evidence, Output
from tests.lineage.test_graph import Parents, made_of, name

Weights = dict[tuple[int, int], int]


@st.composite
def deep(draw: st.DrawFn) -> tuple[Parents, Weights, int]:
    """Draw a lineage of up to 12 acts one over the other, with shared ancestors and weights of which many are 0."""
    layers = [list(range(draw(st.integers(1, 4))))]
    parents: Parents = {}
    for _ in range(draw(st.integers(1, 12))):
        earlier = [each for layer in layers for each in layer]
        first = len(earlier)
        layers.append(list(range(first, first + draw(st.integers(1, 3)))))
        for each in layers[-1]:
            others = draw(st.lists(st.sampled_from(earlier), max_size=3))
            parents[each] = list(dict.fromkeys([draw(st.sampled_from(layers[-2])), *others]))
    weight = st.one_of(st.just(0), st.integers(0, 10**9))
    weights = {(each, parent): draw(weight) for each in parents for parent in parents[each]}
    return parents, weights, layers[-1][-1]


@given(deep(), st.randoms(use_true_random=False))
def test_every_order_gives_the_same_shares_and_they_sum_to_exactly_1(
    drawn: tuple[Parents, Weights, int], lot: random.Random
) -> None:
    lineage = made_of(*drawn)
    assert 1 <= lineage.depth <= 12
    assert sum(lineage.shares.values()) == 1
    for _ in range(3):
        held = lineage.held(_another_order(lineage, lot))
        assert {work: held[work] for work in lineage.roots if held[work]} == lineage.shares
    assert {root: share for root in lineage.roots if (share := _by_ways(lineage, lineage.work, root))} == lineage.shares


def _another_order(lineage: Lineage, lot: random.Random) -> list[str]:
    """Order the works so that each comes before those it was made from, otherwise by lot."""
    waiting = dict.fromkeys(lineage.order, 0)
    for work in lineage.order:
        for parent in lineage.parents(work):
            waiting[parent] += 1
    ready, order = [lineage.work], []
    while ready:
        work = ready.pop(lot.randrange(len(ready)))
        order.append(work)
        for parent in lineage.parents(work):
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return order


def _by_ways(lineage: Lineage, work: str, root: str, known: dict[str, Fraction] | None = None) -> Fraction:
    """Sum over every way from the work to the root, from the other end: the definition, written another way."""
    known = {} if known is None else known
    if work == root:
        return Fraction(1)
    if work not in known:
        shares: Mapping[str, Fraction] = lineage.shares_of(work)
        known[work] = sum((share * _by_ways(lineage, each, root, known) for each, share in shares.items()), Fraction(0))
    return known[work]


def test_sixty_diamonds_on_each_other_finish_at_once() -> None:
    """2⁶⁰ ways lead from the last work to the first."""
    parents: Parents = {}
    for top in range(2, 182, 3):
        parents[top - 1], parents[top] = [top - 2], [top - 2]
        parents[top + 1] = [top - 1, top]
    weights = {(each, parent): 7 * each % 11 + parent % 3 for each in parents for parent in parents[each]}
    began = time.perf_counter()
    lineage = made_of(parents, weights, 180)
    assert lineage.depth == 120
    assert lineage.shares == {name(0): 1}
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("length", [1, 2, 3, 40])
def test_a_circle_is_damage_and_no_hang(length: int) -> None:
    """Forged or torn records can say so; works made here cannot."""
    parents = {number: [(number + 1) % length, length + number] for number in range(length)}
    lineage = made_of({each: list(dict.fromkeys(made)) for each, made in parents.items()}, {}, 0)
    for ask in ("order", "shares", "depth", "roots", "engines"):
        with pytest.raises(Damaged, match="comes from itself"):
            getattr(lineage, ask)


def test_a_circle_far_behind_is_found_too() -> None:
    parents = {0: [1, 2], 1: [2], 2: [3], 3: [4, 5], 4: [2]}
    with pytest.raises(Damaged, match=name(2)[:12]):
        _ = made_of(parents, {}, 0).shares


def test_evidence_that_contradicts_its_recipe_is_damage() -> None:
    lineage = made_of({0: [1]}, {}, 0)
    act = lineage.acts[name(0)]
    elsewhere = Evidence.model_validate({"method": "", "contributions": [{"work": name(9), "weight": 1}]})
    for outputs, words in (
        ([act.outputs[0].model_copy(update={"evidence": elsewhere})], "from which its recipe does not make it"),
        ([Output(work=name(5), pixels=name(5), evidence=Evidence(method=""))], "has none"),
    ):
        forged = Lineage(name(0), lineage.works, {name(0): act.model_copy(update={"outputs": tuple(outputs)})})
        with pytest.raises(Damaged, match=words):
            _ = forged.shares


def test_where_nothing_was_measured_the_inputs_count_alike() -> None:
    lineage = made_of({0: [1, 2, 3]}, {(0, each): 0 for each in (1, 2, 3)}, 0)
    assert set(lineage.shares.values()) == {Fraction(1, 3)}
