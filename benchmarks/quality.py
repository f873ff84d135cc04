"""Measures of what a synthesis made. Pictures are floats (height, width, 3), sRGB in 0..1; all that is random has a fixed seed.

None of them knows how a picture came to be, so that ours and those of peers are measured alike: where a peer gives only a
picture, `nearest_places` makes a source map of it. Each says one thing and can be fooled alone; together they are hard to fool:

| measure | a copy of the source | noise | one patch repeated |
| --- | --- | --- | --- |
| `patch_distance` | 0, the best | far | far |
| `identity_share`, `commonest_displacement` | 1, the worst | about 0 | about 0 |
| `diversity` over seeds | 0 | high | 0 |
| `coherence` | 1 | about 0 | by the patch's size |
| `crispness` | 1 | far above 1 | by the patch |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from palimpsest.media.raster import Floats
from palimpsest.media.sourcemap import Slot, SourceMap

SEED = 7
_PATCHES = 32_768
"""So many patches of a picture are looked at, at most."""
_QUANTILES = 1024
_BLOCK = 2048
_ROOM = 4
"""At a scale where fewer patches than this fit side by side there are too few to speak of a distribution."""
_SHIFTS = 1 << 22


def patch_distance(
    one: Floats,
    other: Floats,
    sides: Sequence[int] = (7, 15),
    scales: Sequence[int] = (1, 2, 4),
    projections: int = 256,
) -> float:
    """Return how far apart the patches of two pictures are as a whole, in levels of 255; the same picture gives 0.

    The sliced Wasserstein distance (Rabin et al., "Wasserstein barycenter and its application to texture mixing", 2011) between
    the square RGB patches of both, along directions of unit length drawn at random, as Karras et al. ("Progressive growing of
    GANs", 2018, on a Laplacian pyramid) and Elnekave and Weiss ("Generating natural images with direct patch distribution
    matching", 2022) take it. Mean over the patch sizes and over the picture at its own size and at 1/2 and 1/4 of it, which
    tells how right the large forms are; where fewer than four patches fit side by side, a size is left out. Pictures of
    different sizes are compared at the quantiles of their projections. Of more than 32,768 patches so many are drawn at random.
    Blur weighs little in it, because most of what differs between patches is broad; `crispness` tells that.
    """
    distances = []
    for scale in scales:
        first, second = (_shrunk(each, scale) for each in (one, other))
        room = min(*first.shape[:2], *second.shape[:2])
        distances += [_sliced(first, second, side, projections) for side in sides if room >= _ROOM * side]
    if not distances:
        raise ValueError(f"a picture is smaller than {_ROOM} patches")
    return float(np.mean(distances))


def identity_share(sources: SourceMap, tolerance: int = 2) -> float:
    """Return the share of pixels that stand where they stood in the work they were copied from, give or take `tolerance` pixels.

    A work of another size is thought stretched to the result's; what was mirrored or turned stands nowhere as it stood.
    """
    there = np.zeros(sources.slot.shape, bool)
    rows, columns = np.mgrid[: sources.height, : sources.width]
    for number, slot in enumerate(sources.slots):
        if not slot.mirrored and not slot.turns:
            down = np.abs(sources.row - rows * (slot.height / sources.height))
            across = np.abs(sources.column - columns * (slot.width / sources.width))
            there |= (sources.slot == number) & (down <= tolerance) & (across <= tolerance)
    return float(there.mean())


def commonest_displacement(sources: SourceMap) -> float:
    """Return the share of pixels that were moved in one and the same way, whichever is the commonest: 1 for a shifted copy.

    A work and its mirrored or turned picture count apart, so that a mirrored copy gives 1 as well.
    """
    rows, columns = np.mgrid[: sources.height, : sources.width]
    down, across = sources.row - rows, sources.column - columns
    moves = (sources.slot.astype(np.int64) * _SHIFTS + down) * _SHIFTS + across
    return float(np.unique(moves, return_counts=True)[1].max() / moves.size)


def coherence(sources: SourceMap) -> float:
    """Return the share of neighbouring pixels, beside and below, that were neighbours in the same work in the same way.

    After Ashikhmin, "Synthesizing natural textures", 2001. 1 is one piece; the larger the copied pieces, the nearer to 1.
    """
    joined, pairs = 0, 0
    for axis in (0, 1):
        whole = sources.slot.shape[axis]
        first, second = (
            tuple(np.take(each, places, axis) for each in (sources.slot, sources.row, sources.column))
            for places in (np.arange(whole - 1), np.arange(1, whole))
        )
        same = (first[0] == second[0]) & (second[1] - first[1] == 1 - axis) & (second[2] - first[2] == axis)
        joined, pairs = joined + int(same.sum()), pairs + same.size
    return joined / pairs if pairs else 1.0


def nearest_places(result: Floats, source: Floats, side: int = 96, patch: int = 7) -> SourceMap:
    """Guess a source map from the pictures alone: for each patch of the result the nearest of the source or its mirrored picture.

    Looked for exactly, with both pictures shrunk by the same factor so that the source's longer side is `side`; the map is of
    that size less the border that no patch's middle reaches. Where a patch's own place is as near as the nearest, it is taken:
    that is how a copy with flat parts is told.
    """
    factor = min(1.0, side / max(source.shape[:2]))
    small, given = (_fitted(each, factor) for each in (result, source))
    mirrored = np.ascontiguousarray(given[:, ::-1])
    rows, columns = (length - patch + 1 for length in small.shape[:2])
    own_rows, own_columns = (length - patch + 1 for length in given.shape[:2])
    asked, places = _patches(small, patch), np.concatenate([_patches(each, patch) for each in (given, mirrored)])
    found = np.concatenate([_nearest(asked[block], places) for block in _blocks(len(asked))])
    if (rows, columns) == (own_rows, own_columns):
        best = np.square(asked - places[found]).sum(axis=1)
        own = np.square(asked - places[: len(asked)]).sum(axis=1)
        found = np.where(own <= best + 1e-6, np.arange(len(asked)), found)
    slots, inside = (each.reshape(rows, columns) for each in np.divmod(found, own_rows * own_columns))
    slot = Slot("work", 0, own_columns, own_rows)
    return SourceMap((slot, replace(slot, mirrored=True)), slots, *np.divmod(inside, own_columns))


def diversity(results: Sequence[Floats], source: Floats) -> float:
    """Return how much results with different seeds differ: each pixel's deviation over them, against the source's own.

    As Shaham et al. ("SinGAN", 2019) and Granot et al. ("Drop the GAN", 2022) report it: the standard deviation of each pixel's
    intensity over the results, its mean over the pixels, divided by the standard deviation of the source's intensities.
    """
    lights = np.stack([each.mean(axis=2) for each in results])
    return float(lights.std(axis=0).mean() / source.mean(axis=2).std())


def crispness(result: Floats, source: Floats) -> float:
    """Return how strong the finest detail is against the source's: 1 as crisp, below 1 blurred, above 1 rough.

    Detail is what a Gaussian of one pixel takes away: the finest band of the pyramid of Burt and Adelson, "The Laplacian pyramid
    as a compact image code", 1983. The ratio of its standard deviations.
    """
    fine = [each - cv2.GaussianBlur(each, (0, 0), 1.0) for each in (result, source)]
    return float(fine[0].std() / fine[1].std())


@dataclass(frozen=True)
class Guide:
    """A pair of pictures that say what is where, in the style and in the result, and how much they count."""

    source: Floats
    target: Floats
    weight: float


def guided_patch_error(
    output: Floats, style: Floats, guides: Sequence[Guide], patch: int = 5, samples: int = 2000, weight: float = 1.0
) -> float:
    """Return how far the output's patches are from the style's, look and guides together: for each pixel, squared levels of 255.

    What StyLit (Fišer et al. 2016) and EbSynth (Jamriška et al., "Stylizing video by example", 2019) minimise: the sum over a
    patch of weighted squared differences of style and guides, each weight shared among its channels. A peer gives a picture and
    no field, so for each of `samples` patches of the output, drawn at random, the best of all patches of the style is looked for:
    what any field could at best have. It says nothing of overuse; `patch_distance` to the style does.
    """
    asked_layers = _weighted(output, [(guide.target, guide.weight) for guide in guides], weight)
    given_layers = _weighted(style, [(guide.source, guide.weight) for guide in guides], weight)
    middle = given_layers.mean(axis=(0, 1))
    asked = _patches(asked_layers - middle, patch)
    asked = asked[np.random.default_rng(SEED).choice(len(asked), min(samples, len(asked)), replace=False)]
    best = np.full(len(asked), np.inf)
    rows = max(1, 8 * _BLOCK // given_layers.shape[1])
    for top in range(0, given_layers.shape[0] - patch + 1, rows):
        given = _patches(given_layers[top : top + rows + patch - 1] - middle, patch)
        found = given[_nearest(asked, given)]
        best = np.minimum(best, np.square(asked - found, dtype=np.float64).sum(axis=1))
    return float(best.mean() / patch**2)


def _weighted(look: Floats, guides: Sequence[tuple[Floats, float]], weight: float) -> Floats:
    """Stack a picture and its guides so that squared differences come out weighted, in levels of 255."""
    layers = [(look, weight), *guides]
    scaled = [picture * np.float32(255 * np.sqrt(share / picture.shape[2])) for picture, share in layers]
    return np.concatenate(scaled, axis=2, dtype=np.float32)


def _sliced(one: Floats, other: Floats, side: int, projections: int) -> float:
    directions = np.random.default_rng(SEED).normal(size=(3 * side**2, projections)).astype(np.float32)
    directions /= np.sqrt(np.square(directions).sum(axis=0))
    ranks = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    first, second = (_quantiles(_drawn_patches(each, side) @ directions, ranks) for each in (one, other))
    return 255 * float(np.abs(first - second).mean())


def _quantiles(values: Floats, ranks: NDArray[np.float64]) -> Floats:
    """Return for each column the values at these ranks, between two values in proportion."""
    ordered = np.sort(values, axis=0)
    places = ranks * (len(values) - 1)
    below = places.astype(int)
    share = (places - below)[:, None].astype(np.float32)
    lower, upper = ordered[below], ordered[np.minimum(below + 1, len(values) - 1)]
    between: Floats = lower + (upper - lower) * share
    return between


def _drawn_patches(picture: Floats, side: int) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(picture, (side, side), axis=(0, 1))
    count = windows.shape[0] * windows.shape[1]
    if count <= _PATCHES:
        return np.ascontiguousarray(windows).reshape(count, -1)
    drawn = np.random.default_rng(SEED).choice(count, _PATCHES, replace=False)
    rows, columns = np.divmod(np.sort(drawn), windows.shape[1])
    return windows[rows, columns].reshape(_PATCHES, -1)


def _patches(picture: Floats, side: int) -> Floats:
    """Return every patch as a row of numbers."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (side, side), axis=(0, 1))
    return np.ascontiguousarray(windows).reshape(windows.shape[0] * windows.shape[1], -1)


def _nearest(asked: Floats, given: Floats) -> NDArray[np.int64]:
    """Return for each of `asked` the place of the nearest of `given`, both (n, numbers)."""
    lengths = np.square(given).sum(axis=1)
    places: NDArray[np.int64] = (lengths - 2 * (asked @ given.T)).argmin(axis=1)
    return places


def _blocks(count: int) -> Iterator[slice]:
    return (slice(begin, begin + _BLOCK) for begin in range(0, count, _BLOCK))


def _shrunk(picture: Floats, scale: int) -> Floats:
    """Return the means of squares of `scale` pixels a side; what is left over at the right and below is cut off."""
    height, width = (length // scale for length in picture.shape[:2])
    squares = picture[: height * scale, : width * scale].reshape(height, scale, width, scale, 3)
    means: Floats = squares.mean(axis=(1, 3), dtype=np.float32)
    return means


def _fitted(picture: Floats, factor: float) -> Floats:
    height, width = (max(1, round(length * factor)) for length in picture.shape[:2])
    fitted: Floats = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return fitted
