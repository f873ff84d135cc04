"""Fill: remove something from a work, or repair it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from palimpsest.craft.outcome import Outcome
from palimpsest.craft.ports import Bytes, Copied, Mask, Matter, PatchSynthesizer
from palimpsest.craft.progress import Progress
from palimpsest.craft.technique import Role, technique
from palimpsest.errors import RoleRefused
from palimpsest.lineage.records import Use
from palimpsest.media.colour import cover_of
from palimpsest.media.raster import Raster
from palimpsest.media.sourcemap import Slot
from palimpsest.patchwork.filling import PATCH, Gap, closed, height_guide
from palimpsest.patchwork.holes import Window, holds_a_patch, windows
from palimpsest.patchwork.laying import Kept, Laid, eight_bits, finished, lay

_METHOD = "what is filled was copied pixel by pixel, all else was kept; a work's share is the part that came from it"
_ENOUGH = 2_000_000
"""Of a work of more pixels only the parts around the holes are looked at, one after the other."""


@technique(version=1)
def fill(
    work: Annotated[Raster, Role(Use.ALTER, "the work to fill")],
    mask: Annotated[Raster, Role(Use.ALTER, "a mask of the work's size: white is filled, black is kept")],
    synthesizer: PatchSynthesizer,
    *,
    others: Annotated[
        Sequence[Raster] | None, Role(Use.SAMPLE, "further works of like matter that may be copied from")
    ] = None,
    place: Annotated[
        float,
        Field(
            ge=0, le=1, description="how strictly sky is filled from above and ground from below: 0 takes from anywhere"
        ),
    ] = 0.5,
    seed: int,
    progress: Progress,
) -> Outcome:
    """Remove something from a work, or repair damage, with matter of the work itself.

    What the mask marks with more than half of white is made anew out of patches from everywhere else in the work, and from the
    `others` if there are any; nothing in it comes from anywhere else, and nothing outside it changes. Draw the mask a little
    larger than what shall go, its shadow included: a rim that stays is taken for a reason to put the thing back.

    Raises:
        RoleRefused: the mask has another size, covers everything or nothing, or leaves no whole patch of 7×7 pixels.
        Cancelled: `progress` was told to stop.

    It begins with Criminisi et al., "Region filling and object removal by exemplar-based inpainting" (2004), on a small copy;
    then coarse to fine after Wexler et al., "Space-time completion of video" (2007), with PatchMatch (Barnes et al. 2009). Here
    every pixel is copied in the end, where those average.
    """
    hole = _hole(mask, work)
    laid = _laid(work, hole, others or ())
    copied = _closed(eight_bits(work), hole, laid, place, synthesizer, seed, progress)
    pictures: dict[str, Raster | Sequence[Raster]] = {"work": work, "mask": mask, "others": tuple(others or ())}
    return Outcome((finished(copied, laid, pictures, _METHOD, Kept(_own(work))),))


def _hole(mask: Raster, work: Raster) -> Mask:
    """Return what is to be filled.

    Raises:
        RoleRefused: the mask has another size, or covers everything or nothing.
    """
    size = f"{work.width}×{work.height}"
    if (mask.width, mask.height) != (work.width, work.height):
        came = f"{mask.width}×{mask.height}"
        raise RoleRefused("fill mask", f"a mask of the work's size, {size}", came, "Draw the mask on the work.")
    hole: Mask = cover_of(mask) > 0.5
    if not hole.any():
        raise RoleRefused("fill mask", "white where the work is to be filled", "no white", "Paint white what shall go.")
    if hole.all():
        raise RoleRefused("fill mask", "black where the work is to stay", "no black", "Leave black what shall stay.")
    return hole


def _own(work: Raster) -> Slot:
    return Slot("work", 0, work.width, work.height)


def _laid(work: Raster, hole: Mask, others: Sequence[Raster]) -> list[Laid]:
    """Lay out what may be copied from.

    Raises:
        RoleRefused: there is not a single patch.
    """
    laid = [lay(_own(work), work, ~hole, height_guide(work.height, work.width))]
    for index, each in enumerate(others):
        slot = Slot("others", index, each.width, each.height)
        laid.append(lay(slot, each, guide=height_guide(each.height, each.width)))
    whole = [each for each in laid if _offers(each.matter)]
    if not whole or min(work.width, work.height) < PATCH:
        expected = f"a whole patch of {PATCH}×{PATCH} pixels outside the mask to copy from"
        raise RoleRefused("fill work", expected, "none", "Leave more of the work, or give other works of like matter.")
    return whole


def _offers(matter: Matter) -> bool:
    """Say whether a whole patch may be copied."""
    if matter.usable is None:
        height, width = matter.rgb.shape[:2]
        return bool(min(height, width) >= PATCH)
    return holds_a_patch(matter.usable, PATCH)


def _closed(
    rgb: Bytes,
    hole: Mask,
    laid: Sequence[Laid],
    told: float,
    synthesizer: PatchSynthesizer,
    seed: int,
    progress: Progress,
) -> Copied:
    """Fill one part after the other; what one has filled, the next one sees, but never copies from."""
    guide = height_guide(*hole.shape)
    rgb, left = rgb.copy(), hole.copy()
    copied = Copied(*(np.full(hole.shape, -1, kind) for kind in (np.int16, np.int32, np.int32)))
    parts = windows(hole, _ENOUGH)
    for turn, part in enumerate(parts):
        if not left[part.cut].any():
            continue
        seen = [_seen_from(each, part) for each in laid]
        gap = Gap(rgb[part.cut], left[part.cut], guide[part.cut])
        here = progress.part(turn / len(parts), (turn + 1) / len(parts))
        found = closed(gap, [matter for matter, _, _ in seen], told, synthesizer, seed, here)
        for number, (matter, top, leftmost) in enumerate(seen):
            at = np.nonzero(found.matter == number)
            rows, columns = found.row[at], found.column[at]
            rgb[part.cut][at] = matter.rgb[rows, columns]
            copied.matter[part.cut][at] = number
            copied.row[part.cut][at] = rows + top
            copied.column[part.cut][at] = columns + leftmost
        left[part.cut] = False
    return copied


def _seen_from(laid: Laid, part: Window) -> tuple[Matter, int, int]:
    """Return what may be copied into a part, and its upper left corner: of the work itself that part, of others all."""
    matter = laid.matter
    if laid.slot.role != "work" or matter.usable is None or matter.guide is None:
        return matter, 0, 0
    near = replace(matter, rgb=matter.rgb[part.cut], usable=matter.usable[part.cut], guide=matter.guide[part.cut])
    return (near, part.top, part.left) if _offers(near) else (matter, 0, 0)
