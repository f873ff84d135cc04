from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from palimpsest.patchwork.joining import Whole, joined


def cost(pictures: np.ndarray, pull: Whole, labels: Whole) -> int:
    """What a choice costs, pair by pair."""
    rows, columns = labels.shape
    total = sum(int(pull[labels[y, x], y, x]) for y, x in product(range(rows), range(columns)))
    for y, x in product(range(rows), range(columns)):
        for v, u in ((y + 1, x), (y, x + 1)):
            if v < rows and u < columns and labels[y, x] != labels[v, u]:
                one, other = pictures[labels[y, x]].astype(int), pictures[labels[v, u]].astype(int)
                total += abs(one[y, x] - other[y, x]).sum() + abs(one[v, u] - other[v, u]).sum()
    return total


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_of_two_pictures_the_cheapest_of_all_cuts_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (2, 3, 3, 3)).astype(np.uint8)
    pull = rng.integers(0, 400, (2, 3, 3))
    every = (np.array(choice).reshape(3, 3) for choice in product((0, 1), repeat=9))
    assert cost(pictures, pull, joined(pictures, pull)) == min(cost(pictures, pull, each) for each in every)


def test_a_joint_goes_around_what_stands_out() -> None:
    plain = np.full((2, 12, 12, 3), 100, np.uint8)
    plain[0, 3:9, 3:9] = 255  # a figure, in the first picture only, across the middle where the pull changes
    pull = np.zeros((2, 12, 12), np.int64)
    pull[0, :, 6:] = pull[1, :, :6] = 30
    labels = joined(plain, pull)
    assert len(np.unique(labels[3:9, 3:9])) == 1
