"""Filling what is not known of a picture: a rough first look from afar, then patches from coarse to fine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from palimpsest.craft.ports import Bytes, Canvas, Copied, Habits, Mask, Matter, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.patchwork.frontier import Sample, laid_inwards
from palimpsest.patchwork.holes import spanned, thickness

PATCH = 7
_WIDE = 5 * PATCH
"""From so far a hole is seen at first: so many pixels wide."""
_MOST = 12_000
"""The most pixels of the first look."""
_THIN = 11
"""A hole no wider than this, a scratch or a crack, needs no look from afar."""


@dataclass(frozen=True)
class Gap:
    """A picture with a hole: `rgb` (height, width, 3), of which nothing in the `hole` counts, and its `guide`.

    `corner` is the row and column at which the first of the matters lies in it.
    """

    rgb: Bytes
    hole: Mask
    guide: Bytes
    corner: tuple[int, int] = (0, 0)


def height_guide(height: int, width: int) -> Bytes:
    """Return a guide (height, width, 1) that says how far down in the picture each place is, from 0 to 255."""
    ramp = (2 * np.arange(height, dtype=np.int64) + 1) * 255 // (2 * height)
    return np.broadcast_to(ramp.astype(np.uint8)[:, None, None], (height, width, 1))


def closed(
    gap: Gap, matters: Sequence[Matter], told: float, synthesizer: PatchSynthesizer, seed: int, progress: Progress
) -> Copied:
    """Fill the hole with patches of the matters; their guides count `told` against a channel of colour."""
    thin = thickness(gap.hole) <= _THIN
    begin = spanned(gap.rgb, gap.hole) if thin else first_look(gap, matters, told, np.random.default_rng(seed))
    canvas = Canvas(begin, ~gap.hole, gap.guide)
    coarsest = max(round((1.0 if thin else _share(gap.hole)) * min(canvas.shape)), min(3 * PATCH, *canvas.shape))
    habits = Habits(patch=PATCH, coarsest=coarsest, completeness=0.0, guide_weights=(told,))
    return synthesizer.synthesize(matters, canvas, habits, seed, progress)


def first_look(gap: Gap, matters: Sequence[Matter], told: float, rng: np.random.Generator) -> Bytes:
    """Return a picture whose hole is filled roughly, as seen from afar, with whole patches from its border inwards."""
    share = _share(gap.hole)
    features = _seen(spanned(gap.rgb, gap.hole), gap.guide, share, told)
    corner = (round(gap.corner[0] * share), round(gap.corner[1] * share))
    samples = [_sample(each, share, told, None if turn else corner) for turn, each in enumerate(matters)]
    laid = laid_inwards(features, _touched(gap.hole, share), samples, 1, rng)
    grown = Image.fromarray(laid[..., :3]).resize(gap.hole.shape[::-1], Image.Resampling.BICUBIC)
    return np.where(gap.hole[..., None], np.asarray(grown), gap.rgb)


def _share(hole: Mask) -> float:
    """Return how much smaller the picture is at the first look."""
    return min(1.0, _WIDE / max(1, thickness(hole)), math.sqrt(_MOST / hole.size))


def _sample(matter: Matter, share: float, told: float, corner: tuple[int, int] | None) -> Sample:
    assert matter.guide is not None
    barred = np.zeros(matter.rgb.shape[:2], np.bool_) if matter.usable is None else ~matter.usable
    if corner is None:
        share = min(share, math.sqrt(_MOST / barred.size))
    return Sample(_seen(matter.rgb, matter.guide, share, told), ~_touched(barred, share), corner)


def _seen(rgb: Bytes, guide: Bytes, share: float, told: float) -> Bytes:
    """Return colours and weighted guide of a picture made smaller."""
    weighted = np.rint(_shrunk(guide[..., 0], share) * np.float32(math.sqrt(told)))
    planes = [*(_shrunk(rgb[..., channel], share) for channel in range(3)), np.minimum(weighted, 255).astype(np.uint8)]
    return np.stack(planes, axis=-1)


def _touched(mask: Mask, share: float) -> Mask:
    """Return a mask made smaller: whatever is marked in part is marked."""
    touched: Mask = _shrunk(mask.astype(np.uint8) * np.uint8(255), share) > 0
    return touched


def _shrunk(plane: Bytes, share: float) -> Bytes:
    size = (max(1, round(plane.shape[1] * share)), max(1, round(plane.shape[0] * share)))
    return np.asarray(Image.fromarray(np.ascontiguousarray(plane)).resize(size, Image.Resampling.BOX))
