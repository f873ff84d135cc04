"""Extend: paint a work on beyond its edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Mask, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.edges import rims
from palimpsest.patchwork.filling import PATCH, Gap, closed
from palimpsest.patchwork.laying import Kept, eight_bits, finished, lay
from palimpsest.patchwork.lengths import LENGTH, as_text, in_pixels, plainly

_METHOD = "the work itself was kept and all around it was copied from it, pixel by pixel"
_UNASKED = "0.25"
"""How far left and right it goes when no side is asked for."""
_BESIDE, _ABOVE = 1.0, 0.1
"""How much the height of a place counts against a channel of colour: beside a work it is known, above and below it is a guess."""
_MOST = 40_000_000
"""The most pixels that a result may have."""
_SLOPE = 0.5
"""Beyond the upper and the lower edge, places are like those within, this much nearer to the edge."""

Length = Annotated[
    str | None,
    BeforeValidator(as_text),
    AfterValidator(plainly),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": LENGTH}, {"type": "null"}]}),
]


@dataclass(frozen=True)
class _Sheet:
    """The new size, and where the work lies on it."""

    height: int
    width: int
    top: int
    left: int


@technique(version=1)
def extend(
    work: Annotated[Raster, Role(Use.ALTER, "the work to extend")],
    synthesizer: PatchSynthesizer,
    *,
    left: Annotated[
        Length, Field(description="how far to the left: a share of the width (0.3) or pixels (200px)")
    ] = None,
    top: Annotated[Length, Field(description="how far upwards: a share of the height (0.3) or pixels (200px)")] = None,
    right: Annotated[Length, Field(description="how far to the right: a share of the width or pixels")] = None,
    bottom: Annotated[Length, Field(description="how far downwards: a share of the height or pixels")] = None,
    rim: Annotated[
        bool, Field(description="a dark or worn rim of the work, where it is extended, is painted over too")
    ] = True,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Paint a work on beyond its edges, with matter of its own.

    With no side given it goes on by a quarter of its width to the left and to the right. Horizon and lines go on from the
    border; what was not there before is made of what is in the work, so nothing new can appear, only more of its kind. All of
    the work stays as it is, but for a rim of a few pixels that a photographed painting often has: kept, it would stand as a line
    in the new picture.

    Raises:
        RoleRefused: the work is smaller than a patch of 7×7 pixels.
        ParameterRefused: every side given is nothing, or the result would be too large.
        Cancelled: `progress` was told to stop.

    It goes the same way as `fill`: Criminisi et al. (2004) on a small copy, then coarse to fine after Wexler et al. (2007).
    """
    lengths = (left, top, right, bottom)
    if all(each is None for each in lengths):
        lengths = (_UNASKED, None, _UNASKED, None)
    sheet = _sheet(work, lengths)
    hole = np.ones((sheet.height, sheet.width), np.bool_)
    kept = _kept(work, lengths, rim)
    _on(sheet, hole, work)[kept] = False
    rgb = np.zeros((*hole.shape, 3), np.uint8)
    _on(sheet, rgb, work)[...] = eight_bits(work)
    slot = Slot("work", 0, work.width, work.height)
    laid = lay(slot, work, kept, _heights(work.height, 0, work.height, work.width))
    gap = Gap(rgb, hole, _heights(work.height, sheet.top, sheet.height, sheet.width), (sheet.top, sheet.left))
    told = _BESIDE if sheet.height == work.height else _ABOVE
    copied = closed(gap, [laid.matter], told, synthesizer, seed, progress)
    return Outcome((finished(copied, [laid], {"work": work}, _METHOD, Kept(slot, sheet.top, sheet.left)),))


def _sheet(work: Raster, lengths: Sequence[str | None]) -> _Sheet:
    """Return the new size.

    Raises:
        RoleRefused: the work is too small to copy from.
        ParameterRefused: every side is nothing.
    """
    if min(work.width, work.height) < PATCH:
        raise RoleRefused("extend work", f"at least {PATCH}×{PATCH} pixels", f"{work.width}×{work.height}")
    sides = (work.width, work.height, work.width, work.height)
    left, top, right, bottom = (in_pixels(each or "0", side) for each, side in zip(lengths, sides, strict=True))
    if not left + top + right + bottom:
        raise ParameterRefused("extend", "at least one pixel on one side", "nothing", "For instance: left 0.3.")
    height, width = work.height + top + bottom, work.width + left + right
    if height * width > _MOST:
        expected = f"a result of at most {_MOST // 1_000_000} megapixels"
        raise ParameterRefused(
            "extend", expected, f"{width}×{height} pixels", "Extend it less, or make the work smaller."
        )
    return _Sheet(height, width, top, left)


def _on(sheet: _Sheet, plane: Bytes | Mask, work: Raster) -> Bytes | Mask:
    """Return the part of a plane of the sheet on which the work lies."""
    return plane[sheet.top : sheet.top + work.height, sheet.left : sheet.left + work.width]


def _kept(work: Raster, lengths: Sequence[str | None], rim: bool) -> Mask:
    """Return what of the work stays: all of it, but for a rim on the sides that are extended."""
    kept = np.ones((work.height, work.width), np.bool_)
    if rim:
        asked = [each is not None and in_pixels(each, 1000) > 0 for each in lengths]
        left, top, right, bottom = (
            depth if side else 0 for depth, side in zip(rims(eight_bits(work)), asked, strict=True)
        )
        kept[:top] = kept[kept.shape[0] - bottom :] = False
        kept[:, :left] = kept[:, kept.shape[1] - right :] = False
    return kept


def _heights(side: int, top: int, height: int, width: int) -> Bytes:
    """Return a guide (height, width, 1) that says how far down each place is in a work of `side` pixels that begins at `top`.

    Above and below the work it turns back, so that sky goes on into sky.
    """
    row = np.arange(height, dtype=np.float64) - top
    row = np.where(row < 0, -row * _SLOPE, row)
    row = np.where(row > side - 1, side - 1 - (row - (side - 1)) * _SLOPE, row)
    ramp = np.clip(np.floor((row + 0.5) * 255 / side), 0, 255).astype(np.uint8)
    return np.broadcast_to(ramp[:, None, None], (height, width, 1))
