"""The loops of patch synthesis, compiled; each works on a strip of rows, and strips may run at the same time.

Pictures are flat arrays of whole numbers of 16 bits, row by row, the channels of a pixel together. The *field* gives for each
patch of the target, numbered row by row, the atlas pixel where the source patch begins that it is like. No loop depends on the
order in which strips run, random numbers are hashes of seed and place, and there are no fractions: the same seed gives the same
field on any number of threads and on any machine.

`patch` and `channels` are tuples whose lengths are the patch's side and the channels of a pixel, so that the compiler knows them.
"""

# Numba comes without types, and its functions take what a call would pack into objects one by one:
# mypy: disable-error-code="untyped-decorator,no-any-return"
# ruff: noqa: PLR0912

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palimpsest.craft.ports import Mask
from palimpsest.engines.synthesis.patches import apart

Shorts = NDArray[np.int16]
Whole = NDArray[np.int32]
Longs = NDArray[np.int64]
Sides = tuple[int, ...]

FAR = np.int32(2**31 - 1)
"""The penalty of a place where no source patch may begin."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(inline="always")
def _stir(state: np.uint64) -> np.uint64:
    """Scramble 64 bits: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@njit(inline="always")
def _draw(bits: np.uint64, count: int) -> np.int64:
    """Turn 32 random bits into a whole number from 0 to count - 1."""
    return np.int64((bits * np.uint64(count)) >> np.uint64(32))


@njit(nogil=True, cache=True)
def search(
    target: Shorts,
    width: int,
    source: Shorts,
    source_width: int,
    penalty: Whole,
    allowed: Whole,
    asked: Mask,
    field: Whole,
    before: Whole,
    cost: Whole,
    first: int,
    last: int,
    forward: bool,
    seed: int,
    reach: int,
    patch: Sides,
    channels: Sides,
) -> None:
    """Improve the field in patch rows first..last by what neighbours found and by looking about at random (Barnes 2009).

    Only the target patches that `asked` marks are looked for. `before` is the field as it was, to be read across the strip's
    border. On the way forward one place is drawn from all that are `allowed` (rarely better, and far in memory); others around
    the best within `reach`, then ever nearer.
    """
    across = width - len(patch) + 1
    down = len(asked) // across
    step = 1 if forward else -1
    end = len(penalty)
    for turn in range(last - first):
        y = first + turn if forward else last - 1 - turn
        for count in range(across):
            x = count if forward else across - 1 - count
            here = y * across + x
            if not asked[here]:
                continue
            at = y * width + x
            best = np.int64(field[here])
            least = penalty[best] + apart(target, at, width, source, best, source_width, patch, channels, FAR)
            state = _stir(np.uint64(seed) + np.uint64(here) * _GOLDEN)
            radius = reach
            for kind in range(64):
                if kind == 0:
                    if x - step < 0 or x - step >= across or not asked[here - step]:
                        continue
                    guess = np.int64(field[here - step]) + step
                elif kind == 1:
                    other = here - step * across
                    if y - step < 0 or y - step >= down or not asked[other]:
                        continue
                    inside = first <= y - step < last
                    guess = np.int64(field[other] if inside else before[other]) + step * source_width
                elif kind == 2:
                    if not forward:
                        continue
                    guess = np.int64(allowed[_draw(state >> np.uint64(32), len(allowed))])
                else:
                    if radius < 1:
                        break
                    state = _stir(state + _GOLDEN)
                    dy = _draw(state >> np.uint64(32), 2 * radius + 1) - radius
                    dx = _draw(state & np.uint64(0xFFFFFFFF), 2 * radius + 1) - radius
                    guess = best + dy * source_width + dx
                    radius = radius // 2
                if guess == best or guess < 0 or guess >= end or penalty[guess] >= least:
                    continue
                room = np.int32(least - penalty[guess])
                found = apart(target, at, width, source, guess, source_width, patch, channels, room)
                if found < room:
                    least = np.int32(penalty[guess] + found)
                    best = guess
            field[here] = best
            cost[here] = least


@njit(nogil=True, cache=True)
def nearest(
    target: Shorts,
    width: int,
    source: Shorts,
    source_width: int,
    allowed: Whole,
    first: int,
    last: int,
    least: Whole,
    patch: Sides,
    channels: Sides,
) -> None:
    """Lower `least`, for each allowed source patch, to its distance to the nearest target patch of rows first..last."""
    across = width - len(patch) + 1
    for y in range(first, last):
        for x in range(across):
            at = y * width + x
            for each in range(len(allowed)):
                found = apart(
                    target, at, width, source, np.int64(allowed[each]), source_width, patch, channels, least[each]
                )
                least[each] = min(least[each], found)


@njit(nogil=True, cache=True)
def exact(
    target: Shorts,
    width: int,
    source: Shorts,
    source_width: int,
    penalty: Whole,
    allowed: Whole,
    least: Whole,
    alpha: int,
    asked: Mask,
    field: Whole,
    cost: Whole,
    first: int,
    last: int,
    patch: Sides,
    channels: Sides,
) -> None:
    """Find for each patch of rows first..last the best of all allowed ones.

    Distances count as parts of `alpha` and of the distance at which the source patch is missed least (`least`), so that what is
    not yet in the picture is preferred (the normalization of Granot et al. 2022).
    """
    across = width - len(patch) + 1
    for y in range(first, last):
        for x in range(across):
            here = y * across + x
            if not asked[here]:
                continue
            best, lowest = np.int64(allowed[0]), np.int64(2**62)
            at = y * width + x
            for each in range(len(allowed)):
                guess = np.int64(allowed[each])
                missed = np.int64(least[each]) + alpha
                room = (lowest * missed) >> 16 if lowest < 2**31 else np.int64(FAR)
                if penalty[guess] > room:
                    continue
                enough = np.int32(min(room - penalty[guess] + 1, np.int64(FAR)))
                found = apart(target, at, width, source, guess, source_width, patch, channels, enough)
                parts = ((np.int64(found) + penalty[guess]) << 16) // missed
                if parts < lowest:
                    best, lowest = guess, parts
            field[here] = best
            cost[here] = apart(target, at, width, source, best, source_width, patch, channels, FAR)


@njit(inline="always")
def _over(place: int, back: int, count: int, wrap: bool) -> int:
    """Return the row (or column) of the patch that begins `back` before a pixel, or -1: there is none."""
    start = place - back
    if start < 0 and wrap:
        start += count
    return start if start < count else -1


@njit(nogil=True, cache=True)
def vote(
    field: Whole,
    weight: Whole,
    across: int,
    source: Shorts,
    source_width: int,
    free: Mask,
    columns: int,
    target: Shorts,
    width: int,
    first: int,
    last: int,
    wrap: bool,
    patch: Sides,
    channels: Sides,
) -> None:
    """Make the colour of each free pixel of rows first..last the weighted mean of what the patches over it hold there.

    With `wrap`, patches that leave at an edge come in at the other.
    """
    down, size = len(field) // across, len(patch)
    for y in range(first, last):
        for x in range(columns):
            if not free[y * columns + x]:
                continue
            total = red = green = blue = np.int64(0)
            for dy in range(size):
                row = _over(y, dy, down, wrap)
                for dx in range(size):
                    column = _over(x, dx, across, wrap)
                    if row < 0 or column < 0:
                        continue
                    here = row * across + column
                    w = np.int64(weight[here])
                    to = (np.int64(field[here]) + dy * source_width + dx) * len(channels)
                    total += w
                    red += w * source[to]
                    green += w * source[to + 1]
                    blue += w * source[to + 2]
            at = (y * width + x) * len(channels)
            half = total >> 1
            target[at] = (red + half) // total
            target[at + 1] = (green + half) // total
            target[at + 2] = (blue + half) // total


@njit(nogil=True, cache=True)
def choose(
    field: Whole,
    weight: Whole,
    across: int,
    source: Shorts,
    source_width: int,
    free: Mask,
    columns: int,
    target: Shorts,
    width: int,
    chosen: Whole,
    agreement: int,
    first: int,
    last: int,
    wrap: bool,
    patch: Sides,
    channels: Sides,
) -> None:
    """Choose for each free pixel of rows first..last one source pixel among those that the patches over it propose.

    The more patches propose it the better, by `agreement` for each full weight of 256, against its squared distance to the mean
    colour: so pixels are copied, what hangs together stays together, and joints lie where they do not show.
    """
    down, size = len(field) // across, len(patch)
    places = np.empty(size * size, np.int64)
    votes = np.empty(size * size, np.int64)
    for y in range(first, last):
        for x in range(columns):
            if not free[y * columns + x]:
                continue
            count = 0
            for dy in range(size):
                row = _over(y, dy, down, wrap)
                for dx in range(size):
                    column = _over(x, dx, across, wrap)
                    if row < 0 or column < 0 or weight[row * across + column] == 0:
                        continue
                    here = row * across + column
                    place = np.int64(field[here]) + dy * source_width + dx
                    each = 0
                    while each < count and places[each] != place:
                        each += 1
                    if each == count:
                        places[each], votes[each] = place, 0
                        count += 1
                    votes[each] += weight[here]
            at = (y * width + x) * len(channels)
            best, highest = places[0], np.int64(-(2**62))
            for each in range(count):
                far = np.int64(0)
                for c in range(3):
                    step = np.int64(target[at + c]) - source[places[each] * len(channels) + c]
                    far += step * step
                score = votes[each] * agreement - far * 256
                if score > highest:
                    best, highest = places[each], score
            chosen[y * columns + x] = best


@njit(nogil=True, cache=True)
def price(
    field: Whole, asked: Mask, penalty: Whole, across: int, size: int, each: int, due: int, prices: Whole
) -> None:
    """Set what each source patch costs: its penalty, and more the more often it and those around it are used already.

    `size` × `size` patches around it, in an atlas `across` pixels wide, count; `due` uses of each are free, and every use due
    above that costs `each`.
    """
    uses = np.zeros(len(penalty), np.int32)
    for here in range(len(field)):
        if asked[here]:
            uses[field[here]] += 1
    down, back = len(penalty) // across, size // 2
    ahead = size - 1 - back
    column = np.zeros(across, np.int64)
    for y in range(-ahead, down):
        for x in range(across):
            if y + ahead < down:
                column[x] += uses[(y + ahead) * across + x]
            if y - back - 1 >= 0:
                column[x] -= uses[(y - back - 1) * across + x]
        total = np.int64(0)
        for x in range(-ahead, across if y >= 0 else -ahead):
            if x + ahead < across:
                total += column[x + ahead]
            if x - back - 1 >= 0:
                total -= column[x - back - 1]
            if x < 0:
                continue
            place = y * across + x
            extra = (total * each) // due - size * size * each
            prices[place] = penalty[place]
            if penalty[place] != FAR and extra > 0:
                prices[place] += min(extra, np.int64(2**28))


@njit(nogil=True, cache=True)
def carry(
    coarse: Whole,
    coarse_across: int,
    coarse_box: Longs,
    box: Longs,
    penalty: Whole,
    labels: Shorts,
    coarse_width: int,
    atlas_width: int,
    grow_y: Longs,
    grow_x: Longs,
    field: Whole,
    across: int,
    allowed: Whole,
    seed: int,
) -> None:
    """Carry a field to a finer level. Boxes (n, 4) are top, left, rows, columns of where patches may begin, for each source.

    `grow_y`, `grow_x` (n + 1): how much larger each source, and last the target, is on the finer level, in parts of 65536. A
    place that is not allowed is changed for one drawn from all.
    """
    down = len(field) // across
    coarse_down = len(coarse) // coarse_across
    last = len(grow_y) - 1
    for y in range(down):
        coarse_y = min((y << 16) // grow_y[last], coarse_down - 1)
        rest_y = y - ((coarse_y * grow_y[last] + 32768) >> 16)
        for x in range(across):
            coarse_x = min((x << 16) // grow_x[last], coarse_across - 1)
            rest_x = x - ((coarse_x * grow_x[last] + 32768) >> 16)
            place = np.int64(coarse[coarse_y * coarse_across + coarse_x])
            k = labels[place]
            from_y = place // coarse_width - coarse_box[k, 0]
            from_x = place % coarse_width - coarse_box[k, 1]
            to_y = ((from_y * grow_y[k] + 32768) >> 16) + rest_y
            to_x = ((from_x * grow_x[k] + 32768) >> 16) + rest_x
            to_y = min(max(to_y, 0), box[k, 2] - 1)
            to_x = min(max(to_x, 0), box[k, 3] - 1)
            to = (box[k, 0] + to_y) * atlas_width + box[k, 1] + to_x
            here = y * across + x
            if penalty[to] == FAR:
                state = _stir(np.uint64(seed) + np.uint64(here) * _GOLDEN)
                to = np.int64(allowed[_draw(state >> np.uint64(32), len(allowed))])
            field[here] = to
