"""Retarget: another size and aspect for the same picture, without stretching what matters."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from PIL import Image
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Canvas, Habits, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, Unit, technique
from palimpsest.errors import ParameterRefused, RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Raster
from palimpsest.media.resample import resize
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.laying import finished, lay
from palimpsest.patchwork.seams import carved

_METHOD = "every pixel is copied from the work, laid out at the size that the shares are counted at"
_PATCH = 7
_SMALL = 12_000
"""The pixels of the small copy on which it is decided what gives way."""
_TOLD = 0.3
"""How much the place in the work that a pixel is meant to come from counts against a channel of colour."""
_MOST = 40_000_000
"""The most pixels that a result may have."""

Side = Annotated[int | None, Field(ge=_PATCH, le=20_000), Unit("px")]


@technique(version=1)
def retarget(
    work: Annotated[Raster, Role(Use.ALTER, "the work to give another size and aspect")],
    synthesizer: PatchSynthesizer,
    *,
    mask: Annotated[
        Raster | None, Role(Use.ALTER, "a mask of the work's size: what is white keeps its shape before all else")
    ] = None,
    width: Annotated[Side, Field(description="new width; the work's own if only a height is given")] = None,
    height: Annotated[Side, Field(description="new height; the work's own if only a width is given")] = None,
    whole: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="making it smaller: 0 keeps things at their size and leaves out most, 1 keeps all and makes it small",
        ),
    ] = 0.3,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Give a work another size and aspect without stretching what matters in it.

    Figures and things keep their proportions; sky, water, fields give way or go on. As far as both sides grow or both shrink the
    work is resampled evenly first, and by `whole` a little more where one side shrinks, so that less must go. The rest is done
    by leaving out or repeating what is missed least, and then all of it is made again of patches of the work, so that no joint
    is left. Where everything matters there is no good answer: a mask says what must keep its shape.

    Raises:
        RoleRefused: the work is smaller than a patch of 7×7 pixels, or the mask has another size.
        ParameterRefused: neither width nor height is given, or the result would be too large.
        Cancelled: `progress` was told to stop.

    After Simakov et al., "Summarizing visual data using bidirectional similarity" (2008). Where they change the size little by
    little, this takes seams from a small copy (Avidan and Shamir 2007, Rubinstein et al. 2008); those say from where in the work
    each place is to be copied.
    """
    size = _size(work, mask, width, height)
    slot = _even(work, *size, whole)
    axes = _changed(slot, *size)
    laid = lay(slot, work, guide=_places(slot.height, slot.width, axes))
    canvas = _begun(laid.matter.rgb, mask, *size, axes, np.random.default_rng(seed))
    progress(0.1)
    habits = Habits(patch=_PATCH, coarsest=_coarsest(canvas), guide_weights=(_TOLD,) * len(axes))
    copied = synthesizer.synthesize([laid.matter], canvas, habits, seed, progress.part(0.1, 1.0))
    pictures = {"work": work} if mask is None else {"work": work, "mask": mask}
    return Outcome((finished(copied, [laid], pictures, _METHOD),))


def _size(work: Raster, mask: Raster | None, width: int | None, height: int | None) -> tuple[int, int]:
    """Return the width and height asked for.

    Raises:
        RoleRefused: the work is too small, or the mask does not fit it.
        ParameterRefused: nothing is asked for, or too much.
    """
    own = f"{work.width}×{work.height}"
    if min(work.width, work.height) < _PATCH:
        raise RoleRefused("retarget work", f"at least {_PATCH}×{_PATCH} pixels", own)
    if mask is not None and (mask.width, mask.height) != (work.width, work.height):
        raise RoleRefused("retarget mask", f"a mask of the work's size, {own}", f"{mask.width}×{mask.height}")
    if width is None and height is None:
        raise ParameterRefused(
            "retarget", "a width or a height", "neither", f"The work has {own}; for instance: width 1024."
        )
    size = width or work.width, height or work.height
    if size[0] * size[1] > _MOST:
        expected = f"a result of at most {_MOST // 1_000_000} megapixels"
        raise ParameterRefused("retarget", expected, f"{size[0]}×{size[1]} pixels", "Ask for a smaller size.")
    return size


def _even(work: Raster, width: int, height: int, whole: float) -> Slot:
    """Return the work as it is resampled, both sides alike, before anything is left out or repeated."""
    least, most = sorted((width / work.width, height / work.height))
    scale = most - whole * (most - least) if most <= 1 else max(1.0, least)
    return Slot("work", 0, max(_PATCH, round(work.width * scale)), max(_PATCH, round(work.height * scale)))


def _changed(slot: Slot, width: int, height: int) -> list[int]:
    """Return the axes along which the picture changes, rows before columns; along others each place keeps its own."""
    changed = [axis for axis, same in enumerate((slot.height == height, slot.width == width)) if not same]
    return changed or [1]


def _begun(
    rgb: Bytes, mask: Raster | None, width: int, height: int, axes: list[int], rng: np.random.Generator
) -> Canvas:
    """Return what the result is like at first, and where in the work each of its places is along some axes."""
    rows, columns = rgb.shape[:2]
    share = min(1.0, math.sqrt(_SMALL / (rows * columns)), math.sqrt(_SMALL / (height * width)))
    small = (max(3, round(rows * share)), max(3, round(columns * share)))
    size = (max(3, round(height * share)), max(3, round(width * share)))
    held = None if mask is None else resize(cover_of(mask), small[1], small[0]) > 0.5
    picture = _resized(rgb, small, Image.Resampling.BOX)
    row, column = carved(picture, *size, held, rng)
    begin = _resized(picture[row, column], (height, width), Image.Resampling.BICUBIC)
    return Canvas(begin, None, _resized(_places(*small, axes)[row, column], (height, width), Image.Resampling.BILINEAR))


def _resized(planes: Bytes, size: tuple[int, int], how: Image.Resampling) -> Bytes:
    """Resample each channel in whole numbers."""
    images = [Image.fromarray(np.ascontiguousarray(planes[..., channel])) for channel in range(planes.shape[2])]
    return np.stack([np.asarray(image.resize(size[::-1], how)) for image in images], axis=-1)


def _coarsest(canvas: Canvas) -> int:
    """Return the shorter side at which what was decided on the small copy still shows."""
    height, width = canvas.shape
    share = min(1.0, math.sqrt(_SMALL / (height * width)))
    return max(2 * _PATCH, round(min(height, width) * share))


def _places(height: int, width: int, axes: list[int]) -> Bytes:
    """Return a guide (height, width, axes) that says how far down or to the right each place is, from 0 to 255."""
    down, across = ((2 * np.arange(side) + 1) * 255 // (2 * side) for side in (height, width))
    guide = np.empty((height, width, 2), np.uint8)
    guide[..., 0], guide[..., 1] = down[:, None], across[None, :]
    return guide[..., axes]
