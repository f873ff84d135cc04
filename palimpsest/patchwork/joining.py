"""Lay several pictures over each other and cut them so that the joints show least."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from palimpsest.craft.ports import Bytes, Mask

Whole = NDArray[np.int64]
_SWEEPS = 2


def joined(pictures: Bytes, pull: Whole) -> Whole:
    """Choose for each place which of some pictures (count, height, width, 3) to show; returns numbers (height, width).

    `pull` (count, height, width) says how much a picture costs at a place. Where neighbours show different pictures it costs how
    much the two differ in colour there, in levels: so joints run where pictures agree, and go around what stands out. For some
    dozens of pixels a side.

    The cost is that of Kwatra et al., "Graphcut textures" (SIGGRAPH 2003), made small by the expansion moves of Boykov, Veksler
    and Zabih (2001). Whole numbers throughout.
    """
    count, height, width = pull.shape
    colours = pictures.reshape(count, -1, 3).astype(np.int64)
    numbers = np.arange(height * width).reshape(height, width)
    first = np.concatenate([numbers[:-1].ravel(), numbers[:, :-1].ravel()])
    second = np.concatenate([numbers[1:].ravel(), numbers[:, 1:].ravel()])
    flat = pull.reshape(count, -1)
    labels: Whole = np.argmin(flat, axis=0)
    for label in [*range(count)] * _SWEEPS:
        labels[_spreads(colours, flat, labels, label, first, second)] = label
    return labels.reshape(height, width)


def _spreads(colours: Whole, pull: Whole, labels: Whole, label: int, first: Whole, second: Whole) -> Mask:
    """Return where a label is to take the place of the others, at the least cost of all ways to do so.

    What a pair of neighbours costs is split into what each adds by changing, and what it costs that only the second changes
    (Kolmogorov and Zabih, 2004).
    """
    places = np.arange(labels.size)
    change = pull[label] - pull[labels, places]

    def joint(one: Whole | int, other: Whole | int) -> Whole:
        sums: Whole = sum(np.abs(colours[one, at] - colours[other, at]).sum(axis=1) for at in (first, second))
        return sums

    stay, only_second, only_first = (
        joint(labels[first], labels[second]),
        joint(labels[first], label),
        joint(label, labels[second]),
    )
    np.add.at(change, first, only_first - stay)
    np.add.at(change, second, -only_first)
    return _cut(change, first, second, only_first + only_second - stay)


def _cut(change: Whole, first: Whole, second: Whole, cost: Whole) -> Mask:
    """Return which places change at the least sum: `change` for each that does, `cost` where only the second of a pair does."""
    places = np.arange(len(change))
    begin, end = len(change), len(change) + 1
    gains, loses = change < 0, change > 0
    rows = np.concatenate([first, np.full(loses.sum(), begin), places[gains]])
    columns = np.concatenate([second, places[loses], np.full(gains.sum(), end)])
    weights = np.concatenate([cost, change[loses], -change[gains]]).astype(np.int32)
    graph = csr_array((weights, (rows, columns)), shape=(end + 1, end + 1))
    left = csr_array(graph - maximum_flow(graph, begin, end).flow)
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    stays = breadth_first_order(left, begin, return_predecessors=False)
    changes: Mask = np.ones(end + 1, np.bool_)
    changes[stays] = False
    return changes[:begin]
