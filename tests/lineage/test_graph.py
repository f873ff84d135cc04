"""The graph of works and acts: shares that sum to exactly 1, an order, a depth, at any size."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from palimpsest.lineage.graph import Lineage
from palimpsest.lineage.records import (
    Act,
    Contribution,
    Evidence,
    Grade,
    Grant,
    Output,
    Permission,
    Permit,
    Recipe,
    Use,
    Work,
)

MOMENT = "2026-01-01T00:00:00.000000Z"
Parents = dict[int, list[int]]


def name(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def made_of(parents: Parents, weights: dict[tuple[int, int], int], work: int) -> Lineage:
    """Build the lineage of one work; a work with an empty list was made from numbers alone, one without from outside."""
    reached, todo = set(), [work]
    while todo:
        each = todo.pop()
        if each not in reached:
            reached.add(each)
            todo += parents.get(each, [])
    works = {name(each): _work(each) for each in reached}
    acts = {name(each): _act(each, parents[each], weights) for each in reached if each in parents}
    return Lineage(name(work), works, acts)


def _work(number: int) -> Work:
    return Work(
        id=name(number),
        pixels=name(number),
        media_type="image/png",
        width=1,
        height=1,
        bits=8,
        alpha=False,
        at=MOMENT,
    )


def _act(number: int, parents: list[int], weights: dict[tuple[int, int], int]) -> Act:
    inputs = {f"role{place}": (name(parent),) for place, parent in enumerate(parents)}
    shares = tuple(Contribution(work=name(parent), weight=weights.get((number, parent), 1)) for parent in parents)
    permissions = tuple(
        Permission(work=work, role=role, use=Use.ALTER, grant=Grant.ALLOWED, reason="")
        for role, (work,) in inputs.items()
    )
    return Act(
        recipe=Recipe(technique="t", version=1, inputs=inputs),
        person="p",
        at=MOMENT,
        permit=Permit(policy=1, permissions=permissions),
        outputs=(Output(work=name(number), pixels=name(number), evidence=Evidence(method="", contributions=shares)),),
        grade=Grade.EXACT,
        seconds=0,
        software="",
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Parents, dict[tuple[int, int], int], int]:
    """Draw a graph in which every work is made from earlier ones, or from nothing, or comes from outside."""
    size = draw(st.integers(1, 14))
    parents: Parents = {}
    for number in range(size):
        if draw(st.booleans()) or number == size - 1:
            earlier = st.integers(0, max(0, number - 1))
            parents[number] = draw(st.lists(earlier, max_size=min(4, number), unique=True))
    weights = {(each, parent): draw(st.integers(0, 9)) for each in parents for parent in parents[each]}
    return parents, weights, size - 1


@given(graphs())
@settings(deadline=None)
def test_shares_sum_to_exactly_1_and_only_roots_have_any(
    graph: tuple[Parents, dict[tuple[int, int], int], int],
) -> None:
    lineage = made_of(*graph)
    assert sum(lineage.shares.values()) == Fraction(1)
    assert set(lineage.shares) <= set(lineage.roots)
    assert all(share > 0 for share in lineage.shares.values())


@given(graphs())
@settings(deadline=None)
def test_every_work_comes_once_and_before_what_it_was_made_from(
    graph: tuple[Parents, dict[tuple[int, int], int], int],
) -> None:
    lineage = made_of(*graph)
    places = {work: place for place, work in enumerate(lineage.order)}
    assert len(places) == len(lineage.order) == len(lineage.works)
    assert lineage.order[0] == lineage.work
    assert all(places[work] < places[parent] for work in places for parent in lineage.parents(work))


@given(graphs())
@settings(deadline=None)
def test_depth_is_the_longest_way_back(graph: tuple[Parents, dict[tuple[int, int], int], int]) -> None:
    parents, weights, work = graph

    def depth(each: int) -> int:
        return 1 + max((depth(parent) for parent in parents[each]), default=0) if each in parents else 0

    assert made_of(parents, weights, work).depth == depth(work)


def test_a_work_from_outside_is_its_own_lineage() -> None:
    lineage = made_of({}, {}, 0)
    assert lineage.depth == 0
    assert lineage.order == lineage.roots == (name(0),)
    assert lineage.shares == {name(0): 1}
    assert lineage.engines == ()


def test_a_chain_of_2000_does_not_overflow_the_stack() -> None:
    parents = {number: [number - 1] for number in range(1, 2001)}
    lineage = made_of(parents, {}, 2000)
    assert lineage.depth == 2000
    assert lineage.shares == {name(0): 1}


def test_ways_that_double_2000_times_are_counted_once_each() -> None:
    """Two ways at every step: 2¹⁰⁰⁰ ways in all."""
    parents: Parents = {}
    for number in range(2, 2000, 2):
        parents[number] = [number - 2, number - 1]
        parents[number + 1] = [number - 2, number - 1]
    lineage = made_of(parents, {}, 1998)
    assert lineage.shares == {name(0): Fraction(1, 2), name(1): Fraction(1, 2)}
